"""Working days by the State Council's calendar, and whole months."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.calendar import (
    add_months,
    add_working_days,
    announced,
    end_of_months,
    is_working_day,
    last_day_of_month,
    month_after,
    working_days_until,
)
from policy.holidays import by_law

days = st.dates(date(2010, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # a Saturday worked before Spring Festival
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 10, 7), False),
        (date(2026, 11, 21), False),  # a Saturday
    ],
)
def test_holidays_and_make_up_days_are_known(day, works):
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday, so Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday counts like its Friday
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # over New Year, to a worked Sunday
    ],
)
def test_the_starting_day_is_not_counted_and_days_off_are_skipped(start, n, due):
    assert add_working_days(start, n) == due


def test_working_days_are_not_counted_backward():
    with pytest.raises(ValueError, match="-1"):
        add_working_days(date(2026, 1, 5), -1)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 11, 18), 3),
        (date(2026, 11, 20), 1),
        (date(2026, 11, 22), 1),
        (date(2026, 11, 23), 0),
        (date(2026, 11, 24), -1),
        (date(2026, 11, 30), -5),
    ],
)
def test_days_left_run_down_to_zero_on_the_due_day_and_below_when_overdue(today, left):
    assert working_days_until(today, date(2026, 11, 23)) == left


def test_a_year_not_yet_announced_leaves_out_weekends_and_the_holidays_of_the_law_and_says_so():
    assert announced(2026)
    assert not announced(2030)
    assert not is_working_day(date(2030, 10, 1))
    assert not is_working_day(date(2030, 10, 5))  # a Saturday
    assert is_working_day(date(2030, 10, 8))


@pytest.mark.parametrize(
    ("year", "days"),
    [
        # 初一 of 2027 is a Saturday: the eve a Friday, 初三 a Monday, the weekend made up on the two days after.
        (2027, ("01-01 02-05 02-06 02-07 02-08 02-09 02-10 04-05 05-01 05-02 05-03 05-04 06-09 09-15"
                " 10-01 10-02 10-03 10-04 10-05")),
        # 中秋 of 2028 is 3 October and no day more.
        (2028, "01-01 01-03 01-25 01-26 01-27 01-28 04-04 05-01 05-02 05-28 05-29 10-01 10-02 10-03 10-04"),
        # Beyond the table of lunar days: the holidays of fixed date alone; 1 January is a Sunday, 1 October as well.
        (2045, "01-01 01-02 05-01 05-02 10-01 10-02 10-03 10-04"),
    ],
)  # fmt: skip
def test_days_off_by_law_are_made_up_where_they_fall_on_a_weekend(year, days):
    assert [day.strftime("%m-%d") for day in sorted(by_law(year))] == days.split()


def test_a_year_that_is_announced_has_every_festival_of_the_law_off():
    fixed = {day for day in by_law(2026) if day.month in (1, 2, 5, 6, 9, 10)}
    festivals = ["01-01", "02-16", "02-17", "02-18", "02-19", "05-01", "06-19", "09-25", "10-01", "10-02"]
    assert not any(is_working_day(date.fromisoformat(f"2026-{day}")) for day in festivals)
    assert {f"{day:%m-%d}" for day in fixed} >= set(festivals)


@given(days, st.integers(0, 300))
def test_days_left_to_a_term_are_its_length(start, n):
    assert working_days_until(start, add_working_days(start, n)) == n


@given(days, st.integers(1, 300))
def test_a_term_ends_on_a_working_day(start, n):
    assert is_working_day(add_working_days(start, n))


@given(days, st.integers(0, 60))
def test_counting_one_day_at_a_time_gives_the_same_days_left(today, ahead):
    due = today + timedelta(days=ahead)
    assert working_days_until(today, due) == sum(
        is_working_day(today + timedelta(days=step)) for step in range(1, ahead + 1)
    )


@given(days, days)
def test_overdue_days_mirror_days_left(one, other):
    assert working_days_until(one, other) == -working_days_until(other, one)


def test_a_hundred_thousand_terms_take_less_than_five_seconds_of_the_processor():
    started = time.process_time()  # some 0.2: a year looked through day by day takes a hundred times that
    for n in range(100_000):
        add_working_days(date(2026, 1, 1 + n % 28), 30)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("day", "n", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 30), 12, date(2027, 1, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 21), 2, date(2027, 1, 21)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_months_are_added_without_leaving_the_month(day, n, later):
    assert add_months(day, n) == later


@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2026, 12, 31)])
def test_the_month_after_december_is_january(day):
    assert month_after(day) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 12, 5), date(2026, 12, 31)),
    ],
)
def test_the_last_day_of_a_month_is_found(day, last):
    assert last_day_of_month(day) == last


@pytest.mark.parametrize(("n", "last"), [(1, date(2020, 7, 31)), (6, date(2020, 12, 31)), (12, date(2021, 6, 30))])
def test_a_period_of_months_ends_with_its_last_month(n, last):
    assert end_of_months(date(2020, 7, 1), n) == last


@given(days, st.integers(-60, 60))
def test_adding_months_lands_in_the_month_asked_for(day, n):
    later = add_months(day, n)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
    assert later.day == min(day.day, last_day_of_month(later).day)
