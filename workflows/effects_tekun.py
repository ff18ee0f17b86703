"""What the steps of 特困 write beside stage and event (民发〔2021〕43号)."""

from datetime import timedelta

from models import Objection
from policy.calendar import month_after
from policy.vocabulary import Action, ReviewClass
from workflows import county_checks
from workflows import effects_tekun_care as care
from workflows.clocks_tekun import next_review, no_later, ready_by
from workflows.effects import EFFECTS as SHARED
from workflows.effects import end, end_with_nobody, has_near_relative, pay_another
from workflows.step import Effect, Step

A = Action


def _accept(step: Step) -> None:
    benefit = step.benefit
    benefit.accepted_on = step.on
    benefit.near_relative = has_near_relative(step.session, benefit)
    benefit.authority = step.facts.authority
    _until_ready(step, A.ACCEPT)


def _until_ready(step: Step, action: Action) -> None:
    step.benefit.decide_by = ready_by(step.figures, action, step.place, step.on)


def _post_notice(step: Step) -> None:
    benefit, opinion = step.benefit, step.facts.opinion
    assert opinion is not None
    benefit.notice_from, benefit.notice_until = step.on, step.on + timedelta(days=step.figure("tekun.notice_days"))
    step.data.update(until=benefit.notice_until.isoformat(), amount_fen=opinion.amount_fen)


def _object(step: Step) -> None:
    objection = Objection(
        benefit_id=step.benefit.id, by_name=step.given.by_name, text=step.given.words, received_on=step.on
    )
    step.session.add(step.place_row(objection))
    step.benefit.special = True
    _take_down(step, A.OBJECT)


def _return(step: Step) -> None:
    _take_down(step, A.RETURN)


def _take_down(step: Step, action: Action) -> None:
    """The notice of the case, or that of its ending, comes down; the term begins anew."""
    step.benefit.end_notice_until = None
    _until_ready(step, action)


def _hand_up(step: Step) -> None:
    """The county has its term from today, and its lot falls on the case or does not."""
    _until_ready(step, A.CLOSE_NOTICE)
    least = step.figures.get("tekun.county_check_percent", place=step.place, on=step.on).share
    drawn = county_checks.draw(step.session, step.benefit, step.on, least)
    step.data["picked"] = drawn.picked


def _county_visit(step: Step) -> None:
    SHARED[A.COUNTY_VISIT](step)
    county_checks.visited(step.session, step.benefit, step.given.day or step.on)


def _confirm(step: Step) -> None:
    SHARED[A.CONFIRM](step)
    step.benefit.decide_by = None
    _count_review(step)
    care.count_agreements(step)


def _take_over(step: Step) -> None:
    SHARED[A.TAKE_OVER](step)
    benefit = step.benefit
    benefit.review_class = ReviewClass.STABLE
    assert benefit.review_due_on is not None
    benefit.review_due_on = no_later(step.figures, step.place, step.on, benefit.review_due_on, care.people_of(step))
    care.count_agreements(step)


def _count_review(step: Step) -> None:
    benefit = step.benefit
    benefit.review_class = ReviewClass.STABLE
    benefit.review_due_on = next_review(step.figures, step.place, step.on, care.people_of(step))


def _start_recheck(step: Step) -> None:
    _until_ready(step, A.START_RECHECK)


def _keep(step: Step) -> None:
    step.benefit.decide_by = None
    _count_review(step)
    care.count_agreements(step)


def _change_amount(step: Step) -> None:
    pay_another(step)
    _keep(step)


def _change_support(step: Step) -> None:
    """Another care tier or mode: the amount from next month; the yearly review stays when it was."""
    assert step.given.amount_fen is not None
    step.benefit.monthly_fen, step.benefit.decide_by = step.given.amount_fen, None
    step.data["from_month"] = month_after(step.on).isoformat()
    there = care.people_of(step)
    step.data["people"] = [
        {"name": row.member.name, "unmet": row.unmet, "mode": row.wish.value if row.wish else None}
        for row in care.rows_of(step) if row.member in there
    ]  # fmt: skip


def _post_end_notice(step: Step) -> None:
    assert step.given.end_reason is not None
    until = step.on + timedelta(days=step.figure("tekun.end_notice_days"))
    step.benefit.end_notice_until = until
    step.data.update(end_reason=step.given.end_reason.value, until=until.isoformat())


def _close_end_notice(step: Step) -> None:
    step.benefit.end_notice_until = None


def _end(step: Step) -> None:
    end(step)
    step.benefit.end_notice_until = step.benefit.agreement_lacking_since = None
    own = step.facts.tekun
    why = own.end_reason if own else None
    step.data.update(from_month=month_after(step.on).isoformat(), end_reason=why.value if why else None)
    for row in care.rows_of(step):
        if row.home_from and row.home_until is None:
            row.home_until = step.on


def _end_with_nobody(step: Step) -> None:
    end_with_nobody(step)
    _end(step)


EFFECTS: dict[Action, Effect] = {
    A.TAKE_OVER: _take_over,
    A.ACCEPT: _accept,
    A.POST_NOTICE: _post_notice,
    A.OBJECT: _object,
    A.RETURN: _return,
    A.CLOSE_NOTICE: _hand_up,
    A.SUBMIT_REFUSAL: _hand_up,
    A.COUNTY_VISIT: _county_visit,
    A.CONFIRM: _confirm,
    A.START_RECHECK: _start_recheck,
    A.KEEP: _keep,
    A.RAISE: _change_amount,
    A.CUT: _change_amount,
    A.CHANGE_SUPPORT: _change_support,
    A.ASSESS_SELF_CARE: care.assess,
    A.RECORD_WISH: care.wish,
    A.SIGN_AGREEMENT: care.agree,
    A.PLACE_IN_HOME: care.place,
    A.REFER_ELSEWHERE: care.refer,
    A.LEAVE_HOME: care.leave_home,
    A.REPORT_CHANGE: care.report_change,
    A.POST_END_NOTICE: _post_end_notice,
    A.CLOSE_END_NOTICE: _close_end_notice,
    A.EXIT: _end,
    A.END_ON_DEATH: _end_with_nobody,
}
