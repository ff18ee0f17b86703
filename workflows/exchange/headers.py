"""Where in a sheet the headers stand, in one row or in two with merged cells, and what they mean together."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from workflows.exchange.layouts import Match, is_known, recognise

HEADER_WITHIN = 20
Rows = Sequence[tuple[int, tuple[str, ...]]]
Recognise = Callable[[Sequence[str]], Match | None]


class Header(NamedTuple):
    """The headers found: ``last`` is the index of their last row, ``number`` the first row as the spreadsheet shows."""

    number: int
    rows: int
    last: int
    headers: tuple[str, ...]


def find(rows: Rows, read: Recognise = recognise) -> Header | None:
    """The first row among the first twenty whose headers are known, or that row with the one below it."""
    for at, (number, cells) in enumerate(rows):
        if number > HEADER_WITHIN:
            return None
        single = read(one_line(cells))
        double = _below(rows, at, read)
        if double and double[1] > max(_score(single), _score(_read_at(rows, at + 1, read))):
            return double[0]
        if single is not None:
            return Header(number, 1, at, one_line(cells))
    return None


def at_row(rows: Rows, number: int, count: int) -> Header | None:
    """The headers of a row that somebody chose, alone or with the one below it; None where there is no such row."""
    at = next((index for index, row in enumerate(rows) if row[0] == number), None)
    if at is None:
        return None
    if count == 2 and at + 1 < len(rows):
        return Header(number, 2, at + 1, combined(rows[at][1], rows[at + 1][1]))
    return Header(number, 1, at, one_line(rows[at][1]))


def widest(rows: Rows) -> Header | None:
    """The row among the first twenty with the most texts that are no numbers: headers nobody knows."""
    first = [(at, row) for at, row in enumerate(rows) if row[0] <= HEADER_WITHIN]
    if not first:
        return None
    at, (number, cells) = max(first, key=lambda one: (sum(map(_is_text, one[1][1])), -one[0]))
    return Header(number, 1, at, one_line(cells))


def one_line(cells: Sequence[str]) -> tuple[str, ...]:
    """Headers without line breaks and double blanks."""
    return tuple(" ".join(cell.split()) for cell in cells)


def combined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Two rows as one: a title merged over several columns goes before each of them, where that says more."""
    width = max(len(upper), len(lower))
    above, below = (_padded(one_line(row), width) for row in (upper, lower))
    found, over = [], ""
    for top, bottom in zip(above, below, strict=True):
        over = top or (over if bottom else "")
        found.append(_form(over if bottom else top, bottom))
        over = over if bottom else ""
    return tuple(found)


def _form(over: str, bottom: str) -> str:
    forms = [form for form in (f"{over} {bottom}".strip(), bottom, over) if form]
    return next((form for form in forms if is_known(form)), forms[0] if forms else "")


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells + ("",) * (width - len(cells))


def _below(rows: Rows, at: int, read: Recognise) -> tuple[Header, int] | None:
    if at + 1 >= len(rows) or rows[at + 1][0] != rows[at][0] + 1:
        return None
    headers = combined(rows[at][1], rows[at + 1][1])
    return Header(rows[at][0], 2, at + 1, headers), _score(read(headers))


def _read_at(rows: Rows, at: int, read: Recognise) -> Match | None:
    return read(one_line(rows[at][1])) if at < len(rows) else None


def _score(match: Match | None) -> int:
    return len(match.mapping) if match else 0


def _is_text(cell: str) -> bool:
    return bool(cell.strip()) and not any(sign.isdigit() for sign in cell)
