"""Papers of an application that was accepted before 2021-07-01 name the rule of that day, and no later one."""

import re
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Event
from policy.vocabulary import Action, Role, Scheme, Source, Stage
from tests import factories
from tests.views.case_papers import plain, told
from tests.views.clerks import APPROVER, OFFICER, VILLAGE, Clerks
from views.db import db
from views.papers_kinds import available_papers
from workflows import audit
from workflows.actor import SYSTEM
from workflows.facts import Answer, Surveyor

A = Action
DAY = date(2021, 6, 28)
BACK = (Answer(Source.BANK, DAY),)
OLD = "《最低生活保障审核审批办法（试行）》（民发〔2012〕220号）"


@pytest.fixture
def before(clerks: Clerks) -> Clerks:
    """The small county on the 28th of June 2021."""
    clerks.clock.go_to(DAY)
    return clerks


@pytest.mark.parametrize("kind", ["authorisation", "neighbours", "crosscheck"])
def test_a_form_names_the_rule_of_its_day(kind: str, before: Clerks) -> None:
    before.to_review().walk((A.RECORD_CROSSCHECK, OFFICER), answers=BACK)
    text = told(before, kind)
    assert f"根据{OLD}" in text
    assert "57号" not in text and "第十八条" not in text


def test_the_report_of_a_cross_check_names_the_article_on_objections_where_its_rule_has_one(clerks: Clerks) -> None:
    clerks.to_review().walk((A.RECORD_CROSSCHECK, OFFICER))
    assert "申请复核（第十八条）。" in told(clerks, "crosscheck")
    clerks.apply(Scheme.TEKUN)
    clerks.walk((A.ACCEPT, OFFICER), (A.START_REVIEW, OFFICER), (A.RECORD_CROSSCHECK, OFFICER))
    text = told(clerks, "crosscheck")
    assert "（民发〔2021〕43号）第十三条" in text and "第十八条" not in text


def test_the_democratic_review_of_a_case_accepted_before_is_printed_though_it_was_surveyed_later(
    before: Clerks,
) -> None:
    before.to_review().wait(7).walk((A.RECORD_SURVEY, OFFICER))
    text = told(before, "meeting")
    assert f"{OLD}第十六条" in text and "调查结果的客观性和真实性" in text


def test_an_objection_under_the_old_rule_is_reviewed_by_the_old_rule(before: Clerks) -> None:
    before.to_review().walk((A.RECORD_SURVEY, OFFICER)).walk((A.RECORD_CROSSCHECK, OFFICER), answers=BACK)
    before.walk((A.REVIEW_MEETING, OFFICER), present=9, delegates=6, grants=True)
    before.walk((A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER)).walk((A.OBJECT, VILLAGE), by_name="村民")
    text = told(before, "meeting")
    assert "公示期间有人提出异议" in text and "57号" not in text and f"{OLD}第十六条" in text


def test_the_case_page_names_the_rule_of_the_day_of_acceptance_for_its_terms(before: Clerks) -> None:
    before.to_review()
    head = before.page(OFFICER).partition("全程")[0]
    assert "民发〔2012〕220号" in head and "57号" not in head.partition('class="steps"')[0]


def test_the_county_s_own_notice_is_the_county_s_paper(before: Clerks) -> None:
    before.to_review().walk((A.RECORD_SURVEY, OFFICER)).walk((A.RECORD_CROSSCHECK, OFFICER), answers=BACK)
    before.walk((A.REVIEW_MEETING, OFFICER), present=9, delegates=6, grants=True)
    before.walk((A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER))
    assert "巡民救〔2021〕" in told(before, "notice")
    with before.app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, before.clock())
        posted = select(Event).where(Event.benefit_id == before.id, Event.action == A.POST_NOTICE)
        event = session.scalars(posted).one()
        place = {"village_code": event.village_code, "township_code": event.township_code}
        session.add(Event(
            benefit_id=before.id, action=A.POST_NOTICE, from_stage=Stage.APPROVAL, to_stage=Stage.NOTICE,
            at=before.clock(), actor_role=Role.COUNTY_REVIEWER, actor_name="赵复核",
            data={**event.data, "second": True}, **place,
        ))  # fmt: skip
        session.commit()
    text = told(before, "notice")
    assert "珙民救〔2021〕" in text and "珙县民政局2021年" in text
    assert "最低生活保障审批公示" in text and "经珙县民政局审查，现将拟批准给予最低生活保障的家庭" in text


