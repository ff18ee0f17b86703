"""Every roster beside the two of 低保: whom it lists, in which columns, and that it comes back without a change."""

from datetime import date, datetime, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models import Event, Finding, TekunPerson, User
from policy.vocabulary import (
    Action,
    DisabilityKind,
    LeaveReason,
    Mode,
    Role,
    Scheme,
    Stage,
    Unit,
)  # fmt: skip
from tests import factories
from tests.workflows.exchange import rosters
from tests.workflows.exchange.judged import judge_sheet
from tests.workflows.exchange.rosters import NOW
from tests.workflows.exchange.told import FAMILY, FEW, KINDS, NAMES, begun
from workflows import audit
from workflows.actor import SYSTEM
from workflows.exchange import values
from workflows.exchange.asked import Asked
from workflows.exchange.export import BOOKS, ROSTERS, Export, Period, headers
from workflows.exchange.export_rosters import PAID
from workflows.exchange.files import Look, book_file, csv_stream, xlsx_file
from workflows.exchange.layouts import CHANGES, ONE_CARD, PLAIN, TEKUN, TEMPORARY
from workflows.exchange.layouts_out import CHILDREN, SUBSIDIES
from workflows.exchange.look import look
from workflows.exchange.reading import Unreadable, read_sheet
from workflows.household_scope import relocate

pytestmark = pytest.mark.usefixtures("in_process")
NEW, STOP, AMOUNT, DEATH, END = (layout.code for layout in CHANGES)
MARCH = Period.month(date(2026, 3, 31))
ALWAYS = Period()
CARD = "6228480010203040506"
UNKNOWN = {
    "household": {"family_class_fen", "person_class_fen", "calc_method", "band"},
    "tekun_members": {"family_class_fen", "person_class_fen", "calc_method", "band", "carer_id_no", "meter_no"},
    "one_card": {"finance_code"},
}  # fmt: skip
"""Columns for which nothing is on file, which stay empty."""


def office(session):
    made = rosters.office(session)
    audit.attribute(session, SYSTEM, NOW)
    return made


def lines(session, code, period=ALWAYS, full=True):
    roster = ROSTERS[code]
    ids = session.scalars(roster.ids(period)).all()
    return [headers(roster.layout), *Export(session, full, NOW.date()).rows(roster.layout, ids)]


def told(session, code, period=ALWAYS, full=True):
    head, *rows = lines(session, code, period, full)
    return [dict(zip(head, row, strict=True)) for row in rows]


def read_back(session, code, kind, period=ALWAYS):
    """The verdicts of an import on what was just exported."""
    who = rosters.actor(session.scalars(select(User).where(User.role == Role.COUNTY_REVIEWER)).one())
    text = lines(session, code, period)
    look = Export(session, True, NOW.date()).look(ROSTERS[code].layout, period)
    charset = "gb18030" if kind == "gb18030" else "utf-8"
    data = xlsx_file(text, look=look).read() if kind == "xlsx" else b"".join(csv_stream(text, charset))
    sheet = read_sheet(data, "名册.xlsx" if kind == "xlsx" else "名册.csv")
    assert sheet.layout.code == code
    return judge_sheet(session, sheet, who, NOW)


def differing(verdicts, outcome="unchanged"):
    return [(v.number, v.outcome, v.before, v.content, v.problems, v.warnings) for v in verdicts
            if v.outcome != outcome]  # fmt: skip


def step(session, case, action, came_from, to, before=0, after=0, at=datetime(2026, 3, 2, 9), opinion=""):
    happened = Event(
        benefit=case, action=action, from_stage=came_from, to_stage=to, at=at, actor_name="测试", opinion=opinion,
        monthly_before_fen=before, monthly_after_fen=after, village_code=case.village_code,
        township_code=case.township_code,
    )  # fmt: skip
    return factories.keep(session, happened)


@pytest.mark.parametrize("code", ROSTERS)
def test_a_roster_fills_every_column_of_its_layout_that_is_on_file(code):
    roster = ROSTERS[code]
    usual = UNKNOWN.get(code, UNKNOWN["household"] if roster.layout.kind in ("households", "members") else set())
    lacking = {column.field for column in roster.layout.columns} - set(roster.fields) - {"order"}
    assert lacking <= usual and "" in roster.fields


@pytest.mark.parametrize("code", ROSTERS)
def test_a_roster_without_rows_has_its_headers_alone(session, code):
    office(session)
    assert lines(session, code, MARCH) == [headers(ROSTERS[code].layout)]


