"""Papers say what was calculated, line by line, as it was stored; the law's clauses stand beside the sums."""

import pytest
from sqlalchemy.orm import Session

from models import Benefit, Event, IncomeLine, SpendingLine
from policy.figures import Figures
from policy.vocabulary import Action, IncomeKind, Outcome, Role, Scheme, SpendingKind, Stage
from tests import factories
from tests.views.case_papers import told
from tests.views.clerks import APPROVER, OFFICER, Clerks
from views.db import db
from workflows import audit, calculating
from workflows.actor import SYSTEM, Actor

A = Action
LINE = "建议月保障金380.00×3−350.50789.50→790.00逐户补差"
SINGLE = {"special": "突发大病", "special_clause": "会议纪要3号"}


def _really(clerks: Clerks, wage_fen: int = 0) -> Clerks:
    """A real calculation of the family, whose first member earns so much a year."""
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        case = session.get_one(Benefit, clerks.id)
        if wage_fen:
            case.household.members[0].income.append(IncomeLine(kind=IncomeKind.WAGE, year_fen=wage_fen))
        officer = Actor(clerks.ids["township_officer"], "李", OFFICER, case.township_code)
        calculating.calculate(session, case, officer, clerks.clock(), Figures.shipped())
        session.commit()
    return clerks


def test_a_decision_sums_up_the_calculation_and_attaches_its_lines_and_clauses(clerks):
    text = told(clerks.to_active(), "decision")
    assert "经核算，计入家庭人口3人，家庭月收入350.50元，人均月收入116.83元，执行标准每人每月380.00元" in text
    assert "附：核算情况（2026年3月2日）" in text and LINE in text
    assert "一事一议" not in text


def test_a_decision_on_the_single_case_is_told_with_reason_and_what_it_rests_on(clerks):
    clerks.to_approval().press(APPROVER, A.CONFIRM, amount="800", **SINGLE)
    text = told(clerks, "decision")
    assert "实行一事一议（核算金额为每月790.00元）：突发大病。依据：会议纪要3号。" in text
    assert "每月发放最低生活保障金800.00元" in text


def test_a_refusal_holds_every_reason_of_the_finding_with_its_clause(clerks):
    _really(clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER)), 90_000_000)
    clerks.walk((A.GIVE_OPINION, OFFICER), grants=False).walk((A.SUBMIT_REFUSAL, OFFICER))
    clerks.walk((A.REFUSE, APPROVER), clause="民发〔2021〕57号 第十三条", words="人均收入高于标准")
    text = told(clerks, "refusal")
    assert "经核算，人均月收入" in text and "不低于低保标准" in text and "国务院令第649号第九条" in text
    assert "附：核算情况" in text and "不符合条件" in text


def test_a_refusal_and_an_ending_never_go_with_a_calculation_that_speaks_for_the_family(clerks):
    clerks.to_opinion(grants=False).walk((A.SUBMIT_REFUSAL, OFFICER))
    clerks.walk((A.REFUSE, APPROVER), clause="民发〔2021〕57号 第二十九条", words="拒不配合家庭经济状况核对")
    assert "拒不配合" in told(clerks, "refusal") and "核算" not in told(clerks, "refusal")
    clerks.to_recheck().calculated(fen=79_000).walk((A.EXIT, APPROVER), words="拒不配合复核")
    assert "拒不配合复核" in told(clerks, "exit") and "核算" not in told(clerks, "exit")


@pytest.mark.parametrize(
    ("action", "kind", "outcome", "fen", "given"),
    [
        (A.RAISE, "change", Outcome.ELIGIBLE, 90_000, {"amount_fen": 90_000}),
        (A.CUT, "change", Outcome.ELIGIBLE, 50_000, {"amount_fen": 50_000}),
        (A.START_GRACE, "grace", Outcome.GRACE, 79_000, {"months": 6}),
        (A.EXIT, "exit", Outcome.NOT_ELIGIBLE, 0, {}),
    ],
)
def test_letters_after_a_recheck_attach_the_calculation_they_rest_on(clerks, action, kind, outcome, fen, given):
    clerks.to_recheck().calculated(fen=fen, outcome=outcome).walk((action, APPROVER), **given)
    text = told(clerks, kind)
    assert "附：核算情况" in text and LINE in text and "核算情况附后" in text


def test_a_letter_of_a_case_that_was_never_calculated_says_nothing_of_it(clerks):
    clerks.to_active().walk((A.LEAVE, OFFICER), form_signed=True)
    assert "核算" not in told(clerks, "exit")


