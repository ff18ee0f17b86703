"""The form of a visit: few taps when all is as last time, changes that call for a recheck, nothing recorded twice."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Attachment, Household, Visit
from policy.vocabulary import Change, Scheme, Stage, VisitKind
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of
from tests.workflows.test_attachments import JPG
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

KEY = re.compile(r'name="key" value="([^"]+)"')
DUE = START.date() + timedelta(days=20)


def family(app, village=factories.VILLAGE) -> dict[str, int]:
    """A family on 低保 with a planned visit: the numbers of its rows."""
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        home = factories.household(session, village)
        case = factories.benefit(session, home, Stage.ACTIVE)
        visit = Visit(
            household=home, kind=VisitKind.QUARTERLY, due_on=DUE, village_code=village, township_code=village[:9]
        )
        session.add(visit)
        session.commit()
        return {"home": home.id, "case": case.id, "visit": visit.id}


@pytest.fixture
def its(app, ids):
    return family(app)


def send(browser, ids, where, key="", **fields):
    key = key or KEY.search(browser.get(where).get_data(as_text=True))[1]
    usual = {"at_home": "yes", "consistent": "same", "surveyors": str(ids["village_worker"])}
    data = {"key": key, "row_version": "1", **usual, **fields}
    return browser.post(where, data=data, content_type="multipart/form-data")


def visits(app):
    with app.app_context():
        found = db.session.scalars(select(Visit).order_by(Visit.id)).all()
        for visit in found:
            assert visit.visitors is not None and visit.changes is not None  # read while the session is open
        db.session.expunge_all()
        return found


def test_a_planned_visit_is_done_with_two_taps_when_all_is_as_last_time(app, ids, worker, its):
    answer = send(worker, ids, f"/visit/{its['visit']}/record/")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/visit/{its['visit']}/")
    [visit] = visits(app)
    assert (visit.done_on, visit.consistent, visit.kind) == (START.date(), True, VisitKind.QUARTERLY)
    assert [one.user_id for one in visit.visitors] == [ids["village_worker"]]
    assert visit.found


def test_a_change_is_kept_and_the_page_offers_a_recheck_to_who_may_start_one(app, ids, worker, its):
    fields = {
        "consistent": "changed",
        "changes": ["income", "people"],
        "words": "儿子外出务工",
        "surveyor_name": "王支书",
    }
    where = send(worker, ids, f"/household/{its['home']}/visit/", kind="follow_up", **fields).headers["Location"]
    made = visits(app)[-1]
    assert {c.change for c in made.changes} == {Change.INCOME, Change.PEOPLE}
    assert {one.name for one in made.visitors} > {"王支书"}
    recheck = f"/case/{its['case']}/start_recheck/"
    assert recheck in worker.get(where).get_data(as_text=True)
    assert recheck not in browser_of(app, ids["auditor"]).get(where).get_data(as_text=True)


def test_every_case_that_knows_a_recheck_is_offered_one(app, ids, worker, its):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        home = session.get(Household, its["home"])
        care = factories.benefit(session, home, Stage.ACTIVE, scheme=Scheme.TEKUN).id
        once = factories.benefit(session, home, Stage.ACTIVE, scheme=Scheme.TEMPORARY).id
        session.commit()
    fields = {"consistent": "changed", "changes": "health", "words": "住院"}
    where = send(worker, ids, f"/household/{its['home']}/visit/", kind="follow_up", **fields).headers["Location"]
    page = worker.get(where).get_data(as_text=True)
    assert all(f"/case/{case}/start_recheck/" in page for case in (its["case"], care))
    assert f"/case/{once}/start_recheck/" not in page


def test_what_changed_without_anybody_coming_or_going_is_told_by_a_visit_that_found_it(worker, its):
    menu = worker.get(f"/household/{its['home']}/happen/").get_data(as_text=True)
    where = f"/household/{its['home']}/visit/?consistent=changed"
    assert f'href="{where}"' in menu
    form = worker.get(where).get_data(as_text=True)
    assert re.search(r'name="consistent" value="changed"[^>]* checked', form)
    assert re.search(r'name="surveyors" value="\d+" checked', form)


def test_the_record_calls_an_answer_what_the_form_calls_it(app, ids, worker, its):
    where = send(worker, ids, f"/household/{its['home']}/visit/").headers["Location"]
    assert all("与上次一致" in worker.get(page).get_data(as_text=True) for page in (where, "/visit/"))


def test_all_as_last_time_offers_no_recheck(app, ids, worker, its):
    where = send(worker, ids, f"/visit/{its['visit']}/record/").headers["Location"]
    assert "start_recheck" not in worker.get(where).get_data(as_text=True)


def test_nobody_at_home_is_a_visit_without_an_answer(app, ids, worker, its):
    send(worker, ids, f"/visit/{its['visit']}/record/", at_home="no", met="张三")
    [visit] = visits(app)
    assert (visit.at_home, visit.consistent, visit.met) == (False, None, "")


@pytest.mark.parametrize(("fields", "field"), [
    ({"surveyors": ""}, "surveyors"),
    ({"consistent": ""}, "consistent"),
    ({"consistent": "changed", "words": "变了"}, "consistent"),
    ({"consistent": "changed", "changes": "income"}, "words"),
    ({"day": (START.date() + timedelta(days=1)).isoformat()}, "day"),
    ({"day": "2026-02-30"}, "day"),
])  # fmt: skip
def test_what_is_missing_is_told_beside_it_and_what_was_typed_comes_back(app, ids, worker, its, fields, field):
    answer = send(worker, ids, f"/visit/{its['visit']}/record/", met="王大娘", **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-wrong"' in page
    assert "王大娘" in page
    assert visits(app)[0].done_on is None


def test_words_are_asked_for_only_once_it_is_clear_that_something_changed(app, ids, worker, its):
    page = send(worker, ids, f"/visit/{its['visit']}/record/", consistent="").get_data(as_text=True)
    assert 'id="consistent-wrong"' in page
    assert 'id="words-wrong"' not in page


def test_photos_go_with_the_visit_or_neither_is_kept(app, ids, worker, its):
    where = f"/visit/{its['visit']}/record/"
    bad = send(worker, ids, where, photos=[(io.BytesIO(JPG), "好.jpg"), (io.BytesIO(b"MZ"), "坏.jpg")])
    assert bad.status_code == 422
    assert "坏.jpg" in bad.get_data(as_text=True)
    assert visits(app)[0].done_on is None
    good = send(worker, ids, where, photos=[(io.BytesIO(JPG), "门口.jpg"), (io.BytesIO(JPG + b"2"), "屋内.jpg")])
    assert "门口.jpg" in worker.get(good.headers["Location"]).get_data(as_text=True)
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Attachment.visit_id == its["visit"])) == 2


def test_a_double_click_records_one_visit(app, ids, worker, its):
    where = f"/household/{its['home']}/visit/"
    key = KEY.search(worker.get(where).get_data(as_text=True))[1]
    answers = [send(worker, ids, where, key=key).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(visits(app)) == 2  # the planned one, and this


def test_what_was_written_once_and_sent_from_two_windows_is_one_visit(app, ids, worker, its):
    where = f"/household/{its['home']}/visit/"
    told = {"consistent": "changed", "changes": ["income", "health"], "words": "儿子外出务工"}

    def photo(name):
        return {"photos": [(io.BytesIO(JPG + name.encode()), name)]}

    first = send(worker, ids, where, **told, **photo("门口.jpg")).headers["Location"]
    again = send(worker, ids, where, **told, **photo("门口.jpg"))
    assert again.headers["Location"] == first and "未重复提交" in worker.get(first).get_data(as_text=True)
    for other in ({"words": "儿子外出务工了"}, {"changes": "income"}, {"day": f"{START.date() - timedelta(days=1)}"}):
        assert send(worker, ids, where, **{**told, **other}).headers["Location"] != first
    assert send(worker, ids, where, **told, **photo("屋内.jpg")).headers["Location"] != first, "a photo is not lost"
    officer = browser_of(app, ids["township_officer"])
    assert send(officer, ids, where, **told).headers["Location"] != first, "somebody else was there too"
    assert len(visits(app)) == 7  # the planned one, and these


def test_a_visit_that_another_recorded_meanwhile_is_not_recorded_again(app, ids, worker, its):
    where = f"/visit/{its['visit']}/record/"
    key = KEY.search(worker.get(where).get_data(as_text=True))[1]
    send(browser_of(app, ids["township_officer"]), ids, where, words="先到一步")
    assert send(worker, ids, where, key=key).status_code in (409, 422)
    assert visits(app)[0].found == "先到一步"


def test_a_visit_called_off_while_somebody_was_on_the_way_is_kept_as_one_that_nobody_planned(app, ids, worker, its):
    where = f"/visit/{its['visit']}/record/"
    form = worker.get(where).get_data(as_text=True)
    with app.app_context():
        audit.attribute(db.session(), SYSTEM, START)
        db.session.delete(db.session.get_one(Visit, its["visit"]))
        db.session.commit()
    home = re.search(r'name="home" value="(\d+)"', form)[1]
    assert send(worker, ids, where, KEY.search(form)[1], home=home).status_code == 303
    [visit] = visits(app)
    assert (visit.household_id, visit.due_on, visit.done_on) == (its["home"], None, START.date())
    assert visit.kind is VisitKind.FOLLOW_UP


def test_a_visit_that_is_gone_is_not_kept_for_a_family_elsewhere(app, ids, worker, its):
    elsewhere = family(app, "511526101001")
    answer = send(worker, ids, f"/visit/{elsewhere['visit'] + 1}/record/", "k", home=str(elsewhere["home"]))
    assert answer.status_code == 404
    assert all(visit.done_on is None for visit in visits(app))


def test_a_family_elsewhere_is_not_visited_from_here(app, ids, worker):
    there = family(app, factories.OTHER_VILLAGE)
    for where in (f"/household/{there['home']}/visit/", f"/visit/{there['visit']}/record/"):
        assert worker.get(where).status_code == 404
        assert worker.post(where, data={}).status_code == 404


def test_asking_for_the_head_of_a_form_alone_is_reading_it(app, worker, its):
    forms = (
        "/apply/",
        "/trial/",
        "/leads/new",
        f"/household/{its['home']}/visit/",
        f"/case/{its['case']}/start_recheck/",
    )
    assert {where: worker.head(where).status_code for where in forms} == dict.fromkeys(forms, 200)
    assert app.test_client().head("/login").status_code == 200
