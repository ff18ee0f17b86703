"""What the steps of temporary aid write: paying first, the whole procedure, staged payments (民发〔2018〕23号)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from models import Benefit, Household, Instalment, OwedPaper, Visit
from policy.authority import who_confirms
from policy.calendar import add_working_days
from policy.vocabulary import IN_FORCE, Action, Paper, VisitKind
from workflows.effects import EFFECTS as SHARED
from workflows.effects import SIGNED_BY_FILING, end, owe, set_clock
from workflows.links import SHOWN_MEANS
from workflows.step import Effect, Step

PAPERS_AFTER_PAYING_FIRST = (Paper.APPLICATION, Paper.AUTHORISATION, Paper.SPENDING_PROOF, Paper.SIGNATURES)


def _apply(step: Step) -> None:
    SHARED[Action.APPLY](step)
    home = step.session.get_one(Household, step.benefit.household_id)
    if home.home_place:
        step.data["home_place"] = home.home_place


def _accept(step: Step) -> None:
    SHARED[Action.ACCEPT](step)
    shown = select(Benefit.id).where(
        Benefit.household_id == step.benefit.household_id, Benefit.scheme.in_(SHOWN_MEANS), Benefit.stage.in_(IN_FORCE)
    )
    step.data["spending_only"] = step.session.scalar(shown.limit(1)) is not None


def _give_opinion(step: Step) -> None:
    """Who confirms, and by when, follows the amount that is proposed."""
    SHARED[Action.GIVE_OPINION](step)
    set_clock(step)
    if step.given.grants:
        step.benefit.authority = who_confirms(
            step.figures, step.benefit.scheme, step.place, step.on, step.given.amount_fen
        )


def _pay_first(step: Step) -> None:
    _grant(step)
    _owe_papers(step)


def _owe_papers(step: Step) -> None:
    """What is still to come of the papers: none that came with the application or is signed already."""
    filed = select(OwedPaper.paper).where(OwedPaper.benefit_id == step.benefit.id, OwedPaper.filed_on.is_not(None))
    there = set(step.session.scalars(filed)) | signed(step.benefit)
    if missing := [paper for paper in PAPERS_AFTER_PAYING_FIRST if paper not in there]:
        due = add_working_days(step.on, step.figure("temporary.papers_working_days"))
        owe(step, [(paper, "") for paper in missing], due)
        step.data["papers_due"] = due.isoformat()


def signed(benefit: Any) -> set[Paper]:
    """The papers of which the case itself says on which day they were signed."""
    return {paper for paper, name in SIGNED_BY_FILING.items() if getattr(benefit, name)}


def _grant(step: Step) -> None:
    """So much once, in money or goods; a family bridged until another decision is visited again."""
    benefit, given = step.benefit, step.given
    assert given.amount_fen is not None
    benefit.one_off_fen, benefit.decided_on = given.amount_fen, step.on
    step.data["amount_fen"] = given.amount_fen
    if given.goods.strip():
        step.data["goods"] = given.goods.strip()
    _plan_follow_up(step)


def _plan_follow_up(step: Step) -> None:
    """A visit to see whether the family that waits for 低保 or 特困 is still in need (墩政〔2020〕48号 二(四))."""
    benefit = step.benefit
    bridged = step.session.get(Benefit, benefit.follows_id) if benefit.follows_id else None
    days = step.figures.find("temporary.follow_up_days", place=step.place, on=step.on)
    if bridged is None or bridged.scheme not in SHOWN_MEANS or days is None:
        return
    due = step.on + timedelta(days=days.whole)
    visit = Visit(household_id=benefit.household_id, benefit_id=benefit.id, kind=VisitKind.FOLLOW_UP, due_on=due)
    step.session.add(step.place_row(visit))
    step.data["visit_due"] = due.isoformat()


def _confirm(step: Step) -> None:
    _grant(step)
    if step.facts.urgent:
        _owe_papers(step)
    plan = step.given.instalments
    for nth, one in enumerate(plan, 1):
        row = Instalment(benefit_id=step.benefit.id, nth=nth, due_on=one.due_on, amount_fen=one.amount_fen)
        step.session.add(step.place_row(row))
    if plan:
        step.data["instalments"] = [{"due_on": one.due_on.isoformat(), "amount_fen": one.amount_fen} for one in plan]


def _pay_next(step: Step) -> None:
    """The first instalment that is left was paid on the day given."""
    for row in step.session.scalars(_left(step).limit(1)):
        row.paid_on = step.given.day
        told = {"nth": row.nth, "amount_fen": row.amount_fen, "due_on": row.due_on.isoformat()}
        step.data.update(told, paid_on=row.paid_on.isoformat() if row.paid_on else None)


def _left(step: Step) -> Any:
    rows = select(Instalment).where(
        Instalment.benefit_id == step.benefit.id, Instalment.paid_on.is_(None), Instalment.stopped_on.is_(None)
    )
    return rows.order_by(Instalment.nth)


def _stop_instalments(step: Step) -> None:
    """What was not paid is not paid any more: what was granted is what was paid."""
    stopped = list(step.session.scalars(_left(step)))
    for row in stopped:
        row.stopped_on = step.on
    total = sum(row.amount_fen for row in stopped)
    step.data.update(stopped=len(stopped), stopped_fen=total, approved_fen=step.benefit.one_off_fen)
    step.benefit.one_off_fen -= total
    end(step)


def _record_payment(step: Step) -> None:
    _pay_next(step)
    step.benefit.paid_on = step.given.day
    end(step)


def _record_minutes(step: Step) -> None:
    given = step.given
    assert given.day is not None
    step.data.update(
        grants=given.grants, amount_fen=given.amount_fen if given.grants else None, day=given.day.isoformat(),
        attended=given.attended.strip(), reference=given.reference.strip(),
    )  # fmt: skip


def _notify_home(step: Step) -> None:
    home, given = step.session.get_one(Household, step.benefit.household_id), step.given
    assert given.day is not None
    step.data.update(told_on=given.day.isoformat(), to_office=given.to_office.strip(), home_place=home.home_place)


EFFECTS: dict[Action, Effect] = {
    Action.APPLY: _apply,
    Action.ACCEPT: _accept,
    Action.GIVE_OPINION: _give_opinion,
    Action.PAY_FIRST: _pay_first,
    Action.CONFIRM: _confirm,
    Action.PAY_INSTALMENT: _pay_next,
    Action.STOP_INSTALMENTS: _stop_instalments,
    Action.RECORD_PAYMENT: _record_payment,
    Action.RECORD_MINUTES: _record_minutes,
    Action.NOTIFY_HOME: _notify_home,
}
