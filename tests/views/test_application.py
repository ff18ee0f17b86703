"""The application form: nothing typed is lost, every problem stands beside its field, one sending makes one case."""

import re
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Draft, Household, Member, OwedPaper, User
from policy.vocabulary import Relation, Scheme, Sex, Stage
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of
from tests.views.answers import count
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

KEY = re.compile(r'name="key" value="([^"]+)"')
TYPIST = re.compile(r'<body data-user="([^"]+)"')
TODAY = START.date().isoformat()


def a_family(**fields: str) -> dict[str, str]:
    return {
        "scheme": "dibao", "village": factories.VILLAGE, "address": "3组12号", "area": "rural", "unit": "household",
        "members-0-name": "王小明", "members-0-id_no": factories.id_number(date(1950, 5, 17)),
        "members-0-relation": "head", "members-0-cohabiting": "yes",
        "income-0-whose": "n0", "income-0-kind": "pension_basic", "income-0-amount": "125.5", "income-0-per": "month",
        "pledged_on": TODAY, "authorised_on": TODAY, **fields,
    }  # fmt: skip


def send(browser, act: str = "submit", key: str = "", where: str = "/apply/", **fields: object):
    key = key or KEY.search(browser.get(where).get_data(as_text=True))[1]
    return browser.post("/apply/", data={"key": key, "act": act, **fields})


def home_on_file(app, village: str = factories.VILLAGE) -> tuple[int, str]:
    """A family on file: its number and its head's ID number."""
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        home = factories.household(session, village, members=2, head_name="张大山")
        found = home.id, home.members[0].id_no
        session.commit()
    return found


def the(app, model):
    with app.app_context():
        row = db.session.scalars(select(model)).one()
        db.session.expunge(row)
        return row


def test_a_new_family_becomes_a_case_in_applied_and_its_page_is_shown(app, clerk):
    answer = send(clerk, **a_family(papers=["id_card", "household_book"]))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/case/")
    case, person = the(app, Benefit), the(app, Member)
    assert (case.stage, case.scheme, case.persons) == (Stage.APPLIED, Scheme.DIBAO, 1)
    assert (case.pledged_on, case.authorised_on) == (START.date(), START.date())
    assert (person.birth, person.sex, person.cohabiting) == (date(1950, 5, 17), Sex.MALE, True)
    with app.app_context():
        line = db.session.get_one(Member, person.id).income[0]
        assert line.year_fen == 12_550 * 12
        papers = db.session.scalars(select(OwedPaper)).all()
        assert {(p.paper.value, p.told_on == p.filed_on) for p in papers} == {
            ("id_card", True),
            ("household_book", True),
        }
    page = clerk.get(answer.headers["Location"]).get_data(as_text=True)
    assert "王小明" in page
    assert case.case_no in page


