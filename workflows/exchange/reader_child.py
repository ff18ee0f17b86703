"""Runs alone in a limited process: bytes of one sheet on stdin, its rows as JSON lines on stdout.

Everything a hostile file can do, it does here. Only the standard library and openpyxl are imported, and nothing of
Doudi: the parent gives the limits on the command line and reads ``["sheet", name]``, ``["row", number, cells]``,
``["end"]`` or ``["error", code, arguments]``.
"""

import csv
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.parsers import expat

RUINED = "\x1a"  # marks a number a spreadsheet has already rounded: no real text holds this control character
EXACT = 10**15
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
BIG_ENTRY = 1_000_000
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Bad(Exception):
    """The file cannot be read: a code and what the sentence about it needs."""

    def __init__(self, code: str, **args: Any) -> None:
        super().__init__(code)
        self.code, self.args_ = code, args


def limit_process(limits: dict[str, int]) -> None:
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


# --- CSV ---------------------------------------------------------------------------------------------------------


def decode(data: bytes) -> tuple[str, str]:
    """Text and charset by a fixed chain, never by guessing; the caller still has to find known headers in it."""
    if data.startswith(b"\xef\xbb\xbf"):
        chain: tuple[str, ...] = ("utf-8-sig",)
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        chain = ("utf-16",)
    else:
        chain = ("utf-8", "gb18030")
    for charset in chain:
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if "\0" in text:  # UTF-16 without its mark reads as rubbish full of NUL
            raise Bad("charset" if text.count("\0") * 20 > len(text) else "nul")
        if "\ufffd" in text:
            raise Bad("charset")
        return text.removeprefix("\ufeff"), charset
    raise Bad("charset")


