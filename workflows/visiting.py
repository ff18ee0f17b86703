"""Visits: recording one that was made, and planning those that fall due each quarter."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, delete, exists, insert, select, text
from sqlalchemy.orm import Session

from models import Attachment, Benefit, Household, Visit, VisitChange, Visitor
from policy.calendar import add_months
from policy.figures import Figures
from policy.vocabulary import IN_FORCE, Change, Scheme, VisitKind
from workflows import audit, desk
from workflows.actor import SYSTEM, Actor, within
from workflows.facts import Given, Surveyor
from workflows.loading import parts
from workflows.reason import Reason, Refused, unchanged


@dataclass(frozen=True)
class Told:
    """What is told of a visit: its kind, who went when and met whom, and what changed since the last.

    ``consistent``: all is as it was; None where nobody was at home who could say.
    """

    kind: VisitKind
    given: Given
    changes: tuple[Change, ...] = ()
    consistent: bool | None = None


def add_visit(
    session: Session,
    household: Household,
    kind: VisitKind,
    given: Given,
    actor: Actor,
    now: datetime,
    benefit: Benefit | None = None,
) -> Visit:
    """Write down a visit that was made; what must be given is the caller's to check."""
    visit = Visit(
        household=household,
        benefit=benefit,
        kind=kind,
        created_by=actor.id,
        township_code=household.township_code,
        village_code=household.village_code,
    )
    session.add(visit)
    _fill(visit, given, now.date(), ())
    return visit


def record_visit(
    session: Session,
    household: Household,
    told: Told,
    actor: Actor,
    now: datetime,
    visit: Visit | None = None,
    version: int | None = None,
) -> Visit:
    """Record a visit, completing the planned one when given; raises Refused with every reason, or Stale.

    A done visit is not recorded twice; surveys and county visits belong to a case and go through ``casework``.
    """
    reasons = _visit_reasons(household, told, actor, now.date(), visit)
    if reasons:
        raise Refused(reasons)
    if visit is not None:
        unchanged(visit, version)
    audit.attribute(session, actor, now)
    visit = visit or add_visit(session, household, told.kind, told.given, actor, now)
    _fill(visit, told.given, now.date(), told.changes)
    visit.consistent = told.consistent
    visit.open_since = visit.done_on if told.changes or told.consistent is False else None
    session.flush()
    return visit


def told_before(session: Session, household: Household, told: Told, actor: Actor, on: date) -> Visit | None:
    """The visit that the same person told in the same words for the same day: the form was sent from two windows.

    Holds the family until the transaction ends, so of two windows at the same instant the second finds the first's.
    """
    session.refresh(household, with_for_update=True)
    given = told.given
    same = {
        "household_id": household.id, "kind": told.kind, "done_on": given.day or on, "found": given.words.strip(),
        "met": given.met, "at_home": given.at_home, "consistent": told.consistent, "created_by": actor.id,
    }  # fmt: skip
    lists = sorted(_names(given.surveyors)), sorted(told.changes)
    for visit in session.scalars(select(Visit).filter_by(**same).order_by(Visit.id)):
        if (sorted(one.name for one in visit.visitors), sorted(one.change for one in visit.changes)) == lists:
            return visit
    return None


def _visit_reasons(household: Household, told: Told, actor: Actor, on: date, visit: Visit | None) -> list[Reason]:
    given = told.given
    day = given.day or on
    found = [
        Reason("not_in_your_division") if not within(actor, household.village_code) else None,
        Reason("visit_belongs_to_case") if told.kind in (VisitKind.SURVEY, VisitKind.COUNTY) else None,
        Reason("visit_done_before") if visit is not None and visit.done_on is not None else None,
        Reason("surveyors_missing") if not _names(given.surveyors) else None,
        Reason("day_in_future", day=day) if day > on else None,
        Reason("visit_words_missing") if not given.words.strip() else None,
    ]
    return [reason for reason in found if reason is not None]


def _fill(visit: Visit, given: Given, on: date, changes: tuple[Change, ...]) -> None:
    visit.done_on = given.day or on
    visit.met, visit.at_home, visit.found = given.met, given.at_home, given.words.strip()
    visit.visitors = [Visitor(name=name, user_id=user_id) for name, user_id in _names(given.surveyors).items()]
    visit.changes = [VisitChange(change=change) for change in changes]


