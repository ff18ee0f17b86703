"""From the form of a trial calculation to the facts, and from what the facts refuse back to the field it came from."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from policy.facts_json import BadFacts, read_family
from policy.family import Family
from policy.figure_keys import KNOWN_KEYS, Measure
from policy.vocabulary import ParentKind, Subject
from views.trial_fields import (
    CONDUCT,
    EITHER,
    FAMILY,
    FLOW,
    HELD,
    KIN,
    MIND,
    PARENT,
    PERSON,
    VEHICLE,
    WHOLE,
    YES,
    Table,
)
from views.trial_form import Row, Sheet, is_empty

STAND_IN: dict[str, dict[str, Any]] = {
    "income": {"kind": "other", "amount": 0}, "spending": {"kind": "living", "amount": 0}, "held": {"scheme": "dibao"},
    "parents": {"kind": "father", "state": "able"},
}  # fmt: skip
MOST_PROBLEMS = 50


class Problem(NamedTuple):
    """What is wrong with one field: the name of the field ("" for none) and why."""

    field: str
    error: BadFacts


@dataclass
class Facts:
    """The facts as JSON, and which field of the form each path came from."""

    told: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    unsaid: list[Problem] = field(default_factory=list)


def facts_of(sheet: Sheet) -> Facts:
    """The facts a form tells; what a row leaves unsaid (whose income, which relation) is a problem already."""
    facts = Facts({"scheme": Subject.DIBAO.value})
    _tell(facts, facts.told, FAMILY, sheet.one, "", "")
    if sheet.ticked("tags"):
        facts.told["tags"] = sheet.ticked("tags")
    for name in set(sheet.ticked("conduct")) & set(CONDUCT):
        facts.told.setdefault("conduct", {})[name] = False
    people = _members(facts, sheet)
    for group in ("income", "spending"):
        _flows(facts, sheet, group, people)
    facts.told["obligors"] = _rows(facts, sheet, "obligors", KIN, "obligors")
    if vehicles := _rows(facts, sheet, "vehicles", VEHICLE, "property.vehicles"):
        facts.told.setdefault("property", {})["vehicles"] = vehicles
    if held := _held(facts, sheet):
        facts.told["held"] = held
    _trial(facts, sheet)
    return facts


def read(facts: Facts) -> tuple[Family | None, list[Problem]]:
    """The family, or every problem at once, each with its field."""
    problems = list(facts.unsaid)
    for _ in range(MOST_PROBLEMS):
        try:
            family = read_family(facts.told)
        except BadFacts as error:
            _note(problems, Problem(_field(facts, error.path), error))
            if not _set_aside(facts.told, error):
                break
        else:
            return (None if problems else family), problems
    return None, problems


def _note(problems: list[Problem], problem: Problem) -> None:
    """One problem a field: what was refused and set aside would be missed next."""
    if not problem.field or all(one.field != problem.field for one in problems):
        problems.append(problem)


def _field(facts: Facts, path: str) -> str:
    """The field of a path, or of the nearest thing around it."""
    while path and path not in facts.fields:
        path = path.rpartition(".")[0]
    return facts.fields.get(path, "")


def _set_aside(told: dict[str, Any], error: BadFacts) -> bool:
    """Take out what was refused, so that the rest can be read too; False where that cannot be done."""
    steps: list[str | int] = []
    if error.path.startswith("figures."):
        steps = ["figures", error.path.removeprefix("figures.")]
    else:
        for step in error.path.split("."):
            name, _, at = step.partition("[")
            steps += [name, int(at[:-1])] if at else [name]
    if error.code == "missing":
        steps = steps[:-1]
    if not steps or not isinstance(steps[0], str) or steps == ["scheme"]:
        return False
    around: Any = told
    for deeper in steps[:-1]:
        around = around[deeper]
    last = steps[-1]
    if isinstance(last, int):
        around[last] = dict(STAND_IN.get(str(steps[-2]), {}))
    elif error.path in ("place", "on"):
        around[last] = {"place": "00", "on": "2100-01-01"}[error.path]
    elif steps[0] == "figures" and len(steps) > 1:
        del around[last]
    else:
        around[last] = None
    return True


def _tell(facts: Facts, into: dict[str, Any], table: Table, row: Row, path: str, start: str) -> None:
    """Write the fields of a row into an object and note where each came from."""
    for name, key, kind in table:
        facts.fields[f"{path}.{key}" if path else key] = f"{start}{name}"
        value = _value(kind, row.get(name, ""))
        if value is None:
            continue
        *outer, last = key.split(".")
        target = into
        for step in outer:
            target = target.setdefault(step, {})
        target[last] = value


def _value(kind: str, text: str) -> object:
    if kind == MIND:
        return None if text else False
    if not text:
        return None
    if kind in (YES, EITHER):
        return text == "yes"
    clean = unicodedata.normalize("NFKC", text)
    return int(clean) if kind == WHOLE and clean.isascii() and clean.isdecimal() and len(clean) < 10 else clean


def _members(facts: Facts, sheet: Sheet) -> dict[str, int]:
    """The members; returns their place in the facts by their number in the form ("n0")."""
    typed = [(at, row) for at, row in enumerate(sheet.of("members")) if not is_empty("members", row)]
    refs = {f"n{at}": row["ref"] for at, row in typed}
    members = facts.told["members"] = []
    for place, (at, row) in enumerate(typed):
        person: dict[str, Any] = {}
        path, start = f"members[{place}]", f"members-{at}-"
        _tell(facts, person, PERSON, row, path, start)
        if row.get("part_time") and "student" in person:
            person["student"]["full_time"] = False
        facts.fields[f"{path}.cares_for"] = f"{start}cares_for"
        if row.get("cares_for"):
            person["cares_for"] = refs.get(row["cares_for"], row["cares_for"])
        _parents(facts, person, row, path, start)
        if "relation" not in person:
            facts.unsaid.append(Problem(f"{start}relation", BadFacts(f"{path}.relation", "missing")))
        members.append(person)
    return {f"n{at}": place for place, (at, _) in enumerate(typed)}


def _parents(facts: Facts, person: dict[str, Any], row: Row, path: str, start: str) -> None:
    """What keeps father and mother from raising the member, where anything is told of them."""
    for kind in ParentKind:
        table = tuple((f"{kind.value}{ending}", key, told) for ending, key, told in PARENT)
        if any(row.get(name) for name, _, _ in table):
            parents = person.setdefault("parents", [])
            parent: dict[str, Any] = {"kind": kind.value}
            _tell(facts, parent, table, row, f"{path}.parents[{len(parents)}]", start)
            parents.append(parent)


def _held(facts: Facts, sheet: Sheet) -> list[dict[str, Any]]:
    """Aid in force: the household's, or that of the member named."""
    refs = {f"n{at}": row["ref"] for at, row in enumerate(sheet.of("members"))}
    found = _rows(facts, sheet, "held", HELD, "held")
    rows = [(at, row) for at, row in enumerate(sheet.of("held")) if not is_empty("held", row)]
    for place, (at, row) in enumerate(rows):
        facts.fields[f"held[{place}].ref"] = f"held-{at}-whose"
        if row.get("whose"):
            found[place]["ref"] = refs.get(row["whose"], row["whose"])
    return found