SUPPORTED = st.fixed_dictionaries({
    "family": FAMILY, "modes": st.lists(st.sampled_from([None, *Mode]), min_size=4, max_size=4),
    "unmet": st.none() | st.integers(0, 6), "home": st.sampled_from(["", "孝儿镇敬老院", "=院；一"]),
    "guardian": st.just("") | NAMES.map(values.name),
    "note": st.sampled_from(["", "原注", "原注；供养机构：孝儿镇敬老院", "照料人：王某"]),
})  # fmt: skip


@given(st.lists(SUPPORTED, min_size=5, max_size=5), KINDS)
@FEW
def test_people_in_extreme_poverty_go_out_and_come_back_without_a_change(session, families, kind):
    _, homes = begun(session, [each["family"] for each in families])
    for home, each in zip(homes, families, strict=True):
        case = factories.benefit(session, home, scheme=Scheme.TEKUN, monthly_fen=each["family"]["monthly_fen"] or 0)
        for member, mode in zip(home.members, each["modes"], strict=False):
            member.support_mode = mode
            member.note = f"{member.note}；{each['note']}".strip("；") if each["note"] else member.note
        support(session, case, home.members[0], each)
    found = read_back(session, TEKUN.code, kind)
    assert len(found) == sum(len(home.members) for home in homes)
    assert differing(found) == []
    assert [v.warnings for v in found if any(one.code == "tekun_amount_differs" for one in v.warnings)] == []
    session.rollback()


def support(session, case, member, given):
    assessed = NOW.date() if given["unmet"] is not None else None
    session.add(TekunPerson(
        benefit=case, member=member, unmet=given["unmet"], assessed_on=assessed, home=given["home"],
        guardian=given["guardian"], village_code=case.village_code, township_code=case.township_code,
    ))  # fmt: skip
    session.flush()


def test_support_is_told_by_person_where_the_calculation_makes_up_the_amount(session):
    office(session)
    home = factories.household(session, members=2)
    one, two = home.members
    case = factories.benefit(session, home, scheme=Scheme.TEKUN, monthly_fen=200_000, first_month=date(2026, 1, 1))
    one.support_mode, two.support_mode = Mode.HOME, Mode.CENTRAL
    support(session, case, one, {"unmet": 2, "home": "", "guardian": "李监护"})
    (row, other) = told(session, TEKUN.code)
    assert (row["合计"], other["合计"], row["基本生活(总)费用"]) == ("2000.00", "", "")
    assert (row["供养方式"], other["供养方式"]) == ("分散", "集中")
    assert (row["生活自理能力"], row["照料人姓名"], row["救助类型"]) == ("2项不达标", "李监护", "农村特困")
    parts = [{"kind": "basic", "ref": f"m{one.id}", "amount": "900.00"}, {"kind": "care", "ref": f"m{one.id}",
             "amount": "200.00"}, {"kind": "basic", "ref": f"m{two.id}", "amount": "900.00"}]  # fmt: skip
    session.add(Finding(benefit_id=case.id, at=NOW, facts={}, result={"parts": parts}, monthly_fen=200_000))
    session.flush()
    row, other = told(session, TEKUN.code)
    costs = [(each["基本生活(总)费用"], each["照料护理(总)费用"], each["合计"]) for each in (row, other)]
    assert costs == [("900.00", "200.00", ""), ("900.00", "0.00", "")]


@given(st.lists(FAMILY, min_size=5, max_size=5), KINDS)
@FEW
def test_accounts_aid_and_the_plain_sheet_go_out_and_come_back_without_a_change(session, families, kind):
    _, homes = begun(session, families)
    for home, each in zip(homes, families, strict=True):
        home.one_card = CARD if each["deposit"] else None
        home.account_name = each["people"][0]["name"] if each["houses"] else None
    session.flush()
    for home, each in zip(homes, families, strict=True):
        if each["monthly_fen"]:
            factories.benefit(session, home, monthly_fen=each["monthly_fen"], decided_on=NOW.date() - timedelta(9))
        if each["deposit"]:
            factories.benefit(
                session, home, Stage.EXITED, scheme=Scheme.TEMPORARY, one_off_fen=each["deposit"] % 10**7 + 1,
                decided_on=NOW.date() - timedelta(3), reason=each["address"], own_cost_fen=each["deposit"],
            )  # fmt: skip
    sure = factories.household(session)
    sure.one_card = CARD
    factories.benefit(session, sure, monthly_fen=100)
    factories.benefit(session, sure, Stage.EXITED, scheme=Scheme.TEMPORARY, one_off_fen=1, decided_on=NOW.date())
    for code, least in ((PLAIN.code, len(families)), (ONE_CARD.code, 1), (TEMPORARY.code, 1)):
        found = read_back(session, code, kind)
        assert len(found) >= least
        assert differing(found) == []
    session.rollback()


