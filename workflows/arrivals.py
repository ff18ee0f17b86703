"""Somebody who left for a family of another township of the county is expected there, until that one has entered them.

Meanwhile their own case goes on where it lies and nothing of it ends: between two offices nobody loses a month.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, Select, exists, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from models import Benefit, Household, HouseholdEvent, HouseholdReport, HouseholdTask, Member
from models.sealing import blind
from policy.vocabulary import OPEN, Need, Role
from workflows import audit
from workflows.actor import Actor, within
from workflows.household_tasks import of_case
from workflows.reason import Reason, Refused, unchanged
from workflows.whose import OWN, own

ENTERERS = (Role.TOWNSHIP_OFFICER,)


def expected_hashes() -> Select[str]:
    """The blinded ID numbers of everybody who is expected somewhere."""
    query = select(Member.id_no_hash).join(HouseholdReport, HouseholdReport.member_id == Member.id)
    query = query.join(HouseholdTask, HouseholdTask.report_id == HouseholdReport.id)
    return query.where(HouseholdTask.need == Need.ENTER, HouseholdTask.done_on.is_(None))


def expected(session: Session | Connection, benefit: Benefit) -> bool:
    """Whether the person of a case has left one family, and is not entered yet in the other that asked for them."""
    if not own(benefit):
        return False
    who = select(Member.id_no_hash).where(Member.id == benefit.member_id).scalar_subquery()
    there = exists().where(Member.id_no_hash == who, Member.left_on.is_(None))
    return bool(session.scalar(select(who.in_(expected_hashes()) & ~there)))


def somewhere() -> ColumnElement[bool]:
    """Of a benefit in a query: it is one person's own, and the person is in some family, or on the way to one."""
    named, there = aliased(Member), aliased(Member)
    same = (named.id == Benefit.member_id, there.id_no_hash == named.id_no_hash, there.left_on.is_(None))
    awaited = exists().where(named.id == Benefit.member_id, named.id_no_hash.in_(expected_hashes()))
    return OWN & (exists().where(*same) | awaited)


def looked_for(on: date) -> ColumnElement[bool]:
    """Of a benefit in a query: its person left, and another township may enter them before the day that is set."""
    task = HouseholdTask
    return exists().where(
        task.benefit_id == Benefit.id, task.need == Need.END, task.done_on.is_(None), task.due_on > on
    )


def last_stay(session: Session, id_no: str, household: Household) -> Member | None:
    """The stay that somebody left who is expected here, or whose own case is open: what is known comes along."""
    known = Member.id_no_hash == blind("id_no", id_no)
    query = select(Member).join(HouseholdReport, HouseholdReport.member_id == Member.id)
    query = query.join(HouseholdTask, HouseholdTask.report_id == HouseholdReport.id)
    mine = (HouseholdTask.need == Need.ENTER, HouseholdTask.done_on.is_(None),
            HouseholdTask.household_id == household.id)  # fmt: skip
    if stay := session.scalars(query.where(known, *mine)).first():
        return stay
    case = select(Member).join(Benefit, Benefit.member_id == Member.id)
    left = (known, OWN, Benefit.stage.in_(OPEN), Member.left_on.is_not(None))
    return session.scalars(case.where(*left).order_by(Member.left_on.desc(), Member.id.desc())).first()


def await_there(session: Session, report: HouseholdReport, household: Household, on: date) -> HouseholdTask:
    """Put on the desk of the family that asked that the person can be entered now."""
    task = HouseholdTask(
        household_id=household.id, report_id=report.id, need=Need.ENTER, due_on=report.due_on, since=on,
        township_code=household.township_code, village_code=household.village_code,
    )  # fmt: skip
    session.add(task)
    session.flush()
    return task


def entered(session: Session, event: HouseholdEvent, households: Iterable[Household]) -> None:
    """Whoever is in one of these families now is expected no more."""
    ids = [household.id for household in households]
    here = select(Member.id_no_hash).where(Member.household_id.in_(ids), Member.left_on.is_(None))
    for task in session.scalars(_open().join(Member, Member.id == HouseholdReport.member_id)
                                .where(Member.id_no_hash.in_(here))):  # fmt: skip
        task.done_on, task.event_id = event.at.date(), event.id
    session.flush()


def taken_back(session: Session, event: HouseholdEvent, on: date) -> None:
    """An entry was taken back: who was entered by it is expected again, who left by it no more."""
    left = _open().where(HouseholdReport.event_id == event.id)
    for task in session.scalars(left):
        task.done_on = on
    came = select(HouseholdTask).where(HouseholdTask.need == Need.ENTER, HouseholdTask.event_id == event.id)
    for task in session.scalars(came):
        task.done_on, task.event_id = None, None
    session.flush()


def coming_cases(session: Session, households: Iterable[Household]) -> list[Benefit]:
    """The open cases that lie elsewhere of people who are in one of these families."""
    ids = [household.id for household in households]
    named = aliased(Member)
    here = select(Member.id_no_hash).where(Member.household_id.in_(ids), Member.left_on.is_(None))
    query = select(Benefit).join(named, named.id == Benefit.member_id).where(
        OWN, Benefit.stage.in_(OPEN), named.id_no_hash.in_(here),
        Benefit.household_id.not_in(ids),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Benefit.id)))


def may_give_up(task: HouseholdTask, actor: Actor) -> list[Reason]:
    """Why this person may not say that somebody is not coming."""
    found = [] if actor.role in ENTERERS else [Reason("not_your_role", roles=ENTERERS)]
    found += [] if within(actor, task.village_code) else [Reason("not_in_your_division")]
    return found + ([] if task.done_on is None else [Reason("report_answered")])


def give_up(
    session: Session, task: HouseholdTask, words: str, actor: Actor, now: datetime, version: int | None = None
) -> None:
    """Somebody who was expected does not come: their own cases end where they lie, which that township reads.

    Raises Refused with every reason, or Stale for an old row version.
    """
    if faults := [*may_give_up(task, actor), *([] if len(words.strip()) >= 2 else [Reason("words_missing")])]:
        raise Refused(faults)
    unchanged(task, version)
    audit.attribute(session, actor, now, words)
    task.done_on = now.date()
    session.flush()
    report = task.report
    assert report is not None and report.member is not None and report.event_id is not None
    left = session.get_one(HouseholdEvent, report.event_id)
    for benefit in _stranded(session, report.member):
        of_case(session, left, benefit, Need.END, now.date())


def _stranded(session: Session, stay: Member) -> list[Benefit]:
    """The person's own open cases, where the person is in no family."""
    named = aliased(Member)
    there = exists().where(Member.id_no_hash == stay.id_no_hash, Member.left_on.is_(None))
    query = select(Benefit).join(named, named.id == Benefit.member_id).where(
        OWN, Benefit.stage.in_(OPEN), named.id_no_hash == stay.id_no_hash, ~there
    )  # fmt: skip
    return list(session.scalars(query.order_by(Benefit.id)))


def _open() -> Select[HouseholdTask]:
    query = select(HouseholdTask).join(HouseholdReport, HouseholdReport.id == HouseholdTask.report_id)
    return query.where(HouseholdTask.need == Need.ENTER, HouseholdTask.done_on.is_(None))
