"""The guided first day: five things of one's role on the sample county, remembered, put away, begun anew."""

import html
import re

import pytest

from policy.vocabulary import Role
from tests.signing_in import settle
from views.first_day import FIVE


def settle_sample(app):
    return settle(app, sample=True)


@pytest.fixture
def office(stand):
    return stand(settle_sample)


def desk(browser) -> str:
    return html.unescape(browser.get("/desk/").get_data(as_text=True))


def guide(page: str) -> list[str]:
    """The steps of the card."""
    if "第一天" not in page:
        return []
    return re.findall(r'name="step" value="(\w+)"', page)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_five_steps_that_lead_to_open_pages(role, office):
    browser = office.as_(role.value)
    steps = guide(desk(browser))
    assert steps == [step.key for step in FIVE[role]]
    assert len(steps) == 5
    for key in steps:
        answer = browser.post("/first-day/go", data={"step": key}, follow_redirects=True)
        assert answer.status_code == 200, key
    page = desk(browser)
    assert page.count("看过</span>") == 5
    assert "五项都看过了" in page


def test_what_was_seen_is_remembered_for_this_person_alone(office):
    browser = office.as_("township_officer")
    browser.post("/first-day/go", data={"step": "trial"})
    assert "1 / 5" in desk(office.as_("township_officer"))
    assert "0 / 5" in desk(office.as_("township_officer_2"))
    browser.post("/first-day/go", data={"step": "trial"})
    assert "1 / 5" in desk(browser)


def test_the_guide_is_put_away_and_begun_anew(office):
    browser = office.as_("supervisor")
    browser.post("/first-day/go", data={"step": "audit"})
    browser.post("/first-day/lay-aside")
    assert guide(desk(browser)) == []
    assert "重新开始第一天" in html.unescape(browser.get("/help/desk/").get_data(as_text=True))
    browser.post("/first-day/again")
    assert "0 / 5" in desk(browser)


@pytest.mark.parametrize("step", ["", "nothing", "users"])
def test_a_step_of_another_role_leads_nowhere(step, office):
    browser = office.as_("auditor")
    assert browser.post("/first-day/go", data={"step": step}).location == "/desk/"
    assert "0 / 5" in desk(browser)


def test_a_real_county_has_no_guide(stand):
    real = stand(settle)
    assert guide(desk(real.as_("supervisor"))) == []
