"""Departments' lists against our people: who is hit, who is left out, what a line needs before it is settled."""

from datetime import date, datetime, timedelta
from time import process_time

import pytest
from sqlalchemy import select

from models import AuditEntry, Event, Lead, MatchLine
from policy.figures import Figures
from policy.vocabulary import Action, DisabilityKind, Happening, LeaveReason, Role, Stage
from tests import factories
from tests.workflows.exchange import sheets
from tests.workflows.exchange.conftest import in_process  # noqa: F401
from workflows import audit, household_events
from workflows.actor import Actor
from workflows.exchange.reading import Unreadable
from workflows.household_events import Happened
from workflows.matching import running, settling
from workflows.matching.finding import look_up
from workflows.matching.lists import Listed, read_list
from workflows.reason import Refused, Stale

pytestmark = pytest.mark.usefixtures("in_process")
NOW, FIGURES = datetime(2026, 3, 2, 9, 0), Figures.shipped()
TODAY = NOW.date()
CARS = ["序号", "所有人", "身份证明号码", "号牌号码", "车辆类型", "购置价(元)"]
DEAD = ["姓名", "身份证号", "死亡日期", "火化日期"]
DISABLED = ["姓名", "身份证号", "残疾类别", "残疾等级", "乡镇", "村"]


class Office:
    """A small county, its reviewer and two township officers, and a list at a time."""

    def __init__(self, session):
        self.session, made = session, factories.office(session)
        self.county, self.here = (actor(made[role]) for role in (Role.COUNTY_REVIEWER, Role.TOWNSHIP_OFFICER))
        self.there = actor(made.elsewhere[Role.TOWNSHIP_OFFICER])

    def family(self, stage=Stage.ACTIVE, village=factories.VILLAGE, authorised=date(2026, 1, 5), **fields):
        home = factories.household(self.session, village, members=2, **fields)
        case = factories.benefit(self.session, home, stage, authorised_on=authorised) if stage else None
        return home, case

    def run(self, headers, *rows, by=None, name="名单.csv", **more):
        listed = read_list(sheets.csv_bytes([headers, *rows]), name, TODAY)
        made = running.run(self.session, by or self.county, listed, NOW, file_name=name, sha256="0" * 64, **more)
        self.session.commit()
        return made

    def lines(self, run, by=None):
        return self.session.scalars(settling.lines_of(by or self.county, run).order_by(MatchLine.id)).all()

    def cars(self, *people, **more):
        rows = [[n, p.name, p.id_no, f"川Q{n:05d}", "小型轿车", "86000"] for n, p in enumerate(people, 1)]
        return self.run(CARS, *rows, **more)

    def settle(self, line, outcome, reason="已核实情况", by=None, **more):
        return settling.settle(self.session, by or self.county, line, outcome, reason, NOW, FIGURES, **more)

    def refusals(self, act):
        with pytest.raises(Refused) as caught:
            act()
        self.session.rollback()
        return [reason.code for reason in caught.value.reasons]


def actor(user):
    return Actor(user.id, user.name, user.role, user.division_code)


@pytest.fixture
def office(session):
    return Office(session)


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
    household_events.happen(session, member.household, happened, actor, NOW, Figures.shipped())


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


def test_moving_away_settles_no_cremation_and_a_death_no_car(office):
    home, _ = office.family()
    mover, dead = factories.member(office.session, home), home.members[1]
    burnt = office.run(DEAD, [mover.name, mover.id_no, "2026-02-20", "2026-02-22"])
    driven = office.cars(dead)
    gone(office.session, office.here, mover, TODAY, Happening.LEFT)
    gone(office.session, office.here, dead, TODAY, Happening.DEATH)
    assert [line.outcome for run in (burnt, driven) for line in office.lines(run)] == [None, None]


# --- people left out --------------------------------------------------------------------------------------------------


def disabled(name, level, number=None, kind="肢体", town="巡场镇", village="新胜村"):
    return [name, number or factories.id_number(), kind, level, town, village]


def test_people_on_a_list_of_need_who_receive_nothing_become_leads_where_they_live(session_any):
    office = Office(session_any)
    rows = [disabled("甲", "一级"), disabled("乙", "二级", town="孝儿镇"), disabled("丙", "二级", town="", village="")]
    run = office.run(DISABLED, *rows)
    found = session_any.scalars(select(Lead).order_by(Lead.id)).all()
    places = [(lead.name, lead.village_code, lead.why, lead.state) for lead in found]
    wanted = zip("甲乙丙", (factories.VILLAGE, factories.OTHER_VILLAGE, factories.COUNTY), strict=True)
    assert places == [(name, place, "disability", "open") for name, place in wanted]
    assert (run.counts["lead"], found[0].id_no) == (3, rows[0][1])
    again = office.run(DISABLED, *rows)
    assert (again.counts.get("lead", 0), again.counts["known_lead"]) == (0, 3)


