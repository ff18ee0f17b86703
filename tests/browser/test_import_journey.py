"""A dirty roster's whole way in a browser: handed in, recognised, looked at, imported, mended, undone."""

import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from models import Household, ImportBatch, Member
from policy.vocabulary import Role
from tests import factories
from tests.browser.watching import comes_true
from tests.clock import Clock
from tests.workflows.exchange import dirty
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

SHOTS = os.environ.get("DOUDI_SHOTS", "")
"""A folder for a picture of each step; none are taken without it."""
WRONG = "问题"


class Desk:
    """Somebody of the county importing."""

    def __init__(self, app: Flask, base: str, page: Page) -> None:
        self.app, self.base, self.page = app, base, page

    def log_in(self, role: Role) -> None:
        self.page.goto(f"{self.base}/login")
        self.page.locator("input[name=login]").fill(role.value)
        self.page.locator("input[name=password]").fill(factories.PASSWORD)
        self.page.get_by_role("button", name="登录", exact=True).click()
        expect(self.page.get_by_role("heading", name="工作台", level=1)).to_be_visible()

    def hand_in(self, file: Path) -> None:
        self.page.goto(f"{self.base}/import/")
        self.page.locator("input[type=file]").set_input_files(file)
        self.page.get_by_role("button", name="读取并预览").click()

    def shot(self, name: str) -> None:
        if not SHOTS:
            return
        for width, kind in ((1280, "desktop"), (390, "phone")):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.screenshot(path=f"{SHOTS}/{name}-{kind}.png", full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 720})

    def counts(self) -> tuple[int, int]:
        """Families and people who are there."""
        with self.app.app_context():
            people = select(func.count(Member.id)).where(Member.left_on.is_(None))
            homes = select(func.count(Household.id)).where(Household.dissolved_on.is_(None))
            return db.session.scalar(homes) or 0, db.session.scalar(people) or 0

    def tab(self, name: str) -> str:
        """The number beside a tab of the preview."""
        text = self.list_(name).inner_text()
        return "".join(mark for mark in text if mark.isdigit())

    def list_(self, name: str) -> Locator:
        return self.page.locator("main nav.tabs").get_by_role("link", name=name)


@pytest.fixture
def desk(
    make_app: Callable[..., Flask], serve: Callable[..., str], open_page: Callable[..., Page], clock: Clock
) -> Desk:
    app = make_app(WTF_CSRF_ENABLED=True)
    with app.app_context():
        audit.attribute(db.session, SYSTEM, clock())
        factories.office(db.session)
        db.session.commit()
    made = Desk(app, serve(app), open_page(expected=("status of 422",)))
    made.log_in(Role.COUNTY_REVIEWER)
    return made


def mend(report: Path) -> Path:
    """Open the report of refused rows in a spreadsheet, put every cell right that it complains of, and save it."""
    book = openpyxl.load_workbook(report)
    sheet = book.active
    headers = [cell.value for cell in sheet[1]]
    assert headers[-1] == WRONG
    names = {row[headers.index("姓名")].value: row for row in sheet.iter_rows(min_row=2)}
    rows = dirty.people()
    for damage in dirty.damages():
        if damage.mended:
            row = names[rows[damage.row]["姓名"]]
            assert row[-1].value, damage
            row[headers.index(damage.column)].value = damage.mended
    book.save(report)
    return report


