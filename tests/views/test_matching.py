"""Lists through the browser: matched, hits settled, deaths recorded, leads looked into; nothing shown unauthorised."""

import html
import io
import re
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, ImportBatch, Job, Lead, MatchLine, MatchRun
from policy.vocabulary import Role, Stage
from tests import factories
from tests.signing_in import browser_of, settle
from tests.workflows.exchange import sheets
from tests.workflows.exchange.conftest import in_process  # noqa: F401
from views import commands_work, matching_words
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange import kept_file
from workflows.matching import settling, working
from workflows.matching.kinds import KINDS

pytestmark = pytest.mark.usefixtures("in_process")
KEY = re.compile(r'name="key" value="([^"]+)"')
VERSION = re.compile(r'name="row_version" value="([^"]+)"')
CARS = ["所有人", "身份证明号码", "号牌号码"]
FULL_CARS = [*CARS, "联系电话", "登记日期"]
DEAD = ["姓名", "身份证号", "死亡日期", "火化日期"]
DISABLED = ["姓名", "身份证号", "残疾等级", "乡镇", "村"]


class Office:
    """A county with one family in each of two townships, and people at browsers."""

    def __init__(self, app, clock):
        self.app, self.clock, self.ids = app, clock, settle(app)
        self.browsers = {}
        with self.open() as session:
            self.homes = [self._family(session, village) for village in (factories.VILLAGE, factories.OTHER_VILLAGE)]
            session.commit()

    @contextmanager
    def open(self):
        with self.app.app_context(), Session(db.engine) as session:
            yield session

    def _family(self, session, village):
        audit.attribute(session, SYSTEM, self.clock())
        home = factories.household(session, village, members=2)
        case = factories.benefit(session, home, Stage.ACTIVE, authorised_on=date(2026, 1, 5))
        return {"case": case.id, "people": [(m.id, m.name, m.id_no) for m in home.members]}

    def browser(self, who=Role.COUNTY_REVIEWER):
        if who not in self.browsers:
            self.browsers[who] = browser_of(self.app, self.ids[str(who)], self.clock.at)
        return self.browsers[who]

    def see(self, where, who=Role.COUNTY_REVIEWER):
        answer = self.browser(who).get(where)
        return html.unescape(answer.get_data(as_text=True)) if answer.status_code == 200 else answer.status_code

    def upload(self, headers, *rows, who=Role.COUNTY_REVIEWER, name="名单.csv", **form):
        data = sheets.csv_bytes([headers, *rows])
        form = {"key": self.key("/matching/", who), "file": (io.BytesIO(data), name), **form}
        return self.browser(who).post("/matching/", data=form, content_type="multipart/form-data")

    def key(self, where, who=Role.COUNTY_REVIEWER):
        return KEY.search(self.browser(who).get(where).get_data(as_text=True))[1]

    def post(self, page, where, who=Role.COUNTY_REVIEWER, **form):
        shown = self.browser(who).get(page).get_data(as_text=True)
        version = VERSION.search(shown)
        data = {"key": KEY.search(shown)[1], "row_version": version[1] if version else "", **form}
        answer = self.browser(who).post(where, data=data)
        return answer.status_code, html.unescape(answer.get_data(as_text=True))

    def cars(self, *homes, **more):
        rows = [[name, number, f"川Q{n}"] for n, home in enumerate(homes) for _, name, number in home["people"][:1]]
        answer = self.upload(CARS, *rows, **more)
        assert answer.status_code == 303, html.unescape(answer.get_data(as_text=True))
        return answer.headers["Location"]

    def all(self, query):
        with self.open() as session:
            return session.scalars(query).all()

    def unsign(self, home):
        with self.open() as session:
            audit.attribute(session, SYSTEM, self.clock())
            session.get_one(Benefit, home["case"]).authorised_on = None
            session.commit()


@pytest.fixture
def office(app, clock):
    return Office(app, clock)


