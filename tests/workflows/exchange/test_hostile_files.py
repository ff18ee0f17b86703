"""Strange files are refused with a reason, soon, in little memory; awkward but honest ones are read."""

import io
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from tests.workflows.exchange.sheets import (
    HEAD_MEMBER,
    MEMBER,
    csv_bytes,
    id_no,
    members,
    rezipped,
    workbook,
    xlsx_bytes,
)
from workflows.exchange import lot_lines, reading
from workflows.exchange.reading import LIMITS, Limits, Unreadable, read_sheet

ROOT = Path(__file__).parents[3]
XLSX = xlsx_bytes(members())
SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRICT = b'<?xml version="1.0"?><workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def sheet_xml(rows: bytes) -> bytes:
    """The sample .xlsx with these rows instead of its own."""
    xml = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (NAMESPACE, rows)
    return rezipped(XLSX, {SHEET: xml})


def cell(place: str, text: str) -> bytes:
    """One inline text cell."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def sheet_of(data: bytes) -> bytes:
    """The sheet part of an .xlsx."""
    return zipfile.ZipFile(io.BytesIO(data)).read(SHEET)


def ratio_bomb() -> bytes:
    """A part that swells 100 times and more: 20 MB of one letter."""
    return rezipped(XLSX, {"xl/media/a.bin": b"a" * 20_000_000})


def declared_encrypted() -> bytes:
    """The flag bit of encryption set on every entry of the central directory."""
    data = bytearray(XLSX)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<H", data, at + 8, 1)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def nested_zip() -> bytes:
    """A zip in a zip, called .xlsx."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inner.zip", XLSX)
    return out.getvalue()


def duplicate_parts() -> bytes:
    """Two parts of one name, of which programs read different ones."""
    out = io.BytesIO(XLSX)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<x/>")
    return out.getvalue()


def with_cell(text: str, header: str = "备注") -> list[list[object]]:
    """A members table with one cell changed."""
    return members(HEAD_MEMBER, MEMBER | {header: text})


def many_columns() -> bytes:
    """10,000 columns in a CSV."""
    return csv_bytes([members()[0] + [f"列{i}" for i in range(10_000)], *members()[1:]])


