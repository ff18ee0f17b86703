"""A step opens as a dialog over its case, is taken once, comes back filled when refused, and works without script."""

import pytest
from playwright.sync_api import expect

from policy.vocabulary import Action
from tests.views.clerks import APPROVER, OFFICER

A = Action
PHONE = {"width": 360, "height": 780}
REFUSED = ("status of 422",)


@pytest.fixture
def enter(open_page, serve, clerks):
    """A page at the case, logged in as a role."""

    def do(who, **options):
        page = open_page(**options)
        base = serve(clerks.app)
        name = clerks.app.config["SESSION_COOKIE_NAME"]
        cookie = clerks.browser(who).get_cookie(name)
        page.context.add_cookies([{"name": name, "value": cookie.value, "url": base}])
        page.goto(f"{base}/case/{clerks.id}/")
        return page

    return do


def test_a_step_is_taken_in_its_dialog_and_the_page_says_what_happened(enter, clerks):
    clerks.to_approval()
    page = enter(APPROVER)
    page.get_by_role("link", name="确认", exact=True).click()
    dialog = page.get_by_role("dialog", name="确认")
    expect(dialog.get_by_label("月保障金")).to_be_focused()
    dialog.get_by_label("理由").fill("同意")
    dialog.get_by_role("button", name="确认，每月 790.00 元").click()
    page.get_by_role("status").filter(has_text="已办理：确认，790.00 元").wait_for()
    assert clerks.events().count(A.CONFIRM) == 1


def test_the_button_follows_the_amount_that_is_typed(enter, clerks):
    clerks.to_approval()
    page = enter(APPROVER)
    page.get_by_role("link", name="确认", exact=True).click()
    page.get_by_role("dialog").get_by_label("月保障金").fill("1234.5")
    expect(page.get_by_role("button", name="确认，每月 1,234.50 元")).to_be_visible()


def test_what_is_written_in_a_row_ticks_it(enter, clerks):
    clerks.apply()
    page = enter(OFFICER)
    page.get_by_role("link", name="一次性告知补正", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("身份证 备注").fill("配偶的")
    expect(dialog.get_by_role("checkbox", name="身份证", exact=True)).to_be_checked()
    expect(dialog.get_by_role("checkbox", checked=True)).to_have_count(1)


def test_a_double_click_takes_a_step_once(enter, clerks):
    clerks.apply()
    page = enter(OFFICER)
    page.get_by_role("link", name="受理", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="受理").dblclick()
    page.get_by_role("status").filter(has_text="已办理").first.wait_for()
    assert clerks.events() == [A.APPLY, A.ACCEPT]


def test_going_back_to_a_step_that_was_taken_says_so_instead_of_offering_it_again(enter, clerks):
    clerks.apply()
    page = enter(OFFICER)
    page.goto(page.url + "accept/")
    page.get_by_role("button", name="受理").click()
    page.get_by_role("status").filter(has_text="已办理：受理").wait_for()
    page.go_back()
    expect(page.get_by_role("alert")).to_contain_text("“已受理”环节不能办理“受理”")
    assert clerks.events() == [A.APPLY, A.ACCEPT]


def test_after_a_step_by_keyboard_the_focus_is_on_what_happened(enter, clerks):
    clerks.apply()
    page = enter(OFFICER)
    page.get_by_role("link", name="受理", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="受理").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="已办理：受理")).to_be_focused()


def test_escape_and_return_close_a_dialog_and_give_the_focus_back(enter, clerks):
    clerks.apply()
    page = enter(OFFICER)
    opener = page.get_by_role("link", name="受理", exact=True)
    opener.click()
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    opener.click()
    page.get_by_role("dialog").get_by_role("link", name="返回").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_refused_step_comes_back_as_a_page_with_what_was_typed(enter, clerks):
    clerks.to_approval()
    page = enter(APPROVER, expected=REFUSED)
    page.get_by_role("link", name="确认", exact=True).click()
    page.get_by_role("dialog").get_by_label("月保障金").fill("0")
    page.get_by_role("dialog").locator(".ends button").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(page.get_by_label("月保障金")).to_have_value("0")
    for why in ("请填写金额", "请写明意见或理由"):
        expect(alert).to_contain_text(why)


def test_without_script_a_step_is_a_page(enter, clerks):
    clerks.apply()
    page = enter(OFFICER, java_script_enabled=False)
    page.get_by_role("link", name="受理", exact=True).click()
    page.get_by_role("button", name="受理").click()
    expect(page.get_by_role("status")).to_contain_text("已办理：受理")


@pytest.mark.parametrize("address", ["", "record_survey/", "record_crosscheck/", "withdraw/"])
def test_nothing_scrolls_sideways_on_a_phone(enter, clerks, address):
    clerks.to_review()
    page = enter(OFFICER, viewport=PHONE)
    page.goto(page.url + address)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_on_a_phone_the_lawful_steps_come_right_after_the_stages(enter, clerks):
    clerks.to_review()
    page = enter(OFFICER, viewport=PHONE)
    acts, people = (page.locator(f"#{id}").bounding_box()["y"] for id in ("acts", "people"))
    assert acts < people