def test_a_list_is_matched_its_hits_settled_and_the_match_closed(office):
    run = office.cars(*office.homes)
    shown = office.see(run)
    assert "川Q0" in shown and "车辆" in shown and office.homes[0]["people"][0][1] in shown
    assert 'class="rows long"' in shown, "on a telephone, cells one below the other: a case number has no room beside"
    assert ">UTF-8<" in shown
    assert office.post(run, f"{run}close")[0] == 422
    first, second = office.all(select(MatchLine.id).order_by(MatchLine.id))
    line = f"/matching/line/{first}/"
    status, said = office.post(line, line, outcome="explained", reason=" ")
    assert (status, "至少" in said or "两个字" in said) == (422, True)
    answer = office.post(line, line, outcome="recheck", reason="名下有车，需要核实")
    assert answer[0] == 303
    other = f"/matching/line/{second}/"
    assert office.post(other, other, outcome="false_match", reason="同名不同人")[0] == 303
    assert office.post(run, f"{run}close")[0] == 303
    assert office.all(select(MatchRun.state)) == ["closed"]
    assert sorted(stage.value for stage in office.all(select(Benefit.stage))) == ["active", "recheck"]


def test_without_authorisation_nothing_of_the_list_is_shown_until_it_is_recorded(office):
    home = office.homes[0]
    office.unsign(home)
    run = office.cars(home)
    (line,) = office.all(select(MatchLine.id))
    page = f"/matching/line/{line}/"
    for shown in (office.see(run), office.see(page)):
        assert "川Q0" not in shown and "授权" in shown
    assert office.post(page, f"{page}authorisation", signed_on="2099-01-01")[0] == 422
    assert office.post(page, f"{page}authorisation", signed_on="2026-01-06")[0] == 303
    assert "川Q0" in office.see(page)


def test_a_township_sees_its_own_hits_of_the_countys_list_and_no_sums_of_others(office):
    run = office.cars(*office.homes)
    here, there = (home["people"][0][1] for home in office.homes)
    shown = office.see(run, Role.TOWNSHIP_OFFICER)
    assert here in shown and there not in shown and "读入行数" not in shown
    foreign = office.all(select(MatchLine.id).where(MatchLine.village_code == factories.OTHER_VILLAGE))[0]
    assert office.see(f"/matching/line/{foreign}/", Role.TOWNSHIP_OFFICER) == 404
    own = office.cars(office.homes[0], who=Role.TOWNSHIP_OFFICER)
    assert office.see(own, "township_officer_2") == 404


def test_a_cremation_leads_to_the_form_for_a_death_filled_in_and_is_settled_by_it(office):
    member_id, name, number = office.homes[0]["people"][1]
    office.upload(DEAD, [name, number, "2025-11-01", "2025-11-03"])
    (line,) = office.all(select(MatchLine.id))
    assert "由乡镇经办人在本页登记死亡" in office.see(f"/matching/line/{line}/")
    shown = office.see(f"/matching/line/{line}/", Role.TOWNSHIP_OFFICER)
    form = re.search(r'href="(/household/\d+/happen/death/[^"]*)"', shown)[1]
    page = office.see(form, Role.TOWNSHIP_OFFICER)
    assert 'value="2025-11-01"' in page and re.search(rf'name="member" value="{member_id}"[^>]* checked', page)
    told = {"act": "record", "member": member_id, "on": "2025-11-01", "words": "火化名单"}
    status, _ = office.post(form, form.partition("?")[0], Role.TOWNSHIP_OFFICER, **told)
    assert (status, office.all(select(MatchLine.outcome))) == (303, ["death"])


def test_a_list_is_not_matched_twice_while_its_first_match_is_open(office):
    name, number = office.homes[0]["people"][0][1:]
    car = [name, number, "川Q1"]
    run = office.upload(CARS, car).headers["Location"]
    again = office.upload(CARS, car, name="再次上传.csv")
    assert again.status_code == 422 and "尚未办结" in html.unescape(again.get_data(as_text=True))
    assert len(office.all(select(MatchRun.id))) == 1
    assert office.upload(CARS, car, who=Role.TOWNSHIP_OFFICER).status_code == 303, "another office has its own match"
    (line, *_) = office.all(select(MatchLine.id).order_by(MatchLine.id))
    page = f"/matching/line/{line}/"
    assert office.post(page, page, outcome="explained", reason="已核实")[0] == 303
    assert office.post(run, f"{run}close")[0] == 303
    assert office.upload(CARS, car).status_code == 303


