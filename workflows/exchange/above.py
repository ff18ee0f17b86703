"""What stands above the rows of a sheet: its headers, and the form that they are of."""

from collections.abc import Sequence
from itertools import takewhile

from workflows.exchange.asked import Asked
from workflows.exchange.headers import HEADER_WITHIN, Header, at_row, find
from workflows.exchange.layouts import BY_CODE, Match, by_hand, recognise
from workflows.exchange.layouts import match as match_in
from workflows.exchange.lots import Row

Plain = tuple[tuple[int, tuple[str, ...]], ...]
"""The numbers and cells of some rows."""


class Above:
    """Finds what stands above the rows of the sheets of a file; what was looked at already is not read again."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self._last: tuple[Plain, tuple[Header, Match] | None] = (), None
        self._seen: Sequence[Row] | None = None
        """Rows that went on below what was looked at: none that come later change it."""

    def find(self, rows: Sequence[Row]) -> tuple[Header, Match] | None:
        """Where the headers stand and how they read.

        Text that was decoded wrongly shows here, because nothing in it is known.
        """
        if rows is self._seen:
            return self._last[1]
        before = max(HEADER_WITHIN, self.asked.header_row) + 2
        plain = tuple((row.number, row.cells) for row in takewhile(lambda row: row.number <= before, rows))
        self._seen = rows if len(rows) > len(plain) else None
        if plain != self._last[0]:
            self._last = plain, self._read(plain)
        return self._last[1]

    def _read(self, plain: Plain) -> tuple[Header, Match] | None:
        asked = self.asked
        header = at_row(plain, asked.header_row, asked.header_rows) if asked.header_row else find(plain)
        match = _match(header.headers, asked) if header else None
        return (header, match) if header and match else None


def _match(headers: Sequence[str], asked: Asked) -> Match | None:
    layout = BY_CODE.get(asked.layout)
    if layout and asked.mapping:
        return by_hand(layout, headers, asked.mapping)
    return match_in(layout, headers) if layout else recognise(headers)
