"""Any order of lawful steps of 特困, by anybody, with days in between: what the rules promise holds at its end."""

from contextlib import suppress
from datetime import date, timedelta

from hypothesis import event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CountyCheck, Event
from policy.vocabulary import Action, EndReason, Role, Stage
from tests.workflows.supporting import Support
from workflows.facts import Facts
from workflows.machine import offered
from workflows.reason import Refused

A = Action
ROLES = (
    Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER,
)  # fmt: skip
DULL = frozenset({A.WITHDRAW, A.RECORD_COMPLAINT, A.ANSWER_COMPLAINT, A.TELL_MISSING, A.FILE_PAPER, A.REFER})
"""Lawful at almost any time; they would end or fill every walk."""
DECIDES_MONEY = frozenset({A.CONFIRM, A.RAISE, A.CUT, A.CHANGE_SUPPORT})


def choices(case: Support, facts: Facts) -> list[tuple[Action, Role]]:
    """Every lawful step of anybody, by name so that a walk can be told again."""
    return sorted(
        (offer.action, role) for role in ROLES for offer in offered(facts, case.actor(role))
        if offer.lawful and offer.action not in DULL
    )  # fmt: skip


STARTS = {"begun": Support.begin, "surveyed": Support.surveyed, "handed up": Support.handed_up, "paid": Support.active}


def walk(case: Support, turns: list[int]) -> None:
    """Take the chosen steps; every fifth turn lets days go by."""
    for turn in turns:
        if turn % 5 == 0:
            case.wait(4)
            continue
        facts = case.facts()
        if facts.finding is None and case.stage not in (Stage.EXITED, Stage.REFUSED, Stage.WITHDRAWN):
            facts = case.calculated().facts()
        if not (lawful := choices(case, facts)):
            return
        action, role = lawful[turn % len(lawful)]
        reason = EndReason.MEANS if case.stage is Stage.RECHECK else EndReason.OWN_WISH
        with suppress(Refused), case.session.begin_nested():  # filled in for another case of the same step
            case.do(action, role, end_reason=reason)


@settings(max_examples=12)
@given(st.sampled_from(sorted(STARTS)), st.lists(st.integers(1, 997), min_size=10, max_size=25))
def test_whatever_is_done_in_whatever_order_the_promises_hold(session: Session, start: str, turns: list[int]) -> None:
    begun = session.begin_nested()
    case = Support(session)
    STARTS[start](case)
    try:
        walk(case, turns)
        promises(case)
    finally:
        begun.rollback()


def promises(case: Support) -> None:
    """What no order of steps may break."""
    events = list(case.session.scalars(select(Event).where(Event.benefit_id == case.case.id).order_by(Event.id)))
    for at, step in enumerate(events):
        before = events[:at]
        if step.monthly_before_fen != step.monthly_after_fen:
            assert step.action in DECIDES_MONEY
        if step.action is A.CONFIRM:
            _confirmed(case, before)
        if step.action is A.EXIT:
            _ended(before, step.at.date())
        if step.action is A.PLACE_IN_HOME:
            wishes = [one.data["mode"] for one in before if one.action is A.RECORD_WISH]
            assert wishes and wishes[-1] == "central"
    event(f"{case.stage} after {len(events)} steps")
    assert (case.case.end_notice_until is None) or case.stage in (Stage.ACTIVE, Stage.RECHECK)


def _confirmed(case: Support, before: list[Event]) -> None:
    actions = [event.action for event in before]
    assert {A.ASSESS_SELF_CARE, A.RECORD_WISH, A.GIVE_OPINION, A.CLOSE_NOTICE} <= set(actions)
    since = max((n for n, one in enumerate(actions) if one in (A.OBJECT, A.RETURN)), default=-1)
    assert A.CLOSE_NOTICE in actions[since + 1 :]
    drawn = case.session.scalars(select(CountyCheck).where(CountyCheck.benefit_id == case.case.id)).one()
    assert not drawn.picked or A.COUNTY_VISIT in actions


def _ended(before: list[Event], on: date) -> None:
    posted = [event for event in before if event.action is A.POST_END_NOTICE][-1]
    later = [event.action for event in before if event.id > posted.id]
    assert A.CLOSE_END_NOTICE in later and A.OBJECT not in later and A.RETURN not in later
    assert on > posted.at.date() + timedelta(days=7)
