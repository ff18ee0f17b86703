"""What of an .xls calamine does not tell, inside the reading child: cells whose formula failed, and hidden rows."""

import re
import struct
from collections.abc import Iterator
from struct import unpack_from
from typing import NamedTuple

Errors = dict[int, set[tuple[int, int]]]
"""By sheet, in the order of the workbook, the cells: the spreadsheet's row number and the 0-based column."""
Unseen = dict[int, set[int]]
"""By sheet, in the order of the workbook, the spreadsheet's numbers of the rows that are hidden."""


class Untold(NamedTuple):
    """Cells that failed, and rows that are hidden; sheets without any may be absent."""

    failed: Errors
    hidden: Unseen


NOTHING = Untold({}, {})

STREAMS = ("Workbook", "Book")
LAST_SECTOR = 0xFFFFFFFA
BOUNDSHEET, EOF, FORMULA, BOOLERR, ROW, WORKSHEET = 0x85, 0x0A, 0x06, 0x205, 0x208, 0
NO_HEIGHT = 0x20
ODD = re.compile(
    rb"\x06\x00.{8}\x02.{5}\xff\xff|\x05\x02[\x08\x09]\x00"
    rb"|\x08\x02\x10\x00.{12}[\x20-\x3f\x60-\x7f\xa0-\xbf\xe0-\xff]", re.DOTALL,
)  # fmt: skip
"""What a failed formula, a plain error or a hidden row looks like; most workbooks hold nothing of the kind."""
SMALL, ENTRY = 4096, 128


def untold(data: bytes) -> Untold:
    """What each worksheet holds of it; nothing where the file is too odd for that to be said."""
    try:
        book = _stream(data)
        sheets = list(_of_sheets(book)) if ODD.search(book) else []
    except (struct.error, ArithmeticError, IndexError, ValueError):
        return NOTHING
    return Untold({n: failed for n, (failed, _) in enumerate(sheets) if failed},
                  {n: hidden for n, (_, hidden) in enumerate(sheets) if hidden})  # fmt: skip


def _stream(data: bytes) -> bytes:
    """The workbook's own stream out of the compound file; empty where there is none."""
    size = 1 << unpack_from("<H", data, 30)[0]
    first = [sector for sector in unpack_from("<109I", data, 76) if sector < LAST_SECTOR]
    extra, count = unpack_from("<2I", data, 68)
    for _ in range(min(count, len(data) // size)):
        *some, extra = unpack_from(f"<{size // 4}I", data, (extra + 1) * size)
        first += [sector for sector in some if sector < LAST_SECTOR]
    table = [
        to for sector in first[: len(data) // size] for to in unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    ]
    folder = _chain(data, table, unpack_from("<I", data, 48)[0], size)
    for at in range(0, len(folder), ENTRY):
        length, start, long = (unpack_from(form, folder, at + place)[0] for form, place in
                               (("<H", 64), ("<I", 116), ("<I", 120)))  # fmt: skip
        name = folder[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        if name in STREAMS:
            found = _chain(data, table, start, size) if long >= SMALL else _small(data, table, folder, start, size)
            return found[:long]
    return b""


def _small(data: bytes, table: list[int], folder: bytes, start: int, size: int) -> bytes:
    """A stream too short for sectors of its own: it lies in small ones, within that of the folder's first entry."""
    small = 1 << unpack_from("<H", data, 32)[0]
    within = _chain(data, table, unpack_from("<I", folder, 116)[0], size)
    packed = _chain(data, table, unpack_from("<I", data, 60)[0], size)
    return _chain(within, list(unpack_from(f"<{len(packed) // 4}I", packed)), start, small, first=0)


def _chain(data: bytes, table: list[int], sector: int, size: int, first: int = 1) -> bytes:
    """Sectors one after another, the ``first`` after the header; one that bites its tail ends where all were met."""
    parts: list[bytes] = []
    while sector < LAST_SECTOR and len(parts) <= len(table):
        parts.append(data[(sector + first) * size : (sector + first + 1) * size])
        sector = table[sector]
    return b"".join(parts)


def _records(book: bytes, at: int) -> Iterator[tuple[int, int]]:
    """(kind, place of the content) of each record up to the end of its part."""
    while at + 4 <= len(book):
        kind, length = unpack_from("<2H", book, at)
        yield kind, at + 4
        if kind == EOF:
            return
        at += 4 + length


def _of_sheets(book: bytes) -> Iterator[tuple[set[tuple[int, int]], set[int]]]:
    for kind, at in _records(book, 0):
        if kind == BOUNDSHEET and book[at + 5] == WORKSHEET:
            yield _of_sheet(book, unpack_from("<I", book, at)[0])


def _of_sheet(book: bytes, start: int) -> tuple[set[tuple[int, int]], set[int]]:
    failed, hidden = set(), set()
    for kind, at in _records(book, start):
        formula = kind == FORMULA and book[at + 6] == 2 and book[at + 12 : at + 14] == b"\xff\xff"
        if formula or (kind == BOOLERR and book[at + 7]):
            row, column = unpack_from("<2H", book, at)
            failed.add((row + 1, column))
        elif kind == ROW and book[at + 12] & NO_HEIGHT:
            hidden.add(unpack_from("<H", book, at)[0] + 1)
    return failed, hidden
