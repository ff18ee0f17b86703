"""What is chosen on a preview goes with the import as the browser itself sends it: with scripts, and without."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import ImportRow
from policy.vocabulary import Role
from tests import factories
from tests.browser.test_import_journey import Desk
from tests.browser.watching import comes_true
from tests.clock import Clock
from tests.workflows.exchange import sheets
from tests.workflows.exchange.rosters import person
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange.layouts import MEMBERS

both = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture
def desk(
    make_app: Callable[..., Flask], serve: Callable[..., str], open_page: Callable[..., Page], clock: Clock,
    request: pytest.FixtureRequest,
) -> Desk:  # fmt: skip
    scripts = getattr(request.node, "callspec", None) is None or request.node.callspec.params.get("scripts", True)
    app = make_app(WTF_CSRF_ENABLED=True)
    with app.app_context():
        audit.attribute(db.session, SYSTEM, clock())
        factories.office(db.session)
        db.session.commit()
    made = Desk(app, serve(app), open_page(expected=("status of 409",), java_script_enabled=scripts))
    made.log_in(Role.COUNTY_REVIEWER)
    return made


def hand_in(desk: Desk, folder: Path, *rows: dict) -> None:
    file = folder / "名册.csv"
    file.write_bytes(sheets.csv_bytes(sheets.table(MEMBERS, *rows)))
    desk.hand_in(file)


def press(desk: Desk, words: str) -> None:
    desk.page.get_by_role("button", name=words).click()


def choose(desk: Desk, at: int, choice: str) -> None:
    desk.page.locator("select[name^=row-]").nth(at).select_option(choice)


def chosen(desk: Desk) -> list[str]:
    with desk.app.app_context():
        query = select(ImportRow.choice).order_by(ImportRow.batch_id.desc(), ImportRow.row_no)
        return list(db.session.scalars(query))


@both
def test_a_row_that_was_set_to_be_skipped_is_not_written_though_nobody_kept_it(
    desk: Desk, tmp_path: Path, scripts: bool
) -> None:
    hand_in(desk, tmp_path, person(101), person(103), person(105))
    choose(desk, 1, "skip")
    press(desk, "导入 3 行")
    expect(desk.page.locator("main")).to_contain_text("已导入：新增 2 行")
    assert desk.counts() == (2, 2)


@both
def test_enter_in_the_list_keeps_what_was_chosen_and_imports_nothing(desk: Desk, tmp_path: Path, scripts: bool) -> None:
    hand_in(desk, tmp_path, person(101))
    press(desk, "导入 1 行")
    expect(desk.page.locator("main")).to_contain_text("已导入：新增 1 行")
    hand_in(desk, tmp_path, person(101, 民族="苗族"))
    choose(desk, 0, "keep")
    desk.page.locator("input[name^=cell-]").press("Enter")
    expect(desk.page.locator("main")).to_contain_text("已保存 1 行的处理选择")
    assert chosen(desk)[0] == "keep" and desk.page.locator("nav.tabs").count()
    expect(desk.page.locator("main")).to_contain_text("没有可导入的行")


@both
def test_what_another_window_chose_meanwhile_is_shown_before_anything_is_imported(
    desk: Desk, tmp_path: Path, scripts: bool
) -> None:
    hand_in(desk, tmp_path, person(101), person(103), person(105))
    press(desk, "导入 3 行")
    hand_in(desk, tmp_path, *(person(number, 民族="苗族") for number in (101, 103, 105)))
    choose(desk, 0, "skip")
    other = desk.page.context.new_page()
    other.goto(desk.page.url)
    second = Desk(desk.app, desk.base, other)
    for at, choice in enumerate(("keep", "skip")):
        choose(second, at, choice)
    press(second, "保存选择")
    expect(other.locator("main")).to_contain_text("已保存 2 行的处理选择")
    press(desk, "导入 3 行")
    told = desk.page.get_by_role("alert")
    expect(told).to_contain_text("没有导入任何内容")
    expect(told).to_contain_text("现为“保留原值，只补空白”，本页选的是“略过”")
    first = desk.page.locator("select[name^=row-]").nth(0)
    told.get_by_role("link").click()
    expect(first).to_be_focused()
    expect(first).to_have_value("keep")
    first.select_option("take")
    press(desk, "导入 1 行")
    expect(desk.page.locator("main")).to_contain_text("新增 0 行，变更 2 行")


def test_back_brings_again_what_was_chosen_here_and_not_what_a_colleague_changed_since(
    desk: Desk, tmp_path: Path
) -> None:
    page = desk.page
    hand_in(desk, tmp_path, person(101), person(103), person(105))
    page.once("dialog", lambda dialog: dialog.accept())
    choose(desk, 0, "skip")
    where = page.url
    page.goto(f"{desk.base}/desk/")
    other = page.context.new_page()
    other.goto(where)
    colleague = Desk(desk.app, desk.base, other)
    choose(colleague, 1, "skip")
    press(colleague, "保存选择")
    expect(other.locator("main")).to_contain_text("已保存 1 行的处理选择")
    page.go_back()
    for at, value in enumerate(("skip", "skip", "take")):
        expect(page.locator("select[name^=row-]").nth(at)).to_have_value(value)
    press(desk, "导入 2 行")
    expect(page.locator("main")).to_contain_text("已导入：新增 1 行")


def test_possible_duplicates_are_asked_about_and_a_double_click_imports_once(desk: Desk, tmp_path: Path) -> None:
    page, asked = desk.page, []
    hand_in(desk, tmp_path, person(101), person(103, 姓名="户主101"))
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    choose(desk, 0, "take")
    press(desk, "导入 2 行")
    comes_true(page, lambda: bool(asked), "asked about duplicates")
    assert "疑似重复" in asked[0] and desk.counts() == (0, 0)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="导入 2 行").dblclick()
    expect(page.locator("main")).to_contain_text("已导入：新增 2 行")
    expect(page.locator("body")).not_to_contain_text("未重复提交")
