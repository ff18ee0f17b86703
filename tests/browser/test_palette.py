"""Ctrl+K with the keyboard alone: a page, a person, a step; Escape returns; without script a page does the same."""

import pytest
from playwright.sync_api import expect

from policy.vocabulary import Role
from tests.browser.county import logged_in
from tests.browser.test_axe import AXE, RUN

OFFICER = Role.TOWNSHIP_OFFICER


@pytest.fixture
def page(browser, base, office):
    context = logged_in(browser, base, office, OFFICER)
    context.add_init_script(AXE)
    yield context.new_page()
    context.close()


def opened(page, where):
    page.goto(where)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="转到页面、人员或办理步骤")
    expect(field).to_be_focused()
    expect(page.locator("dialog.palette").get_by_role("option").first).to_be_visible()
    return field


def test_a_page_is_gone_to_with_the_keyboard_alone(page, base):
    opened(page, f"{base}/desk/")
    page.keyboard.type("家庭")
    expect(page.locator("dialog.palette").get_by_role("option", selected=True)).to_contain_text("家庭")
    page.keyboard.press("Enter")
    page.wait_for_url("**/household/")


def test_arrows_choose_and_the_choice_is_announced(page, base):
    field = opened(page, f"{base}/desk/")
    first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    expect(field).not_to_have_attribute("aria-activedescendant", first)
    second = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{second}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")  # round to the last one
    expect(page.locator("dialog.palette").get_by_role("option").last).to_have_attribute("aria-selected", "true")


def test_a_person_is_found_and_opened_and_no_number_enters_an_address(page, base, office):
    from models import Member

    head = office.read(lambda session: session.get(Member, office.made.own["member"]))
    opened(page, f"{base}/desk/")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.type(head.id_no)
    expect(page.locator("dialog.palette").get_by_role("option").first).to_contain_text(head.name)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/household/{head.household_id}/**")
    assert not [url for url in asked if head.id_no in url]


def test_one_character_of_a_name_finds_people(page, base, office):
    from models import Member

    head = office.read(lambda session: session.get(Member, office.made.own["member"]))
    opened(page, f"{base}/desk/")
    page.keyboard.type(head.name[0])
    expect(page.locator("dialog.palette").get_by_role("option").first).to_contain_text(head.name[0])
    expect(page.locator("dialog.palette").get_by_role("option").first).to_contain_text("家庭成员")


def test_a_lawful_step_of_the_case_is_reached_from_its_page(page, base, office):
    opened(page, f"{base}/case/{office.made.own['benefit']}/")
    page.keyboard.type("发起复核")
    expect(page.locator("dialog.palette").get_by_role("option", selected=True)).to_contain_text("发起复核")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start_recheck/")


def test_what_fits_nothing_goes_to_the_whole_search(page, base):
    opened(page, f"{base}/desk/")
    page.keyboard.type("无此人甲乙")
    expect(page.locator("dialog.palette").get_by_role("option")).to_contain_text("按回车全库查询")
    page.keyboard.press("Enter")
    page.wait_for_url("**/member/**")


def test_escape_returns_to_where_one_was(page, base):
    page.goto(f"{base}/household/")
    page.locator("[name=q]").focus()
    page.keyboard.press("Control+k")
    expect(page.locator("dialog.palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.palette")).to_be_hidden()
    expect(page.locator("[name=q]")).to_be_focused()


def test_axe_finds_nothing_grave_in_it(page, base):
    opened(page, f"{base}/desk/")
    assert page.evaluate(RUN) == []


def test_without_script_its_link_leads_to_the_page_of_the_search(browser, base, office):
    context = logged_in(browser, base, office, OFFICER, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/desk/")
    page.get_by_role("link", name="转到页面、人员或办理步骤").click()
    page.wait_for_url("**/search/")
    assert page.get_by_role("main").get_by_role("link", name="家庭").count() > 0
    context.close()
