"""Days and figures as the sample county's cases need them, each looked up once."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import lru_cache

from policy.authority import decide_by, grace_months, township_limit, who_confirms
from policy.calendar import add_working_days, is_working_day
from policy.figures import Figures
from policy.vocabulary import Authority, Scheme
from workflows.demo.divisions import COUNTY

YEARS_BACK, YEARS_ON = 4, 2


class Terms:
    """The calendar around the day of the county, and its figures. No township of the sample has figures of its own."""

    def __init__(self, figures: Figures, on: date) -> None:
        self.figures, self.on = figures, on
        first, last = date(on.year - YEARS_BACK, 1, 1), date(on.year + YEARS_ON, 12, 31)
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self.days = [day for day in days if is_working_day(day)]
        self.figure = lru_cache(maxsize=None)(self._figure)
        self.authority = lru_cache(maxsize=None)(self._authority)
        self.decide_by = lru_cache(maxsize=None)(self._decide_by)
        self.after = lru_cache(maxsize=None)(self._after)

    def shift(self, day: date, n: int) -> date:
        """The n-th working day after (or, below zero, before) a day; 0 is the day itself, or the next working one."""
        at = bisect_left(self.days, day)
        return self.days[at + n - (n > 0 and self.days[at] != day)]

    def ago(self, n: int) -> date:
        """The n-th working day before the day of the county."""
        return self.days[bisect_left(self.days, self.on) - n]

    def age(self, day: date) -> int:
        """How many working days ago a day was."""
        return bisect_left(self.days, self.on) - bisect_right(self.days, day) + 1

    def grace(self, day: date) -> tuple[int, int] | None:
        """Shortest and longest grace that could be given that day."""
        return grace_months(self.figures, COUNTY, day)

    def limit(self, day: date) -> int | None:
        """Most that a township could pay first that day, in 分."""
        return township_limit(self.figures, COUNTY, day)

    def has(self, key: str, day: date) -> bool:
        """Whether a figure was in force that day."""
        return self.figures.find(key, place=COUNTY, on=day) is not None

    def word(self, key: str, day: date) -> str:
        """What a figure of words said that day; nothing where none was in force."""
        figure = self.figures.find(key, place=COUNTY, on=day)
        return figure.word if figure else ""

    def _figure(self, key: str, day: date) -> int:
        return self.figures.get(key, place=COUNTY, on=day).whole

    def _authority(self, scheme: Scheme, day: date, requested: int | None) -> Authority:
        return who_confirms(self.figures, scheme, COUNTY, day, requested)

    def _decide_by(self, accepted_on: date, authority: Authority, special: bool) -> date:
        return decide_by(self.figures, COUNTY, accepted_on, authority, special)

    def _after(self, key: str, day: date) -> date:
        return add_working_days(day, self._figure(key, day))
