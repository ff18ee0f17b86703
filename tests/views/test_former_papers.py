"""Papers of an application that was accepted before 2021-07-01 name the rule of that day, and no later one."""

from datetime import date

import pytest

from policy.vocabulary import Action, Scheme, Source
from tests.views.case_papers import told
from tests.views.clerks import OFFICER, VILLAGE, Clerks
from workflows.facts import Answer

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
