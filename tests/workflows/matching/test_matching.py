"""Departments' lists against our people: who is hit, and what a line needs before it is settled."""

from datetime import date, timedelta
from time import process_time

import pytest

from models import Event
from policy.figures import Figures
from policy.vocabulary import Action, Happening, LeaveReason, Role, Stage
from tests import factories
from tests.workflows.exchange import sheets
from tests.workflows.matching.lists_of_offices import CARS, DEAD, NOW, TODAY, Office
from workflows import audit, household_event_undo, household_events
from workflows.actor import Actor
from workflows.exchange.reading import Unreadable
from workflows.household_event_input import Happened
from workflows.matching import settling
from workflows.matching.finding import look_up
from workflows.matching.lists import Listed, read_list
from workflows.reason import Stale

pytestmark = pytest.mark.usefixtures("in_process")


# --- who is hit -------------------------------------------------------------------------------------------------------


def test_members_of_open_and_refused_cases_are_hit_and_nobody_else(session_any):
    office = Office(session_any)
    paid, asked, refused = (office.family(stage)[0] for stage in (Stage.ACTIVE, Stage.REVIEW, Stage.REFUSED))
    ended, never = office.family(Stage.EXITED)[0], office.family(None)[0]
    run = office.cars(*(home.members[1] for home in (paid, asked, refused, ended, never)))
    found = [(line.standing, line.how, line.household_id, line.row_no) for line in office.lines(run)]
    assert found == [("in_force", "id_no", paid.id, 2), ("undecided", "id_no", asked.id, 3),
                     ("refused", "id_no", refused.id, 4)]  # fmt: skip
    assert (run.kind, run.rows, run.counts["hit"], run.counts["not_ours"]) == ("vehicles", 5, 3, 2)
    assert audit.verify(session_any).sound


def test_the_same_name_and_birth_with_another_number_is_only_possible(office):
    home, _ = office.family()
    person = home.members[0]
    stranger = factories.id_number(person.birth)
    run = office.run(CARS, [1, person.name, stranger, "川Q1", "轿车", "1"])
    (line,) = office.lines(run)
    assert (line.how, line.member_id, run.counts["possible"]) == ("name_birth", person.id, 1)


def test_a_name_alone_is_no_hit(office):
    home, _ = office.family()
    other = factories.id_number(date(1961, 1, 1))
    assert office.lines(office.run(CARS, [1, home.members[0].name, other, "川Q1", "轿车", "1"])) == []


def test_a_list_without_numbers_is_matched_by_name_and_birth(office):
    home, _ = office.family()
    person = home.members[0]
    run = office.run(["姓名", "出生日期", "火化日期"], [person.name, person.birth.isoformat(), "2026-02-01"])
    assert [line.how for line in office.lines(run)] == ["name_birth"]


def test_ten_thousand_people_without_numbers_are_looked_up_in_a_moment(session):
    days = [date(1950, 1, 1) + timedelta(days=n) for n in range(10_000)]
    people = [Listed(n, f"张{n}", "", day, "", "", "") for n, day in enumerate(days)]
    began = process_time()
    look_up(session, people, {})
    assert process_time() - began < 3


def test_rows_that_name_nobody_are_counted_with_their_row_number(office):
    run = office.run(CARS, [1, "张三", "5.13E+17", "川Q1", "轿车", "1"], [2, "", "", "川Q2", "", ""])
    assert run.counts["refused_rows"] == [[2, "excel_float"], [3, "name_missing"]]


def test_what_the_list_says_is_sealed(office):
    home, _ = office.family()
    (line,) = office.lines(office.cars(home.members[0]))
    assert b"\xe5\xb7\x9dQ" not in line.payload_sealed and "川Q00001" in line.payload
    assert "序号" not in line.payload and home.members[0].id_no not in line.payload


