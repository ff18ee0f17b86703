"""Rows cleaned lot by lot, and those of a large file while the child still reads the rest of it.

What a cell says rests on the file and the day alone, so it needs no database and may be worked out before the file is
known to be whole. What stands in doubt (a total, a hidden row, a number that is missing) is left until then.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from workflows.exchange.cleaning import Columns
from workflows.exchange.layouts import Match
from workflows.exchange.list_rows import kind_of
from workflows.exchange.lots import HINT, TO_LOOK_AT, Lot, Rows

NAMED = ("id_no", "head_id_no")
NOTHING: Mapping[int, Mapping[str, str]] = {}
Made = tuple[Sequence[int], list[Any]]
"""The numbers of rows, and each as typed values or as its problems."""


class Head(NamedTuple):
    """What stands above the rows: headers, how they were recognised, the kind of file."""

    headers: tuple[str, ...]
    match: Match
    kind: str

    @property
    def by_field(self) -> dict[str, str]:
        """What each field is called in this file; as the form calls it where the file has no such column."""
        layout = self.match.layout
        usual = {column.field: column.header for column in layout.columns + layout.extra}
        return usual | {field: self.headers[i] for field, i in self.match.mapping.items()}


class Beforehand:
    """Cleans the rows of one sheet as of one day."""

    def __init__(self, head: Head, on: date) -> None:
        self.head, self.on, self.header_by_field = head, on, head.by_field
        self.columns = Columns(kind_of(head.match.layout), on)
        self._made: dict[int, Made] = {}

    def take(self, at: int, lot: Lot) -> None:
        """Clean a lot in which nothing is in doubt; another waits until the sheet is whole."""
        places = self.head.match.mapping
        asked = [places[field] for field in NAMED if field in places]
        if lot.numbers and all(at < len(lot.columns) and all(map(str.strip, lot.columns[at])) for at in asked):
            self._made[at] = lot.numbers, self.clean(lot)

    def made(self, at: int, count: int) -> Made | None:
        """The rows of a lot that was cleaned as it came, unless some of them turned out to be none."""
        made = self._made.pop(at, None)
        return made if made and len(made[0]) == count else None

    def clean(self, lot: Lot, told: Mapping[int, Mapping[str, str]] = NOTHING) -> list[Any]:
        """The rows of a lot in order; ``told`` by their numbers are cells that were found for empty ones."""
        return self.columns.clean(lot.numbers, self._texts(lot, told), self.header_by_field, self._surplus(lot))

    def _texts(self, lot: Lot, told: Mapping[int, Mapping[str, str]]) -> dict[str, Sequence[str]]:
        """The cells of a lot by field."""
        none: Sequence[str] = ("",) * len(lot.numbers)
        places = self.head.match.mapping.items()
        texts = {field: lot.columns[at] if at < len(lot.columns) else none for field, at in places}
        for at, number in enumerate(lot.numbers) if told else ():
            for field, cell in told.get(number, {}).items():
                texts[field] = [*texts[field][:at], cell, *texts[field][at + 1 :]]
        return texts

    def _surplus(self, lot: Lot) -> dict[int, int]:
        """How many cells too many rows of a CSV have, by place: they have lost theirs."""
        width = len(self.head.headers)
        if self.head.kind != "csv" or len(lot.columns) <= width:
            return {}
        return {at: len(row.cells) - width for at, row in enumerate(lot.rows()) if len(row.cells) > width}


class Begun:
    """Cleans rows of the sheets of a file as they come; ``read`` says what the first lot of one shows of it.

    It is asked for the name, charset and rows of a sheet.
    """

    def __init__(self, read: Callable[[str, str, Rows], tuple[int, Head] | None], on: date, skip_hidden: bool) -> None:
        self.read, self.on, self.skip_hidden = read, on, skip_hidden
        self.first, self.now = 0, dict[str, Beforehand]()

    def of(self, name: str, head: Head) -> Beforehand | None:
        """What was cleaned of a sheet, where it turned out to be what its first lot showed."""
        found = self.now.get(name)
        return found if found and found.head == head else None

    def take(self, name: str, charset: str, rows: Rows) -> None:
        """Clean the lot of a sheet that came last, if no row in it could be none."""
        if rows.first_lot and (shown := self.read(name, charset, rows)):
            self.first, self.now[name] = shown[0], Beforehand(shown[1], self.on)
        if name in self.now:
            at, lot = rows.newest(self.first)
            front = lot.columns[:3] if rows.newest_holds(TO_LOOK_AT) else ()
            hidden = self.skip_hidden and lot.hidden
            if not hidden and not any(HINT.search("".join(column)) for column in front):
                self.now[name].take(at, lot)