def test_after_a_hit_comes_the_one_below_it_and_what_was_passed_over_comes_last(office):
    people = [*office.homes[0]["people"], office.homes[1]["people"][0]]
    office.upload(CARS, *([name, number, "川Q1"] for _, name, number in people))
    first, second, third = office.all(select(MatchLine.id).order_by(MatchLine.id))
    led = {}
    for line in (second, third, first):
        page, key = f"/matching/line/{line}/", office.key(f"/matching/line/{line}/")
        version = VERSION.search(office.see(page))[1]
        form = {"key": key, "row_version": version, "outcome": "explained", "reason": "已核实"}
        led[line] = office.browser().post(page, data=form).headers["Location"]
    assert led == {second: f"/matching/line/{third}/", third: f"/matching/line/{first}/", first: "/matching/1/"}


def test_leads_stand_on_the_desk_and_the_list_of_their_own_place(office):
    row = ["王小明", factories.id_number(), "一级", "巡场镇", "新胜村"]
    office.upload(DISABLED, row)
    for who in (Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER):
        assert "待核实线索" in office.see("/desk/", who)
        shown = office.see("/leads/", who)
        assert "王小明" in shown and "新胜村" in shown and row[1] not in shown
        assert f">{'*' * 14}{row[1][-4:]}<" in shown, "as on every other list"
    assert "王小明" not in office.see("/leads/", "township_officer_2")
    (lead,) = office.all(select(Lead.id))
    status, said = office.post("/leads/", f"/leads/{lead}/settle", Role.VILLAGE_WORKER, state="applied", reason="")
    assert (status, "王小明" in said) == (422, True)
    form = {"state": "applied", "reason": "已登记申请"}
    assert office.post("/leads/", f"/leads/{lead}/settle", Role.VILLAGE_WORKER, **form)[0] == 303
    assert office.all(select(Lead.state)) == ["applied"]
    assert "待核实线索" not in office.see("/desk/", Role.VILLAGE_WORKER)


def test_what_a_worker_saw_is_told_under_words_of_the_readers_language(office):
    key = office.key("/leads/new", Role.VILLAGE_WORKER)
    seen = {"key": key, "village": factories.VILLAGE, "name": "王五", "words": "独居", "phone": "13800000000"}
    assert office.browser(Role.VILLAGE_WORKER).post("/leads/new", data=seen).status_code == 303
    assert "困难情况 独居 · 电话 13800000000" in office.see("/leads/", Role.VILLAGE_WORKER)
    with office.browser(Role.VILLAGE_WORKER).session_transaction() as session:
        session["lang"] = "en"
    assert "What is the matter 独居 · Phone 13800000000" in office.see("/leads/", Role.VILLAGE_WORKER)


@pytest.mark.parametrize("typed", ["3组桥头", "新胜村3组桥头", "珙县巡场镇新胜村3组桥头"])
def test_the_place_of_a_lead_names_its_village_once_however_it_was_typed(office, typed):
    key = office.key("/leads/new", Role.VILLAGE_WORKER)
    seen = {"key": key, "village": factories.VILLAGE, "name": "王五", "words": "独居", "address": typed}
    assert office.browser(Role.VILLAGE_WORKER).post("/leads/new", data=seen).status_code == 303
    assert "巡场镇新胜村3组桥头" in office.see("/leads/", Role.VILLAGE_WORKER)


def test_a_double_click_matches_a_list_once(office):
    name, number = office.homes[0]["people"][0][1:]
    data, key = sheets.csv_bytes([CARS, [name, number, "川Q1"]]), office.key("/matching/")
    answers = [
        office.browser().post("/matching/", content_type="multipart/form-data",
                              data={"key": key, "file": (io.BytesIO(data), "车辆.csv")}) for _ in range(2)
    ]  # fmt: skip
    assert [a.headers["Location"] for a in answers] == [answers[0].headers["Location"]] * 2
    assert len(office.all(select(MatchRun.id))) == 1


