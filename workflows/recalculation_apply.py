"""What people do with a staged recalculation: confirm it, take it back before it is paid, or lay it aside."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from models import Recalculation
from policy.calendar import add_months, month_after
from policy.figures import Figures
from policy.vocabulary import Role
from workflows import audit
from workflows.actor import ADJUSTERS, PREVIEWERS, Actor
from workflows.reason import Reason, Refused
from workflows.recalculation_staging import figures_mark, locked, set_job


def begin_apply(session: Session, batch_id: int, actor: Actor, now: datetime, figures: Figures) -> Recalculation:
    """Confirm a preview: from now on it is being applied. Refused for another role, another state, other figures."""
    batch = locked(session, batch_id)
    faults = _may(batch, actor, "staged")
    if not faults and batch.on < now.date().replace(day=1):
        faults.append(Reason("recalculation_late", month=f"{batch.on:%Y-%m}"))
    if not faults and batch.on > month_after(now.date()):
        faults.append(Reason("recalculation_early", first=add_months(batch.on, -1)))
    if not faults and batch.figures_mark != figures_mark(figures, batch.division_code):
        faults.append(Reason("figures_changed"))
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, batch.title)
    batch.state, batch.applied_at = "applying", now
    batch.undo_until = undo_until(figures, batch.division_code, now.date(), batch.on)
    set_job(session, batch, "apply_recalculation", actor, now)
    return batch


def begin_undo(session: Session, batch_id: int, actor: Actor, now: datetime, words: str) -> Recalculation:
    """Take an applied batch back, as far as nobody touched its cases; Refused once its first payment has come."""
    batch = locked(session, batch_id)
    faults = _may(batch, actor, "applied")
    if not faults and (batch.undo_until is None or now.date() > batch.undo_until):
        faults.append(Reason("recalculation_paid", until=batch.undo_until))
    if not words.strip():
        faults.append(Reason("reason_missing"))
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, words.strip())
    batch.state, batch.counts = "undoing", {**batch.counts, "undo_words": words.strip()}
    set_job(session, batch, "undo_recalculation", actor, now)
    return batch


def drop(session: Session, batch_id: int, actor: Actor, now: datetime) -> Recalculation:
    """Lay a preview aside; nothing was changed by it. Refused for who may not make one, and once it is carried out."""
    batch = locked(session, batch_id)
    faults = _may(batch, actor, "staged", "counting", roles=PREVIEWERS)
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, batch.title)
    batch.state = "dropped"
    session.flush()
    return batch


def undo_until(figures: Figures, place: str, on: date, month: date) -> date:
    """The day before the first payment of new amounts: the pay day of their month, or the next one still to come."""
    by_day = figures.find("pay.by_day", place=place, on=on)
    pay_day = month.replace(day=by_day.whole) if by_day else month
    while pay_day <= on:
        pay_day = add_months(pay_day, 1)
    return pay_day - timedelta(days=1)


def _may(batch: Recalculation, actor: Actor, *states: str, roles: Collection[Role] = ADJUSTERS) -> list[Reason]:
    if actor.role not in roles or not batch.division_code.startswith(actor.division_code):
        return [Reason("not_your_recalculation")]
    return [] if batch.state in states else [Reason("recalculation_state", state=batch.state)]
