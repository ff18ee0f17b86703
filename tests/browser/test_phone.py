"""On a phone of 360 pixels nothing has to be pushed sideways, the menu needs no script, a thumb meets its target."""

import pytest

from policy.vocabulary import Role
from tests.browser.county import import_address, logged_in

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
V, T, P, C, S = (
    Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.COUNTY_REVIEWER, Role.SUPERVISOR,
)  # fmt: skip
LISTS = ("/household/", "/member/", "/benefit/?stage=open", "/visit/?due=soon", "/owed_paper/", "/near-relatives/")
FAMILY = ("/household/{household}/", "/member/{member}/", "/visit/{visit}/", "/case/{benefit}/")
WORK = ("/apply/", "/household/{household}/visit/", "/visit/{visit}/record/", "/household/{household}/happen/marriage/")
STEPS = ("/case/{benefit}/start_recheck/", "/case/20/record_survey/", "/case/20/give_opinion/", "/case/20/")
WALKED = {
    V: ("/desk/", *LISTS, *FAMILY, *WORK, *STEPS),
    T: ("/desk/", "/desk/queue", *FAMILY[:1], *WORK[:2], *STEPS, "/papers/notice/", "/import/"),
    P: ("/desk/", *STEPS[:1]),
    C: ("/desk/", LISTS[0], FAMILY[3], "/files/case/{benefit}/", "/import/", "/account/", "/help/machine"),
    S: ("/desk/", "/audit/", "/household/{household}/history/", "/household/{household}/edit/"),
    Role.SYSTEM_ADMIN: ("/desk/", "/users/", "/users/new", "/divisions/"),
}
TOO_WIDE = """() => {
  const width = window.innerWidth, over = [];
  if (document.scrollingElement.scrollWidth <= width) return over;
  for (const one of document.querySelectorAll('body *')) {
    if (one.getBoundingClientRect().right > width + 1) over.push(one.outerHTML.slice(0, 160));
  }
  return [`${document.scrollingElement.scrollWidth} > ${width}`, ...over.slice(0, 5)];
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll('form[data-visit] :is(.choice, input, select, textarea, .btn)')]
  .filter((one) => one.checkVisibility() && !['hidden', 'checkbox', 'radio'].includes(one.type))
  .filter((one) => one.getBoundingClientRect().height < 48)
  .map((one) => `${Math.round(one.getBoundingClientRect().height)} px: ${one.outerHTML.slice(0, 120)}`)"""


@pytest.mark.parametrize("role", WALKED)
def test_nothing_scrolls_sideways(role, browser, office, base):
    context = logged_in(browser, base, office, role, **PHONE)
    page, wide, answers = context.new_page(), {}, {}
    pages = [where.format(**office.made.own) for where in WALKED[role]]
    if role is C:
        pages.append(import_address(office, role))
    for where in pages:
        answers[where] = page.goto(base + where).status
        if over := page.evaluate(TOO_WIDE):
            wide[where] = over
    context.close()
    assert wide == {}
    assert set(answers.values()) == {200}, answers


def test_case_numbers_in_the_list_of_papers_stay_inside_their_cell(browser, office, base):
    context = logged_in(browser, base, office, T, **PHONE)
    page = context.new_page()
    page.goto(f"{base}/papers/many/")
    told = page.locator(".rows td.nw a").evaluate_all("all => all.map((one) => one.innerText)")
    wide = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText)"
    cut = page.locator(".rows td").evaluate_all(wide)
    context.close()
    assert told and cut == []


def test_a_wide_thing_is_found(browser, office, base):
    context = logged_in(browser, base, office, V, **PHONE)
    page = context.new_page()
    page.goto(f"{base}/desk/")
    page.evaluate("Object.assign(document.querySelector('main').appendChild(new Image()), {width: 500, alt: ''})")
    assert "500" in page.evaluate(TOO_WIDE)[-1]
    context.close()


def test_the_menu_opens_and_leads_on_without_script(browser, office, base):
    context = logged_in(browser, base, office, V, java_script_enabled=False, **PHONE)
    page = context.new_page()
    page.goto(f"{base}/desk/")
    page.locator("summary", has_text="菜单").click()
    page.locator("details.menu a[href='/household/']").click()
    page.wait_for_url("**/household/**")
    assert page.locator("main h1").is_visible()
    context.close()


@pytest.mark.parametrize("where", ["/household/{household}/visit/", "/visit/{visit}/record/"])
def test_every_target_of_the_visit_form_is_large_enough_for_a_thumb(where, browser, office, base):
    context = logged_in(browser, base, office, V, **PHONE)
    page = context.new_page()
    page.goto(base + where.format(**office.made.own))
    assert page.evaluate(SMALL_TARGETS) == []
    page.locator("[name=consistent][value=changed]").check()
    assert page.locator("[name=changes]").first.is_visible()
    assert page.evaluate(SMALL_TARGETS) == []
    ticks = page.locator("form[data-visit] :is([type=checkbox], [type=radio])")
    assert ticks.count() == page.locator("form[data-visit] .choice :is([type=checkbox], [type=radio])").count() > 5
    context.close()


def test_the_phone_number_of_a_found_family_is_typed_on_the_keys_of_a_telephone(browser, office, base):
    context = logged_in(browser, base, office, V, **PHONE)
    page = context.new_page()
    page.goto(f"{base}/leads/new")
    keys = page.locator("[name=phone]").evaluate("(one) => [one.type, one.inputMode]")
    context.close()
    assert keys == ["tel", "tel"]
