"""Rows are cleaned while the rest of the file is still read, and say the same as those that waited for it."""

import gc
import io
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from tests.workflows.exchange.sheets import HEAD_MEMBER, SON, csv_bytes, headers, members
from tests.workflows.exchange.sheets import MEMBER as USUAL
from workflows.exchange import above, lots, no_data, reader_child, reader_csv
from workflows.exchange.asked import AS_IT_LOOKS, Asked
from workflows.exchange.beforehand import Beforehand
from workflows.exchange.checking import clean_rows
from workflows.exchange.headers import HEADER_WITHIN
from workflows.exchange.layouts import MEMBERS
from workflows.exchange.lot_lines import BEGIN, CELL, ROWS, as_line
from workflows.exchange.lots import AS_THEY_CAME, Rows
from workflows.exchange.reading import ROOT, Sheet, Unreadable, read_sheet
from workflows.loading import seldom_swept

pytestmark = pytest.mark.usefixtures("in_process")
ON = date(2026, 11, 22)


@pytest.fixture
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lots of two rows."""
    monkeypatch.setattr(reader_child, "AT_ONCE", 2)
    monkeypatch.setattr(reader_csv, "LINES", 2)


@pytest.fixture
def cleaned(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The numbers of the rows of each lot that was cleaned."""
    seen: list[list[int]] = []
    clean = Beforehand.clean

    def noted(self: Beforehand, lot: Any, *told: Any) -> list[Any]:
        seen.append(list(lot.numbers))
        return clean(self, lot, *told)

    monkeypatch.setattr(Beforehand, "clean", noted)
    return seen


def both(data: bytes, name: str = "a.csv", asked: Asked = AS_IT_LOOKS) -> tuple[Sheet, Sheet]:
    """The sheet as it is read for this day, and as it is read for none."""
    found = read_sheet(data, name, asked=asked, on=ON), read_sheet(data, name, asked=asked)
    assert found[0] == found[1] and found[1].beforehand is None
    return found


def roster(*rows: dict[str, object], above: tuple[str, ...] = ()) -> bytes:
    """A CSV of these people, with some rows above the headers."""
    return "".join(f"{text}\n" for text in above).encode() + csv_bytes(members(*rows))


HEAD, MEMBER = (HEAD_MEMBER | {"姓名": "张山"}, USUAL | {"姓名": "李水"})
CHILD = USUAL | {"姓名": "张小", "身份证号": SON, "与户主关系": "子", "性别": "男", "出生日期": "1970-06-15"}
PEOPLE = (HEAD, MEMBER, CHILD)
SPOILED = CHILD | {"身份证号": "990000201001010001"}
NOTE = {"姓名": "制表人:甲"}
NAMELESS = CHILD | {"身份证号": ""}
WITH_STAR = CHILD | {"姓名": "示*"}


@pytest.mark.parametrize(
    "rows",
    [PEOPLE, (*PEOPLE, SPOILED), (*PEOPLE, NOTE), (NOTE, *PEOPLE), (*PEOPLE, NAMELESS, MEMBER), (*PEOPLE, WITH_STAR)],
)
@pytest.mark.parametrize("above", [(), ("样例县农村低保人员信息统计表",), ("表", "统计", "表")])
def test_rows_cleaned_as_they_come_are_those_of_the_whole_sheet(small_lots, rows, above):
    ahead, alone = both(roster(*rows, above=above))
    assert clean_rows(ahead, ON) == clean_rows(alone, ON)


def test_each_row_is_cleaned_once_and_before_the_sheet_is_whole(small_lots, cleaned):
    sheet = read_sheet(roster(*PEOPLE, MEMBER), "a.csv", on=ON)
    assert cleaned == [[2], [3, 4], [5]]
    clean_rows(sheet, ON)
    assert cleaned == [[2], [3, 4], [5]]


@pytest.mark.parametrize("row", [NOTE, NAMELESS])
def test_a_lot_with_a_row_in_doubt_waits_until_the_sheet_is_whole(small_lots, cleaned, row):
    sheet = read_sheet(roster(HEAD, MEMBER, row, CHILD), "a.csv", on=ON)
    assert [3, 4] not in cleaned and cleaned
    clean_rows(sheet, ON)
    assert sorted(number for lot in cleaned for number in lot) == [row.number for row in sheet.rows]


def test_what_was_cleaned_for_another_day_is_cleaned_anew(small_lots, cleaned):
    sheet = read_sheet(roster(*PEOPLE), "a.csv", on=ON)
    before = len(cleaned)
    clean_rows(sheet, ON + timedelta(1))
    assert before and len(cleaned) == 2 * before


def test_what_was_cleaned_under_other_headers_is_left(small_lots, cleaned):
    sheet = read_sheet(roster(*PEOPLE), "a.csv", on=ON)
    assert sheet.beforehand is not None
    head = sheet.beforehand.head
    assert head == sheet.head != replace(sheet, kind="xlsx").head


def book(**sheets: list[list[object]]) -> bytes:
    """A workbook of these sheets."""
    made, out = Workbook(), io.BytesIO()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(out)
    return out.getvalue()


