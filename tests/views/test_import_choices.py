"""What is decided about rows of a preview: kept with a button of its own, or taken along by the import."""

import re

import pytest
from sqlalchemy import select

from models import Household, ImportBatch, ImportRow, Member
from tests.signing_in import settle
from tests.views.answers import count
from tests.views.test_import_steps import form_of, raw
from tests.views.test_importing import Desk
from tests.workflows.exchange import sheets
from tests.workflows.exchange.conftest import in_process  # noqa: F401
from tests.workflows.exchange.rosters import HEAD_ROW, HOUSEHOLD, WIFE_ROW, person
from views.db import db

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def desk(app, clock):
    return Desk(app, settle(app), "county_reviewer", clock)


def test_rows_are_taken_skipped_or_keep_what_stands_here(app, desk):
    known = {name: value for name, value in HOUSEHOLD.items() if name != "开户银行"}
    desk.imported(name="低保家庭.csv", data=sheets.csv_bytes(sheets.households(known)))
    told = HOUSEHOLD | {"联系电话": "13900009999", "家庭住址": "新址", "开户银行": "信用社"}
    where = desk.staged(name="低保家庭.csv", data=sheets.csv_bytes(sheets.households(told)))
    row = re.search(r'name="(row-\d+-take)"', raw(desk, f"{where}?tab=changed"))[1]
    assert desk.browser.post(f"{where}choose", data={"tab": "changed", row: "skip"}).status_code == 303
    assert "导入 1 行" not in desk.page(where)
    desk.browser.post(f"{where}choose", data={"tab": "changed", row.replace("take", "skip"): "keep"})
    assert desk.press(where, "apply").status_code == 303
    with app.app_context():
        home = db.session.scalars(select(Household)).one()
        assert home.phone != "13900009999" and "新址" not in home.address and home.bank == "信用社"


def test_rows_that_keep_what_stands_here_and_have_no_gap_to_fill_are_not_counted_as_written(app, desk):
    desk.imported(person(101), person(103))
    where = desk.staged(person(101, 民族="苗族"), person(103, 民族="苗族"))
    page = raw(desk, f"{where}?tab=changed")
    first, second = re.findall(r'name="(row-\d+-take)"', page)
    assert "导入 2 行" in page
    desk.browser.post(f"{where}choose", data={"tab": "changed", first: "keep"})
    assert "导入 1 行" in desk.page(where)
    cells = second.replace("row", "cells").removesuffix("-take")
    desk.browser.post(f"{where}choose", data={"tab": "changed", second: "take", cells: "ethnicity"})
    page = desk.page(where)
    assert "没有可导入的行" in page and "导入 1 行" not in page


def test_a_single_cell_of_a_row_that_changes_can_be_left_as_it_stands_here(app, desk):
    desk.imported(name="低保家庭.csv", data=sheets.csv_bytes(sheets.households(HOUSEHOLD)))
    told = HOUSEHOLD | {"家庭住址": "新址", "开户银行": "另一信用社"}
    where = desk.staged(name="低保家庭.csv", data=sheets.csv_bytes(sheets.households(told)))
    page = raw(desk, f"{where}?tab=changed")
    name, shown = re.search(r'name="(cells-\d+)" value="([a-z_ -]+)"', page).groups()
    assert set(shown.split()) == {"address", "bank"}
    assert len(re.findall(r'type="checkbox"[^>]* checked', page)) == 2
    form = {"tab": "changed", name: shown, f"{name.replace('cells', 'cell')}-bank-on": "on"}
    assert desk.browser.post(f"{where}choose", data=form).status_code == 303
    assert len(re.findall(r'type="checkbox"[^>]* checked', raw(desk, f"{where}?tab=changed"))) == 1
    assert desk.press(where, "apply").status_code == 303
    with app.app_context():
        home = db.session.scalars(select(Household)).one()
        assert home.bank == "另一信用社" and "新址" not in home.address


def test_what_is_decided_on_the_page_goes_with_the_import_though_nobody_kept_it_first(app, desk):
    where = desk.staged(person(101), person(103))
    first = re.findall(r'name="(row-\d+-take)"', raw(desk, f"{where}?tab=new"))[0]
    assert desk.press(where, "apply", **{first: "skip"}).status_code == 303
    assert count(app, Member) == 1
    assert "已导入：新增 1 行" in desk.page(where)


def test_where_the_last_row_is_skipped_with_the_import_nothing_is_imported_and_the_page_says_so(app, desk):
    where = desk.staged(person(101))
    first = re.findall(r'name="(row-\d+-take)"', raw(desk, f"{where}?tab=new"))[0]
    assert desk.press(where, "apply", **{first: "skip"}).status_code == 303
    page = desk.page(where)
    assert "选择已保存" in page and "都选了“略过”" in page
    assert "撤销本次导入" not in page and count(app, Member) == 0


