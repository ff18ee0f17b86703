"""A chart that is printed says what its colours mean, in words large enough to be read."""

from playwright.sync_api import Browser

from policy.vocabulary import Role
from tests.browser import county
from tests.views.standing import Standing

PAPER = {"width": 680, "height": 960}  # A4 within its margins, in CSS pixels
SHOWN = """() => [...document.querySelectorAll('.chart')].map((chart) => {
  const swatch = getComputedStyle(chart.querySelector('.series li'), '::before');
  const words = [...chart.querySelectorAll('text')].map((one) => one.getBoundingClientRect());
  const edge = chart.querySelector('svg').getBoundingClientRect();
  const large = Math.min(...words.map((one) => one.height)) >= 12;
  return [swatch.printColorAdjust, getComputedStyle(chart).breakInside, large,
    words.every((one) => one.left >= edge.left - 1 && one.right <= edge.right + 1)];
})"""


def test_a_printed_chart_tells_its_colours_apart_and_can_be_read(browser: Browser, base: str, office: Standing) -> None:
    where = dict(county.addresses(office, Role.COUNTY_APPROVER))["simulation.page"]
    context = county.logged_in(browser, base, office, Role.COUNTY_APPROVER, viewport=PAPER)
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(base + where)
    found = page.evaluate(SHOWN)
    tabs = page.locator("main .tabs a:visible").all_inner_texts()
    context.close()
    assert found and all(one == ["exact", "avoid", True, True] for one in found), found
    assert len(tabs) == 1  # which of the families the table below lists
