"""Rosters of a place and a month: offered in plain words, on record, of what lies under the reader alone."""

import csv
import html
import io
import re
import zipfile
from datetime import date, datetime
from urllib.parse import unquote

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Benefit, Event, Job
from policy.vocabulary import Action, Scheme, Stage
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of
from views import commands_work, export_jobs
from views.db import db
from views.export_words import GROUPS, LISTS, NAMES
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange.export import BOOKS, ROSTERS


@pytest.fixture
def families(app, ids):
    """A family here and one in another township, each paid monthly and helped once in February."""
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        numbers = []
        for village, name in ((factories.VILLAGE, "张三"), (factories.OTHER_VILLAGE, "李外")):
            home = factories.household(session, village, members=2, head_name=name)
            home.one_card, home.account_name = "6228480010203040506", name
            factories.benefit(session, home, monthly_fen=51_000)
            factories.benefit(session, home, Stage.EXITED, scheme=Scheme.TEMPORARY, one_off_fen=120_000,
                              decided_on=date(2026, 2, 3))  # fmt: skip
            numbers += [member.id_no for member in home.members]
        session.commit()
    return numbers


@pytest.fixture
def send(app, ids, clock, families):
    def send(code, login="county_reviewer", query="", **form):
        browser = browser_of(app, ids[login], clock.at)
        return browser.post(f"/export/roster/{code}/{query}", data={"purpose": "年底核对", "kind": "csv", **form})

    return send