@pytest.fixture
def changes(session):
    """A family in which everything that a 变动表 tells of happened in March."""
    office(session)
    home = factories.household(session, members=2)
    case = factories.benefit(session, home, monthly_fen=90_000, first_month=date(2025, 1, 1))
    step(session, case, Action.CONFIRM, Stage.APPROVAL, Stage.ACTIVE, 0, 80_000)
    step(session, case, Action.RAISE, Stage.RECHECK, Stage.ACTIVE, 80_000, 90_000, opinion="增加\n一人")
    step(session, case, Action.SUSPEND, Stage.ACTIVE, Stage.SUSPENDED, 90_000, 90_000)
    step(session, case, Action.EXIT, Stage.SUSPENDED, Stage.EXITED, 90_000, 90_000)
    factories.leave(session, home.members[1], date(2026, 3, 1), LeaveReason.DEATH)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_changes_read_back_as_candidates_without_a_fault(session, changes, kind):
    for code in (NEW, STOP, AMOUNT, DEATH, END):
        found = read_back(session, code, kind, MARCH)
        assert found and differing(found, "candidate") == []


def test_of_a_workbook_of_all_changes_one_sheet_after_another_is_chosen_and_read(session, changes):
    who = rosters.actor(session.scalars(select(User).where(User.role == Role.COUNTY_REVIEWER)).one())
    export, book = Export(session, True, NOW.date()), BOOKS["changes"]
    tables = [(lines(session, part.code, MARCH), export.look(part.layout, MARCH, tab=tab))
              for tab, part in book.parts.items()]  # fmt: skip
    data = book_file(tables).read()
    seen = look(data, "变动表.xlsx")
    assert (seen.rosters, seen.sure) == (tuple(book.parts), False)
    with pytest.raises(Unreadable, match="several_sheets"):
        read_sheet(data, "变动表.xlsx")
    for tab, part in book.parts.items():
        sheet = read_sheet(data, "变动表.xlsx", asked=Asked(sheet=tab))
        found = judge_sheet(session, sheet, who, NOW)
        assert sheet.layout.code == part.code and len(found) == len(lines(session, part.code, MARCH)) - 1 > 0
        assert differing(found, "candidate") == []


def test_a_sheet_of_a_workbook_goes_on_under_its_own_name():
    empty = Look(tab="停保", note="表", empty="无")
    tables = [([["甲"], ["1"], ["2"], ["3"]], Look(tab="新增", title="名册")), ([["乙"]], empty)]
    made = openpyxl.load_workbook(book_file(tables, most=2))
    assert made.sheetnames == ["新增", "新增（2）", "停保"]
    assert [sheet.print_title_rows for sheet in made] == ["$1:$2", "$1:$2", "$1:$2"]
    told = [[row[0].value for row in sheet.iter_rows()] for sheet in made]
    assert told[1:] == [["名册", "甲", "3"], ["表　无", "乙"]]


@pytest.mark.parametrize(("at", "listed"), [
    (datetime(2026, 2, 28, 23, 59, 59), False), (datetime(2026, 3, 1), True),
    (datetime(2026, 3, 31, 23, 59, 59), True), (datetime(2026, 4, 1), False),
])  # fmt: skip
def test_a_list_of_changes_is_of_its_month_from_first_to_last_moment(session, at, listed):
    office(session)
    case = factories.benefit(session, factories.household(session), monthly_fen=100)
    step(session, case, Action.CUT, Stage.RECHECK, Stage.ACTIVE, 200, 100, at=at)
    assert [(row["原金额"], row["现金额"], row["差额"]) for row in told(session, AMOUNT, MARCH)] == (
        [("2.00", "1.00", "-1.00")] if listed else []
    )


@pytest.mark.parametrize(("day", "listed"), [
    (date(2026, 2, 28), False), (date(2026, 3, 1), True), (date(2026, 3, 31), True), (date(2026, 4, 1), False),
])  # fmt: skip
def test_aid_and_deaths_of_a_month_are_those_of_its_days(session, day, listed):
    office(session)
    home = factories.household(session, members=2)
    factories.benefit(session, home)
    factories.benefit(session, home, Stage.EXITED, scheme=Scheme.TEMPORARY, one_off_fen=50_000, decided_on=day)
    factories.leave(session, home.members[1], day, LeaveReason.DEATH)
    assert len(told(session, TEMPORARY.code, MARCH)) == len(told(session, DEATH, MARCH)) == listed