def test_the_second_notice_says_what_is_about_to_be_approved_and_shows_name_family_and_amount_alone(
    before: Clerks,
) -> None:
    doubtful = (Answer(Source.BANK, DAY, doubtful=True),)
    before.to_review().walk((A.RECORD_SURVEY, OFFICER)).walk((A.RECORD_CROSSCHECK, OFFICER), answers=doubtful)
    before.walk((A.REVIEW_MEETING, OFFICER), present=9, delegates=6, grants=True)
    before.walk((A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER))
    first = {"case": told(before, "notice"), "village": _of_village(before)}
    county = (Surveyor("唐文静"), Surveyor("谭勇"))
    before.wait(8).walk((A.COUNTY_VISIT, Role.COUNTY_REVIEWER), surveyors=county).walk((A.POST_NOTICE, OFFICER))
    second = {"case": told(before, "notice"), "village": _of_village(before)}
    for place in ("case", "village"):
        assert "最低生活保障审核公示" in first[place] and "人均月收入" in first[place]
        assert "拟批准" not in first[place] and "审批" not in first[place].replace(OLD, "")
        assert "最低生活保障审批公示" in second[place] and "人均月收入" not in second[place]
        assert "经珙县巡场镇人民政府审查，现将拟批准给予最低生活保障的家庭予以公示" in second[place]
        assert "拟保障金额（元/月）" in second[place] and "对拟批准的申请重新公示" in second[place]


def _of_village(clerks: Clerks) -> str:
    address = f"/papers/list/notice/?place={factories.VILLAGE}&scheme=dibao"
    return plain(clerks.browser(OFFICER).get(address).get_data(as_text=True)).replace(" ", "")


@pytest.mark.parametrize(("day", "asked"), [(date(2021, 6, 30), True), (date(2021, 7, 1), False)])
def test_two_of_three_delegates_are_printed_only_where_the_rule_of_the_day_asks_for_them(
    day: date, asked: bool, clerks: Clerks
) -> None:
    clerks.clock.go_to(day)
    clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_CROSSCHECK, OFFICER))
    if asked:
        clerks.walk((A.REVIEW_MEETING, OFFICER), present=9, delegates=6, grants=True)
    clerks.walk((A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER), (A.OBJECT, OFFICER))
    assert ("三分之二" in told(clerks, "meeting")) is asked


NEW = "《最低生活保障审核确认办法》（民发〔2021〕57号）"
GOES_ON = f"本案于2021年6月28日受理，调查、评议、公示的程序和办理时限，按受理时施行的{OLD}执行。"


def test_a_case_of_the_old_rule_is_announced_by_it_and_decided_by_the_new_one_as_its_letter_says(
    before: Clerks,
) -> None:
    doubtful = (Answer(Source.BANK, DAY, doubtful=True),)
    before.to_review().walk((A.RECORD_SURVEY, OFFICER)).walk((A.RECORD_CROSSCHECK, OFFICER), answers=doubtful)
    before.walk((A.REVIEW_MEETING, OFFICER), present=9, delegates=6, grants=True).wait(5)
    before.calculated().walk((A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER))
    assert f"根据{OLD}" in told(before, "notice")
    county = (Surveyor("唐文静"), Surveyor("谭勇"))
    before.wait(8).walk((A.COUNTY_VISIT, Role.COUNTY_REVIEWER), surveyors=county).walk((A.POST_NOTICE, OFFICER))
    before.wait(8).walk((A.CONFIRM, APPROVER))
    text = told(before, "decision")
    assert f"根据{NEW}第二十、二十一条，现予确认" in text and GOES_ON in text


