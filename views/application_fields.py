"""What the fields of the application form are called, what may be chosen in them, and where a problem is told."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models import Household
from policy import vocabulary as v
from policy.terms import exists_here
from views.case_words import headed
from views.column_words import COLUMNS
from views.context import actor, figures, today
from views.formats import options
from views.reasons import sentence
from workflows.application import present
from workflows.application_input import Problem
from workflows.application_reading import SCHEMES
from workflows.application_sheet import Sheet

GROUPS: dict[str, Any] = {
    "members": _l("Member"), "income": _l("Income"), "spending": _l("Spending"), "assets": _l("Property"),
    "obligors": _l("Obligor"),
}  # fmt: skip
LABELS: dict[str, Any] = {
    **COLUMNS,
    "village": _l("Village or community"),
    "household": _l("Family"),
    "whose": _l("Whose"),
    "amount": _l("Amount"),
    "per": _l("For"),
    "value": _l("Value"),
    "income_month": _l("Income a month"),
    "pays_month": _l("Pays a month"),
    "pledged_on": _l("Honesty pledge signed on"),
    "authorised_on": _l("Cross-check authorisation signed on"),
    "papers": _l("Papers received"),
    "unit": _l("Who applies"),
    "single": _l("The one person"),
    "special": _l("Special case"),
    "requested": _l("Requested amount"),
    "words": _l("What happened, what is asked for"),
    "aid_kind": _l("Kind of temporary aid"),
    "home_place": _l("Registered elsewhere (home place)"),
    "home_note": _l("Note on the family"),
}
PAPERS = tuple(paper for paper in v.Paper if paper not in (v.Paper.PHOTO, v.Paper.EXIT_FORM))
RECEIVES = (v.Subject.DIBAO, v.Subject.TEKUN, v.Subject.EDGE)
"""Aid that leaves an obligor without ability to support."""
Choice = tuple[str, str]


def choices() -> dict[str, list[Choice]]:
    """What may be chosen in each field."""
    kinds = {
        "relation": v.Relation, "sex": v.Sex, "marital": v.Marital, "schooling": v.Schooling,
        "employment": v.Employment, "disability_kind": v.DisabilityKind, "illness": v.Illness, "labour": v.Labour,
        "health": v.Health, "income": v.IncomeKind, "spending": v.SpendingKind, "assets": v.AssetKind,
        "causes": v.Cause, "tags": v.Tag, "papers": PAPERS, "area": v.Area, "unit": v.Unit, "study": v.StudyLevel,
        "absence": v.Absence, "needs_care": v.CareNeed, "support_mode": v.Mode, "receives": RECEIVES,
    }  # fmt: skip
    found = {name: options(words) for name, words in kinds.items()}
    found["scheme"] = options(s for s in SCHEMES if _offered(s))
    found["aid_kind"] = [
        ("urgent", gettext("Emergency (pay first, papers later)")),
        ("spending", gettext("Spending beyond means (whole procedure)")),
    ]
    found["per"] = [("year", gettext("a year")), ("month", gettext("a month"))]
    found["able"] = [("yes", gettext("Yes")), ("no", gettext("No"))]
    found["level"] = [(str(n), gettext("level %(level)s", level=n)) for n in range(1, 5)]
    return found


def _offered(scheme: v.Scheme) -> bool:
    """Whether the scheme exists where the reader works, today."""
    return exists_here(figures(), scheme, actor().division_code, today())


def whose(sheet: Sheet, family: Household | None) -> list[Choice]:
    """The people of the form: those on file ("m12") and those in its rows ("n0")."""
    known = [(f"m{m.id}", m.name) for m in present(family)] if family else []
    return known + [(f"n{at}", row.get("name") or nth(at)) for at, row in enumerate(sheet.of("members"))]


def nth(at: int) -> str:
    """A person whose name is not typed yet."""
    return gettext("Person %(n)s", n=at + 1)


def beside(problems: Sequence[Problem]) -> dict[str, str]:
    """What is told beside each field."""
    found: dict[str, str] = {}
    for problem in problems:
        text = sentence(problem.reason)
        found[problem.field] = f"{found[problem.field]} {text}" if problem.field in found else text
    return found


def summary(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Every problem with the name of its field and the way to it."""
    return [{"text": named(p), "target": p.field or "scheme"} for p in problems]


def named(problem: Problem) -> str:
    """A problem in words, with the name of its field before it: Member 2 · ID number: Choose…."""
    name = name_of(problem.field)
    return headed(name, sentence(problem.reason)) if name else sentence(problem.reason)


def name_of(field: str) -> str:
    """Member 2 · ID number for members-1-id_no; nothing for the whole form."""
    if not field:
        return ""
    parts = field.split("-", 2)
    if len(parts) == 3:
        return f"{GROUPS[parts[0]]} {int(parts[1]) + 1} · {LABELS.get(parts[2], parts[2])}"
    return str(LABELS.get(field, field))
