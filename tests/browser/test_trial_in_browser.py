"""Trial calculation in a browser: one's place is kept, lists follow the people, nothing grave, also with a result."""

import re

import pytest
from playwright.sync_api import expect

from policy.vocabulary import Role
from tests.browser.county import logged_in
from tests.browser.serving import serving
from tests.browser.test_axe import AXE, RUN
from tests.signing_in import settle

EXAMPLE = "/trial/?example=1-gongxian-care"
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def office(stand):
    return stand(settle)


@pytest.fixture
def come(office, browser):
    """Open an address as a township officer."""
    with serving(office.app) as base:
        contexts = []

        def come(where: str, **options: object):
            context = logged_in(browser, base, office, Role.TOWNSHIP_OFFICER, **options)
            contexts.append(context)
            context.add_init_script(AXE)
            page = context.new_page()
            page.goto(base + where)
            return page

        yield come
        for context in contexts:
            context.close()


def calculate(page):
    page.locator(".stick [value=calculate]").click()


def test_on_a_wide_screen_the_result_changes_beside_the_form_and_ones_place_is_kept(come):
    page = come(EXAMPLE, viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page.evaluate("document.querySelector('#trial-values').open = true")
    page.locator("[name='income-0-amount']").fill("9600")
    page.evaluate("addEventListener('submit', () => { window.left = scrollY; })")
    page.evaluate("scrollTo({ top: 900, behavior: 'instant' })")
    calculate(page)
    page.locator(".since").wait_for()
    assert page.evaluate("scrollY") == page.evaluate("window.left") > 0
    assert page.evaluate("document.querySelector('#trial-values').open")
    assert page.url.endswith(EXAMPLE)  # nothing was loaded anew
    assert "有变化" in page.locator("#scheme-dibao").inner_text()
    assert page.evaluate("document.activeElement.value") == "calculate"
    calculate(page)
    page.get_by_text("与上次试算相比没有变化").last.wait_for()


def test_a_refused_value_takes_the_focus_and_stays(come):
    page = come(EXAMPLE, viewport={"width": 1280, "height": 720})
    page.locator("[name='income-0-amount']").fill("many")
    calculate(page)
    page.locator("[role=alert] a").wait_for()
    expect(page.locator("[role=alert]").first).to_be_focused()
    expect(page.locator("[name='income-0-amount']")).to_have_value("many")


def test_lists_of_people_follow_the_members(come):
    page = come("/trial/")
    for number in (1, 2):
        page.locator("[data-repeat=members] > [data-add]").click()
        page.locator(f"[name='members-{number}-relation']").select_option("child")
    whose = page.locator("[name='income-0-whose'] option")
    assert whose.all_inner_texts()[1:] == ["户主", "子女 1", "子女 2"]
    page.locator("[name='income-0-whose']").select_option("n2")
    page.locator("[data-repeat=members] [data-row]").nth(1).locator("[data-remove]").click()
    assert whose.all_inner_texts()[1:] == ["户主", "子女"]
    assert page.locator("[name='income-0-whose']").input_value() == "n2"


def test_without_script_on_a_phone_a_family_is_entered_and_calculated(come):
    page = come("/trial/", viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page.locator("button[name=add_row][value=members]").click()
    page.locator("[name='members-1-relation']").select_option("spouse")
    calculate(page)
    expect(page.locator("#scheme-dibao .verdict")).to_have_text(re.compile("^\\s*符合条件"))


@pytest.mark.parametrize("width", [360, 1280])
def test_a_marked_result_has_nothing_that_axe_calls_grave_and_never_scrolls_sideways(come, width):
    page = come(EXAMPLE, viewport={"width": width, "height": 740})
    page.locator("[name='income-0-amount']").fill("19600")
    calculate(page)
    page.locator(".since").wait_for()
    assert page.evaluate(RUN) == []
    assert not page.evaluate(SIDEWAYS)
