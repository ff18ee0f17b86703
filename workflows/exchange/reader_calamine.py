"""An .xls or .ods → rows of text, inside the reading child, by calamine, after its own limits were looked at.

calamine is compiled code that holds a sheet whole, so it runs only here, where memory and time are bounded.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

from workflows.exchange.reader_biff import Errors, Unseen, Untold, untold
from workflows.exchange.reader_error import Bad
from workflows.exchange.reader_xlsx import date_text, number_text
from workflows.exchange.reader_zip import check_doctype, check_zip, refuse_doctype

MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"))
MANIFEST = "META-INF/manifest.xml"
MOST_CELLS = 20_000_000
CHUNK = 1 << 16
ERROR = "#VALUE!"
"""What stands for a formula that failed, whatever its reason."""


def old_rows(data: bytes, limits: dict[str, Any]) -> Iterator[tuple[str, int, list[str], bool]]:
    """Rows of an .xls (also what WPS calls .et); macros and passwords refuse it."""
    if any(mark in data for mark in MACROS):
        raise Bad("macros")
    yield from _rows(data, "old_excel", limits, untold(data))


def ods_rows(data: bytes, limits: dict[str, Any]) -> Iterator[tuple[str, int, list[str], bool]]:
    """Rows of an .ods, once its parts, document types and dimensions were looked at."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_zip(archive, limits, ("content.xml",), "not_ods")
        if MANIFEST in archive.namelist() and b"encryption-data" in archive.read(MANIFEST):
            raise Bad("encrypted")
        check_doctype(archive)
        content = Content()
        with archive.open("content.xml") as part:
            content.check(part)
    yield from _rows(data, "damaged", limits, Untold(content.failed, content.hidden))


class Content:
    """Counts the cells a sheet unpacks to, for a cell may say that it stands there a million times.

    ``failed``: by sheet the cells whose formula failed, which calamine gives back as if they were empty; ``hidden``:
    the rows that nobody sees, of which it says nothing.
    """

    def __init__(self) -> None:
        self.cells = self.waiting = 0
        self.sheet, self.row = -1, 1
        self.failed: Errors = {}
        self.hidden: Unseen = {}
        self.unseen = False
        self.filled = False
        self.times = 1

    def check(self, part: Any) -> None:
        """Refuse a content whose filled rows come to more cells than any roster."""
        parser = expat.ParserCreate()
        refuse_doctype(parser)
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        while chunk := part.read(CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.sheet, self.row = self.sheet + 1, 1
        elif name == "table:table-row":
            self.times, self.waiting, self.filled = _times(attributes, "table:number-rows-repeated"), 0, False
            self.unseen = attributes.get("table:visibility") in ("collapse", "filter")
        elif name in ("table:table-cell", "table:covered-table-cell"):
            if attributes.get("calcext:value-type") == "error":
                self.failed.setdefault(self.sheet, set()).add((self.row, self.waiting))
            self.waiting += _times(attributes, "table:number-columns-repeated")
            self.filled = self.filled or "office:value-type" in attributes
        elif name == "text:p":
            self.filled = True

    def _end(self, name: str) -> None:
        if name != "table:table-row":
            return
        self.cells += self.times * self.waiting if self.filled else 0
        if self.cells > MOST_CELLS:
            raise Bad("too_large_unpacked", limit_mb=100)
        if self.unseen and self.filled:
            self.hidden.setdefault(self.sheet, set()).update(range(self.row, self.row + self.times))
        self.row += self.times


def _times(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else MOST_CELLS


def _rows(
    data: bytes, unreadable: str, limits: dict[str, Any], beside: Untold
) -> Iterator[tuple[str, int, list[str], bool]]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [meta for meta in book.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet]
        for order, meta in enumerate(sheets):
            if meta.visible is SheetVisibleEnum.Visible:
                failed, hidden = beside.failed.get(order, set()), beside.hidden.get(order, set())
                yield from _sheet(meta.name, book.get_sheet_by_name(meta.name), limits, failed, hidden)
    except CalamineError as error:
        raise Bad("encrypted" if "assword" in str(error) else unreadable) from None


def _sheet(
    name: str, sheet: Any, limits: dict[str, Any], failed: set[tuple[int, int]], hidden: set[int]
) -> Iterator[tuple[str, int, list[str], bool]]:
    broken = {row for row, _ in failed}
    above, before = sheet.start or (0, 0)
    left = [""] * before  # calamine gives every row above the used area, but no column before it
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if limits.get("peek") and number - above > limits["peek"]:
            return
        texts = [*left, *map(cell_text, cells)]
        if number in broken:
            texts = [ERROR if (number, at) in failed else text for at, text in enumerate(texts)]
        yield name, number, texts, number in hidden


def cell_text(value: Any) -> str:
    """A cell as a person would read it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number_text(value)
    return date_text(value) if isinstance(value, (date, datetime, time, timedelta)) else str(value)
