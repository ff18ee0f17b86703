"""Papers for print: each once its step is there, with what the law wants on it, and nothing of a person too much."""

import re
from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from models import Asset, Benefit, Event
from policy.vocabulary import Action, AssetKind, LeaveReason, Paper, Role, Scheme
from tests import factories
from tests.views.case_papers import PHONE, burden, ids, issued, looks, paper, plain, told
from tests.views.clerks import APPROVER, OFFICER, VILLAGE
from views.db import db
from views.papers_kinds import KINDS, OF_ACTION, available_papers
from views.papers_text import MORE
from workflows import audit
from workflows.actor import SYSTEM
from workflows.facts import Missing

A = Action
AT_APPLICATION = {"application", "pledge", "authorisation"}


# --- when a paper is there --------------------------------------------------------------------------------------------


def test_no_paper_can_be_printed_before_its_step_and_the_page_leads_to_it(clerks):
    clerks.apply()
    for kind in set(KINDS) - AT_APPLICATION:
        answer = clerks.browser(OFFICER).get(f"/case/{clerks.id}/paper/{kind}/")
        assert answer.status_code == 409, kind
        assert f'href="/case/{clerks.id}/#acts"' in answer.get_data(as_text=True)
        if KINDS[kind].served:
            assert clerks.browser(OFFICER).get(f"/case/{clerks.id}/paper/{kind}/delivery/").status_code == 409
    assert (
        clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/survey/full/", data={"reason": "verify"}).status_code
        == 409
    )
    assert looks(clerks) == []


def test_the_missing_step_is_named(clerks):
    clerks.apply()
    text = plain(clerks.browser(OFFICER).get(f"/case/{clerks.id}/paper/notice/").get_data(as_text=True))
    assert "提交公示" in text and "先行救助" not in text


def test_a_case_offers_the_papers_of_its_steps_and_no_other(clerks):
    clerks.to_review()
    page = clerks.page(OFFICER)
    assert f"/case/{clerks.id}/paper/receipt/" in page and f"/case/{clerks.id}/paper/survey/" in page
    assert f"/case/{clerks.id}/paper/receipt/delivery/" in page
    assert all(f"/case/{clerks.id}/paper/{kind}/" in page for kind in (*AT_APPLICATION, "neighbours"))
    assert f"/case/{clerks.id}/paper/notice/" not in page
    assert f"/case/{clerks.id}/paper/decision/" not in page


def test_every_step_that_tells_the_family_something_has_its_paper():
    decisions = {A.TELL_MISSING, A.ACCEPT, A.CONFIRM, A.PAY_FIRST, A.REFUSE, A.RAISE, A.CUT, A.SUSPEND, A.RESUME,
                 A.START_GRACE, A.EXIT, A.END_GRACE, A.LEAVE, A.END_ON_DEATH}  # fmt: skip
    assert [action for action in decisions if not any(kind.served for kind in OF_ACTION[action])] == []


def test_papers_of_one_kind_are_counted_and_the_latest_needs_no_event_in_its_address():
    actions = enumerate((A.ACCEPT, A.RAISE, A.FILE_PAPER, A.CUT), 1)
    events = [Event(id=n, action=action, data={}) for n, action in actions]
    found = [(p.kind.code, p.event.id, p.nth, p.latest) for p in available_papers(events)]
    assert found == [("receipt", 1, 1, True), ("change", 2, 1, False), ("change", 4, 2, True)]


def test_an_unknown_kind_or_an_event_of_another_kind_is_not_found(clerks):
    clerks.to_review()
    get = clerks.browser(OFFICER).get
    assert get(f"/case/{clerks.id}/paper/verdict/").status_code == 404
    for event in ("1", "99999", "x", ""):
        assert get(f"/case/{clerks.id}/paper/survey/?event={event}").status_code == 404
    assert get(f"/case/{clerks.id}/paper/survey/delivery/").status_code == 404


def test_a_case_elsewhere_is_not_found(clerks):
    clerks.apply(village=factories.OTHER_VILLAGE, by="township_officer_2")
    clerks.walk((A.ACCEPT, "township_officer"))
    browser = clerks.browser(OFFICER)
    assert browser.get(f"/case/{clerks.id}/paper/receipt/").status_code == 404
    assert browser.get(f"/case/{clerks.id}/paper/receipt/delivery/").status_code == 404
    assert browser.post(f"/case/{clerks.id}/paper/survey/full/", data={"reason": "verify"}).status_code == 404
    assert browser.get(f"/papers/notice/?village={factories.OTHER_VILLAGE}").status_code == 404


