"""The list of accounts of a month: who was paid in it and how much, whatever was decided since."""

from datetime import date, datetime

import pytest

from models import Event
from policy.vocabulary import Action, Stage
from tests import factories
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import NOW
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange.export import ROSTERS, Export, Period, headers
from workflows.exchange.layouts import ONE_CARD

A = Action


@pytest.fixture
def county(session_any):
    rosters.office(session_any)
    audit.attribute(session_any, SYSTEM, NOW)
    return session_any


@pytest.fixture
def case(county):
    return paying(county, date(2026, 4, 1))


def paying(session, pays_from, stage=Stage.ACTIVE):
    """A case that is paid, of which no step tells an amount yet."""
    return factories.benefit(session, factories.household(session), stage, monthly_fen=40_000, pays_from=pays_from)


def step(session, case, action, to, before, after, at, from_=Stage.RECHECK, **data):
    session.add(Event(
        benefit_id=case.id, action=action, from_stage=from_, to_stage=to, at=at, actor_name="测试",
        monthly_before_fen=before, monthly_after_fen=after, data=data, clause="", opinion="", channel="web",
        township_code=case.township_code, village_code=case.village_code,
    ))  # fmt: skip
    session.flush()


def paid(session, year, month):
    """The amount on the list of a month; None for who is not on it."""
    period, roster = Period.month(date(year, month, 1)), ROSTERS[ONE_CARD.code]
    ids = session.scalars(roster.ids(period)).all()
    rows = Export(session, False, NOW.date()).rows(ONE_CARD, ids, period)
    [at] = [n for n, name in enumerate(headers(ONE_CARD)) if name == "异动金额"]
    return next((row[at] for row in rows), None)


def test_who_is_confirmed_is_paid_from_the_month_after(session_any, case):
    step(session_any, case, A.CONFIRM, Stage.ACTIVE, 0, 40_000, datetime(2026, 4, 30, 23, 59), Stage.APPROVAL)
    assert [paid(session_any, 2026, month) for month in (4, 5, 6)] == [None, "400.00", "400.00"]


@pytest.mark.parametrize(("action", "after", "then"), [(A.CUT, 30_000, "300.00"), (A.RAISE, 50_000, "500.00")])
def test_another_amount_holds_from_the_month_after_it_was_decided(session_any, case, action, after, then):
    step(session_any, case, A.CONFIRM, Stage.ACTIVE, 0, 40_000, datetime(2026, 4, 10), Stage.APPROVAL)
    step(session_any, case, action, Stage.ACTIVE, 40_000, after, datetime(2026, 6, 1))
    assert [paid(session_any, 2026, month) for month in (5, 6, 7)] == ["400.00", "400.00", then]


@pytest.mark.parametrize(("from_month", "told"), [
    ("2026-05-01", ["400.00", "500.00", "500.00", "500.00"]), ("2026-08-01", ["400.00", "400.00", "400.00", "500.00"]),
])  # fmt: skip
def test_an_adjustment_holds_from_the_month_that_it_names(session_any, case, from_month, told):
    step(session_any, case, A.CONFIRM, Stage.ACTIVE, 0, 40_000, datetime(2026, 3, 10), Stage.APPROVAL)
    step(session_any, case, A.RAISE, Stage.ACTIVE, 40_000, 50_000, datetime(2026, 6, 5), from_month=from_month)
    assert [paid(session_any, 2026, month) for month in (4, 5, 7, 8)] == told


@pytest.mark.parametrize(("action", "to"), [(A.SUSPEND, Stage.SUSPENDED), (A.EXIT, Stage.EXITED)])
def test_who_is_suspended_or_leaves_is_paid_for_that_month_still(session_any, case, action, to):
    step(session_any, case, A.CONFIRM, Stage.ACTIVE, 0, 40_000, datetime(2026, 4, 10), Stage.APPROVAL)
    step(session_any, case, action, to, 40_000, 40_000, datetime(2026, 6, 1))
    assert [paid(session_any, 2026, month) for month in (5, 6, 7)] == ["400.00", "400.00", None]


@pytest.mark.parametrize(("pays_from", "told"), [
    (date(2019, 1, 1), [None, "400.00", "400.00"]), (date(2026, 6, 1), [None, "400.00", "400.00"]),
    (date(2026, 7, 1), [None, None, "400.00"]),
])  # fmt: skip
def test_who_was_taken_over_is_on_the_list_from_that_month_or_when_the_money_begins(county, pays_from, told):
    case = paying(county, pays_from)
    step(county, case, A.TAKE_OVER, Stage.ACTIVE, 0, 40_000, datetime(2026, 6, 20), None)
    assert [paid(county, 2026, month) for month in (5, 6, 7)] == told


@pytest.mark.parametrize("undone", [datetime(2026, 6, 20, 1), datetime(2026, 7, 5)], ids=["at once", "in July"])
def test_a_case_whose_take_over_was_undone_is_on_no_list(county, undone):
    case = paying(county, date(2026, 6, 1), Stage.WITHDRAWN)
    step(county, case, A.TAKE_OVER, Stage.ACTIVE, 0, 40_000, datetime(2026, 6, 20), None)
    step(county, case, A.TAKE_BACK, Stage.WITHDRAWN, 40_000, 40_000, undone, Stage.ACTIVE)
    assert [paid(county, 2026, month) for month in (5, 6, 7, 8)] == [None] * 4


def test_the_amount_is_that_of_the_step_that_came_last_in_time_whichever_was_entered_last(session_any, case):
    step(session_any, case, A.RAISE, Stage.ACTIVE, 40_000, 50_000, datetime(2026, 5, 20))
    step(session_any, case, A.CONFIRM, Stage.ACTIVE, 0, 40_000, datetime(2026, 4, 10), Stage.APPROVAL)
    assert [paid(session_any, 2026, month) for month in (5, 6)] == ["400.00", "500.00"]
