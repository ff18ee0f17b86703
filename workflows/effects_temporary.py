"""What the steps of temporary aid write: paying first, and its papers afterwards (民发〔2018〕23号 三（二）)."""

from policy.calendar import add_working_days
from policy.vocabulary import Action, Paper
from workflows.effects import Effect, Step, end, owe

PAPERS_AFTER_PAYING_FIRST = (Paper.APPLICATION, Paper.AUTHORISATION, Paper.SPENDING_PROOF, Paper.SIGNATURES)


def _pay_first(step: Step) -> None:
    benefit = step.benefit
    assert step.given.amount_fen is not None
    benefit.one_off_fen, benefit.decided_on = step.given.amount_fen, step.on
    due = add_working_days(step.on, step.figure("temporary.papers_working_days"))
    owe(step, [(paper, "") for paper in PAPERS_AFTER_PAYING_FIRST], due)
    step.data.update(amount_fen=step.given.amount_fen, papers_due=due.isoformat())


def _record_payment(step: Step) -> None:
    step.benefit.paid_on = step.given.day
    end(step)


EFFECTS: dict[Action, Effect] = {
    Action.PAY_FIRST: _pay_first,
    Action.RECORD_PAYMENT: _record_payment,
}
