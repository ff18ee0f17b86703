"""核算 at the browser: one press stores the finding; dialogs start from it; other amounts say why; old ones stay."""

import html
import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, Event, Finding, Household, IncomeLine, Member
from policy.vocabulary import Action, DisabilityKind, IncomeKind, Outcome, Role, Scheme, Stage, Unit
from tests import factories
from tests.views.clerks import APPROVER, FOUND, OFFICER, VILLAGE, Clerks
from views.calculation import verdict
from views.db import db
from views.finding_words import grouped, named
from workflows import audit
from workflows.actor import SYSTEM

A = Action
OTHERS = [Role.VILLAGE_WORKER, Role.SUPERVISOR, Role.AUDITOR, Role.SYSTEM_ADMIN]


def _calculate(clerks: Clerks, who: Role | str = OFFICER, **typed: str) -> Any:
    return clerks.browser(who).post(f"/case/{clerks.id}/calculate/", data=typed)


def _findings(clerks: Clerks) -> list[Finding]:
    with clerks.app.app_context(), Session(db.engine) as session:
        return list(session.scalars(select(Finding).order_by(Finding.id)))


def _earn(clerks: Clerks, year_fen: int) -> None:
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        person = session.scalars(select(Member).order_by(Member.id)).first()
        assert person is not None
        person.income.append(IncomeLine(kind=IncomeKind.WAGE, year_fen=year_fen))
        session.commit()


def _card(page: str) -> str:
    found = page.split('id="calculation"')[1].split("</section>", maxsplit=1)[0]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)))


def _at_opinion(clerks: Clerks) -> Clerks:
    return clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER))


def test_one_press_calculates_stores_and_shows_the_finding(clerks):
    clerks.to_review()
    answer = _calculate(clerks)
    assert (answer.status_code, answer.location) == (303, f"/case/{clerks.id}/#calculation")
    [found] = _findings(clerks)
    page = clerks.page(OFFICER)
    assert "已核算，符合条件：每月 " in page
    card = _card(page)
    for line in found.result["lines"]:
        assert line["value"] in card and line["clause"] in card
    assert "计算过程" in card and "重新核算" in card and "所用政策参数" in card
    with clerks.app.app_context(), Session(db.engine) as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.table_name == "finding")).one()
        assert told.actor_id == clerks.ids["township_officer"]


@pytest.mark.parametrize("who", OTHERS)
def test_others_do_not_calculate(clerks, who):
    clerks.to_review()
    assert _calculate(clerks, who).status_code == 403
    assert _findings(clerks) == []


def test_nobody_calculates_a_case_elsewhere_or_after_its_end(clerks):
    clerks.to_review()
    assert _calculate(clerks, "township_officer_2").status_code == 404
    clerks.walk((A.WITHDRAW, OFFICER))
    assert _calculate(clerks).status_code == 303
    assert _findings(clerks) == [] and "不再核算" in clerks.page(OFFICER)


def test_a_dialog_that_waits_for_the_calculation_offers_it_and_comes_back(clerks):
    _at_opinion(clerks)
    dialog = clerks.browser(OFFICER).get(clerks.url(A.GIVE_OPINION)).get_data(as_text=True)
    assert "请先核算再作决定" in dialog and f'formaction="/case/{clerks.id}/calculate/"' in dialog
    assert _calculate(clerks, then="give_opinion").location == clerks.url(A.GIVE_OPINION)
    dialog = clerks.browser(OFFICER).get(clerks.url(A.GIVE_OPINION)).get_data(as_text=True)
    [found] = _findings(clerks)
    assert f'value="{found.result["monthly"]}"' in dialog and "核算结果" in dialog


def test_the_dialog_of_aid_paid_first_says_a_sum_paid_once(clerks):
    clerks.apply(Scheme.TEMPORARY, urgent=True, requested_fen=200_000)
    _calculate(clerks, event_kind="fire")
    page = clerks.browser(APPROVER).get(clerks.url(A.PAY_FIRST)).text
    assert "一次性 2,000.00 元" in page


