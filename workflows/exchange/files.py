"""Tables as files that a spreadsheet opens without harm: .xlsx with text cells, CSV with a byte order mark.

A cell that a spreadsheet would take for a formula is plain text in .xlsx; in CSV it gets an apostrophe before it,
which the import takes away again. A text that begins with an apostrophe of its own gets a second one in both.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from xlsxwriter import Workbook

FORMULA = ("=", "+", "-", "@", "\t", "\r")
APOSTROPHE = "'"
LONGEST = 32_767  # characters that a cell of .xlsx can hold
MOST_ROWS = 1_000_000
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDTH = 16
LINES_AT_ONCE = 200

Lines = Iterable[Sequence[str]]


def harmless(text: str) -> str:
    """A cell as CSV holds it."""
    return APOSTROPHE + text if text.startswith((*FORMULA, APOSTROPHE)) else text


def csv_stream(lines: Lines) -> Iterator[bytes]:
    """The lines as CSV in UTF-8 with a byte order mark, some hundred at a time."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    for number, line in enumerate(lines, 1):
        writer.writerow([harmless(cell) for cell in line])
        if number % LINES_AT_ONCE == 1:
            yield _emptied(out)
    yield _emptied(out)


def _emptied(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode("utf-8", "replace")


def xlsx_file(lines: Lines, most: int = MOST_ROWS) -> IO[bytes]:
    """The lines as .xlsx in a temporary file, every cell text, the headers kept in sight; rows are not held.

    Beyond ``most`` rows another sheet begins, under the same headers.
    """
    out: Any = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    with Workbook(out, {"constant_memory": True, **PLAIN}) as book:
        text = book.add_format({"num_format": "@"})
        rows = iter(lines)
        headers = next(rows, ())
        sheet, at = _sheet(book, headers, text), 1
        for line in rows:
            if at > most:
                sheet, at = _sheet(book, headers, text), 1
            _write(sheet, at, line, text)
            at += 1
    out.seek(0)
    return out  # type: ignore[no-any-return]


def _sheet(book: Workbook, headers: Sequence[str], text: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(headers) - 1, 0), WIDTH, text)
    _write(sheet, 0, headers, text)
    return sheet


def _write(sheet: Any, at: int, line: Sequence[str], text: Any) -> None:
    for column, cell in enumerate(line):
        own = APOSTROPHE + cell if cell.startswith(APOSTROPHE) else cell
        sheet.write_string(at, column, own[:LONGEST], text)