HEADER_ROW = sheet_of(XLSX).split(b"<sheetData>")[1].split(b"</row>")[0] + b"</row>"
REFUSED = {
    "empty": (b"", "a.csv", "empty_file"),
    "only blanks": (b" \r\n\r\n ", "a.csv", "empty_file"),
    "only separators": (b",,,\r\n,,,\r\n", "a.csv", "no_header"),
    "headers only": (csv_bytes(members()[:1]), "a.csv", "no_rows"),
    "headers only, xlsx": (xlsx_bytes(members()[:1]), "a.xlsx", "no_rows"),
    "utf-16 without mark": (csv_bytes(members(), "utf-16-be"), "a.csv", "charset"),
    "truncated utf-8 over gb": (csv_bytes(members()) + "张".encode()[:2] + b"\xff", "a.csv", "charset"),
    "nul in a cell": (csv_bytes(members()).replace("李样".encode(), b"\x00", 1), "a.csv", "nul"),
    "unclosed quote": (csv_bytes(members()).replace("李样".encode(), '"李样'.encode(), 1), "a.csv", "quote"),
    "quote in the middle": (csv_bytes(members()).replace("李样".encode(), '"李"样'.encode(), 1), "a.csv", "quote"),
    "quote over rows": (csv_bytes(with_cell("a\n" + "," * 30)), "a.csv", "quote"),
    "long cell": (csv_bytes(with_cell("长" * 2_001)), "a.csv", "long_cell"),
    "very long cell": (csv_bytes(with_cell("a" * 200_000)), "a.csv", "long_cell"),
    "long cell, xlsx": (xlsx_bytes(with_cell("长" * 2_001)), "a.xlsx", "long_cell"),
    "10,000 columns": (many_columns, "a.csv", "too_many_columns"),
    "csv renamed .xlsx": (csv_bytes(members()), "a.xlsx", "not_xlsx"),
    "xlsx renamed .csv": (XLSX, "a.csv", "not_csv"),
    "html renamed .csv": (b"<html><table><tr><td>x</td></tr></table>", "a.csv", "not_csv"),
    "html named .xls": (b"<html><table></table>", "a.xls", "not_xls"),
    "pdf renamed .csv": (b"%PDF-1.7 ...", "a.csv", "not_csv"),
    "picture": (b"\x89PNG\r\n", "a.png", "file_kind"),
    "no ending": (csv_bytes(members()), "名单", "file_kind"),
    "old excel renamed": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx", "old_excel"),
    "encrypted xlsx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "a.xlsx",
        "encrypted",
    ),
    "encrypted entries": (declared_encrypted(), "a.xlsx", "encrypted"),
    "macros by name": (XLSX, "a.xlsm", "macros"),
    "macros inside": (rezipped(XLSX, {"xl/vbaProject.bin": b"x"}), "a.xlsx", "macros"),
    "broken zip": (XLSX[: len(XLSX) // 2], "a.xlsx", "damaged"),
    "flipped bytes": (XLSX[:400] + bytes(b ^ 255 for b in XLSX[400:900]) + XLSX[900:], "a.xlsx", "damaged"),
    "a strict workbook": (
        rezipped(XLSX, {"xl/workbook.xml": STRICT}),
        "a.xlsx",
        "strict_xlsx",
    ),
    "zip of a zip": (nested_zip(), "a.xlsx", "not_xlsx"),
    "dots in names": (rezipped(XLSX, {"xl/../../etc/passwd": b"x"}), "a.xlsx", "damaged"),
    "absolute names": (rezipped(XLSX, {"/etc/passwd": b"x"}), "a.xlsx", "damaged"),
    "drive names": (rezipped(XLSX, {"C:/x": b"x"}), "a.xlsx", "damaged"),
    "doubled part": (duplicate_parts(), "a.xlsx", "damaged"),
    "10,000 entries": (rezipped(XLSX, {f"a/{i}": b"" for i in range(10_000)}), "a.xlsx", "too_many_parts"),
    "ratio bomb": (ratio_bomb, "a.xlsx", "too_large_unpacked"),
    "doctype in the sheet": (rezipped(XLSX, {SHEET: DOCTYPE + b"<x>&b;</x>"}), "a.xlsx", "doctype"),
    "doctype in utf-16": (
        rezipped(
            XLSX, {SHEET: (DOCTYPE + b"<x/>").decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")}
        ),
        "a.xlsx",
        "doctype",
    ),
    "doctype after a long comment": (
        rezipped(XLSX, {"xl/styles.xml": DOCTYPE.replace(b"<!D", b"<!--" + b" " * 9_000 + b"--><!D") + b"<x/>"}),
        "a.xlsx",
        "doctype",
    ),
    "doctype in the styles": (rezipped(XLSX, {"xl/styles.xml": DOCTYPE + b"<x/>"}), "a.xlsx", "doctype"),
    "column beyond the last": (sheet_xml(b"<row>" + cell("XFE1", "x") + b"</row>"), "a.xlsx", "damaged"),
    "column of no end": (sheet_xml(b"<row>" + cell("ZZZZZZZZZ1", "x") + b"</row>"), "a.xlsx", "damaged"),
    "not xml": (rezipped(XLSX, {SHEET: b"hello"}), "a.xlsx", "damaged"),
    "a text far to the right": (
        sheet_xml(HEADER_ROW + b'<row r="1048576">' + cell("XFD1048576", "x") + b"</row>"),
        "a.xlsx",
        "too_many_columns",
    ),
    "only a text far down": (
        sheet_xml(b'<row r="1048576">' + cell("A1048576", "x") + b"</row>"),
        "a.xlsx",
        "no_header",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.usefixtures("in_process")
def test_a_strange_file_is_refused_with_its_reason(name):
    data, filename, code = REFUSED[name]
    data = data() if callable(data) else data
    with pytest.raises(Unreadable) as caught:
        read_sheet(data, filename)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "name", ["quote over rows", "encrypted entries", "doctype in utf-16", "a text far to the right"]
)
def test_the_child_refuses_with_the_same_reason(name):
    data, filename, code = REFUSED[name]
    with pytest.raises(Unreadable, match=code):
        read_sheet(data, filename)


@pytest.mark.parametrize(("data", "filename"), [(csv_bytes(members(), "gb18030"), "a.csv"), (XLSX, "a.xlsx")])
def test_the_child_reads_what_is_good(data, filename):
    assert [row.cells["name"] for row in read_sheet(data, filename).roster_rows()] == ["张样", "李样"]


def test_the_child_may_go_on_while_lots_wait_and_a_system_that_grants_no_wide_pipe_reads_as_well(monkeypatch):
    fcntl, wide = pytest.importorskip("fcntl"), []
    usual = fcntl.fcntl

    def widened(pipe, what, size):
        wide.append(usual(pipe, what, size))
        raise PermissionError

    monkeypatch.setattr(fcntl, "fcntl", widened)
    assert read_sheet(csv_bytes(members()), "a.csv").rows
    assert wide == [lot_lines.IN_A_PIPE]


def test_a_file_over_sixty_four_megabytes_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "CHILD", "not python")
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    for source in (path, b"a" * 64_000_001):
        with pytest.raises(Unreadable) as caught:
            read_sheet(source, "big.csv")
        assert (caught.value.code, caught.value.args_by_name) == ("too_large", {"limit_mb": 64})


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(("rows", "taken"), [(9, True), (10, True), (11, False)])
def test_rows_up_to_the_limit_are_taken(rows, taken):
    table = members(*(MEMBER | {"身份证号": id_no("19500101", order)} for order in range(rows - 1)))
    limits = Limits(rows=10)
    if taken:
        assert len(read_sheet(csv_bytes(table), "a.csv", limits=limits).rows) == rows - 1
    else:
        with pytest.raises(Unreadable) as caught:
            read_sheet(csv_bytes(table), "a.csv", limits=limits)
        assert caught.value.args_by_name == {"limit": 10}


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(("columns", "taken"), [(199, True), (200, True), (201, False)])
def test_columns_up_to_the_limit_are_taken(columns, taken):
    head, *rows = members()
    data = csv_bytes([head + [f"列{i}" for i in range(columns - len(head))], *rows])
    if taken:
        assert len(read_sheet(data, "a.csv").headers) == columns
    else:
        with pytest.raises(Unreadable, match="too_many_columns"):
            read_sheet(data, "a.csv")


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(("parts", "taken"), [(2, True), (3, False)])
def test_parts_too_small_to_be_suspected_are_summed(parts, taken):
    data = rezipped(XLSX, {f"xl/media/{i}.bin": b"a" * 990_000 for i in range(parts)})
    limits = Limits(unpacked=2_100_000)
    if taken:
        assert len(read_sheet(data, "a.xlsx", limits=limits).rows) == 2
    else:
        with pytest.raises(Unreadable, match="too_large_unpacked"):
            read_sheet(data, "a.xlsx", limits=limits)


@pytest.mark.usefixtures("in_process")
def test_a_cell_of_two_thousand_characters_is_taken():
    assert len(read_sheet(csv_bytes(with_cell("长" * 2_000)), "a.csv").rows) == 2


@pytest.mark.usefixtures("in_process")
def test_the_refusal_names_row_and_column():
    with pytest.raises(Unreadable) as caught:
        read_sheet(csv_bytes(with_cell("长" * 2_001)), "a.csv")
    assert caught.value.args_by_name == {"row": 3, "column": "AI", "limit": 2_000}


@pytest.mark.usefixtures("in_process")
def test_formatting_far_out_costs_nothing_and_loses_nothing():
    book = workbook(members())
    book.active.cell(1_048_576, 16_384).number_format = "0.00"
    out = io.BytesIO()
    book.save(out)
    assert len(read_sheet(out.getvalue(), "a.xlsx").rows) == 2


def test_a_child_that_needs_too_much_memory_is_ended_and_said_so():
    data = csv_bytes([*members(), *[["样" * 1_500]] * 12_000])
    try:
        import resource  # noqa: F401 - without it (Windows) the clock alone bounds the child
    except ImportError:
        assert len(read_sheet(data, "a.csv").rows) == 12_002
        return
    with pytest.raises(Unreadable) as caught:
        read_sheet(data, "a.csv", limits=Limits(memory=40_000_000))
    assert caught.value.code in ("too_large_unpacked", "gave_up")


def test_a_child_that_takes_too_long_is_ended_and_said_so(monkeypatch):
    monkeypatch.setattr(reading, "CHILD", "import sys, time; sys.stdin.buffer.read(); time.sleep(300)")
    started = time.monotonic()
    with pytest.raises(Unreadable, match="gave_up"):
        read_sheet(csv_bytes(members()), "a.csv", limits=Limits(seconds=1))
    assert time.monotonic() - started < 100


def test_a_child_that_dies_before_reading_is_said_so(monkeypatch):
    monkeypatch.setattr(reading, "CHILD", "import os; os.abort()")
    with pytest.raises(Unreadable, match="gave_up"):
        read_sheet(b"a" * 5_000_000, "a.csv")


def test_the_child_sees_no_secret_of_the_environment(monkeypatch):
    told = "b'error\\xfe' + os.environ.get('DOUDI_X', 'no').encode() + b'\\xfe{}\\n'"
    nosy = f"import os, sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({told})"
    monkeypatch.setattr(reading, "CHILD", nosy)
    monkeypatch.setenv("DOUDI_X", "seen")
    with pytest.raises(Unreadable, match="no"):
        read_sheet(csv_bytes(members()), "a.csv")


MEASURE = """
import sys
from workflows.exchange.reading import Limits, Unreadable, read_sheet
try:
    from resource import RUSAGE_CHILDREN, getrusage
    used = lambda: (getrusage(RUSAGE_CHILDREN).ru_maxrss // 1024, getrusage(RUSAGE_CHILDREN).ru_utime)
except ImportError:  # Windows tells neither
    used = lambda: (0, 0)
code = "taken"
try:
    read_sheet(sys.argv[1], sys.argv[1], limits=Limits(ratio=int(sys.argv[2])))
except Unreadable as bad:
    code = bad.code
print(code, *used())
"""


def shared_string_bomb() -> bytes:
    """One long text, referred to from every cell: 60 KB of zip would be gigabytes of rows."""
    text = b"<sst %s><si><t>%s</t></si></sst>" % (NAMESPACE, b"a" * 2_000)
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 200 + b"</row>"
    kinds = zipfile.ZipFile(io.BytesIO(XLSX)).read("[Content_Types].xml")
    relations = zipfile.ZipFile(io.BytesIO(XLSX)).read("xl/_rels/workbook.xml.rels")
    form = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    kind = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % form
    form = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = b'<Relationship Id="rId99" Type="%s" Target="/xl/sharedStrings.xml"/></Relationships>' % form
    sheet = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (NAMESPACE, row * 500)
    parts = {"xl/sharedStrings.xml": text, SHEET: sheet}
    parts["[Content_Types].xml"] = kinds.replace(b"</Types>", kind)
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(b"</Relationships>", relation)
    return rezipped(XLSX, parts)


def blank_rows() -> bytes:
    """A roster with 100,000 empty rows below it."""
    rows = b"".join(b'<row r="%d"/>' % number for number in range(4, 100_000))
    return rezipped(XLSX, {SHEET: sheet_of(XLSX).replace(b"</sheetData>", rows + b"</sheetData>")})


@pytest.mark.parametrize(
    ("build", "ratio", "outcome"),
    [
        (shared_string_bomb, 100, "too_large_unpacked"),
        (shared_string_bomb, 10**6, "too_large_unpacked"),
        (blank_rows, 100, "taken"),
        (ratio_bomb, 100, "too_large_unpacked"),
    ],
)
def test_a_bomb_takes_little_memory_and_time(tmp_path, build, ratio, outcome):
    path = tmp_path / "a.xlsx"
    path.write_bytes(build())
    command = [sys.executable, "-c", MEASURE, str(path), str(ratio)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    code, megabytes, seconds = told.split()
    assert code == outcome
    assert int(megabytes) <= 256
    assert float(seconds) <= 10


def test_nothing_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    read_sheet(XLSX, "a.xlsx")
    assert not list(tmp_path.iterdir())
    assert (LIMITS.bytes, LIMITS.rows) == (64_000_000, 200_000)


def test_an_old_workbook_whose_parts_run_in_a_circle_ends_with_its_child():
    circle = Path(__file__).with_name("old.xls").read_bytes()[:512] + bytes(9_000)
    with pytest.raises(Unreadable) as caught:
        read_sheet(circle, "a.xls")
    assert caught.value.code in ("gave_up", "too_large_unpacked", "old_excel")
