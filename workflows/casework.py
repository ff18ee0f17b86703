"""The one writer of stages and amounts: decides, writes the event, sets the stage, in the caller's transaction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from models import Benefit, Event, Household, Member
from policy.authority import working_days_after
from policy.clauses import in_force
from policy.figures import Figures
from policy.vocabulary import CLASSES, IN_FORCE, OPEN, PERSONAL, Action, Authority, Scheme, Stage, Unit
from workflows import audit, clocks_former, clocks_personal, clocks_tekun
from workflows.actor import SYSTEM, Actor
from workflows.calculated import RESTS_ON_IT, told_special
from workflows.called_up import call_up
from workflows.case_guard import taking
from workflows.counting import RESTATED, persons_counted
from workflows.effects import has_near_relative
from workflows.effects_of import effect_of
from workflows.effects_visits import end_visits
from workflows.evidence import before_it_begins, facts_of
from workflows.evidence_former import cited_on
from workflows.facts import Facts, Given
from workflows.freshness import as_of_now
from workflows.machine import Move, decide, waits_for
from workflows.reason import unchanged
from workflows.step import Step


def take(
    session: Session,
    benefit: Benefit,
    action: Action,
    actor: Actor,
    given: Given,
    now: datetime,
    figures: Figures,
    version: int | None = None,
) -> Event:
    """Take one lawful step: write its event and effects, set the stage. Raises Refused with every reason, or Stale.

    ``version`` is the row version that the form was opened with. The caller commits.
    """
    _lock(session, benefit)
    unchanged(benefit, version)
    if not benefit.near_relative and benefit.stage in OPEN and has_near_relative(session, benefit):
        audit.attribute(session, actor, now, _why(given), batch_id=given.batch_id)
        benefit.near_relative = True  # who joined the family, or must support it, since the case was accepted
    facts = as_of_now(session, benefit, facts_of(session, benefit, figures, now.date()), action, now.date())
    move = decide(facts, action, actor, given)
    return _write(Step(session, benefit, facts, given, actor, now, figures, {}), move)


@dataclass(frozen=True)
class Claim:
    """What a new case is for: a scheme, for a household or one of its people, with what was stated and signed."""

    scheme: Scheme
    member: Member | None = None
    """The one person applied for; None: the household."""
    urgent: bool = False
    requested_fen: int | None = None
    pledged_on: date | None = None
    authorised_on: date | None = None
    follows: Benefit | None = None
    """The case that this one goes on from."""


def open_case(
    session: Session,
    household: Household,
    claim: Claim,
    action: Action,
    actor: Actor,
    given: Given,
    now: datetime,
    figures: Figures,
) -> Benefit:
    """Begin a case by APPLY or TAKE_OVER; raises Refused when the household has an open one or the role may not."""
    on, member = now.date(), claim.member
    facts = before_it_begins(session, household, claim.scheme, on, figures, claim.urgent, member)
    move = decide(facts, action, actor, given)
    benefit = Benefit(
        case_no=next_case_no(session, household.township_code, on.year),
        household=household,
        member=member,
        scheme=claim.scheme,
        area=household.area,
        unit=Unit.SINGLE if member else Unit.HOUSEHOLD,
        persons=1 if member else max(household.persons, 1),
        stage=move.to,
        stage_since=on,
        urgent=claim.urgent,
        monthly_fen=0,
        one_off_fen=0,
        requested_fen=claim.requested_fen,
        applied_on=on,
        pledged_on=claim.pledged_on,
        authorised_on=claim.authorised_on,
        township_code=household.township_code,
        village_code=household.village_code,
        created_at=now,
        batch_id=given.batch_id,
        follows_id=claim.follows.id if claim.follows else None,
    )
    _write(Step(session, benefit, facts, given, actor, now, figures, {}), move)
    return benefit


def next_case_no(session: Session, township_code: str, year: int) -> str:
    """The next case number of a township and year: ``511526100-2021-00012``."""
    prefix = f"{township_code}-{year}-"
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:prefix))"), {"prefix": prefix})
    # Between numbers, not signs: how a sign sorts is up to the server's collation.
    of_prefix = Benefit.case_no.between(f"{prefix}00000", f"{prefix}99999")
    query = select(func.max(Benefit.case_no)).where(of_prefix)
    last = session.scalar(query)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:05d}"


def _lock(session: Session, benefit: Benefit) -> None:
    # Its own columns alone: whoever read it may have joined other tables, and an outer join cannot be locked.
    session.flush()
    session.refresh(benefit, [column.key for column in inspect(Benefit).column_attrs], with_for_update=True)


def _follow(step: Step) -> None:
    """Take the steps of other cases that follow from this one and are still called for."""
    for other, action, given, wanted in step.after:
        _lock(step.session, other)
        if wanted(other):
            take(step.session, other, action, SYSTEM, given, step.now, step.figures)


def _write(step: Step, move: Move) -> Event:
    session, benefit, before = step.session, step.benefit, step.benefit.monthly_fen
    audit.attribute(session, step.actor, step.now, _why(step.given), batch_id=step.given.batch_id)
    with taking(session, benefit):
        session.add(benefit)
        session.flush()
        from_stage = step.facts.stage
        if benefit.stage is not move.to:
            benefit.stage, benefit.stage_since = move.to, step.on
        if effect := effect_of(benefit.scheme, move.rule.action):
            effect(step)
        if move.rule.action in RESTATED:
            benefit.persons = persons_counted(session, benefit, step.facts)
        if step.given.household_event_id is not None:
            step.data["household_event"] = step.given.household_event_id
        call_up(step, from_stage, before)
        end_visits(step, from_stage)
        step.data.update(told_special(move.rule.inputs, step.facts, step.given))
        happened = _event(step, move, from_stage, before)
        session.add(happened)
        session.flush()
        _set_waiting(benefit, facts_of(session, benefit, step.figures, step.on), step.figures)
        session.flush()
    _follow(step)
    return happened


def _why(given: Given) -> str:
    """The reason that the history keeps: the words of the step, and those of a decision on the single case."""
    special = (given.special.strip(), given.special_clause.strip()) if given.special.strip() else ()
    return " · ".join(part for part in (given.words, *special) if part)


def _event(step: Step, move: Move, from_stage: Stage | None, before_fen: int) -> Event:
    return Event(
        benefit=step.benefit,
        action=move.rule.action,
        from_stage=from_stage,
        to_stage=move.to,
        at=step.now,
        actor_id=step.actor.id,
        actor_name=step.actor.name,
        actor_role=step.actor.role,
        channel=step.actor.channel,
        opinion=step.given.words.strip(),
        clause=step.given.clause.strip() or in_force(move.rule.clause, _law_day(step, move, from_stage)),
        monthly_before_fen=before_fen,
        monthly_after_fen=step.benefit.monthly_fen,
        data=step.data,
        batch_id=step.given.batch_id,
        township_code=step.benefit.township_code,
        village_code=step.benefit.village_code,
        finding_id=step.rests_on or _calculation_of(step, move),
    )


def _law_day(step: Step, move: Move, from_stage: Stage | None) -> date:
    return cited_on(step.benefit, move.rule.action, from_stage, step.on)


def _calculation_of(step: Step, move: Move) -> int | None:
    seen = step.facts.finding
    return seen.id if seen is not None and move.rule.action in RESTS_ON_IT else None


def _set_waiting(benefit: Benefit, facts: Facts, figures: Figures) -> None:
    """Put the case on the desk of whoever must act, with the day by which."""
    benefit.waiting_role = waits_for(facts)
    benefit.step_due_on = step_due_on(benefit, facts, figures)


def mark_near_relative(session: Session, benefit: Benefit, figures: Figures, on: date) -> None:
    """Mark a running case as that of a near relative of staff, and put it on the desk of whoever must act now."""
    with taking(session, benefit):
        benefit.near_relative = True
        _set_waiting(benefit, facts_of(session, benefit, figures, on), figures)
        session.flush()


def step_due_on(benefit: Benefit, facts: Facts, figures: Figures) -> date | None:
    """The last day of the present step (民发〔2021〕57号 第十五、十九至二十二条); None where no term runs."""
    due = _step_due_on(benefit, facts, figures)
    if facts.complaint_on is None or benefit.stage not in IN_FORCE:
        return due
    days = figures.find("complaint.answer_days", place=benefit.village_code, on=facts.complaint_on)
    answer = facts.complaint_on + timedelta(days=days.whole) if days else None
    return min((day for day in (due, answer) if day is not None), default=None)


def _step_due_on(benefit: Benefit, facts: Facts, figures: Figures) -> date | None:
    place, since = benefit.village_code, benefit.stage_since
    if benefit.scheme in PERSONAL:
        return clocks_personal.step_due_on(benefit, facts, figures)
    if benefit.scheme is Scheme.TEKUN:
        return clocks_tekun.step_due_on(benefit, facts, figures)
    match benefit.stage:
        case Stage.ACCEPTED:
            return working_days_after(figures, "survey.start_working_days", place, since)
        case Stage.NOTICE:
            return benefit.notice_until
        case Stage.APPROVAL if facts.authority is not Authority.TOWNSHIP and benefit.accepted_on is not None:
            county = clocks_former.county_due_on(benefit, figures)
            return min(county, benefit.decide_by or county)
        case Stage.REVIEW:
            return clocks_former.review_due_on(benefit, facts, figures)
        case Stage.APPROVAL | Stage.RECHECK:
            return benefit.decide_by
        case Stage.REFUSED if not facts.refusal_told:
            return working_days_after(figures, "refusal.tell_working_days", place, since)
        case Stage.GRACE:
            return benefit.grace_until
        case Stage.ACTIVE if benefit.scheme in CLASSES:
            return benefit.valid_until
    return _money_due_on(facts) if benefit.scheme is Scheme.TEMPORARY else None


def _money_due_on(facts: Facts) -> date | None:
    """The earlier of the day of the next instalment and the day by which papers are owed."""
    left = facts.temporary.left if facts.temporary and facts.stage is Stage.ACTIVE else ()
    days = [left[0].due_on if left else None, facts.debt_due_on]
    return min((day for day in days if day is not None), default=None)
