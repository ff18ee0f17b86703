"""Children's money that tops up an adjusted amount falls due to be looked at, and no longer once that is undone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session, aliased

from models import Benefit, Event, Recalculation, RecalculationRow
from policy.vocabulary import Action, Scheme
from workflows import called_up_many
from workflows.actor import SYSTEM
from workflows.called_up import CHANGED, changed_beside
from workflows.called_up_many import Called, Decided, call_up_many
from workflows.loading import parts

AT_ONCE = 500
TAKEN_BACK = "调标已撤回，复核日期恢复原定。"
_rows = cast(Table, RecalculationRow.__table__)


def call_up(session: Session, batch: Recalculation, changed: Iterable[tuple[Any, Any]], now: datetime) -> None:
    """Call up what rests on these cases (row of the batch, case) where their amount changed; kept with the batch."""
    days = {str(case): (told.before and told.before.isoformat(), told.version)
            for case, told in call_up_again(session, batch, changed, now).items()}  # fmt: skip
    batch.counts = {**batch.counts, "called": {**batch.counts.get("called", {}), **days}}


def call_up_again(
    session: Session, batch: Recalculation, changed: Iterable[tuple[Any, Any]], now: datetime
) -> dict[int, Called]:
    """The same when amounts are set back: what was looked at meanwhile rests on an amount that is no more."""
    decided = [
        Decided(case.id, case.case_no, Scheme(case.scheme), case.household_id, case.member_id)
        for row, case in changed
        if row.before_fen != row.after_fen
    ]
    return call_up_many(session, decided, CHANGED, now, turned=False, of={"recalculation": batch.id})


def called_since(session: Session, since: Mapping[int, int | None]) -> Counter[int]:
    """How often the system planned a review of each case since an event (by number), which changes no amount.

    Each raised the case's version by one, so by more than that only somebody else changed the case.
    """
    last = {case: event for case, event in since.items() if event is not None}
    query = select(Event.benefit_id, Event.id).where(
        Event.benefit_id.in_(last), Event.action == Action.PLAN_REVIEW, Event.actor_id.is_(SYSTEM.id)
    )
    return Counter(case for case, event in session.execute(query) if event > last[case])


def put_back(session: Session, batch: Recalculation, now: datetime) -> None:
    """Nobody need look at what an undone batch called up, where nobody has touched it since.

    Where a case of the family was touched and keeps its new amount, it stays due; so it does where something else that
    it rests on was decided after it was called up.
    """
    called: dict[int, tuple[str | None, int]] = {int(id): told for id, told in batch.counts.get("called", {}).items()}
    keeping = select(Benefit.household_id).join(RecalculationRow, RecalculationRow.benefit_id == Benefit.id).where(
        _rows.c.recalculation_id == batch.id, _rows.c.state == "touched"
    )  # fmt: skip
    call = aliased(Event)
    called_by = select(func.max(call.id)).where(call.benefit_id == Benefit.id, call.action == Action.PLAN_REVIEW)
    other_work = Event.data["recalculation"].as_integer().is_distinct_from(batch.id)
    needed = changed_beside(Event.id > called_by.correlate(Benefit).scalar_subquery(), other_work)
    days: dict[int, date | None] = {}
    for part in parts(called, AT_ONCE):
        query = select(Benefit.id, Benefit.row_version).where(
            Benefit.id.in_(part), Benefit.household_id.not_in(keeping), ~needed
        ).order_by(Benefit.household_id, Benefit.id)  # fmt: skip
        for case, version in session.execute(query.with_for_update(key_share=True)):
            before, since = called[case]
            if version == since:
                days[case] = date.fromisoformat(before) if before else None
    called_up_many.put_back(session, days, TAKEN_BACK, now, of={"recalculation": batch.id})
