"""What each action writes beside the stage and its event. Called by ``casework.take`` alone, inside its transaction."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Member, NearRelative, Objection, Obligor, OwedPaper, Watch
from policy.authority import decide_by, review_months, term_key, who_confirms, working_days_after
from policy.calendar import add_months, end_of_months, month_after
from policy.figures import Figures
from policy.vocabulary import Action, Area, Authority, Paper, ReviewClass
from workflows import effects_referral as referral
from workflows import effects_visits as visits
from workflows.departures import left_alive
from workflows.facts import Given
from workflows.step import Effect, Step

# A pledge or authorisation told as missing counts as signed on the day it comes in.
SIGNED_BY_FILING = {Paper.PLEDGE: "pledged_on", Paper.AUTHORISATION: "authorised_on"}


def _watch(step: Step) -> None:
    benefit, day = step.benefit, step.given.day
    assert day is not None
    watch = Watch(
        household_id=benefit.household_id, benefit_id=benefit.id, why=step.given.words.strip(), since_on=step.on,
        next_on=day,
    )  # fmt: skip
    step.session.add(step.place_row(watch))
    step.data["next_on"] = day.isoformat()


def _tell_missing(step: Step) -> None:
    owe(step, [(missing.paper, missing.note) for missing in step.given.missing], None)
    step.data["papers"] = [{"paper": m.paper, "note": m.note} for m in step.given.missing]


def owe(step: Step, papers: list[tuple[Paper, str]], due_on: date | None) -> None:
    """Papers with a note each that the family owes from today, by ``due_on`` where there is a term."""
    for paper, note in papers:
        owed = OwedPaper(benefit_id=step.benefit.id, paper=paper, note=note, told_on=step.on, due_on=due_on)
        step.session.add(step.place_row(owed))


def _file_paper(step: Step) -> None:
    query = select(OwedPaper).where(OwedPaper.benefit_id == step.benefit.id, OwedPaper.id.in_(step.given.filed))
    filed = [paper for paper in step.session.scalars(query.order_by(OwedPaper.id)) if paper.filed_on is None]
    for paper in filed:
        paper.filed_on = step.on
        if paper.paper in SIGNED_BY_FILING:
            setattr(step.benefit, SIGNED_BY_FILING[paper.paper], step.on)
    step.data["papers"] = [{"paper": paper.paper, "note": paper.note} for paper in filed]


def _apply(step: Step) -> None:
    step.benefit.near_relative = has_near_relative(step.session, step.benefit)


def _accept(step: Step) -> None:
    benefit = step.benefit
    benefit.accepted_on = step.on
    benefit.near_relative = has_near_relative(step.session, benefit)
    set_clock(step)
    step.data["special"] = benefit.special or benefit.near_relative  # what the receipt promises, whatever comes later


def set_clock(step: Step) -> None:
    """The last day for the decision: by authority, longer where the case is special (人户分离, 异议, 近亲属)."""
    benefit = step.benefit
    assert benefit.accepted_on is not None
    benefit.authority = who_confirms(step.figures, benefit.scheme, step.place, step.on, benefit.requested_fen)
    special = benefit.special or benefit.near_relative
    benefit.decide_by = decide_by(
        step.figures, step.place, benefit.accepted_on, benefit.authority, special, benefit.scheme
    )


def has_near_relative(session: Session, benefit: Benefit) -> bool:
    """Whether anybody of the family, or an obligor, is in the near-relative register (民发〔2021〕57号 第十一条)."""
    people = select(Member.id_no_hash).where(Member.household_id == benefit.household_id, Member.left_on.is_(None))
    obligors = select(Obligor.id_no_hash).where(
        Obligor.household_id == benefit.household_id, Obligor.id_no_hash.is_not(None)
    )
    registered = select(NearRelative.id).where(
        NearRelative.id_no_hash.in_(people.union_all(obligors)), NearRelative.valid_to.is_(None)
    )
    return session.scalar(registered.limit(1)) is not None


def _give_opinion(step: Step) -> None:
    told = step.given
    step.data.update(grants=told.grants, amount_fen=None if told.grants is False else told.amount_fen)
    for objection in _open_objections(step, complaint=False):
        objection.answered_on, objection.answer = step.on, step.given.words


def _open_objections(step: Step, complaint: bool) -> list[Objection]:
    query = select(Objection).where(
        Objection.benefit_id == step.benefit.id, Objection.answered_on.is_(None), Objection.complaint.is_(complaint)
    )
    return list(step.session.scalars(query))


def _post_notice(step: Step) -> None:
    step.benefit.notice_from = step.on
    step.benefit.notice_until = step.on + timedelta(days=step.figure("notice.days"))
    assert step.facts.opinion is not None
    step.data.update(until=step.benefit.notice_until.isoformat(), amount_fen=step.facts.opinion.amount_fen)


def _object(step: Step) -> None:
    _add_objection(step, complaint=False)
    step.benefit.special = True
    set_clock(step)


def _add_objection(step: Step, complaint: bool) -> None:
    objection = Objection(
        benefit_id=step.benefit.id,
        complaint=complaint,
        by_name=step.given.by_name,
        text=step.given.words,
        received_on=step.on,
    )
    step.session.add(step.place_row(objection))


def _record_complaint(step: Step) -> None:
    _add_objection(step, complaint=True)
    step.benefit.complaint_open = True


def _answer_complaint(step: Step) -> None:
    for complaint in _open_objections(step, complaint=True):
        complaint.answered_on, complaint.answer = step.on, step.given.words
    step.benefit.complaint_open = False


def grant(step: Step) -> None:
    """The amount decided, paid from next month on."""
    benefit = step.benefit
    assert step.given.amount_fen is not None
    benefit.decided_on = step.on
    benefit.monthly_fen = step.given.amount_fen
    benefit.pays_from = benefit.first_month = month_after(step.on)


def _confirm(step: Step) -> None:
    grant(step)
    _count_review(step)


def _count_review(step: Step) -> None:
    benefit = step.benefit
    benefit.review_class = step.given.review_class or benefit.review_class or ReviewClass.CHANGING
    months = review_months(step.figures, benefit.review_class, benefit.area, step.place, step.on)
    benefit.review_due_on = add_months(step.on, months)


def _take_over(step: Step) -> None:
    for column, value in taken_over(step.given, step.figures, step.place, step.on, step.benefit.area).items():
        setattr(step.benefit, column, value)


def taken_over(given: Given, figures: Figures, place: str, on: date, area: Area = Area.RURAL) -> dict[str, Any]:
    """The columns of a case taken over from a roster: its amount (分), not recalculated, and its next review."""
    first = given.first_month or on.replace(day=1)
    review_class = given.review_class or ReviewClass.CHANGING
    months = review_months(figures, review_class, area, place, on)
    return {
        "monthly_fen": given.amount_fen, "taken_over": True, "first_month": first, "pays_from": first,
        "review_class": review_class, "review_due_on": add_months(on, months),
    }  # fmt: skip


def _refuse(step: Step) -> None:
    step.benefit.decided_on = step.benefit.ended_on = step.on
    step.benefit.reason = step.given.words


def end(step: Step) -> None:
    """The benefit ends today, for the reason given."""
    step.benefit.ended_on = step.on
    step.benefit.reason = step.given.words
    step.benefit.review_due_on = None


def end_with_nobody(step: Step) -> None:
    """Nobody of it is there any more; whether they died or went elsewhere is kept, for the letter says so."""
    end(step)
    step.data["gone"] = left_alive(step.session, step.benefit)


def _tell_refusal(step: Step) -> None:
    assert step.given.day is not None
    step.data["told_on"] = step.given.day.isoformat()


def _start_recheck(step: Step) -> None:
    key = term_key(Authority.COUNTY, False, step.benefit.scheme)
    step.benefit.decide_by = working_days_after(step.figures, key, step.place, step.on)


def _keep(step: Step) -> None:
    _count_review(step)


def pay_another(step: Step) -> None:
    """Another amount, from next month on."""
    assert step.given.amount_fen is not None
    step.benefit.monthly_fen = step.given.amount_fen
    step.data["from_month"] = month_after(step.on).isoformat()


def _change_amount(step: Step) -> None:
    pay_another(step)
    _count_review(step)


def _start_grace(step: Step) -> None:
    assert step.given.months is not None
    step.benefit.grace_until = end_of_months(month_after(step.on), step.given.months)
    step.data.update(months=step.given.months, until=step.benefit.grace_until.isoformat())


def _resume(step: Step) -> None:
    step.benefit.grace_until = None
    _count_review(step)


def _plan_review(step: Step) -> None:
    """For today, or for the day given where it is still to come: on which somebody comes of age, a school year ends."""
    step.benefit.review_due_on = max(step.given.day or step.on, step.on)


EFFECTS: dict[Action, Effect] = {
    Action.TAKE_OVER: _take_over,
    Action.TELL_MISSING: _tell_missing,
    Action.FILE_PAPER: _file_paper,
    Action.APPLY: _apply,
    Action.ACCEPT: _accept,
    Action.RECORD_SURVEY: visits.record_survey,
    Action.RECORD_CROSSCHECK: visits.record_crosscheck,
    Action.GIVE_OPINION: _give_opinion,
    Action.POST_NOTICE: _post_notice,
    Action.OBJECT: _object,
    Action.COUNTY_VISIT: visits.county_visit,
    Action.CONFIRM: _confirm,
    Action.REFUSE: _refuse,
    Action.TELL_REFUSAL: _tell_refusal,
    Action.WITHDRAW: end,
    Action.RECORD_COMPLAINT: _record_complaint,
    Action.ANSWER_COMPLAINT: _answer_complaint,
    Action.START_RECHECK: _start_recheck,
    Action.PLAN_REVIEW: _plan_review,
    Action.KEEP: _keep,
    Action.RAISE: _change_amount,
    Action.CUT: _change_amount,
    Action.START_GRACE: _start_grace,
    Action.EXIT: end,
    Action.RESUME: _resume,
    Action.END_GRACE: end,
    Action.LEAVE: end,
    Action.TAKE_BACK: end,
    Action.WATCH: _watch,
    Action.REFER: referral.refer,
    Action.RECORD_REPLY: referral.record_reply,
    Action.END_ON_DEATH: end_with_nobody,
}
