"""Nothing that axe calls serious or critical stands on any page of any role, folded parts and dialogs included."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.resources import files

import pytest
from playwright.sync_api import BrowserContext, Page

from policy.vocabulary import Role
from tests import factories
from tests.browser.county import addresses, import_address, logged_in, shape
from views.permissions import ROUTES

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => {
  for (const folded of document.querySelectorAll('main details')) folded.open = true;
  const found = await axe.run(document, { resultTypes: ['violations'] });
  const grave = found.violations.filter((v) => ['serious', 'critical'].includes(v.impact));
  const why = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message).join(' ');
  return grave.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 200)} (${why(n)})`));
}"""
STEP = ".act a.btn[href^='/case/']"
WAYS = (302, 303)
"""To a page: its new address, or where the form stands that is sent to this one."""
ANSWERS = (200, *WAYS, 404, 409)
"""A page, the way to one, nothing of that number, or a paper whose event is not there yet; each a page as well."""

FAMILIES = (*sorted({endpoint.partition(".")[0] for endpoint in ROUTES}), "steps", "papers of a case")
"""Pages by what they belong to; the last two are what a case links to."""


@pytest.fixture(scope="module")
def wanted(office):
    """Every address each role may open, by family, with what it is an example of."""
    found = defaultdict(list)
    for role in Role:
        for endpoint, where in addresses(office, role):
            found[_family(endpoint)].append((role, endpoint, where))
        if role in (Role.COUNTY_REVIEWER, Role.TOWNSHIP_OFFICER):
            found["importing"].append((role, "importing.page", import_address(office, role)))
    return found


def _family(endpoint: str) -> str:
    if not endpoint.startswith("/"):
        return endpoint.partition(".")[0]
    return "papers of a case" if "/paper" in endpoint else "steps"


def _ready(context: BrowserContext) -> Page:
    context.add_init_script(AXE)  # past the page's own policy, which lets no other script in
    return context.new_page()


def _grave(page: Page) -> list[str]:
    return page.evaluate(RUN)


def _unlike(pages: list[tuple[Role, str, str, set]]) -> Iterator[tuple[Role, str]]:
    """Pages that show between them all that any of them is built of; the richest first, so that few suffice."""
    known = defaultdict(set)
    for role, endpoint, where, built in sorted(pages, key=lambda page: -len(page[3])):
        if not built <= known[endpoint]:
            known[endpoint] |= built
            yield role, where


@pytest.mark.parametrize("family", FAMILIES)
def test_every_page_of_a_family_is_free_of_what_axe_calls_grave_for_every_role(family, browser, office, base, wanted):
    pages, answers = [], {}
    for role, endpoint, where in wanted[family]:
        answer = office.as_(role).get(where)
        answers[role, where] = answer.status_code
        if answer.mimetype == "text/html" and answer.status_code not in WAYS:  # nor a file to keep
            pages.append((role, endpoint, where, shape(answer.get_data(as_text=True))))
    with ExitStack() as closing:
        at, wrong = {}, {}
        for role, where in _unlike(pages):
            if role not in at:
                context = logged_in(browser, base, office, role)
                closing.callback(context.close)
                at[role] = _ready(context)
            at[role].goto(base + where)
            if grave := _grave(at[role]):
                wrong[role, where] = grave
    assert wrong == {}
    assert {where: status for where, status in answers.items() if status not in ANSWERS} == {}


def test_every_page_belongs_to_a_family(wanted):
    assert set(wanted) <= set(FAMILIES)
    sent_or_kept = {"first_day", "import_again", "recalculation_export"}  # forms and files alone, no page
    assert {family for family in FAMILIES if not wanted[family]} == sent_or_kept


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