@pytest.mark.parametrize(
    ("kind", "level", "leads"),
    [
        ("肢体", "二级", 1), ("肢体", "三级", 0), ("智力", "三级", 1), ("精神", "三级", 1), ("精神", "四级", 0),
        ("肢体", "", 1),
    ],
)  # fmt: skip
def test_of_the_disabled_only_the_grave_become_leads(office, kind, level, leads):
    assert office.run(DISABLED, disabled("甲", level, kind=kind)).counts.get("lead", 0) == leads


def test_who_is_covered_becomes_no_lead_and_who_left_without_a_case_does(office):
    paid, asked = (office.family(stage)[0].members[0] for stage in (Stage.ACTIVE, Stage.REVIEW))
    ended = office.family(Stage.EXITED, village=factories.OTHER_VILLAGE)[0].members[0]
    headers = ["姓名", "身份证号", "留守类别"]
    run = office.run(headers, *([p.name, p.id_no, "留守老人"] for p in (paid, asked, ended)))
    assert (run.counts["covered"], run.counts["lead"], office.lines(run)) == (2, 1, [])
    (lead,) = office.session.scalars(select(Lead))
    assert lead.village_code == factories.OTHER_VILLAGE


def test_a_refused_person_on_a_list_of_need_is_a_hit(office):
    person = office.family(Stage.REFUSED)[0].members[0]
    run = office.run(["姓名", "身份证号", "监测对象"], [person.name, person.id_no, "是"])
    assert [line.standing for line in office.lines(run)] == ["refused"]


def test_a_disability_that_our_record_does_not_know_is_a_hit(office):
    home, _ = office.family()
    known, unknown = home.members
    audit.attribute(office.session, office.county, NOW)
    known.disability_kind, known.disability_level = DisabilityKind.LIMB, 2
    office.session.commit()
    run = office.run(DISABLED, disabled(known.name, "二级", known.id_no), disabled(unknown.name, "二级", unknown.id_no))
    assert [line.member_id for line in office.lines(run)] == [unknown.id]


def test_a_person_twice_on_the_list_is_one_lead(office):
    row = disabled("甲", "一级")
    assert office.run(DISABLED, row, row).counts["lead"] == 1


def test_a_township_finds_no_leads_elsewhere(office):
    run = office.run(DISABLED, disabled("甲", "一级"), disabled("乙", "一级", town="孝儿镇"), by=office.here)
    assert (run.counts["lead"], run.counts["elsewhere"]) == (1, 1)


def test_an_open_lead_on_a_list_of_cars_is_a_hit(office):
    row = disabled("甲", "一级")
    office.run(DISABLED, row)
    run = office.run(CARS, [1, "甲", row[1], "川Q1", "轿车", "1"])
    (line,) = office.lines(run)
    assert (line.standing, line.lead.name, settling.offered(line)) == ("lead", "甲", ("explained", "false_match"))


def test_a_lead_is_settled_once_with_a_reason_by_its_own_place(office):
    office.run(DISABLED, disabled("甲", "一级"))
    (lead,) = office.session.scalars(select(Lead))
    act = lambda by, state, words: settling.settle_lead(office.session, by, lead, state, words, NOW)  # noqa: E731
    assert office.refusals(lambda: act(office.there, "applied", "已申请")) == ["not_in_your_division"]
    assert office.refusals(lambda: act(office.here, "", "")) == ["lead_state_missing", "words_missing"]
    act(office.here, "not_needed", "家庭收入稳定")
    office.session.commit()
    assert (lead.state, lead.settled_by_id) == ("not_needed", office.here.id)
    assert office.refusals(lambda: act(office.here, "applied", "已申请")) == ["lead_settled"]


def test_the_history_has_one_entry_for_each_table_of_a_run_and_no_number(office):
    rows = [disabled("甲", "一级")]
    home, _ = office.family()
    rows.append(disabled(home.members[0].name, "一级", home.members[0].id_no))
    office.run(DISABLED, *rows)
    entries = office.session.scalars(select(AuditEntry).where(AuditEntry.action == "match")).all()
    assert {(entry.table_name, entry.after["rows"]) for entry in entries} == {("lead", 1), ("match_line", 1)}
    assert not any(row[1] in str(entry.after) for row in rows for entry in entries)


def test_only_reviewer_and_officer_match_lists(office):
    home, _ = office.family()
    auditor = Actor(1, "某", Role.AUDITOR, factories.COUNTY)
    assert office.refusals(lambda: office.cars(home.members[0], by=auditor)) == ["not_your_role"]
