"""What goes out as a roster comes back without changing anything; what a spreadsheet would run stays text."""

import csv
import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import Select, event, select

from models import Household, Member
from policy.vocabulary import Role, Stage
from tests import factories
from tests.workflows.exchange import rosters
from tests.workflows.exchange.judged import judge_sheet
from tests.workflows.exchange.rosters import NOW
from tests.workflows.exchange.told import FAMILY, FEW, KINDS, begun
from workflows.exchange import (
    export_cases,
    export_changes,
    export_households,
    export_people,
    export_shared,
    export_tekun,
)  # fmt: skip
from workflows.exchange.export import HOUSEHOLDS, MEMBERS, Export, headers
from workflows.exchange.files import Look, csv_stream, harmless, xlsx_file
from workflows.exchange.reading import Unreadable, read_sheet

pytestmark = pytest.mark.usefixtures("in_process")


def give_case(session, home, told):
    """The family's case: in force, or not decided yet."""
    decided = None if told["stage"] is Stage.REVIEW else NOW.date() - timedelta(days=99)
    monthly = told["monthly_fen"] if decided else 0
    factories.benefit(session, home, told["stage"], monthly_fen=monthly, decided_on=decided)


def lines(session, layout, full=True):
    model = Household if layout is HOUSEHOLDS else Member
    ids = session.scalars(select(model.id).order_by(model.id)).all()
    return [headers(layout), *Export(session, full, NOW.date()).rows(layout, ids)]


def verdicts(session, layout, who, kind):
    text = lines(session, layout)
    look = Export(session, True, NOW.date()).look(layout)
    charset = "gb18030" if kind == "gb18030" else "utf-8"
    data = xlsx_file(text, look=look).read() if kind == "xlsx" else b"".join(csv_stream(text, charset))
    return judge_sheet(session, read_sheet(data, "名册.xlsx" if kind == "xlsx" else "名册.csv"), who, NOW)


@given(st.lists(FAMILY, min_size=5, max_size=5), KINDS)
@FEW
def test_an_export_with_full_numbers_imported_again_changes_nothing(session, families, kind):
    who, homes = begun(session, families)
    for home, told in zip(homes, families, strict=True):
        if told["monthly_fen"]:
            give_case(session, home, told)
    for layout in (HOUSEHOLDS, MEMBERS):
        found = verdicts(session, layout, who, kind)
        assert len(found) >= len(families)
        changed = [(v.number, v.outcome, v.before, v.content, v.problems) for v in found if v.outcome != "unchanged"]
        assert changed == []
    session.rollback()


@pytest.mark.parametrize("name", ["John  Smith", "张　三"])
def test_one_person_alone_whose_name_holds_a_blank_comes_back_as_one(session, name):
    who = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    factories.household(session, head_name=name)
    assert [verdict.outcome for verdict in verdicts(session, HOUSEHOLDS, who, "csv")] == ["unchanged"]


def test_a_masked_export_is_recognised_and_refused(session):
    who = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    for _ in range(3):
        factories.household(session, members=2)
    for layout in (HOUSEHOLDS, MEMBERS):
        text = lines(session, layout, full=False)
        assert not any(number.isdigit() and len(number) == 18 for line in text for number in line)
        with pytest.raises(Unreadable) as refused:
            judge_sheet(session, read_sheet(b"".join(csv_stream(text)), "名册.csv"), who, NOW)
        assert refused.value.code == "masked"


def test_both_layouts_have_exactly_the_columns_of_their_roster(session):
    rosters.office(session)
    factories.household(session, members=2)
    for layout, count in ((HOUSEHOLDS, 1), (MEMBERS, 2)):
        text = lines(session, layout)
        assert text[0] == [column.header for column in layout.columns]
        assert [len(line) for line in text[1:]] == [len(text[0])] * count


def test_who_has_left_is_not_exported(session):
    rosters.office(session)
    home = factories.household(session, members=2)
    factories.leave(session, home.members[1], NOW.date())
    assert [line[0] for line in lines(session, MEMBERS)[1:]] == [home.head_name]


def test_an_export_takes_a_fixed_number_of_statements_for_500_families(session, engine):
    rosters.office(session)
    counted = []
    for size in (2, 12):
        for _ in range(size):
            factories.household(session, members=2)
        session.flush()
        ran: list[str] = []

        def listen(*args, ran=ran):
            ran.append(args[2])

        event.listen(engine, "before_cursor_execute", listen)
        for layout in (HOUSEHOLDS, MEMBERS):
            lines(session, layout)
        event.remove(engine, "before_cursor_execute", listen)
        counted.append(len(ran))
    assert counted[0] == counted[1] <= 18


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(first):
    text = f"{first}HYPERLINK(1)"
    (cell,) = next(csv.reader(io.StringIO(b"".join(csv_stream([[text]])).decode("utf-8-sig"), newline="")))
    assert cell == f"'{text}"
    kept = openpyxl.load_workbook(xlsx_file([["列"], [text]])).active.cell(2, 1)
    assert kept.data_type == "s"
    assert str(kept.value).endswith("HYPERLINK(1)")


