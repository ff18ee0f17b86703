"""A roster changes no approved amount: where it says that rights or money differ, the case falls due for a recheck."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session

from models import Benefit
from policy.vocabulary import IN_FORCE, Scheme
from workflows import audit
from workflows.exchange.existing import chunks

CALLS = frozenset({"joins_open_case", "amount_differs", "tekun_amount_differs"})
"""Warnings that call a case up: somebody joins, or the sheet pays another amount."""
SCHEMES = (Scheme.DIBAO, Scheme.TEKUN)
_cases = cast(Table, Benefit.__table__)


def call_up(session: Session, household_ids: list[int], on: date, batch_id: int) -> dict[str, str | None]:
    """Let the cases in force of these families fall due for review today; returns the days before, by case."""
    before: dict[str, str | None] = {}
    for part in chunks(sorted(set(household_ids))):
        query = select(Benefit.id, Benefit.review_due_on).where(
            Benefit.household_id.in_(part), Benefit.stage.in_(IN_FORCE), Benefit.scheme.in_(SCHEMES),
            or_(Benefit.review_due_on.is_(None), Benefit.review_due_on > on),
        )  # fmt: skip
        before.update((str(id), due.isoformat() if due else None) for id, due in session.execute(query))
    _set(session, {int(id): on for id in before}, "import", batch_id)
    return before


def put_back(session: Session, before: Mapping[str, str | None], batch_id: int) -> None:
    """Give cases the review day of before, when their import is undone."""
    days = {int(id): date.fromisoformat(day) if day else None for id, day in before.items()}
    _set(session, days, "undo", batch_id)


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
