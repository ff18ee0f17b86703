"""What somebody still has to do because of an event or a report; done by the step itself, not by ticking it off."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, event, select
from sqlalchemy.orm import Session

from models import Benefit, Event, Finding, HouseholdEvent, HouseholdReport, HouseholdTask
from policy.calendar import add_months
from policy.division_codes import township_of
from policy.figures import Figures
from policy.vocabulary import ENDED, UNDECIDED, Action, Happening, Need
from workflows.actor import Actor, scoped


def due_of(figures: Figures, place: str, kind: Happening, happened_on: date, on: date) -> date | None:
    """By when a change must have been looked into: months from the day it happened (death: 民发〔2022〕83号)."""
    key = "review.death_months" if kind is Happening.DEATH else "review.change_months"
    figure = figures.find(key, place=place, on=on)
    return add_months(happened_on, figure.whole) if figure else None


def of_case(
    session: Session, happened: HouseholdEvent, benefit: Benefit, need: Need, due: date | None
) -> HouseholdTask:
    """Put on the township's desk what a case needs because of an event."""
    task = HouseholdTask(
        household_id=benefit.household_id, benefit_id=benefit.id, event_id=happened.id, need=need, due_on=due,
        since=happened.at.date(), township_code=benefit.township_code, village_code=benefit.village_code,
    )  # fmt: skip
    session.add(task)
    session.flush()
    return task


def of_report(session: Session, report: HouseholdReport, need: Need, village_code: str) -> HouseholdTask:
    """Put a report, or a proposed move, on the desk of the place it waits for (or of whoever waits)."""
    task = HouseholdTask(
        household_id=report.household_id, report_id=report.id, need=need, due_on=report.due_on,
        since=report.proposed_at.date(), township_code=township_of(village_code), village_code=village_code,
    )  # fmt: skip
    session.add(task)
    session.flush()
    return task


def waiting(actor: Actor) -> Select[Any]:
    """The tasks under the actor that are not done, those due first."""
    query = scoped(select(HouseholdTask).where(HouseholdTask.done_on.is_(None)), HouseholdTask, actor)
    return query.order_by(HouseholdTask.due_on.is_(None), HouseholdTask.due_on, HouseholdTask.id)


def finish(session: Session, on: date, *, report_id: int | None = None, event_id: int | None = None) -> None:
    """Close what was to be done for a report, or because of an event that is taken back."""
    query = select(HouseholdTask).where(HouseholdTask.done_on.is_(None))
    of = HouseholdTask.report_id == report_id if report_id is not None else HouseholdTask.event_id == event_id
    for task in session.scalars(query.where(of)):
        task.done_on = on
    session.flush()


def _met_by(row: Event) -> Collection[Need]:
    """What a step of a case settles."""
    if row.to_stage in ENDED:
        return (Need.RECHECK, Need.CALCULATE, Need.END)
    if row.action is Action.START_RECHECK:
        return (Need.RECHECK,)
    decided = row.from_stage in UNDECIDED and row.to_stage not in UNDECIDED
    return (Need.CALCULATE,) if decided else ()


@event.listens_for(Session, "before_flush")
def _answered(session: Session, context: Any, instances: Any) -> None:
    for row in list(session.new):
        if isinstance(row, Finding):
            close(session, row.benefit_id, (Need.CALCULATE,), row.at.date())
        elif isinstance(row, Event) and row.benefit is not None and (needs := _met_by(row)):
            close(session, row.benefit.id, needs, row.at.date())


def close(session: Session, benefit_id: int | None, needs: Collection[Need], on: date) -> None:
    """What a case needed is done."""
    with session.no_autoflush:
        query = select(HouseholdTask).where(
            HouseholdTask.benefit_id == benefit_id, HouseholdTask.done_on.is_(None), HouseholdTask.need.in_(needs)
        )
        for task in session.scalars(query):
            task.done_on = on