@pytest.mark.parametrize("typed", [{}, {"special": "集体研究"}, {"special_clause": "会议纪要"}])
def test_another_amount_without_reason_and_clause_is_refused_and_keeps_what_was_typed(clerks, typed):
    _at_opinion(clerks).calculated()
    answer = clerks.press(OFFICER, A.GIVE_OPINION, amount="800", **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "须记录一事一议" in page and 'value="800"' in page
    assert re.search(r'<details class="more field wide special"\s+open>', page)
    assert A.GIVE_OPINION not in clerks.events()


def test_a_decision_on_the_single_case_stands_in_the_story_and_on_the_event(clerks):
    _at_opinion(clerks).calculated()
    typed = {"amount": "800", "special": "独居且突发大病", "special_clause": "会议纪要〔2026〕3号"}
    assert clerks.press(OFFICER, A.GIVE_OPINION, **typed).status_code == 303
    page = clerks.page(OFFICER)
    assert "一事一议（核算为 790.00 元）：独居且突发大病，依据 会议纪要〔2026〕3号" in page
    with clerks.app.app_context(), Session(db.engine) as session:
        event = session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        told = {"reason": typed["special"], "clause": typed["special_clause"], "calculated_fen": 79_000}
        assert event.data["special_decision"] == told and event.finding_id is not None


def test_the_confirmer_starts_from_what_the_single_decision_proposed(clerks):
    _at_opinion(clerks).calculated()
    clerks.press(OFFICER, A.GIVE_OPINION, amount="800", special="独居", special_clause="纪要")
    clerks.walk((A.POST_NOTICE, OFFICER)).wait(8)
    dialog = clerks.browser(APPROVER).get(clerks.url(A.CONFIRM)).get_data(as_text=True)
    assert 'value="800.00"' in dialog and ">独居</textarea>" in dialog.replace("\r\n", "") and 'value="纪要"' in dialog


@pytest.mark.parametrize(("months", "proposed"), [(None, "changing"), (12, "stable"), (6, "changing")])
def test_the_confirmer_starts_from_how_often_the_calculation_wants_a_recheck(clerks, months, proposed):
    clerks.to_approval()
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        found = session.scalars(select(Finding).order_by(Finding.id.desc())).first()
        assert found is not None
        result = {**found.result, "review_months": months}
        session.add(Finding(benefit_id=clerks.id, at=clerks.clock(), facts={}, result=result, monthly_fen=79_000))
        session.commit()
    dialog = clerks.browser(APPROVER).get(clerks.url(A.CONFIRM)).get_data(as_text=True)
    assert re.findall(r'<option selected value="(\w+)"', dialog.split('name="review_class"')[1]) == [proposed]


def test_the_page_says_what_changed_since_and_what_it_comes_to_today(clerks):
    clerks.to_review()
    _calculate(clerks)
    before = _card(clerks.page(OFFICER))
    assert "核算之后有变化" not in before
    _earn(clerks, 120_000)
    after = _card(clerks.page(OFFICER))
    assert "核算之后有变化：家庭情况。按今天的情况，符合条件：每月 " in after


def test_a_stored_finding_has_its_page_and_reads_the_same_after_everything_changed(clerks):
    clerks.to_review()
    _calculate(clerks)
    [first] = _findings(clerks)
    url = f"/case/{clerks.id}/finding/{first.id}/"
    before = clerks.browser(OFFICER).get(url).get_data(as_text=True)
    _earn(clerks, 9_000_000)
    _calculate(clerks)
    after = clerks.browser(OFFICER).get(url).get_data(as_text=True)
    strip = re.compile(r'name="csrf_token" value="[^"]*"|<div class="say.*?</div>', re.DOTALL)
    assert strip.sub("", after) == strip.sub("", before)
    assert len(_findings(clerks)) == 2 and url in clerks.page(OFFICER)
    assert "不符合条件" in _card(clerks.page(OFFICER))


def test_a_finding_of_another_case_is_not_shown_under_this_one(clerks):
    clerks.to_review()
    _calculate(clerks)
    [found] = _findings(clerks)
    other = clerks.apply(village=factories.OTHER_VILLAGE, by="township_officer_2")
    assert clerks.browser("township_officer_2").get(f"/case/{other}/finding/{found.id}/").status_code == 404
    assert clerks.browser("township_officer_2").get(f"/case/1/finding/{found.id}/").status_code == 404


@pytest.mark.parametrize(
    ("outcome", "fen", "step"),
    [(Outcome.ELIGIBLE, 79_000, "维持"), (Outcome.ELIGIBLE, 79_001, "增发"), (Outcome.ELIGIBLE, 78_999, "减发"),
     (Outcome.GRACE, 79_000, "转入渐退期"), (Outcome.NOT_ELIGIBLE, 0, "办理退出")],
)  # fmt: skip
def test_a_recheck_says_which_decision_the_calculation_leads_to(clerks, outcome, fen, step):
    clerks.to_recheck().calculated(fen=fen, outcome=outcome)
    page = clerks.page(APPROVER)
    assert f"按政策核算应：{step}。" in page
    first = re.search(r'<div class="act">.*?<a class="btn btn-primary"[^>]*>([^<]*)</a>', page, re.DOTALL)
    assert first and first[1] == step


def test_a_recheck_asks_why_income_rose_and_the_finding_knows_it(clerks):
    clerks.to_active().wait(30).walk((A.START_RECHECK, VILLAGE), (A.RECORD_SURVEY, VILLAGE))
    assert 'name="rise_cause"' in clerks.page(OFFICER)
    _calculate(clerks, rise_cause="work")
    assert _findings(clerks)[-1].facts["current"]["income_rose_because"] == "work"
    assert clerks.stage is Stage.RECHECK


def test_temporary_aid_asks_what_struck_the_family_and_comes_to_a_sum_once(clerks):
    clerks.apply(Scheme.TEMPORARY, urgent=True, requested_fen=200_000)
    page = clerks.page(OFFICER)
    assert 'name="event_kind"' in page and 'name="rise_cause"' not in page
    _calculate(clerks, event_kind="fire", event_degree="severe", loss_fen="40000", own_cost_fen="")
    [found] = _findings(clerks)
    event = found.facts["event"]
    assert (event["kind"], event["degree"], event["urgent"]) == ("fire", "severe", True)
    assert found.result["scheme"] == "temporary" and clerks.row().loss_fen == 4_000_000
    dialog = clerks.browser(APPROVER).get(clerks.url(A.PAY_FIRST)).get_data(as_text=True)
    assert "核算结果" in dialog and re.search(r"<input[^>]* name=\"amount\"[^>]*2,?000\.00", dialog)


def test_a_sum_that_is_none_is_told_and_nothing_is_calculated(clerks):
    clerks.apply(Scheme.TEMPORARY, urgent=True, requested_fen=200_000)
    _calculate(clerks, event_kind="fire", loss_fen="viel")
    assert _findings(clerks) == [] and "viel" in clerks.page(OFFICER)


@pytest.mark.parametrize(("told", "shown"), [
    ("12035.00 ÷ 12", "12,035.00 ÷ 12"), ("1234567.89 < 415.00 × 12 × 2", "1,234,567.89 < 415.00 × 12 × 2"),
    ("999.99", "999.99"), ("2021年12月", "2021年12月"), ("511526100-2026-00107", "511526100-2026-00107"), (None, ""),
])  # fmt: skip
def test_sums_of_a_calculation_have_thousands_separators_and_nothing_else_has(told, shown):
    assert grouped(told) == shown
    assert named(told, {"m1": "张三"}) == shown


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        ("eligible", "符合条件：每月 330.00 元"),
        ("grace", "渐退期：每月 330.00 元"),
        ("not_eligible", "不符合条件"),
        ("incomplete", "缺少情况"),
    ],
)
def test_a_no_and_a_calculation_that_lacks_facts_name_no_amount(app, outcome, says):
    with app.test_request_context():
        assert verdict({"scheme": "dibao", "outcome": outcome, "monthly": "330.00", "one_off": "0.00"}) == says


