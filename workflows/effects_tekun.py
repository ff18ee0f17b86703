"""What the steps of 特困 write beside stage and event (民发〔2021〕43号)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from models import Member, Objection, TekunPerson
from policy.calendar import month_after
from policy.vocabulary import IN_FORCE, Action, HomeGround, Mode, ReviewClass, SelfCare, Stage, Unit
from workflows import county_checks
from workflows.clocks_tekun import next_review, no_later, ready_by
from workflows.effects import EFFECTS as SHARED
from workflows.effects import Effect, Step, await_reply, end, end_with_nobody, has_near_relative, pay_another
from workflows.reason import Reason, Refused

A = Action


def people_of(step: Step) -> list[Member]:
    """The people of the case who are there: the one person, or the whole family."""
    benefit = step.benefit
    query = select(Member).where(Member.household_id == benefit.household_id, Member.left_on.is_(None))
    if benefit.unit is Unit.SINGLE:
        query = query.where(Member.id == benefit.member_id)
    return list(step.session.scalars(query.order_by(Member.id)))


def _whose(step: Step) -> tuple[Member, TekunPerson]:
    """The person a step is about, with the row of their support; Refused where it is not said whose."""
    people = people_of(step)
    named = [one for one in people if one.id == step.given.person] if step.given.person else people
    if len(named) != 1:
        raise Refused([Reason("person_missing")])
    step.data["person"], step.data["name"] = named[0].id, named[0].name
    return named[0], _row(step, named[0])


def _row(step: Step, member: Member) -> TekunPerson:
    row = next((row for row in rows_of(step) if row.member_id == member.id), None)
    if row is None:
        row = step.place_row(TekunPerson(benefit_id=step.benefit.id, member_id=member.id, items=""))
        step.session.add(row)
        step.session.flush()
    return row


def rows_of(step: Step) -> Sequence[TekunPerson]:
    """What is on file of each person's support."""
    query = select(TekunPerson).where(TekunPerson.benefit_id == step.benefit.id)
    return list(step.session.scalars(query.order_by(TekunPerson.id)))


# --- the way to the confirmation --------------------------------------------------------------------------------------


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
    _count_agreements(step)


def _take_over(step: Step) -> None:
    SHARED[A.TAKE_OVER](step)
    benefit = step.benefit
    benefit.review_class = ReviewClass.STABLE
    assert benefit.review_due_on is not None
    benefit.review_due_on = no_later(step.figures, step.place, step.on, benefit.review_due_on, people_of(step))
    _count_agreements(step)


def _count_review(step: Step) -> None:
    benefit = step.benefit
    benefit.review_class = ReviewClass.STABLE
    benefit.review_due_on = next_review(step.figures, step.place, step.on, people_of(step))


def _start_recheck(step: Step) -> None:
    _until_ready(step, A.START_RECHECK)


def _keep(step: Step) -> None:
    step.benefit.decide_by = None
    _count_review(step)


def _change_amount(step: Step) -> None:
    pay_another(step)
    _keep(step)


def _change_support(step: Step) -> None:
    """Another care tier or mode: the amount from next month; the yearly review stays when it was."""
    assert step.given.amount_fen is not None
    step.benefit.monthly_fen, step.benefit.decide_by = step.given.amount_fen, None
    step.data["from_month"] = month_after(step.on).isoformat()
    step.data["people"] = [
        {"name": row.member.name, "unmet": row.unmet, "mode": row.wish.value if row.wish else None}
        for row in rows_of(step)
    ]


def _plan_review(step: Step) -> None:
    """For the day on which somebody comes of age, or a school year ends; where that has passed, for today."""
    step.benefit.review_due_on = max(step.given.day or step.on, step.on)


# --- care, wish, agreement, home --------------------------------------------------------------------------------------


def _assess(step: Step) -> None:
    member, row = _whose(step)
    answers = dict(step.given.self_care)
    unmet = [item for item in SelfCare if not answers[item]]
    row.unmet, row.items, row.assessed_on = len(unmet), " ".join(unmet), step.given.day
    member.self_care_unmet = len(unmet)
    met = {item.value: answers[item] for item in SelfCare}
    step.data.update(items=met, unmet=len(unmet), assessed_on=_iso(step))
    _wait_for_amount(step)