def rows(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def see(app, ids, clock, where, login="county_reviewer"):
    return html.unescape(browser_of(app, ids[login], clock.at).get(where).get_data(as_text=True))


def test_every_roster_is_named_explained_and_offered_once(app, ids, clock):
    offered = [code for _, codes in GROUPS for code in codes]
    parts = [part.code for book in BOOKS.values() for part in book.parts.values()]
    assert sorted([*offered, *parts]) == sorted([*ROSTERS, *BOOKS]) == sorted(NAMES) == sorted(LISTS)
    page = see(app, ids, clock, "/export/")
    assert all(f"/export/roster/{code}/" in page for code in offered) and "残疾人两项补贴名册" in page
    book = see(app, ids, clock, "/export/roster/changes/?month=2026-02")
    assert all(f"/export/roster/{code}/?month=2026-02" in book for code in parts)
    assert "/export/roster/changes/?month=2026-02" in see(app, ids, clock, "/export/roster/changes_new/?month=2026-02")


@pytest.fixture
def changed(app, families):
    """In February: both families let in, the first one raised."""
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        for case in session.scalars(select(Benefit).where(Benefit.scheme == Scheme.DIBAO)):
            for action, came_from, before in ((Action.CONFIRM, Stage.APPROVAL, 0), (Action.RAISE, Stage.RECHECK, 1)):
                if action is Action.CONFIRM or case.village_code == factories.VILLAGE:
                    session.add(Event(
                        benefit=case, action=action, from_stage=came_from, to_stage=Stage.ACTIVE, opinion="同意",
                        at=datetime(2026, 2, 3, 9), actor_name="测试", monthly_before_fen=before,
                        monthly_after_fen=51_000, village_code=case.village_code, township_code=case.township_code,
                    ))  # fmt: skip
        session.commit()


TABS = ["新增", "停保", "增发减发", "自然减员", "退出兜底"]
FEBRUARY = "?month=2026-02"


def test_the_table_of_changes_is_one_workbook_with_a_sheet_for_each_part(app, ids, clock, send, changed):
    page = see(app, ids, clock, f"/export/roster/changes/{FEBRUARY}")
    assert re.findall(r'<td class="num"[^>]*>(\d+)</td>', page) == ["4", "0", "1", "0", "0"] and "5 条" in page
    answer = send("changes", query=FEBRUARY, kind="xlsx", numbers="full")
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert book.sheetnames == TABS
    assert [sheet["A1"].value for sheet in book][:2] == ["珙县社会救助变动表（新增）", "珙县社会救助变动表（停保）"]
    assert [sheet.max_row for sheet in book] == [7, 3, 4, 3, 3]
    assert ["本表无记录" in sheet["A2"].value for sheet in book] == [False, True, False, True, True]
    assert all(sheet.freeze_panes == "A4" for sheet in book)
    with app.app_context():
        (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export"))
        assert (entry.after["roster"], entry.after["rows"]) == ("变动表", 5)


@pytest.mark.parametrize(("kind", "charset"), [("csv", "utf-8-sig"), ("gb18030", "gb18030")])
def test_the_table_of_changes_as_csv_is_a_zip_with_a_file_for_each_part(send, changed, kind, charset):
    answer = send("changes", query=f"{FEBRUARY}&place={factories.XUNCHANG}", kind=kind)
    assert answer.mimetype == "application/zip"
    assert unquote(answer.headers["Content-Disposition"]).endswith("变动表_巡场镇_2026-02_20260302.zip")
    made = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    assert made.namelist() == [f"变动表_巡场镇_2026-02_20260302_{tab}.csv" for tab in TABS] and made.testzip() is None
    told = [list(csv.reader(io.StringIO(made.read(name).decode(charset), newline=""))) for name in made.namelist()]
    assert [len(lines) for lines in told] == [3, 1, 2, 1, 1] and told[2][1][0] == "张三"


def test_a_large_table_of_changes_is_a_job_that_counts_all_its_rows(app, ids, clock, changed, monkeypatch):
    monkeypatch.setattr(export_jobs, "AT_ONCE", 1)
    browser = browser_of(app, ids["county_reviewer"], clock.at)
    form = {"purpose": "年底核对", "numbers": "masked", "kind": "xlsx"}
    where = browser.post(f"/export/roster/changes/{FEBRUARY}", data=form).headers["Location"]
    with app.app_context():
        commands_work.do_all()
        (job,) = db.session.scalars(select(Job))
        assert (job.state, job.done, job.total) == ("done", 5, 5)
    book = openpyxl.load_workbook(io.BytesIO(browser.post(f"{where}file").get_data()))
    assert [sheet.max_row for sheet in book] == [7, 3, 4, 3, 3]


@pytest.mark.parametrize("code", [*ROSTERS, *BOOKS])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_roster_can_be_asked_for_and_sent(app, ids, clock, send, code, kind):
    assert "用途" in see(app, ids, clock, f"/export/roster/{code}/")
    assert send(code, kind=kind).status_code == 200


def test_an_unknown_roster_is_not_found_and_administrators_see_none(app, ids, clock, send):
    assert send("nothing").status_code == 404
    assert send("one_card", login="system_admin").status_code == 403
    assert browser_of(app, ids["system_admin"], clock.at).get("/export/").status_code == 403


@pytest.mark.parametrize(("login", "query", "names"), [
    ("county_reviewer", "", {"张三", "李外"}), ("township_officer", "", {"张三"}), ("village_worker", "", {"张三"}),
    ("county_reviewer", f"?place={factories.XIAOER}", {"李外"}),
    ("county_reviewer", f"?place={factories.VILLAGE}", {"张三"}),
    ("township_officer", f"?place={factories.XIAOER}", {"张三"}),
])  # fmt: skip
def test_a_roster_is_of_a_place_under_the_reader(send, login, query, names):
    assert {line[0] for line in rows(send("one_card", login, query))[1:]} == names


@pytest.mark.parametrize(("query", "count"), [
    ("", 0), ("?month=2026-02", 2), ("?month=2026-01", 0), ("?month=", 2), ("?month=gibberish", 0),
])  # fmt: skip
def test_a_list_of_a_month_is_of_this_one_unless_another_is_chosen(send, query, count):
    assert len(rows(send("temporary_aid", query=query))) == count + 1


def test_changes_are_always_of_a_month(app, ids, clock):
    page = see(app, ids, clock, "/export/roster/changes_new/?month=")
    assert "不限月份" not in page and 'value="2026-03" selected' in page
    assert "不限月份" in see(app, ids, clock, "/export/roster/temporary_aid/")
    assert 'value="2019-05" selected' in see(app, ids, clock, "/export/roster/changes_new/?month=2019-05")


def test_the_list_of_accounts_is_of_today_unless_a_month_is_chosen(app, ids, clock, send):
    page = see(app, ids, clock, "/export/roster/one_card/")
    assert "截至今日" in page and 'value="2026-02"' in page and len(rows(send("one_card"))) == 3
    assert 'value="2026-02" selected' in see(app, ids, clock, "/export/roster/one_card/?month=2026-02")
    answer = send("one_card", query="?month=2026-02", kind="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    assert "2026年2月" in sheet["A2"].value and sheet.max_row == 3  # nobody of these was paid in that month


@pytest.mark.parametrize(("code", "month", "told"), [
    ("one_card", "2026-02", True), ("one_card", "2026-03", False), ("one_card", "2026-04", False),
    ("one_card", "", False), ("temporary_aid", "2026-02", True), ("changes_new", "2026-02", False),
    ("changes", "2026-02", False),
])  # fmt: skip
def test_a_list_of_a_month_that_is_over_says_where_it_puts_who_moved_since(app, ids, clock, code, month, told):
    page = see(app, ids, clock, f"/export/roster/{code}/?month={month}")
    assert ("列在现所在乡镇名下，住址和账户按现在的列" in page) is told


@pytest.mark.parametrize("login", ["township_officer", "county_approver", "auditor"])
def test_full_numbers_are_for_few(send, families, login):
    answer = send("one_card", login, numbers="full")
    assert answer.status_code == 422 and "完整号码只有" in answer.get_data(as_text=True)
    told = rows(send("one_card", login))
    assert not {cell for line in told for cell in line} & {*families, "6228480010203040506"}


def test_a_roster_is_recorded_with_name_place_month_rows_and_purpose(app, ids, send, families):
    assert send("temporary_aid", purpose=" ").status_code == 422
    told = rows(send("temporary_aid", query=f"?place={factories.XUNCHANG}&month=2026-02", numbers="full"))
    assert families[0] in told[1]
    with app.app_context():
        (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export"))
        assert (entry.actor_id, entry.reason) == (ids["county_reviewer"], "年底核对")
        assert (entry.table_name, entry.after["roster"]) == ("benefit", "临时救助发放表")
        assert entry.after["filters"] == {"place": factories.XUNCHANG, "month": "2026-02"}
        assert (entry.after["rows"], entry.after["masked"]) == (1, False)


def test_the_file_is_called_by_roster_place_month_and_day(send):
    answer = send("changes_new", query=f"?place={factories.XUNCHANG}&month=2026-02", kind="xlsx")
    told = unquote(answer.headers["Content-Disposition"].split("filename*=UTF-8''")[1])
    assert told == "变动表：新增_巡场镇_2026-02_20260302.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    assert (sheet["A1"].value, sheet["A2"].value) == (
        "珙县社会救助变动表（新增）", "单位：珙县巡场镇　2026年2月　制表日期：2026年3月2日　金额单位：元　本表无记录"
    )  # fmt: skip


def test_a_large_roster_is_made_outside_the_request_for_the_place_asked_for(app, ids, clock, families, monkeypatch):
    monkeypatch.setattr(export_jobs, "AT_ONCE", 1)
    browser = browser_of(app, ids["county_reviewer"], clock.at)
    form = {"purpose": "年底核对", "numbers": "full", "kind": "xlsx"}
    where = browser.post(f"/export/roster/plain/?place={factories.XIAOER}", data=form).headers["Location"]
    with app.app_context():
        commands_work.do_all()
    sheet = openpyxl.load_workbook(io.BytesIO(browser.post(f"{where}file").get_data())).active
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert sheet.max_row == 3 and {"李外", families[2], families[3]} <= cells


def test_a_list_without_rows_says_so_before_it_is_sent(app, ids, clock, families):
    assert "导出的文件只有表头" in see(app, ids, clock, "/export/roster/children_allowance/")
    assert "导出的文件只有表头" not in see(app, ids, clock, "/export/roster/one_card/")
