"""Runs alone in a limited process: bytes of one sheet on stdin, its rows as JSON lines on stdout.

Everything a hostile file can do, it does here. The parent gives the limits on the command line and reads
``["sheet", name, charset]``, ``["rows", numbers, hidden numbers]`` with columns behind it as ``lots`` has them,
``["end"]`` or ``["error", code, arguments]``. Short rows are filled up with empty cells.
"""

import json
import sys
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import Any

from workflows.exchange.lots import as_line, one_text
from workflows.exchange.reader_csv import charset_of, csv_rows, head_of
from workflows.exchange.reader_error import Bad

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


def sheet_rows(data: bytes, extension: str, limits: dict[str, Any]) -> Iterator[tuple[str, str, int, list[str], bool]]:
    """(sheet, charset, row number, cells, hidden) of a file whose content is what its name says."""
    if extension in BOOKS:
        for name, number, cells, hidden in _book_rows(data, extension, limits):
            yield name, "", number, cells, hidden
        return
    if data.startswith(OLE):
        raise Bad("encrypted" if ENCRYPTED in data else "old_excel")
    if data.startswith((ZIP, b"%PDF")):
        raise Bad("not_csv")
    charset = charset_of(data, limits.get("charset", ""))
    if head_of(data, charset).lstrip()[:1] == "<":
        raise Bad("not_csv")
    for number, cells in islice(csv_rows(data, charset), limits.get("peek") or None):
        yield "", charset, number, cells, False


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
    told = [one_text(column) for column in zip_longest(*cells, fillvalue="")]
    while told and not told[-1].strip():
        told.pop()
    unseen = [number for number, one in zip(numbers, hidden, strict=True) if one]
    return as_line(json.dumps(["rows", numbers, unseen]), told)


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


def write(data: bytes, extension: str, limits: dict[str, Any], out: Any) -> None:
    """Stream rows that hold anything, and a mark when all of them came."""
    lot: list[Found] = []

    def line(*values: object) -> None:
        out.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")

    def tell() -> None:
        if lot:
            out.write(packed(lot))
            lot.clear()

    sheet, rows, size, widest, longest = None, 0, 0, limits["columns"], limits["cell"]
    for name, charset, number, cells, hidden in sheet_rows(data, extension, limits):
        if name != sheet:
            tell()
            sheet = name
            line("sheet", name, charset)
        if len(cells) > widest:
            cells = trimmed(cells, number, limits)
        text = "".join(cells)
        if not text or text.isspace():
            continue
        rows, size = rows + 1, size + len(text)
        if len(text) > longest:
            refuse_long(cells, number, longest)
        if rows > limits["rows"]:
            raise Bad("too_many_rows", limit=limits["rows"])
        if size > limits["text"]:
            raise Bad("too_large_unpacked", limit_mb=limits["unpacked"] // 1_000_000)
        lot.append((number, cells, hidden))
        if len(lot) >= AT_ONCE:
            tell()
    tell()
    line("end")


def answer(data: bytes, extension: str, limits: dict[str, Any], out: Any) -> None:
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
    settings = json.loads(sys.argv[2])
    data = sys.stdin.buffer.read()
    limit_process(settings["limits"])
    answer(data, settings["extension"], settings["limits"], sys.stdout.buffer)
    sys.stdout.buffer.flush()
