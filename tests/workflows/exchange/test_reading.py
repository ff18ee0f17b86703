"""Sheets as offices send them are read whole, with the row numbers their spreadsheet shows."""

import csv
import io
import re
import zipfile
from dataclasses import asdict, replace
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.workflows.exchange.sheets import (
    HEAD,
    HEAD_MEMBER,
    HOUSEHOLD,
    MEMBER,
    SON,
    WIFE,
    csv_bytes,
    headers,
    households,
    members,
    rezipped,
    saved,
    workbook,
    xlsx_bytes,
)
from workflows.exchange import reader_child, reader_csv
from workflows.exchange.asked import Asked
from workflows.exchange.layouts import HOUSEHOLDS, MEMBERS, match, recognise
from workflows.exchange.lot_lines import BEGIN
from workflows.exchange.lots import Rows
from workflows.exchange.reader_csv import csv_rows, delimiter_of, head_of
from workflows.exchange.reader_error import Bad
from workflows.exchange.reader_xlsx import number_text
from workflows.exchange.reading import LIMITS, Unreadable, read_sheet

pytestmark = pytest.mark.usefixtures("in_process")

TITLE = ["样例县农村低保人员信息表"]
NOTE = ["导出时间:2020-06-17"]


def refusal(data: bytes, filename: str = "a.csv") -> Unreadable:
    """The reason why a file is not taken."""
    with pytest.raises(Unreadable) as caught:
        read_sheet(data, filename)
    return caught.value


def cells(data: bytes, field: str, filename: str = "a.xlsx") -> list[str]:
    """One field of every row."""
    return [row.cells[field] for row in read_sheet(data, filename).roster_rows()]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16")],
)
def test_a_csv_is_read_in_the_charsets_offices_use(encoding, named):
    sheet = read_sheet(csv_bytes(members(), encoding), "名单.csv")
    assert (sheet.charset, sheet.kind, sheet.layout) == (named, "csv", MEMBERS)
    assert [row.cells["name"] for row in sheet.roster_rows()] == ["张样", "李样"]


def test_rare_characters_survive_gb18030():
    data = csv_bytes(members(MEMBER | {"姓名": "㐂𠮷䶮"}), "gb18030")
    assert cells(data, "name", "a.csv") == ["㐂𠮷䶮"]


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_tab_and_semicolon_separate_as_well_as_comma(delimiter):
    data = csv_bytes(members(), "utf-16", delimiter)
    assert cells(data, "id_no", "a.txt") == [HEAD, WIFE]


def test_utf16_without_its_mark_is_refused_though_gb18030_would_take_it():
    assert refusal(csv_bytes(members(), "utf-16-le")).code == "charset"


def test_a_truncated_gbk_file_is_refused():
    assert refusal(csv_bytes(members(MEMBER | {"低保证号": "证"}), "gbk").rstrip()[:-1]).code == "charset"


def test_big5_is_refused_because_no_header_is_known_in_it():
    assert refusal(csv_bytes([["姓名", "身分證號", "戶主"], ["張", "1", "2"]], "big5")).code in ("charset", "no_header")


def test_a_replacement_character_tells_of_an_earlier_bad_conversion():
    assert refusal(csv_bytes(members(MEMBER | {"姓名": "李\ufffd"}))).code == "charset"


def test_a_title_a_note_and_the_total_are_no_families():
    data = xlsx_bytes([TITLE, NOTE, *households(), ["合 计", "", "2"], ["制表人:王样", "", "", "审核人:赵样"]])
    sheet = read_sheet(data, "a.xlsx")
    assert (sheet.header_row, sheet.left_out, sheet.layout) == (3, (5, 6), HOUSEHOLDS)
    assert [(row.number, row.cells["head_name"]) for row in sheet.roster_rows()] == [(4, "张样")]


def test_blank_rows_are_skipped_and_still_counted():
    head, *rest = members()
    sheet = read_sheet(csv_bytes([head, [], rest[0], ["", "", ""], rest[1]]), "a.csv")
    assert [row.number for row in sheet.rows] == [3, 5]


def test_gaps_between_xlsx_rows_keep_the_row_numbers():
    book = workbook([])
    for row, line in ((3, members()[0]), (7, members()[1]), (900, members()[2])):
        for column, text in enumerate(line, 1):
            book.active.cell(row, column, text or None)
    assert [row.number for row in read_sheet(saved(book), "a.xlsx").rows] == [7, 900]