def test_a_case_of_one_rule_alone_names_no_other(clerks: Clerks) -> None:
    text = told(clerks.to_active(), "decision")
    assert NEW in text and "220号" not in text


def _records(clerks: Clerks) -> list[Action]:
    """What each record of a review among the papers of the case states."""
    with clerks.app.test_request_context():
        events = db.session.scalars(select(Event).where(Event.benefit_id == clerks.id).order_by(Event.id)).all()
        return [paper.event.action for paper in available_papers(events) if paper.kind.code == "meeting"]


@pytest.mark.parametrize(("day", "asked"), [(date(2021, 6, 29), 1), (date(2021, 6, 30), 1), (date(2021, 7, 1), 0)])
def test_surveys_of_one_meeting_have_one_record_where_the_rule_of_the_day_asks_for_it(
    day: date, asked: int, clerks: Clerks
) -> None:
    clerks.clock.go_to(day)
    clerks.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_SURVEY, OFFICER))
    assert _records(clerks) == [A.RECORD_SURVEY] * asked


def test_each_review_has_its_record_after_an_objection_and_after_a_return_too(before: Clerks) -> None:
    met = {"present": 9, "delegates": 6, "grants": True}
    doubtful = (Answer(Source.BANK, DAY, doubtful=True),)
    before.to_review().walk((A.RECORD_SURVEY, OFFICER)).walk((A.RECORD_CROSSCHECK, OFFICER), answers=doubtful)
    before.walk((A.REVIEW_MEETING, OFFICER), **met).walk((A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER))
    before.walk((A.OBJECT, VILLAGE), by_name="村民").walk((A.RECORD_SURVEY, OFFICER))
    assert _records(before) == [A.RECORD_SURVEY, A.OBJECT]
    before.walk((A.REVIEW_MEETING, OFFICER), **met).walk((A.GIVE_OPINION, OFFICER), (A.POST_NOTICE, OFFICER))
    before.wait(8).walk((A.RETURN, APPROVER))
    assert _records(before) == [A.RECORD_SURVEY, A.OBJECT]
    before.walk((A.REVIEW_MEETING, OFFICER), present=12, delegates=8, grants=True)
    assert _records(before) == [A.RECORD_SURVEY, A.OBJECT, A.REVIEW_MEETING]
    assert "实到12人" in told(before, "meeting")


def test_extreme_poverty_of_before_has_no_record_of_a_review_that_nobody_asks_for(before: Clerks) -> None:
    before.apply(Scheme.TEKUN)
    before.walk((A.ACCEPT, OFFICER), (A.START_REVIEW, OFFICER), (A.RECORD_SURVEY, OFFICER), (A.RECORD_SURVEY, OFFICER))
    assert _records(before) == []


def test_the_record_of_a_review_tells_who_was_there_and_what_came_of_it_once_it_was_held(before: Clerks) -> None:
    before.to_review().walk((A.RECORD_SURVEY, OFFICER)).walk((A.RECORD_CROSSCHECK, OFFICER), answers=BACK)
    assert "实到人" in told(before, "meeting") and "☑" not in told(before, "meeting")
    before.walk((A.REVIEW_MEETING, OFFICER), present=9, delegates=6, grants=True, words="一致同意")
    text = told(before, "meeting")
    assert "2021年6月28日" in text and "实到9人；其中村（居）民代表6人" in text
    assert "☑申报和调查情况属实" in text and "一致同意" in text


def test_many_records_of_reviews_hold_one_for_each_review_and_none_that_cannot_be_issued(before: Clerks) -> None:
    before.to_review().walk((A.RECORD_SURVEY, OFFICER), (A.RECORD_SURVEY, OFFICER))
    page = before.browser(OFFICER).get("/papers/many/?kind=meeting").get_data(as_text=True)
    keys = re.findall(r'name="paper" value="([^"]+)"', page)
    assert len(keys) == 1
    assert before.browser(OFFICER).post("/papers/many/", data={"paper": keys}).status_code == 303
