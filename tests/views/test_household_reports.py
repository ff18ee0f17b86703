"""What a village or another township asks of an office for a family: told, answered with a reason, carried out once."""

import re

import pytest
from sqlalchemy import select

from models import Benefit, Event, Household, HouseholdReport, HouseholdTask, Member
from policy.vocabulary import Action, Scheme, Stage
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of
from tests.views.answers import text
from tests.views.happenings import KEY, VERSION, WORDS, carried, family, here, read, send, state
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM


@pytest.fixture
def elsewhere(app, ids):
    """The officer of the other township."""
    return browser_of(app, ids["township_officer_2"])


def test_whoever_is_on_file_in_another_township_is_asked_for_there_and_then_comes(app, home, clerk):
    _far, people, _ = family(app, factories.OTHER_VILLAGE, stage=None, head_name="外乡")
    number = _number_of(app, people[2])
    fields = {"members-0-name": "儿子", "members-0-relation": "child_in_law", "members-0-cohabiting": "yes",
              "members-0-id_no": number, **WORDS}  # fmt: skip
    refused = text(send(clerk, here(home[0], "marriage"), **fields))
    assert "先由该乡镇登记“离开家庭”" in refused and 'value="ask_elsewhere"' in refused
    assert send(clerk, here(home[0], "marriage"), act="ask_elsewhere", **fields).status_code == 303
    assert read(app, select(HouseholdReport.township_code)) == [factories.OTHER_VILLAGE[:9]]
    again = text(send(clerk, here(home[0], "marriage"), act="ask_elsewhere", **fields))
    assert "对方还没有答复" in again


def test_who_left_for_a_family_here_waits_on_its_desk_until_entered_or_given_up(app, home, clerk, elsewhere):
    far, people, _ = family(app, factories.OTHER_VILLAGE, stage=None, head_name="远处")
    fields = {"members-0-name": "儿子", "members-0-relation": "child_in_law", "members-0-cohabiting": "yes",
              "members-0-id_no": _number_of(app, people[2]), **WORDS}  # fmt: skip
    send(clerk, here(home[0], "marriage"), act="ask_elsewhere", **fields)
    (report,) = read(app, select(HouseholdReport.id))
    asked = text(elsewhere.get(f"/family-tasks/reports/{report}/"))
    assert ">family<" not in asked and ">marriage<" not in asked and ">member<" not in asked
    left = f"{here(far, 'left')}?report={report}"
    carried = {"member": str(people[2]), "reason": "marriage", "report": str(report), **WORDS}
    assert send(elsewhere, left, **carried).status_code == 303
    (task,) = read(app, select(HouseholdTask.id).where(HouseholdTask.done_on.is_(None)))
    where = f"/family-tasks/coming/{task}/"
    listed = text(clerk.get("/family-tasks/"))
    assert where in listed and "远处" not in listed
    assert elsewhere.get(where).status_code == 404
    page = clerk.get(where).get_data(as_text=True)
    assert "登记迁入" in page and here(home[0], "marriage") in page
    sent = {"key": KEY.search(page)[1], "row_version": VERSION.search(page)[1]}
    assert clerk.post(f"{where}not-coming", data={**sent, "words": ""}).status_code == 422
    assert clerk.post(f"{where}not-coming", data={**sent, "row_version": "9", "words": "不来了"}).status_code == 409
    assert clerk.post(f"{where}not-coming", data={**sent, "words": "不来了"}).status_code == 303
    assert where not in text(clerk.get("/family-tasks/"))
    assert "not-coming" not in text(clerk.get(where))


def _number_of(app, id):
    with app.app_context():
        return db.session.get_one(Member, id).id_no


def test_a_village_worker_reports_and_the_township_carries_it_out(app, home, clerk, worker):
    id, (_, _, son), _ = home
    page = text(worker.get(here(id, "death")))
    assert "报告乡镇" in page and "下一步" not in page
    told = send(worker, here(id, "death"), member=str(son), act="record", **WORDS)
    assert told.status_code == 303 and state(app, id)[1] == 3
    assert "群众来办理" in text(worker.get("/family-tasks/"))
    assert "家庭变动" in text(clerk.get("/desk/"))
    (row,) = read(app, select(HouseholdReport))
    shown = text(clerk.get(f"/family-tasks/reports/{row.id}/"))
    where = re.search(r'href="(/household/\d+/happen/death/\?report=\d+)"', shown)[1]
    form = text(clerk.get(where))
    assert "群众来办理" in form and f'name="report" value="{row.id}"' in form
    done = send(clerk, here(id, "death"), member=str(son), report=str(row.id), **WORDS)
    assert done.status_code == 303 and state(app, id)[1] == 2
    assert [one.state for one in read(app, select(HouseholdReport))] == ["done"]
    assert "已执行" in text(worker.get("/family-tasks/"))


