"""The page of who goes without and who receives without ground, its export, and relatives entered by list."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, NearRelative
from policy.vocabulary import DisabilityKind, Role
from tests import factories
from tests.signing_in import browser_of, settle
from tests.views.answers import text
from views import near_relatives
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

OFFICER, REVIEWER, VILLAGE = Role.TOWNSHIP_OFFICER, Role.COUNTY_REVIEWER, Role.VILLAGE_WORKER


@pytest.fixture
def office(app, clock):
    """Browsers by role, with one severely disabled member of a family on allowance in each of two townships."""
    ids = settle(app)
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clock())
        for village, name in ((factories.VILLAGE, "周春生"), (factories.OTHER_VILLAGE, "古秀兰")):
            home = factories.household(session, village, members=2)
            one = home.members[1]
            one.name, one.disability_kind, one.disability_level = name, DisabilityKind.LIMB, 1
            factories.benefit(session, home, authorised_on=date(2026, 1, 5))
        session.commit()
    return lambda role: browser_of(app, ids[str(role)], clock.at)


@pytest.mark.parametrize("which", ["living", "care"])
def test_each_list_names_who_lies_under_the_reader_and_leads_to_the_application(office, which):
    page = text(office(OFFICER).get(f"/entitlement/?list={which}"))
    assert "周春生" in page and "古秀兰" not in page
    assert f"scheme={which}_subsidy" in page
    assert "周春生" in text(office(REVIEWER).get(f"/entitlement/?list={which}"))
    assert "/apply/?" not in text(office(REVIEWER).get(f"/entitlement/?list={which}"))


@pytest.mark.parametrize("address", ["?list=children", "?list=lost", "?list=none", "?after=x~y", "?place=999999999"])
def test_a_list_without_anybody_or_an_odd_address_is_a_page_too(office, address):
    assert office(OFFICER).get(f"/entitlement/{address}").status_code == 200


def test_the_form_begins_with_the_scheme_and_the_person_of_the_list(office):
    page = text(office(OFFICER).get("/apply/?household=1&scheme=care_subsidy&member=2"))
    chosen = page.split('name="single"')[1].split("</select>")[0]
    assert 'value="m2" selected' in chosen


def test_an_export_says_what_for_and_stands_in_the_history(office, app):
    browser = office(REVIEWER)
    assert browser.post("/entitlement/export", data={"list": "care", "purpose": " "}).status_code == 422
    sheet = browser.post("/entitlement/export", data={"list": "care", "purpose": "入户核实"}).get_data(as_text=True)
    assert "周春生" in sheet and "古秀兰" in sheet
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
        assert (entry.reason, entry.after["list"]) == ("入户核实", "care")
    assert office(VILLAGE).post("/entitlement/export", data={"list": "care", "purpose": "看看"}).status_code == 403


def test_a_list_of_relatives_copied_from_a_sheet_goes_in(office, app):
    numbers = [factories.id_number() for _ in range(2)]
    lines = "姓名\t身份证号\t关系\t工作人员\t职务\t单位\n" + "\n".join(
        f"王某{n}\t{number}\t兄弟姐妹\t王干部\t低保经办\t{factories.XUNCHANG}" for n, number in enumerate(numbers)
    )
    answer = office(REVIEWER).post("/near-relatives/paste", data={"lines": lines}, follow_redirects=True)
    assert "2" in text(answer) and "王某1" in text(answer)
    with app.app_context():
        assert len(db.session.scalars(select(NearRelative)).all()) == 2


def test_what_is_wrong_with_a_list_is_said_by_line_and_kept(office, app):
    lines = f"王某\t{factories.id_number()}\t表兄\t王干部\t低保经办\t{factories.XUNCHANG}\n只有一列"
    answer = office(REVIEWER).post("/near-relatives/paste", data={"lines": lines})
    page = text(answer)
    assert answer.status_code == 422
    assert "第1行" in page and "第2行" in page and "只有一列" in page
    with app.app_context():
        assert db.session.scalars(select(NearRelative)).all() == []
    assert office(REVIEWER).post("/near-relatives/paste", data={"lines": " "}).status_code == 422


def test_a_list_longer_than_goes_in_at_once_is_refused_whole_and_says_so(office, app, monkeypatch):
    monkeypatch.setattr(near_relatives, "MOST_LINES", 2)
    lines = "\n".join(
        f"王某{n}\t{factories.id_number()}\t兄弟姐妹\t王干部\t低保经办\t{factories.XUNCHANG}" for n in range(3)
    )
    answer = office(REVIEWER).post("/near-relatives/paste", data={"lines": lines})
    assert answer.status_code == 422 and "共3行，一次最多登记2行" in text(answer)
    with app.app_context():
        assert db.session.scalars(select(NearRelative)).all() == []


def test_a_long_register_is_read_page_by_page_and_one_entry_is_ended_at_a_time(office, app):
    lines = "\n".join(
        f"王某{n}\t{factories.id_number()}\t兄弟姐妹\t王干部\t低保经办\t{factories.XUNCHANG}" for n in range(51)
    )
    office(REVIEWER).post("/near-relatives/paste", data={"lines": lines})
    answer = office(REVIEWER).get("/near-relatives/")
    page = text(answer)
    assert page.count("end=") == 50 and "王某0<" not in page and "page=2" in page
    assert len(answer.data) <= 60_000
    assert "王某0<" in text(office(REVIEWER).get("/near-relatives/?page=2"))
    asked = text(office(REVIEWER).get("/near-relatives/?end=1"))
    assert 'id="strike-1" aria-labelledby="strike-1-title" open' in asked
    assert 'id="strike-1"' not in text(office(OFFICER).get("/near-relatives/?end=1"))


def test_ended_entries_stand_on_a_page_of_their_own(office):
    assert office(OFFICER).get("/near-relatives/?ended=1").status_code == 200
