"""The rows of a sheet as the reading child sends them: by columns, some hundreds at a time, kept packed."""

import re
import zlib
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, compress
from operator import eq
from typing import Any, NamedTuple

from workflows.exchange.lot_lines import BEGIN, CELL, COLUMN, LINE, numbers_of, parts_of

Column = Sequence[str]
TO_LOOK_AT, STARRED = "计:：示样姓册", "*"
"""Without one of the first in front every row is data, no total, note, title or the like; without the last no number
is masked."""
SIGNS = TO_LOOK_AT + STARRED
HINT = re.compile(f"[{TO_LOOK_AT}]")
AS_THEY_CAME = 4 << 20
"""Lots of so many bytes in all are not packed: of a sheet that is no larger packing would cost more than it saves."""


class Row(NamedTuple):
    """A row that holds anything: its number as the spreadsheet shows it, and its cells as text."""

    number: int
    cells: tuple[str, ...]
    hidden: bool = False


class Lot(NamedTuple):
    """Some rows by columns, short rows ended by empty cells; ``hidden`` are the numbers of hidden ones."""

    numbers: Sequence[int]
    hidden: frozenset[int]
    columns: Sequence[Column]

    def rows(self) -> Iterator[Row]:
        """Row by row, without what is blank at the end."""
        cells: Any = zip(*self.columns, strict=True) if self.columns else (() for _ in self.numbers)
        for number, found in zip(self.numbers, cells, strict=True):
            width = len(found)
            while width and not found[width - 1].strip():
                width -= 1
            yield Row(number, found[:width], number in self.hidden)

    def only(self, kept: Sequence[bool]) -> "Lot":
        """The rows that are kept."""
        return Lot(tuple(compress(self.numbers, kept)), self.hidden, [tuple(compress(c, kept)) for c in self.columns])


