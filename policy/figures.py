"""Which figure holds in which place on which day.

Both ends of a figure's time are its first and its last day. A longer division code wins over a shorter one,
and a county's own row wins over a shipped one of the same place.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from policy.figure_keys import KNOWN_KEYS
from policy.figure_rows import CODE_LENGTHS, BadFigure, Figure, read_figure

__all__ = ["BadFigure", "Figure", "Figures", "MissingFigure", "Span", "prefixes", "read_figure", "shipped_places"]

Rows = Mapping[tuple[str, str], tuple[Figure, ...]]

PLACES = Path(__file__).parent / "places"
NATION = "全国"
DAY = timedelta(days=1)
PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for code in range(first, last + 1)
)
"""First two digits of a division code (GB/T 2260)."""


class MissingFigure(LookupError):
    """No figure is in force for this key, place and day."""

    message = "No figure “%(key)s” is in force for place “%(place)s” on %(on)s."

    def __init__(self, key: str, place: str, on: date) -> None:
        self.key, self.place, self.on = key, place, on
        self.args_by_name = {"key": key, "place": place or "national", "on": on.isoformat()}
        super().__init__(self.message % self.args_by_name)


class Span(NamedTuple):
    """The days on which one figure is in force; None: none is."""

    first: date
    last: date | None
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Figures:
    """An immutable set of figures: those shipped and, before them, the county's own."""

    _shipped: Rows
    _own: Rows

    @classmethod
    def shipped(cls) -> "Figures":
        """The figures that come with the panel, read once from ``policy/places/*.toml``."""
        return _shipped()

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, object]]) -> "Figures":
        """Figures from rows alone (fields as in the TOML, with ``place``); raises BadFigure."""
        return cls(_index(read_figure(row) for row in rows), {})

    def with_rows(self, rows: Iterable[Mapping[str, object]]) -> "Figures":
        """These figures and a county's own rows, which win over shipped ones of the same place; raises BadFigure."""
        added = [read_figure(row) for row in rows]
        return Figures(self._shipped, _index([*_all(self._own), *added]))

    def get(self, key: str, *, place: str, on: date) -> Figure:
        """The figure in force: longest division prefix first, then the date; raises MissingFigure."""
        figure = self.find(key, place=place, on=on)
        if figure is None:
            raise MissingFigure(key, place, on)
        return figure

    def find(self, key: str, *, place: str, on: date) -> Figure | None:
        """As ``get``, but None where no rule is a lawful answer (a cap, a ceiling); unknown keys raise BadFigure."""
        if key not in KNOWN_KEYS:
            raise BadFigure("unknown_key", key=key)
        for code in prefixes(place):
            for layer in (self._own, self._shipped):
                for figure in layer.get((key, code), ()):
                    if figure.holds_on(on):
                        return figure
        return None

    def is_own(self, figure: Figure) -> bool:
        """Whether a figure is one of the county's own rows."""
        return figure in self._own.get((figure.key, figure.place), ())

    def over_time(self, key: str, *, place: str) -> list["Span"]:
        """What was, is and will be in force, span after span from the first day on; the last may have no end."""
        layers = (self._own, self._shipped)
        rows = [figure for code in prefixes(place) for layer in layers for figure in layer.get((key, code), ())]
        ends = {figure.valid_to + DAY for figure in rows if figure.valid_to}
        days = sorted({figure.valid_from for figure in rows} | ends)
        spans: list[Span] = []
        for first, after in zip(days, [*days[1:], None], strict=False):
            figure = self.find(key, place=place, on=first)
            last = after - DAY if after else None
            if spans and spans[-1].figure is figure:
                spans[-1] = Span(spans[-1].first, last, figure)
            else:
                spans.append(Span(first, last, figure))
        return [span for span in spans if span.figure is not None or span.last is not None]

    def __iter__(self) -> Iterator[Figure]:
        """Every figure, own ones first, ordered by key, place and first day within each."""
        yield from _all(self._own)
        yield from _all(self._shipped)


def prefixes(place: str) -> Iterator[str]:
    """The division codes a place lies in, longest first, ending with "" for the nation."""
    return (place[:length] for length in CODE_LENGTHS if length <= len(place))


def _all(rows: Rows) -> Iterator[Figure]:
    return (figure for where in sorted(rows) for figure in rows[where])


def _index(figures: Iterable[Figure]) -> Rows:
    by_where: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures:
        by_where.setdefault((figure.key, figure.place), []).append(figure)
    return {where: _in_order(rows) for where, rows in by_where.items()}


def _in_order(figures: list[Figure]) -> tuple[Figure, ...]:
    ordered = sorted(figures, key=lambda figure: figure.valid_from)
    for earlier, later in pairwise(ordered):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            first, second = earlier.valid_from, later.valid_from
            code = "duplicate" if first == second else "overlap"
            raise BadFigure(code, **{"key": later.key, "place": later.place or NATION, "from": first, "other": second})
    return tuple(ordered)


def shipped_places() -> Mapping[str, str]:
    """Names of the divisions that figures are shipped for, by code; "" is the nation."""
    return _pages()[1]


def read_pages(pages: Iterable[tuple[str, Mapping[str, object]]]) -> tuple[list[Mapping[str, object]], dict[str, str]]:
    """Rows with their place, and names by code, of files already parsed; raises BadFigure naming the file."""
    rows: list[Mapping[str, object]] = []
    names: dict[str, str] = {}
    for file, page in pages:
        place, name, figures = page.get("place"), page.get("name"), page.get("figure")
        known = isinstance(place, str) and len(place) in CODE_LENGTHS and (not place or place[:2] in PROVINCES)
        named = isinstance(name, str) and bool(name) and set(page) == {"place", "name", "figure"}
        if not known or not named or place in names or not isinstance(figures, list):
            raise BadFigure("file", file=file, place=place)
        names[str(place)] = str(name)
        rows += [{**row, "place": place} for row in figures]
    return rows, names


@lru_cache(maxsize=1)
def _pages() -> tuple[list[Mapping[str, object]], dict[str, str]]:
    paths = sorted(PLACES.glob("*.toml"))
    return read_pages((path.name, tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths)


@lru_cache(maxsize=1)
def _shipped() -> Figures:
    return Figures.of(_pages()[0])