def test_of_several_sheets_only_the_one_that_is_asked_for_is_cleaned(small_lots, cleaned):
    table = members(*PEOPLE)
    data = book(一=table, 二=table)
    with pytest.raises(Unreadable, match="several_sheets"):
        read_sheet(data, "a.xlsx", on=ON)
    cleaned.clear()
    ahead, alone = both(data, "a.xlsx", Asked(sheet="二"))
    assert cleaned == [[2], [3, 4]]
    assert clean_rows(ahead, ON) == clean_rows(alone, ON)


def test_a_sheet_whose_rows_are_no_roster_is_refused_as_before(small_lots):
    for data in (b"a,b\n1,2\n", csv_bytes([headers(MEMBERS)]), csv_bytes([headers(MEMBERS)[1:], ["1"]])):
        found = []
        for on in (None, ON):
            with pytest.raises(Unreadable) as caught:
                read_sheet(data, "a.csv", on=on)
            found.append((caught.value.code, caught.value.args_by_name))
        assert found[0] == found[1]


def test_the_child_loads_what_reads_workbooks_for_workbooks_alone():
    told = "import sys; sys.path.insert(0, sys.argv[1]); import workflows.exchange.reader_child; print(*sys.modules)"
    command = [sys.executable, "-I", "-S", "-c", told, str(ROOT)]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & {"zipfile", "openpyxl", "python_calamine", "pyexpat", "sqlalchemy"}
    assert not loaded & {"re", "json", "csv", "typing", "enum", "collections"}, "somebody waits while these are loaded"


def test_what_stands_above_the_rows_is_looked_for_once(monkeypatch: pytest.MonkeyPatch):
    looked: list[int] = []
    find = above.find
    monkeypatch.setattr(above, "find", lambda rows: looked.append(len(rows)) or find(rows))
    read_sheet(roster(*PEOPLE), "a.csv", on=ON)
    assert len(looked) == 1


def test_what_the_first_lot_did_not_show_is_looked_for_again(small_lots, monkeypatch: pytest.MonkeyPatch):
    looked: list[int] = []
    find = above.find
    monkeypatch.setattr(above, "find", lambda rows: looked.append(len(rows)) or find(rows))
    assert read_sheet(roster(*PEOPLE, above=("表", "统计", "表")), "a.csv", on=ON).header_row == 4
    assert looked == [2, 7]


def test_what_stands_above_many_rows_is_not_gone_through_again(monkeypatch: pytest.MonkeyPatch):
    gone: list[int] = []
    usual = Rows.__iter__
    monkeypatch.setattr(Rows, "__iter__", lambda rows: gone.append(len(rows)) or usual(rows))
    for others in (HEADER_WITHIN, HEADER_WITHIN + 2):  # so many rows below the headers
        gone.clear()
        read_sheet(roster(*[MEMBER] * others), "a.csv", on=ON)
        assert gone == [others + 1] * (2 if others == HEADER_WITHIN else 1)


def test_a_sign_in_the_headers_alone_has_no_row_looked_at(monkeypatch: pytest.MonkeyPatch):
    looked: list[int] = []
    monkeypatch.setattr(no_data, "is_no_data", lambda row, skip: looked.append(row.number) or False)
    read_sheet(roster(*PEOPLE, above=("统计表",)), "a.csv", on=ON)
    assert looked == []
    read_sheet(roster(*PEOPLE, WITH_STAR), "a.csv", on=ON)
    assert looked == [2, 3, 4, 5]


@pytest.mark.parametrize(("room", "packed"), [(4, 0), (3, 1), (0, 4)])
def test_lots_beyond_so_many_bytes_are_packed_and_read_the_same(monkeypatch, room, packed):
    lines = [
        as_line(ROWS, f"{2 * number},{2 * number + 1}", "", f"甲{number}{CELL}乙\udcfd{number}", "丙")
        for number in range(4)
    ]
    monkeypatch.setattr(lots, "AS_THEY_CAME", sum(map(len, lines[:room])))
    rows = Rows()
    assert all(map(rows.take, lines))
    assert [row.cells for row in rows][-2:] == [("甲3", "丙"), ("乙\n3", "丙")]
    assert (len(rows), sum(not lot.startswith(BEGIN) for lot in rows._packed)) == (8, packed)


def test_a_large_lot_is_packed_though_it_is_among_the_first():
    rows = Rows()
    for column in ("甲", "乙" * (AS_THEY_CAME // 3 + 1), "甲" * (AS_THEY_CAME // 4), "丙" * (AS_THEY_CAME // 4), "丁"):
        assert rows.take(as_line(ROWS, "1", "", column))
    assert [lot.startswith(BEGIN) for lot in rows._packed] == [True, False, True, False, True]
    assert sum(len(lot) for lot in rows._packed if lot.startswith(BEGIN)) <= AS_THEY_CAME


def test_what_was_made_is_not_looked_through_when_it_is_done():
    looked: list[str] = []
    note = lambda phase, info: looked.append(phase)  # noqa: E731
    gc.collect()
    gc.callbacks.append(note)
    try:
        with seldom_swept():
            kept = [[] for _ in range(10_000)]
        kept += [[] for _ in range(100)]
    finally:
        gc.callbacks.remove(note)
    assert looked == []