def test_csv_begins_with_a_byte_order_mark_and_comes_in_pieces():
    pieces = list(csv_stream([str(n)] for n in range(3000)))
    assert pieces[0].startswith(b"\xef\xbb\xbf")
    assert [piece.count(b"\n") for piece in pieces] == [200, 1000, 1000, 800]
    assert b"".join(pieces).decode("utf-8-sig").split() == [str(n) for n in range(3000)]


@pytest.mark.parametrize("at", [0, 1, 199, 200, 201, 1199, 1200])
@pytest.mark.parametrize("text", ["=1", "'x", '"=1', "\r\n=1", "＝1"])
def test_a_dangerous_cell_is_found_wherever_a_piece_begins_or_ends(at, text):
    rows = [["a", "b", "c"] for _ in range(1300)]
    for place in range(3):
        told = [list(row) for row in rows]
        told[at][place] = text
        back = list(csv.reader(io.StringIO(b"".join(csv_stream(told)).decode("utf-8-sig"), newline="")))
        assert back[at][place] == (text if text[0] == '"' else f"'{text}")
        assert sum(cell.startswith("'") for row in back for cell in row) == (text[0] != '"')


def test_a_roster_as_workbook_has_amounts_counts_and_days_and_numbers_of_people_as_text(session):
    rosters.office(session)
    home = factories.household(session, members=2)
    home.account = "9999000000000000123"
    factories.benefit(session, home, Stage.ACTIVE, monthly_fen=123_456, first_month=date(2020, 6, 1))
    amount = 1234.56
    expected = ((HOUSEHOLDS, {"户月保障金额(元)": amount, "家庭人口": 2}), (MEMBERS, {"户月保障金额": amount}))
    for layout, typed in expected:
        look = Export(session, True, NOW.date()).look(layout)
        sheet = openpyxl.load_workbook(xlsx_file(lines(session, layout), look=look)).active
        assert sheet["A1"].value == f"珙县{layout.title}" and "2026年3月2日" in sheet["A2"].value
        assert {str(merged) for merged in sheet.merged_cells.ranges} == {
            f"A{row}:{openpyxl.utils.get_column_letter(len(layout.columns))}{row}" for row in (1, 2)
        }  # fmt: skip
        assert sheet.freeze_panes == "A4" and [cell.value for cell in sheet[3]] == headers(layout)
        cells = dict(zip(headers(layout), sheet[4], strict=True))
        for header, value in typed.items():
            assert (cells[header].value, cells[header].data_type) == (value, "n")
        month = cells["最初享受月份"]
        assert (month.value, month.number_format) == (datetime(2020, 6, 1), "yyyy\\-mm")
        for header in ("户主身份证号", "银行帐号"):
            assert (cells[header].data_type, cells[header].number_format) == ("s", "@")
    birth = dict(zip(headers(MEMBERS), sheet[4], strict=True))["出生日期"]
    assert (birth.is_date, birth.number_format) == (True, "yyyy\\-mm\\-dd")
    assert all(sheet.column_dimensions[letter].width > 6 for letter in "ABC")


@pytest.mark.parametrize(("kind", "text", "value"), [
    ("money", "1,234.50", 1234.5), ("money", "-0.01", -0.01), ("money", "1234.567", "1234.567"),
    ("money", "1e5", "1e5"), ("money", "12345678901234", "12345678901234"),
    ("count", "12", 12), ("count", "0012", "0012"),
    ("count", "1.5", "1.5"), ("date", "1900-03-01", datetime(1900, 3, 1)), ("date", "1900-02-28", "1900-02-28"),
    ("date", "2020-02-30", "2020-02-30"), ("month", "2020-13", "2020-13"), ("text", "12", "12"), ("money", "", None),
    ("moment", "2026-03-02 09:05", datetime(2026, 3, 2, 9, 5)), ("text", "=1+1", "=1+1"),
    ("text", " a&<b> ", " a&<b> "), ("text", "'a", "''a"), ("text", "a" * 40_000, "a" * 32_767),
])  # fmt: skip
def test_a_cell_is_a_number_only_where_it_is_one_to_the_last_digit(kind, text, value):
    look = Look([kind])
    cell = openpyxl.load_workbook(xlsx_file([["列"], [text], ["后"]], look=look)).active.cell(2, 1)
    assert cell.value == value


def test_marks_that_xml_cannot_hold_come_back_by_the_import():
    odd = ["_x0041_", "a\x01b", "一\r\n二", "𠮷"]
    (sheet,) = CalamineWorkbook.from_filelike(xlsx_file([["列"], *([text] for text in odd)])).sheet_names
    rows = CalamineWorkbook.from_filelike(xlsx_file([["列"], *([text] for text in odd)])).get_sheet_by_name(sheet)
    assert [row[0] for row in rows.to_python()[1:]] == odd


def test_long_numbers_stay_text_in_xlsx():
    sheet = openpyxl.load_workbook(xlsx_file([["身份证号"], ["990001194102271173"]])).active
    assert sheet.cell(2, 1).value == "990001194102271173"
    assert sheet.cell(2, 1).data_type == "s"


