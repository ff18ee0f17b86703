"""Runs alone in a limited process: bytes of one sheet on stdin, its rows on stdout as ``lot_lines`` has them.

Everything a hostile file can do, it does here. The parent gives the limits on the command line and reads lines of
parts: "sheet", name, charset; "rows", numbers, hidden numbers, columns; "end"; or "error", code, arguments as JSON.
Short rows are filled up with empty cells. Whoever hands in a text waits until this has started, so it loads no library
that it can do without.
"""

from __future__ import annotations

import sys
from itertools import islice, zip_longest

from workflows.exchange.lot_lines import ROWS, as_line, listed, one_text
from workflows.exchange.reader_csv import Plain, charset_of, csv_parts, csv_rows, head_of, whole_text
from workflows.exchange.reader_error import Bad

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
AT_ONCE = 1_000
BOOKS = ("xlsx", "xls", "ods")


def limit_process(limits: dict[str, Any]) -> None:
    """Bound memory, processor time and files where the platform can; the parent's clock bounds the rest."""
    try:
        import resource
    except ImportError:
        return
    for kind, value in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):
            continue


def sheet_rows(data: bytes, extension: str, limits: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(sheet, charset, row) of a file whose content is what its name says: number, cells, hidden; or ``Plain`` ones."""
    if extension in BOOKS:
        for name, number, cells, hidden in _book_rows(data, extension, limits):
            yield name, "", (number, cells, hidden)
        return
    if data.startswith(OLE):
        raise Bad("encrypted" if ENCRYPTED in data else "old_excel")
    if data.startswith((ZIP, b"%PDF")):
        raise Bad("not_csv")
    charset = charset_of(data, limits.get("charset", ""))
    data = whole_text(data, charset)
    if head_of(data, charset).lstrip()[:1] == "<":
        raise Bad("not_csv")
    peek = limits.get("peek")
    for part in islice(csv_rows(data, charset), peek) if peek else csv_parts(data, charset):
        yield "", charset, part if isinstance(part, Plain) else (*part, False)


def _book_rows(data: bytes, extension: str, limits: dict[str, Any]) -> Iterator[tuple[str, int, list[str], bool]]:
    from workflows.exchange.reader_calamine import ods_rows, old_rows  # a text waits for neither
    from workflows.exchange.reader_xlsx import workbook_rows

    ole = data.startswith(OLE)
    if ole and ENCRYPTED in data:
        raise Bad("encrypted")
    if extension == "xlsx":
        if not data.startswith(ZIP):
            raise Bad("old_excel" if ole else "not_xlsx")
        return workbook_rows(data, limits)
    if extension == "ods":
        if not data.startswith(ZIP):
            raise Bad("not_ods")
        return ods_rows(data, limits)
    if not ole:
        raise Bad("not_xls")
    return old_rows(data, limits)


Found = tuple[int, list[str], bool]


def trimmed(cells: list[str], number: int, limits: dict[str, Any]) -> list[str]:
    """A long row without trailing blanks; what is still too long refuses the file."""
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > limits["columns"]:
        raise Bad("too_many_columns", row=number, limit=limits["columns"])
    return cells


def packed(lot: list[Found]) -> bytes:
    """Some rows as the parent reads them."""
    numbers, cells, hidden = zip(*lot, strict=True)
    unseen = [number for number, one in zip(numbers, hidden, strict=True) if one]
    return _told(numbers, unseen, zip_longest(*cells, fillvalue=""))


def _told(numbers: Sequence[int], unseen: Sequence[int], columns: Iterable[Sequence[str]]) -> bytes:
    told = [one_text(column) for column in columns]
    while told and not told[-1].strip():
        told.pop()
    return as_line(ROWS, listed(numbers), listed(unseen), *told)


def refuse_long(cells: list[str], number: int, most: int) -> None:
    """Too long a cell refuses the file."""
    for position, cell in enumerate(cells):
        if len(cell) > most:
            raise Bad("long_cell", row=number, column=letters(position), limit=most)


def letters(position: int) -> str:
    """Column letters of a 0-based position: 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


class Writer:
    """Streams rows that hold anything, within the limits."""

    def __init__(self, limits: dict[str, Any], out: Any) -> None:
        self.limits, self.out = limits, out
        self.lot: list[Found] = []
        self.rows = self.size = 0

    def line(self, *parts: str) -> None:
        """Write what is no row."""
        self.tell()
        self.out.write(as_line(*parts))

    def tell(self) -> None:
        """Write the rows that were gathered."""
        if self.lot:
            self.out.write(packed(self.lot))
            self.lot.clear()

    def row(self, number: int, cells: list[str], hidden: bool) -> None:
        """Gather a row; one beyond the limits refuses the file."""
        if len(cells) > self.limits["columns"]:
            cells = trimmed(cells, number, self.limits)
        text = "".join(cells)
        if not text or text.isspace():
            return
        if len(text) > self.limits["cell"]:
            refuse_long(cells, number, self.limits["cell"])
        self.count(1, len(text))
        self.lot.append((number, cells, hidden))
        if len(self.lot) >= AT_ONCE:
            self.tell()

    def plain(self, part: Plain) -> None:
        """Write plain rows at once, unless they are too wide or long to be sure of each cell."""
        if part.width > self.limits["columns"] or max(map(len, part.lines)) > self.limits["cell"]:
            for number, line in enumerate(part.lines, part.first):
                self.row(number, line.split(part.delimiter), False)
            return
        kept = [at for at, line in enumerate(part.lines) if holds(line, part.delimiter)]
        if kept:
            self.tell()
            self.count(len(kept), sum(len(part.lines[at]) for at in kept) - (part.width - 1) * len(kept))
            self.out.write(_told([part.first + at for at in kept], [], part.columns(kept)))

    def count(self, rows: int, size: int) -> None:
        """Add up rows and characters; too many refuse the file."""
        self.rows, self.size = self.rows + rows, self.size + size
        if self.rows > self.limits["rows"]:
            raise Bad("too_many_rows", limit=self.limits["rows"])
        if self.size > self.limits["text"]:
            raise Bad("too_large_unpacked", limit_mb=self.limits["unpacked"] // 1_000_000)


def holds(line: str, delimiter: str) -> bool:
    """Whether any cell of a line has more than blanks."""
    first = line[0]
    if first != delimiter and not first.isspace():
        return True
    text = line.replace(delimiter, "")
    return bool(text) and not text.isspace()


def write(data: bytes, extension: str, limits: dict[str, Any], out: Any) -> None:
    """Stream rows that hold anything, and a mark when all of them came."""
    writer, sheet = Writer(limits, out), None
    for name, charset, row in sheet_rows(data, extension, limits):
        if name != sheet:
            sheet = name
            writer.line("sheet", name, charset)
        if isinstance(row, Plain):
            writer.plain(row)
        else:
            writer.row(*row)
    writer.line("end")


def answer(data: bytes, extension: str, limits: dict[str, Any], out: Any) -> None:
    """Write the rows, or one ``error`` line: whatever goes wrong has a code and never a traceback."""
    try:
        write(data, extension, limits, out)
        return
    except Bad as bad:
        found = bad
    except MemoryError:
        found = Bad("too_large_unpacked", limit_mb=limits["unpacked"] // 1_000_000)
    except Exception:  # noqa: BLE001 - any parser error on a strange file means the same to its owner
        found = Bad("damaged")
    import json

    out.write(b"\n" + as_line("error", found.code, json.dumps(found.args_)))


def main() -> None:
    """Read stdin whole, then answer within the limits given on the command line behind ending and charset."""
    extension, charset, *told = sys.argv[2:]
    limits: dict[str, Any] = {name: int(most) for name, _, most in (word.partition("=") for word in told)}
    data = sys.stdin.buffer.read()
    limit_process(limits)
    answer(data, extension, limits | {"charset": charset}, sys.stdout.buffer)
    sys.stdout.buffer.flush()
