"""An office that presses buttons: one rule takes lawful steps, another presses anything; invariants hold after each."""

from collections import Counter
from functools import cache
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from models import Base, Event
from models.base import tune
from policy.vocabulary import ENDED, Action, LeaveReason, Role, Scheme, Stage
from tests import factories
from tests.workflows.driver import START, Driver
from workflows.facts import Facts
from workflows.machine import Offer, offered, rules_of
from workflows.reason import Refused

ENDS: Counter[str] = Counter()
ROLES = (*Role, None)
BACK = (
    Action.OBJECT, Action.RETURN, Action.WITHDRAW, Action.REFUSE, Action.KEEP, Action.RAISE, Action.CUT, Action.RESUME,
)  # fmt: skip
SCHEMES = st.sampled_from((Scheme.DIBAO, Scheme.DIBAO, Scheme.TEMPORARY))
FEN = st.sampled_from((0, 1, 40_000, 300_001))
PICKS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), min_size=6, max_size=14)
DAYS = st.sampled_from((0, 1, 3, 8, 200))


class Office(RuleBasedStateMachine):
    """One family, every role, any day."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(_engine())

    @initialize(scheme=SCHEMES, persons=st.integers(1, 2), picks=PICKS)
    def a_family_applies(self, scheme: Scheme, persons: int, picks: list[tuple[int, int]]) -> None:
        self.case = Driver(self.session, START, persons)
        self.case.apply(scheme, urgent=True, requested_fen=100_000)
        self._walk(picks, 8)

    @precondition(lambda self: self.case.stage not in ENDED)
    @rule(picks=PICKS, days=DAYS)
    def somebody_takes_lawful_steps(self, picks: list[tuple[int, int]], days: int) -> None:
        self._walk(picks, days)

    def _walk(self, picks: list[tuple[int, int]], days: int) -> None:
        for mood, pick in picks:
            self.case.wait(days)
            if steps := self._steps(mood):
                role, offer = steps[pick % len(steps)]
                self._press(offer.action, role, {"grants": mood != 3})

    def _steps(self, mood: int) -> list[tuple[Role | None, Offer]]:
        """What is lawful now: mostly what moves the case on, now and then (mood 7) a step back or aside."""
        facts = self.case.facts()
        if facts.finding is None and self.case.stage in (Stage.REVIEW, Stage.APPROVAL, Stage.RECHECK):
            facts = self.case.calculated().facts()
        lawful = [(role, offer) for role in ROLES for offer in offered(facts, self.case.actor(role)) if offer.lawful]
        onward = [step for step in lawful if _moves_on(step[1], facts)]
        return lawful if mood == 7 else onward or lawful

    @rule(action=st.sampled_from(list(Action)), role=st.sampled_from(ROLES), fen=FEN)
    def somebody_presses_anything(self, action: Action, role: Role | None, fen: int) -> None:
        before = self._picture()
        try:
            self.case.do(action, role, amount_fen=fen)
        except Refused:
            assert self._picture() == before

    @precondition(lambda self: any(person.present for person in self.case.home.members))
    @rule()
    def somebody_dies(self) -> None:
        person = next(person for person in self.case.home.members if person.present)
        factories.leave(self.session, person, self.case.day(), LeaveReason.DEATH)

    def _press(self, action: Action, role: Role | None, given: dict[str, Any]) -> None:
        try:
            self.case.do(action, role, **given)
        except Refused as refused:
            raise AssertionError(f"offered as lawful, yet refused: {action} by {role}: {refused}") from refused

    def _picture(self) -> tuple[Any, ...]:
        case = self.case.case
        return (case.stage, case.monthly_fen, case.one_off_fen, case.row_version, self._events())

    def _events(self) -> int:
        return self.session.scalar(select(func.count(Event.id)).where(Event.benefit_id == self.case.case.id)) or 0

    @invariant()
    def the_last_event_tells_the_stage(self) -> None:
        if hasattr(self, "case"):
            last = select(Event).where(Event.benefit_id == self.case.case.id).order_by(Event.id.desc()).limit(1)
            event = self.session.scalars(last).one()
            assert (event.to_stage, event.monthly_after_fen) == (self.case.stage, self.case.case.monthly_fen)

    @invariant()
    def history_is_a_walk_over_the_table(self) -> None:
        if hasattr(self, "case"):
            query = select(Event).where(Event.benefit_id == self.case.case.id).order_by(Event.id)
            stage: Stage | None = None
            for event in self.session.scalars(query):
                assert event.from_stage is stage
                assert event.action in {rule.action for rule in rules_of(self.case.case.scheme, stage)}
                stage = event.to_stage

    @invariant()
    def money_flows_only_after_a_decision_by_another_person(self) -> None:
        if hasattr(self, "case") and self.case.case.monthly_fen:
            events = list(self.session.scalars(select(Event).where(Event.benefit_id == self.case.case.id)))
            confirmers = {event.actor_id for event in events if event.action is Action.CONFIRM}
            surveys = [event for event in events if event.action in (Action.RECORD_SURVEY, Action.GIVE_OPINION)]
            before = [event.actor_id for event in surveys if event.from_stage is Stage.REVIEW]
            assert confirmers and not confirmers & set(before)

    @invariant()
    def an_ended_case_waits_for_nobody_but_to_tell_or_file(self) -> None:
        if hasattr(self, "case") and self.case.stage in (Stage.EXITED, Stage.WITHDRAWN):
            assert self.case.case.waiting_role is None and self.case.case.ended_on is not None

    def teardown(self) -> None:
        if hasattr(self, "case"):
            ENDS[self.case.stage] += 1
        self.session.close()


@cache
def _engine() -> Engine:
    engine = tune(create_engine("sqlite://"))
    Base.metadata.create_all(engine)
    return engine


def _moves_on(offer: Offer, facts: Facts) -> bool:
    needed = {
        Action.RECORD_SURVEY: not facts.visited, Action.RECORD_CROSSCHECK: not facts.sources_back,
        Action.GIVE_OPINION: facts.opinion is None, Action.COUNTY_OPINION: not facts.county_opinion,
        Action.COUNTY_VISIT: not facts.county_visited, Action.FILE_PAPER: True,
    }  # fmt: skip
    return needed.get(offer.action, offer.rule.to is not None and offer.action not in BACK)


def test_the_office_keeps_the_law_and_a_third_of_its_runs_reach_exit() -> None:
    ENDS.clear()
    run = settings(
        max_examples=30,
        stateful_step_count=8,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    Office.TestCase.settings = run
    Office.TestCase("runTest").runTest()
    assert ENDS[Stage.EXITED] / ENDS.total() >= 1 / 3, ENDS
