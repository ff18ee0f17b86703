"""A family put on file, and what is asked of anybody who comes into one; what happens in it later are its events.

A verb works in the caller's transaction and raises Refused with every reason, or Stale for an old row version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import (
    Division,
    Household,
    Member,
)
from models.sealing import blind
from policy.division_codes import is_village, township_of
from policy.identity import parse_id_number
from policy.vocabulary import Area, Cause, LeaveReason, Relation, Tag
from workflows import audit
from workflows.actor import FIELD, Actor, within
from workflows.correction import set_causes, set_tags
from workflows.people import Person, write_person
from workflows.reason import Reason, Refused

"""Who keeps the families of a place."""


@dataclass(frozen=True)
class Home:
    """Where a family lives and where it is paid; ``numbers`` are kept sealed (phone, account, one_card)."""

    village_code: str
    address: str = ""
    area: Area = Area.RURAL
    causes: tuple[Cause, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[Tag, ...] | None = None
    """Marks of the family; None leaves those on file."""


def found_household(
    session: Session, actor: Actor, now: datetime, home: Home, people: Sequence[Person], on: date | None = None
) -> Household:
    """Put a new family on file with the people in it (one of them its head), since ``on`` or today."""
    day = on or now.date()
    reasons = [*_may(actor, home.village_code), *no_village(session, home.village_code), *heads(people, None)]
    reasons += [r for person in people for r in _arrival(session, actor, person, None, day, now.date())]
    _refuse(reasons)
    audit.attribute(session, actor, now)
    head = next(person for person in people if person.relation is Relation.HEAD)
    household = Household(
        village_code=home.village_code, township_code=township_of(home.village_code), head_name=head.name,
        registered_on=day, created_at=now, persons=len(people),
    )  # fmt: skip
    session.add(household)
    write_home(household, home)
    for person in people:
        write_person(session, household, person, day)
    session.flush()
    return household


def write_home(household: Household, home: Home) -> None:
    """Set what is known of the home; a number left out stays as it is."""
    household.address, household.area = home.address, home.area
    for name, value in home.details.items():
        setattr(household, name, value)
    for name, number in home.numbers.items():
        setattr(household, name, number)
    set_causes(household, home.causes)
    if home.tags is not None:
        set_tags(household, home.tags)


def count_persons(session: Session, household: Household) -> None:
    """Keep the number of persons equal to those who are there."""
    session.flush()
    query = select(Member.id).where(Member.household_id == household.id, Member.left_on.is_(None))
    household.persons = len(session.scalars(query).all())
    session.flush()


def stayed_until(session: Session, stay: Member) -> date | None:
    """The last day on which another stay of the same person ended; None where there was none."""
    other = (Member.id_no_hash == stay.id_no_hash, Member.id != stay.id, Member.left_on.is_not(None))
    real = Member.leave_reason.is_distinct_from(LeaveReason.CORRECTION)
    return session.scalar(select(func.max(Member.left_on)).where(*other, real))


def id_taken(session: Session, actor: Actor, id_no: str, household_id: int | None, on: date) -> Reason | None:
    """Why somebody with this ID number cannot join on a day; of families elsewhere it tells only that there is one."""
    mistaken = or_(Member.leave_reason.is_(None), Member.leave_reason != LeaveReason.CORRECTION)
    stays = session.scalars(select(Member).where(Member.id_no_hash == blind("id_no", id_no), mistaken)).all()
    stay = next((s for s in stays if s.left_on is None or s.left_on > on), None)
    if stay is None:
        return None
    if not within(actor, stay.village_code):
        return Reason("id_elsewhere")
    if stay.left_on is not None:
        return Reason("id_stay_until", until=stay.left_on)
    if stay.household_id == household_id:
        return Reason("id_in_this_household", name=stay.name)
    return Reason("id_in_other_household", head=stay.household.head_name, household_id=stay.household_id)


def heads(people: Sequence[Person], household: Household | None) -> list[Reason]:
    """A family has one head: a new one exactly one, one on file at most one."""
    count = sum(person.relation is Relation.HEAD for person in people)
    if household is None:
        return [] if count == 1 else [Reason("one_head", have=count)]
    there = any(m.present and m.relation is Relation.HEAD for m in household.members)
    return [Reason("second_head", head=household.head_name)] if count + there > 1 else []


def no_village(session: Session, code: str) -> list[Reason]:
    """A family lives in a village or community that exists."""
    known = is_village(code) and session.get(Division, code) is not None
    return [] if known else [Reason("village_missing")]


def _may(actor: Actor, place: str) -> list[Reason]:
    found = [] if within(actor, place) else [Reason("not_in_your_division")]
    return found if actor.role in FIELD else [*found, Reason("not_your_role", roles=FIELD)]


def _arrival(
    session: Session, actor: Actor, person: Person, household_id: int | None, on: date, today: date
) -> list[Reason]:
    found = [Reason("day_in_future", day=on)] if on > today else []
    if on < parse_id_number(person.id_no).birth:
        found.append(Reason("joins_before_birth", name=person.name))
    taken = id_taken(session, actor, person.id_no, household_id, on)
    return [*found, taken] if taken else found


def _refuse(reasons: Sequence[Reason]) -> None:
    if reasons:
        raise Refused(dict.fromkeys(reasons))
