"""Families, people and cases in the layouts of the rosters; with full numbers, imported again, they change nothing.

Rows are read some hundred at a time as plain tuples, a family once for all its people, and nothing is kept. What is
not on file stays empty.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import County
from workflows.exchange.export_rosters import BOOKS, ROSTERS, Book, Period, Roster, in_books
from workflows.exchange.export_shared import Cells, Reading, read_places
from workflows.exchange.layouts import HOUSEHOLDS, MEMBERS, Layout
from workflows.exchange.xlsx import Look

KINDS = {
    "first_month": "month", "since": "month", "until": "month",
    **dict.fromkeys(("birth", "on", "decided_on"), "date"),
    **dict.fromkeys(("people", "covered", "age", "houses", "house_area", "order"), "count"),
}  # fmt: skip
"""Fields that are no text in a workbook; numbers of people, cases and accounts are text."""
BY_MONTH = frozenset({"停止月"})
"""Headers under which a day is told by its month alone."""
EMPTY = "本表无记录"
"""What the note of a roster says that lists nobody."""
FIRST, THEN = 200, 1_000
"""Rows read at first, so that a download begins at once, and from then on."""


class Export(NamedTuple):
    """What an export needs to know: whether numbers are shown in full, and the day ages are counted on."""

    session: Session
    full: bool
    on: date

    def look(self, layout: Layout, period: Period | None = None, place: str = "", tab: str = "") -> Look:
        """The layout as a workbook: amounts, counts and days as such, its title and a note above the headers.

        ``place`` is the township or village it is of, where not of the whole county.
        """
        county = self.session.execute(select(County.name)).scalar_one()
        kinds = ["month" if column.header in BY_MONTH else _kind(column.field) for column in layout.columns]
        if not layout.title:
            return Look(kinds, tab=tab)
        note = [f"单位：{county}{place}"] if place else []
        if period and period.first == period.last.replace(day=1):
            note.append(f"{period.first.year}年{period.first.month}月")
        note += [f"制表日期：{self.on.year}年{self.on.month}月{self.on.day}日", "金额单位：元"]
        return Look(kinds, f"{county}{layout.title}", "　".join(note), tab, empty=EMPTY)

    def rows(self, layout: Layout, ids: Iterable[int], period: Period | None = None) -> Iterator[Cells]:
        """The rows of a layout for these households (or members), in this order, by the layout's columns.

        ``period`` is the month of which they tell, where they do not tell what stands today.
        """
        wanted = frozenset(column.field for column in layout.columns)
        month = period.first if period else None
        reading = Reading(self.session, self.full, self.on, read_places(self.session), wanted, month)
        roster = ROSTERS[layout.code]
        at = {name: place for place, name in enumerate(roster.fields)}
        pick = itemgetter(*(at.get(column.field, at[""]) for column in layout.columns))
        lots = (map(pick, roster.read(reading, part)) for part in growing(ids))
        rows: Iterator[Cells] = chain.from_iterable(lots)
        for change in _changes(layout):
            rows = change(rows)
        return rows


Change = Callable[[Iterator[Cells]], Iterator[Cells]]


def _changes(layout: Layout) -> Iterator[Change]:
    """What a layout does with rows beyond choosing columns: numbers them, tells a day by its month."""
    if layout.columns[0].field == "order":
        yield lambda rows: ((str(nth), *row[1:]) for nth, row in enumerate(rows, 1))
    for at, column in enumerate(layout.columns):
        if column.header in BY_MONTH:
            yield lambda rows, at=at: ((*row[:at], row[at][:7], *row[at + 1 :]) for row in rows)  # type: ignore[misc]


def _kind(field: str) -> str:
    return KINDS.get(field) or ("money" if field.endswith("_fen") else "text")


def growing(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    """The same numbers in parts that one statement takes; the first part is small."""
    rest, size = iter(ids), FIRST
    while part := list(islice(rest, size)):
        yield part
        size = THEN


def headers(layout: Layout) -> list[str]:
    """The header row of a layout."""
    return [column.header for column in layout.columns]


__all__ = [
    "BOOKS", "HOUSEHOLDS", "MEMBERS", "ROSTERS", "Book", "Export", "Period", "Roster", "growing", "headers",
    "in_books",
]  # fmt: skip
