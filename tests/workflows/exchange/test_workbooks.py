"""Workbooks beside .xlsx, headers in two rows, hidden rows, encodings: what is read, and what is refused unread."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.workflows.exchange import sheets
from tests.workflows.exchange.rosters import HEAD_ROW, WIFE_ROW
from workflows.exchange import reader_biff
from workflows.exchange.asked import Asked
from workflows.exchange.layouts import MEMBERS
from workflows.exchange.look import Saved, look
from workflows.exchange.reader_xlsx import SheetParser
from workflows.exchange.reading import LIMITS, Limits, Unreadable, read_sheet

pytestmark = pytest.mark.usefixtures("in_process")
OLD = Path(__file__).with_name("old.xls").read_bytes()
FAILED = Path(__file__).with_name("errors.xls").read_bytes()
HIDDEN = Path(__file__).with_name("hidden.xls").read_bytes()
OFFICE = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
TABLE = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
TEXT = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
DTD = '<!DOCTYPE x [<!ENTITY a "b">]>'


def ods(rows, extra="", before="", parts=None):
    """A minimal .ods of one sheet; ``extra`` rows as they are, ``before`` the content."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {OFFICE} {TABLE} {TEXT}>'
        f'<office:body><office:spreadsheet><table:table table:name="名册">{cells}{extra}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
        for name, text in (parts or {}).items():
            archive.writestr(name, text)
    return out.getvalue()


ROWS = sheets.members(HEAD_ROW, WIFE_ROW)


def refusal(data, name):
    with pytest.raises(Unreadable) as caught:
        read_sheet(data, name)
    return caught.value.code


def test_an_old_workbook_is_read_with_its_typed_dates_and_row_numbers():
    for name in ("名册.xls", "名册.et"):
        sheet = read_sheet(OLD, name)
        assert [row.number for row in sheet.rows] == [3, 4]
        assert [row.cells["birth"] for row in sheet.roster_rows()][1] == "1945-08-06"


def test_an_open_document_is_read():
    sheet = read_sheet(ods([["名册"], [], *ROWS]), "名册.ods")
    assert [row.cells["id_no"] for row in sheet.roster_rows()] == [sheets.HEAD, sheets.WIFE]
    assert (sheet.header_row, [row.number for row in sheet.rows]) == (3, [4, 5])


def incomes(data, name):
    return [row.cells["income_year_fen"] for row in read_sheet(data, name).roster_rows()]


def test_a_failed_formula_in_an_old_workbook_is_no_empty_cell():
    assert incomes(FAILED, "名册.xls") == ["3600", "3600", "#VALUE!"]


def test_a_failed_formula_in_an_open_document_is_no_empty_cell():
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = ods(ROWS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("content.xml").decode()
    income = '<table:table-cell office:value-type="string"><text:p>3600</text:p></table:table-cell>'
    failed = '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
    head, _, rest = text.replace(TEXT, f"{TEXT} {calc}").rpartition(income)
    spoiled = f"{head}{failed}<text:p>#DIV/0!</text:p></table:table-cell>{rest}".encode()
    assert incomes(sheets.rezipped(content, {"content.xml": spoiled}), "名册.ods") == ["3600", "#VALUE!"]


def test_an_odd_old_workbook_has_no_failed_cells_and_breaks_nothing():
    assert reader_biff.untold(FAILED) == ({0: {(4, 12)}}, {0: {3}})
    assert reader_biff.untold(HIDDEN) == ({}, {0: {3}})
    assert reader_biff.untold(OLD) == ({}, {})
    for at in (8, 30, 44, 48, 68, 72, 76, 512, 1024):
        for odd in (b"\xff" * 8, b"\x00" * 8, b"\x01\x00" * 4):
            reader_biff.untold(FAILED[:at] + odd + FAILED[at + 8 :])
            reader_biff.untold(HIDDEN[:at] + odd + HIDDEN[at + 8 :])
    for length in range(0, len(FAILED), 61):
        reader_biff.untold(FAILED[:length])


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (OLD[:4000], "a.xls", "old_excel"),
        (b"<html><table>", "a.xls", "not_xls"),
        (OLD, "a.ods", "not_ods"),
        (OLD, "a.xlsx", "old_excel"),
        (OLD + "_VBA_PROJECT".encode("utf-16-le"), "a.xls", "macros"),
        (ods(ROWS), "a.xls", "not_xls"),
        (ods(ROWS), "a.xlsx", "not_xlsx"),
        (ods(ROWS, before=DTD), "a.ods", "doctype"),
        (ods(ROWS, parts={"Basic/Standard/x.xml": "<x/>"}), "a.ods", "macros"),
        (ods(ROWS, parts={"../x": ""}), "a.ods", "damaged"),
    ],
)
def test_what_is_no_honest_workbook_is_refused(data, name, code):
    assert refusal(data, name) == code


def test_cells_repeated_a_million_times_are_refused_before_they_are_unpacked():
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>a</text:p>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-cell></table:table-row>'
    assert refusal(ods(ROWS, extra=row), "a.ods") == "too_large_unpacked"


def test_empty_rows_repeated_to_the_end_of_the_sheet_do_no_harm():
    empty = '<table:table-cell table:number-columns-repeated="1024"/>'
    row = f'<table:table-row table:number-rows-repeated="1048570">{empty}</table:table-row>'
    assert len(read_sheet(ods(ROWS, extra=row), "a.ods").rows) == 2


