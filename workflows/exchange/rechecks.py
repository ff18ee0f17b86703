"""A roster changes no approved amount: where it says that rights or money differ, the case falls due for a recheck."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from models import Benefit, Event, ImportBatch
from policy.vocabulary import CLASSES, IN_FORCE, Action
from workflows import audit, called_up_many
from workflows.called_up import changed_beside
from workflows.exchange.existing import chunks
from workflows.rules.rosters import ROSTERED

CALLS = frozenset({"joins_open_case", "amount_differs", "tekun_amount_differs", "head_differs"})
"""Warnings that call a case up: somebody joins, the sheet pays another amount, or names another head."""
TAKEN_BACK = "导入已撤回，复核日期恢复原定。"
_cases = cast(Table, Benefit.__table__)


def call_up(session: Session, household_ids: list[int], on: date, batch_id: int) -> dict[int, date | None]:
    """Let what is in force of these families (money, or a recognition without) fall due for review today.

    Returns the days before, by case.
    """
    before: dict[int, date | None] = {}
    for part in chunks(sorted(set(household_ids))):
        query = select(Benefit.id, Benefit.review_due_on).where(
            Benefit.household_id.in_(part), Benefit.stage.in_(IN_FORCE), Benefit.scheme.in_((*ROSTERED, *CLASSES)),
            or_(Benefit.review_due_on.is_(None), Benefit.review_due_on > on),
        ).order_by(Benefit.id).with_for_update(key_share=True)  # fmt: skip
        before.update((id, due) for id, due in session.execute(query))
    _set(session, dict.fromkeys(before, on), "import", batch_id)
    return before


def put_back(
    session: Session, before: Mapping[str, str | None], batch: ImportBatch, staying: Collection[int], now: datetime
) -> dict[str, str | None]:
    """Give cases the review day of before, when their import is undone; returns the days of families that stay.

    A case that was worked on since, or given another day, or that rests on something else that was decided since, keeps
    what it has. Whose history says that it was called up
    (by a case that came beside it) is told there that this is over.
    """
    days: dict[bool, dict[int, date | None]] = {True: {}, False: {}}
    left = {}
    of_case = select(Event.id).where(Event.benefit_id == Benefit.id)
    worked_on = of_case.where(Event.at > batch.applied_at).exists().label("worked_on")
    planned = of_case.where(Event.batch_id == batch.id, Event.action == Action.PLAN_REVIEW).exists().label("planned")
    needed = changed_beside(Event.at > batch.applied_at, Event.batch_id.is_distinct_from(batch.id)).label("needed")
    query = select(Benefit.id, Benefit.household_id, Benefit.review_due_on, worked_on | needed, planned)
    for part in chunks([int(id) for id in before]):
        for case_id, home, due, worked, told in session.execute(query.where(Benefit.id.in_(part))):
            day = before[str(case_id)]
            if home in staying:
                left[str(case_id)] = day
            elif batch.applied_at and due == batch.applied_at.date() and not worked:
                days[told][case_id] = date.fromisoformat(day) if day else None
    _set(session, days[False], "undo", batch.id)
    called_up_many.put_back(session, days[True], TAKEN_BACK, now, batch.id, {"batch": batch.id})
    return left


def _set(session: Session, days: Mapping[int, date | None], action: str, batch_id: int) -> None:
    if not days:
        return
    statement = update(_cases).where(_cases.c.id == bindparam("of")).values(
        review_due_on=bindparam("due"), row_version=_cases.c.row_version + 1
    )  # fmt: skip
    rows: list[dict[str, Any]] = [{"of": id, "due": day} for id, day in days.items()]
    with audit.set_based(session):
        session.execute(statement, rows)
        told = ({"id": row["of"], "review_due_on": row["due"]} for row in rows)
        audit.bulk(session, "benefit", told, action=action, after={"batch": batch_id})