def test_every_problem_is_told_at_once_beside_its_field_and_everything_typed_comes_back(app, clerk):
    wrong = a_family(
        **{"address": "", "members-0-id_no": "990001", "income-0-amount": "多少", "members-0-note": "腿脚不便"}
    )
    answer = send(clerk, **wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for field in ("address", "members-0-id_no", "income-0-amount"):
        assert f'id="{field}-wrong"' in page
        assert f'href="#{field}"' in page
    assert "王小明" in page and "腿脚不便" in page and "多少" in page and "990001" in page
    assert "data-focus" in page
    assert count(app, Benefit) == count(app, Household) == 0


def test_a_second_sending_shows_the_first_case_and_makes_no_other(app, clerk):
    key = KEY.search(clerk.get("/apply/").get_data(as_text=True))[1]
    family = a_family()
    first, second = (send(clerk, key=key, **family) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert count(app, Benefit) == 1


def test_what_was_typed_stays_after_a_refusal_and_the_same_key_is_not_needed(app, clerk):
    family = a_family(address="")
    page = send(clerk, **family).get_data(as_text=True)
    answer = send(clerk, key=KEY.search(page)[1], **{**family, "address": "4组"})
    assert answer.status_code == 303


def test_an_open_case_of_the_family_is_named_and_nothing_is_changed(app, clerk):
    home, _ = home_on_file(app)
    with app.app_context(), Session(db.engine) as session:
        number = factories.benefit(session, session.get_one(Household, home)).case_no
        session.commit()
    shown = clerk.get(f"/apply/?household={home}").get_data(as_text=True)
    seen = re.search(r'name="seen" value="([^"]+)"', shown)[1]
    fields = {"household": str(home), "seen": seen, "scheme": "dibao", "address": "新地址", "area": "rural"}
    answer = send(clerk, key=KEY.search(shown)[1], **fields)
    assert answer.status_code == 422
    assert number in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.get_one(Household, home).address != "新地址"


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_keeps_every_field_sealed_until_the_form_is_sent(app, clerk):
    family = a_family(**{"members-1-name": "李阿", "income-1-whose": "n1", "words": "去年患病", "causes": "illness"})
    saved = send(clerk, "save", **family)
    kept = the(app, Draft)
    assert (kept.title, saved.status_code) == ("王小明", 303)
    assert family["members-0-id_no"].encode() not in kept.content_sealed
    page = clerk.get(saved.headers["Location"]).get_data(as_text=True)
    for text in ("王小明", "李阿", "去年患病", "3组12号", "125.5"):
        assert text in page
    assert 'value="illness" checked' in page
    assert "1950-05-17" in page  # read from the ID number
    answer = send(clerk, where=saved.headers["Location"], draft=str(kept.id), **a_family())
    assert answer.status_code == 303
    assert count(app, Draft) == 0


def test_a_draft_saved_again_stays_one_draft_and_a_double_click_too(app, clerk):
    key = KEY.search(clerk.get("/apply/").get_data(as_text=True))[1]
    family = a_family()
    first, second = (send(clerk, "save", key=key, **family) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    again = send(
        clerk, "save", where=first.headers["Location"], draft=str(the(app, Draft).id), **a_family(address="改了")
    )
    assert again.headers["Location"] == first.headers["Location"]
    assert count(app, Draft) == 1


def test_a_draft_is_kept_even_when_its_key_was_used_before(app, clerk):
    key = KEY.search(clerk.get("/apply/").get_data(as_text=True))[1]
    send(clerk, "save", key=key, **a_family())
    assert send(clerk, "save", key=key, **a_family(address="别处")).status_code == 303
    assert count(app, Draft) == 2


def test_nobody_sees_or_throws_away_the_draft_of_another(app, ids, clerk):
    where = send(clerk, "save", **a_family()).headers["Location"]
    other = browser_of(app, ids["village_worker"])
    assert other.get(where).headers["Location"] == "/apply/"
    assert other.post(f"/apply/draft/{the(app, Draft).id}/remove/").status_code == 404
    assert "王小明" not in other.get("/apply/").get_data(as_text=True)
    assert clerk.post(f"/apply/draft/{the(app, Draft).id}/remove/").status_code == 302
    assert count(app, Draft) == 0


def test_who_was_moved_neither_opens_nor_sends_a_draft_of_the_former_place_and_is_told(app, ids, clerk, clock):
    where = send(clerk, "save", **a_family()).headers["Location"]
    draft, before = the(app, Draft), clerk.get("/apply/").get_data(as_text=True)

    def works_in(code):
        with app.app_context():
            audit.attribute(db.session, SYSTEM, clock())
            db.session.get_one(User, ids["township_officer"]).division_code = code
            db.session.commit()
        return browser_of(app, ids["township_officer"])

    moved = works_in(factories.XIAOER)
    page = moved.get("/apply/").get_data(as_text=True)
    kept_for = [TYPIST.search(html)[1] for html in (before, page)]
    assert kept_for == [f"{ids['township_officer']}-{town}" for town in (factories.XUNCHANG, factories.XIAOER)]
    assert "巡场镇" in page and "现在不能打开" in page and "王小明" not in page
    assert moved.get(where).headers["Location"] == "/apply/"
    assert "原工作地点" in moved.get("/apply/").get_data(as_text=True)
    send(moved, "save", draft=str(draft.id), **a_family(address="新地"))
    assert count(app, Draft) == 2  # what is kept there is a draft of its own, and the former one stays as it was
    back = works_in(factories.XUNCHANG)
    assert "王小明" in back.get(where).get_data(as_text=True)
    assert works_in(factories.XIAOER).post(f"/apply/draft/{draft.id}/remove/").status_code == 302
    assert count(app, Draft) == 1


# --- without script ---------------------------------------------------------------------------------------------------


def test_rows_are_added_and_removed_by_the_server_and_lines_follow_their_person(app, clerk):
    key = KEY.search(clerk.get("/apply/").get_data(as_text=True))[1]
    family = a_family(**{"members-1-name": "李阿", "income-1-whose": "n1", "income-1-amount": "77"})
    grown = clerk.post("/apply/", data={"key": key, "add_row": "members", **family}).get_data(as_text=True)
    assert 'name="members-2-name"' in grown
    shrunk = clerk.post("/apply/", data={"key": key, "remove_row": "members-0", **family}).get_data(as_text=True)
    assert "王小明" not in shrunk
    assert 'name="members-0-name" value="李阿"' in shrunk
    line = re.search(r'<select[^>]*name="income-1-whose".*?</select>', shrunk, re.DOTALL)[0]
    assert 'value="n0" selected' in line
    orphan = re.search(r'<select[^>]*name="income-0-whose".*?</select>', shrunk, re.DOTALL)[0]
    assert "selected" not in orphan


def test_an_enter_key_keeps_a_draft_and_sends_nothing(clerk):
    page = clerk.get("/apply/").get_data(as_text=True)
    form = page[page.index("data-apply") :]
    assert re.search(r'<button[^>]*name="act" value="(\w+)"', form)[1] == "save"


# --- families on file -------------------------------------------------------------------------------------------------


def test_a_family_is_found_by_its_heads_number_or_name_and_its_record_fills_the_form(app, clerk):
    home, number = home_on_file(app)
    for typed in (number, "张大山"):
        page = send(clerk, "find", find=typed).get_data(as_text=True)
        assert f'name="choose" value="{home}"' in page
        assert number not in page.replace(f'value="{number}"', "")
    page = clerk.post("/apply/", data={"choose": str(home), **a_family()}).get_data(as_text=True)
    assert f'name="household" value="{home}"' in page
    assert number not in page


def test_a_family_elsewhere_is_neither_found_nor_chosen(app, clerk):
    home, number = home_on_file(app, factories.OTHER_VILLAGE)
    assert "张大山" not in send(clerk, "find", find=number).get_data(as_text=True)
    assert clerk.post("/apply/", data={"choose": str(home)}).status_code == 404
    assert clerk.get(f"/apply/?household={home}").status_code == 404
    answer = send(clerk, **a_family(household=str(home)))
    assert answer.status_code == 422
    assert count(app, Benefit) == 0


def test_a_family_on_file_is_brought_up_to_date_and_newcomers_join_it(app, clerk):
    home, _ = home_on_file(app)
    shown = clerk.get(f"/apply/?household={home}").get_data(as_text=True)
    seen = re.search(r'name="seen" value="([^"]+)"', shown)[1]
    fields = a_family(household=str(home), seen=seen)
    fields["members-0-relation"] = "grandchild"
    answer = send(clerk, key=KEY.search(shown)[1], **fields)
    assert answer.status_code == 303
    with app.app_context():
        family = db.session.get_one(Household, home)
        assert (family.persons, family.address) == (3, "3组12号")
        assert [m.relation for m in family.members] == [Relation.HEAD, Relation.SON, Relation.GRANDCHILD]


def test_a_family_changed_since_the_form_was_opened_is_not_overwritten(app, clerk):
    home, _ = home_on_file(app)
    shown = clerk.get(f"/apply/?household={home}").get_data(as_text=True)
    seen = re.search(r'name="seen" value="([^"]+)"', shown)[1]
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        session.get_one(Household, home).address = "搬到镇上"
        session.commit()
    fields = {"household": str(home), "seen": seen, "scheme": "dibao", "address": "旧址", "area": "rural"}
    answer = send(clerk, key=KEY.search(shown)[1], **fields)
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.get_one(Household, home).address == "搬到镇上"


@pytest.mark.parametrize("role", ["township_approver", "county_reviewer", "supervisor", "auditor", "system_admin"])
def test_only_the_window_and_the_village_open_the_form(app, ids, role):
    assert browser_of(app, ids[role]).get("/apply/").status_code == 403
