"""Exports in a browser: every kind of file arrives under its Chinese name, and is what its name says."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Download, Error, Page, expect

from policy.vocabulary import Role
from tests.browser.county import logged_in
from tests.browser.watching import PATIENCE_MS, comes_true, until
from tests.views.standing import Standing
from views import commands_work, export_jobs, export_kept

PURPOSE = "年底核对，报市局"


@pytest.fixture
def page(browser: Browser, base: str, office: Standing) -> Iterator[Page]:
    """Somebody of the county who may export everything."""
    context = logged_in(browser, base, office, Role.COUNTY_REVIEWER, accept_downloads=True)
    yield context.new_page()
    context.close()


@contextmanager
def half_made(office: Standing, monkeypatch: pytest.MonkeyPatch, done: int, total: int) -> Iterator[None]:
    """While a large file is being written, as far as ``done`` rows: the writer waits until the block ends."""
    told, go_on, write = Event(), Event(), export_jobs._told

    def slowly(tables: Any, rows: int, progress: Any) -> Any:
        def progress_and_wait(_done: int, _rows: int) -> None:
            progress(done, total)
            told.set()
            go_on.wait(PATIENCE_MS / 1000)

        return write(tables, rows, progress_and_wait)

    def run() -> None:
        with office.app.app_context():
            commands_work.do_all()

    monkeypatch.setattr(export_jobs, "_told", slowly)
    writer = Thread(target=run, daemon=True)
    writer.start()
    assert told.wait(PATIENCE_MS / 1000)
    try:
        yield
    finally:
        go_on.set()
        writer.join(PATIENCE_MS / 1000)


def speaks(page: Page, language: str, code: str) -> None:
    """Press the button of a language; once more where the page, which comes anew by itself, came under the hand."""

    def pressed() -> bool:
        with suppress(Error):
            if str(page.locator("html").get_attribute("lang")).startswith(code):
                return True
            page.get_by_role("button", name=language).click(timeout=5_000)
        return False

    comes_true(page, pressed, f"the page in {language}")


def download(page: Page, where: str, **choices: str) -> Download:
    page.goto(where)
    for name, value in choices.items():
        page.check(f"input[name={name}][value={value}]")
    page.locator("input[name=purpose]").fill(PURPOSE)
    with page.expect_download() as begun:
        page.locator("main button.btn-primary").click()
    return begun.value


def content(file: Download, folder: Path) -> bytes:
    path = folder / "file"
    file.save_as(path)
    return path.read_bytes()


def test_chinese_names_of_files_arrive_as_they_were_sent(page: Page, base: str, tmp_path: Path) -> None:
    told = download(page, f"{base}/export/household/?sort=head_name", shape="list", kind="csv")
    assert told.suggested_filename == "家庭_20260302.csv"
    lines = list(csv.reader(io.StringIO(content(told, tmp_path).decode("utf-8-sig"))))
    assert lines[0][0] == "户主" and len(lines) > 10
    told = download(page, f"{base}/export/member/?township=511526100", shape="list", kind="xlsx")
    assert told.suggested_filename == "成员_20260302.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(content(told, tmp_path))).active.max_row > 10
    where = f"{base}/export/roster/changes/?month=2026-02&place=511526100"
    told = download(page, where, kind="xlsx")
    assert told.suggested_filename == "变动表_巡场镇_2026-02_20260302.xlsx"
    assert len(openpyxl.load_workbook(io.BytesIO(content(told, tmp_path))).sheetnames) == 5
    told = download(page, where, kind="gb18030")
    assert told.suggested_filename == "变动表_巡场镇_2026-02_20260302.zip"
    names = zipfile.ZipFile(io.BytesIO(content(told, tmp_path))).namelist()
    assert names[0] == "变动表_巡场镇_2026-02_20260302_新增.csv" and len(names) == 5
    page.goto(f"{base}/household/1/")
    name = re.sub(r"\s.*", "", page.locator("h1").inner_text())
    told = download(page, f"{base}/household/1/bundle/")
    assert told.suggested_filename == f"{name}家庭档案_20260302.zip"
    assert "档案.xlsx" in zipfile.ZipFile(io.BytesIO(content(told, tmp_path))).namelist()


def test_a_large_workbook_is_waited_for_and_fetched_from_its_page(
    page: Page, base: str, office: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_jobs, "AT_ONCE", 1)
    page.goto(f"{base}/export/roster/dibao_members/?place=511526100")
    page.locator("input[name=purpose]").fill(PURPOSE)
    page.locator("main button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("低保人员_巡场镇_20260302.xlsx")
    with office.app.app_context():
        commands_work.do_all()
    button = page.get_by_role("button", name=re.compile("下载"))
    expect(button).to_be_visible()
    with page.expect_download() as begun:
        button.click()
    assert begun.value.suggested_filename == "低保人员_巡场镇_20260302.xlsx"
    assert openpyxl.load_workbook(io.BytesIO(content(begun.value, tmp_path))).active.freeze_panes == "A4"
    page.get_by_role("link", name="返回").click()
    expect(page.locator("select[name=place]")).to_have_value("511526100")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_workbook_half_made_says_how_far_it_is_in_both_languages(
    page: Page, base: str, office: Standing, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(export_jobs, "AT_ONCE", 1)
    page.set_viewport_size({"width": width, "height": 720})
    page.goto(f"{base}/export/member/")
    page.locator("input[name=purpose]").fill(PURPOSE)
    page.locator("main button.btn-primary").click()
    expect(page.get_by_text("即将开始")).to_be_visible()
    with half_made(office, monkeypatch, 43_500, 100_250):
        expect(page.get_by_label("43,500 / 100,250 行")).to_have_attribute("value", "43")
        until(page, "document.querySelector('main progress').clientWidth / innerWidth > 0.7")
        until(page, "width => document.documentElement.scrollWidth <= width", width)
        speaks(page, "English", "en")
        expect(page.get_by_label("43,500 of 100,250 rows")).to_be_visible()
        speaks(page, "中文", "zh")
        expect(page.get_by_label("43,500 / 100,250 行")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("下载"))).to_be_visible()


def test_a_workbook_that_failed_says_why_and_is_made_anew(
    page: Page, base: str, office: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export_jobs, "AT_ONCE", 1)
    monkeypatch.setattr(export_kept, "keep", full)
    page.goto(f"{base}/export/member/")
    page.locator("input[name=purpose]").fill(PURPOSE)
    page.locator("main button.btn-primary").click()
    expect(page.get_by_text("即将开始")).to_be_visible()
    with office.app.app_context():
        commands_work.do_all()
    expect(page.get_by_role("alert")).to_have_text("文件未能生成完毕：出现未预料的故障（OSError），详情见服务器日志。")
    monkeypatch.undo()
    page.get_by_role("button", name="重新生成").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    with office.app.app_context():
        commands_work.do_all()
    expect(page.get_by_role("button", name=re.compile("下载"))).to_be_visible()
