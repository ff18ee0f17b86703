"""Who belongs to a family, and where it lives: founding, joining, leaving, naming a head, moving; each on record.

A verb works in the caller's transaction and raises Refused with every reason, or Stale for an old row version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Attachment, Benefit, Crosscheck, Division, Household, Instalment, Member, Objection, OwedPaper, Visit, Watch
from models.sealing import blind
from policy.identity import parse_id_number
from policy.vocabulary import IN_FORCE, Action, Area, Cause, LeaveReason, Relation, Role, Scheme, Stage, Tag
from workflows import audit
from workflows.actor import Actor, within
from workflows.correction import set_causes, set_tags
from workflows.matching.settling import settle_deaths
from workflows.people import Person, write_person
from workflows.reason import Reason, Refused, Stale

FIELD = (Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER)
"""Who keeps the families of a place."""
VILLAGE_DIGITS = 12


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


@dataclass(frozen=True)
class Offer:
    """A step of a case that a change in the family calls for; nobody is made to take it here."""

    benefit: Benefit
    action: Action


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
        village_code=home.village_code, township_code=home.village_code[:9], head_name=head.name,
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


def join(
    session: Session,
    actor: Actor,
    now: datetime,
    household: Household,
    person: Person,
    on: date,
    why: str = "",
    version: int | None = None,
) -> Member:
    """Let a person join a family on a day: by birth, marriage or moving in."""
    reasons = [*_may(actor, household.village_code), *_lives(household), *heads([person], household)]
    _refuse([*reasons, *_arrival(session, actor, person, household.id, on, now.date())])
    _stale(household, version)
    audit.attribute(session, actor, now, why)
    member = write_person(session, household, person, on)
    if person.relation is Relation.HEAD:
        household.head_name = person.name
    count_persons(session, household)
    return member


def leave(
    session: Session,
    actor: Actor,
    now: datetime,
    member: Member,
    on: date,
    reason: LeaveReason | None,
    new_head: Member | None = None,
    why: str = "",
    version: int | None = None,
) -> tuple[Offer, ...]:
    """End a person's stay on a day; returns the steps that cases of the family now call for.

    When the head leaves, ``new_head`` may follow; without one the family has no head until one is named.
    """
    _refuse([*_may(actor, member.village_code), *_leaving(member, on, reason, new_head, now.date())])
    _stale(member, version)
    audit.attribute(session, actor, now, why)
    household = member.household
    member.left_on, member.leave_reason = on, reason
    session.flush()
    if new_head is not None:
        new_head.relation, household.head_name = Relation.HEAD, new_head.name
    count_persons(session, household)
    if household.persons == 0:
        household.dissolved_on = max(on, household.registered_on)
        session.flush()
    settle_deaths(session, actor, member, now)
    return called_for(session, household)


def name_head(
    session: Session,
    actor: Actor,
    now: datetime,
    household: Household,
    head: Member,
    relations: Mapping[int, Relation],
    why: str = "",
    version: int | None = None,
) -> None:
    """Let another present member head the family; ``relations`` says what the others (by id) are to the new head."""
    others = [m for m in household.members if m.present and m.id != head.id]
    _refuse([*_may(actor, household.village_code), *_heading(household, head, others, relations)])
    _stale(household, version)
    audit.attribute(session, actor, now, why)
    for member in others:
        member.relation = relations[member.id]
    session.flush()  # the family never has two heads, not even between two statements
    head.relation, household.head_name = Relation.HEAD, head.name
    session.flush()


def move_address(
    session: Session,
    actor: Actor,
    now: datetime,
    household: Household,
    address: str,
    village_code: str,
    why: str = "",
    version: int | None = None,
) -> None:
    """Let a family live at another address, also in another village of its township; its open work moves along."""
    _refuse([
        *_may(actor, household.village_code), *_may(actor, village_code)[:1], *no_village(session, village_code),
        *([Reason("address_missing")] if not address.strip() else []),
        *([Reason("move_across_townships")] if village_code[:9] != household.township_code else []),
    ])  # fmt: skip
    _stale(household, version)
    audit.attribute(session, actor, now, why)
    household.address = address.strip()
    if village_code != household.village_code:
        for row in _rows_in_village(session, household):
            row.village_code = village_code
    session.flush()


def called_for(session: Session, household: Household) -> tuple[Offer, ...]:
    """The steps that cases of a family call for after somebody came or went: an end after death, or a recheck."""
    from workflows.evidence import living

    found = []
    query = select(Benefit).where(Benefit.household_id == household.id, Benefit.stage.in_(IN_FORCE))
    for benefit in session.scalars(query.order_by(Benefit.id)):
        if living(session, benefit) == 0:
            found.append(Offer(benefit, Action.END_ON_DEATH))
        elif benefit.stage is Stage.ACTIVE and benefit.scheme is Scheme.DIBAO:
            found.append(Offer(benefit, Action.START_RECHECK))
    return tuple(found)


def count_persons(session: Session, household: Household) -> None:
    """Keep the number of persons equal to those who are there."""
    session.flush()
    query = select(Member.id).where(Member.household_id == household.id, Member.left_on.is_(None))
    household.persons = len(session.scalars(query).all())
    session.flush()


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
    known = len(code) == VILLAGE_DIGITS and session.get(Division, code) is not None
    return [] if known else [Reason("village_missing")]


def _may(actor: Actor, place: str) -> list[Reason]:
    found = [] if within(actor, place) else [Reason("not_in_your_division")]
    return found if actor.role in FIELD else [*found, Reason("not_your_role", roles=FIELD)]


def _lives(household: Household) -> list[Reason]:
    return [Reason("household_dissolved", on=household.dissolved_on)] if household.dissolved_on else []


def _arrival(
    session: Session, actor: Actor, person: Person, household_id: int | None, on: date, today: date
) -> list[Reason]:
    found = [Reason("day_in_future", day=on)] if on > today else []
    if on < parse_id_number(person.id_no).birth:
        found.append(Reason("joins_before_birth", name=person.name))
    taken = id_taken(session, actor, person.id_no, household_id, on)
    return [*found, taken] if taken else found


def _leaving(
    member: Member, on: date, reason: LeaveReason | None, new_head: Member | None, today: date
) -> list[Reason]:
    found = [
        Reason("left_before", on=member.left_on) if not member.present else None,
        Reason("leave_reason_missing") if reason is None else None,
        Reason("day_in_future", day=on) if on > today else None,
        Reason("leaves_before_joining", joined=member.joined_on) if on < member.joined_on else None,
        Reason("head_not_there") if new_head is not None and not _follows(member, new_head) else None,
    ]
    return [reason for reason in found if reason is not None]


def _follows(member: Member, new_head: Member) -> bool:
    same = new_head.household_id == member.household_id and new_head.id != member.id
    return same and new_head.present and member.relation is Relation.HEAD


def _heading(
    household: Household, head: Member, others: Sequence[Member], relations: Mapping[int, Relation]
) -> list[Reason]:
    found = [] if head.present and head.household_id == household.id else [Reason("head_not_there")]
    if head.relation is Relation.HEAD:
        found.append(Reason("head_already", name=head.name))
    unsaid = tuple(m.name for m in others if relations.get(m.id) in (None, Relation.HEAD))
    return [*found, Reason("relations_missing", names=unsaid)] if unsaid else found


def _rows_in_village(session: Session, household: Household) -> list[Any]:
    """Every row of the family that carries its village; events stay where they happened."""
    rows: list[Any] = [household]
    for model in (Member, Benefit, Visit, Attachment):
        rows += session.scalars(select(model).where(model.household_id == household.id))
    cases = select(Benefit.id).where(Benefit.household_id == household.id)
    for part in (OwedPaper, Objection, Crosscheck, Instalment, Watch):
        rows += session.scalars(select(part).where(part.benefit_id.in_(cases)))
    return rows


def _stale(row: Household | Member, version: int | None) -> None:
    if version is not None and version != row.row_version:
        raise Stale(version, row.row_version)


def _refuse(reasons: Sequence[Reason]) -> None:
    if reasons:
        raise Refused(dict.fromkeys(reasons))
