"""Tables as .xlsx, written line by line: text stays text, amounts, counts and days are numbers with a format.

Rows are not held, so a table may be as long as it likes. A text that begins with an apostrophe of its own gets a
second one, which the import takes away again; a value that does not fit the kind of its column stays text.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from workflows.exchange import xlsx_parts as parts

LONGEST = 32_767
"""Characters that a cell can hold."""
MOST_ROWS = 1_000_000
MOST_BYTES = 1_900_000_000
"""Of one sheet before it is packed; beyond two gigabytes spreadsheet programs want to repair the file."""
AT_ONCE = 200
NARROW, WIDE = 6, 40
HIGH = ' ht="%d" customHeight="1"'
APOSTROPHE = "'"
EPOCH = datetime(1899, 12, 30)
FIRST_DAY = datetime(1900, 3, 1)
"""Earlier days count differently from program to program, and stay text."""
AMOUNT = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,13})(?:\.[0-9]{1,2})?")
COUNT = re.compile(r"0|-?[1-9][0-9]{0,8}")
DAYS = {"date": "%Y-%m-%d", "month": "%Y-%m", "moment": "%Y-%m-%d %H:%M"}
APART = "\x1f"
ODD = re.compile("[&<>'\x00-\x1e\x7f\ud800-\udfff\ufffe\uffff]|_x|(?:^|\x1f)[ \u3000]|[ \u3000](?:\x1f|$)|  ")
"""What cells hold that must be written with care."""
FORBIDDEN = re.compile(r"[\[\]:*?/\\'&<>\"\x00-\x1f]")
ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

Lines = Iterable[Sequence[str]]
Put = Callable[[str], Any]


@dataclass(frozen=True)
class Look:
    """How a sheet looks: kinds of columns (text, money, count, date, month, moment), what stands above the headers."""

    kinds: Sequence[str] = ()
    title: str = ""
    note: str = ""
    tab: str = ""
    """What the sheet is called."""
    empty: str = ""
    """What the note says beside, where there is one and the table has no rows."""

    @property
    def above(self) -> list[tuple[str, str]]:
        """(text, style) of the rows above the headers."""
        return [(text, style) for text, style in ((self.title, "title"), (self.note, "note")) if text]

    @property
    def name(self) -> str:
        """The sheet's name, without what no sheet may be called."""
        return FORBIDDEN.sub("", self.tab or self.title).strip() or "Sheet1"


def xlsx_file(lines: Lines, most: int = MOST_ROWS, look: Look | None = None) -> IO[bytes]:
    """The headers and lines as .xlsx in a temporary file, the headers kept in sight.

    Beyond ``most`` rows another sheet begins, under the same headers. Whoever sends the file closes it.
    """
    return book_file([(lines, look or Look())], most)


def book_file(tables: Iterable[tuple[Lines, Look]], most: int = MOST_ROWS) -> IO[bytes]:
    """Several tables as one .xlsx, each on a sheet of its own, as ``xlsx_file`` writes one."""
    out: Any = TemporaryFile()  # noqa: SIM115
    written: list[parts.Tab] = []
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for lines, look in tables:
            rows = iter(lines)
            headers, nth = [str(cell) for cell in next(rows, ())], 0
            more: Any = ()
            while more is not None:
                written.append(parts.Tab(look.name, nth := nth + 1, len(look.above) + 1))
                rows = chain([more], rows) if more else rows
                with _part(archive, f"xl/worksheets/sheet{len(written)}.xml") as put:
                    _Sheet(headers, look, put).write(rows, most)
                more = next(rows, None)
        for name, text in parts.frame(written).items():
            with _part(archive, name) as put:
                put(text)
    out.seek(0)
    return out  # type: ignore[no-any-return]


@contextmanager
def _part(archive: ZipFile, name: str) -> Iterator[Put]:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    with archive.open(info, "w") as out:
        yield lambda text: out.write(text.encode("utf-8", "replace"))