def _flows(facts: Facts, sheet: Sheet, group: str, people: Mapping[str, int]) -> None:
    for at, row in enumerate(sheet.of(group)):
        if is_empty(group, row):
            continue
        whose = row.get("whose", "") or (next(iter(people)) if len(people) == 1 else "")
        if whose not in people:
            facts.unsaid.append(Problem(f"{group}-{at}-whose", BadFacts(f"{group}[{at}]", "missing")))
            continue
        flows = facts.told["members"][people[whose]].setdefault(group, [])
        flow: dict[str, Any] = {}
        _tell(facts, flow, FLOW, row, f"members[{people[whose]}].{group}[{len(flows)}]", f"{group}-{at}-")
        flows.append(flow)


def _rows(facts: Facts, sheet: Sheet, group: str, table: Table, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for at, row in enumerate(sheet.of(group)):
        if not is_empty(group, row):
            told: dict[str, Any] = {}
            _tell(facts, told, table, row, f"{path}[{len(found)}]", f"{group}-{at}-")
            found.append(told)
    return found


def _trial(facts: Facts, sheet: Sheet) -> None:
    """Trial values; a figure that holds one word is chosen together with it ("dibao.amount_rule=tier")."""
    for at, row in enumerate(sheet.of("figures")):
        key, _, word = row.get("key", "").partition("=")
        value = word or unicodedata.normalize("NFKC", row.get("value", ""))
        if not key and not value:
            continue
        if not key or not value:
            lacking = "value" if key else "key"
            facts.unsaid.append(Problem(f"figures-{at}-{lacking}", BadFacts(f"figures.{key}", "missing")))
            continue
        known = KNOWN_KEYS.get(key)
        several = known is not None and known.unit is Measure.WORDS
        facts.fields[f"figures.{key}"] = f"figures-{at}-{'key' if word else 'value'}"
        words = value.replace(",", " ").replace("、", " ").split()
        facts.told.setdefault("figures", {})[key] = words if several else value
