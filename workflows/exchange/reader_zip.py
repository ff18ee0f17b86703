"""What an .xlsx or .ods may be, judged inside the reading child before any of it is parsed."""

import zipfile
from typing import Any
from xml.parsers import expat

from workflows.exchange.reader_error import Bad

BIG_ENTRY = 1_000_000


XLSX_PARTS = ("[Content_Types].xml", "xl/workbook.xml")


def check_zip(
    archive: zipfile.ZipFile, limits: dict[str, Any], parts: tuple[str, ...] = XLSX_PARTS, otherwise: str = "not_xlsx"
) -> None:
    """Refuse bombs, macros, encryption and odd names from the directory alone, before anything is unpacked."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > limits["entries"]:
        raise Bad("too_many_parts", limit=limits["entries"])
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Bad("encrypted")
    if len(set(names)) < len(names) or any(odd_name(name) for name in names):
        raise Bad("damaged")
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        raise Bad("macros")
    if sum(entry.file_size for entry in entries) > limits["unpacked"] or any(swells(e, limits) for e in entries):
        raise Bad("too_large_unpacked", limit_mb=limits["unpacked"] // 1_000_000)
    if any(part not in names for part in parts):
        raise Bad(otherwise)


def odd_name(name: str) -> bool:
    """A path that could leave the archive."""
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def swells(entry: zipfile.ZipInfo, limits: dict[str, Any]) -> bool:
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
    refuse_doctype(parser)
    parser.StartElementHandler = lambda *_: begun.append(True)
    while not begun and (chunk := part.read(4096)):
        parser.Parse(chunk)
    if not begun:
        # Newer parsers put off a long token until more comes or the end is told.
        parser.Parse(b"", True)
    if not begun:
        raise Bad("damaged")


def refuse_doctype(parser: expat.XMLParserType) -> None:
    """Make a parser stop at a document type declaration."""

    def doctype(*_: object) -> None:
        raise Bad("doctype")

    parser.StartDoctypeDeclHandler = doctype
