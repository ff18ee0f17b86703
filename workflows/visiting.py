"""Visits: recording one that was made, and planning those that fall due each quarter."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Household, Visit, VisitChange, Visitor
from policy.vocabulary import Change, VisitKind
from workflows import audit
from workflows.actor import Actor, within
from workflows.facts import Given, Surveyor
from workflows.reason import Reason, Refused, Stale


def add_visit(
    session: Session, household: Household, kind: VisitKind, given: Given, actor: Actor, now: datetime,
    benefit: Benefit | None = None,
) -> Visit:
    """Write down a visit that was made; what must be given is the caller's to check."""
    visit = Visit(
        household=household, benefit=benefit, kind=kind, created_by=actor.id,
        township_code=household.township_code, village_code=household.village_code,
    )
    session.add(visit)
    _fill(visit, given, now.date(), ())
    return visit


def record_visit(
    session: Session, household: Household, kind: VisitKind, given: Given, changes: tuple[Change, ...],
    consistent: bool | None, actor: Actor, now: datetime, visit: Visit | None = None, version: int | None = None,
) -> Visit:
    """Record a visit, completing the planned one when given; raises Refused with every reason, or Stale.

    A done visit is not recorded twice; surveys and county visits belong to a case and go through ``casework``.
    """
    reasons = _visit_reasons(household, kind, given, actor, now.date(), visit)
    if reasons:
        raise Refused(reasons)
    if visit is not None and version is not None and visit.row_version != version:
        raise Stale(version, visit.row_version)
    audit.attribute(session, actor, now)
    visit = visit or add_visit(session, household, kind, given, actor, now)
    _fill(visit, given, now.date(), changes)
    visit.consistent = consistent
    session.flush()
    return visit


def _visit_reasons(
    household: Household, kind: VisitKind, given: Given, actor: Actor, on: date, visit: Visit | None
) -> list[Reason]:
    day = given.day or on
    found = [
        Reason("not_in_your_division") if not within(actor, household.village_code) else None,
        Reason("visit_belongs_to_case") if kind in (VisitKind.SURVEY, VisitKind.COUNTY) else None,
        Reason("visit_done_before") if visit is not None and visit.done_on is not None else None,
        Reason("surveyors_missing") if not _names(given.surveyors) else None,
        Reason("day_in_future", day=day) if day > on else None,
        Reason("words_missing") if not given.words.strip() else None,
    ]
    return [reason for reason in found if reason is not None]


def _fill(visit: Visit, given: Given, on: date, changes: tuple[Change, ...]) -> None:
    visit.done_on = given.day or on
    visit.met, visit.at_home, visit.found = given.met, given.at_home, given.words.strip()
    visit.visitors = [Visitor(name=name, user_id=user_id) for name, user_id in _names(given.surveyors).items()]
    visit.changes = [VisitChange(change=change) for change in changes]


def _names(surveyors: tuple[Surveyor, ...]) -> dict[str, int | None]:
    return {who.name.strip(): who.user_id for who in surveyors if who.name.strip()}


def last_visit(session: Session, household_id: int) -> Visit | None:
    """The last visit made to a household."""
    query = select(Visit).where(Visit.household_id == household_id, Visit.done_on.is_not(None))
    return session.scalar(query.order_by(Visit.done_on.desc(), Visit.id.desc()).limit(1))