# --- what stands on it ------------------------------------------------------------------------------------------------


def test_the_receipt_has_a_stub_with_the_same_number_above_the_tear_line(clerks):
    clerks.apply()
    clerks.walk((A.ACCEPT, OFFICER))
    page = issued(clerks, "receipt")
    stub, letter = page.split('class="cut"')
    assert "存根" in stub and "经办人（签字）" in stub
    assert "巡民救〔2026〕1号" in stub and "巡民救〔2026〕1号" in letter
    assert "2026年3月5日" in plain(letter)  # three working days
    assert "2026年3月30日" in plain(letter)  # twenty, as the township confirms
    assert 'data-case="案号 511526100-2026-00001"' in page and "打印人" in page


def test_the_receipt_of_a_special_case_promises_the_day_that_the_desk_counts_to(clerks):
    clerks.apply()
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock(), "试")
        session.get_one(Benefit, clerks.id).special = True
        session.commit()
    clerks.walk((A.ACCEPT, OFFICER))
    with clerks.app.app_context(), Session(db.engine) as session:
        due = session.get_one(Benefit, clerks.id).decide_by
    assert f"45个工作日内，即{due.year}年{due.month}月{due.day}日" in told(clerks, "receipt")


def test_the_notice_of_missing_papers_lists_what_was_told(clerks):
    clerks.apply()
    clerks.walk((A.TELL_MISSING, OFFICER), missing=(Missing(Paper.ID_CARD, "配偶的"), Missing(Paper.DIAGNOSIS)))
    text = told(clerks, "missing")
    assert "1．身份证（配偶的）；" in text and "2．诊断证明。" in text
    assert "第十条" in text


def test_the_decision_states_amount_in_figures_and_capitals_and_the_month_in_force(clerks):
    text = told(clerks.to_active(), "decision")
    assert "790.00元（人民币柒佰玖拾元整）" in text
    assert "自2026年4月起" in text
    assert "珙县巡场镇人民政府" in text


def test_a_refusal_holds_facts_reason_clause_decision_and_both_remedies_in_this_order(clerks):
    clerks.to_opinion(grants=False).walk((A.SUBMIT_REFUSAL, OFFICER))
    clerks.walk((A.REFUSE, APPROVER), clause="民发〔2021〕57号 第十三条", words="人均收入高于标准")
    text = told(clerks, "refusal")
    parts = ["查明的事实", "拟同意", "人均收入高于标准。", "《最低生活保障审核确认办法》（民发〔2021〕57号）第十三条",
             "不予确认。", "60日内，向珙县人民政府申请行政复议", "6个月内，依法向珙县人民法院提起行政诉讼",
             "珙县巡场镇人民政府2026年3月2日"]  # fmt: skip
    places = [text.find(part) for part in parts]
    assert -1 not in places and places == sorted(places), dict(zip(parts, places, strict=True))


@pytest.mark.parametrize(
    ("steps", "kind", "words"),
    [
        (((A.RAISE, {"amount_fen": 90000}),), "change", "由每月790.00元调整为每月900.00元（人民币玖佰元整）"),
        (
            ((A.CUT, {"amount_fen": 50050}),),
            "change",
            "减发最低生活保障金：由每月790.00元调整为每月500.50元（人民币伍佰元伍角整）",
        ),
        (((A.SUSPEND, {}),), "suspension", "自2026年5月起停发"),
        (((A.START_GRACE, {"months": 6}),), "grace", "给予6个月渐退期，至2026年10月31日止"),
        (((A.EXIT, {}),), "exit", "自2026年5月起退出最低生活保障"),
        (((A.SUSPEND, {}), (A.RESUME, {})), "resumption", "恢复发放您家庭的最低生活保障金，每月790.00元"),
    ],
)
def test_a_letter_on_a_change_states_it_with_reason_and_both_remedies(steps, kind, words, clerks):
    clerks.to_recheck()
    for action, given in steps:
        clerks.walk((action, APPROVER), words="家庭收入有变化", **given)
    text = told(clerks, kind)
    assert words in text and "家庭收入有变化。" in text
    assert "行政复议" in text and "行政诉讼" in text


