"""The office's calendar: working days by the State Council's holidays, and whole months.

A period starts on the day after the event: the starting day itself is never counted (民法典 第二百零一条).
Of a year whose holidays are not yet announced the weekends and the holidays fixed by law are off; ``announced`` says
which years are.
"""

from bisect import bisect_right
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from policy.holidays import by_law


def announced(year: int) -> bool:
    """Whether the State Council's holidays of that year are known."""
    from chinese_calendar import constants

    return date(year, 10, 1) in constants.holidays


def is_working_day(day: date) -> bool:
    """Whether the office works that day: make-up weekends do, public holidays do not."""
    days = _working_days(day.year)
    place = bisect_right(days, day.toordinal())
    return place > 0 and days[place - 1] == day.toordinal()


def add_working_days(start: date, n: int) -> date:
    """The n-th working day after ``start``, which is not counted; n = 0 is ``start`` itself; n < 0 is a ValueError."""
    if n < 0:
        raise ValueError(f"cannot count {n} working days forward")
    if n == 0:
        return start
    year = start.year
    days = _working_days(year)
    index = bisect_right(days, start.toordinal()) + n - 1
    while index >= len(days):
        index -= len(days)
        year += 1
        days = _working_days(year)
    return date.fromordinal(days[index])


def working_days_until(today: date, due: date) -> int:
    """Working days left after today up to and including the due day; below zero, how many have gone by since.

    Zero means due today, or that only days off lie between: overdue is ``due < today``.
    """
    if due < today:
        return -working_days_until(due, today)
    between = sum(len(_working_days(year)) for year in range(today.year, due.year))
    passed = bisect_right(_working_days(today.year), today.toordinal())
    return between + bisect_right(_working_days(due.year), due.toordinal()) - passed


def add_months(day: date, n: int) -> date:
    """The same day n months later (or earlier); the last day of the month where that day does not exist."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def next_first_of(month: int, after: date) -> date:
    """The next first day of a month (1 to 12) after a day."""
    this_year = date(after.year, month, 1)
    return this_year if this_year > after else date(after.year + 1, month, 1)


def month_after(day: date) -> date:
    """The first day of the next month, from which money starts or changes."""
    return add_months(day.replace(day=1), 1)


def last_day_of_month(day: date) -> date:
    """The last day of the month the day lies in."""
    return month_after(day) - timedelta(days=1)


def end_of_months(first: date, n: int) -> date:
    """The last day of the n-th month, the month of ``first`` being the 1st: when a grace of n months ends."""
    return last_day_of_month(add_months(first, n - 1))


@lru_cache(maxsize=64)
def _working_days(year: int) -> tuple[int, ...]:
    """Ordinals of the year's working days, in order."""
    from chinese_calendar import constants

    first = date(year, 1, 1).toordinal()
    days = [date.fromordinal(first + offset) for offset in range(366 if monthrange(year, 2)[1] == 29 else 365)]
    off, on = (constants.holidays, constants.workdays) if announced(year) else (by_law(year), ())
    return tuple(day.toordinal() for day in days if day in on or (day.weekday() < 5 and day not in off))
