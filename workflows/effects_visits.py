"""What looking into a family writes: visits at its home, and what the sources of the cross-check answered."""

from dataclasses import replace

from sqlalchemy import select

from models import Crosscheck, User
from policy.division_codes import county_of, township_of
from policy.vocabulary import IN_FORCE, Scheme, Stage, VisitKind
from workflows.facts import Surveyor
from workflows.step import Step
from workflows.visiting import add_visit, call_off


def record_survey(step: Step) -> None:
    """Who went to see the home, when, and what they found; in a recheck a visit of the recheck."""
    _visit(step, VisitKind.SURVEY if step.facts.stage is Stage.REVIEW else VisitKind.RECHECK)


def county_visit(step: Step) -> None:
    """The county's own people went to see."""
    _visit(step, VisitKind.COUNTY)


def end_visits(step: Step, before: Stage | None) -> None:
    """Where 低保 ends, nobody need go on the visits planned for its sake: they would stay overdue for ever."""
    benefit = step.benefit
    if benefit.scheme is Scheme.DIBAO and before in IN_FORCE and benefit.stage not in IN_FORCE:
        call_off(step.session, benefit.household_id)


def _visit(step: Step, kind: VisitKind) -> None:
    told = [Surveyor(who.name.strip(), who.user_id) for who in step.given.surveyors if who.name.strip()]
    logins = _logins(step, [who.name for who in told if who.user_id is None])
    went = sorted((_known(who, logins) for who in told), key=lambda who: who.user_id is None)
    ids = [*(who.user_id for who in told if who.user_id is not None), *(id for of in logins.values() for id in of)]
    given = replace(step.given, surveyors=tuple(went))
    visit = add_visit(step.session, step.benefit.household, kind, given, step.actor, step.now, step.benefit)
    step.session.flush()
    step.data.update(
        visit_id=visit.id,
        surveyors=list(dict.fromkeys(who.name for who in went)),
        surveyor_ids=list(dict.fromkeys(ids)),
    )


def _logins(step: Step, typed: list[str]) -> dict[str, list[int]]:
    """By name typed, everybody of this place or above who logs in and bears it: none of them confirms the case.

    Else an approver who went along, typed instead of ticked, could confirm it.
    """
    found: dict[str, list[int]] = {}
    codes = (step.place, township_of(step.place), county_of(step.place))
    query = select(User).where(User.name.in_(typed), User.division_code.in_(codes)).order_by(User.id)
    for user in step.session.scalars(query) if typed else ():
        found.setdefault(user.name, []).append(user.id)
    return found


def _known(who: Surveyor, logins: dict[str, list[int]]) -> Surveyor:
    """Who went, with their login; whom a name that was typed means is known where one alone bears it."""
    of = logins.get(who.name, [])
    return Surveyor(who.name, of[0]) if who.user_id is None and len(of) == 1 else who


def record_crosscheck(step: Step) -> None:
    """Which sources were asked, and what those that answered said."""
    query = select(Crosscheck).where(Crosscheck.benefit_id == step.benefit.id)
    known = {row.source: row for row in step.session.scalars(query)}
    for answer in step.given.answers:
        row = known.get(answer.source)
        if row is None:
            asked_on = answer.back_on or step.on
            row = Crosscheck(benefit_id=step.benefit.id, source=answer.source, asked_on=asked_on)
            step.session.add(step.place_row(row))
        row.back_on, row.doubtful, row.note = answer.back_on, answer.doubtful, answer.note
        row.asked_on = min(row.asked_on, answer.back_on or row.asked_on)
    step.data["sources"] = [answer.source for answer in step.given.answers]
