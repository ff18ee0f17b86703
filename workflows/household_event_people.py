"""How people come into a family, go from it, and who heads it then; stays end and begin, nobody is removed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from models import ChildParent, Household, IncomeLine, Member, SpendingLine
from models.sealing import new_row_key
from policy.kinship import to_new_head
from policy.masking import STAND_IN
from policy.vocabulary import Happening, LeaveReason, Relation
from workflows.household_event_input import Happened, Newborn
from workflows.people import Person, write_lines, write_person
from workflows.reason import Reason

_OWN = frozenset({
    "id", "row_key", "row_version", "household_id", "township_code", "village_code", "relation", "joined_on", "left_on",
    "leave_reason", "cares_for_id", "batch_id", "id_no_sealed", "id_no_hash", "id_no_last4", "disability_cert_sealed",
})  # fmt: skip
"""What belongs to a stay and not to the person."""


def newborn(session: Session, household: Household, child: Newborn, on: date) -> Member:
    """Add a child born on a day; without a number it is kept under a stand-in, with its mark."""
    if child.id_no:
        return write_person(session, household, Person(child.name.strip(), child.id_no, child.relation), on)
    key = new_row_key()
    member = Member(
        row_key=key, household=household, village_code=household.village_code, township_code=household.township_code,
        name=child.name.strip(), relation=child.relation, sex=child.sex, birth=on, joined_on=on, id_no_pending=True,
    )  # fmt: skip
    member.id_no = f"{STAND_IN}{on:%Y%m%d}{key.upper()[:8]}"
    session.add(member)
    return member


def arrive(session: Session, household: Household, person: Person, stay: Member | None, on: date) -> Member:
    """Let a person join: as they are on file where they come from a family of ours, else as they were written down."""
    if stay is None:
        return write_person(session, household, person, on)
    member = copy_stay(session, stay, household, person.relation, on)
    for name, value in person.details.items():
        if value is not None and name not in _OWN:
            setattr(member, name, value)
    if person.income or person.spending:
        write_lines(member, person.income, person.spending)
    return member


def copy_stay(session: Session, stay: Member, household: Household, relation: Relation, on: date) -> Member:
    """Begin a new stay of somebody on file, with all that is known of the person, their lines and parents."""
    names = [column.key for column in inspect(Member).column_attrs if column.key not in _OWN]
    values = {name: getattr(stay, name) for name in names}
    income = [IncomeLine(kind=one.kind, year_fen=one.year_fen, note=one.note) for one in stay.income]
    spending = [SpendingLine(kind=one.kind, year_fen=one.year_fen, note=one.note) for one in stay.spending]
    parents = [
        ChildParent(kind=one.kind, state=one.state, since=one.since, until=one.until, note=one.note)
        for one in stay.parents
    ]  # fmt: skip
    member = Member(
        row_key=new_row_key(), village_code=household.village_code, township_code=household.township_code,
        relation=relation, joined_on=on, income=income, spending=spending, parents=parents, **values,
    )  # fmt: skip
    member.id_no, member.disability_cert = stay.id_no, stay.disability_cert
    household.members.append(member)
    session.flush()
    return member


def depart(session: Session, member: Member, on: date, why: LeaveReason) -> None:
    """End a stay on a day, be it before a sheet brought the person; nobody stays at home for somebody who is gone."""
    member.joined_on = min(member.joined_on, on)
    member.left_on, member.leave_reason = on, why
    free(member.household, member)
    session.flush()


def free(household: Household, gone: Member) -> None:
    """Nobody of the family cares for this person any more."""
    for member in household.members:
        if member.present and member.cares_for_id == gone.id:
            member.cares_for_id = None


def succession(household: Household, going: Sequence[Member], happened: Happened) -> list[Reason]:
    """Why the family would have no head, or nobody knows what its people are to the new one; empty where one stays."""
    staying = [m for m in household.members if m.present and m not in going]
    if not staying or (happened.kind is not Happening.NEW_HEAD and _has_head(staying)):
        return []
    head = next((m for m in staying if m.id == happened.head), None)
    if head is None:
        return [Reason("new_head_missing")]
    said = _relations(staying, head, happened.relations)
    unsaid = tuple(m.name for m in staying if m is not head and said[m.id] is None)
    return [Reason("relations_missing", names=unsaid)] if unsaid else []


def succeed(session: Session, household: Household, happened: Happened) -> None:
    """Let the named person head the family, where it has no head now or the event is about its head."""
    staying = [m for m in household.members if m.present]
    if not staying or (happened.kind is not Happening.NEW_HEAD and _has_head(staying)):
        return
    head = next(m for m in staying if m.id == happened.head)
    said = _relations(staying, head, happened.relations)
    for member in staying:
        relation = said[member.id]
        if member is not head and relation is not None:
            member.relation = relation
    session.flush()  # the family never has two heads, not even between two statements
    head.relation, household.head_name = Relation.HEAD, head.name
    session.flush()


def _has_head(people: Sequence[Member]) -> bool:
    return any(member.relation is Relation.HEAD for member in people)


def _relations(people: Sequence[Member], head: Member, said: Mapping[int, Relation]) -> dict[int, Relation | None]:
    """What each is to the new head: as it was said, else as it follows from what they were to the old one."""
    return {m.id: _said(said.get(m.id)) or to_new_head(head.relation, m.relation, m.sex) for m in people}


def _said(relation: Any) -> Relation | None:
    return relation if relation is not None and relation is not Relation.HEAD else None