class _Sheet:
    """One sheet being written."""

    def __init__(self, headers: Sequence[str], look: Look, put: Put) -> None:
        self.headers, self.look, self.put, self.row = headers, look, put, 0
        self.kinds = [*look.kinds[: len(headers)], *["text"] * (len(headers) - len(look.kinds))]
        self.known = [(at, _Known(kind)) for at, kind in enumerate(self.kinds) if kind != "text"]
        cells = (parts.TEXT if kind == "text" else parts.number("%s", kind) for kind in self.kinds)
        self.template = f'<row r="%d">{"".join(cells)}</row>'

    def write(self, rows: Iterator[Sequence[str]], most: int) -> None:
        """What stands above, the headers, and at most so many rows."""
        some, done, size = list(islice(rows, min(AT_ONCE, most))), 0, 0
        note = self.look.note if some or not self.look.note else f"{self.look.note}　{self.look.empty}".rstrip()
        above, widths = replace(self.look, note=note).above, _widths(self.headers, some, self.kinds)
        self.put(parts.begin(widths, self.kinds, len(above) + 1))
        for text, style in above:
            high = HIGH % 27 if style == "title" else ""
            stands = "begin" if high and sum(widths) > parts.SCREEN else style
            self.put(self._row([parts.text(_safe(text), stands)], high))
        self.put(self._row([parts.text(_safe(header), "header") for header in self.headers], HIGH % 24))
        while some:
            body = "".join(map(self._line, some))
            self.put(body)
            done, size = done + len(some), size + len(body)
            some = list(islice(rows, min(AT_ONCE, most - done))) if size < MOST_BYTES else []
        self.put(parts.end(len(above), len(self.headers)))

    def _row(self, cells: Iterable[str], more: str = "") -> str:
        self.row += 1
        return f'<row r="{self.row}"{more}>{"".join(cells)}</row>'

    def _line(self, line: Sequence[str]) -> str:
        """A row of the table; where no cell holds anything odd it is put together at once."""
        if len(line) != len(self.headers) or ODD.search(joined := APART.join(line)) or len(joined) > LONGEST:
            return self._row(map(self._cell, range(len(line)), line))
        cells = list(line)
        for at, known in self.known:
            cells[at] = known[cells[at]]
            if cells[at] is None:
                return self._row(map(self._cell, range(len(line)), line))
        self.row += 1
        told = self.template % (self.row, *cells)
        for filled, empty in parts.LEFT_EMPTY:
            told = told.replace(filled, empty)
        return told

    def _cell(self, at: int, text: str) -> str:
        kind = self.kinds[at] if at < len(self.kinds) else "text"
        value = _Known(kind)[text] if kind != "text" and text else None
        if value is not None:
            return parts.number(value, kind)
        own = APOSTROPHE + text if text.startswith(APOSTROPHE) else text
        return parts.text(_safe(own[:LONGEST])) if text else parts.EMPTY


class _Known(dict[str, Any]):
    """The numbers behind the texts of a column, each found once; None for a text that is not of its kind."""

    MOST = 50_000

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __missing__(self, text: str) -> str | None:
        if len(self) > self.MOST:
            self.clear()
        value = self[text] = _value(text, self.kind) if text else ""
        return value


def _value(text: str, kind: str) -> str | None:
    if kind in DAYS:
        try:
            day = datetime.strptime(text, DAYS[kind])
        except ValueError:
            return None
        apart = day - EPOCH
        return None if day < FIRST_DAY else f"{apart.days + apart.seconds / 86_400:.15g}"
    pattern = AMOUNT if kind == "money" else COUNT
    return text.replace(",", "") if pattern.fullmatch(text) else None


def _safe(text: str) -> str:
    """A text as XML holds it; marks that XML cannot hold are written as spreadsheets write them."""
    text = ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _widths(headers: Sequence[str], rows: Sequence[Sequence[str]], kinds: Sequence[str]) -> list[int]:
    """How wide each column is, by its header and the first rows; a Chinese character takes two places."""
    columns = [[header, *(row[at] for row in rows if at < len(row))] for at, header in enumerate(headers)]
    room = [4 if kind == "money" else 2 for kind in kinds]  # the program sets marks between thousands
    return [min(WIDE, max(NARROW, *map(_places, column)) + more) for column, more in zip(columns, room, strict=True)]


def _places(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text[:WIDE])
