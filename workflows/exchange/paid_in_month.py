"""Who was paid in a month, and how much: what was decided holds from the month after, unless it names its month.

What families received before they were taken over is not known here: they are on a list from that month on. Whose
take-over was undone was never paid from here, so that no list bears them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from models import Benefit, Event
from policy.calendar import month_after
from policy.vocabulary import PAID, Action, Stage
from workflows.exchange.export_shared import Reading, given, raw

E = Event.__table__.c
_STEPS = (
    select(E.benefit_id, raw(E.action), raw(E.at), Event.data, E.monthly_before_fen, E.monthly_after_fen)
    .where(given(E.benefit_id))
    .order_by(E.benefit_id, E.at, E.id)
)


def standing(first: date, last: date) -> Sequence[Any]:
    """Cases that stood as paid when the month of these days began, or were taken over within it.

    A case that moved since stands where it is today, not where it was paid then.
    """
    began, over = datetime.combine(first, time.min), datetime.combine(last, time.max)
    step = aliased(Event)
    before = select(step.id).where(step.benefit_id == Benefit.id, step.at < began)
    latest = before.order_by(step.at.desc(), step.id.desc()).limit(1).correlate(Benefit).scalar_subquery()
    stood = exists().where(Event.id == latest, Event.to_stage.in_(PAID), Event.monthly_after_fen > 0)
    taken = exists().where(
        Event.benefit_id == Benefit.id, Event.action == Action.TAKE_OVER, Event.at.between(began, over),
        Event.to_stage.in_(PAID), Event.monthly_after_fen > 0,
    )  # fmt: skip
    begun = or_(Benefit.pays_from.is_(None), Benefit.pays_from <= last)
    return [or_(stood, taken), begun, Benefit.stage != Stage.WITHDRAWN]  # of a case that was paid: by TAKE_BACK alone


def amounts(reading: Reading, ids: Sequence[int], first: date) -> Mapping[int, int]:
    """分 that each of these cases was paid in the month that begins on ``first``, by its id."""
    found: dict[int, int] = {}
    for id, action, at, data, before, after in reading.all(_STEPS, ids):
        held = found.get(id, before if action != Action.TAKE_OVER else after)
        found[id] = (after if _from(action, str(at), data) <= first else held) or 0
    return found


def _from(action: str, at: str, data: Mapping[str, Any]) -> date:
    """The first day of the month from which a step holds."""
    day = date.fromisoformat(at[:10])
    if action == Action.TAKE_OVER:
        return day.replace(day=1)
    return date.fromisoformat(data["from_month"]) if (data or {}).get("from_month") else month_after(day)
