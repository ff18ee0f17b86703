"""What the steps of 低保边缘家庭 and 刚性支出困难家庭 write: a term instead of an amount, and its renewal."""

from models import Benefit
from policy.terms import renew_from, valid_until
from policy.vocabulary import IN_FORCE, Action
from workflows.effects import EFFECTS as SHARED
from workflows.effects import end
from workflows.facts import Given
from workflows.step import After, Effect, Step


def _confirm(step: Step) -> None:
    """Recognised from today for so many months; the recognition that it renews ends with that."""
    benefit, months = step.benefit, step.given.months
    assert months is not None
    benefit.decided_on = step.on
    benefit.valid_until = valid_until(step.on, months)
    benefit.renew_from = renew_from(step.figures, step.place, step.on, benefit.valid_until)
    step.data.update(months=months, until=benefit.valid_until.isoformat())
    if before := _renewed(step):
        if before.valid_until is not None:
            step.data["renews_until"] = before.valid_until.isoformat()
        given = Given(words=f"已重新认定：{benefit.case_no}")
        step.after.append(After(before, Action.RENEWED, given, lambda case: case.stage in IN_FORCE))


def _renewed(step: Step) -> Benefit | None:
    """The recognition in force that this case renews."""
    benefit = step.benefit
    before = step.session.get(Benefit, benefit.follows_id) if benefit.follows_id else None
    held = before is not None and before.scheme is benefit.scheme and before.stage in IN_FORCE
    return before if held else None


def _apply(step: Step) -> None:
    SHARED[Action.APPLY](step)
    if before := _renewed(step):
        before.renewing_since = step.on


def _refuse(step: Step) -> None:
    SHARED[Action.REFUSE](step)
    _not_renewed(step)


def _withdraw(step: Step) -> None:
    SHARED[Action.WITHDRAW](step)
    _not_renewed(step)


def _not_renewed(step: Step) -> None:
    """The family is reminded again, for as long as it may still apply anew."""
    if before := _renewed(step):
        before.renewing_since = None


def _keep(step: Step) -> None:
    """The term goes on as it was; nothing else is due before its end."""
    assert step.benefit.valid_until is not None
    step.benefit.review_due_on = None
    step.data["until"] = step.benefit.valid_until.isoformat()


EFFECTS: dict[Action, Effect] = {
    Action.APPLY: _apply,
    Action.CONFIRM: _confirm,
    Action.REFUSE: _refuse,
    Action.WITHDRAW: _withdraw,
    Action.KEEP: _keep,
    Action.EXPIRE: end,
    Action.RENEWED: end,
}
