"""Cells of an .xls whose formula failed, inside the reading child: calamine gives them back as if they were empty."""

import re
import struct
from collections.abc import Iterator
from struct import unpack_from

Errors = dict[int, set[tuple[int, int]]]
"""By sheet, in the order of the workbook, the cells: the spreadsheet's row number and the 0-based column."""

STREAMS = ("Workbook", "Book")
LAST_SECTOR = 0xFFFFFFFA
BOUNDSHEET, EOF, FORMULA, BOOLERR, WORKSHEET = 0x85, 0x0A, 0x06, 0x205, 0
FAILED = re.compile(rb"\x06\x00.{8}\x02.{5}\xff\xff|\x05\x02[\x08\x09]\x00", re.DOTALL)
"""What a failed formula or a plain error looks like; most workbooks hold nothing of the kind."""
SMALL, ENTRY = 4096, 128


def failed_cells(data: bytes) -> Errors:
    """The cells of each worksheet that hold an error; none where the file is too odd for that to be said."""
    try:
        book = _stream(data)
        return dict(enumerate(_of_sheets(book))) if FAILED.search(book) else {}
    except (struct.error, ArithmeticError, IndexError, ValueError):
        return {}


def _stream(data: bytes) -> bytes:
    """The workbook's own stream out of the compound file; empty where there is none of any size."""
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
        if name in STREAMS and long >= SMALL:
            return _chain(data, table, start, size)[:long]
    return b""


def _chain(data: bytes, table: list[int], sector: int, size: int) -> bytes:
    """Sectors one after another; a chain that bites its tail ends where every sector was met."""
    parts: list[bytes] = []
    while sector < LAST_SECTOR and len(parts) <= len(table):
        parts.append(data[(sector + 1) * size : (sector + 2) * size])
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


def _of_sheets(book: bytes) -> Iterator[set[tuple[int, int]]]:
    for kind, at in _records(book, 0):
        if kind == BOUNDSHEET and book[at + 5] == WORKSHEET:
            yield set(_failed(book, unpack_from("<I", book, at)[0]))


def _failed(book: bytes, start: int) -> Iterator[tuple[int, int]]:
    for kind, at in _records(book, start):
        formula = kind == FORMULA and book[at + 6] == 2 and book[at + 12 : at + 14] == b"\xff\xff"
        if formula or (kind == BOOLERR and book[at + 7]):
            row, column = unpack_from("<2H", book, at)
            yield row + 1, column