def test_a_letter_of_the_county_is_signed_and_numbered_by_the_county(clerks):
    clerks.to_recheck()
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock(), "试")
        session.add(Event(
            benefit_id=clerks.id, action=A.SUSPEND, to_stage=clerks.stage, at=clerks.clock(), actor_name="邓",
            opinion="停",
            actor_role=Role.COUNTY_APPROVER, village_code=factories.VILLAGE, township_code=factories.XUNCHANG,
        ))  # fmt: skip
        session.commit()
    assert clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/suspension/issue/").status_code == 422
    text = plain(issued(clerks, "suspension", Role.COUNTY_APPROVER))
    assert "珙民救〔2026〕1号" in text and "珙县民政局" in text


def test_aid_paid_first_is_told_with_its_sum_and_the_day_for_the_papers(clerks):
    clerks.apply(Scheme.TEMPORARY, urgent=True)
    text = told(clerks.walk((A.PAY_FIRST, APPROVER), amount_fen=200000, words="火灾"), "decision")
    assert "临时救助确认通知书" in text and "2,000.00元（人民币贰仟元整）" in text
    assert "2026年3月9日前" in text


def _leave(clerks, reason):
    """Everybody leaves the family, and time alone ends its case; the head's name."""
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        for member in session.get_one(Benefit, clerks.id).household.members:
            factories.leave(session, member, clerks.clock().date(), reason)
        session.commit()
        name = session.get_one(Benefit, clerks.id).household.head_name
    clerks.wait(1)
    return name


def test_condolences_go_to_the_relatives_of_who_died_and_to_nobody_who_moved_away(clerks):
    head = _leave(clerks.to_active(), LeaveReason.DEATH)
    died = told(clerks, "exit")
    assert f"{head}的亲属：" in died and f"{head}家庭的保障对象已全部去世，谨表哀悼" in died
    head = _leave(clerks.to_active(), LeaveReason.MOVE)
    moved = told(clerks, "exit")
    assert f"{head}：" in moved and "您家庭的保障对象已全部离开本地" in moved and "可以向迁入地申请" in moved
    assert "去世" not in moved and "哀悼" not in moved


def test_an_application_tells_property_with_its_unit(clerks):
    clerks.apply()
    with clerks.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        home = session.get_one(Benefit, clerks.id).household
        home.assets += [Asset(kind=AssetKind.HOUSE, quantity=1, area_m2=90),
                        Asset(kind=AssetKind.VEHICLE, quantity=1, value_fen=3_000_000),
                        Asset(kind=AssetKind.DEPOSIT, value_fen=100_000), Asset(kind=AssetKind.OTHER)]  # fmt: skip
        session.commit()
    assert "住房：1套90㎡；机动车：1辆30,000.00元；存款：1,000.00元；" in told(clerks, "application")
    assert "其他：有。" in told(clerks, "application")


@pytest.mark.parametrize(("names", "twos"), [(["王强"], False), (["王强", "李梅"], True)])
def test_a_refusal_speaks_of_two_surveyors_only_where_two_went(names, twos):
    survey = Event(id=1, action=A.RECORD_SURVEY, at=datetime(2026, 3, 2, 9), data={"surveyors": names})
    refusal = Event(id=2, action=A.REFUSE, at=datetime(2026, 3, 3, 9), data={})
    file = SimpleNamespace(events=[survey, refusal], visits=[])
    assert MORE["refusal"](file, refusal)["in_twos"] is twos


def test_proof_of_delivery_names_the_letter_and_its_number_and_leaves_the_rest_to_be_written(clerks):
    clerks.to_active()
    issued(clerks, "decision")
    page = clerks.browser(OFFICER).get(f"/case/{clerks.id}/paper/decision/delivery/").get_data(as_text=True)
    assert "最低生活保障确认通知书" in page and "巡民救〔2026〕1号" in page and "送达回证" in page


def test_a_paper_stays_chinese_where_the_panel_speaks_english(clerks):
    clerks.to_active()
    clerks.browser(OFFICER).post("/language", data={"lang": "en"})
    page = paper(clerks, "decision")
    assert 'lang="zh-CN"' in page and "2026年3月10日" in page
    assert ">Proof of delivery</a>" in page and "Issue and print</button>" in page


# --- what may be posted on a wall -------------------------------------------------------------------------------------


