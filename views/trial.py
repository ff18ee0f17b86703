"""政策试算: a family typed in at the window, and what each scheme comes to for it. Nothing of it is kept.

The facts calculated last travel in the page itself, so that the next calculation can mark what changed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from models.base import reading
from policy.assess import assess
from policy.book import Book
from policy.compare import Comparison, compare
from policy.division_codes import is_county, township_of
from policy.facts_json import BadFacts, read_family, write_family
from policy.family import Family, Held
from policy.figures import MissingFigure
from policy.vocabulary import Subject
from views import places
from views import trial_form as form
from views import trial_words as words
from views.case_words import headed
from views.context import actor, figures, today
from views.numbers import json_in
from views.trial_back import sheet_of, too_large
from views.trial_examples import example, examples
from views.trial_facts import Problem, facts_of, read
from views.trial_form import Sheet

bp = Blueprint("trial", __name__, url_prefix="/trial")
SCHEMES = (Subject.DIBAO, Subject.TEKUN, Subject.TEMPORARY, Subject.EDGE, Subject.RIGID)
SUBSIDIES = (Subject.LIVING_SUBSIDY, Subject.CARE_SUBSIDY)
CHILDREN = (Subject.UNSUPPORTED_CHILD, Subject.ORPHAN)
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Result:
    """What one scheme comes to: a finding, or the figure that no place has; ``marks`` against the one before."""

    scheme: Subject
    finding: dict[str, Any] | None
    lacking: str = ""
    marks: Comparison | None = None
    whose: str = ""
    """The ref of the child it is about, where the family has several."""

    @property
    def id(self) -> str:
        """Where it stands on the page."""
        return f"{self.scheme.value}-{self.whose}" if self.whose else self.scheme.value


@bp.route("/", methods=("GET", "POST"))
def index() -> ResponseReturnValue:
    """The form (GET, also with an example), or what a button of it does (POST): rows, a file, the calculation."""
    with reading():
        if request.method != "POST":
            return _begin()
        sheet, act = form.posted(request.form.items(multi=True)), request.form.get("act", "")
        if act == "upload":
            return _upload(sheet)
        if act in ("calculate", "download"):
            return _calculate(sheet, download=act == "download")
        _change_rows(sheet)
        before = _family(sheet["before"])
        return _page(sheet, before, results(before) if before else ())


def _begin() -> ResponseReturnValue:
    told = example(request.args.get("example", ""))
    if told is not None:
        return _calculate(sheet_of(told))
    return _page(form.fresh(_own_place(), today().isoformat()))


def _change_rows(sheet: Sheet) -> None:
    group, _, at = request.form.get("remove_row", "").partition("-")
    sheet.add_row(request.form.get("add_row", ""))
    if at.isdecimal() and len(at) < 6:
        sheet.remove_row(group, int(at))


def _calculate(sheet: Sheet, download: bool = False) -> ResponseReturnValue:
    family, problems = read(facts_of(sheet))
    before = _family(sheet["before"])
    if family and not FIRST_DAY <= family.on <= LAST_DAY:
        family, problems = None, [Problem("on", BadFacts("on", "date"))]
    if family is None:
        return _page(sheet, before, results(before) if before else (), problems), 422
    if download:
        return _file(family)
    sheet.one["before"] = _written(family)
    return _page(sheet, family, results(family, before), before=before)


def results(family: Family, before: Family | None = None) -> list[Result]:
    """What each scheme comes to, and where a family was calculated before, what changed."""
    book = Book.open(figures(), family.place, family.on, family.figures)
    old_book = Book.open(figures(), before.place, before.on, before.figures) if before else book
    found = [_result(one, book) for one in _asked(family)]
    if before is None:
        return found
    old = {one.id: one for one in (_result(family, old_book) for family in _asked(before))}
    return [_marked(one, old[one.id]) if one.id in old else one for one in found]


def _asked(family: Family) -> list[Family]:
    """The family under each scheme: those of a household, then those of a person of whom anything of it is told."""
    schemes = [*SCHEMES, *([Subject.PRICE_SUBSIDY] if family.prices else [])]
    if any(person.disability for person in family.members):
        schemes += SUBSIDIES
    asked = [replace(family, scheme=scheme) for scheme in schemes]
    children = [person.ref for person in family.members if person.parents]
    alone = children if len(children) > 1 else [None] if children else []
    asked += [replace(family, scheme=scheme, alone=child) for child in alone for scheme in CHILDREN]
    return [_receiving(one) if one.scheme in (*SUBSIDIES, *CHILDREN) else one for one in asked]


def _receiving(family: Family) -> Family:
    """With the aid received now among the aid in force, which the schemes of a person ask for."""
    current = family.current
    if current is None or any(one.scheme == current.scheme for one in family.held):
        return family
    now = Held(Subject(current.scheme), current.monthly_fen, max(1, len(family.members)))
    return replace(family, held=(*family.held, now))


def _result(family: Family, book: Book) -> Result:
    whose = family.alone or "" if family.scheme in CHILDREN else ""
    try:
        return Result(family.scheme, assess(family, book.figures, book).as_json(), whose=whose)
    except MissingFigure as missing:
        return Result(family.scheme, None, words.lacking(missing), whose=whose)


def _marked(now: Result, was: Result) -> Result:
    return replace(now, marks=compare(was.finding or {}, now.finding)) if now.finding else now


def _upload(sheet: Sheet) -> ResponseReturnValue:
    file = request.files.get("file")
    told = json_in((file.stream.read(MOST_BYTES + 1) if file else b"")[:MOST_BYTES])
    if isinstance(told, list) and len(told) == 1:
        told = told[0]
    if not isinstance(told, dict):
        return _refused(sheet, gettext("This file holds no family: a JSON object of facts, 200 KB at most, is needed."))
    try:
        read_family(told)
    except BadFacts as error:
        return _refused(sheet, headed(error.path, words.sentence(error)))
    if too_large(told):
        return _refused(sheet, gettext("The family in this file has more rows than the form takes."))
    return _calculate(sheet_of(told))


def _refused(sheet: Sheet, why: str) -> ResponseReturnValue:
    before = _family(sheet["before"])
    return _page(sheet, before, results(before) if before else (), refusal=why), 422


def _file(family: Family) -> Response:
    name = quote(gettext("trial-%(day)s.json", day=family.on.isoformat()))
    text = json.dumps(write_family(family), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f"attachment; filename=trial.json; filename*=UTF-8''{name}"}
    return Response(text, mimetype="application/json", headers=headers)


def _written(family: Family) -> str:
    return json.dumps(write_family(family), ensure_ascii=False, separators=(",", ":"))


def _family(text: str) -> Family | None:
    """The family of the calculation before; None where there was none, or the page no longer says which."""
    try:
        family = read_family(json_in(text))
    except ValueError:
        return None
    return family if FIRST_DAY <= family.on <= LAST_DAY else None


def _page(
    sheet: Sheet,
    family: Family | None = None,
    found: Sequence[Result] = (),
    problems: Sequence[Problem] = (),
    before: Family | None = None,
    refusal: str = "",
) -> str:
    told = [one for one in (before, family) if one]
    names = {ref: name for one in told for ref, name in words.names_of(one).items()}
    refusals = [{"text": refusal, "target": "file"}] if refusal else []
    return render_template(
        "panel/trial.html", sheet=sheet, results=found, family=family, names=names, refusal=refusal,
        errors=words.beside(problems), summary=words.summary(problems) or refusals, compared=before is not None,
        changed=sum(one.marks.count for one in found if one.marks), choices=words.choices(sheet), labels=words.LABELS,
        keys=words.keys(sheet), fallback=words.fallback, places_open=_places(sheet), first=form.FIRST,
        examples=examples(),
    )  # fmt: skip


def _own_place() -> str:
    return township_of(actor().division_code)


def _places(sheet: Sheet) -> list[words.Choice]:
    """The shipped places, the reader's own county and its townships, and whatever place a file named."""
    mine = actor().division_code
    own = [(code, name) for code, name in places.names().items() if is_county(code) and mine.startswith(code)]
    known = {**dict(own), **dict(places.townships(actor())), **{code: str(name) for code, name in words.PLACES.items()}}
    chosen = sheet["place"]
    return [*known.items(), *([(chosen, chosen)] if chosen and chosen not in known else [])]


def register(app: Flask) -> None:
    """Add the trial calculation."""
    app.register_blueprint(bp)
