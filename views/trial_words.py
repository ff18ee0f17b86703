"""What the fields of a trial calculation are called, what may be chosen in them, and how a refusal is said."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from policy import vocabulary as v
from policy.facts_json import BadFacts
from policy.family import Family
from policy.figure_keys import KNOWN_KEYS, Measure
from policy.figures import BadFigure, MissingFigure
from views.case_words import headed
from views.column_words import COLUMNS
from views.figure_words import TOPICS, topic_of, word_label
from views.finding_words import figure_name
from views.formats import options
from views.trial_facts import Problem
from views.trial_form import Row, Sheet

Choice = tuple[str, str]

PLACES: dict[str, Any] = {
    "511526": _l("Gong County, Yibin, Sichuan"),
    "22": _l("Jilin Province"),
    "341324101": _l("Dunji Town, Si County, Anhui"),
    "533103": _l("Mangshi, Dehong, Yunnan"),
    "3507": _l("Nanping, Fujian"),
}
"""The places whose rules come with the panel."""
GROUPS: dict[str, Any] = {
    "members": _l("Member"), "income": _l("Income"), "spending": _l("Spending"), "obligors": _l("Obligor"),
    "vehicles": _l("Vehicle"), "held": _l("Aid in force"), "figures": _l("Trial value"),
}  # fmt: skip
LABELS: dict[str, Any] = {
    **COLUMNS,
    "place": _l("Place whose rules hold"), "on": _l("Day whose rules hold"), "tier": _l("Tier"),
    "deposits": _l("Deposits in all"), "securities": _l("Securities in all"), "houses": _l("Number of houses"),
    "companies": _l("Companies"), "house_area": _l("Living space (㎡)"), "barred": _l("Barred for dishonesty until"),
    "event": _l("What struck the family"), "loss": _l("Loss"), "own_cost": _l("Cost borne by oneself"),
    "degree": _l("How hard it struck"), "urgent": _l("Urgent: it cannot wait"), "requested": _l("Requested amount"),
    "current": _l("Receives already"), "monthly": _l("Monthly amount"), "since": _l("Since (month)"),
    "rose": _l("Why income rose"), "leaves": _l("Wishes to leave by own will"), "cpi": _l("Consumer prices"),
    "food_cpi": _l("Food prices"), "tags": _l("Marks of the family"), "conduct": _l("What stands against the family"),
    "disability": _l("Kind of disability"), "level": _l("Level of disability"), "employed": _l("Has work"),
    "study": _l("Attends school"), "part_time": _l("Studies part time"), "refused_work": _l("Refused work, times in a row"),
    "cares_for": _l("Stays at home to care for"), "needs_care": _l("Needs care because"),
    "unmet": _l("Daily acts that fail, of six"), "mode": _l("Mode of support wished for"),
    "missing": _l("Declared missing"), "in_prison": _l("In prison"), "compulsory_rehab": _l("In compulsory drug rehabilitation"),
    "clergy_years": _l("Years away as clergy"), "whose": _l("Whose"), "amount": _l("Amount"), "per": _l("For"),
    "household_income": _l("Income of their home"), "supports": _l("People they must support"),
    "class": _l("Receives aid themselves"), "property_ok": _l("Property within the rules"),
    "agreed": _l("Agreed or ruled, a month"), "paid": _l("Really paid, a month"), "value": _l("Value"),
    "business": _l("Earns the family's living"), "key": _l("Figure"), "figures-value": _l("Trial value"),
    "father": _l("Father"), "father_since": _l("Father: since when"), "father_until": _l("Father: until when"),
    "mother": _l("Mother"), "mother_since": _l("Mother: since when"), "mother_until": _l("Mother: until when"),
    "scheme": _l("Scheme"), "persons": _l("People who share it"),
}  # fmt: skip
VEHICLES: dict[str, Any] = {
    "car": _l("Car"), "truck": _l("Truck"), "motorcycle": _l("Motorcycle"), "machine": _l("Large farm machine"),
    "ship": _l("Boat"),
}  # fmt: skip
CONDUCT: dict[str, Any] = {
    "pledge": _l("No honesty pledge signed"), "authorised": _l("Cross-check not authorised"),
    "cooperates": _l("Refuses the survey or cross-check"),
}  # fmt: skip
SENTENCES: dict[str, Any] = {
    "date": _l("Not a date. Write it like 2021-08-03."), "month": _l("Not a month. Write it like 2021-08."),
    "whole": _l("Not a whole number."), "least": _l("It must be %(least)s or more."),
    "most": _l("It must be %(most)s or less."), "amount": _l("Not an amount in yuan, such as 1200 or 105.50."),
    "negative": _l("An amount cannot be below zero."), "below_fen": _l("An amount has two decimals at most."),
    "percent": _l("Not a percentage, such as 3.5 or -0.2."), "later": _l("Later than the day of the calculation."),
    "place": _l("Not a division code of 2 to 12 digits."), "missing": _l("This must be filled in."),
    "word": _l("“%(value)s” cannot be chosen here."), "twice": _l("Two members are called “%(value)s”."),
    "nobody": _l("Choose somebody else of the family."), "unknown": _l("This is not known to the calculation."),
}  # fmt: skip
HELD = (
    v.Subject.DIBAO,
    v.Subject.TEKUN,
    v.Subject.EDGE,
    v.Subject.RIGID,
    v.Subject.LIVING_SUBSIDY,
    v.Subject.CARE_SUBSIDY,
    v.Subject.UNSUPPORTED_CHILD,
    v.Subject.ORPHAN,
)
"""Aid that the schemes of a person ask about."""
OTHERWISE = _l("This is not of the kind expected here.")


def choices(sheet: Sheet) -> dict[str, list[Choice]]:
    """What may be chosen in each field."""
    yes_no = [("yes", gettext("Yes")), ("no", gettext("No"))]
    return {
        "area": options(v.Area), "unit": options(v.Unit), "tier": [(tier, tier) for tier in "ABCD"],
        "tags": options(v.Tag), "conduct": _said(CONDUCT), "relation": options(v.KinRelation), "sex": options(v.Sex),
        "disability": options(v.DisabilityKind), "illness": options(v.Illness), "study": options(v.StudyLevel),
        "labour": options(v.Work), "needs_care": options(v.CareNeed), "mode": options(v.Mode), "employed": yes_no,
        "able": yes_no, "level": [(str(n), gettext("level %(level)s", level=n)) for n in range(1, 5)],
        "unmet": [(str(n), str(n)) for n in range(1, 7)], "income": options(v.IncomeKind),
        "spending": options(v.SpendingKind),
        "class": options((v.Subject.DIBAO, v.Subject.TEKUN, v.Subject.EDGE)),
        "per": [("month", gettext("a month")), ("year", gettext("a year")), ("week", gettext("a week"))],
        "event": options(v.EventKind), "degree": options(v.Degree), "rose": options(v.RiseCause),
        "current": options((v.Subject.DIBAO, v.Subject.TEKUN, v.Subject.EDGE, v.Subject.RIGID)),
        "vehicles": _said(VEHICLES), "whose": people(sheet), "parent": options(v.ParentState),
        "held": options(HELD),
    }  # fmt: skip


def _said(words: dict[str, Any]) -> list[Choice]:
    return [(code, str(text)) for code, text in words.items()]


def keys(sheet: Sheet) -> list[tuple[str, list[Choice]]]:
    """Figures by topic: those that are numbers, those of one word with each word, and others that stand in the form."""
    there = {row.get("key", "") for row in sheet.of("figures")}
    found: list[tuple[str, list[Choice]]] = [(str(topic), []) for topic, _ in TOPICS]
    for key, known in KNOWN_KEYS.items():
        options = found[topic_of(key)][1]
        if known.unit is Measure.WORD:
            options += [(f"{key}={word}", headed(figure_name(key), word_label(key, word))) for word in known.words]
        elif known.unit is not Measure.WORDS or key in there:
            options.append((key, figure_name(key)))
    return found


def people(sheet: Sheet) -> list[Choice]:
    """The people of the form by their number in it: the head, child 1, child 2."""
    return [
        (f"n{at}", name) for at, name in enumerate(_named([row.get("relation", "") for row in sheet.of("members")]))
    ]


def names_of(family: Family) -> dict[str, str]:
    """What each member is called in a finding, by ``ref``."""
    names = _named([person.relation.value for person in family.members])
    return {person.ref: name for person, name in zip(family.members, names, strict=True)}


def _named(relations: Sequence[str]) -> list[str]:
    labels = dict(options(v.KinRelation))
    seen: dict[str, int] = {}
    found = []
    for relation in relations:
        seen[relation] = seen.get(relation, 0) + 1
        name = labels.get(relation) or gettext("Member")
        found.append(f"{name} {seen[relation]}" if relations.count(relation) > 1 else name)
    return found


def sentence(error: BadFacts) -> str:
    """Why a value was refused."""
    cause = error.__cause__
    if isinstance(cause, BadFigure):
        return gettext(cause.message) % cause.args_by_name
    return str(SENTENCES.get(error.code, OTHERWISE)) % error.args_by_name


def lacking(missing: MissingFigure) -> str:
    """Which figure a rule needs and does not have."""
    return gettext(
        "The rules need “%(figure)s”, and none is in force on %(on)s in this place. Enter it below as a trial value.",
        figure=figure_name(missing.key), on=missing.on.isoformat(),
    )  # fmt: skip


def beside(problems: Iterable[Problem]) -> dict[str, str]:
    """What is told beside each field; the first of a field stands for it."""
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.field, sentence(problem.error))
    return found


def summary(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Every problem with the name of its field and the way to it."""
    return [
        {"text": headed(name_of(one.field) or one.error.path, sentence(one.error)), "target": one.field or "place"}
        for one in problems
    ]


def name_of(name: str) -> str:
    """Member 2 · Birth, for members-1-birth."""
    group, _, rest = name.partition("-")
    at, _, column = rest.partition("-")
    if not column:
        return str(LABELS.get(name, name))
    text = LABELS.get(f"{group}-{column}", LABELS.get(column, column))
    return f"{GROUPS[group]} {int(at) + 1} · {text}"


def fallback(row: Row, name: str, known: Sequence[Choice]) -> list[Choice]:
    """The choices of a field, and what stands in it though it is none of them."""
    value = row.get(name, "")
    return [*known, (value, value)] if value and value not in dict(known) else list(known)