def test_a_report_is_turned_down_with_a_reason_that_the_village_reads(app, home, clerk, worker):
    send(worker, here(home[0], "death"), member=str(home[1][2]), **WORDS)
    (row,) = read(app, select(HouseholdReport))
    where = f"/family-tasks/reports/{row.id}/"
    form = carried(clerk, where)
    refused = clerk.post(f"{where}turn-down", data={**form, "reason": ""})
    assert refused.status_code == 422
    form = carried(clerk, where)
    assert clerk.post(f"{where}turn-down", data={**form, "reason": "本人在家"}).status_code == 303
    assert "本人在家" in text(worker.get("/family-tasks/"))


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "-1", "x", "٣"])
def test_a_report_that_no_number_can_name_is_none(clerk, home, number):
    assert clerk.get(here(home[0], "death"), query_string={"report": number}).status_code == 200


def propose(app, home, clerk):
    fields = {"village": factories.OTHER_VILLAGE, "address": "一组7号", **WORDS}
    where = send(clerk, here(home[0], "handover"), **fields).headers["Location"]
    return where, read(app, select(HouseholdReport))[0]


def test_a_family_goes_over_to_another_township_when_that_accepts_it(app, home, clerk, elsewhere):
    id, _, case = home
    where, row = propose(app, home, clerk)
    assert "撤回提议" in text(clerk.get(where))
    assert elsewhere.get(f"/household/{id}/").status_code == 404
    assert where in text(elsewhere.get("/family-tasks/"))
    page = elsewhere.get(where).get_data(as_text=True)
    assert "接收该家庭" in page and "511526" in page
    done = elsewhere.post(f"{where}accept", data={"key": KEY.search(page)[1], "row_version": str(row.row_version)})
    assert done.status_code == 303
    accepted = text(elsewhere.get(done.headers["Location"]))
    assert "已接收该家庭，此后由本乡镇负责" in accepted and "继续复核" in accepted
    assert elsewhere.get(f"/case/{case}/").status_code == 200 and clerk.get(f"/case/{case}/").status_code == 404
    listed = text(clerk.get("/family-tasks/"))
    assert where in listed and "已执行" in listed  # whoever proposed it finds it again
    answered = text(clerk.get(where))
    assert "已执行" in answered and "一组7号" in answered  # its old township sees how it was answered
    assert "随迁的未结救助" not in answered and "510.00" not in answered  # and no more of whom it no longer looks after
    assert "随迁的未结救助" in text(elsewhere.get(where))


def test_the_former_township_reads_the_name_by_which_the_family_left(app, home, clerk, elsewhere):
    where, row = propose(app, home, clerk)
    page = elsewhere.get(where).get_data(as_text=True)
    elsewhere.post(f"{where}accept", data={"key": KEY.search(page)[1], "row_version": str(row.row_version)})
    with app.app_context():
        audit.attribute(db.session, SYSTEM, START)
        there = db.session.get_one(Household, home[0])
        before, there.head_name = there.head_name, "新户主"
        told = {
            "benefit_id": db.session.get_one(Benefit, home[2]).id,
            "actor_name": "测试",
            "clause": "",
            "monthly_after_fen": 100,
            "data": {},
        }
        factories.keep(db.session, Event(
            action=Action.RAISE, from_stage=Stage.RECHECK, to_stage=Stage.ACTIVE, at=START,
            township_code=factories.XUNCHANG, village_code=factories.VILLAGE, **told,
        ))  # fmt: skip
        db.session.commit()
    for address in (where, "/family-tasks/"):
        seen = text(clerk.get(address))
        assert before in seen and "新户主" not in seen, address
    assert "新户主" in text(elsewhere.get(where))


def test_what_pays_nothing_each_month_shows_no_amount_where_a_family_goes_over(app, home, clerk):
    id, _, _case = home
    with app.app_context():
        audit.attribute(db.session, SYSTEM, START)
        undecided = factories.benefit(
            db.session, db.session.get_one(Household, id), Stage.REVIEW, scheme=Scheme.TEMPORARY, monthly_fen=0
        )
        number = undecided.case_no
        db.session.commit()
    where, _ = propose(app, home, clerk)
    cases = text(clerk.get(where)).split("随迁的未结救助")[-1]
    assert "510.00" in cases and number in cases and ">—</td>" in cases and "0.00" not in cases.replace("510.00", "")


def test_a_move_that_is_turned_down_comes_back_with_the_reason(app, home, clerk, elsewhere):
    where, _row = propose(app, home, clerk)
    form = carried(elsewhere, where)
    blank = elsewhere.post(f"{where}refuse", data={**form, "reason": ""})
    assert blank.status_code == 422
    form = carried(elsewhere, where)
    assert elsewhere.post(f"{where}refuse", data={**form, "reason": "住址不实"}).status_code == 303
    assert "住址不实" in text(clerk.get(where)) and "已退回" in text(clerk.get("/family-tasks/"))
    assert "随迁的未结救助" not in text(elsewhere.get(where)) and "随迁的未结救助" in text(clerk.get(where))
    form = carried(clerk, where)
    assert clerk.post(f"{where}withdraw", data=form).status_code == 303
    assert [task for task in read(app, select(HouseholdTask)) if task.done_on is None] == []


def test_only_the_receiving_township_accepts(app, home, clerk, worker):
    where, _ = propose(app, home, clerk)
    form = carried(clerk, where)
    assert clerk.post(f"{where}accept", data=form).status_code == 422
    assert worker.post(f"{where}accept", data=form).status_code == 403
    assert clerk.post(f"{where}nonsense", data=form).status_code == 404
