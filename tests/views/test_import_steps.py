"""An import step by step: recognised, corrected, decided row by row, applied as a job that survives being killed."""

import html
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from models import Household, ImportBatch, ImportMapping, ImportRow, Job, Member
from tests.signing_in import settle
from tests.views.answers import count
from tests.views.test_importing import Desk
from tests.workflows.exchange import sheets
from tests.workflows.exchange.conftest import in_process  # noqa: F401
from tests.workflows.exchange.rosters import HEAD_ROW, HOUSEHOLD, WIFE_ROW, person
from views import commands_work
from views.context import instance
from views.db import db
from workflows import tick
from workflows.exchange import kept_file, working
from workflows.exchange.layouts import MEMBERS

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def desk(app, clock):
    return Desk(app, settle(app), "county_reviewer", clock)


def table(*rows, headers=None):
    made = sheets.table(MEMBERS, *rows)
    return [[(headers or {}).get(cell, cell) for cell in made[0]], *made[1:]]


def odd_file(**headers):
    """A roster with headers that nobody knows."""
    return sheets.csv_bytes(table(HEAD_ROW, WIFE_ROW, headers=headers))


def columns_of(page):
    """What each column means on the page that shows how the file is read: field by column."""
    found = re.findall(r'<select class="form-select form-select-sm" name="col-(\d+)".*?</select>', page, re.DOTALL)
    chosen = re.findall(r'name="col-(\d+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    assert found
    return {int(at): (re.findall(r'value="([^"]*)" selected', body) or [""])[0] for at, body in chosen}


def form_of(page, **changes):
    """The form of that page as a browser would send it."""
    form = {"shape": html.unescape(re.search(r'name="shape" value="([^"]*)"', page)[1]), "blanks": "keep"}
    for name in ("header_row", "sheet"):
        if found := re.search(rf'name="{name}"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="{name}"', page):
            form[name] = found[1] or found[2] or ""
    for name in ("header_rows", "layout", "charset"):
        if body := re.search(rf'name="{name}"[^>]*>(.*?)</select>', page, re.DOTALL):
            form[name] = (re.findall(r'value="([^"]*)" selected', body[1]) or [""])[0]
    return form | {f"col-{at}": field for at, field in columns_of(page).items()} | changes


def raw(desk, where):
    return desk.browser.get(where).get_data(as_text=True)


def do_all(app):
    with app.app_context():
        return commands_work.do_all()


def test_unknown_headers_are_guessed_by_their_values_and_a_person_confirms(app, desk):
    where = desk.staged(data=odd_file(身份证号="证件", 户主身份证号="当家人证件", 与户主关系="称谓"), name="名册.csv")
    assert desk.browser.get(where).headers["Location"].endswith("/read")
    page = raw(desk, f"{where}read")
    assert "按内容推测" in page and "称谓" in page and re.search(r'<option value="dibao_members" selected>', page)
    fields = columns_of(page)
    assert (fields[1], fields[2], fields[3]) == ("id_no", "head_id_no", "relation")
    assert sheets.WIFE not in page
    answer = desk.browser.post(f"{where}read", data=form_of(page, do="check"))
    assert answer.status_code == 303, html.unescape(answer.get_data(as_text=True))
    assert "导入 2 行" in desk.page(where)


def test_columns_kept_under_a_name_are_understood_for_everybody_afterwards(app, desk):
    headers = {"身份证号": "证件", "户主身份证号": "当家人证件", "与户主关系": "称谓"}
    where = desk.staged(data=odd_file(**headers), name="名册.csv")
    page = raw(desk, f"{where}read")
    assert desk.browser.post(f"{where}read", data=form_of(page, do="save", mapping_name="")).status_code == 422
    desk.browser.post(f"{where}read", data=form_of(page, do="save", mapping_name="巡场台账"))
    assert count(app, ImportMapping) == 1
    again = desk.staged(data=odd_file(**headers), name="名册二.csv")
    assert "导入 2 行" in desk.page(again)
    desk.browser.post(f"{where}read", data={"do": "forget", "mapping_name": "巡场台账"})
    assert count(app, ImportMapping) == 0


def test_a_column_can_be_chosen_by_hand_and_the_choice_survives_a_reload(desk):
    where = desk.staged(data=odd_file(与户主关系="其他一"), name="名册.csv")
    page = raw(desk, f"{where}read")
    form = form_of(page, do="look") | {"col-12": "note"}
    assert desk.browser.post(f"{where}read", data=form).status_code == 303
    page = raw(desk, f"{where}read")
    assert columns_of(page)[12] == "note" and "手工指定" in page


def test_a_file_without_the_number_of_the_head_is_told_what_to_add(desk):
    made = [row[:2] + row[3:] for row in table(HEAD_ROW, WIFE_ROW)]
    page = html.unescape(raw(desk, f"{desk.staged(data=sheets.csv_bytes(made), name='名册.csv')}read"))
    assert "还缺：户主身份证号" in page and "加一列“户主身份证号”" in page


def test_the_encoding_and_the_header_row_can_be_changed_from_the_preview(desk):
    where = desk.staged(HEAD_ROW, WIFE_ROW)
    page = raw(desk, f"{where}read")
    assert desk.browser.post(f"{where}read", data=form_of(page, do="check", charset="utf-16")).status_code == 422
    assert desk.browser.post(f"{where}read", data=form_of(page, do="check", header_row="2")).status_code == 422
    assert "导入 2 行" in desk.page(where)
    assert desk.browser.post(f"{where}read", data=form_of(page, do="check", charset="utf-8")).status_code == 303
    assert "导入 2 行" in desk.page(where)


def test_one_of_several_sheets_is_chosen(desk):
    book = openpyxl.Workbook()
    book.active.title = "东"
    for row in table(person(1)):
        book.active.append(row)
    west = book.create_sheet("西")
    for row in table(person(3), person(5)):
        west.append(row)
    out = io.BytesIO()
    book.save(out)
    where = desk.staged(data=out.getvalue(), name="名册.xlsx")
    page = raw(desk, f"{where}read")
    assert ">东</option>" in page and ">西</option>" in page and "有几张工作表都是名册：东、西" in page
    desk.browser.post(f"{where}read", data=form_of(page, do="look", sheet="西"))
    assert "有几张工作表" not in raw(desk, f"{where}read")
    answer = desk.browser.post(f"{where}read", data=form_of(page, do="check", sheet="西"))
    assert answer.status_code == 303
    assert "导入 2 行" in desk.page(where)


def test_villages_are_made_without_choosing_the_file_again(app, desk):
    where = desk.staged(person(101, 所属社="云上村"))
    assert desk.browser.post(f"{where}villages").status_code == 303
    assert "检查" in desk.page(where)
    assert do_all(app) == 1
    page = desk.page(where)
    assert "导入 1 行" in page and "云上村" in page


def test_namesakes_born_the_same_day_stand_beside_whom_they_may_be(desk):
    desk.imported(person(101))
    page = desk.page(desk.staged(person(103, 姓名="户主101")) + "?tab=double")
    assert "疑似系统内已有的人：姓名和出生日期相同" in page and "户主101 · " in page


def test_a_refused_row_that_may_be_somebody_here_shows_no_number_in_full(desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    wrong = sheets.WIFE[:-1] + ("1" if sheets.WIFE[-1] != "1" else "2")
    where = desk.staged(WIFE_ROW | {"身份证号": wrong})
    page = desk.page(where + "?tab=double")
    assert "号码抄错" in page and "拒绝" in page and wrong not in page and "cells" not in page.split("<main")[1]


def test_an_account_of_another_family_is_called_out(desk):
    desk.imported(person(101, 银行帐号="6228480010203040506"))
    page = desk.page(desk.staged(person(103, 银行帐号="6228480010203040506")) + "?tab=double")
    assert "与其他家庭的账号相同" in page and "户主101" in page


def test_empty_cells_clear_only_where_somebody_says_so(app, desk):
    desk.imported(name="低保家庭.csv", data=sheets.csv_bytes(sheets.households(HOUSEHOLD)))
    data = sheets.csv_bytes(sheets.households(HOUSEHOLD | {"家庭住址": "", "联系电话": ""}))
    where = desk.staged(name="低保家庭.csv", data=data)
    assert "导入 1 行" not in desk.page(where)
    page = raw(desk, f"{where}read")
    assert desk.browser.post(f"{where}read", data=form_of(page, do="check", blanks="clear")).status_code == 303
    assert "导入 1 行" in desk.page(where)
    desk.press(where, "apply")
    with app.app_context():
        home = db.session.scalars(select(Household)).one()
        assert (home.address, home.phone) == ("", None)
    desk.undo(where)
    with app.app_context():
        assert db.session.scalars(select(Household)).one().address != ""


def test_who_is_missing_in_a_complete_roster_is_listed_and_stays(app, desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.staged(HEAD_ROW)
    page = raw(desk, f"{where}read")
    assert desk.browser.post(f"{where}read", data=form_of(page, do="check", complete="families")).status_code == 303
    page = desk.page(f"{where}?tab=missing")
    assert WIFE_ROW["姓名"] in page and "表中缺少" in page
    assert count(app, Member) == 2


def test_a_large_import_is_a_job_with_progress_that_is_taken_up_again_after_a_kill(app, desk, clock, monkeypatch):
    monkeypatch.setattr(working, "APPLY_AT_ONCE", 1)
    where = desk.staged(HEAD_ROW, WIFE_ROW)
    assert desk.press(where, "apply").status_code == 303
    assert count(app, Household) == 0 and "正在写入" in desk.page(where)
    with app.app_context():
        batch = db.session.scalars(select(ImportBatch)).one()
        kept_file.note_progress(instance().imports, batch.stored, 3, 10, clock.at)
        db.session.get(Job, batch.job_id).state = "running"
        db.session.get(Job, batch.job_id).beat_at = clock.at
        db.session.commit()
    assert "30 %" in desk.page(where)
    assert do_all(app) == 0
    clock.at += timedelta(minutes=3)
    assert "没有写入任何内容" in desk.page(where)
    desk.browser.post(f"{where}resume")
    assert do_all(app) == 1
    assert count(app, Household) == 1 and "已导入" in desk.page(where)
    assert do_all(app) == 0


def test_writing_that_has_just_begun_is_not_as_far_as_the_checking_before_it(app, desk, clock, monkeypatch):
    monkeypatch.setattr(working, "APPLY_AT_ONCE", 1)
    where = desk.staged(HEAD_ROW, WIFE_ROW)
    with app.app_context():
        batch = db.session.scalars(select(ImportBatch)).one()
        kept_file.note_progress(instance().imports, batch.stored, 10, 10, clock.at)
    clock.at += timedelta(minutes=1)
    desk.press(where, "apply")
    page = desk.page(where)
    assert "正在写入" in page and "100 %" not in page


def test_a_large_import_that_is_heard_of_beside_its_transaction_is_not_given_up(app, desk, clock, monkeypatch):
    """SQLite lets nobody else write while it writes: its heart is the file that says how far it is."""
    monkeypatch.setattr(working, "APPLY_AT_ONCE", 1)
    monkeypatch.setattr(working, "OFTEN", 1)
    where = desk.staged(HEAD_ROW, WIFE_ROW)
    desk.press(where, "apply")
    told = []
    note = kept_file.note_progress

    def slow(folder, name, done, total, at):
        monkeypatch.setattr(kept_file, "note_progress", note)
        clock.at += timedelta(minutes=2)
        note(folder, name, done, total, clock.at)
        clock.at += timedelta(minutes=2)
        told.append("没有写入任何内容" in desk.page(where))

    monkeypatch.setattr(kept_file, "note_progress", slow)
    assert do_all(app) == 1
    assert told == [False]
    assert "已导入" in desk.page(where)


def test_a_large_import_that_failed_says_why_in_a_sentence(app, desk, monkeypatch):
    monkeypatch.setattr(working, "APPLY_AT_ONCE", 1)
    where = desk.staged(HEAD_ROW, WIFE_ROW)
    desk.press(where, "apply")
    with app.app_context():
        job = db.session.scalars(select(Job).where(Job.kind == "apply_import")).one()
        job.state, job.message = "failed", '{"code": "figure_missing", "args": {"key": "dibao.standard"}}'
        db.session.commit()
    assert re.search("处理中断：[^<{]*低保标准", desk.page(where))


def test_a_large_import_pressed_twice_is_written_once(app, desk, monkeypatch):
    monkeypatch.setattr(working, "APPLY_AT_ONCE", 1)
    where = desk.staged(HEAD_ROW, WIFE_ROW)
    keys = [desk.key(where), desk.key(where)]
    answers = [desk.browser.post(f"{where}apply", data={"key": key}).status_code for key in keys]
    assert answers == [303, 422]
    do_all(app)
    assert (count(app, Household), count(app, Member)) == (1, 2)


def test_a_file_nobody_imports_is_given_up_after_two_weeks(app, desk, clock):
    where = desk.staged(HEAD_ROW)
    with app.app_context():
        folder = instance().imports
        assert len(list(folder.iterdir())) == 1
        assert sheets.HEAD.encode() not in next(folder.iterdir()).read_bytes()
        from policy.figures import Figures

        tick.tick(db.session, clock.at + timedelta(days=15), Figures.shipped())
        kept_file.sweep(db.session, folder, clock.at + timedelta(days=15))
        assert list(folder.iterdir()) == []
    assert count(app, ImportRow) == 0 and "已搁置" in desk.page(where)


def test_the_empty_form_has_an_example_that_is_not_imported(desk):
    data = desk.browser.get("/import/plain.xlsx").get_data()
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["名册"]
    assert sheet.data_validations.dataValidation and book["选项"].sheet_state == "hidden"
    headers = [cell.value for cell in sheet[1]]
    for column, header in enumerate(headers, 1):
        value = HEAD_ROW.get(header, {"联系电话": "13800001234"}.get(header, ""))
        sheet.cell(3, column, str(value or ""))
    out = io.BytesIO()
    book.save(out)
    where = desk.staged(data=out.getvalue(), name="通用表.xlsx")
    page = desk.page(where)
    assert "导入 1 行" in page and "示例" not in page
