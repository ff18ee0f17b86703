"""A roster changes no approved amount: where it says that rights or money differ, the case falls due for a recheck."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from models import Benefit, Event, ImportBatch
from policy.vocabulary import IN_FORCE
from workflows import audit
from workflows.exchange.existing import chunks
from workflows.rules.rosters import ROSTERED

CALLS = frozenset({"joins_open_case", "amount_differs", "tekun_amount_differs", "head_differs"})
"""Warnings that call a case up: somebody joins, the sheet pays another amount, or names another head."""
_cases = cast(Table, Benefit.__table__)


def call_up(session: Session, household_ids: list[int], on: date, batch_id: int) -> dict[str, str | None]:
    """Let the cases in force of these families fall due for review today; returns the days before, by case."""
    before: dict[str, str | None] = {}
    for part in chunks(sorted(set(household_ids))):
        query = select(Benefit.id, Benefit.review_due_on).where(
            Benefit.household_id.in_(part), Benefit.stage.in_(IN_FORCE), Benefit.scheme.in_(ROSTERED),
            or_(Benefit.review_due_on.is_(None), Benefit.review_due_on > on),
        ).order_by(Benefit.id).with_for_update(key_share=True)  # fmt: skip
        before.update((str(id), due.isoformat() if due else None) for id, due in session.execute(query))
    _set(session, {int(id): on for id in before}, "import", batch_id)
    return before


def put_back(
    session: Session, before: Mapping[str, str | None], batch: ImportBatch, staying: Collection[int]
) -> dict[str, str | None]:
    """Give cases the review day of before, when their import is undone; returns the days of families that stay.

    A case that was worked on since, or given another day, keeps what it has.
    """
    days, left = {}, {}
    for part in chunks([int(id) for id in before]):
        later = exists().where(Event.benefit_id == Benefit.id, Event.at > batch.applied_at)
        query = select(Benefit.id, Benefit.household_id, Benefit.review_due_on, later).where(Benefit.id.in_(part))
        for case_id, home, due, worked_on in session.execute(query):
            day = before[str(case_id)]
            if home in staying:
                left[str(case_id)] = day
            elif batch.applied_at and due == batch.applied_at.date() and not worked_on:
                days[case_id] = date.fromisoformat(day) if day else None
    _set(session, days, "undo", batch.id)
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