def test_a_header_below_row_twenty_is_not_looked_for():
    rows = [TITLE] * 20 + members()
    assert refusal(csv_bytes(rows)).code == "no_header"
    assert read_sheet(csv_bytes(rows[1:]), "a.csv").header_row == 20


def test_a_person_called_heji_with_a_number_is_no_total_row():
    assert cells(csv_bytes(members(HEAD_MEMBER | {"姓名": "合计"})), "name", "a.csv") == ["合计"]


@pytest.mark.parametrize("header", ["月保障金", "月低保金", "户月低保金", "低保金额（元）"])
def test_a_familys_amount_goes_by_what_offices_call_it(header):
    assert match(HOUSEHOLDS, [header]).mapping == match(MEMBERS, [header]).mapping == {"monthly_fen": 0}


def test_a_missing_header_is_named():
    rows = [[cell for i, cell in enumerate(row) if headers(MEMBERS)[i] != "与户主关系"] for row in members()]
    bad = refusal(csv_bytes(rows))
    assert (bad.code, bad.args_by_name) == ("missing_header", {"headers": ["与户主关系"], "row": 1})


def test_a_header_that_comes_twice_is_named():
    rows = [[*row, "x"] for row in members()]
    rows[0][-1] = "身份证号码"
    bad = refusal(csv_bytes(rows))
    assert (bad.code, bad.args_by_name) == ("duplicate_header", {"headers": ["身份证号码"], "row": 1})


def test_headers_are_known_whatever_their_width_unit_and_line_breaks():
    match = recognise(
        ["户主\n姓名", "户主身份证号 ", "户月保障金额（元）", "所属 街", "所属社", "银行账号", "本县自加"]
    )
    assert match.layout is HOUSEHOLDS and not match.missing and not match.duplicate
    assert match.mapping["account"] == 5 and match.unknown == ("本县自加",)


def test_our_own_headers_read_as_themselves_in_order():
    for layout in (HOUSEHOLDS, MEMBERS):
        match = recognise(headers(layout))
        assert match.layout is layout and not match.unknown
        assert match.mapping == {column.field: i for i, column in enumerate(layout.columns)}


def test_a_list_from_another_office_is_not_taken_for_a_roster():
    assert recognise(["姓名", "身份证号", "死亡日期", "火化日期"]) is None
    assert refusal(csv_bytes([["序号", "所有人", "号牌号码"], ["1", "王样", "样A1"]])).code == "no_header"


def test_typed_cells_become_text_a_person_would_read():
    typed = {"出生日期": datetime(1945, 8, 6), "最初享受月份": date(2013, 4, 1), "年收入(元)": 1234.5, "年龄": 74}
    row = next(read_sheet(xlsx_bytes(members(MEMBER | typed)), "a.xlsx").roster_rows())
    assert [row.cells[key] for key in ("birth", "first_month", "income_year_fen", "age")] == [
        "1945-08-06",
        "2013-04-01",
        "1234.5",
        "74",
    ]


@pytest.mark.parametrize(("form", "text"), [(27, "1945-08-06"), (31, "1945-08-06"), (58, "1945-08-06"), (1, "16655")])
def test_a_day_in_a_format_that_chinese_programs_have_of_their_own_is_a_day(form, text):
    data, part = xlsx_bytes(members(MEMBER | {"出生日期": date(1945, 8, 6)})), "xl/styles.xml"
    styles = zipfile.ZipFile(io.BytesIO(data)).read(part)
    styles = re.sub(rb'(<xf [^>]*numFmtId=")164"', rb'\g<1>%d"' % form, styles)
    assert cells(rezipped(data, {part: styles}), "birth") == [text]


@pytest.mark.parametrize(
    ("value", "text"), [(0.1 + 0.2, "0.3"), (1234.5, "1234.5"), (1e-7, "0.0000001"), (-0.5, "-0.5"), (1e999, "\x1ainf")]
)
def test_a_number_is_what_excel_shows_of_it(value, text):
    assert number_text(value) == text