def columns(page: str) -> list[str]:
    return [plain(cell).strip() for cell in re.findall(r"<th[^>]*>(.*?)</th>", page)]


@pytest.mark.parametrize("whole_village", [False, True])
def test_a_public_notice_shows_name_persons_income_a_head_and_amount_and_nothing_else(whole_village, clerks):
    clerks.to_notice()
    secrets = burden(clerks)
    url = f"/papers/notice/?village={factories.VILLAGE}" if whole_village else f"/case/{clerks.id}/paper/notice/"
    page = clerks.browser(OFFICER).get(url).get_data(as_text=True)
    assert columns(page) == ["序号", "户主姓名", "家庭人口", "人均月收入（元）", "月保障金额（元）"]
    body = plain(page.split("<main", 1)[1])
    assert "116.83" in body and "790.00" in body and "2026年3月2日" in body and "2026年3月9日" in body
    assert "如有异议" in body and "珙县巡场镇人民政府" in body
    case_no = clerks.row().case_no
    assert [secret for secret in secrets if secret in page.replace(case_no, "")] == []


def test_the_notice_of_a_village_holds_every_case_on_notice_there_and_no_other(clerks):
    names = []
    for village in (factories.VILLAGE, factories.VILLAGE, factories.XUNCHANG + "202"):
        clerks.apply(village=village)
        steps = (A.ACCEPT, A.START_REVIEW, A.RECORD_SURVEY, A.RECORD_CROSSCHECK, A.GIVE_OPINION, A.POST_NOTICE)
        clerks.walk(*((step, OFFICER) for step in steps))
        with clerks.app.app_context(), Session(db.engine) as session:
            names.append(session.get_one(Benefit, clerks.id).household.head_name)
    clerks.to_notice().walk((A.OBJECT, OFFICER), by_name="村民")  # posted once, and taken back
    get = clerks.browser(OFFICER).get

    def shown(place: str) -> list[str]:
        page = get(f"/papers/notice/?village={place}").get_data(as_text=True)
        return [row[1] for row in re.findall(r"<tr><td>(\d+)</td><td>(.*?)</td>", page)]

    assert shown(factories.VILLAGE) == names[:2]
    assert shown(factories.XUNCHANG) == names
    assert "新胜村" in get("/papers/notice/").get_data(as_text=True)


@pytest.mark.parametrize("place", ["5115", "511526", "511526101", "511526100999", "x", "5115261002011"])
def test_a_place_that_is_not_a_village_or_township_of_the_reader_is_not_found(place, clerks):
    assert clerks.browser(OFFICER).get(f"/papers/notice/?village={place}").status_code == 404


def test_a_village_without_notices_says_so(clerks):
    clerks.apply()
    page = clerks.browser(VILLAGE).get(f"/papers/notice/?village={factories.VILLAGE}").get_data(as_text=True)
    assert "目前没有正在公示的家庭" in page


# --- whole numbers are asked for, and recorded ------------------------------------------------------------------------


def test_the_survey_form_masks_every_number(clerks):
    clerks.to_review()
    burden(clerks)
    page = paper(clerks, "survey")
    assert [number for number in ids(clerks) if number in page or number[:10] in page] == []
    assert PHONE not in page and "138****1234" in page
    assert "调查人（签字）" in page and page.count("调查人（签字）") == 2 and "在场人（签字）" in page
    assert looks(clerks) == []


def test_whole_numbers_on_the_survey_form_are_a_recorded_look(clerks):
    clerks.to_review()
    answer = clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/survey/full/", data={"reason": "verify"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and all(number in page for number in ids(clerks))
    (entry,) = looks(clerks)
    assert (entry.benefit_id, entry.reason, entry.after["paper"]) == (clerks.id, "verify", "survey")


@pytest.mark.parametrize("reason", ["", "curious"])
def test_without_a_reason_no_whole_number_is_shown_and_nothing_recorded(reason, clerks):
    clerks.to_review()
    answer = clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/survey/full/", data={"reason": reason})
    assert answer.status_code == 422
    assert [number for number in ids(clerks) if number in answer.get_data(as_text=True)] == []
    assert looks(clerks) == []


def test_only_a_form_with_numbers_has_whole_ones(clerks):
    clerks.to_active()
    answer = clerks.browser(OFFICER).post(f"/case/{clerks.id}/paper/decision/full/", data={"reason": "verify"})
    assert answer.status_code == 404
