"""Papers of a case whose family moved to another township: who has it now issues them, nobody else reads of it."""

import re

import pytest
from sqlalchemy.orm import Session

from models import Benefit, Event
from policy.vocabulary import Action, Scheme, Stage, Unit
from tests import factories
from tests.views.case_papers import papers_of, plain
from tests.views.clerks import OFFICER, VILLAGE, Clerks
from tests.views.happenings import KEY, VERSION, here, send
from tests.views.test_papers_aside import again, get, leave
from tests.views.test_papers_lists import received
from views.db import db
from workflows import audit, case_guard
from workflows.actor import SYSTEM
from workflows.person_cases import go_along

THERE = "township_officer_2"
WHY = "本人已在新址当面签收"


def move(clerks: Clerks) -> None:
    """The family of the case at hand goes over to the other township, which accepts it and renames its head."""
    home = clerks.row().household_id
    told = {"village": factories.OTHER_VILLAGE, "address": "一组7号", "words": "搬家"}
    where = send(clerks.browser(OFFICER), here(home, "handover"), on=clerks.clock().date().isoformat(), **told).location
    page = get(clerks, where, THERE)
    sent = {"key": KEY.search(page)[1], "row_version": VERSION.search(page)[1]}
    assert clerks.browser(THERE).post(f"{where}accept", data=sent).status_code == 303
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock(), "试")
        session.get_one(Benefit, clerks.id).household.head_name = "新户主"
        session.commit()


def tile(clerks: Clerks, who) -> list[str]:
    return re.findall(r"待出具文书(\d+)", plain(get(clerks, "/desk/", who)).replace(" ", ""))


def listed(clerks: Clerks, who, state: str = "todo") -> list[str]:
    return re.findall(r'name="paper" value="(receipt:\d+)"', get(clerks, f"/papers/many/?state={state}", who))


def test_who_has_the_case_now_has_its_letter_to_issue(clerks):
    key = received(clerks)
    assert (tile(clerks, OFFICER), tile(clerks, THERE)) == (["1"], [])
    number = clerks.row().case_no
    assert number in get(clerks, "/papers/many/", VILLAGE)
    move(clerks)
    assert (tile(clerks, OFFICER), tile(clerks, THERE)) == ([], ["1"])
    assert (listed(clerks, OFFICER), listed(clerks, THERE)) == ([], [key])
    assert number not in get(clerks, "/papers/many/", VILLAGE)
    assert clerks.browser(OFFICER).post("/papers/many/", data={"paper": [key]}).status_code == 404
    assert clerks.browser(THERE).post("/papers/many/", data={"paper": [key]}).status_code == 303
    assert tile(clerks, THERE) == [] and [paper.township_code for paper in papers_of(clerks)] == [factories.XIAOER]


def alone(clerks: Clerks) -> str:
    """Somebody's own case was received, and that person lives in a family of the other township by now."""
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock(), "试")
        person = factories.household(session, members=2).members[1]
        case = factories.benefit(session, person.household, Stage.ACCEPTED, scheme=Scheme.TEKUN, unit=Unit.SINGLE,
                                 member=person, persons=1, accepted_on=clerks.clock().date())  # fmt: skip
        step = factories.keep(session, Event(
            benefit=case, action=Action.ACCEPT, to_stage=Stage.ACCEPTED, at=clerks.clock(), actor_name="测试", data={},
            township_code=case.township_code, village_code=case.village_code,
        ))  # fmt: skip
        session.commit()
        audit.attribute(session, SYSTEM, clerks.clock(), "试")
        factories.leave(session, person, clerks.clock().date())
        there = factories.household(session, factories.OTHER_VILLAGE)
        told = {"id_no": person.id_no, "birth": person.birth, "sex": person.sex, "joined_on": person.left_on}
        factories.member(session, there, **told)
        with case_guard.taking(session, case):
            assert go_along(session, case)
        session.commit()
        clerks.id = case.id
        return f"receipt:{step.id}"


def test_the_letter_of_one_person_s_case_is_to_be_issued_by_where_that_person_lives_now(clerks):
    key = alone(clerks)
    assert (tile(clerks, OFFICER), tile(clerks, THERE)) == ([], ["1"])
    assert (listed(clerks, OFFICER), listed(clerks, THERE)) == ([], [key])
    assert key in get(clerks, f"/papers/many/?place={factories.OTHER_VILLAGE}", "county_reviewer")
    assert clerks.browser(THERE).post("/papers/many/", data={"paper": [key]}).status_code == 303
    assert (tile(clerks, THERE), len(papers_of(clerks))) == ([], 1)


@pytest.mark.parametrize("place", ["", factories.XIAOER, factories.OTHER_VILLAGE])
def test_the_county_finds_a_letter_where_its_case_is(clerks, place):
    key = received(clerks)
    move(clerks)
    county = "county_reviewer"
    assert key in get(clerks, f"/papers/many/?place={place}", county)
    assert key not in get(clerks, f"/papers/many/?place={factories.XUNCHANG}", county)
    assert key not in get(clerks, f"/papers/many/?place={factories.VILLAGE}", county)


def test_why_a_letter_is_not_issued_is_read_where_its_case_is_alone(clerks):
    key = received(clerks)
    move(clerks)
    assert leave(clerks, [key], WHY, THERE).status_code == 303
    assert WHY in get(clerks, "/papers/many/?state=aside", THERE)
    seen = get(clerks, "/papers/many/?state=aside")
    assert WHY not in seen and "新户主" not in seen
    assert again(clerks, [key], THERE).status_code == 303 and tile(clerks, THERE) == ["1"]


def test_a_letter_set_aside_before_the_move_is_owed_again_by_who_has_the_case(clerks):
    key = received(clerks)
    leave(clerks, [key], WHY)
    move(clerks)
    assert (listed(clerks, OFFICER, "aside"), listed(clerks, THERE, "aside")) == ([], [key])
    assert again(clerks, [key]).status_code == 404
    assert again(clerks, [key], THERE).status_code == 303 and tile(clerks, THERE) == ["1"]


def test_who_issued_a_letter_before_the_move_reads_its_own_number_and_the_name_of_then(clerks):
    key = received(clerks)
    clerks.browser(OFFICER).post("/papers/many/", data={"paper": [key]})
    [first] = papers_of(clerks)
    name = first.addressee
    move(clerks)
    sent = {"after": first.id, "why": "改地址"}
    answer = clerks.browser(THERE).post(f"/case/{clerks.id}/paper/receipt/issue/?event={key[8:]}", data=sent)
    assert answer.status_code == 303 and len(papers_of(clerks)) == 2
    former, present = (get(clerks, "/papers/many/?state=done", who) for who in (OFFICER, THERE))
    assert "巡民救〔2026〕1号" in former and f'value="{first.id}"' in former and name in former
    assert f'value="{papers_of(clerks)[1].id}"' not in former and "新户主" not in former
    assert f'href="/case/{clerks.id}/' not in former
    assert "新户主" in present and "巡民救〔2026〕1号" not in present