def test_a_case_that_began_is_told_person_by_person(session):
    office(session)
    home = factories.household(session, members=2)
    home.account = CARD
    case = factories.benefit(session, home, monthly_fen=100)
    step(session, case, Action.CONFIRM, Stage.APPROVAL, Stage.ACTIVE, 0, 100)
    step(session, case, Action.TAKE_OVER, None, Stage.ACTIVE, 0, 100)
    rows = told(session, NEW, MARCH)
    assert [(row["姓名"], row["与户主关系"], row["银行账号"]) for row in rows] == [
        (home.members[0].name, "户主", CARD), (home.members[1].name, "子", CARD)
    ]  # fmt: skip
    assert {(row["审批时间"], row["类别"], row["家庭人口"]) for row in rows} == {("2026-03-02", "农村低保", "2")}


def test_who_leaves_is_told_with_the_way_out_and_where_to(session):
    office(session)
    home = factories.household(session)
    case = factories.benefit(session, home, Stage.EXITED, monthly_fen=100, ended_on=date(2026, 3, 2))
    factories.benefit(session, home, scheme=Scheme.EDGE)
    step(session, case, Action.END_GRACE, Stage.GRACE, Stage.EXITED, 100, 100)
    (row,) = told(session, END, MARCH)
    assert (row["停止月"], row["是否渐退"], row["直接退出"]) == ("2026-03", "是", "否")
    assert row["转入低保/特困/边缘/刚性"] == "边缘"
    step(session, case, Action.EXIT, Stage.RECHECK, Stage.EXITED, 100, 100, opinion="已就业")
    row = told(session, END, MARCH)[1]
    assert (row["是否渐退"], row["直接退出"], row["原因"]) == ("否", "是", "已就业")
    assert [(row["停保时间"], row["业务类型"]) for row in told(session, STOP, MARCH)] == [
        ("2026-03-02", "渐退期满"), ("2026-03-02", "退出")
    ]  # fmt: skip


def test_of_a_family_that_moved_away_a_list_of_changes_tells_the_place_of_the_step_alone(session):
    office(session)
    home = factories.household(session)
    home.address = "红星组12号"
    case = factories.benefit(session, home, monthly_fen=200)
    step(session, case, Action.CONFIRM, Stage.APPROVAL, Stage.ACTIVE, 0, 100)
    step(session, case, Action.RAISE, Stage.RECHECK, Stage.ACTIVE, 100, 200)
    before = {told(session, code, MARCH)[0]["地址"] for code in (NEW, AMOUNT)}
    relocate(session, home, factories.OTHER_VILLAGE, "滨河组3号")
    step(session, case, Action.CUT, Stage.RECHECK, Stage.ACTIVE, 200, 150)
    after = {told(session, code, MARCH)[0]["地址"] for code in (NEW, AMOUNT)}
    assert after == {address.removesuffix("红星组12号") for address in before}
    assert "滨河组3号" in told(session, AMOUNT, MARCH)[1]["地址"]


def test_a_family_of_which_nobody_is_left_is_told_under_its_last_head(session):
    office(session)
    home = factories.household(session)
    number = home.members[0].id_no
    case = factories.benefit(session, home, Stage.EXITED, monthly_fen=100, ended_on=date(2026, 3, 2))
    factories.leave(session, home.members[0], date(2026, 3, 2), LeaveReason.DEATH)
    step(session, case, Action.END_ON_DEATH, Stage.ACTIVE, Stage.EXITED, 100, 100)
    for code in (STOP, DEATH):
        assert [(row["户主"], row["身份证号"]) for row in told(session, code, MARCH)] == [(home.head_name, number)]
    assert told(session, DEATH, MARCH)[0]["死亡人"] == home.head_name
    assert told(session, STOP, MARCH)[0]["业务类型"] == "无人在保"


@pytest.mark.parametrize("stage", [Stage.REVIEW, *PAID, Stage.SUSPENDED, Stage.EXITED])
def test_the_list_of_accounts_holds_who_is_paid_each_month(session, stage):
    office(session)
    home = factories.household(session, members=2)
    home.one_card, home.account_name = CARD, home.members[1].name
    factories.benefit(session, home, stage, monthly_fen=51_000, first_month=date(2026, 1, 1))
    rows = told(session, ONE_CARD.code)
    assert len(rows) == (stage in PAID)
    for row in rows:
        assert (row["异动金额"], row["一卡通账号"], row["开始时间"]) == ("510.00", CARD, "2026-01")
        assert (row["户名身份证"], row["多重类型"], row["备注"]) == (home.members[1].id_no, "", "农村低保")


