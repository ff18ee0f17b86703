"""The days off that are fixed by law, for years whose holidays the State Council has not announced yet.

全国年节及纪念日放假办法 (国务院令第795号, from 2025 on): 元旦 one day, 春节 four days from its eve, 清明 one, 劳动节
two, 端午 one, 中秋 one, 国庆 three. One that falls on a weekend is made up on the working day that comes next.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_LUNAR = {
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
    2036: ((1, 28), (4, 4), (5, 30), (10, 4)),
    2037: ((2, 15), (4, 4), (6, 18), (9, 24)),
    2038: ((2, 4), (4, 5), (6, 7), (9, 13)),
    2039: ((1, 24), (4, 5), (5, 27), (10, 2)),
    2040: ((2, 12), (4, 4), (6, 14), (9, 20)),
}
"""初一, 清明, 端午 and 中秋 (month, day); a year beyond has only the holidays of fixed date."""


@lru_cache(maxsize=64)
def by_law(year: int) -> frozenset[date]:
    """The year's days off by law, with the working days on which those of weekends are made up."""
    off = set(_festivals(year))
    for holiday in sorted(off):
        if holiday.weekday() >= 5:
            made_up = holiday
            while made_up.weekday() >= 5 or made_up in off:
                made_up += _DAY
            off.add(made_up)
    return frozenset(off)


def _festivals(year: int) -> Iterator[date]:
    yield from (date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)))
    if year in _LUNAR:
        spring, *others = (date(year, month, day) for month, day in _LUNAR[year])
        yield from others
        yield from (spring + n * _DAY for n in range(-1, 3))
