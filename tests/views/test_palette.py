"""Ctrl+K as the server sees it: pages of the reader, people in reach and masked, steps that are lawful here and now."""

import html
import re

import pytest

from policy.vocabulary import Action, Role
from tests import factories

A = Action
OFFICER = Role.TOWNSHIP_OFFICER


def entries(clerks, who=OFFICER, at=""):
    return clerks.browser(who).get("/palette/", query_string={"at": at}).get_json()["entries"]


def find(clerks, typed, who=OFFICER):
    answer = clerks.browser(who).post("/palette/", data={"q": typed})
    assert answer.status_code == 200
    return answer.get_json()["entries"]


@pytest.mark.parametrize("who", [*Role])
def test_the_pages_are_those_of_the_readers_menu_and_every_one_opens(who, clerks):
    found = entries(clerks, who)
    assert found
    for entry in found:
        assert clerks.browser(who).get(entry["url"], follow_redirects=True).status_code == 200, entry


def test_a_page_is_found_by_the_initials_of_its_pinyin(clerks):
    keys = {entry["label"]: entry["keys"] for entry in entries(clerks)}
    assert "gzt" in keys["工作台"].split()


def test_on_a_case_its_lawful_steps_come_first_and_the_unlawful_are_not_offered(clerks):
    clerks.to_review()
    found = entries(clerks, at=f"/case/{clerks.id}/")
    steps = [entry["url"] for entry in found if entry["group"] == "此案可办步骤"]
    assert f"/case/{clerks.id}/record_survey/" in steps
    assert f"/case/{clerks.id}/post_notice/" not in steps
    assert found[0]["group"] == "此案可办步骤"
    assert not [e for e in entries(clerks, Role.AUDITOR, f"/case/{clerks.id}/") if e["group"] == "此案可办步骤"]


def test_on_a_family_what_may_be_begun_for_it_comes_first_and_opens(clerks):
    clerks.to_review()
    home = clerks.row().household_id
    offered = [entry for entry in entries(clerks, at=f"/household/{home}/") if entry["group"] == "该户可办事项"]
    names = [entry["label"] for entry in offered]
    assert names[:2] == ["登记申请", "登记走访"] and {"出生", "死亡", "分户", "迁往本县其他乡镇"} <= set(names)
    assert all(clerks.browser(OFFICER).get(entry["url"]).status_code == 200 for entry in offered)
    assert not [e for e in entries(clerks, Role.AUDITOR, f"/household/{home}/") if e["group"] == "该户可办事项"]
    assert not [e for e in entries(clerks, at="/household/999999/") if e["group"] == "该户可办事项"]


@pytest.mark.parametrize("at", ["/case/999999/", "/case/x/", "/household/1/", "/case/99999999999999/", "'"])
def test_elsewhere_there_are_no_steps(at, clerks):
    assert not [entry for entry in entries(clerks, at=at) if entry["group"] == "此案可办步骤"]


def test_a_case_of_another_township_gives_no_steps_away(clerks):
    clerks.apply(village=factories.OTHER_VILLAGE, by="township_officer_2")
    assert not [e for e in entries(clerks, at=f"/case/{clerks.id}/") if e["group"] == "此案可办步骤"]


def test_people_are_found_by_name_initials_and_number_within_reach_and_never_shown_with_their_number(clerks):
    from sqlalchemy.orm import Session

    from models import Benefit
    from views.db import db

    clerks.apply()
    with clerks.app.app_context(), Session(db.engine) as session:
        head = session.get_one(Benefit, clerks.id).household.members[0]
        name, number, home = head.name, head.id_no, head.household_id
    for typed in (name, number, number[-4:]):
        [hit] = [entry for entry in find(clerks, typed) if entry["label"] == name]
        assert hit["url"].startswith(f"/household/{home}/")
        assert number not in str(hit)
        assert number[-4:] in hit["note"]
    assert find(clerks, name, "township_officer_2") == []
    assert find(clerks, number, "township_officer_2") == []


def test_a_case_number_leads_to_its_case(clerks):
    clerks.apply()
    [hit] = find(clerks, clerks.row().case_no)
    assert hit["url"] == f"/case/{clerks.id}/"


@pytest.mark.parametrize("typed", ["", " ", "%", "无此人", "9" * 80])
def test_what_names_nobody_finds_nobody(typed, clerks):
    clerks.apply()
    assert find(clerks, typed) == []


def test_administrators_see_no_people(clerks):
    assert clerks.browser(Role.SYSTEM_ADMIN).post("/palette/", data={"q": "张"}).status_code == 403


def test_without_script_a_page_has_the_search_and_every_page(clerks):
    page = html.unescape(clerks.browser(OFFICER).get("/search/").get_data(as_text=True))
    main = page.partition("<main")[2]
    assert 'role="search"' in main
    assert set(re.findall(r'<li><a href="([^"]+)"', main)) >= {entry["url"] for entry in entries(clerks)}
    desk = clerks.browser(OFFICER).get("/desk/").get_data(as_text=True)
    assert re.search(r'href="/search/" data-palette="/palette/"', desk)
