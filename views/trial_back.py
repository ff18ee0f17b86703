"""From facts as JSON back to the form of a trial calculation: examples, files, what was calculated last."""

from collections.abc import Mapping
from typing import Any

from policy.figure_keys import KNOWN_KEYS, Measure
from views.trial_fields import CONDUCT, EITHER, FAMILY, FLOW, HELD, KIN, MIND, PARENT, PERSON, VEHICLE, YES, Table
from views.trial_form import MOST_ROWS, Row, Sheet


def sheet_of(told: Mapping[str, Any]) -> Sheet:
    """The form that tells facts which ``read_family`` has taken; rows beyond the most a form has are left out."""
    sheet = Sheet(_texts(FAMILY, told), {"tags": list(told.get("tags") or ())})
    conduct = told.get("conduct") or {}
    sheet.several["conduct"] = [name for name in CONDUCT if conduct.get(name) is False]
    people = list(told.get("members") or ())
    numbers = {person.get("ref", f"m{at + 1}"): f"n{at}" for at, person in enumerate(people)}
    sheet.rows = {
        "members": [_person(person, at, numbers) for at, person in enumerate(people)],
        "income": _lines(people, "income"), "spending": _lines(people, "spending"),
        "obligors": [{**_texts(KIN, kin), "per": kin.get("per") or "month"} for kin in told.get("obligors") or ()],
        "vehicles": [_texts(VEHICLE, one) for one in (told.get("property") or {}).get("vehicles") or ()],
        "held": [
            {**_texts(HELD, one), "whose": numbers.get(one.get("ref") or "", "")} for one in told.get("held") or ()
        ],
        "figures": [_trial(key, value) for key, value in (told.get("figures") or {}).items()],
    }  # fmt: skip
    sheet.rows = {group: rows[: MOST_ROWS[group]] for group, rows in sheet.rows.items()}
    sheet.name_people()
    return sheet


def too_large(told: Mapping[str, Any]) -> bool:
    """Whether facts hold more rows than a form takes."""
    people = list(told.get("members") or ())
    counts = {
        "members": len(people), "obligors": len(told.get("obligors") or ()), "figures": len(told.get("figures") or ()),
        "held": len(told.get("held") or ()),
        "vehicles": len((told.get("property") or {}).get("vehicles") or ()),
        "income": sum(len(person.get("income") or ()) for person in people),
        "spending": sum(len(person.get("spending") or ()) for person in people),
    }  # fmt: skip
    return any(count > MOST_ROWS[group] for group, count in counts.items())


def _texts(table: Table, told: Mapping[str, Any]) -> Row:
    row: Row = {}
    for name, key, kind in table:
        value: Any = told
        for step in key.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        row[name] = _text(kind, value)
    return row


def _text(kind: str, value: Any) -> str:
    if kind == MIND:
        return "" if value is False else "yes"
    if value is None:
        return ""
    if kind == YES:
        return "yes" if value else ""
    if kind == EITHER:
        return "yes" if value else "no"
    return str(value)


def _person(person: Mapping[str, Any], at: int, numbers: Mapping[str, str]) -> Row:
    row = _texts(PERSON, person)
    row["ref"] = person.get("ref") or f"m{at + 1}"
    row["relation"] = row["relation"] or "head"
    row["cares_for"] = numbers.get(str(person.get("cares_for")), "")
    row["part_time"] = "yes" if (person.get("student") or {}).get("full_time") is False else ""
    for parent in person.get("parents") or ():
        row.update({f"{parent['kind']}{ending}": str(parent.get(key) or "") for ending, key, _ in PARENT})
    return row


def _lines(people: list[Mapping[str, Any]], group: str) -> list[Row]:
    return [
        {**_texts(FLOW, flow), "whose": f"n{at}", "per": flow.get("per") or "month"}
        for at, person in enumerate(people)
        for flow in person.get(group) or ()
    ]


def _trial(key: str, value: Any) -> Row:
    if KNOWN_KEYS[key].unit is Measure.WORD:
        return {"key": f"{key}={value}", "value": ""}
    return {"key": key, "value": ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)}
