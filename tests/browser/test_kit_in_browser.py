"""The page kit in a real browser: keyboard, dialogs, drafts, sent once, paper, and nothing axe finds serious."""

import re
from pathlib import Path
from time import sleep

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, redirect, render_template, request
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import expect

from tests.browser.watching import network, until
from tests.tree import ROOT
from views.formats import init_formats
from views.headers import CSP
from views.i18n import init_i18n

PAGES = {"/list": "list", "/case": "case", "/refused": "case", "/form": "form", "/plain": "plain"}
SHELL = {"user": "Li", "typist": "3-511526", "role": "Officer", "logout_url": "/out", "search_url": "/search"}
NAV = [{"label": "Today", "items": [{"label": "List", "url": "/list", "count": 2, "tone": "over", "current": True}]}]


@pytest.fixture
def saved():
    """What was posted to /save, in order."""
    return []


@pytest.fixture
def site(serve, saved):
    app = Flask("kit", root_path=str(ROOT / "views"))
    app.config.update(SECRET_KEY="test", WTF_CSRF_TIME_LIMIT=None)
    app.jinja_loader = ChoiceLoader([FileSystemLoader(Path(__file__).parent / "kit_pages"), app.jinja_loader])
    for wire in (Bootstrap5, CSRFProtect, init_i18n, init_formats):
        wire(app)

    def save():
        saved.append(request.form.to_dict())
        return redirect("/list")

    def show():
        refused = request.path == "/refused"
        return render_template(f"{PAGES[request.path]}.html", shell=SHELL, nav=NAV, refused=refused)

    for path in PAGES:
        app.add_url_rule(path, path, show)
    app.add_url_rule("/save", "save", save, methods=["POST"])
    app.add_url_rule("/out", "out", lambda: redirect("/plain"), methods=["POST"])
    app.add_url_rule("/reveal", "reveal", lambda: {"value": "990000199001011234"}, methods=["POST"])

    @app.after_request
    def strict(response):
        response.headers["Content-Security-Policy"] = CSP
        response.headers["Cache-Control"] = "no-store"
        return response

    return serve(app)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(open_page, site, path, width):
    page = open_page(viewport={"width": width, "height": 720})
    page.goto(site + path)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_slash_leads_to_the_search_but_stays_a_slash_in_a_field(page, site):
    page.goto(site + "/form")
    page.keyboard.press("/")
    expect(page.locator("[name=q]")).to_be_focused()
    page.get_by_label("Name", exact=True).press_sequentially("a/b")
    expect(page.get_by_label("Name", exact=True)).to_have_value("a/b")


def test_a_dialog_opens_takes_the_focus_and_closes_with_escape(page, site):
    page.goto(site + "/case")
    page.get_by_role("link", name="Ask").click()
    expect(page.get_by_label("Amount")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_link_to_a_dialog_opens_it(page, site):
    page.goto(site + "/case#ask")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("link", name="返回").click()
    expect(page).to_have_url(site + "/case")


def test_a_refused_dialog_comes_back_with_the_focus_on_the_error(page, site):
    page.goto(site + "/refused")
    expect(page.get_by_label("Amount")).to_be_focused()


def test_without_script_a_dialog_is_a_part_of_the_page(browser, site, saved):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "/case")
    assert not page.get_by_text("Do it").is_visible()
    page.get_by_role("link", name="Ask").click()
    page.get_by_label("Amount").fill("1")
    page.get_by_role("button", name="Do it").click()
    page.wait_for_url("**/list")
    assert [form["amount"] for form in saved] == ["1"]
    context.close()


def test_a_double_click_sends_once(page, site, saved):
    page.goto(site + "/form")
    page.get_by_role("button", name="Save").dblclick()
    page.wait_for_url("**/list")
    assert len(saved) == 1


TWO_CLICKS = """() => {
  const sent = [], button = [...document.querySelectorAll('main button')].find((one) => one.innerText === 'Save');
  addEventListener('submit', (event) => event.defaultPrevented || sent.push(event));
  for (const _ of 'ab') button.click();
  return sent.length;
}"""


def test_a_second_click_is_too_late_even_before_the_page_has_drawn_breath(page, site):
    page.goto(site + "/form")
    assert page.evaluate(TWO_CLICKS) == 1
    page.wait_for_url("**/list")