def test_numbers_of_sixteen_digits_are_marked_as_ruined():
    values = [999_999_999_999_999, 10**15, 9.9e17, 12.0]
    data = xlsx_bytes(members(*(MEMBER | {"年收入(元)": value} for value in values)))
    shown = ["999999999999999", "\x1a1000000000000000", "\x1a9.9e+17", "12"]
    assert cells(data, "income_year_fen") == shown


def test_an_uncalculated_formula_is_text():
    data = xlsx_bytes(members(MEMBER | {"姓名": '=HYPERLINK("http://127.0.0.1","x")'}))
    assert cells(data, "name") == ['=HYPERLINK("http://127.0.0.1","x")']


def test_a_calculated_formula_is_its_result_even_when_that_is_nothing():
    part, formula = "xl/worksheets/sheet1.xml", "=A1&B1"
    data = xlsx_bytes(members(MEMBER | {"姓名": formula, "民族": formula, "备注": formula}))
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part)
    for place, result in ((b"A2", b"x"), (b"H2", b"")):
        without = rb'<c r="%s"><f>(.*?)</f>(?:<v ?/>|<v></v>)' % place
        xml = re.sub(without, rb'<c r="%s" t="str"><f>\1</f><v>%s</v>' % (place, result), xml)
    row = next(read_sheet(rezipped(data, {part: xml}), "a.xlsx").roster_rows())
    assert [row.cells[key] for key in ("name", "ethnicity", "note")] == ["x", "", "=A1&B1"]


def test_rich_text_is_read_without_its_phonetic_hints():
    part, data = "xl/worksheets/sheet1.xml", xlsx_bytes(members(MEMBER | {"姓名": "MARK"}))
    rich = "<r><rPr><b/></rPr><t>李</t></r><r><t>样</t></r><rPh sb='0' eb='1'><t>li</t></rPh>"
    xml = zipfile.ZipFile(io.BytesIO(data)).read(part).replace(b"<t>MARK</t>", rich.encode())
    assert cells(rezipped(data, {part: xml}), "name") == ["李样"]


def test_an_error_cell_is_kept_for_the_cleaner_to_refuse():
    book = workbook(members())
    book.active["M3"] = "#N/A"
    assert cells(saved(book), "income_year_fen")[-1] == "#N/A"


def test_a_hidden_sheet_is_not_read_and_a_second_roster_is_asked_about():
    book = workbook(members(), "东山镇")
    second = book.create_sheet("西山镇")
    for row in members(MEMBER | {"身份证号": SON}):
        second.append(row)
    bad = refusal(saved(book), "a.xlsx")
    assert (bad.code, bad.args_by_name) == ("several_sheets", {"names": ["东山镇", "西山镇"]})
    second.sheet_state = "hidden"
    assert read_sheet(saved(book), "a.xlsx").sheet_name == "东山镇"


def test_a_sheet_that_is_asked_for_but_not_there_is_named_with_those_that_are():
    with pytest.raises(Unreadable) as caught:
        read_sheet(saved(workbook(members(), "东山镇")), "a.xlsx", asked=Asked(sheet="西山镇"))
    told = {"sheet": "西山镇", "names": ["东山镇"]}
    assert (caught.value.code, caught.value.args_by_name) == ("no_such_sheet", told)


@pytest.mark.parametrize(
    "start",
    [
        ["东山镇小计"],
        ["南村合计"],
        ["", "小 计："],
        ["东山镇", "小计"],
        ["合计：5人"],
        ["总计（3户，5人）"],
        ["共计 5 人"],
    ],
)
def test_a_total_in_the_middle_is_left_out_whatever_it_is_a_total_of(start):
    head, first, second = members()
    rows = [head, first, [*start, *[""] * 11, "10800"], second]
    sheet = read_sheet(csv_bytes(rows), "a.csv")
    assert ([row.number for row in sheet.rows], sheet.left_out) == ([2, 4], (3,))


def test_what_a_header_says_of_filling_it_in_is_no_part_of_it():
    head, *rows = members()
    said = [f"{head[0]}（必填）", f"*{head[1]}(文本格式)", f"{head[2]} （必填，18位）", *head[3:]]
    assert read_sheet(csv_bytes([said, *rows]), "a.csv").match.unknown == ()


