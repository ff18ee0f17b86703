"""The form of a household event: what was typed, what it means, what may be chosen in it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from models import Household, Member
from policy.division_codes import county_of, is_village
from policy.identity import clean_number
from policy.vocabulary import Absence, Employment, Happening, LeaveReason, Relation, Schooling, Sex
from views import places
from views.case_words import listed, noted
from views.context import actor, today
from views.formats import label, options
from views.numbers import whole
from workflows.application import find_families, present
from workflows.application_filling import fill_from_numbers
from workflows.application_input import Problem
from workflows.application_reading import read_person
from workflows.application_sheet import GROUPS, Row, Sheet
from workflows.household_acts_facts import AWAY
from workflows.household_acts_people import LEAVES, NEWBORNS
from workflows.household_event_input import Happened, Newborn
from workflows.household_events import ASKS
from workflows.people import Person
from workflows.reason import Reason

H = Happening
NOT_KEPT = frozenset({"csrf_token", "key", "row_version", "act"})
Form = Mapping[str, str]
SAID = {
    "Event": _l("Event"), "Day it happened": _l("Day it happened"), "Whom it is about": _l("Whom it is about"),
    "Name": _l("Name"), "New head": _l("New head"), "Relation to the head": _l("Relation to the head"),
    "Reason for leaving": _l("Reason for leaving"), "Why not counted": _l("Why not counted"),
    "What the person does now": _l("What the person does now"), "The other family": _l("The other family"),
    "Who goes": _l("Who goes"), "Who comes": _l("Who comes"), "Address": _l("Address"),
    "What is known of it": _l("What is known of it"),
    "Paper that proves it": _l("Paper that proves it"),
}  # fmt: skip


def read(kind: Happening, form: Form, home: Household) -> tuple[Happened | None, list[Problem]]:
    """What the form means, and every field that cannot be read; None where the person cannot.

    A day that is missing stands as today, so that what else is missing can be told at once.
    """
    on, problems = day_of(form.get("on", ""))
    people: tuple[Person, ...] = ()
    if "people" in ASKS[kind]:
        person, found = read_person(person_row(form), today())
        people = (person,) if person else ()
        problems += found
        if found:
            return None, problems
    other = whole(form.get("other", ""))
    return Happened(
        kind, on or today(), _text(form, "words", 400), _text(form, "evidence", 120), whole(form.get("member", "")),
        _newborn(form) if kind is H.BIRTH else None, people, _relations(form, "along"), whole(form.get("head", "")),
        _relations(form, "relation"), _word(LeaveReason, form.get("reason")), _word(Absence, form.get("absence")),
        _word(Relation, form.get("relation")), _word(Employment, form.get("employment")),
        _word(Schooling, form.get("schooling")), other, form.get("village", ""), _text(form, "address", 200),
        clean_number(form.get("id_no", "")),
    ), problems  # fmt: skip


def person_row(form: Form) -> Row:
    """The one person of a form, with what the ID number tells filled in."""
    names = {name: form.get(f"members-0-{name}", "").strip()[:2000] for name in GROUPS["members"]}
    sheet = Sheet(rows={"members": [names]})
    fill_from_numbers(sheet)
    row = sheet.of("members")[0]
    return row if "act" in form else {**row, "cohabiting": "yes"}


def typed(form: Form) -> dict[str, str]:
    """Everything that was typed, to be carried over the preview."""
    return {name: text for name, text in form.items() if name not in NOT_KEPT}


def choices(kind: Happening, home: Household, other: Household | None) -> dict[str, Any]:
    """What may be chosen: people, relations, places, words."""
    people = present(home)
    return {
        "people": people,
        "members": [(m.id, noted(m.name, label(m.relation))) for m in _who(kind, home, people)],
        "heads": [(m.id, m.name) for m in people if kind is not H.NEW_HEAD or m.relation is not Relation.HEAD],
        "others": present(other) if other else [],
        "relations": options(NEWBORNS if kind is H.BIRTH else (r for r in Relation if r is not Relation.HEAD)),
        "all_relations": options(Relation),
        "sexes": options(Sex),
        "reasons": options(LEAVES),
        "absences": options(AWAY),
        "employments": options(e for e in Employment if e is not Employment.STUDENT),
        "schoolings": options(Schooling),
        "villages": _villages(kind, home),
    }


def said(kind: Happening, form: Form, home: Household, other: Household | None) -> list[tuple[Any, str]]:
    """What is about to be recorded, in words, to look at once more."""
    names = {m.id: m.name for m in [*home.members, *(other.members if other else [])]}

    def who(name: str) -> str:
        return names.get(whole(form.get(name, "")) or 0, "")

    going = [noted(names.get(id, ""), label(relation)) for id, relation in _relations(form, "along").items()]
    told = {
        "Event": label(kind), "Day it happened": form.get("on", ""), "Whom it is about": who("member"),
        "Name": form.get("name", "") or form.get("members-0-name", ""), "New head": who("head"),
        "Relation to the head": _in_words(Relation, form.get("relation") or form.get("members-0-relation")),
        "Reason for leaving": _in_words(LeaveReason, form.get("reason")),
        "Why not counted": _in_words(Absence, form.get("absence")),
        "What the person does now": _in_words(Employment, form.get("employment")),
        "The other family": other.head_name if other else "",
        "Who comes" if kind is Happening.MERGE else "Who goes": listed(going),
        "Address": places.name(form.get("village")) + form["address"] if form.get("address") else "",
        "What is known of it": form.get("words", ""), "Paper that proves it": form.get("evidence", ""),
    }  # fmt: skip
    return [(SAID[name], text) for name, text in told.items() if text]


def _in_words(words: Any, text: str | None) -> str:
    found = _word(words, text)
    return label(found) if found else ""


def found_family(form: Form, home: Household) -> tuple[Household | None, list[Household]]:
    """The other family of a merge that was chosen, and those that were found by what was typed."""
    found = [one for one in find_families_by(form.get("find", "")) if one.id != home.id]
    chosen = whole(form.get("other", "")) or (found[0].id if len(found) == 1 else None)
    return next((one for one in found if one.id == chosen), None), found


def find_families_by(text: str) -> list[Household]:
    """Families under the reader by a name or the ID number of somebody in them; none for nothing typed."""
    from views.db import db

    return find_families(db.session, actor(), text) if text.strip() else []


def _who(kind: Happening, home: Household, people: list[Member]) -> list[Member]:
    if kind is H.RETURNED:
        gone = [m for m in home.members if not m.present and m.leave_reason not in (LeaveReason.DEATH, "correction")]
        return [m for m in people if m.absence is not None] + gone
    if kind is H.ID_NUMBER:
        return [m for m in people if m.id_no_pending]
    if kind is H.SCHOOL_END:
        return [m for m in people if m.study is not None or m.employment is Employment.STUDENT or m.school]
    return people


def _villages(kind: Happening, home: Household) -> list[tuple[str, str]]:
    if kind is H.HANDOVER:
        names, county = places.names(), county_of(home.township_code)
        return [
            (code, places.where(code)) for code in names
            if is_village(code) and code.startswith(county) and not code.startswith(home.township_code)
        ]  # fmt: skip
    return places.villages(actor(), home.township_code)


def day_of(text: str) -> tuple[date | None, list[Problem]]:
    """The day an event happened, or the problem of a field that holds none."""
    try:
        return date.fromisoformat(text), []
    except ValueError:
        return None, [Problem("on", Reason("day_missing"))]


def _newborn(form: Form) -> Newborn | None:
    sex, relation = _word(Sex, form.get("sex")), _word(Relation, form.get("relation"))
    name = _text(form, "name", 50)
    if not name or sex is None or relation is None:
        return None
    return Newborn(name, sex, relation, clean_number(form.get("id_no", "")))


def _relations(form: Form, name: str) -> dict[int, Relation]:
    found = {}
    for key, text in form.items():
        number = whole(key.removeprefix(f"{name}-")) if key.startswith(f"{name}-") else None
        if number is not None and text in set(Relation):
            found[number] = Relation(text)
    return found


def _word(words: Any, text: str | None) -> Any:
    return words(text) if text and text in set(words) else None


def _text(form: Form, name: str, most: int) -> str:
    return form.get(name, "").strip()[:most]