def _names(surveyors: tuple[Surveyor, ...]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for who in surveyors:
        if name := who.name.strip():
            found[name] = found.get(name) or who.user_id
    return found


def last_visit(session: Session, household_id: int) -> Visit | None:
    """The last visit made to a household."""
    query = select(Visit).where(Visit.household_id == household_id, Visit.done_on.is_not(None))
    return session.scalar(query.order_by(Visit.done_on.desc(), Visit.id.desc()).limit(1))


def quarter_of(day: date) -> tuple[date, date]:
    """First and last day of the quarter of ``day``."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return first, date.fromordinal(add_months(first, 3).toordinal() - 1)


def plan_quarter(session: Session, now: datetime, figures: Figures) -> int:
    """Plan this quarter's visit to every family on 低保 where the place asks for one; set-based, once a quarter.

    Returns how many were planned (珙县试点工作方案 二(二)8: at least one visit a quarter). Of two that plan at once
    one waits, and finds it done.
    """
    first, last = quarter_of(now.date())
    planned = 0
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(9135, hashtext(current_schema()))"))
    towns = select(Household.township_code).distinct().order_by(Household.township_code)
    for township in session.scalars(towns).all():
        figure = figures.find("visit.per_quarter", place=township, on=now.date())
        if figure is not None and figure.whole:
            planned += _plan(session, township, first, last, now)
    return planned


def _plan(session: Session, township: str, first: date, last: date, now: datetime) -> int:
    families = session.execute(_unplanned(township, first, last)).all()
    if not families:
        return 0
    rows = [
        {"household_id": family, "village_code": village, "township_code": township, "kind": VisitKind.QUARTERLY,
         "due_on": last, "met": "", "at_home": True, "found": "", "row_version": 1}
        for family, village in families
    ]  # fmt: skip
    audit.attribute(session, SYSTEM, now)
    with audit.set_based(session):
        session.execute(insert(Visit), rows)
        told = ({"household_id": row["household_id"], "due_on": last.isoformat()} for row in rows)
        audit.bulk(session, "visit", told, action="plan", township_code=township)
    desk.recount(session, {township})
    return len(rows)


def _unplanned(township: str, first: date, last: date) -> Select[int, str]:
    planned = exists().where(
        Visit.household_id == Household.id, Visit.kind == VisitKind.QUARTERLY, Visit.due_on.between(first, last)
    )
    families = select(Household.id, Household.village_code).where(
        Household.township_code == township, _paid(Household.id), ~planned
    )
    return families.order_by(Household.id)


def call_off(session: Session, household_id: int) -> None:
    """Take back the planned visits of a family that receives no 低保 (any more); their documents stay with the family.

    In the caller's transaction, who has said who acts.
    """
    visits = session.scalars(select(Visit).where(Visit.household_id == household_id, *_in_vain()).with_for_update())
    for visit in visits.all():
        _keep_documents(session, [visit.id])
        session.delete(visit)


def call_off_many(session: Session, household_ids: Collection[int]) -> int:
    """The same for many families, set-based; returns how many were taken back. The caller has the desk counted anew."""
    count = 0
    for homes in parts(sorted(household_ids), 500):
        found = select(Visit.id, Visit.household_id, Visit.due_on).where(Visit.household_id.in_(homes), *_in_vain())
        if not (rows := session.execute(found.order_by(Visit.id).with_for_update()).all()):
            continue
        numbers = [row.id for row in rows]
        _keep_documents(session, numbers)
        with audit.set_based(session):
            gone = delete(Visit).where(Visit.id.in_(numbers))
            session.execute(gone.execution_options(synchronize_session=False))
            told = ({"household_id": row.household_id, "due_on": row.due_on.isoformat()} for row in rows)
            audit.bulk(session, "visit", told, action="delete")
        count += len(rows)
    return count


def _in_vain() -> tuple[ColumnElement[bool], ...]:
    """Visits that nobody made and that 低保 calls for no more."""
    return Visit.kind == VisitKind.QUARTERLY, Visit.done_on.is_(None), ~_paid(Visit.household_id)


def _keep_documents(session: Session, visit_ids: Sequence[int]) -> None:
    """What was added to visits that will not be made is the family's."""
    for document in session.scalars(select(Attachment).where(Attachment.visit_id.in_(visit_ids))):
        document.visit_id = None
    session.flush()


def _paid(household_id: Any) -> Exists:
    return exists().where(
        Benefit.household_id == household_id, Benefit.scheme == Scheme.DIBAO, Benefit.stage.in_(IN_FORCE)
    )