def test_where_all_good_rows_are_skipped_beside_refused_ones_nobody_is_told_to_mend_those_first(app, desk):
    where = desk.staged(person(101), person(103, 身份证号="123"))
    first = re.findall(r'name="(row-\d+-take)"', raw(desk, f"{where}?tab=new"))[0]
    earlier = {"key": desk.key(where), first: "skip"}
    desk.press(where, "apply", **{first: "skip"})
    page = desk.page(where)
    assert "都选了“略过”" in page and "请改正拒绝的行后重新上传" not in page
    assert desk.browser.post(f"{where}apply", data=earlier).status_code == 303  # from the page as it was
    assert "撤销本次导入" not in desk.page(where) and count(app, Member) == 0


def test_members_of_a_skipped_head_are_skipped_with_it(app, desk):
    where = desk.staged(HEAD_ROW, WIFE_ROW, person(101))
    page = raw(desk, f"{where}?tab=new")
    first = re.findall(r'name="(row-\d+-take)"', page)[0]
    desk.browser.post(f"{where}choose", data={"tab": "new", first: "skip"})
    assert "导入 1 行" in desk.page(where)
    assert desk.press(where, "apply").status_code == 303
    assert (count(app, Household), count(app, Member)) == (1, 1)
    assert "已略过" in desk.page(where)


def test_a_file_whose_only_head_is_skipped_stays_a_preview(app, desk):
    where = desk.staged(HEAD_ROW, WIFE_ROW)
    first = re.findall(r'name="(row-\d+-take)"', raw(desk, f"{where}?tab=new"))[0]
    assert desk.press(where, "apply", **{first: "skip"}).status_code == 303
    page = desk.page(where)
    assert "选择已保存" in page and "撤销本次导入" not in page and count(app, Member) == 0


def test_only_doubles_that_would_be_imported_are_asked_about(app, desk):
    asked = "疑似重复，仍要导入吗"
    desk.imported(person(101))
    where = desk.staged(person(103, 姓名="户主101"), person(105), person(107, 姓名="户主101", 户主身份证号="123"))
    page = raw(desk, f"{where}?tab=double")
    (row,) = re.findall(r'name="(row-\d+-take)"', page)
    assert f"有 1 行{asked}" in page
    desk.browser.post(f"{where}choose", data={"tab": "double", row: "skip"})
    assert asked not in raw(desk, f"{where}?tab=double")


def test_an_import_of_some_of_the_new_rows_does_not_count_what_all_would_have_brought(app, desk):
    brought = "月保障金合计"
    where = desk.staged(person(101), person(103))
    (first, _) = re.findall(r'name="(row-\d+-take)"', raw(desk, f"{where}?tab=new"))
    assert brought in desk.page(where)
    desk.press(where, "apply", **{first: "skip"})
    assert brought not in desk.page(where)
    assert re.search(r'data-label="新增">(\d+)<', raw(desk, "/import/"))[1] == "1"
    assert brought in desk.page(desk.imported(person(105)))


def test_a_whole_list_is_decided_at_once(app, desk):
    where = desk.staged(*[person(2 * n + 1) for n in range(60)])
    assert desk.browser.post(f"{where}choose", data={"tab": "new", "all": "skip"}).status_code == 303
    with app.app_context():
        assert set(db.session.scalars(select(ImportRow.choice))) == {"skip"}
    desk.browser.post(f"{where}choose", data={"tab": "new", "all": "take"})
    assert "导入 60 行" in desk.page(where)


def test_what_is_settled_on_a_list_that_writes_nothing_goes_with_keeping_it(app, desk):
    desk.imported(HEAD_ROW, WIFE_ROW)
    where = desk.staged(HEAD_ROW)
    page = raw(desk, f"{where}read")
    desk.browser.post(f"{where}read", data=form_of(page, do="check", complete="families"))
    page = raw(desk, f"{where}?tab=missing")
    button = re.search(rf'<button[^>]*formaction="{where}apply"[^>]*>', page)[0]
    assert 'form="decisions"' in button and 'id="decisions"' in page
    row = re.search(r'name="(row-\d+-take)"', page)[1]
    assert desk.press(where, "apply", **{row: "settled"}).status_code == 303
    with app.app_context():
        assert "settled" in db.session.scalars(select(ImportRow.choice)).all()
        assert [batch.state for batch in db.session.scalars(select(ImportBatch))] == ["applied", "applied"]