def test_a_departments_list_that_was_handed_in_as_an_import_is_matched_with_one_press(office):
    name, number = office.homes[0]["people"][0][1:]
    browser = office.browser()
    car = [name, number, "川Q1", "10011112222", "2020-06-30"]
    file = (io.BytesIO(sheets.csv_bytes([FULL_CARS, car, car])), "a.csv")
    form = {"key": office.key("/import/"), "file": file}
    answer = browser.post("/import/", data=form, content_type="multipart/form-data", follow_redirects=True)
    shown = html.unescape(answer.get_data(as_text=True))
    assert "这像是部门名单：车辆" in shown
    asked = re.search(r'action="/matching/">(.*?)</form>', shown, re.DOTALL)[1]
    answer = browser.post("/matching/", data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked)))
    assert "川Q1" in office.see(answer.headers["Location"])
    assert office.all(select(ImportBatch.state)) == ["dropped"]


def test_a_file_of_another_office_cannot_be_matched(office):
    car = ["张三", factories.id_number(), "川Q1", "10011112222", "2020-06-30"]
    form = {"key": office.key("/import/"), "file": (io.BytesIO(sheets.csv_bytes([FULL_CARS, car, car])), "a.csv")}
    office.browser().post("/import/", data=form, content_type="multipart/form-data")
    (batch,) = office.all(select(ImportBatch.id))
    form = {"key": office.key("/matching/", Role.TOWNSHIP_OFFICER), "batch": str(batch)}
    assert office.browser(Role.TOWNSHIP_OFFICER).post("/matching/", data=form).status_code == 404
    assert office.all(select(MatchRun.id)) == []


