"""On the screens that offices have every column is in sight, and the menu folds away where it would take the room."""

import pytest
from playwright.sync_api import Browser, Page, expect

from policy.vocabulary import Role
from tests.browser import county
from tests.views.standing import Standing

LISTS = (
    "/desk/", "/household/", "/member/", "/benefit/", "/watch/", "/issued_paper/", "/papers/many/", "/figures/",
    "/comparison/", "/entitlement/",
)  # fmt: skip
SIDEWAYS = """() => [document.scrollingElement, ...document.querySelectorAll('main *')]
  .filter((one) => one === document.scrollingElement || ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
  .filter((one) => one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)"""


@pytest.fixture(params=["zh-CN", "en"])
def page(browser: Browser, base: str, office: Standing, request: pytest.FixtureRequest):
    context = county.logged_in(browser, base, office, Role.TOWNSHIP_OFFICER)
    page = context.new_page()
    page.goto(f"{base}/desk/")
    if page.evaluate("document.documentElement.lang") != request.param:
        page.locator("button[name=lang]:visible").click()
        expect(page.locator("html")).to_have_attribute("lang", request.param)
    yield page
    context.close()


@pytest.mark.parametrize("width", [360, 1024, 1093, 1280, 1366])
def test_no_list_hides_columns_at_its_side(page: Page, base: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    hidden = {}
    for where in LISTS:
        page.goto(base + where)
        if over := page.evaluate(SIDEWAYS):
            hidden[where] = over
    assert hidden == {}


@pytest.mark.parametrize(("width", "folded"), [(1239, True), (1240, True), (1241, False)])
def test_the_menu_folds_away_up_to_1240_pixels(page: Page, base: str, width: int, folded: bool) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(f"{base}/desk/")
    assert page.locator(".side").is_visible() is not folded
    if folded:
        page.locator(".menu > summary").click()
        page.locator(".menu").get_by_role("link", name="Households" if _english(page) else "家庭").first.click()
        page.wait_for_url("**/household/")
        assert not page.locator(".menu > nav").is_visible()


def _english(page: Page) -> bool:
    return page.evaluate("document.documentElement.lang") == "en"
