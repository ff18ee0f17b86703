"""Families and people in the layouts of the rosters; with full numbers, imported again, they change nothing.

Rows are read some hundred at a time as plain tuples, a family once for all its people, and nothing is kept. What is
not on file stays empty.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from operator import itemgetter

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import County
from workflows.exchange import export_households, export_people
from workflows.exchange.export_shared import Cells, Reading, read_places
from workflows.exchange.layouts import HOUSEHOLDS, MEMBERS, Layout
from workflows.exchange.xlsx import Look

KINDS = {
    "birth": "date", "first_month": "month",
    **dict.fromkeys(("people", "covered", "age", "houses", "house_area"), "count"),
}  # fmt: skip
"""Fields that are no text in a workbook; numbers of people, cases and accounts are text."""
FIRST, THEN = 200, 500
"""Rows read at first, so that a download begins at once, and from then on."""
SOURCES: dict[str, tuple[tuple[str, ...], Callable[[Reading, Sequence[int]], Iterator[Cells]]]] = {
    HOUSEHOLDS.code: (export_households.FIELDS, export_households.households),
    MEMBERS.code: (export_people.FIELDS, export_people.people),
}
"""Where the rows of a layout come from: the fields of a row, in order ("" is always empty), and what reads them."""


@dataclass(frozen=True)
class Export:
    """What an export needs to know: whether numbers are shown in full, and the day ages are counted on."""

    session: Session
    full: bool
    on: date

    def look(self, layout: Layout) -> Look:
        """The layout as a workbook: amounts, counts and days as such, its title and a note above the headers."""
        county = self.session.execute(select(County.name)).scalar_one()
        note = f"制表日期：{self.on.year}年{self.on.month}月{self.on.day}日　金额单位：元"
        kinds = [KINDS.get(column.field) or _kind(column.field) for column in layout.columns]
        return Look(kinds, f"{county}{layout.title}", note) if layout.title else Look(kinds)

    def rows(self, layout: Layout, ids: Iterable[int]) -> Iterator[Cells]:
        """The rows of a layout for these households (or members), in this order, by the layout's columns."""
        reading = Reading(self.session, self.full, self.on, read_places(self.session))
        fields, source = SOURCES[layout.code]
        at = {name: place for place, name in enumerate(fields)}
        pick = itemgetter(*(at.get(column.field, at[""]) for column in layout.columns))
        for part in growing(ids):
            yield from map(pick, source(reading, part))


def _kind(field: str) -> str:
    return "money" if field.endswith("_fen") else "text"


def growing(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    """The same numbers in parts that one statement takes; the first part is small."""
    rest, size = iter(ids), FIRST
    while part := list(islice(rest, size)):
        yield part
        size = THEN


def headers(layout: Layout) -> list[str]:
    """The header row of a layout."""
    return [column.header for column in layout.columns]


__all__ = ["HOUSEHOLDS", "MEMBERS", "Export", "growing", "headers"]
