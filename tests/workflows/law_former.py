"""The law of 低保 before 2021-07-01 (民发〔2012〕220号), for cases accepted then: rows for ``law``, and what is wrong.

Democratic review of every application, at least two of three who review being delegates; a second notice by the
county; and the home visit of the county by lot.
"""

from datetime import date, timedelta
from typing import Any

from policy.vocabulary import Action as A
from policy.vocabulary import Authority
from policy.vocabulary import Role as R
from policy.vocabulary import Scheme as Sch
from policy.vocabulary import Stage as S
from tests.workflows.law_row import Law
from workflows.facts import Facts
from workflows.facts_former import FormerFacts

DIBAO = (Sch.DIBAO,)
ON = date(2026, 3, 2)
SURVEY = ("one surveyor", "no cross-check", "cross-check not back")
ASKED = FormerFacts(meeting_asked=True, delegates_of_three=2, second_notice=True)

LAW = (
    Law(DIBAO, (S.REVIEW,), A.REVIEW_MEETING, None, (R.TOWNSHIP_OFFICER,),
        (*SURVEY, "no review asked", "nobody there", "more delegates than people", "one delegate short",
         "future review", "no verdict", "no words")),
    Law(DIBAO, (S.APPROVAL,), A.POST_NOTICE, S.NOTICE, (R.COUNTY_REVIEWER, R.TOWNSHIP_OFFICER),
        ("no second notice asked", "second notice held", "the other level's notice", "no notice", "opinion says no",
         "county visit missing", "county opinion missing")),
)  # fmt: skip
WRONGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "no review held": ("review_meeting_missing", {"former": ASKED}, {}),
    "no second notice": ("second_notice_missing", {"former": ASKED}, {}),
    "no review asked": ("review_meeting_not_asked", {"former": FormerFacts()}, {}),
    "nobody there": ("review_meeting_numbers", {}, {"present": 0, "delegates": 0}),
    "more delegates than people": ("review_meeting_numbers", {}, {"present": 9, "delegates": 10}),
    "one delegate short": ("review_meeting_delegates", {}, {"present": 9, "delegates": 5}),
    "future review": ("day_in_future", {}, {"day": ON + timedelta(days=1)}),
    "no second notice asked": ("second_notice_not_asked", {"former": FormerFacts()}, {}),
    "second notice held": (
        "second_notice_was_held", {"former": FormerFacts(second_notice=True, second_held=True)}, {},
    ),
}  # fmt: skip


def ways(wrong: str, facts: Facts) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The ways a step goes wrong under a name of this law."""
    if wrong == "the other level's notice":
        township = facts.authority is Authority.TOWNSHIP
        return [("second_notice_by", {"authority": Authority.COUNTY if township else Authority.TOWNSHIP}, {})]
    return [WRONGS[wrong]]


KNOWN = {*WRONGS, "the other level's notice"}


def good_facts(law: Law, stage: S | None) -> dict[str, Any]:
    """A case that its day's rule asks more of, where the step is one of that rule."""
    second = law.action is A.POST_NOTICE and stage is S.APPROVAL
    return {"former": ASKED} if second or law.action is A.REVIEW_MEETING else {}


def good_given(law: Law) -> dict[str, Any]:
    """A democratic review with exactly two delegates of three."""
    return {"present": 9, "delegates": 6} if law.action is A.REVIEW_MEETING else {}