def test_rows_are_added_and_removed_and_stay_numbered(page, site, saved):
    page.goto(site + "/form")
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Called").nth(1).fill("B")
    page.get_by_role("button", name="移除 Person").first.click()
    expect(page.locator("[data-number]")).to_have_text("1")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/list")
    assert {name: value for name, value in saved[0].items() if name.startswith("people")} == {"people-1-n": "B"}


def _kept(page, text):
    """Wait until this tab keeps the text."""
    until(page, "text => Object.values(sessionStorage).some((draft) => draft.includes(text))", text)


def test_what_was_typed_survives_a_reload_and_is_gone_once_saved(page, site):
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(site + "/form")
    page.get_by_label("Name", exact=True).fill("Chen")
    page.get_by_label("Bad").check()
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("Called").nth(1).fill("B")
    _kept(page, '"B"')
    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Chen")
    expect(page.get_by_label("Bad")).to_be_checked()
    expect(page.get_by_label("Called").nth(1)).to_have_value("B")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/list")
    page.goto(site + "/form")
    assert page.get_by_label("Name", exact=True).input_value() == ""


def test_without_network_nothing_is_sent_or_lost(page, site, saved):
    page.goto(site + "/form")
    page.get_by_label("Name", exact=True).fill("Chen")
    network(page, there=False)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("网络不通")).to_be_visible()
    network(page, there=True)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/list")
    assert [form["name"] for form in saved] == ["Chen"]


def test_what_was_restored_can_be_thrown_away(page, site):
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(site + "/form")
    page.get_by_label("Name", exact=True).fill("Chen")
    _kept(page, "Chen")
    page.reload()
    page.get_by_role("button", name="清空重填").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    expect(page.get_by_role("button", name="清空重填")).to_be_hidden()


def _late(page, script):
    page.route(f"**/{script}*", lambda route: (sleep(0.5), route.continue_()))


def test_a_hand_waits_for_the_scripts_of_the_page_that_has_the_field(page, site):
    page.goto(site + "/list")
    _late(page, "forms.js")
    page.evaluate("setTimeout(() => location.assign('/form'), 200)")
    page.get_by_label("Name", exact=True).fill("Chen")
    expect(page.locator("form[data-changed]")).to_have_count(1)


def test_keys_and_looks_wait_for_the_scripts_of_a_page_to_which_a_click_led(page, site):
    page.goto(site + "/list")
    _late(page, "draft.js")  # main.js runs after all that it takes along
    page.get_by_role("link", name="Row 0", exact=True).click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_logging_out_forgets_what_was_typed(page, site):
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(site + "/form")
    page.get_by_label("Name", exact=True).fill("Chen")
    _kept(page, "Chen")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/plain")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:'))") == []


def test_a_full_number_hides_again_after_a_minute(page, site):
    page.clock.install(time=0)
    page.goto(site + "/case")
    page.clock.pause_at(3_600)  # or the minute goes on between two lines of a test that has to wait for its turn
    page.locator(".reveal summary").click()
    page.get_by_role("button", name="查看", exact=True).click()
    page.get_by_text("990000199001011234").wait_for()
    page.clock.run_for(59_000)
    assert page.get_by_text("990000199001011234").is_visible()
    page.clock.run_for(2_000)
    expect(page.get_by_text("****1234")).to_be_visible()


def test_back_returns_to_the_row_and_the_place(page, site):
    page.goto(site + "/list")
    link = page.get_by_role("link", name="Row 50")
    link.scroll_into_view_if_needed()
    before = page.evaluate("window.scrollY")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/form?n=50")
    page.go_back()
    expect(page.get_by_role("link", name="Row 50")).to_be_focused()
    until(page, "before => Math.abs(window.scrollY - before) < 5", before)


def test_a_row_opens_with_a_click_anywhere_in_it(page, site):
    page.goto(site + "/list")
    page.locator("tr[data-href]").nth(3).click(position={"x": 400, "y": 10})
    page.wait_for_url("**/form?n=3")


def test_on_a_phone_the_acts_come_right_after_the_stages_and_the_menu_needs_no_script(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(site + "/case")
    page.locator("summary", has_text="菜单").click()
    expect(page.get_by_role("link", name="List")).to_be_visible()
    context.close()


def test_paper_shows_the_case_and_none_of_the_buttons(page, site):
    page.goto(site + "/case")
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="Page").is_visible()
    expect(page.get_by_role("navigation")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Kinds")).to_have_text(re.compile("New"))  # which tab it shows
    assert not page.get_by_role("link", name="Ask").is_visible()
