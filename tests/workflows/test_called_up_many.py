"""What many decisions at once touch falls due as if each had been taken by itself: rosters, adjustments, undoing."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from models import Benefit, DeskSummary, Event, Household, Member
from policy.vocabulary import Action, Area, Role, Scheme, Stage, Unit
from tests import factories
from tests.workflows.driver import FIGURES, START, Driver
from tests.workflows.recalculating import HIGHER, LOWER, NOW, OVER_LINE, County
from workflows import audit, case_guard, casework
from workflows.actor import SYSTEM
from workflows.facts import Given
from workflows.takeover import OnRoster, take_over_many

S = Scheme
YEAR = timedelta(days=365)
DUE = NOW.date() + YEAR
FOUND = (S.LIVING_SUBSIDY, S.CARE_SUBSIDY, S.UNSUPPORTED_CHILD)
STAND = ("stage", "stage_since", "monthly_fen", "review_due_on", "waiting_role", "step_due_on", "decide_by")
TOLD = (
    "action", "from_stage", "to_stage", "actor_id", "actor_name", "actor_role", "channel", "clause", "data",
    "monthly_before_fen", "monthly_after_fen",
)  # fmt: skip


def held(session: Session, home: Household, scheme: Scheme, who: Member | None = None, **more: Any) -> Benefit:
    """A benefit in force beside the one that is decided, whose next look is a year away."""
    own = {"member": who, "unit": Unit.SINGLE, "persons": 1} if who else {}
    told = {"monthly_fen": 10_000, "review_due_on": START.date() + YEAR, **own, **more}
    return factories.benefit(session, home, scheme=scheme, **told)


def with_all(session: Session) -> Household:
    """A family of two with a benefit of each kind: for the family, for each of them, one due already, one at work."""
    home = factories.household(session, members=2)
    head, son = home.members
    for scheme in FOUND:
        held(session, home, scheme, son)
    held(session, home, S.LIVING_SUBSIDY, head, review_due_on=None)
    held(session, home, S.UNSUPPORTED_CHILD, head, stage=Stage.RECHECK)
    held(session, home, S.CARE_SUBSIDY, head, review_due_on=START.date())
    held(session, home, S.EDGE)
    return home


def as_it_stands(session: Session, home: Household) -> list[tuple[Any, ...]]:
    """What became of the benefits beside the one taken over: columns, and what the last step says."""
    found = []
    for case in session.scalars(select(Benefit).where(Benefit.household_id == home.id).order_by(Benefit.id)):
        last = case.events[-1]
        words = last.opinion.replace(session.scalars(_taken(home)).one(), "…")
        found.append((*(getattr(case, name) for name in STAND), *(getattr(last, name) for name in TOLD), words))
    return found[:-1]


def _taken(home: Household) -> Any:
    return select(Benefit.case_no).where(Benefit.household_id == home.id, Benefit.taken_over)


def roster(home: Household, scheme: Scheme = S.DIBAO) -> OnRoster:
    return OnRoster(home.id, home.township_code, home.village_code, Area.RURAL, 2, 38_000, scheme=scheme)


@pytest.mark.parametrize("scheme", [S.DIBAO, S.TEKUN])
def test_a_roster_calls_up_what_one_case_taken_over_by_itself_does(session_any: Session, scheme: Scheme) -> None:
    d = Driver(session_any)
    reviewer = d.actor(Role.COUNTY_REVIEWER)
    one, *homes = [with_all(session_any) for _ in range(3)]
    given = Given("花名册", amount_fen=38_000)
    claim = casework.Claim(scheme)
    casework.open_case(session_any, one, claim, Action.TAKE_OVER, reviewer, given, d.now, FIGURES)
    rows = [roster(home, scheme) for home in homes]
    called = take_over_many(session_any, rows, reviewer, d.now, FIGURES, "花名册").called
    session_any.commit()
    alone = as_it_stands(session_any, one)
    assert [as_it_stands(session_any, home) for home in homes] == [alone] * 2
    assert len(called) == 2 * sum(row[7] is Action.PLAN_REVIEW for row in alone) > 0
    assert audit.verify(session_any).first_bad is None


def test_the_desk_counts_what_a_roster_called_up(session: Session) -> None:
    d = Driver(session)
    home = factories.household(session, members=1)
    child = held(session, home, S.UNSUPPORTED_CHILD, home.members[0])
    take_over_many(session, [roster(home)], d.actor(Role.COUNTY_REVIEWER), d.now, FIGURES, "花名册")
    session.commit()
    assert child.review_due_on == d.day()
    assert session.get(DeskSummary, (factories.VILLAGE, "review", d.day())) is not None


def test_families_that_a_roster_founds_are_not_asked_for_what_they_cannot_have(session: Session) -> None:
    d = Driver(session)
    homes = [factories.household(session, members=2) for _ in range(3)]
    asked: list[str] = []

    @event.listens_for(session.connection(), "before_cursor_execute")
    def hear(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    rows = [roster(home) for home in homes]
    founded = frozenset(home.id for home in homes)
    take_over_many(session, rows, d.actor(Role.COUNTY_REVIEWER), d.now, FIGURES, "花名册", None, founded)
    assert not [one for one in asked if one.startswith("SELECT") and "review_due_on" in one]


def test_tekun_that_comes_with_dibao_on_one_roster_calls_it_up(session: Session) -> None:
    d = Driver(session)
    home = factories.household(session, members=1)
    rows = [roster(home), roster(home, S.TEKUN)]
    founded = frozenset({home.id})
    called = take_over_many(session, rows, d.actor(Role.COUNTY_REVIEWER), d.now, FIGURES, "名册", None, founded).called
    session.commit()
    dibao = session.scalars(select(Benefit).where(Benefit.scheme == S.DIBAO)).one()
    assert (list(called), dibao.review_due_on) == ([dibao.id], d.day())


# --- adjustments ------------------------------------------------------------------------------------------------------


class Raised(County):
    """A county in which families on 低保 have a child whose money tops it up."""

    def child(self, case: int, due: date | None = DUE, scheme: Scheme = S.UNSUPPORTED_CHILD) -> int:
        """The case of somebody of the family of a case."""
        with Session(self.engine) as session:
            audit.attribute(session, SYSTEM, NOW)
            home = session.get_one(Benefit, case).household
            row = held(session, home, scheme, home.members[-1], review_due_on=due)
            session.commit()
            return row.id

    def due(self, case: int) -> date | None:
        return self.read(lambda s: s.get_one(Benefit, case).review_due_on)

    def said(self, case: int) -> list[str]:
        """What its planned reviews say."""
        query = select(Event.opinion).where(Event.benefit_id == case, Event.action == Action.PLAN_REVIEW)
        return list(self.read(lambda s: s.scalars(query.order_by(Event.id)).all()))

    def done(self, figures: Any) -> int:
        id = self.preview(figures)
        self.apply(id, figures)
        return id


@pytest.fixture
def raised(engine_any: Engine) -> Raised:
    return Raised(engine_any)


def number(raised: Raised, case: int) -> str:
    return raised.read(lambda s: s.get_one(Benefit, case).case_no)


def test_an_adjustment_calls_up_the_child_s_money_that_tops_up_the_amount_and_nothing_else(raised: Raised) -> None:
    family = raised.family(100, 730)
    child, living = raised.child(family), raised.child(family, scheme=S.LIVING_SUBSIDY)
    due = raised.child(raised.family(100, 730), due=NOW.date())
    raised.done(HIGHER)
    assert (raised.due(child), raised.due(living)) == (NOW.date(), DUE)
    assert raised.said(child) == [f"本户最低生活保障（案号{number(raised, family)}）金额已变动，须重新核查。"]
    assert raised.said(living) == raised.said(due) == []
    assert raised.amount(child) == 10_000 and raised.read(audit.verify).first_bad is None


@pytest.mark.parametrize(("income", "paid", "figures"), [(100, 1300, HIGHER), (OVER_LINE, 400, LOWER)])
def test_who_keeps_the_amount_calls_up_nothing(raised: Raised, income: int, paid: int, figures: Any) -> None:
    child = raised.child(raised.family(income, paid))
    raised.child(raised.family(100, 730))
    raised.done(figures)
    assert (raised.due(child), raised.said(child)) == (DUE, [])


def test_an_adjustment_that_is_undone_calls_nobody_up(raised: Raised) -> None:
    child = raised.child(raised.family(100, 730))
    never = raised.child(raised.family(100, 730), due=None)
    id = raised.done(HIGHER)
    assert raised.due(child) == raised.due(never) == NOW.date()
    raised.undo(id)
    assert (raised.due(child), raised.due(never)) == (DUE, None)
    assert raised.said(child)[1:] == ["调标已撤回，复核日期恢复原定。"]
    assert raised.read(audit.verify).first_bad is None


@pytest.mark.parametrize("whose", ["family", "child"])
def test_what_somebody_touched_since_stays_called_up(raised: Raised, whose: str) -> None:
    family = raised.family(100, 730)
    child = raised.child(family)
    raised.child(raised.family(100, 730))
    id = raised.done(HIGHER)
    touched = {"family": family, "child": child}[whose]
    raised.write(lambda s: setattr(s.get_one(Benefit, touched), "urgent", True))
    raised.undo(id)
    assert (raised.due(child), len(raised.said(child))) == (NOW.date(), 1)


def test_what_was_looked_at_since_is_called_up_again_when_the_amount_goes_back(raised: Raised) -> None:
    child = raised.child(raised.family(100, 730))
    id = raised.done(HIGHER)

    def look(session: Session) -> None:
        case = session.get_one(Benefit, child)
        with case_guard.taking(session, case):
            case.review_due_on = NOW.date() + 2 * YEAR
            session.flush()

    raised.write(look)
    raised.undo(id)
    assert (raised.due(child), len(raised.said(child))) == (NOW.date(), 2)