def book(rows, merged=(), hidden=()):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for cells in merged:
        made.active.merge_cells(cells)
    for number in hidden:
        made.active.row_dimensions[number].hidden = True
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_headers_in_two_rows_with_merged_cells_are_read_together():
    upper = ["姓名", "身份证号", "户主身份证号", "与户主关系", "残疾", "", "", "在读学校", ""]
    lower = ["", "", "", "", "证号", "类别", "等级", "名称", "性质"]
    row = ["张样", sheets.HEAD, sheets.HEAD, "户主", "", "肢体", "三级", "第一小学", "公办"]
    data = book([["名册"], upper, lower, row], merged=("A1:I1", "E2:G2", "H2:I2", "A2:A3"))
    sheet = read_sheet(data, "a.xlsx")
    cells = next(sheet.roster_rows()).cells
    assert (sheet.header_row, [r.number for r in sheet.rows]) == (2, [4])
    assert [cells[name] for name in ("name", "disability_kind", "disability_level", "school_name", "school_kind")] == [
        "张样", "肢体", "三级", "第一小学", "公办",
    ]  # fmt: skip


def test_a_title_above_one_row_of_headers_is_no_second_row():
    sheet = read_sheet(book([["名册"], *ROWS], merged=("A1:D1",)), "a.xlsx")
    assert (sheet.header_row, sheet.headers[:2]) == (2, ("姓名", "身份证号"))


def test_hidden_rows_are_counted_and_left_out_where_somebody_says_so():
    data = book(ROWS, hidden=(3,))
    assert (len(read_sheet(data, "a.xlsx").rows), read_sheet(data, "a.xlsx").hidden) == (2, 1)
    assert len(read_sheet(data, "a.xlsx", asked=Asked(skip_hidden=True)).rows) == 1


@pytest.mark.parametrize("visibility", ["collapse", "filter"])
def test_hidden_rows_of_an_open_document_are_counted_and_left_out_where_somebody_says_so(visibility):
    row, unseen = "<table:table-row>", f'<table:table-row table:visibility="{visibility}">'
    plain = ods(ROWS)
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        before, _, last = archive.read("content.xml").decode().rpartition(row)
    data = sheets.rezipped(plain, {"content.xml": f"{before}{unseen}{last}".encode()})
    sheet = read_sheet(data, "a.ods")
    assert ([row.number for row in sheet.rows], sheet.hidden) == ([2, 3], 1)
    assert [row.number for row in read_sheet(data, "a.ods", asked=Asked(skip_hidden=True)).rows] == [2]


def test_hidden_rows_of_an_old_workbook_are_counted_and_left_out_where_somebody_says_so():
    sheet = read_sheet(HIDDEN, "名册.xls")
    assert ([row.number for row in sheet.rows], sheet.hidden) == ([2, 3], 1)
    assert [row.number for row in read_sheet(HIDDEN, "名册.xls", asked=Asked(skip_hidden=True)).rows] == [2]


def test_a_csv_in_utf16_without_a_mark_is_read_when_the_encoding_is_given():
    data = sheets.csv_bytes(ROWS, "utf-16-le")
    assert refusal(data, "a.csv") in ("charset", "nul")
    assert len(read_sheet(data, "a.csv", asked=Asked(charset="utf-16-le")).rows) == 2
    with pytest.raises(Unreadable):
        read_sheet(sheets.csv_bytes(ROWS, "gb18030"), "a.csv", asked=Asked(charset="utf-8"))


def test_more_rows_than_allowed_are_refused_and_a_look_needs_only_the_first():
    data = sheets.csv_bytes([ROWS[0], *[ROWS[1]] * 30])
    with pytest.raises(Unreadable, match="too_many_rows"):
        read_sheet(data, "a.csv", limits=Limits(rows=30))
    assert look(data, "a.csv", limits=Limits(rows=1_000)).sure
    assert (LIMITS.rows, LIMITS.bytes) == (200_000, 64_000_000)


def test_columns_are_told_by_their_values_only_where_their_header_says_nothing():
    odd = [["甲", "乙", "丙", "丁"], *[[row[0], row[1], row[2], row[3]] for row in ROWS[1:]]]
    seen = look(sheets.csv_bytes(odd), "a.csv", Asked(layout="dibao_members"))
    assert {c.field: c.source for c in seen.columns} == dict.fromkeys(
        ("name", "id_no", "head_id_no", "relation"), "values"
    )
    assert not seen.sure
    assert look(sheets.csv_bytes(ROWS), "a.csv").sure


def test_columns_kept_under_a_name_read_a_sheet_that_nobody_else_could():
    odd = [["甲", "乙", "丙", "丁"], *[list(row[:4]) for row in ROWS[1:]]]
    kept = Saved("镇台账", MEMBERS.code, {"甲": "name", "乙": "id_no", "丙": "head_id_no", "丁": "relation"})
    seen = look(sheets.csv_bytes(odd), "a.csv", saved=[kept])
    assert (seen.saved, seen.sure) == ("镇台账", True)
    assert len(read_sheet(sheets.csv_bytes(odd), "a.csv", asked=seen.asked).rows) == 2


class PutsOff:
    """A parser as newer ones may be: it tells nothing until it is told that the end has come."""

    def __init__(self, parser):
        self.parser, self.kept = parser, b""

    def Parse(self, chunk, ended=False):
        self.kept += chunk
        if ended:
            self.parser.Parse(self.kept, True)


def test_rows_that_the_parser_puts_off_to_the_end_are_not_lost():
    reading = SheetParser(lambda kind, text, style: text)
    reading.parser = PutsOff(reading.parser)
    sheet = b'<x><sheetData><row r="1"><c><v>1</v></c></row><row r="2"><c><v>2</v></c></row></sheetData></x>'
    assert [(number, cells) for number, cells, _ in reading.rows(io.BytesIO(sheet))] == [(1, ["1"]), (2, ["2"])]
