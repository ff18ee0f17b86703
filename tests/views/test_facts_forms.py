"""The facts that rules ask for, in the forms of a family, its people and obligors, and on their pages."""

import pytest
from sqlalchemy import select

from models import Household, HouseholdTag, Member, Obligor
from policy.vocabulary import Absence, Mode, Role, StudyLevel, Subject, Tag
from tests.views.answers import text
from tests.views.editing import get, send


def _other(office, own):
    of_family = select(Member.id).where(Member.household_id == own["household"], Member.id != own["member"])
    return office.read(lambda session: session.scalars(of_family).first())


def test_a_member_is_corrected_and_shown_with_the_further_facts(office, own, supervisor):
    other, where = _other(office, own), f"/member/{own['member']}/edit/"
    typed = {
        "study": "bachelor", "study_full_time": "yes", "absence": "missing", "cares_for_id": str(other),
        "self_care_unmet": "4", "refused_work": "3", "support_mode": "home",
    }  # fmt: skip
    assert send(supervisor, where, **typed).status_code == 302
    row = get(office, Member, own["member"])
    assert (row.study, row.study_full_time, row.absence) == (StudyLevel.BACHELOR, True, Absence.MISSING)
    assert (row.cares_for_id, row.self_care_unmet, row.refused_work) == (other, 4, 3)
    assert row.support_mode is Mode.HOME
    page = text(supervisor.get(f"/member/{own['member']}/"))
    assert "更多情况" in page and "失踪" in page and get(office, Member, other).name in page


def test_only_the_rest_of_the_family_can_be_cared_for(office, own, supervisor):
    where = f"/member/{own['member']}/edit/"
    for wrong in (own["member"], 9999):
        assert send(supervisor, where, cares_for_id=str(wrong)).status_code == 422
    assert get(office, Member, own["member"]).cares_for_id is None


@pytest.mark.parametrize(("unmet", "good"), [("6", True), ("7", False)])
def test_self_care_has_six_items(unmet, good, office, own, supervisor):
    answer = send(supervisor, f"/member/{own['member']}/edit/", self_care_unmet=unmet)
    assert (answer.status_code == 302) is good


def test_a_member_of_whom_nothing_further_is_known_shows_no_empty_card(own, supervisor):
    assert "更多情况" not in text(supervisor.get(f"/member/{own['member']}/"))


def test_a_family_bears_marks(office, own, supervisor):
    where = f"/household/{own['household']}/edit/"
    assert send(supervisor, where, tags=["watch", "disaster"], dishonest_until="2027-01-31").status_code == 302
    row = get(office, Household, own["household"])
    assert row.dishonest_until is not None and row.dishonest_until.isoformat() == "2027-01-31"
    assert "防返贫监测对象" in text(supervisor.get(f"/household/{own['household']}/"))
    assert send(supervisor, where, tags=["watch"]).status_code == 302
    assert office.read(lambda session: session.scalars(select(HouseholdTag.tag)).all()) == [Tag.WATCH]


def test_an_obligor_is_corrected_with_means(office, own, supervisor):
    where = f"/obligor/{own['obligor']}/edit/"
    typed = {"agreed_month_fen": "85", "supports": "2", "receives": "edge", "property_ok": "no"}
    assert send(supervisor, where, **typed).status_code == 302
    row = get(office, Obligor, own["obligor"])
    assert (row.agreed_month_fen, row.supports, row.receives, row.property_ok) == (8_500, 2, Subject.EDGE, False)
    assert send(supervisor, where, disability_kind="limb").status_code == 422


def test_an_officer_brings_facts_up_to_date_before_the_case_is_calculated(office, own):
    officer, id = office.as_(Role.TOWNSHIP_OFFICER), own["member"]
    answer = send(officer, f"/member_facts/{id}/edit/", employment="unemployed", illness="major", refused_work="1")
    assert answer.status_code == 302
    row = get(office, Member, id)
    assert (row.employment, row.illness, row.refused_work) == ("unemployed", "major", 1)
    assert send(officer, f"/income_line/{own['income_line']}/edit/", year_fen="999").status_code == 302
    assert officer.get(f"/member/{id}/edit/").status_code == 403


@pytest.mark.parametrize("role", [Role.VILLAGE_WORKER, Role.TOWNSHIP_APPROVER, Role.AUDITOR])
def test_others_change_no_facts(role, office, own):
    assert office.as_(role).get(f"/member_facts/{own['member']}/edit/").status_code == 403


def test_the_form_of_facts_changes_nothing_of_who_somebody_is(office, own):
    officer, id = office.as_(Role.TOWNSHIP_OFFICER), own["member"]
    before = get(office, Member, id)
    send(officer, f"/member_facts/{id}/edit/", name="别人", birth="1999-01-01", workplace="砖厂")
    after = get(office, Member, id)
    assert (after.name, after.birth, after.workplace) == (before.name, before.birth, "砖厂")