def test_a_roster_is_read_while_its_numbers_still_come_on_both_engines(session_any):
    session = session_any
    rosters.office(session)
    homes = [factories.household(session, members=2) for _ in range(3)]
    factories.benefit(session, homes[0], Stage.ACTIVE, monthly_fen=51_000, first_month=date(2020, 6, 1))
    session.flush()
    wanted = select(Member.id).order_by(Member.id)
    ids = session.connection().execute(wanted, execution_options={"yield_per": 2}).scalars()
    rows = list(Export(session, True, NOW.date()).rows(MEMBERS, ids))
    assert len(rows) == 6 and all(isinstance(cell, str) for row in rows for cell in row)
    told = dict(zip(headers(MEMBERS), rows[0], strict=True))
    assert (told["户月保障金额"], told["最初享受月份"], told["是否建档立卡扶贫对象"]) == ("510.00", "2020-06", "否")
    assert told["出生日期"] == homes[0].members[0].birth.isoformat() and told["身份证号"] == homes[0].members[0].id_no
    (home, *_) = Export(session, True, NOW.date()).rows(HOUSEHOLDS, [homes[0].id])
    assert dict(zip(headers(HOUSEHOLDS), home, strict=True))["户月保障金额(元)"] == "510.00"


def test_a_workbook_prints_across_its_paper_under_its_headers_and_is_called_by_its_title():
    look = Look(["text"], "珙县名册", "制表日期", tab="一卡通：[名]*?/清单'<&" + "长" * 40)
    book = openpyxl.load_workbook(xlsx_file([["列"], ["一"], ["二"]], most=1, look=look))
    first, second = book.worksheets
    assert first.title.startswith("一卡通：名清单长") and len(first.title) == len(second.title) == 31
    assert second.title.endswith("（2）")
    assert [sheet.print_title_rows for sheet in book] == ["$1:$3", "$1:$3"]
    paper = first.page_setup
    fitted = first.sheet_properties.pageSetUpPr.fitToPage
    assert (paper.orientation, paper.fitToHeight, fitted) == ("landscape", 0, True)
    assert first.row_dimensions[1].height == 27


def test_cells_have_lines_around_them_and_the_sheet_below_has_none():
    kinds = ["text", "money", "count", "date", "month"]
    rows = [kinds, ["甲", "1234567.00", "3", "2020-06-30", "2020-06"], [""] * 5]
    sheet = openpyxl.load_workbook(xlsx_file(rows, look=Look(kinds))).active
    assert {cell.border.bottom.style for row in sheet.iter_rows() for cell in row} == {"thin"}
    below = [sheet.column_dimensions[letter] for letter in "ABCDE"]
    assert {column.border.bottom.style for column in below} == {None}
    assert [column.number_format for column in below] == [cell.number_format for cell in sheet[2]]
    assert sheet.column_dimensions["B"].width > len("1,234,567.00")


@pytest.mark.parametrize(("columns", "middle", "fits"), [(3, True, True), (12, False, True), (40, False, False)])
def test_a_title_is_in_sight_when_a_wide_sheet_opens(columns, middle, fits):
    headers_ = ["一二三四五六七"] * columns
    sheet = openpyxl.load_workbook(xlsx_file([headers_, headers_], look=Look(title="珙县名册"))).active
    centred, fitted = sheet["A1"].alignment.horizontal == "center", sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (centred, fitted) == (middle, fits)


def test_the_first_sheet_of_a_million_rows_ends_where_the_next_begins(monkeypatch):
    from workflows.exchange import xlsx

    rows = [["列"], *([str(n)] for n in range(1_001))]
    book = openpyxl.load_workbook(xlsx_file(rows, most=400, look=Look(title="名册")))
    assert [sheet.max_row for sheet in book] == [402, 402, 203]
    told = [row[0].value for sheet in book for row in sheet.iter_rows(min_row=3)]
    assert told == [str(n) for n in range(1_001)]
    monkeypatch.setattr(xlsx, "MOST_BYTES", 20_000)
    assert len(openpyxl.load_workbook(xlsx_file(rows)).worksheets) > 2
    assert xlsx.MOST_ROWS + 3 <= 1_048_576


CELLS = st.text("a,\"\r\n '=张", max_size=3) | st.sampled_from(["", "=1", "a,b", 'a"b', "a\nb", "a\rb", "2020-01-01"])


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6))
def test_csv_is_what_a_csv_writer_makes_of_harmless_cells(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[harmless(cell) for cell in row] for row in rows])
    assert b"".join(csv_stream(rows)).decode("utf-8-sig") == out.getvalue()


def test_no_statement_of_an_export_reads_a_table_from_end_to_end(session):
    modules = (export_shared, export_people, export_households, export_cases, export_changes, export_tekun)
    queries = {name: query for module in modules for name, query in vars(module).items() if isinstance(query, Select)}
    assert len(queries) > 20
    for name, query in queries.items():
        told = query.params(ids="[1]").compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {told}")]
        assert not [step for step in plan if step.startswith("SCAN") and "json_each" not in step], (name, plan)
