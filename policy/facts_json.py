"""The facts of a calculation as JSON: read strictly, written so that reading gives the same facts again."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from policy import family as facts
from policy.book import BadFigure, trial_figure
from policy.family import Family, Person
from policy.json_kinds import DAY, MONEY, MONTH, PERCENTAGE, PLACE, TEXT, TRUTH, BadFacts, Kind, whole, word
from policy.json_shapes import Field, Shape, join, many
from policy.vocabulary import (
    Area,
    CareNeed,
    Degree,
    DisabilityKind,
    EventKind,
    Illness,
    IncomeKind,
    KinRelation,
    Mode,
    ParentKind,
    ParentState,
    RiseCause,
    Sex,
    SpendingKind,
    StudyLevel,
    Subject,
    Tag,
    Unit,
    Work,
)

__all__ = ["BadFacts", "read_family", "write_family"]

COUNT = whole()


def _trial(given: object, path: str) -> Mapping[str, object]:
    if not isinstance(given, Mapping):
        raise BadFacts(path, "object")
    return MappingProxyType({key: tuple(one) if isinstance(one, list) else one for key, one in given.items()})


def _trial_back(trial: Mapping[str, object]) -> dict[str, object]:
    return {key: list(one) if isinstance(one, tuple) else one for key, one in trial.items()}


def _members(given: object, path: str) -> tuple[Person, ...]:
    told = many(Kind(PERSON.told, dict)).read(given, path)
    people = tuple(Person(**{"ref": f"m{number}", **one}) for number, one in enumerate(told, 1))
    refs = [person.ref for person in people]
    for index, person in enumerate(people):
        if person.ref in refs[:index]:
            raise BadFacts(f"{path}[{index}].ref", "twice", value=person.ref)
        cared_for = person.cares_for
        if cared_for is not None and (cared_for == person.ref or cared_for not in refs):
            raise BadFacts(f"{path}[{index}].cares_for", "nobody", value=cared_for)
    return people


DISABILITY = Shape(
    facts.Disability,
    (Field("kind", word(DisabilityKind), required=True), Field("level", whole(1, 4), required=True)),
)
STUDY = Shape(facts.Study, (Field("level", word(StudyLevel), required=True), Field("full_time", TRUTH)))
INCOME = Shape(
    facts.Income,
    (Field("kind", word(IncomeKind), required=True), Field("amount", MONEY, "year_fen", required=True)),
    flow="year_fen",
)
SPENDING = Shape(
    facts.Spending,
    (Field("kind", word(SpendingKind), required=True), Field("amount", MONEY, "year_fen", required=True)),
    flow="year_fen",
)
PARENT = Shape(
    facts.Parent,
    (
        Field("kind", word(ParentKind), required=True),
        Field("state", word(ParentState), required=True),
        Field("since", DAY),
        Field("until", DAY),
    ),
)
PERSON = Shape(
    Person,
    (
        Field("ref", TEXT, always=True),
        Field("relation", word(KinRelation), always=True),
        Field("birth", DAY),
        Field("sex", word(Sex)),
        Field("cohabiting", TRUTH),
        Field("student", STUDY.kind),
        Field("disability", DISABILITY.kind),
        Field("illness", word(Illness)),
        Field("labour", word(Work)),
        Field("employed", TRUTH),
        Field("refused_work", COUNT),
        Field("cares_for", TEXT),
        Field("needs_care", word(CareNeed)),
        Field("self_care_unmet", whole(0, 6)),
        Field("in_prison", TRUTH),
        Field("missing", TRUTH),
        Field("clergy_years_away", COUNT),
        Field("compulsory_rehab", TRUTH),
        Field("mode", word(Mode)),
        Field("income", many(INCOME.kind)),
        Field("spending", many(SPENDING.kind)),
        Field("parents", many(PARENT.kind)),
    ),
)
KIN = Shape(
    facts.Kin,
    (
        Field("relation", word(KinRelation), always=True),
        Field("household_income", MONEY, "household_year_fen"),
        Field("household_size", whole(1)),
        Field("supports", whole(1)),
        Field("class", word((Subject.DIBAO, Subject.TEKUN, Subject.EDGE)), "subject"),
        Field("age", whole(0, 150)),
        Field("disability", DISABILITY.kind),
        Field("property_ok", TRUTH),
        Field("agreed", MONEY, "agreed_fen"),
        Field("paid", MONEY, "paid_fen"),
        Field("able", TRUTH),
    ),
    flow="household_year_fen",
)
VEHICLE = Shape(
    facts.Vehicle,
    (Field("kind", TEXT, always=True), Field("value", MONEY, "value_fen"), Field("business", TRUTH)),
)
ESTATE = Shape(
    facts.Estate,
    (
        Field("deposits", MONEY, "deposits_fen"),
        Field("securities", MONEY, "securities_fen"),
        Field("houses", COUNT),
        Field("house_area", COUNT),
        Field("vehicles", many(VEHICLE.kind)),
        Field("companies", COUNT),
    ),
)
CONDUCT = Shape(
    facts.Conduct,
    (
        Field("pledge", TRUTH),
        Field("authorised", TRUTH),
        Field("cooperates", TRUTH),
        Field("dishonest_until", DAY),
    ),
)
EVENT = Shape(
    facts.Hardship,
    (
        Field("kind", word(EventKind), always=True),
        Field("loss", MONEY, "loss_fen"),
        Field("own_cost", MONEY, "own_cost_fen"),
        Field("degree", word(Degree)),
        Field("urgent", TRUTH),
        Field("requested", MONEY, "requested_fen"),
    ),
)
CURRENT = Shape(
    facts.Current,
    (
        Field("scheme", word(Subject)),
        Field("monthly", MONEY, "monthly_fen"),
        Field("since", MONTH),
        Field("income_rose_because", word(RiseCause)),
        Field("wants_to_leave", TRUTH),
    ),
)
HELD = Shape(
    facts.Held,
    (
        Field("scheme", word(Subject), required=True),
        Field("monthly", MONEY, "monthly_fen"),
        Field("persons", whole(1)),
        Field("ref", TEXT),
    ),
)
PRICES = Shape(facts.Prices, (Field("cpi", PERCENTAGE), Field("food_cpi", PERCENTAGE)))
TAGS = many(word(Tag))
FAMILY = Shape(
    Family,
    (
        Field("place", PLACE, required=True),
        Field("on", DAY, required=True),
        Field("scheme", word(Subject), required=True),
        Field("area", word(Area)),
        Field("unit", word(Unit)),
        Field("figures", Kind(_trial, _trial_back)),
        Field("tags", Kind(lambda given, path: frozenset(TAGS.read(given, path)), sorted)),
        Field("tier", word("ABCD")),
        Field("members", Kind(_members, many(PERSON.kind).write)),
        Field("obligors", many(KIN.kind)),
        Field("property", ESTATE.kind),
        Field("conduct", CONDUCT.kind),
        Field("event", EVENT.kind),
        Field("current", Kind(CURRENT.told, CURRENT.write)),
        Field("prices", PRICES.kind),
        Field("alone", TEXT),
        Field("held", many(HELD.kind)),
    ),
)


def read_family(given: object, path: str = "") -> Family:
    """The facts that a JSON object tells (元 as text or whole numbers); raises BadFacts naming the path."""
    told = FAMILY.told(given, path)
    if "current" in told:  # whoever is looked at again receives what is asked about, unless told otherwise
        told["current"] = facts.Current(**{"scheme": told["scheme"], **told["current"]})
    _check_births(told, path)
    _check_alone(told, path)
    _check_trial(told, path)
    return Family(**told)


def write_family(family: Family) -> dict[str, object]:
    """The facts as a JSON object: every amount in 元 as text, flows by the year, defaults left out."""
    return FAMILY.write(family)


def _check_births(told: Mapping[str, Any], path: str) -> None:
    on: date = told["on"]
    for index, person in enumerate(told.get("members", ())):
        if person.birth is not None and person.birth > on:
            raise BadFacts(join(path, f"members[{index}].birth"), "later")


def _check_alone(told: Mapping[str, Any], path: str) -> None:
    alone = told.get("alone")
    if alone is not None and all(person.ref != alone for person in told.get("members", ())):
        raise BadFacts(join(path, "alone"), "nobody", value=alone)


def _check_trial(told: Mapping[str, Any], path: str) -> None:
    for key, value in told.get("figures", {}).items():
        try:
            trial_figure(key, value, told["place"], told["on"])
        except BadFigure as error:
            raise BadFacts(join(path, f"figures.{key}"), "figure", why=str(error)) from error