def test_a_dirty_roster_is_imported_mended_from_its_report_and_undone(desk: Desk, tmp_path: Path) -> None:
    page, file = desk.page, tmp_path / "巡场镇低保人员.xlsx"
    file.write_bytes(dirty.workbook())
    wrong = [damage for damage in dirty.damages() if damage.mended]
    good = 2 * dirty.FAMILIES - len(wrong) - 1  # the wife of the head who is refused waits for him

    desk.hand_in(file)
    expect(page.locator("main")).to_contain_text(f"导入 {good} 行")
    desk.shot("1-preview")
    assert (desk.tab("新增"), desk.tab("拒绝")) == (str(good), str(len(wrong) + 1))
    page.reload()
    expect(page.locator("main")).to_contain_text(f"导入 {good} 行")

    page.get_by_role("link", name="更改识别方式").click()
    expect(page.locator("main")).to_contain_text("低保人员")
    desk.shot("2-recognise")
    page.locator("button[name=do][value=check]").click()
    expect(page.locator("main")).to_contain_text(f"导入 {good} 行")

    desk.list_("拒绝").click()
    for cause in ("身份证号", "出生日期", "性别", "年收入"):
        expect(page.locator("main")).to_contain_text(cause)
    desk.shot("3-refused")
    desk.list_("新增").click()
    page.locator("select[name^=row-]").first.select_option("skip")
    page.get_by_role("button", name="保存选择").click()
    expect(page.locator("main")).to_contain_text(f"导入 {good - 2} 行")  # his wife waits for him, too
    desk.shot("4-choices")
    page.locator("select[name^=row-]").first.select_option("take")
    page.get_by_role("button", name="保存选择").click()

    page.get_by_role("button", name=f"导入 {good} 行").click()
    expect(page.locator("main")).to_contain_text(f"已导入：新增 {good} 行")
    desk.shot("5-imported")
    homes, people = desk.counts()
    assert (homes, people) == (dirty.FAMILIES - 1, good)

    with page.expect_download() as download:
        page.get_by_role("link", name="下载拒绝的行").click()
    assert download.value.suggested_filename == "巡场镇低保人员-拒绝的行.xlsx"
    report = tmp_path / "mended.xlsx"
    download.value.save_as(report)
    desk.hand_in(mend(report))
    expect(page.locator("main")).to_contain_text(f"导入 {len(wrong) + 1} 行")
    assert (desk.tab("新增"), desk.tab("拒绝"), desk.tab("变更")) == (str(len(wrong) + 1), "0", "0")
    desk.shot("6-mended")
    page.get_by_role("button", name=f"导入 {len(wrong) + 1} 行").click()
    expect(page.locator("main")).to_contain_text(f"已导入：新增 {len(wrong) + 1} 行，变更 0 行")
    assert desk.counts() == (dirty.FAMILIES, 2 * dirty.FAMILIES)

    desk.hand_in(file)
    expect(page.locator("main")).to_contain_text("请改正拒绝的行")
    assert (desk.tab("新增"), desk.tab("未变"), desk.tab("拒绝")) == ("0", str(good + 1), str(len(wrong)))

    first = desk.base + _batch(desk, 1)
    page.goto(first)
    desk.shot("7-batch")
    page.get_by_role("link", name="撤销本次导入").click()
    expect(page.locator("main")).to_contain_text("保留的行")
    desk.shot("8-undo-held")
    page.goto(desk.base + _batch(desk, 2))
    page.get_by_role("link", name="撤销本次导入").click()
    page.locator("textarea[name=reason]").fill("交错了名册")
    page.get_by_role("button", name=f"撤销 {len(wrong) + 1} 行").click()
    expect(page.get_by_role("status").first).to_contain_text("已撤销")
    page.goto(f"{first}undo")
    expect(page.locator("main")).to_contain_text(f"全部 {good} 行都将撤销")
    desk.shot("9-undo")
    page.locator("textarea[name=reason]").fill("交错了名册")
    page.get_by_role("button", name=f"撤销 {good} 行").click()
    expect(page.get_by_role("status").first).to_contain_text("已撤销")
    desk.shot("10-undone")
    assert desk.counts() == (0, 0)
    with desk.app.app_context():
        assert audit.verify(db.session).sound


def test_choices_that_nobody_kept_go_with_the_import_and_are_not_lost_on_the_way(desk: Desk, tmp_path: Path) -> None:
    page, file = desk.page, tmp_path / "名册.xlsx"
    file.write_bytes(dirty.workbook())
    desk.hand_in(file)
    good = int(desk.tab("新增"))
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("select[name^=row-]").last.select_option("skip")
    desk.list_("拒绝").click()
    comes_true(page, lambda: bool(asked), "asked before leaving")
    assert asked == ["beforeunload"] and page.locator("select[name^=row-]").last.input_value() == "skip"

    page.get_by_role("button", name=f"导入 {good} 行").click()
    expect(page.locator("main")).to_contain_text(f"已导入：新增 {good - 1} 行")


def test_choices_that_back_brings_again_go_with_the_import(desk: Desk, tmp_path: Path) -> None:
    page, file = desk.page, tmp_path / "名册.xlsx"
    file.write_bytes(dirty.workbook())
    desk.hand_in(file)
    good = int(desk.tab("新增"))
    desk.list_("新增").click()
    page.wait_for_url("**tab=new**")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("select[name^=row-]").last.select_option("skip")
    page.goto(f"{desk.base}/desk/")
    page.go_back()
    expect(page.locator("select[name^=row-]").last).to_have_value("skip")
    page.get_by_role("button", name=f"导入 {good} 行").click()
    expect(page.locator("main")).to_contain_text(f"已导入：新增 {good - 1} 行")


def _batch(desk: Desk, place: int) -> str:
    with desk.app.app_context():
        ids = db.session.scalars(select(ImportBatch.id).where(ImportBatch.applied_at.is_not(None)).order_by("id")).all()
    return f"/import/{ids[place - 1]}/"
