"""A clock that tests move."""

from datetime import date, datetime, time, timedelta

START = datetime(2026, 3, 2, 9, 0)  # a Monday, no holiday near


class Clock:
    """Call it for the time; it stands still until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        """Move on by a timedelta's arguments: `clock.move(days=8)`; returns the new time."""
        self.at += timedelta(**by)
        return self.at

    def go_to(self, day: date, hour: int = 9) -> datetime:
        """Move to an hour of a day; returns the new time."""
        self.at = datetime.combine(day, time(hour))
        return self.at