def test_a_township_meets_only_its_own_people(office):
    here, there = office.family()[0], office.family(village=factories.OTHER_VILLAGE)[0]
    own = office.cars(here.members[0], there.members[0], by=office.here)
    assert [line.household_id for line in office.lines(own)] == [here.id]
    whole = office.cars(here.members[0], there.members[0])
    assert [line.household_id for line in office.lines(whole, office.here)] == [here.id]
    assert len(office.lines(whole)) == 2
    assert session_runs(office, office.there) == [whole.id]
    assert session_runs(office, office.county) == [whole.id, own.id]


def session_runs(office, who):
    return [run.id for run in office.session.scalars(settling.visible_runs(who))]


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["姓名", "身份证号", "火化日期"], "cremation"), (["姓名", "身份证号", "残疾等级"], "disability"),
        (["姓名", "身份证号", "养老金(元)"], "pensions"),
        (["权利人", "身份证号", "坐落", "不动产权证号"], "real_estate"),
        (["法定代表人", "身份证号", "企业名称", "注册资本"], "business"),
        (["姓名", "身份证号", "监测对象类型"], "relapse_watch"),
        (["姓名", "身份证号", "留守类别"], "left_behind"), (CARS, "vehicles"),
    ],
)  # fmt: skip
def test_the_kind_of_a_list_is_told_by_its_headers(headers, kind):
    cells = ["张三" if n in ("姓名", "权利人", "法定代表人", "所有人") else
             factories.id_number() if "身份证" in n else "x" for n in headers]  # fmt: skip
    data = sheets.csv_bytes([["某部门名单"], headers, cells], "gb18030")
    listed = read_list(data, "a.csv", TODAY)
    assert (listed.kind, listed.charset, listed.header_row, len(listed.people)) == (kind, "gb18030", 2, 1)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["甲", "乙"], ["1", "2"]], "no_list_header"), ([["姓名", "身份证号"], ["张三", "x"]], "list_kind_unknown"),
        ([["姓名", "车牌"], ["张三", "川Q1"]], "no_list_header"), ([CARS], "no_rows"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_says_why(rows, code):
    with pytest.raises(Unreadable) as caught:
        read_list(sheets.csv_bytes(rows), "a.csv", TODAY)
    assert caught.value.code == code


def test_headers_in_two_rows_name_what_a_list_tells(office):
    number = factories.id_number()
    upper, lower = ["姓名", "身份证号", "车辆信息", "", "备注"], ["", "", "号牌号码", "车辆类型", ""]
    data = sheets.csv_bytes([["登记信息"], upper, lower, ["张三", number, "川Q1", "轿车", "无异议"]])
    listed = read_list(data, "a.csv", TODAY)
    (person,) = listed.people
    assert (listed.kind, person.number, listed.refused) == ("vehicles", 4, ())
    assert person.payload == {"车辆信息 号牌号码": "川Q1", "车辆信息 车辆类型": "轿车", "备注": "无异议"}


def test_a_first_row_without_name_and_number_is_no_second_row_of_headers(office):
    data = sheets.csv_bytes([CARS, [1, "", "", "川Q2", "", ""], [2, "张三", factories.id_number(), "川Q1", "", ""]])
    assert read_list(data, "a.csv", TODAY).refused == ((2, "name_missing"),)


def test_an_old_number_tells_the_birth_of_a_possible_hit(office):
    home, _ = office.family()
    person = home.members[0]
    old = f"990001{person.birth:%y%m%d}117"
    (line,) = office.lines(office.run(CARS, [1, person.name, old, "川Q1", "轿车", "1"]))
    assert (line.how, line.member_id) == ("name_birth", person.id)


@pytest.mark.parametrize(
    ("name", "birth", "code"),
    [("张三", "1960.05", "month_only"), ("张三", "1960年5月", "month_only"), ("张三", "不详", "number_missing"),
     ("张三、李四", "1960-05-17", "several_people")],
)  # fmt: skip
def test_a_row_that_cannot_be_looked_up_says_why(name, birth, code):
    data = sheets.csv_bytes([["姓名", "出生年月", "残疾类别"], [name, birth, "肢体"]])
    assert read_list(data, "a.csv", TODAY).refused == ((2, code),)


def test_a_list_in_traditional_signs_is_known():
    data = sheets.csv_bytes([["車主", "身份證號", "車牌號碼"], ["張三", factories.id_number(), "川Q1"]])
    assert read_list(data, "a.csv", TODAY).kind == "vehicles"


# --- settling ---------------------------------------------------------------------------------------------------------


def test_a_hit_may_start_a_recheck_of_the_case(session_any):
    office = Office(session_any)
    home, case = office.family()
    run = office.cars(home.members[0])
    (line,) = office.lines(run)
    office.settle(line, "recheck", "名下有车，需要核实")
    event = session_any.get(Event, line.event_id)
    assert (case.stage, event.action, event.opinion) == (Stage.RECHECK, Action.START_RECHECK, "名下有车，需要核实")
    settling.close(session_any, office.county, run, NOW)
    session_any.commit()
    assert (run.state, line.outcome) == ("closed", "recheck")


def test_a_second_hit_of_a_family_being_rechecked_names_the_recheck_that_runs(office):
    home, case = office.family()
    first, second = office.lines(office.cars(*home.members))
    office.settle(first, "recheck")
    office.settle(second, "recheck")
    assert (case.stage, second.event_id, second.outcome) == (Stage.RECHECK, None, "recheck")


def test_a_run_is_not_closed_while_a_line_is_unsettled(office):
    home, _ = office.family()
    run = office.cars(*home.members)
    first, second = office.lines(run)
    office.settle(first, "explained")
    office.session.commit()
    assert office.refusals(lambda: settling.close(office.session, office.county, run, NOW)) == ["match_unsettled"]
    office.settle(second, "false_match")
    settling.close(office.session, office.county, run, NOW)
    assert (run.state, run.closed_by_id) == ("closed", office.county.id)


def test_a_fraud_finding_names_its_clause(office):
    home, _ = office.family()
    (line,) = office.lines(office.cars(home.members[0]))
    assert office.refusals(lambda: office.settle(line, "fraud")) == ["clause_missing"]
    office.settle(line, "fraud", clause="国令第649号 第六十八条")
    assert (line.outcome, line.clause) == ("fraud", "国令第649号 第六十八条")


def test_a_line_needs_a_reason_an_outcome_and_is_settled_once(office):
    home, _ = office.family()
    (line,) = office.lines(office.cars(home.members[0]))
    assert office.refusals(lambda: office.settle(line, "no", " ")) == ["match_outcome_missing", "words_missing"]
    office.settle(line, "explained")
    office.session.commit()
    assert office.refusals(lambda: office.settle(line, "explained")) == ["match_settled"]


def test_a_stale_line_is_not_settled(office):
    home, _ = office.family()
    (line,) = office.lines(office.cars(home.members[0]))
    with pytest.raises(Stale):
        office.settle(line, "explained", version=line.row_version + 1)


def test_who_settles_is_asked_for_role_and_place(office):
    home, _ = office.family()
    (line,) = office.lines(office.cars(home.members[0]))
    assert office.refusals(lambda: office.settle(line, "explained", by=office.there)) == ["not_in_your_division"]
    approver = Actor(1, "某", Role.COUNTY_APPROVER, factories.COUNTY)
    assert office.refusals(lambda: office.settle(line, "explained", by=approver)) == ["not_your_role"]


def test_a_run_is_closed_by_the_office_that_began_it(office):
    run = office.cars(office.family()[0].members[0], by=office.here)
    assert "match_not_yours" in office.refusals(lambda: settling.close(office.session, office.there, run, NOW))


def test_due_is_ten_working_days_unless_told_and_never_over(office):
    home, _ = office.family()
    assert office.cars(home.members[0]).due_on == date(2026, 3, 16)
    assert office.cars(home.members[0], due_on=TODAY).due_on == TODAY
    assert office.refusals(lambda: office.cars(home.members[0], due_on=TODAY - timedelta(days=1))) == ["match_due_over"]


# --- the authorisation ------------------------------------------------------------------------------------------------


def test_without_the_familys_authorisation_a_hit_only_leads_to_a_recheck(office):
    home, case = office.family(authorised=None)
    (line,) = office.lines(office.cars(home.members[0]))
    assert (settling.authorised(line), settling.offered(line)) == (False, ("recheck",))
    assert office.refusals(lambda: office.settle(line, "explained")) == ["match_unauthorised"]
    settling.authorise(office.session, office.county, line, TODAY, NOW)
    assert (case.authorised_on, settling.offered(line)) == (TODAY, ("explained", "recheck", "fraud", "false_match"))
    office.settle(line, "explained")


def test_an_authorisation_is_not_signed_tomorrow_nor_twice(office):
    lines = office.lines(office.cars(office.family(authorised=None)[0].members[0], office.family()[0].members[0]))
    unsigned, signed = lines
    tomorrow = TODAY + timedelta(days=1)
    act = settling.authorise
    assert office.refusals(lambda: act(office.session, office.county, unsigned, tomorrow, NOW)) == ["day_in_future"]
    told = office.refusals(lambda: act(office.session, office.county, signed, TODAY, NOW))
    assert told == ["match_authorised_before"]


def test_a_refused_family_without_authorisation_is_left_with_the_reason(office):
    home, _ = office.family(Stage.REFUSED, authorised=None)
    (line,) = office.lines(office.cars(home.members[0]))
    assert settling.offered(line) == ("unauthorised",)
    office.settle(line, "unauthorised")


# --- deaths -----------------------------------------------------------------------------------------------------------


def gone(session, actor, member, on, kind):
    happened = Happened(kind, on, "群众来办理", member=member.id, reason=LeaveReason.MOVE)
    return household_events.happen(session, member.household, happened, actor, NOW, Figures.shipped()).event


def test_recording_the_death_settles_the_line_of_a_cremation(session_any):
    office = Office(session_any)
    home, _ = office.family(authorised=None)
    dead = home.members[1]
    run = office.run(DEAD, [dead.name, dead.id_no, "2026-02-20", "2026-02-22"])
    (line,) = office.lines(run)
    gone(session_any, office.here, dead, date(2026, 2, 20), Happening.DEATH)
    session_any.commit()
    assert (line.outcome, line.reason, line.settled_by_id) == ("death", "2026-02-20", office.here.id)
    settling.close(session_any, office.county, run, NOW)


def test_a_death_taken_back_opens_its_line_and_a_closed_match_again(session_any):
    office = Office(session_any)
    home, _ = office.family(authorised=None)
    dead = home.members[1]
    run = office.run(DEAD, [dead.name, dead.id_no, "2026-02-20", "2026-02-22"])
    wrong = gone(session_any, office.here, dead, date(2026, 2, 20), Happening.DEATH)
    settling.close(session_any, office.county, run, NOW)
    household_event_undo.undo(session_any, wrong, "登记错了人", office.here, NOW + timedelta(1), Figures.shipped())
    session_any.commit()
    (line,) = office.lines(run)
    assert (line.outcome, line.settled_at, run.state, run.closed_at) == (None, None, "open", None)
    assert office.refusals(lambda: settling.close(session_any, office.county, run, NOW)) == ["match_unsettled"]


def test_what_a_list_says_of_a_death_is_shown_without_an_authorisation(office):
    home, _ = office.family(authorised=None)
    (line,) = office.lines(office.run(DEAD, [home.members[1].name, home.members[1].id_no, "2026-02-20", "2026-02-22"]))
    assert (settling.authorised(line), "false_match" in settling.offered(line)) == (True, True)
    told = office.refusals(lambda: settling.authorise(office.session, office.county, line, TODAY, NOW))
    assert told == ["match_authorised_before"]


def test_moving_away_settles_no_cremation_and_a_death_no_car(office):
    home, _ = office.family()
    mover, dead = factories.member(office.session, home), home.members[1]
    burnt = office.run(DEAD, [mover.name, mover.id_no, "2026-02-20", "2026-02-22"])
    driven = office.cars(dead)
    gone(office.session, office.here, mover, TODAY, Happening.LEFT)
    gone(office.session, office.here, dead, TODAY, Happening.DEATH)
    assert [line.outcome for run in (burnt, driven) for line in office.lines(run)] == [None, None]