@pytest.mark.parametrize(
    ("headers", "name", "said"),
    [
        (["甲", "乙"], "a.csv", "表头"), (["姓名", "身份证号"], "a.csv", "名单类型"), (["姓名"], "a.exe", "exe"),
        (CARS, "", "文件"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_with_a_sentence(office, headers, name, said):
    answer = office.upload(headers, ["张三", "x", "y"][: len(headers)], name=name)
    shown = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert said in re.search(r'role="alert".*?</', shown, re.DOTALL)[0] or said in shown
    assert office.all(select(MatchRun.id)) == []


def test_a_chosen_kind_goes_before_the_headers(office):
    name, number = office.homes[0]["people"][0][1:]
    office.upload(["姓名", "身份证号"], [name, number], kind="pensions")
    assert office.all(select(MatchRun.kind)) == ["pensions"]


def test_a_hit_that_somebody_settled_meanwhile_is_shown_again(office):
    run = office.cars(office.homes[0])
    (line,) = office.all(select(MatchLine.id))
    page = f"/matching/line/{line}/"
    key = KEY.search(office.browser(Role.TOWNSHIP_OFFICER).get(page).get_data(as_text=True))[1]
    assert office.post(page, page, outcome="explained", reason="已说明")[0] == 303
    form = {"key": key, "row_version": "1", "outcome": "false_match", "reason": "不是本人"}
    answer = office.browser(Role.TOWNSHIP_OFFICER).post(page, data=form)
    assert answer.status_code == 422 and "该条疑点已处理过，请刷新页面查看" in answer.get_data(as_text=True)
    assert office.all(select(MatchLine.outcome)) == ["explained"]
    assert "已说明" in office.see(f"{run}?tab=settled")


def test_the_page_of_the_next_hit_says_whose_hit_was_settled(office):
    office.cars(*office.homes[:2])
    first, second = office.all(select(MatchLine.id).order_by(MatchLine.id))
    line = f"/matching/line/{first}/"
    assert office.post(line, line, outcome="recheck", reason="名单上有车")[0] == 303
    assert f"{office.homes[0]['people'][0][1]}的疑点已处理" in office.see(f"/matching/line/{second}/")


def test_every_kind_outcome_and_state_has_words():
    assert set(matching_words.KIND_NAMES) == set(KINDS)
    outcomes = {*settling.OUTCOMES, settling.DEATH, settling.UNAUTHORISED}
    assert set(matching_words.OUTCOMES) == outcomes
    assert set(matching_words.CHOICES) == outcomes - {settling.DEATH}
    assert set(matching_words.LEAD_STATES) == {"open", *settling.LEAD_STATES}


def test_the_case_lists_hits_of_its_people_until_they_are_settled(office):
    run = office.cars(office.homes[0])
    case, name = f"/case/{office.homes[0]['case']}/", office.homes[0]["people"][0][1]
    assert re.search(rf"待处理的比对命中.*/matching/line/1/\">{name} · 车辆", office.see(case), re.DOTALL)
    assert "待处理的比对命中" not in office.see(f"/case/{office.homes[1]['case']}/")
    office.post("/matching/line/1/", "/matching/line/1/", outcome="explained", reason="借用他人名义，已核实")
    assert "待处理的比对命中" not in office.see(case) and office.see(run)


def badge(page):
    found = re.search(r'href="/leads/"[^>]*>[^<]*线索(.*?)</a>', page, re.DOTALL)
    return re.sub(r"<[^>]*>|\s", "", found[1])


def test_the_menu_counts_open_leads_under_the_reader(office):
    assert badge(office.see("/matching/")) == ""
    here = ["511526100", "巡场镇", "新胜村"]
    rows = [[f"外人{n}", sheets.id_no("19700101", n), "一级", *here[1:]] for n in (1, 2, 3)]
    assert office.upload(DISABLED, *rows).status_code == 303
    assert (len(office.all(select(Lead))), badge(office.see("/matching/"))) == (3, "3")
    assert badge(office.see("/leads/", Role.VILLAGE_WORKER)) == "3"
    with office.open() as session:
        audit.attribute(session, SYSTEM, office.clock())
        lead = session.scalars(select(Lead)).first()
        lead.state, lead.settled_at = "applied", office.clock()
        session.commit()
    assert badge(office.see("/matching/")) == "2"


def test_a_long_list_is_matched_by_a_job_once_and_its_page_leads_to_the_match(office, monkeypatch):
    monkeypatch.setattr(working, "AT_ONCE", 1)
    where = office.cars(*office.homes)
    assert "jobs" in where.split("/")
    assert "即将开始" in office.see(where) and office.all(select(MatchRun)) == []
    assert office.browser(Role.SUPERVISOR).get(where).status_code in (403, 404)
    with office.app.app_context():
        assert commands_work.do_all() == 1
    answer = office.browser().get(where)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/matching/1/")
    assert "川Q0" in office.see("/matching/1/") and len(office.all(select(MatchLine))) == 2
    job = office.all(select(Job))[0]
    with office.app.app_context():
        folder = office.app.extensions["doudi"].imports
        assert list(folder.glob("*")) == []
    assert job.state == "done"


def test_a_long_list_that_is_none_is_told_and_may_be_begun_again(office, monkeypatch):
    monkeypatch.setattr(working, "READ_AT_ONCE", 1)
    answer = office.upload(["甲", "乙"], ["一", "二"])
    where = answer.headers["Location"]
    with office.app.app_context():
        assert commands_work.do_all() == 0
    page = office.see(where)
    assert "名单没有比对" in page and "表头" in page and "refresh" not in page
    assert office.browser().post(f"{where}resume").status_code == 303
    assert "即将开始" in office.see(where)


@pytest.mark.parametrize("kept", [True, False])
def test_a_match_taken_up_again_after_a_kill_is_made_once(office, monkeypatch, kept):
    monkeypatch.setattr(working, "AT_ONCE", 1)
    office.cars(*office.homes)
    if kept:
        monkeypatch.setattr(kept_file, "forget", lambda *args: None)
    with office.app.app_context():
        assert commands_work.do_all() == 1
        db.session.scalars(select(Job)).one().state = "waiting"
        db.session.commit()
        assert commands_work.do_all() == 1
    assert len(office.all(select(MatchRun))) == 1
