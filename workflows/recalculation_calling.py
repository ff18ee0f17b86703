"""Children's money that tops up an adjusted amount falls due to be looked at, and no longer once that is undone."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from models import Benefit, Recalculation, RecalculationRow
from policy.vocabulary import Scheme
from workflows import called_up_many
from workflows.called_up import CHANGED
from workflows.called_up_many import Called, Decided, call_up_many
from workflows.loading import parts

AT_ONCE = 500
TAKEN_BACK = "调标已撤回，复核日期恢复原定。"
_rows = cast(Table, RecalculationRow.__table__)


def call_up(session: Session, batch: Recalculation, changed: Iterable[tuple[Any, Any]], now: datetime) -> None:
    """Call up what rests on these cases (row of the batch, case) where their amount changed; kept with the batch."""
    days = {str(case): (told.before and told.before.isoformat(), told.version)
            for case, told in call_up_again(session, changed, now).items()}  # fmt: skip
    batch.counts = {**batch.counts, "called": {**batch.counts.get("called", {}), **days}}


def call_up_again(session: Session, changed: Iterable[tuple[Any, Any]], now: datetime) -> dict[int, Called]:
    """The same when amounts are set back: what was looked at meanwhile rests on an amount that is no more."""
    decided = [
        Decided(case.id, case.case_no, Scheme(case.scheme), case.household_id, case.member_id)
        for row, case in changed
        if row.before_fen != row.after_fen
    ]
    return call_up_many(session, decided, CHANGED, now, turned=False)


def put_back(session: Session, batch: Recalculation, now: datetime) -> None:
    """Nobody need look at what an undone batch called up, where nobody has touched it since.

    Where a case of the family was touched and keeps its new amount, it stays due.
    """
    called: dict[int, tuple[str | None, int]] = {int(id): told for id, told in batch.counts.get("called", {}).items()}
    keeping = select(Benefit.household_id).join(RecalculationRow, RecalculationRow.benefit_id == Benefit.id).where(
        _rows.c.recalculation_id == batch.id, _rows.c.state == "touched"
    )  # fmt: skip
    days: dict[int, date | None] = {}
    for part in parts(called, AT_ONCE):
        query = select(Benefit.id, Benefit.row_version).where(
            Benefit.id.in_(part), Benefit.household_id.not_in(keeping)
        ).order_by(Benefit.household_id, Benefit.id)  # fmt: skip
        for case, version in session.execute(query.with_for_update(key_share=True)):
            before, since = called[case]
            if version == since:
                days[case] = date.fromisoformat(before) if before else None
    called_up_many.put_back(session, days, TAKEN_BACK, now)