def _disabled(clerks: Clerks, scheme: Scheme = Scheme.CARE_SUBSIDY, stage: Stage = Stage.REVIEW) -> int:
    """A case of somebody disabled of whom nobody knows whether they need care; the member's number."""
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = factories.household(session, members=1, head_name="沈样")
        who = home.members[0]
        who.disability_kind, who.disability_level = DisabilityKind.LIMB, 1
        own = {"scheme": scheme, "member": who, "unit": Unit.SINGLE, "persons": 1}
        clerks.id = factories.benefit(session, home, stage, **own).id
        session.commit()
        return who.id


def test_what_a_subsidys_calculation_lacks_leads_to_where_it_is_entered(clerks):
    member = _disabled(clerks)
    link = f'href="/member_facts/{member}/edit/">补填沈样缺少的情况</a>'
    assert link not in clerks.page(OFFICER)
    _calculate(clerks)
    assert "是否需要长期照护没有核实" in _card(clerks.page(OFFICER))
    assert link in clerks.page(OFFICER)
    assert link not in clerks.page(Role.COUNTY_REVIEWER)
    assert "1级" in clerks.browser(OFFICER).get(f"/member/{member}/").get_data(as_text=True)


def test_the_case_of_a_disabled_person_shows_no_household_unit_no_cross_check_and_no_pledge(clerks):
    _disabled(clerks)
    _calculate(clerks)
    page = clerks.page(OFFICER)
    assert "确认权限" in _card(page) and "单人户" not in _card(page)
    assert 'id="checks"' not in page and "未签字" not in page
    clerks.apply(signed=False)
    page = clerks.page(OFFICER)
    assert 'id="checks"' in page and "未签字" in page


@pytest.mark.parametrize("scheme", [Scheme.CARE_SUBSIDY, Scheme.UNSUPPORTED_CHILD, Scheme.TEKUN, Scheme.EDGE])
def test_a_recheck_of_what_has_no_grace_period_does_not_ask_why_income_rose(clerks, scheme):
    _disabled(clerks, scheme, Stage.RECHECK)
    page = clerks.page(OFFICER)
    assert "/calculate/" in page and "rise_cause" not in page


def test_a_refused_family_is_offered_what_was_advised_until_it_has_applied_for_it(clerks):
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = factories.household(session, members=2)
        clerks.id = factories.benefit(session, home, Stage.REFUSED, scheme=Scheme.EDGE).id
        advised = {"outcome": "not_eligible", "advice": [{"code": "try_dibao", "text": "请申请低保", "clause": ""}]}
        session.add(Finding(benefit_id=clerks.id, at=clerks.clock(), facts={}, result={**FOUND, **advised}))
        session.commit()
        home_id = home.id
    offer = f"/apply/?household={home_id}&amp;scheme=dibao"
    assert offer in clerks.page(OFFICER)
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        factories.benefit(session, session.get_one(Household, home_id), Stage.APPLIED)
        session.commit()
    assert offer not in clerks.page(OFFICER)
