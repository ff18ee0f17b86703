"""Pages of household events: looked at before, recorded once, told what follows, kept as typed when refused."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Household, HouseholdEvent, HouseholdReport, Member
from policy.vocabulary import LeaveReason, Need, Relation, Scheme, Sex, Stage, Unit
from tests import factories
from tests.clock import START
from tests.views.answers import text
from tests.views.happenings import KEY, TODAY, VERSION, WORDS, family, here, read, send, state
from views.db import db
from views.household_event_words import what_waits
from workflows import audit
from workflows.actor import SYSTEM


def test_the_menu_offers_every_event_in_groups(home, clerk):
    page = text(clerk.get(f"/household/{home[0]}/happen/"))
    for name in ("出生", "死亡", "结婚迁入", "分户", "并户", "变更户主",
                 "迁往本县其他乡镇", "全户迁出本县", "毕业或离校"):  # fmt: skip
        assert name in page
    assert "补录身份证号" not in page  # nobody waits for a number


def test_a_death_is_looked_at_before_it_is_recorded_and_looking_changes_nothing(app, home, clerk):
    id, (_head, _spouse, son), case = home
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
    id, (head, spouse, _son), _ = home
    where = here(id, "death")
    refused = send(clerk, where, member=str(head), **WORDS, evidence="死亡证明 12号")
    assert refused.status_code == 422
    page = text(refused)
    assert "请选择新户主" in page and "死亡证明 12号" in page and "群众来办理" in page
    done = send(clerk, where, member=str(head), head=str(spouse), **WORDS)
    assert done.status_code == 303
    assert state(app, id)[1:] == (2, [(Relation.HEAD, LeaveReason.DEATH), (Relation.HEAD, None), (Relation.SON, None)])


def test_a_new_head_is_chosen_among_the_others(home, clerk):
    id, (_head, spouse, son), _ = home
    page = text(clerk.get(here(id, "new_head")))
    offered = re.search(r'<select[^>]* name="head".*?</select>', page, re.DOTALL)[0]
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
    id, (_, _spouse, son), _ = home
    stale = send(clerk, here(id, "left"), member=str(son), reason="move", row_version="999", **WORDS)
    assert stale.status_code == 409 and read(app, select(HouseholdEvent)) == []


@pytest.mark.parametrize(("fields", "says"), [
    ({"on": ""}, "请填写"), ({"on": (START.date() + timedelta(days=1)).isoformat()}, ""),
    ({"words": ""}, "请填写情况说明，至少 2 个字"),
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


def test_a_newborn_is_offered_only_what_a_child_can_be_to_the_head(home, clerk):
    page = clerk.get(here(home[0], "birth")).get_data(as_text=True)
    offered = page[page.index('name="relation"') :].partition("</select>")[0]
    assert re.findall(r'value="(\w+)"', offered) == ["son", "daughter", "grandchild", "sibling", "other"]


def test_a_newborn_without_a_number_is_shown_with_its_mark(app, home, clerk):
    id = home[0]
    fields = {"name": "小满", "sex": "female", "relation": "grandchild", "on": TODAY, "words": "出生医学证明"}
    assert send(clerk, here(id, "birth"), **fields).status_code == 303
    page = text(clerk.get(f"/household/{id}/"))
    assert "身份证号待补" in page and "NB20" not in page
    stand_in = _number_of(app, id)[-4:]
    pages = [
        text(clerk.get(where)) for where in (f"/case/{home[2]}/", "/member/", f"/case/{home[2]}/paper/application/")
    ]
    assert "身份证号待补" in pages[0] and not [page for page in pages if stand_in in page]
    child = state_ids(app, id)[-1]
    number = factories.id_number(START.date(), Sex.FEMALE)
    assert "补录身份证号" in text(clerk.get(f"/household/{id}/happen/"))
    assert send(clerk, here(id, "id_number"), member=str(child), id_no=number, **WORDS).status_code == 303
    assert "身份证号待补" not in text(clerk.get(f"/household/{id}/"))


def _number_of(app, id):
    with app.app_context():
        return next(m.id_no for m in db.session.get_one(Household, id).members if m.id_no_pending)


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


def test_a_split_founds_a_family(app, home, clerk):
    id, (_, _, son), _ = home
    fields = {f"along-{son}": "head", "village": "511526100202", "address": "二组", **WORDS}
    looked = text(send(clerk, here(id, "split"), **{**fields, "act": "look"}))
    assert "分出人员" in looked and read(app, select(Household.id)) == [id]
    done = send(clerk, here(id, "split"), **fields)
    assert done.status_code == 303 and "查看对方家庭" in text(clerk.get(done.headers["Location"]))
    assert [row.persons for row in read(app, select(Household).order_by(Household.id))] == [2, 1]


def test_a_split_says_of_a_persons_own_case_whose_it_is_and_where_it_goes(app, home, clerk):
    id, (_, _, son), _ = home
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        family_of_son = session.get_one(Household, id)
        own = {"scheme": Scheme.LIVING_SUBSIDY, "member_id": son, "persons": 1, "unit": Unit.SINGLE}
        factories.benefit(session, family_of_son, Stage.ACTIVE, **own)
        session.commit()
    fields = {f"along-{son}": "head", "village": "511526100202", "address": "二组", **WORDS}
    looked = text(send(clerk, here(id, "split"), **{**fields, "act": "look"}))
    done = text(clerk.get(send(clerk, here(id, "split"), **fields).headers["Location"]))
    with app.app_context():
        name = db.session.get_one(Member, son).name
    for page in (looked, done):
        assert f"困难残疾人生活补贴（{name}、现在{name}户）" in page
    assert "已登记：分户。" in done
    new = read(app, select(Household.id).order_by(Household.id.desc()))[0]
    assert f"困难残疾人生活补贴（{name}）" in text(clerk.get(f"/household/{new}/"))


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
    looked = text(send(clerk, where, **fields, act="look"))
    assert "并入人员" in looked and "分出人员" not in looked
    assert send(clerk, where, **fields).status_code == 303
    assert state(app, home[0])[1] == 6 and state(app, other)[1] == 0


def test_cases_that_stand_in_the_way_of_a_merge_are_linked_where_they_are_ended(app, home, clerk):
    other, people, theirs = family(app, head_name="邻居")
    along = {f"along-{one}": "parent" for one in people}
    page = text(send(clerk, here(home[0], "merge"), other=str(other), **along, **WORDS))
    assert "须先了结其中一件" in page
    for case in (home[2], theirs):
        assert f'href="/case/{case}/">→ ' in page


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
    assert re.search(r"离开原因(<[^>]+>)+迁出<", text(clerk.get(done)))
    page = clerk.get(done).get_data(as_text=True)
    assert "撤销这条登记" in page
    back = clerk.post(f"{done}undo", data={"key": KEY.search(page)[1], "words": "登记有误"})
    assert back.status_code == 303 and state(app, id)[1] == 3
    assert "已撤销" in text(clerk.get(f"/household/{id}/"))
    assert "已经撤销" in text(clerk.get(done))


def test_leaving_from_a_persons_page_begins_with_that_person(home, clerk):
    id, (_, _, son), _ = home
    assert clerk.get(f"/member/{son}/leave/").headers["Location"] == f"/household/{id}/happen/?member={son}"
    death = clerk.get(f"/member/{son}/leave/?reason=death&on=2026-01-02").headers["Location"]
    page = text(clerk.get(death))
    assert f'value="{son}" checked' in page and 'value="2026-01-02"' in page


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (Stage.GRACE, "恢复发放后方可复核"), (Stage.SUSPENDED, "恢复发放后方可复核"),
        (Stage.ACTIVE, "目前不能发起复核"),
    ],
)  # fmt: skip
def test_of_a_case_that_is_not_paid_or_in_grace_it_is_told_what_comes_before_its_recheck(app, stage, told):
    case = SimpleNamespace(stage=stage, scheme=Scheme.DIBAO)
    with app.test_request_context():
        assert told in str(what_waits(SimpleNamespace(need=Need.RECHECK, benefit=case)))


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
