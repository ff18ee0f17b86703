"""The filters over a list, on the screens that offices have."""

import pytest
from playwright.sync_api import Browser

from policy.vocabulary import Role
from tests.browser import county
from tests.views.standing import Standing

BOTTOMS = """() => [...document.querySelectorAll("form.filters:not(.bulk) :is(select, .btn)")]
    .map(one => Math.round(one.getBoundingClientRect().bottom / 10))"""


@pytest.mark.parametrize("width", [1280, 1366])
def test_the_filters_of_the_cases_stand_on_one_line_with_their_buttons(
    browser: Browser, base: str, office: Standing, width: int
) -> None:
    screen = {"width": width, "height": 768}
    context = county.logged_in(browser, base, office, Role.TOWNSHIP_OFFICER, viewport=screen)
    try:
        page = context.new_page()
        page.goto(f"{base}/benefit/?scheme=dibao&stage=active")
        bottoms = page.evaluate(BOTTOMS)
        assert len(bottoms) > 8 and len(set(bottoms)) == 1, bottoms
    finally:
        context.close()
