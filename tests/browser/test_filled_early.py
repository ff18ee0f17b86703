"""Leaving a form: what is filled before its scripts have run is asked about too, and who stays can go on."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from policy.vocabulary import Role
from tests.browser.county import addresses, logged_in, shape
from tests.browser.watching import comes_true
from tests.views.standing import Standing

CHANGED = "document.querySelectorAll('form[data-changed]').length"


def office_page(browser: Browser, base: str, office: Standing, role: Role = Role.SUPERVISOR) -> Page:
    return logged_in(browser, base, office, role).new_page()


def edit(page: Page, base: str, office: Standing) -> None:
    """The form that corrects a family, filled by a quick hand before its scripts have come; they come afterwards."""
    where, waiting = f"{base}/household/{office.made.own['household']}/edit/", list[Route]()
    page.route("**/forms.js*", lambda route: waiting.append(route))
    page.goto(where, wait_until="commit")
    hand = page.context.new_cdp_session(page)  # other hands wait for the scripts

    def sees(script: str) -> bool:
        return bool(hand.send("Runtime.evaluate", {"expression": script})["result"].get("value"))

    comes_true(page, lambda: bool(waiting) and sees("document.readyState === 'interactive'"))
    hand.send("Runtime.evaluate", {"expression": "document.querySelector('[name=address]').focus()"})
    hand.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "7", "key": "7"})
    comes_true(page, lambda: sees("document.querySelector('[name=address]').value.includes('7')"))
    for route in waiting:
        route.continue_()
    page.unroute("**/forms.js*")
    page.wait_for_load_state("load")


def test_leaving_asks_for_what_was_filled_before_the_scripts_had_come(
    browser: Browser, base: str, office: Standing
) -> None:
    page, asked = office_page(browser, base, office), []
    edit(page, base, office)
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{base}/desk/")
    assert asked == ["beforeunload"]
    page.context.close()


# Chromium of today fills after the scripts, older ones and Firefox before them.
FILLS_EARLY = """document.addEventListener('readystatechange', () => {
  const [visit] = performance.getEntriesByType('navigation'), field = document.querySelector('[name=address]');
  if (field && visit.type !== 'navigate') field.value = 'as it was';
})"""


@pytest.mark.parametrize("again", ["go_back", "reload"])
def test_what_the_browser_fills_in_after_back_or_a_reload_is_not_asked_about(
    browser: Browser, base: str, office: Standing, again: str
) -> None:
    page = office_page(browser, base, office)
    page.add_init_script(FILLS_EARLY)
    page.goto(f"{base}/household/{office.made.own['household']}/edit/")
    if again == "go_back":
        page.goto(f"{base}/desk/")
    getattr(page, again)()
    expect(page.locator("[name=address]")).to_have_value("as it was")
    page.wait_for_load_state("load")
    assert page.evaluate(CHANGED) == 0
    page.context.close()


def test_no_form_is_taken_for_filled_that_nobody_touched(browser: Browser, base: str, office: Standing) -> None:
    seen, wrong, known = 0, [], set[tuple[str, ...]]()
    for role in (Role.TOWNSHIP_OFFICER, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        page = None
        for endpoint, where in addresses(office, role):
            answer = office.as_(role).get(where)
            text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
            built = (endpoint, *sorted(map(str, shape(text))))
            if " data-guard" not in text or built in known:
                continue
            known.add(built)
            page = page or office_page(browser, base, office, role)
            page.goto(base + where)
            seen += 1
            if page.evaluate(CHANGED):
                wrong.append(where)
        if page:
            page.context.close()
    assert seen > 15 and wrong == []


def test_who_stays_can_send_again_what_was_asked_about(browser: Browser, base: str, office: Standing) -> None:
    page, asked = office_page(browser, base, office), []
    page.goto(f"{base}/household/{office.made.own['household']}/edit/")
    page.locator("[name=address]").fill("somewhere else")
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    logout = page.locator("form[data-logout] button")
    said = logout.inner_text()
    logout.click()
    comes_true(page, lambda: bool(asked))
    expect(page.locator("form[data-sent]")).to_have_count(0)
    expect(logout).to_have_text(said)
    assert page.evaluate(CHANGED) == 1

    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    logout.click()
    expect(page.locator("input[name=password]")).to_be_visible()
    assert asked == ["beforeunload"] * 2
    page.context.close()
