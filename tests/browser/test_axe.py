"""Nothing that axe calls serious or critical stands on any page of any role, folded parts and dialogs included."""

from collections import defaultdict
from importlib.resources import files

import pytest
from playwright.sync_api import BrowserContext, Page

from policy.vocabulary import Role
from tests import factories
from tests.browser.county import addresses, import_address, logged_in, shape

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => {
  for (const folded of document.querySelectorAll('main details')) folded.open = true;
  const found = await axe.run(document, { resultTypes: ['violations'] });
  const grave = found.violations.filter((v) => ['serious', 'critical'].includes(v.impact));
  const why = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message).join(' ');
  return grave.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 200)} (${why(n)})`));
}"""
STEP = ".act a.btn[href^='/case/']"
ANSWERS = (200, 302, 404, 409)
"""A page, the way to one, nothing of that number, or a paper whose event is not there yet; each a page as well."""


@pytest.fixture(scope="module")
def known():
    """What pages of each endpoint are built of, as far as they were looked at for an earlier role."""
    return defaultdict(set)


def _ready(context: BrowserContext) -> Page:
    context.add_init_script(AXE)  # past the page's own policy, which lets no other script in
    return context.new_page()


def _grave(page: Page) -> list[str]:
    return page.evaluate(RUN)


@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_role_is_free_of_what_axe_calls_grave(role, browser, office, base, known):
    wanted = {where: endpoint for endpoint, where in addresses(office, role)}
    if role in (Role.COUNTY_REVIEWER, Role.TOWNSHIP_OFFICER):
        wanted[import_address(office, role)] = "importing.page"
    context, wrong, answers = logged_in(browser, base, office, role), {}, {}
    page = _ready(context)
    for where, endpoint in wanted.items():
        answer = office.as_(role).get(where)
        answers[where] = answer.status_code
        if answer.mimetype != "text/html":  # a file to keep, not a page
            continue
        built = shape(answer.get_data(as_text=True))
        if answer.status_code == 302 or built <= known[endpoint]:
            continue
        known[endpoint] |= built
        page.goto(base + where)
        if grave := _grave(page):
            wrong[where] = grave
    context.close()
    assert wrong == {}
    assert {where: status for where, status in answers.items() if status not in ANSWERS} == {}


def test_dialogs_are_free_of_it_too(browser, office, base):
    context = logged_in(browser, base, office, Role.TOWNSHIP_OFFICER)
    page, wrong = _ready(context), {}
    cases = [where for endpoint, where in addresses(office, Role.TOWNSHIP_OFFICER) if endpoint == "case.page"]
    opened = set()
    for where in cases:
        page.goto(base + where)
        steps = page.locator(STEP)
        for name in set(steps.all_inner_texts()) - opened:
            opened.add(name)
            page.goto(base + where)
            page.locator(STEP, has_text=name).first.click()
            page.locator("dialog[open]").wait_for()
            if grave := _grave(page):
                wrong[where, name] = grave
    context.close()
    assert len(opened) > 3
    assert wrong == {}


def test_a_number_asked_for_in_full_and_a_further_person_are_free_of_it(browser, office, base):
    context = logged_in(browser, base, office, Role.TOWNSHIP_OFFICER)
    page = _ready(context)
    page.goto(f"{base}/household/{office.made.own['household']}/")
    page.locator("[data-reveal] summary").first.click()
    page.locator("[data-reveal] details[open] button").first.click()
    page.locator("[data-reveal][data-open]").first.wait_for()
    assert _grave(page) == []
    page.goto(f"{base}/apply/")
    page.locator("button[data-add]").first.click()
    assert _grave(page) == []
    context.close()


@pytest.mark.parametrize("where", ["/login", "/nowhere", "/household/999999/", "/users/"])
def test_pages_before_the_login_and_refusals_are_free_of_it(where, browser, office, base):
    context = (
        browser.new_context(locale="zh-CN") if where == "/login" else logged_in(browser, base, office, Role.SUPERVISOR)
    )
    page = _ready(context)
    page.goto(base + where)
    assert _grave(page) == []
    context.close()


def test_a_refused_login_is_free_of_it(browser, office, base):
    page = _ready(browser.new_context(locale="zh-CN"))
    page.goto(f"{base}/login")
    page.locator("input[name=login]").fill("nobody")
    page.locator("input[name=password]").fill(factories.PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("alert").first.wait_for()
    assert _grave(page) == []
    page.context.close()


def test_a_fault_is_found(browser, office, base):
    page = _ready(logged_in(browser, base, office, Role.AUDITOR))
    page.goto(f"{base}/household/")
    page.evaluate("document.querySelector('main').append(document.createElement('select'))")
    assert [found.split(":")[0] for found in _grave(page)] == ["select-name"]
    page.context.close()
