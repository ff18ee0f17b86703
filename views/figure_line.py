"""The history of a figure as a dated line: spans drawn to scale with their values; a table beside says the same."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from policy.figures import Span
from views.figure_words import value_text

WIDTH, BAR, TOP = 960, 34, 26
LETTER, DIGIT = 13, 7.4
ROW = 15
LEAST_DAYS = 365
TICK = 72
"""Widths of a Chinese character, of anything else, of a date below the line; in the units of the picture."""


class Bar(NamedTuple):
    """A span as drawn: ``tone`` is the status of the figure, "" for none; ``text`` only where it fits."""

    x: float
    width: float
    tone: str
    text: str
    full: str
    now: bool


class Tick(NamedTuple):
    """A day on which the value changes; ``row`` keeps neighbours from covering each other."""

    x: float
    day: str
    row: int


class Line(NamedTuple):
    """The picture: bars, ticks, where the chosen day stands."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    at: float
    height: int


def line(spans: Sequence[Span], on: date) -> Line | None:
    """The dated line of a figure, from its first day to a while after the chosen day; None where there is nothing."""
    if not spans:
        return None
    first = min(spans[0].first, on)
    last = max(on, *(span.first for span in spans), *(span.last for span in spans if span.last))
    days = max((last - first).days, LEAST_DAYS) * 1.08
    scale = WIDTH / days
    bars = tuple(_bar(span, first, days, scale, on) for span in spans)
    ticks = _ticks([span.first for span in spans], first, scale)
    rows = max(tick.row for tick in ticks) + 1
    return Line(bars, ticks, round((on - first).days * scale, 1), TOP + BAR + 8 + rows * ROW)


def _bar(span: Span, first: date, days: float, scale: float, on: date) -> Bar:
    start = (span.first - first).days
    end = (span.last - first).days + 1 if span.last else days
    text = value_text(span.figure) if span.figure else ""
    width = round((end - start) * scale, 1)
    now = span.first <= on and (span.last is None or on <= span.last)
    tone = span.figure.status.value if span.figure else "gap"
    return Bar(round(start * scale, 1), width, tone, text if _width(text) + 10 <= width else "", text, now)


def _ticks(days: Sequence[date], first: date, scale: float) -> tuple[Tick, ...]:
    ends: list[float] = []
    ticks = []
    for day in days:
        x = min(round((day - first).days * scale, 1), WIDTH - TICK)
        row = next((n for n, end in enumerate(ends) if end <= x), len(ends))
        ends[row : row + 1] = [x + TICK]
        ticks.append(Tick(x, day.isoformat(), row))
    return tuple(ticks)


def _width(text: str) -> float:
    return sum(LETTER if ord(letter) > 0x2E80 else DIGIT for letter in text)
