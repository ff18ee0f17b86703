"""Pages of household events: looked at before, recorded once, told what follows, kept as typed when refused."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Household, HouseholdEvent, HouseholdReport, HouseholdTask, Member
from policy.vocabulary import LeaveReason, Relation, Scheme, Sex, Stage
from tests import factories
from tests.clock import START
from tests.signing_in import browser_of
from tests.views.answers import text
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

KEY = re.compile(r'name="key" value="([^"]+)"')
VERSION = re.compile(r'name="row_version" value="([^"]+)"')
TODAY = START.date().isoformat()
WORDS = {"on": TODAY, "words": "群众来办理"}


@pytest.fixture
def elsewhere(app, ids):
    """The officer of the other township."""
    return browser_of(app, ids["township_officer_2"])


@pytest.fixture
def home(app, ids):
    """A family of head, spouse and son on 低保; its number, its people's, the case's."""
    return family(app)


def family(app, village=factories.VILLAGE, stage=Stage.ACTIVE, **fields):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        home = factories.household(session, village, members=3, **fields)
        for member, relation in zip(home.members, (Relation.HEAD, Relation.SPOUSE, Relation.SON), strict=True):
            member.relation = relation
        case = factories.benefit(session, home, stage, monthly_fen=51_000) if stage else None
        session.commit()
        return home.id, [m.id for m in home.members], case.id if case else 0


def send(browser, where, key="", **fields):
    page = browser.get(where).get_data(as_text=True)
    sent = {"key": key or KEY.search(page)[1], "row_version": VERSION.search(page)[1], "act": "record", **fields}
    return browser.post(where, data=sent)


def carried(browser, where) -> dict[str, str]:
    """What every form of a page carries unseen: its key, and the version of the record it shows."""
    page = browser.get(where).get_data(as_text=True)
    return {"key": KEY.search(page)[1], "row_version": VERSION.search(page)[1]}


def here(home, kind) -> str:
    return f"/household/{home}/happen/{kind}/"


def read(app, query):
    with app.app_context():
        return db.session.scalars(query).all()


def state(app, id):
    with app.app_context():
        home = db.session.get_one(Household, id)
        return home.head_name, home.persons, [(m.relation, m.leave_reason) for m in home.members]


def test_the_menu_offers_every_event_in_groups(home, clerk):
    page = text(clerk.get(f"/household/{home[0]}/happen/"))
    for name in ("出生", "死亡", "结婚迁入", "分户", "并户", "变更户主",
                 "迁往本县其他乡镇", "全户迁出本县", "毕业或离校"):  # fmt: skip
        assert name in page
    assert "补录身份证号" not in page  # nobody waits for a number


def test_a_death_is_looked_at_before_it_is_recorded_and_looking_changes_nothing(app, home, clerk):
    id, (head, spouse, son), case = home
    where, fields = here(id, "death"), {"member": str(son), **WORDS}
    before = state(app, id)
    looked = text(send(clerk, where, **{**fields, "act": "look"}))
    number = read(app, select(Benefit.case_no))[0]
    assert "发起复核" in looked and number in looked and "不改变任何金额" in looked and "登记死亡" in looked
    assert state(app, id) == before and read(app, select(HouseholdEvent)) == []
    assert read(app, select(Benefit.stage)) == [Stage.ACTIVE]
    done = send(clerk, where, **fields)
    assert done.status_code == 303
    told = text(clerk.get(done.headers["Location"]))
    assert "继续复核" in told and f"/case/{case}/" in told
    with app.app_context():
        found = db.session.get_one(Benefit, case)
        assert (found.stage, found.monthly_fen) == (Stage.RECHECK, 51_000)
    shown = text(clerk.get(f"/household/{id}/"))
    assert "家庭变动" in shown and "群众来办理" in shown
    assert "家庭变动：死亡" in text(clerk.get(f"/case/{case}/"))


def test_the_heads_death_asks_who_heads_the_family_and_keeps_what_was_typed(app, home, clerk):
    id, (head, spouse, son), _ = home
    where = here(id, "death")
    refused = send(clerk, where, member=str(head), **WORDS, evidence="死亡证明 12号")
    assert refused.status_code == 422
    page = text(refused)
    assert "请选择新户主" in page and "死亡证明 12号" in page and "群众来办理" in page
    done = send(clerk, where, member=str(head), head=str(spouse), **WORDS)
    assert done.status_code == 303
    assert state(app, id)[1:] == (2, [(Relation.HEAD, LeaveReason.DEATH), (Relation.HEAD, None), (Relation.SON, None)])


def test_a_new_head_is_chosen_among_the_others(home, clerk):
    id, (head, spouse, son), _ = home
    page = text(clerk.get(here(id, "new_head")))
    offered = re.search(r'<select[^>]* name="head".*?</select>', page, re.S)[0]
    assert re.findall(r'value="(\d+)"', offered) == [str(spouse), str(son)]


def test_twice_the_same_form_is_one_event(app, home, clerk):
    id, (_, _, son), _ = home
    where = here(id, "left")
    page = clerk.get(where).get_data(as_text=True)
    sent = {"key": KEY.search(page)[1], "row_version": VERSION.search(page)[1], "act": "record", "member": str(son),
            "reason": "marriage", **WORDS}  # fmt: skip
    answers = [clerk.post(where, data=sent) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(read(app, select(HouseholdEvent))) == 1


def test_a_stale_form_is_refused_and_says_so(app, home, clerk):
    id, (_, spouse, son), _ = home
    stale = send(clerk, here(id, "left"), member=str(son), reason="move", row_version="999", **WORDS)
    assert stale.status_code == 409 and read(app, select(HouseholdEvent)) == []


@pytest.mark.parametrize(("fields", "says"), [
    ({"on": ""}, "请填写"), ({"on": (START.date() + timedelta(days=1)).isoformat()}, ""), ({"words": ""}, ""),
    ({"member": ""}, "请选择涉及的成员"),
])  # fmt: skip
def test_what_is_missing_is_said_beside_its_field(app, home, clerk, fields, says):
    answer = send(clerk, here(home[0], "death"), **{"member": str(home[1][2]), **WORDS, **fields})
    assert answer.status_code == 422 and 'role="alert"' in text(answer) and says in text(answer)
    assert read(app, select(HouseholdEvent)) == []


def test_everything_that_is_missing_is_said_at_once_and_nothing_is_recorded(app, home, clerk, worker):
    empty = {"on": "", "words": "", "member": "", "address": "", "village": ""}
    forms = [(clerk, "death", "record"), (clerk, "death", "look"), (worker, "death", "report")]
    for browser, kind, act in [*forms, (clerk, "handover", "record")]:
        page = text(send(browser, here(home[0], kind), **{**empty, "act": act}))
        told = set(re.findall(r'href="#(\w+)"', page[page.index('role="alert"') :]))
        assert {"on", "words", "village" if kind == "handover" else "member"} <= told, (kind, act, told)
    assert read(app, select(HouseholdEvent)) == []


def test_a_missing_day_alone_records_nothing(app, home, clerk, worker):
    for browser, act in ((clerk, "record"), (clerk, "look"), (worker, "report")):
        answer = send(browser, here(home[0], "death"), **{**WORDS, "on": "", "member": str(home[1][2]), "act": act})
        assert answer.status_code == 422 and "请填写日期" in text(answer)
    assert read(app, select(HouseholdEvent)) == [] and read(app, select(HouseholdReport)) == []


def test_the_fields_of_a_new_person_are_named_where_something_is_missing(home, clerk):
    page = text(send(clerk, here(home[0], "marriage"), **WORDS))
    assert "成员 1 · 姓名：请填写" in page


def test_a_newborn_without_a_number_is_shown_with_its_mark(app, home, clerk):
    id = home[0]
    fields = {"name": "小满", "sex": "female", "relation": "grandchild", "on": TODAY, "words": "出生医学证明"}
    assert send(clerk, here(id, "birth"), **fields).status_code == 303
    page = text(clerk.get(f"/household/{id}/"))
    assert "身份证号待补" in page and "NB20" not in page
    child = state_ids(app, id)[-1]
    number = factories.id_number(START.date(), Sex.FEMALE)
    assert "补录身份证号" in text(clerk.get(f"/household/{id}/happen/"))
    assert send(clerk, here(id, "id_number"), member=str(child), id_no=number, **WORDS).status_code == 303
    assert "身份证号待补" not in text(clerk.get(f"/household/{id}/"))


def state_ids(app, id):
    with app.app_context():
        return [m.id for m in db.session.get_one(Household, id).members]


def test_a_marriage_brings_somebody_from_elsewhere(app, home, clerk):
    fields = {"members-0-name": "新媳妇", "members-0-relation": "child_in_law", "members-0-cohabiting": "yes",
              "members-0-id_no": factories.id_number(date(1995, 3, 1), Sex.FEMALE), **WORDS}  # fmt: skip
    assert send(clerk, here(home[0], "marriage"), **fields).status_code == 303
    assert state(app, home[0])[1] == 4
    refused = send(clerk, here(home[0], "marriage"), **{**fields, "members-0-id_no": "99"})
    assert refused.status_code == 422 and "新媳妇" in text(refused)


def test_whoever_is_on_file_in_another_township_is_asked_for_there_and_then_comes(app, home, clerk):
    far, people, _ = family(app, factories.OTHER_VILLAGE, stage=None, head_name="外乡")
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


def test_a_split_founds_a_family(app, home, clerk):
    id, (_, _, son), _ = home
    fields = {f"along-{son}": "head", "village": "511526100202", "address": "二组", **WORDS}
    looked = text(send(clerk, here(id, "split"), **{**fields, "act": "look"}))
    assert "分出人员" in looked and read(app, select(Household.id)) == [id]
    done = send(clerk, here(id, "split"), **fields)
    assert done.status_code == 303 and "查看对方家庭" in text(clerk.get(done.headers["Location"]))
    assert [row.persons for row in read(app, select(Household).order_by(Household.id))] == [2, 1]


def test_a_merge_finds_the_other_family_first(app, home, clerk):
    other, people, _ = family(app, head_name="邻居", stage=None)
    with app.app_context():
        number = db.session.get_one(Household, other).members[0].id_no
    where = here(home[0], "merge")
    assert "请先查找对方家庭" in text(send(clerk, where, **WORDS))
    found = text(send(clerk, where, act="find", find=number, **WORDS))
    assert "邻居" in found and f'name="along-{people[0]}"' in found
    along = {f"along-{one}": "parent" for one in people}
    fields = {"find": number, "other": str(other), **along, **WORDS}
    assert send(clerk, where, **fields).status_code == 303
    assert state(app, home[0])[1] == 6 and state(app, other)[1] == 0


def test_the_preview_keeps_what_was_typed_and_one_can_go_back(home, clerk):
    where = here(home[0], "death")
    fields = {"member": str(home[1][2]), **WORDS, "evidence": "证明"}
    looked = text(send(clerk, where, **{**fields, "act": "look"}))
    for name, typed in fields.items():
        assert re.search(rf'type="hidden" name="{name}" value="{typed}"', looked)
    back = text(send(clerk, where, **{**fields, "act": "edit"}))
    assert 'value="look"' in back and "群众来办理" in back


def test_an_entry_made_by_mistake_is_taken_back(app, home, clerk):
    id, (_, _, son), _ = home
    done = send(clerk, here(id, "left"), member=str(son), reason="move", **WORDS).headers["Location"]
    page = clerk.get(done).get_data(as_text=True)
    assert "撤销这条登记" in page
    back = clerk.post(f"{done}undo", data={"key": KEY.search(page)[1], "words": "登记有误"})
    assert back.status_code == 303 and state(app, id)[1] == 3
    assert "已撤销" in text(clerk.get(f"/household/{id}/"))
    assert "已经撤销" in text(clerk.get(done))


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
    assert "继续复核" in text(elsewhere.get(done.headers["Location"]))
    assert elsewhere.get(f"/case/{case}/").status_code == 200 and clerk.get(f"/case/{case}/").status_code == 404
    assert "已执行" in text(clerk.get(where))  # its old township sees how it was answered


def test_a_move_that_is_turned_down_comes_back_with_the_reason(app, home, clerk, elsewhere):
    where, row = propose(app, home, clerk)
    form = carried(elsewhere, where)
    blank = elsewhere.post(f"{where}refuse", data={**form, "reason": ""})
    assert blank.status_code == 422
    form = carried(elsewhere, where)
    assert elsewhere.post(f"{where}refuse", data={**form, "reason": "住址不实"}).status_code == 303
    assert "住址不实" in text(clerk.get(where)) and "已退回" in text(clerk.get("/family-tasks/"))
    form = carried(clerk, where)
    assert clerk.post(f"{where}withdraw", data=form).status_code == 303
    assert [task for task in read(app, select(HouseholdTask)) if task.done_on is None] == []


def test_only_the_receiving_township_accepts(app, home, clerk, worker):
    where, _ = propose(app, home, clerk)
    form = carried(clerk, where)
    assert clerk.post(f"{where}accept", data=form).status_code == 422
    assert worker.post(f"{where}accept", data=form).status_code == 403
    assert clerk.post(f"{where}nonsense", data=form).status_code == 404


def test_leaving_from_a_persons_page_begins_with_that_person(home, clerk):
    id, (_, _, son), _ = home
    assert clerk.get(f"/member/{son}/leave/").headers["Location"] == f"/household/{id}/happen/?member={son}"
    death = clerk.get(f"/member/{son}/leave/?reason=death&on=2026-01-02").headers["Location"]
    page = text(clerk.get(death))
    assert f'value="{son}" checked' in page and 'value="2026-01-02"' in page


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "-1", "x", "٣"])
def test_a_report_that_no_number_can_name_is_none(clerk, home, number):
    assert clerk.get(here(home[0], "death"), query_string={"report": number}).status_code == 200


@pytest.mark.parametrize(
    ("scheme", "kind", "told", "not_told"),
    [
        (Scheme.TEMPORARY, "school_end", "一次性救助不复核", "目前不能发起复核"),
        (Scheme.TEKUN, "death", "先公示终止，期满后退出", "请撤回申请"),
    ],
)
def test_what_a_change_means_is_told_by_scheme(app, clerk, scheme, kind, told, not_told):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        home = factories.household(session)
        head = home.members[0]
        head.school = "县职业中学"
        factories.benefit(session, home, Stage.ACTIVE, scheme=scheme, monthly_fen=50_000)
        session.commit()
        number, person = home.id, head.id
    where = f"/household/{number}/happen/{kind}/"
    page = text(clerk.get(where))
    form = {"key": KEY.search(page)[1], "row_version": VERSION.search(page)[1], "member": person, **WORDS}
    form |= {"employment": "employed"} if kind == "school_end" else {}
    seen = text(clerk.post(where, data={**form, "act": "look"}))
    assert told in seen and not_told not in seen
    done = clerk.post(where, data={**form, "act": "record"})
    assert done.status_code == 303
    shown = text(clerk.get(done.location))
    assert told in shown and not_told not in shown
    if scheme is Scheme.TEMPORARY:
        assert "请查看尚未发放的部分是否仍有需要" in text(clerk.get("/family-tasks/"))
