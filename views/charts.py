"""Bars drawn as SVG by our own macro (panel/chart.html): geometry here, words and colours there.

A chart never stands alone: its page shows the same numbers as a table, and every bar leads to the list behind it.
"""

from collections.abc import Sequence
from typing import NamedTuple

LABEL, WIDTH, NUMBER = 150, 640, 130
BAR, GAP, PAD = 12, 3, 12


class Bar(NamedTuple):
    """One bar: where it stands, how long it is, which series it is of, and its number in words."""

    y: int
    width: int
    series: int
    text: str


class Group(NamedTuple):
    """The bars of one thing, with its name and where it leads."""

    y: int
    label: str
    url: str
    bars: tuple[Bar, ...]


class Chart(NamedTuple):
    """Groups of bars one beneath another, all on one scale; sizes in SVG units."""

    groups: tuple[Group, ...]
    series: tuple[str, ...]
    height: int
    label: int = LABEL
    full: int = LABEL + WIDTH + NUMBER
    bar: int = BAR


def bars(rows: Sequence[tuple[str, str, Sequence[int], Sequence[str]]], series: Sequence[str]) -> Chart:
    """A chart of (label, address, values, values in words) rows, one bar for each series."""
    top = max((value for _, _, values, _ in rows for value in values), default=0) or 1
    step = len(series) * (BAR + GAP) + PAD
    groups = [
        Group(at * step + PAD // 2, label, url, tuple(
            Bar(at * step + PAD // 2 + n * (BAR + GAP), max(value, 0) * WIDTH // top, n, text)
            for n, (value, text) in enumerate(zip(values, texts, strict=True))
        ))
        for at, (label, url, values, texts) in enumerate(rows)
    ]  # fmt: skip
    return Chart(tuple(groups), tuple(series), max(len(rows) * step, 1))