@pytest.mark.parametrize("report", ["问题", "What is wrong"])
def test_the_last_column_of_our_own_report_is_not_called_left_out(report):
    rows = [[*row, report if at == 0 else "x"] for at, row in enumerate(members())]
    assert read_sheet(csv_bytes(rows), "a.csv").match.unknown == ()


def test_a_cover_sheet_before_the_roster_is_passed_over():
    book = Workbook()
    book.active.append(["填表说明"])
    sheet = book.create_sheet("名单")
    for row in members():
        sheet.append(row)
    assert read_sheet(saved(book), "a.xlsx").sheet_name == "名单"


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [(b"sep=,\r\n", ","), (b'"sep=;"\n', ";"), (b"SEP=|\r\n", "|"), (b"sep=\t\r", "\t"), (b'sep=,"\n', ",")],
)
def test_a_line_that_tells_a_spreadsheet_how_cells_are_parted_is_no_row(line, delimiter):
    sheet = read_sheet(line + csv_bytes(members(), delimiter=delimiter), "a.csv")
    assert (sheet.header_row, [row.number for row in sheet.rows]) == (1, [2, 3])


@pytest.mark.parametrize("line", [b"sep=,", b"sep=,,", b"sep=a", b"sep=", b"sap=,", b""])
def test_a_line_that_only_looks_as_if_it_told_so_is_a_row(line):
    assert read_sheet(line + b"\n" + csv_bytes(members()), "a.csv").header_row == (1 if line == b"sep=," else 2)


def test_a_csv_row_with_more_cells_than_headers_says_so():
    rows = members()
    rows[1] = [*rows[1], "多", "余"]
    assert [row.surplus for row in read_sheet(csv_bytes(rows), "a.csv").roster_rows()] == [2, 0]


def test_a_path_reads_like_its_bytes(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(csv_bytes(households([HOUSEHOLD][0])))
    assert read_sheet(path, "低保家庭.CSV").rows == read_sheet(path.read_bytes(), "a.csv").rows


def as_csv_reads(data: bytes) -> list[tuple[int, list[str]]]:
    """Records as the csv module has them, numbered as a spreadsheet shows them."""
    csv.field_size_limit(1_000)
    lines = io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="")
    return list(enumerate(csv.reader(lines, delimiter=delimiter_of(head_of(data, "utf-8")), strict=True), 1))


PARTS = ("a", "中", " ", ",", ",,", "\n", "\r\n", "\r", '"b"', '"b,c"', '"b\nc"', '""', 'x"y')


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=16))
@settings(max_examples=200)
def test_lines_without_quotes_are_taken_apart_as_the_csv_module_does(parts: list[str]) -> None:
    data = "".join(parts).encode()
    try:
        expected = as_csv_reads(data)
    except csv.Error:
        with pytest.raises(Bad):
            list(csv_rows(data, "utf-8"))
    else:
        assert list(csv_rows(data, "utf-8")) == expected


def _by_record(data, monkeypatch, limits):
    """What the child answers when it takes each record by itself."""
    with monkeypatch.context() as patch:
        patch.setattr(reader_child, "csv_parts", csv_rows)
        return _answer(data, limits)


def _answer(data, limits):
    out = io.BytesIO()
    reader_child.answer(data, "csv", asdict(limits), out)
    rows, told = Rows(), []
    for raw in out.getvalue().splitlines():
        if raw.startswith(BEGIN):
            assert rows.take(raw + b"\n")
        elif raw:
            told.append(raw)
    return told, list(rows)


LINE = st.lists(
    st.sampled_from(["", " ", "\u3000", "a", "张三", "x" * 9, '"q"', '"a\nb"', "\t"]), min_size=0, max_size=5
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINE, max_size=12), st.sampled_from([1, 2, 3, 1000]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_many_lines_at_once_are_the_records_one_by_one(monkeypatch, lines, at_once, end):
    data = end.join(["a,b,c", *(",".join(line) for line in lines)]).encode()
    for limits in (LIMITS, replace(LIMITS, rows=4), replace(LIMITS, cell=8), replace(LIMITS, text=20),
                   replace(LIMITS, columns=3)):  # fmt: skip
        monkeypatch.setattr(reader_csv, "LINES", at_once)
        told, rows = _answer(data, limits)
        usual, one_by_one = _by_record(data, monkeypatch, limits)
        assert told == usual
        assert rows == one_by_one or b"error" in usual[-1]