def delimiter_of(text: str) -> str:
    """Comma, tab (Excel's Unicode text) or semicolon, whichever the first lines hold most of."""
    head = "\n".join(text.splitlines()[:20])
    return max(",\t;", key=head.count)


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the row number a spreadsheet would show; an unclosed quote is an error, not one huge cell."""
    csv.field_size_limit(max(len(text) + 1, 1))
    delimiter = delimiter_of(text)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if any("\n" in cell and cell.count(delimiter) >= 10 for cell in cells):
                raise Bad("quote", row=number)
            yield number, cells
    except csv.Error:
        raise Bad("quote", row=number + 1) from None


# --- xlsx --------------------------------------------------------------------------------------------------------


def check_zip(archive: zipfile.ZipFile, limits: dict[str, int]) -> None:
    """Refuse bombs, macros, encryption and odd names from the directory alone, before anything is unpacked."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > limits["entries"]:
        raise Bad("too_many_parts", limit=limits["entries"])
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Bad("encrypted")
    if len(set(names)) < len(names) or any(odd_name(name) for name in names):
        raise Bad("damaged")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Bad("macros")
    if sum(entry.file_size for entry in entries) > limits["unpacked"] or any(swells(e, limits) for e in entries):
        raise Bad("too_large_unpacked", limit_mb=limits["unpacked"] // 1_000_000)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Bad("not_xlsx")


def odd_name(name: str) -> bool:
    """A path that could leave the archive."""
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def swells(entry: zipfile.ZipInfo, limits: dict[str, int]) -> bool:
    """A part that unpacks to more than ``ratio`` times its size; small ones may."""
    return entry.file_size > BIG_ENTRY and entry.file_size > limits["ratio"] * max(entry.compress_size, 1)


def check_doctype(archive: zipfile.ZipFile) -> None:
    """Refuse any part that declares a document type: spreadsheets never do, entity bombs do."""
    for entry in archive.infolist():
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(entry) as part:
                check_prolog(part)


def check_prolog(part: Any) -> None:
    """Read up to the first element with a bare parser that stops at a document type."""
    parser, begun = expat.ParserCreate(), []

    def doctype(*_: object) -> None:
        raise Bad("doctype")

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = lambda *_: begun.append(True)
    while not begun and (chunk := part.read(4096)):
        parser.Parse(chunk)
    if not begun:
        raise Bad("damaged")


def cell_text(value: object) -> str:
    """A typed cell as text: dates as ISO, numbers as a person sees them, numbers past 15 digits marked as ruined."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def number_text(value: int | float) -> str:
    """Digits as Excel shows them (15 of them at most); from 10^15 on the last digits are already lost."""
    if not abs(value) < EXACT:
        return RUINED + repr(value)
    if value == int(value):
        return str(int(value))
    return format(Decimal(format(value, ".15g")), "f")


def workbook_rows(data: bytes, limits: dict[str, int]) -> Iterator[tuple[str, int, list[str]]]:
    """Rows of every visible sheet as (sheet, row number, cells); formulas by their last result, else as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_zip(archive, limits)
        check_doctype(archive)
    from openpyxl import load_workbook
    from openpyxl.worksheet._reader import WorkSheetParser

    class Parser(WorkSheetParser):  # type: ignore[misc]
        """openpyxl's parser, which also keeps the text of a formula that was never calculated."""

        def parse_cell(self, element: Any) -> dict[str, Any]:
            cell: dict[str, Any] = super().parse_cell(element)
            formula = element.find(MAIN + "f")
            if cell["value"] is None and formula is not None and element.get("t") != "str":
                cell["value"] = "=" + (formula.text or "")
            return cell

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        with sheet._get_source() as source:
            parser = Parser(
                source,
                sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for number, cells in parser.parse():
                yield sheet.title, number, spread(cells)


def spread(cells: list[dict[str, Any]]) -> list[str]:
    """Sparse cells as a list, so that two cells at A1 and XFD1048576 cost two cells."""
    texts: list[str] = []
    for cell in cells:
        text = cell_text(cell["value"])
        if not text:
            continue
        texts += [""] * (cell["column"] - len(texts))
        texts[cell["column"] - 1] = text
    return texts


# --- both --------------------------------------------------------------------------------------------------------


def sheet_rows(data: bytes, extension: str, limits: dict[str, int]) -> Iterator[tuple[str, str, int, list[str]]]:
    """(sheet, charset, row number, cells) of a file whose content is what its name says."""
    if data.startswith(OLE):
        raise Bad("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old_excel")
    if extension == "xlsx":
        if not data.startswith(ZIP):
            raise Bad("not_xlsx")
        for name, number, cells in workbook_rows(data, limits):
            yield name, "", number, cells
    else:
        if data.startswith((ZIP, b"%PDF")):
            raise Bad("not_csv")
        text, charset = decode(data)
        if text.lstrip()[:1] == "<":
            raise Bad("not_csv")
        for number, cells in csv_rows(text):
            yield "", charset, number, cells


def bounded(cells: list[str], number: int, limits: dict[str, int]) -> list[str]:
    """The row without trailing blanks; too many or too long cells refuse the file."""
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > limits["columns"]:
        raise Bad("too_many_columns", row=number, limit=limits["columns"])
    for position, cell in enumerate(cells):
        if len(cell) > limits["cell"]:
            raise Bad("long_cell", row=number, column=letters(position), limit=limits["cell"])
    return cells


def letters(position: int) -> str:
    """Column letters of a 0-based position: 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def write(data: bytes, extension: str, limits: dict[str, int], out: Any) -> None:
    """Stream rows that hold anything, and a mark when all of them came."""

    def line(*values: object) -> None:
        out.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")

    sheet, rows, size = None, 0, 0
    for name, charset, number, cells in sheet_rows(data, extension, limits):
        if name != sheet:
            sheet = name
            line("sheet", name, charset)
        cells = bounded(cells, number, limits)
        if not cells:
            continue
        rows, size = rows + 1, size + sum(map(len, cells))
        if rows > limits["rows"]:
            raise Bad("too_many_rows", limit=limits["rows"])
        if size > limits["text"]:
            raise Bad("too_large_unpacked", limit_mb=limits["unpacked"] // 1_000_000)
        line("row", number, cells)
    line("end")


def answer(data: bytes, extension: str, limits: dict[str, int], out: Any) -> None:
    """Write the rows, or one ``error`` line: whatever goes wrong has a code and never a traceback."""
    try:
        return write(data, extension, limits, out)
    except Bad as bad:
        line = ["error", bad.code, bad.args_]
    except MemoryError:
        line = ["error", "too_large_unpacked", {"limit_mb": limits["unpacked"] // 1_000_000}]
    except Exception:  # noqa: BLE001 - any parser error on a strange file means the same to its owner
        line = ["error", "damaged", {}]
    out.write(b"\n" + json.dumps(line).encode() + b"\n")


def main() -> None:
    """Read stdin whole, then answer within the limits given on the command line."""
    settings = json.loads(sys.argv[1])
    data = sys.stdin.buffer.read()
    limit_process(settings["limits"])
    answer(data, settings["extension"], settings["limits"], sys.stdout.buffer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
