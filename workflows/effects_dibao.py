"""What leaving 低保 by own wish writes: the end, exit money by its calculation where it is given, the way back."""

from datetime import date

from policy.review import exit_money
from policy.vocabulary import Action, Stage
from workflows.calculating import calculate_leaving
from workflows.effects import end
from workflows.step import Effect, Step


def _leave(step: Step) -> None:
    months, benefit = step.given.months, step.benefit
    end(step)
    if not months:
        return
    step.rests_on = calculate_leaving(step.session, benefit, step.actor, step.now, step.figures)
    benefit.one_off_fen = exit_money(benefit.monthly_fen, months)
    cite = step.figures.get("exit.money_months_max", place=step.place, on=step.on).cite
    step.data["exit_money"] = {"months": months, "amount_fen": benefit.one_off_fen, "cite": cite}


def _undo_leave(step: Step) -> None:
    """As before (paid, in grace or held back), without exit money.

    Paid without an end it is looked at again from today, as the family had reasons to leave; in grace or held back
    nothing is due that nobody could do.
    """
    benefit = step.benefit
    benefit.ended_on, benefit.reason, benefit.one_off_fen = None, "", 0
    benefit.review_due_on = step.on if benefit.stage is Stage.ACTIVE else None
    if benefit.stage is Stage.GRACE and benefit.grace_until is not None:
        step.data["grace_until"] = benefit.grace_until.isoformat()


def _record_payment(step: Step) -> None:
    day = step.given.day
    assert isinstance(day, date)
    step.benefit.paid_on = day
    step.data.update(amount_fen=step.benefit.one_off_fen, paid_on=day.isoformat())


EFFECTS: dict[Action, Effect] = {
    Action.LEAVE: _leave,
    Action.UNDO_LEAVE: _undo_leave,
    Action.RECORD_PAYMENT: _record_payment,
}