def test_the_confirmation_form_holds_members_income_lines_opinion_and_decision(clerks):
    _really(clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER)), 120_000)
    fen = clerks.row()  # the case is still undecided
    assert fen.monthly_fen == 0
    answer = clerks.press(OFFICER, A.GIVE_OPINION, amount="500", **SINGLE)
    assert answer.status_code == 303
    text = told(clerks, "sheet")
    assert "最低生活保障审核确认表" in text and "以下空白" in text and "工资性收入100.00计入" in text
    assert "家庭补差" in text and "民发〔2021〕57号第七条" in text
    assert "同意，每月500.00元（人民币伍佰元整）" in text and "突发大病，依据：会议纪要3号" in text
    assert "申请人（签字、捺印）" in text
    clerks.walk((A.POST_NOTICE, OFFICER)).wait(8).walk((A.CONFIRM, APPROVER), amount_fen=50_000, words="按程序同意")
    assert "确认，每月500.00元（人民币伍佰元整）。按程序同意" in told(clerks, "sheet")


def test_the_survey_form_holds_the_calculation_once_there_is_one(clerks):
    clerks.to_review()
    assert "核算情况" not in told(clerks, "survey")
    clerks.calculated()
    assert LINE in told(clerks, "survey")


def test_papers_read_the_same_after_facts_changed_and_the_case_was_calculated_again(clerks):
    clerks.to_active()
    before = told(clerks, "decision")
    _really(clerks, 9_000_000)
    assert told(clerks, "decision") == before


def test_the_form_of_a_recheck_holds_no_words_of_the_survey_before_it(clerks):
    clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), words="三间瓦房")
    clerks.walk((A.RECORD_CROSSCHECK, OFFICER), (A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER))
    clerks.wait(8).walk((A.CONFIRM, APPROVER))
    assert "三间瓦房" in told(clerks, "survey")
    clerks.wait(30).walk((A.START_RECHECK, OFFICER))
    assert "三间瓦房" not in told(clerks, "survey")
    clerks.walk((A.RECORD_SURVEY, OFFICER), words="房屋已翻修")
    assert "房屋已翻修" in told(clerks, "survey") and "三间瓦房" not in told(clerks, "survey")


def _spends(clerks: Clerks, kind: SpendingKind, fen: int) -> None:
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        first = session.get_one(Benefit, clerks.id).household.members[0]
        first.spending.append(SpendingLine(kind=kind, year_fen=fen))
        session.commit()


def test_the_confirmation_form_holds_the_spending_that_was_calculated_with_and_none_entered_since(clerks):
    clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER))
    _spends(clerks, SpendingKind.MEDICAL, 2_800_000)
    _really(clerks)
    clerks.walk((A.GIVE_OPINION, OFFICER), grants=False)
    before = told(clerks, "sheet")
    assert "刚性支出（年）医疗28,000.00残疾康复／教育／" in before
    _spends(clerks, SpendingKind.EDUCATION, 500_000)
    assert told(clerks, "sheet") == before


def test_the_confirmation_form_says_who_gave_the_countys_opinion_and_when(clerks):
    clerks.apply(Scheme.EDGE)
    clerks.walk((A.ACCEPT, OFFICER), (A.START_REVIEW, OFFICER), (A.RECORD_SURVEY, OFFICER))
    clerks.walk((A.RECORD_CROSSCHECK, OFFICER), (A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER)).wait(8)
    clerks.walk((A.COUNTY_OPINION, Role.COUNTY_REVIEWER), words="情况属实")
    text = told(clerks, "sheet")
    assert "刚性支出" not in text, "nothing is spent"
    assert "县级审核意见提出县级意见。情况属实。county_reviewer2026年3月10日" in text


@pytest.mark.parametrize("before", ["2026-09-09", None])
def test_a_letter_of_recognition_says_that_it_takes_the_place_of_an_earlier_one(clerks, before):
    more = {"renews_until": before} if before else {}
    with clerks.app.app_context(), Session(db.engine) as session:
        case = factories.benefit(session, factories.household(session), scheme=Scheme.RIGID)
        clerks.id = case.id
        factories.keep(session, Event(
            benefit_id=case.id, action=A.CONFIRM, from_stage=Stage.APPROVAL, to_stage=Stage.ACTIVE, at=clerks.clock(),
            actor_name="测试", data={"months": 12, "until": "2027-03-01", **more}, clause="认定办法 第七条",
            township_code=case.township_code, village_code=case.village_code,
        ))  # fmt: skip
        session.commit()
    said = "原认定有效期至2026年9月9日，自本次认定之日起终止，由本认定接续。"
    assert (said in told(clerks, "decision")) is (before is not None)
