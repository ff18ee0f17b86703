"""The case page and the desk where their words are longest: in English, at the width of an old screen."""

from playwright.sync_api import Browser, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Benefit, Event
from policy.vocabulary import Role
from tests.browser import county
from tests.views.standing import Standing

MOST_PIXELS = 24
"""Higher than one line of a step's small print, lower than two."""


def _longest(session: Session) -> int:
    """The case of the officer's township with the most steps."""
    events = select(func.count()).where(Event.benefit_id == Benefit.id).scalar_subquery()
    query = select(Benefit.id).where(Benefit.township_code == county.factories.XUNCHANG).order_by(events.desc())
    return session.scalars(query.limit(1)).one()


def test_who_and_when_of_a_step_stand_on_one_line(browser: Browser, base: str, office: Standing) -> None:
    context = county.logged_in(browser, base, office, Role.TOWNSHIP_OFFICER)
    try:
        page = context.new_page()
        page.goto(f"{base}/case/{office.read(_longest)}/")
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        small = page.locator("#timeline .line small")
        heights = small.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert len(heights) > 5 and max(heights) < MOST_PIXELS, heights
        names = page.locator(".steps small").evaluate_all("all => all.map(one => getComputedStyle(one).wordBreak)")
        assert set(names) == {"keep-all"}
    finally:
        context.close()


def test_the_name_of_a_village_keeps_to_one_line_on_the_desk(browser: Browser, base: str, office: Standing) -> None:
    context = county.logged_in(browser, base, office, Role.TOWNSHIP_OFFICER)
    try:
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{base}/desk/")
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        names = page.locator("#waiting td[data-label=Village]").evaluate_all(
            """all => all.map(one => { const r = document.createRange(); r.selectNodeContents(one);
                                       return [one.innerText.trim(), r.getClientRects().length]; })"""
        )
        assert len(names) > 5 and {lines for _, lines in names} == {1}, names
        assert page.locator("#places tbody tr:last-child th").inner_text() == "Total"
    finally:
        context.close()