def test_the_subsidies_and_the_allowance_list_the_person_with_certificate_and_account(session):
    office(session)
    home = factories.household(session, members=2)
    home.one_card, child = CARD, home.members[1]
    child.disability_kind, child.disability_level, child.school = DisabilityKind.LIMB, 2, "巡场小学"
    child.disability_cert = f"{child.id_no}42"
    own = {"member_id": child.id, "unit": Unit.SINGLE, "persons": 1}
    factories.benefit(session, home, scheme=Scheme.CARE_SUBSIDY, monthly_fen=8_000, **own)
    factories.benefit(session, home, scheme=Scheme.ORPHAN, monthly_fen=120_000, **own)
    (row,) = told(session, SUBSIDIES.code)
    assert (row["序号"], row["姓名"], row["残疾证号"]) == ("1", child.name, f"{child.id_no}42")
    assert (row["残疾类别"], row["残疾等级"], row["补贴类型"]) == ("肢体", "二级", "重度残疾人护理补贴")
    assert (row["月补贴金额(元)"], row["一卡通账号"], row["乡镇(街道)"]) == ("80.00", CARD, "巡场镇")
    (row,) = told(session, CHILDREN.code)
    assert (row["类别"], row["就读学校"], row["户主姓名"]) == ("孤儿", "巡场小学", home.head_name)
    assert told(session, ONE_CARD.code)[0]["多重类型"] == "重度残疾人护理补贴、孤儿"


@pytest.mark.parametrize("code", ROSTERS)
def test_a_masked_roster_holds_no_full_number(session, code):
    office(session)
    home = factories.household(session, members=2)
    home.account = home.one_card = CARD
    home.phone, home.members[1].disability_cert = "13800001234", f"{home.members[1].id_no}42"
    home.members[1].disability_kind, home.members[1].disability_level = DisabilityKind.LIMB, 2
    for scheme in (Scheme.DIBAO, Scheme.TEKUN):
        case = factories.benefit(session, home, scheme=scheme, monthly_fen=100)
        step(session, case, Action.CONFIRM, Stage.APPROVAL, Stage.ACTIVE, 0, 100)
        step(session, case, Action.CUT, Stage.RECHECK, Stage.ACTIVE, 200, 100)
        step(session, case, Action.EXIT, Stage.RECHECK, Stage.EXITED, 100, 100)
    factories.benefit(session, home, scheme=Scheme.TEMPORARY, one_off_fen=100, decided_on=NOW.date())
    own = {"member_id": home.members[1].id, "unit": Unit.SINGLE, "persons": 1, "monthly_fen": 100}
    for scheme in (Scheme.LIVING_SUBSIDY, Scheme.ORPHAN):
        factories.benefit(session, home, scheme=scheme, **own)
    gone = factories.member(session, home, name="已故")
    secret = {CARD, "13800001234", gone.id_no, f"{home.members[1].id_no}42", *(m.id_no for m in home.members)}
    factories.leave(session, gone, date(2026, 3, 1), LeaveReason.DEATH)
    period = ALWAYS if code in (ONE_CARD.code, SUBSIDIES.code, CHILDREN.code) else MARCH
    rows = lines(session, code, period, full=False)
    assert len(rows) > 1
    assert not [cell for row in rows for cell in row if any(number in cell for number in secret)]
    assert any(cell in secret for row in lines(session, code, period) for cell in row) or code == AMOUNT


def test_a_month_ends_with_its_last_day():
    assert [Period.month(date(2026, at, 15)).last.day for at in (1, 2, 4, 12)] == [31, 28, 30, 31]
    assert Period.month(date(2024, 2, 1)).last == date(2024, 2, 29)


def test_rosters_are_chosen_alike_on_both_engines(session_any):
    session = session_any
    office(session)
    home = factories.household(session, members=2)
    case = factories.benefit(session, home, monthly_fen=100)
    factories.benefit(session, home, scheme=Scheme.TEKUN, monthly_fen=100)
    step(session, case, Action.CUT, Stage.RECHECK, Stage.ACTIVE, 200, 100)
    factories.benefit(session, home, scheme=Scheme.TEMPORARY, one_off_fen=100, decided_on=NOW.date())
    counts = {code: len(told(session, code, MARCH)) for code in ROSTERS}
    assert counts == {
        "dibao_households": 1, "dibao_members": 2, "tekun_members": 2, "one_card": 0, "temporary_aid": 1,
        "disability_subsidies": 0, "children_allowance": 0, NEW: 0, STOP: 0, AMOUNT: 1, DEATH: 0, END: 0, "plain": 2,
    }  # fmt: skip
    assert len(told(session, ONE_CARD.code)) == 2
