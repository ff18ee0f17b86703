"""Lists beside the rosters: what an import of each of them means, and that none of them edits an approved amount."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Event, Household, ImportRow, Member
from policy.vocabulary import LeaveReason, Mode, Role, Scheme, Stage
from tests.workflows.exchange import rosters, sheets
from tests.workflows.exchange.rosters import FIGURES, HEAD_ROW, NOW, PLACE, WIFE_ROW
from workflows.exchange.apply import apply_batch
from workflows.exchange.layouts import CHANGES, ONE_CARD, TEKUN, TEMPORARY, recognise
from workflows.exchange.reading import read_sheet
from workflows.exchange.undo import undo_batch

pytestmark = pytest.mark.usefixtures("in_process")
OLD, NEW = "6228480010203040506", "6228480010203040999"
OF_HEAD = {"户主": "张样", "身份证号": sheets.HEAD}
BY_CODE = {layout.code: layout for layout in CHANGES}


@pytest.fixture
def reviewer(session: Session):
    return rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])


@pytest.fixture
def family(session: Session, reviewer):
    """A family of two on the roster, paid 760 yuan a month."""
    head = HEAD_ROW | {"银行帐号": OLD, "一卡通账号": OLD, "银行账户名称": HEAD_ROW["姓名"]}
    rosters.applied(session, rosters.members(head, WIFE_ROW), reviewer)
    return session.scalars(select(Household)).one()


def of(layout, *rows):
    headers = [column.header for column in layout.columns + layout.extra]
    lines = [headers, *([str(row.get(header, "")) for header in headers] for row in rows)]
    return read_sheet(sheets.csv_bytes(lines), "表.csv")


def verdicts(session, batch):
    rows = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id).order_by(ImportRow.row_no))
    return [(row.outcome, [problem["code"] for problem in row.problems]) for row in rows]


def card(**changes):
    return {"姓名": HEAD_ROW["姓名"], "身份证号": sheets.HEAD, "一卡通账号": NEW} | changes


def test_every_form_is_known_by_its_own_headers():
    for layout in (TEKUN, ONE_CARD, TEMPORARY, *CHANGES):
        match = recognise([column.header for column in layout.columns])
        assert match is not None and (match.layout.code, match.missing, match.unknown) == (layout.code, (), ())


def test_a_one_card_list_changes_the_account_of_the_family_and_calls_it_out(session, reviewer, family):
    batch = rosters.staged(session, of(ONE_CARD, card(异动金额="99999")), reviewer)
    assert verdicts(session, batch) == [("changed", ["account_changes"])]
    apply_batch(session, batch.id, reviewer, NOW, FIGURES)
    session.commit()
    session.expire_all()
    assert (family.one_card, session.scalars(select(Benefit.monthly_fen)).one()) == (NEW, 76_000)
    undo_batch(session, batch.id, reviewer, NOW, "试错")
    session.commit()
    session.expire_all()
    assert family.one_card == OLD


def test_a_one_card_row_without_a_number_is_no_news_of_a_family_that_is_here(session, reviewer, family):
    nobody = sheets.id_no("19700101", 7)
    rows = card(一卡通账号=""), card(一卡通账号="", 开户银行="信用社"), card(一卡通账号="", 身份证号=nobody)
    batch = rosters.staged(session, of(ONE_CARD, *rows), reviewer)
    assert verdicts(session, batch) == [("unchanged", []), ("changed", []), ("refused", ["unknown_person"])]
    apply_batch(session, batch.id, reviewer, NOW, FIGURES)
    session.commit()
    session.expire_all()
    assert (family.one_card, family.account_name, family.bank) == (OLD, HEAD_ROW["姓名"], "信用社")


def test_a_one_card_row_of_nobody_or_of_another_name_is_refused(session, reviewer, family):
    other = sheets.id_no("19700101", 7)
    batch = rosters.staged(session, of(ONE_CARD, card(身份证号=other), card(姓名="别人")), reviewer)
    assert verdicts(session, batch) == [("refused", ["unknown_person"]), ("refused", ["name_differs"])]


def test_one_family_gets_one_account(session, reviewer, family):
    wife = {"姓名": WIFE_ROW["姓名"], "身份证号": sheets.WIFE}
    same = rosters.staged(session, of(ONE_CARD, card(), wife | {"一卡通账号": NEW}), reviewer)
    assert [outcome for outcome, _ in verdicts(session, same)] == ["changed", "unchanged"]
    two = rosters.staged(session, of(ONE_CARD, card(), wife | {"一卡通账号": NEW[:-1] + "1"}), reviewer)
    assert verdicts(session, two)[1] == ("refused", ["account_conflict"])


def test_an_account_in_a_strangers_name_is_called_out(session, reviewer, family):
    stranger = card(户名身份证=sheets.id_no("19700101", 7))
    batch = rosters.staged(session, of(ONE_CARD, stranger), reviewer)
    assert verdicts(session, batch) == [("changed", ["account_changes", "holder_outside"])]


def aid(**changes):
    paid = {"救助金额": "1500", "审批时间": "2026-01-20", "救助原因": "突发疾病", "自付金额": "8000"}
    return {"姓名": HEAD_ROW["姓名"], "身份证号": sheets.HEAD, "地址": "巡场镇新胜村1组"} | paid | changes


def test_paid_temporary_aid_becomes_a_finished_case_once(session, reviewer, family):
    rosters.applied(session, of(TEMPORARY, aid()), reviewer)
    case = session.scalars(select(Benefit).where(Benefit.scheme == Scheme.TEMPORARY)).one()
    assert (case.stage, case.one_off_fen, case.monthly_fen, case.own_cost_fen) == (Stage.EXITED, 150_000, 0, 800_000)
    assert (case.decided_on, case.paid_on, case.household_id) == (date(2026, 1, 20), date(2026, 1, 20), family.id)
    assert session.scalars(select(Event).where(Event.benefit_id == case.id)).one().to_stage is Stage.EXITED
    again = rosters.staged(session, of(TEMPORARY, aid(), aid(救助金额="1501")), reviewer)
    assert [outcome for outcome, _ in verdicts(session, again)] == ["unchanged", "new"]


def test_aid_of_somebody_new_founds_the_family_at_the_address_and_can_be_undone(session, reviewer):
    stranger = aid(姓名="王新", 身份证号=sheets.id_no("19700101", 7))
    twice = stranger | {"审批时间": "2026-02-10", "救助金额": "800"}
    batch = rosters.applied(session, of(TEMPORARY, stranger, twice), reviewer)
    home = session.scalars(select(Household)).one()
    assert (home.head_name, home.persons, len(session.scalars(select(Benefit)).all())) == ("王新", 1, 2)
    undo_batch(session, batch.id, reviewer, NOW, "试错")
    session.commit()
    assert set(session.scalars(select(Benefit.stage))) == {Stage.WITHDRAWN}
    assert session.scalars(select(Member.leave_reason)).one() is LeaveReason.CORRECTION


def test_aid_at_an_address_nobody_knows_is_refused(session, reviewer):
    stranger = aid(姓名="王新", 身份证号=sheets.id_no("19700101", 7), 地址="某地")
    batch = rosters.staged(session, of(TEMPORARY, stranger), reviewer)
    assert verdicts(session, batch) == [("refused", ["place_missing"])]


def supported(**changes):
    paid = {"户月保障金额": "", "合计": "", "基本生活(总)费用": "932", "照料护理(总)费用": "200"}
    own = {"户主身份证号": "", "与户主关系": "", "供养方式": "分散"}
    return HEAD_ROW | PLACE | paid | own | changes


def test_an_empty_mode_of_support_is_no_news_of_who_is_supported_and_refuses_who_comes_to_it(session, reviewer):
    silent = supported(供养方式="")
    wife = WIFE_ROW | {"户主身份证号": sheets.HEAD, "供养方式": "分散"}
    new = rosters.staged(session, of(TEKUN, silent, wife), reviewer)
    assert verdicts(session, new) == [("refused", ["empty"]), ("refused", ["head_refused"])]
    rosters.applied(session, of(TEKUN, supported()), reviewer)
    again = rosters.staged(session, of(TEKUN, silent), reviewer)
    assert verdicts(session, again) == [("unchanged", [])]
    joining = rosters.staged(session, of(TEKUN, silent, wife | {"供养方式": ""}), reviewer)
    assert verdicts(session, joining) == [("unchanged", []), ("refused", ["empty"])]


def test_who_is_here_but_not_in_extreme_poverty_does_not_come_to_it_without_a_mode(session, reviewer, family):
    batch = rosters.staged(session, of(TEKUN, supported(供养方式="")), reviewer)
    assert verdicts(session, batch) == [("refused", ["empty"])]


def test_people_in_extreme_poverty_come_with_their_support(session, reviewer):
    rosters.applied(session, of(TEKUN, supported()), reviewer)
    case, member = session.scalars(select(Benefit)).one(), session.scalars(select(Member)).one()
    assert (case.scheme, case.stage, case.monthly_fen) == (Scheme.TEKUN, Stage.ACTIVE, 113_200)
    assert (member.support_mode, case.taken_over, case.persons) == (Mode.HOME, True, 1)
    again = rosters.staged(session, of(TEKUN, supported()), reviewer)
    assert verdicts(session, again) == [("unchanged", [])]
    more = rosters.staged(session, of(TEKUN, supported(**{"照料护理(总)费用": "300"})), reviewer)
    assert verdicts(session, more) == [("unchanged", ["tekun_amount_differs"])]


def test_who_is_here_already_gets_the_support_as_a_case_of_its_own(session, reviewer, family):
    batch = rosters.applied(session, of(TEKUN, supported()), reviewer)
    assert {case.scheme for case in session.scalars(select(Benefit))} == {Scheme.DIBAO, Scheme.TEKUN}
    undo_batch(session, batch.id, reviewer, NOW, "试错")
    session.commit()
    stages = dict(map(tuple, session.execute(select(Benefit.scheme, Benefit.stage))))
    assert stages == {Scheme.DIBAO: Stage.ACTIVE, Scheme.TEKUN: Stage.WITHDRAWN}


@pytest.mark.parametrize(
    ("code", "row", "event"),
    [
        ("changes_stop", {"户主": "张样", "身份证号": sheets.HEAD, "停保原因": "就业", "停保时间": "2026-02"}, "stop"),
        ("changes_death", OF_HEAD | {"死亡人": "李样", "死亡日期": "2026-02-03"}, "death"),
        ("changes_amount", {"户主": "张样", "出生": "", "原金额": "760", "现金额": "800"}, "amount"),
        ("changes_end", {"姓名": "张样", "身份证号": sheets.HEAD, "停止月": "2026-02", "是否渐退": "是"}, "stop"),
    ],
)  # fmt: skip
def test_changes_are_candidates_and_never_edit_an_amount(session, reviewer, family, code, row, event):
    birth = session.scalars(select(Member.birth).where(Member.relation == "head")).one()
    told = row | ({"出生": str(birth)} if "出生" in row else {})
    batch = rosters.staged(session, of(BY_CODE[code], told), reviewer)
    assert verdicts(session, batch) == [("candidate", [])]
    kept = session.scalars(select(ImportRow).where(ImportRow.batch_id == batch.id)).one()
    assert f'"event": "{event}"' in kept.content and (kept.table_name, kept.row_id) == ("household", family.id)
    before = (family.row_version, session.scalars(select(Benefit.row_version)).one())
    apply_batch(session, batch.id, reviewer, NOW, FIGURES)
    session.commit()
    session.expire_all()
    assert (family.row_version, session.scalars(select(Benefit.row_version)).one()) == before
    assert session.scalars(select(Benefit.monthly_fen)).one() == 76_000


@pytest.mark.parametrize(
    ("code", "told", "outcome"),
    [
        ("changes_amount", {"原金额": "700", "现金额": "760"}, "unchanged"),
        ("changes_amount", {"原金额": "760", "现金额": "760.01"}, "candidate"),
        ("changes_amount", {"类别": "农村低保", "原金额": "700", "现金额": "760"}, "unchanged"),
        ("changes_amount", {"类别": "孤儿", "原金额": "700", "现金额": "760"}, "candidate"),
        ("changes_amount", {"类别": "低保边缘家庭", "原金额": "700", "现金额": "760"}, "candidate"),
        ("changes_stop", {"类别": "农村低保", "停保原因": "就业", "停保时间": "2026-02"}, "candidate"),
        ("changes_stop", {"类别": "特困", "停保原因": "就业", "停保时间": "2026-02"}, "unchanged"),
    ],
)
def test_a_change_that_has_happened_here_already_is_nobodys_task(session, reviewer, family, code, told, outcome):
    birth = session.scalars(select(Member.birth).where(Member.relation == "head")).one()
    who = {"户主": "张样", "出生": str(birth)} if code == "changes_amount" else OF_HEAD
    batch = rosters.staged(session, of(BY_CODE[code], who | told), reviewer)
    assert verdicts(session, batch) == [(outcome, [])]


@pytest.mark.parametrize(("told", "outcome"), [
    ("农村低保", "unchanged"), ("低保边缘家庭", "candidate"), ("低保边缘户", "candidate"), ("孤儿", "candidate"),
    ("", "candidate"),
])  # fmt: skip
def test_a_stop_of_another_class_is_a_task_though_the_family_has_no_allowance(session, reviewer, told, outcome):
    rosters.applied(session, of(TEKUN, supported()), reviewer)
    row = OF_HEAD | {"类别": told, "停保原因": "就业", "停保时间": "2026-02"}
    batch = rosters.staged(session, of(BY_CODE["changes_stop"], row), reviewer)
    assert verdicts(session, batch) == [(outcome, [])]


def test_a_change_of_somebody_unknown_is_refused_unless_they_are_newly_let_in(session, reviewer):
    row = {"姓名": "王新", "身份证号": sheets.id_no("19700101", 7), "审批时间": "2026-02", "类别": "农村低保"}
    new = rosters.staged(session, of(BY_CODE["changes_new"], row), reviewer)
    assert verdicts(session, new) == [("candidate", [])]
    gone = {"户主": "王新", "身份证号": row["身份证号"], "停保原因": "迁出", "停保时间": "2026-02"}
    stop = rosters.staged(session, of(BY_CODE["changes_stop"], gone), reviewer)
    assert verdicts(session, stop) == [("refused", ["unknown_person"])]


def test_a_death_of_somebody_who_is_not_of_the_family_is_to_be_looked_at(session, reviewer, family):
    row = {"户主": "张样", "身份证号": sheets.HEAD, "死亡人": "王无", "死亡日期": "2026-02-03"}
    batch = rosters.staged(session, of(BY_CODE["changes_death"], row), reviewer)
    assert verdicts(session, batch) == [("candidate", ["dead_not_here"])]


def test_an_amount_that_is_not_ours_is_called_out(session, reviewer, family):
    row = {"户主": "张样", "身份证号": sheets.HEAD, "月金额": "700", "停保原因": "就业", "停保时间": "2026-02"}
    batch = rosters.staged(session, of(BY_CODE["changes_stop"], row), reviewer)
    assert verdicts(session, batch) == [("candidate", ["amount_differs"])]


def test_a_roster_with_another_amount_lets_the_case_fall_due_and_undo_puts_it_back(session, reviewer, family):
    case = session.scalars(select(Benefit)).one()
    due = case.review_due_on
    assert due > NOW.date()
    told = {"户主身份证号": sheets.HEAD, "户月保障金额(元)": "900", "合计(元)": "900", "家庭住址": "新址"}
    row = rosters.HOUSEHOLD | told
    batch = rosters.applied(session, rosters.households(row), reviewer)
    session.expire_all()
    assert (case.review_due_on, case.monthly_fen) == (NOW.date(), 76_000)
    undo_batch(session, batch.id, reviewer, NOW + timedelta(hours=1), "试错")
    session.commit()
    session.expire_all()
    assert case.review_due_on == due
