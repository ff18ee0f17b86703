"""CSV bytes → rows, inside the reading child: a fixed chain of charsets, quotes taken seriously, nothing held twice."""

from __future__ import annotations

import codecs
import io
from itertools import chain, islice, repeat

from workflows.exchange.reader_error import Bad

TYPE_CHECKING = False  # the child waits for no library that it can do without
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AT_ONCE = 1 << 15
"""Bytes that are decoded together: more of them would be written to memory and back."""
HEAD = 1 << 16
LINES = 1_000
NULS_OF_UTF16 = 20
END = b"\x1a"
DELIMITERS = ",\t;|"


def charset_of(data: bytes, asked: str = "") -> str:
    """The charset by a fixed chain, never by guessing; the caller still has to find known headers in the text."""
    for charset in (asked,) if asked else _chain(data):
        found = _nuls(data, charset)
        if found is None:
            continue
        nuls, length = found
        if nuls:  # UTF-16 without its mark reads as rubbish full of NUL
            raise Bad("charset" if nuls * NULS_OF_UTF16 > length else "nul")
        return charset
    raise Bad("other_charset" if asked else "charset")


def _chain(data: bytes) -> tuple[str, ...]:
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8", "gb18030")


def _nuls(data: bytes, charset: str) -> tuple[int, int] | None:
    """How many NUL the text holds, and its length; None where it is no text of this charset."""
    decoder, nuls, length = codecs.getincrementaldecoder(charset)(), 0, 0
    try:
        for start in range(0, len(data), AT_ONCE):
            text = decoder.decode(data[start : start + AT_ONCE], start + AT_ONCE >= len(data))
            if "\ufffd" in text:
                return None
            nuls, length = nuls + (text.count("\0") if "\0" in text else 0), length + len(text)
    except UnicodeError:
        return None
    return nuls, length


def text_of(data: bytes, charset: str) -> Iterator[str]:
    """The lines of the text, as they are decoded; a byte order mark goes."""
    lines = io.TextIOWrapper(io.BytesIO(data), charset, newline="")
    first = next(lines, "")
    yield first.removeprefix("\ufeff")
    yield from lines


def whole_text(data: bytes, charset: str) -> bytes:
    """The text without the sign for its end that old programs (DOS, FoxPro) write behind the last line."""
    return data if charset.startswith("utf-16") else data.removesuffix(END)


def head_of(data: bytes, charset: str) -> str:
    """The first characters of the text."""
    return io.TextIOWrapper(io.BytesIO(data), charset, newline="").read(HEAD).removeprefix("\ufeff")


def delimiter_of(head: str) -> str:
    """Comma, tab (Excel's Unicode text), semicolon or upright stroke, whichever the first lines hold most of."""
    first = "\n".join(head.splitlines()[:20])
    return max(DELIMITERS, key=first.count)


def told_delimiter(head: str) -> str:
    """What a first line "sep=;" says, which a spreadsheet obeys and does not show; empty where there is none."""
    line, end, _ = head[:8].replace("\r", "\n").partition("\n")
    sign, mark = line[:-1].lower(), line[-1:]
    if mark == '"':
        sign, mark = line[:-2].lower(), line[-2:-1]
    return mark if end and sign.removeprefix('"') == "sep=" and mark in DELIMITERS else ""


class Plain:
    """Lines without quotes, line ends cut off, each of as many cells; ``first`` is the row number of the first."""

    def __init__(self, first: int, lines: list[str], delimiter: str, width: int) -> None:
        self.first, self.lines, self.delimiter, self.width = first, lines, delimiter, width

    def columns(self, kept: Sequence[int]) -> list[list[str]]:
        """The cells of some lines by column."""
        lines = self.lines if len(kept) == len(self.lines) else [self.lines[at] for at in kept]
        cells = self.delimiter.join(lines).split(self.delimiter)
        return [cells[at :: self.width] for at in range(self.width)]


def csv_parts(data: bytes, charset: str) -> Iterator[Plain | tuple[int, list[str]]]:
    """Records with the row number a spreadsheet would show, or many plain ones together, which cost half as much.

    An unclosed quote is an error, not one huge cell.
    """
    head, lines = head_of(data, charset), text_of(data, charset)
    told, number = told_delimiter(head), 1
    if told:
        next(lines)
    delimiter = told or delimiter_of(head)
    while some := list(islice(lines, LINES)):
        cut = [line.rstrip("\r\n") for line in some]
        widths = set(map(str.count, cut, repeat(delimiter)))
        if len(widths) == 1 and all(cut) and not any('"' in line for line in some):
            yield Plain(number, cut, delimiter, widths.pop() + 1)
            number += len(some)
            continue
        rest = iter(some)
        for line in rest:
            if '"' in line:
                yield number, _quoted(chain((line,), rest, lines), delimiter, number, len(data))
            else:
                line = line.rstrip("\r\n")
                yield number, line.split(delimiter) if line else []
            number += 1


def csv_rows(data: bytes, charset: str) -> Iterator[tuple[int, list[str]]]:
    """The same record by record."""
    for part in csv_parts(data, charset):
        if isinstance(part, Plain):
            yield from ((number, line.split(part.delimiter)) for number, line in enumerate(part.lines, part.first))
        else:
            yield part


def _quoted(lines: Iterator[str], delimiter: str, number: int, most: int) -> list[str]:
    """A record with quotes, which may hold more than one line, in a text of so many bytes."""
    import csv

    csv.field_size_limit(most + 1)
    records = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        cells = next(records)
    except csv.Error:
        raise Bad("quote", row=number) from None
    if records.line_num > 1 and any("\n" in cell and cell.count(delimiter) >= 10 for cell in cells):
        raise Bad("quote", row=number)
    return cells