def _wish(step: Step) -> None:
    member, row = _whose(step)
    assert step.given.mode is not None
    row.wish, row.wish_by, row.wished_on = step.given.mode, step.given.by_name.strip(), step.given.day
    member.support_mode = step.given.mode
    step.data.update(mode=step.given.mode.value, by_name=row.wish_by, consented=step.given.form_signed)
    _count_agreements(step)
    _wait_for_amount(step)


def _is_mental(member: Member) -> bool:
    return member.disability_kind is not None and member.disability_kind.value == "mental"


def _iso(step: Step) -> str | None:
    return step.given.day.isoformat() if step.given.day else None


def _wait_for_amount(step: Step) -> None:
    """In payment, a new tier or mode waits to be decided within the term of a reported change."""
    if step.benefit.stage is Stage.ACTIVE and step.facts.tekun:
        due = step.facts.tekun.assess_by
        step.benefit.decide_by = due or ready_by(step.figures, A.REPORT_CHANGE, step.place, step.on)


def _count_agreements(step: Step) -> None:
    """Since when somebody supported at home lacks a guardianship agreement; nothing before money is paid."""
    benefit = step.benefit
    lacking = benefit.stage in IN_FORCE and any(_lacks(step, member) for member in people_of(step))
    benefit.agreement_lacking_since = (benefit.agreement_lacking_since or step.on) if lacking else None


def _lacks(step: Step, member: Member) -> bool:
    row = next((row for row in rows_of(step) if row.member_id == member.id), None)
    central = (row.wish if row and row.wish else member.support_mode) is Mode.CENTRAL
    return not central and (row is None or row.agreement_on is None)


def _agree(step: Step) -> None:
    _, row = _whose(step)
    row.guardian, row.agreement_on = step.given.by_name.strip(), step.given.day
    row.agreement_file_id = step.given.file_id or row.agreement_file_id
    step.data.update(guardian=row.guardian, signed_on=_iso(step), file_id=row.agreement_file_id)
    step.session.flush()
    _count_agreements(step)


def _place(step: Step) -> None:
    member, row = _whose(step)
    if row.wish is not Mode.CENTRAL:
        raise Refused([Reason("no_wish_for_home")])
    _let_in(step, member, row)
    row.home, row.home_from, row.home_until = step.given.home.strip(), step.given.day, None
    step.data.update(home=row.home, home_from=_iso(step))


def _let_in(step: Step, member: Member, row: TekunPerson) -> None:
    """Refused for who is known to be mentally ill, or was referred for such an illness, where the place bars these.

    An illness that passed stands in the way no longer once a hospital's certificate is on file.
    """
    rule = step.figures.find("tekun.home_bar", place=step.place, on=step.on)
    if rule is None:
        return
    if HomeGround.MENTAL in rule.words and _is_mental(member):
        raise Refused([Reason("home_barred_by_record", name=member.name, cite=rule.cite)])
    if row.ground in rule.words and not step.given.form_signed:
        raise Refused([Reason("home_barred_since", name=member.name, office=row.referred_to, cite=rule.cite)])
    if row.ground in rule.words:
        row.ground, step.data["certified"] = HomeGround.NONE, True


def _refer(step: Step) -> None:
    """The ground is kept apart from the steps, which everybody of the place may read."""
    _, row = _whose(step)
    row.referred_to, row.ground = step.given.home.strip(), step.given.ground or row.ground
    step.data["referred_to"] = row.referred_to
    await_reply(step)


def _leave_home(step: Step) -> None:
    _, row = _whose(step)
    row.home_until = step.given.day
    step.data.update(home=row.home, home_until=_iso(step))


def _report_change(step: Step) -> None:
    _whose(step)
    due = ready_by(step.figures, A.REPORT_CHANGE, step.place, step.on)
    step.data.update(by_name=step.given.by_name.strip(), assess_by=due.isoformat())


# --- ending -----------------------------------------------------------------------------------------------------------


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
    for row in rows_of(step):
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
    A.PLAN_REVIEW: _plan_review,
    A.ASSESS_SELF_CARE: _assess,
    A.RECORD_WISH: _wish,
    A.SIGN_AGREEMENT: _agree,
    A.PLACE_IN_HOME: _place,
    A.REFER_ELSEWHERE: _refer,
    A.LEAVE_HOME: _leave_home,
    A.REPORT_CHANGE: _report_change,
    A.POST_END_NOTICE: _post_end_notice,
    A.CLOSE_END_NOTICE: _close_end_notice,
    A.EXIT: _end,
    A.END_ON_DEATH: _end_with_nobody,
}