class Rows(Sequence[Row]):
    """Many rows in little room: lots are packed, but for the first, and unpacked when they are gone through."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._as_came = 0
        """How many bytes of lots are kept as they came."""
        self._newest: Parts = [], [], []
        self._ends: list[int] = []
        """Up to which place each lot goes as it came, and as it is without what is left out."""
        self._kept: list[int] = []
        self._signs: list[frozenset[str]] = []
        """Which of ``SIGNS`` stand anywhere in a lot."""
        self._unseen: list[bool] = []
        """Whether rows of a lot are hidden."""
        self._first, self._left_out = 0, frozenset[int]()
        self._open: tuple[int, list[Row]] = (-1, [])

    def take(self, answer: bytes) -> bool:
        """Add a lot as the child wrote it; whether it is one."""
        numbers, unseen, columns = told = _parts(answer)
        if not all(column.count(CELL) in (0, len(numbers) - 1) for column in columns):
            return False
        self._newest = told
        small = self._as_came + len(answer) <= AS_THEY_CAME
        self._as_came += small * len(answer)
        self._packed.append(answer if small else zlib.compress(answer, 1))
        whole = COLUMN.join(columns)
        self._signs.append(frozenset(sign for sign in SIGNS if sign in whole))
        self._unseen.append(bool(unseen))
        self._ends.append(len(self) + len(numbers))
        self._kept.append(self._ends[-1])
        return True

    def below(self, first: int, left_out: Collection[int] = ()) -> "Rows":
        """The rows from this place on (0-based), without those in some places."""
        found = Rows()
        found._packed, found._ends, found._unseen, found._signs = self._packed, self._ends, self._unseen, self._signs
        found._first, found._left_out = first, frozenset(left_out)
        found._kept = list(accumulate(map(found._kept_of, range(len(self._packed)))))
        return found

    def hidden(self) -> int:
        """How many rows are hidden in the sheet."""
        lots = (self._lot(at) for at, unseen in enumerate(self._unseen) if unseen)
        return sum(len(lot.hidden.intersection(lot.numbers)) for lot in lots)

    def lots(self) -> Iterator[Lot]:
        """The rows in order, lot by lot."""
        return (lot for at in range(len(self._packed)) if (lot := self._lot(at)).numbers)

    @property
    def first_lot(self) -> bool:
        """Whether no more than one lot came."""
        return len(self._packed) == 1

    def newest(self, first: int) -> tuple[int, Lot]:
        """The lot that came last, with its place among them; without the rows before a place."""
        at = len(self._packed) - 1
        return at, self._without(at, _lot(*self._newest), first, frozenset())

    def newest_holds(self, signs: str) -> bool:
        """Whether one of ``SIGNS`` stands anywhere in the lot that came last."""
        return not self._signs[-1].isdisjoint(signs)

    def by_lot(self) -> Iterator[tuple[int, int]]:
        """Each lot with how many of its rows there are; some may be left out."""
        return enumerate(map(self._kept_of, range(len(self._packed))))

    def lot(self, at: int) -> Lot:
        """A lot by its place among them."""
        return self._lot(at)

    def holding(self, signs: str, columns: Sequence[int]) -> Iterator[tuple[int, Lot]]:
        """The lots in one of whose columns one of ``SIGNS`` stands, with the place of their first row.

        The rest stays packed; "" stands in all.
        """
        sign = re.compile(f"[{signs}]" if signs else "")
        for at, packed in enumerate(self._packed):
            if signs and self._signs[at].isdisjoint(signs):
                continue
            texts, above = _parts(_unpacked(packed))[2], max(self._first - self._places(at).start, 0)
            told = any(sign.search(texts[n].split(CELL, above)[-1]) for n in columns if n < len(texts))
            if told and (lot := self._lot(at)).numbers:
                yield self._kept[at - 1] if at else 0, lot

    def at(self, place: int) -> Row:
        """The row in a place; its neighbours are at hand then."""
        number = bisect_right(self._kept, place)
        if self._open[0] != number:
            self._open = number, list(self._lot(number).rows())
        return self._open[1][place - (self._kept[number - 1] if number else 0)]

    def _places(self, number: int) -> range:
        return range(self._ends[number - 1] if number else 0, self._ends[number])

    def _kept_of(self, number: int) -> int:
        places = self._places(number)
        return len(range(max(places.start, self._first), places.stop)) - len(self._left_out.intersection(places))

    def _lot(self, number: int) -> Lot:
        return self._without(number, _lot(*_parts(_unpacked(self._packed[number]))), self._first, self._left_out)

    def _without(self, number: int, lot: Lot, first: int, left_out: frozenset[int]) -> Lot:
        places = self._places(number)
        if places.start >= first and left_out.isdisjoint(places):
            return lot
        return lot.only([at >= first and at not in left_out for at in places])

    def __len__(self) -> int:
        return self._kept[-1] if self._kept else 0

    def __iter__(self) -> Iterator[Row]:
        for lot in self.lots():
            yield from lot.rows()

    def __getitem__(self, at: Any) -> Any:
        return self.at(at) if isinstance(at, int) and 0 <= at < len(self) else tuple(self)[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]


class Later:
    """A row by its number, whose cells are looked up when somebody asks for them."""

    __slots__ = ("_place", "_rows", "number")

    def __init__(self, rows: Rows, number: int, place: int) -> None:
        self._rows, self.number, self._place = rows, number, place

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of the row."""
        return self._rows.at(self._place).cells


Parts = tuple[list[int], list[int], list[str]]
"""Numbers of rows, those of hidden ones, and the text of each column."""


def _unpacked(packed: bytes) -> bytes:
    return packed if packed.startswith(BEGIN) else zlib.decompress(packed)


def _parts(answer: bytes) -> Parts:
    """A lot taken apart as it came."""
    _, numbers, hidden, *columns = parts_of(answer)
    return numbers_of(numbers), numbers_of(hidden), columns


def _lot(numbers: list[int], hidden: list[int], columns: list[str]) -> Lot:
    return Lot(numbers, frozenset(hidden), [_cells(text.replace(LINE, "\n"), len(numbers)) for text in columns])


def _cells(text: str, count: int) -> list[str]:
    return text.split(CELL) if CELL in text else [text] * count
