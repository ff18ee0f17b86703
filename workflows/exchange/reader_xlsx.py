"""An .xlsx → rows of text, inside the reading child.

openpyxl reads the workbook, its styles and shared texts; the rows, which are all the weight, go through a parser of
our own: a cell costs a few callbacks instead of a tree of objects, and two cells at A1 and XFD1048576 cost two cells.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any
from xml.parsers import expat

from workflows.exchange.reader_error import Bad
from workflows.exchange.reader_zip import check_doctype, check_zip, refuse_doctype

RUINED = "\x1a"  # marks a number a spreadsheet has already rounded: no real text holds this control character
EXACT = 10**15
CHUNK = 1 << 16
LAST_COLUMN = 16_384
STRICT = b"http://purl.oclc.org/ooxml/"
CHINESE_DATES = frozenset((*range(27, 37), *range(50, 59)))
"""Numbers of the formats for dates that a Chinese spreadsheet program has of its own (31 is 2020年6月30日)."""
Convert = Callable[[str, str, int], str]


def workbook_rows(data: bytes, limits: dict[str, Any]) -> Iterator[tuple[str, int, list[str], bool]]:
    """(sheet, row number, cells, hidden) of every visible sheet; formulas by their last result, else as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_zip(archive, limits)
        check_doctype(archive)
        with archive.open("xl/workbook.xml") as part:
            if STRICT in part.read(CHUNK):
                raise Bad("strict_xlsx")
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            with sheet._get_source() as source:
                rows = SheetParser(_converter(book, sheet._shared_strings)).rows(source)
                for number, cells, hidden in islice(rows, limits.get("peek") or None):
                    yield sheet.title, number, cells, hidden


def _converter(book: Any, shared: list[str]) -> Convert:
    """What the text of a cell means by its type and style, as text a person would read."""
    from openpyxl.utils.datetime import from_excel

    chinese = {at for at, style in enumerate(book._cell_styles) if style.numFmtId in CHINESE_DATES}
    days = chinese | set(book._date_formats)

    def convert(kind: str, text: str, style: int) -> str:
        if kind == "s":
            return shared[int(text)]
        if kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        if kind != "n":
            return text
        number = float(text) if any(sign in text for sign in ".eE") else int(text)
        if style not in days:
            return number_text(number)
        try:
            return date_text(from_excel(number, book.epoch, timedelta=style in book._timedelta_formats))
        except (OverflowError, ValueError):
            return "#VALUE!"

    return convert


class SheetParser:
    """The rows of one sheet part; inside <sheetData> only <row>, <c>, <v>, <f> and <t> matter."""

    def __init__(self, convert: Convert) -> None:
        self.convert = convert
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        refuse_doctype(self.parser)
        self.done: list[tuple[int, list[str], bool]] = []
        self.number = self.column = self.style = 0
        self.cells: list[str] = []
        self.kind, self.parts, self.into = "n", dict[str, str](), ""
        self.inside = self.phonetic = self.hidden = False

    def rows(self, source: Any) -> Iterator[tuple[int, list[str], bool]]:
        """(row number, cells, whether the row is hidden) as they are met."""
        ended = False
        while not ended:
            chunk = source.read(CHUNK)
            ended = not chunk
            # Newer parsers put off a long token, and the rows behind it, until more comes or the end is told.
            self.parser.Parse(chunk, ended)
            yield from self.done
            self.done.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "sheetData":
            self.inside = True
        elif not self.inside:
            return
        elif tag == "row":
            self.number = int(attributes.get("r", self.number + 1))
            self.column, self.cells, self.hidden = 0, [], attributes.get("hidden") in ("1", "true")
        elif tag == "c":
            self.column = column_of(attributes["r"]) if "r" in attributes else self.column + 1
            self.kind, self.style, self.parts = attributes.get("t", "n"), int(attributes.get("s", 0)), {}
        elif tag in ("v", "f", "t"):
            self.into = "" if self.phonetic else tag
            self.parts.setdefault(tag, "")
        elif tag == "rPh":
            self.phonetic = True

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if not self.inside:
            return
        if tag == "c":
            self._cell()
        elif tag == "row":
            self.done.append((self.number, self.cells, self.hidden))
        elif tag in ("v", "f", "t"):
            self.into = ""
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "sheetData":
            self.inside = False

    def _text(self, text: str) -> None:
        if self.into:
            self.parts[self.into] += text

    def _cell(self) -> None:
        """Put the cell met into its place: its value, else its inline text, else its uncalculated formula."""
        value = self.parts.get("t", "") if self.kind == "inlineStr" else self.parts.get("v", "")
        if value:
            text = value if self.kind == "inlineStr" else self.convert(self.kind, value, self.style)
        else:
            text = "=" + self.parts["f"] if "f" in self.parts and self.kind != "str" else ""
        if text:
            self.cells += [""] * (self.column - len(self.cells))
            self.cells[self.column - 1] = text


def column_of(place: str) -> int:
    """1-based column of a cell address: A1 is 1, XFD1048576 is 16,384; raises Bad for anything further."""
    column = 0
    for letter in place.rstrip("0123456789"):
        column = column * 26 + ord(letter) - 64
        if not (letter.isascii() and letter.isupper()) or column > LAST_COLUMN:
            raise Bad("damaged")
    return column


def date_text(value: object) -> str:
    """A typed date as ISO; with its time only where there is one."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def number_text(value: int | float) -> str:
    """Digits as Excel shows them (15 of them at most); from 10^15 on the last digits are already lost."""
    if not abs(value) < EXACT:
        return RUINED + repr(value)
    if value == int(value):
        return str(int(value))
    return format(Decimal(format(value, ".15g")), "f")
