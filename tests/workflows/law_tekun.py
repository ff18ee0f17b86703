"""The law of 特困: rows for ``law``, what is wrong, and what stands well.

民发〔2021〕43号: opinion, notice, the county's lot, care by six items, the list of endings with a notice of their own;
国令第649号 第十九条: whom the person lives with is their own choice; 墩政〔2020〕48号 二(三): whom homes may not take.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from policy.vocabulary import Action as A
from policy.vocabulary import EndReason, HomeGround, Mode, SelfCare
from policy.vocabulary import Role as R
from policy.vocabulary import Scheme as Sch
from policy.vocabulary import Stage as S
from tests.workflows.law_row import Law
from workflows.facts_tekun import TekunFacts

ON = date(2026, 3, 2)
YESTERDAY, TOMORROW = ON - timedelta(days=1), ON + timedelta(days=1)
TEKUN = (Sch.TEKUN,)
UNDECIDED = (S.APPLIED, S.ACCEPTED, S.REVIEW, S.NOTICE, S.APPROVAL)
PAID = (S.ACTIVE, S.RECHECK)
IN_PAYMENT = (*PAID, S.GRACE, S.SUSPENDED)
OFFICER, FIELD = (R.TOWNSHIP_OFFICER,), (R.VILLAGE_WORKER, R.TOWNSHIP_OFFICER)
COUNTER, REVIEWER = (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER), (R.COUNTY_REVIEWER,)
CONFIRMERS = (R.TOWNSHIP_APPROVER, R.COUNTY_APPROVER)
SURVEY = ("one surveyor", "no cross-check", "cross-check not back")
DECISION = ("wrong level", "own review", "county visit missing", "drawn and not visited", "county opinion missing")
RECHECK = ("no visit", "no opinion", "wrong level", "own review", "county visit missing", "ending announced")
AMOUNT = ("not calculated", "facts changed since", "another amount")
OPINION = ("no verdict", "yes without amount", "one not assessed", "one not asked", *AMOUNT, "no words")
VISIT = ("nobody went", "future visit", "no words")
CARE = ("five items", "no day", "future day")

# fmt: off
LAW = (
    Law(TEKUN, (None,), A.APPLY, S.APPLIED, FIELD, ("open case", "barred until today")),
    Law(TEKUN, (S.APPLIED,), A.TELL_MISSING, None, OFFICER, ("told before", "no papers named")),
    Law(TEKUN, (S.APPLIED,), A.FILE_PAPER, None, FIELD, ("nothing owed", "none chosen")),
    Law(TEKUN, (S.APPLIED,), A.ACCEPT, S.ACCEPTED, OFFICER, ("no pledge", "no authorisation", "papers missing")),
    Law(TEKUN, (S.ACCEPTED,), A.START_REVIEW, S.REVIEW, OFFICER),
    Law(TEKUN, (S.REVIEW, S.RECHECK), A.RECORD_SURVEY, None, FIELD, VISIT),
    Law(TEKUN, (S.REVIEW, S.RECHECK), A.RECORD_CROSSCHECK, None, COUNTER,
        ("no authorisation", "no source", "future answer", "answer before the authorisation")),
    Law(TEKUN, (S.REVIEW, S.RECHECK), A.ASSESS_SELF_CARE, None, COUNTER, CARE),
    Law(TEKUN, (S.ACTIVE,), A.ASSESS_SELF_CARE, None, COUNTER, ("no change reported", *CARE)),
    Law(TEKUN, (S.APPLIED, S.ACCEPTED, S.REVIEW, *PAID), A.RECORD_WISH, None, FIELD,
        ("no wish", "nobody said it", "home without consent", "no day", "future day")),
    Law(TEKUN, (S.REVIEW,), A.GIVE_OPINION, None, OFFICER, (*SURVEY, *OPINION)),
    Law(TEKUN, (S.RECHECK,), A.GIVE_OPINION, None, OFFICER, ("no visit", *OPINION)),
    Law(TEKUN, (S.REVIEW,), A.POST_NOTICE, S.NOTICE, OFFICER,
        (*SURVEY, "one not assessed", "one not asked", "no opinion", "opinion says no")),
    Law(TEKUN, (S.REVIEW,), A.SUBMIT_REFUSAL, S.APPROVAL, OFFICER, (*SURVEY, "no opinion", "opinion says yes")),
    Law(TEKUN, (S.NOTICE,), A.OBJECT, S.REVIEW, FIELD, ("notice over", "no words")),
    Law(TEKUN, (S.NOTICE,), A.CLOSE_NOTICE, S.APPROVAL, OFFICER, ("last day of notice",), by_time=True),
    Law(TEKUN, (S.APPROVAL,), A.COUNTY_VISIT, None, REVIEWER, VISIT),
    Law(TEKUN, (S.APPROVAL,), A.COUNTY_OPINION, None, REVIEWER,
        ("township decides", "county visit missing", "drawn and not visited", "no words")),
    Law(TEKUN, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, *REVIEWER), ("wrong level", "no words")),
    Law(TEKUN, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS,
        ("no notice", *DECISION, *AMOUNT, "no amount", "no words")),
    Law(TEKUN, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS, (*DECISION, "no words", "no clause")),
    Law(TEKUN, (S.REFUSED,), A.TELL_REFUSAL, None, OFFICER,
        ("refusal told before", "no day", "future day", "before the decision")),
    Law(TEKUN, (S.ACTIVE,), A.START_RECHECK, S.RECHECK, (*FIELD, *REVIEWER), ("ending announced", "no words")),
    Law(TEKUN, (S.ACTIVE,), A.PLAN_REVIEW, None, (), ("review due today",), by_time=True),
    Law(TEKUN, (S.RECHECK,), A.KEEP, S.ACTIVE, CONFIRMERS, (*RECHECK, *AMOUNT, "no words")),
    Law(TEKUN, (S.RECHECK,), A.RAISE, S.ACTIVE, CONFIRMERS,
        (*RECHECK, *AMOUNT, "same amount", "no amount", "no words")),
    Law(TEKUN, (S.RECHECK,), A.CUT, S.ACTIVE, CONFIRMERS,
        (*RECHECK, *AMOUNT, "same amount", "cut to nothing", "no words")),
    Law(TEKUN, (S.ACTIVE,), A.REPORT_CHANGE, None, (*FIELD, *REVIEWER),
        ("change reported before", "nobody noticed", "no words")),
    Law(TEKUN, (S.ACTIVE,), A.CHANGE_SUPPORT, None, CONFIRMERS,
        ("nothing changed", "change not assessed", "ending announced", "wrong level", "own review", *AMOUNT,
         "no amount", "no words")),
    Law(TEKUN, (S.APPROVAL, *PAID), A.SIGN_AGREEMENT, None, FIELD, ("no guardian", "no day", "future day")),
    Law(TEKUN, PAID, A.PLACE_IN_HOME, None, OFFICER,
        ("home not wished", "no home", "health not looked at", "infectious", "no day", "future day")),
    Law(TEKUN, PAID, A.REFER_ELSEWHERE, None, OFFICER, ("home not wished", "no home", "no ground")),
    Law(TEKUN, PAID, A.LEAVE_HOME, None, OFFICER, ("in no home", "no day", "future day", "no words")),
    Law(TEKUN, PAID, A.POST_END_NOTICE, None, OFFICER,
        ("ending announced", "no reason to end", "death with people left", "wish not signed", "means not rechecked",
         "means without opinion", "means, but the opinion goes on", "no words"), by_time=True),
    Law(TEKUN, PAID, A.OBJECT, S.RECHECK, FIELD, ("no ending announced", "notice of ending over", "no words")),
    Law(TEKUN, PAID, A.RETURN, S.RECHECK, CONFIRMERS, ("no ending announced", "wrong level", "no words")),
    Law(TEKUN, PAID, A.CLOSE_END_NOTICE, None, OFFICER,
        ("no ending announced", "last day of ending", "ending closed before"), by_time=True),
    Law(TEKUN, PAID, A.EXIT, S.EXITED, CONFIRMERS,
        ("no ending announced", "notice of ending hangs", "wrong level", "own review", "county visit missing",
         "no words")),
    Law(TEKUN, PAID, A.END_ON_DEATH, S.EXITED, OFFICER,
        ("somebody left", "no ending announced", "notice of ending hangs"), by_time=True),
    Law(TEKUN, UNDECIDED, A.WITHDRAW, S.WITHDRAWN, OFFICER, ("no words",)),
    Law(TEKUN, (*UNDECIDED, *IN_PAYMENT), A.RECORD_COMPLAINT, None, COUNTER, ("no words",)),
    Law(TEKUN, (*UNDECIDED[:-1], *IN_PAYMENT), A.COUNTY_VISIT, None, REVIEWER, ("county not needed", *VISIT)),
    Law(TEKUN, (*UNDECIDED, *IN_PAYMENT), A.ANSWER_COMPLAINT, None, REVIEWER,
        ("no complaint", "nobody looked", "no words")),
)
# fmt: on

ITEMS = tuple((item, item is not SelfCare.BATH) for item in SelfCare)
OWN = TekunFacts(
    assessed=frozenset({1, 2}), wishes={1: Mode.CENTRAL, 2: Mode.HOME}, in_home=frozenset({1}),
    home_bar=frozenset({HomeGround.INFECTIOUS, HomeGround.MENTAL}),
    review_due_on=TOMORROW,
)  # fmt: skip
ENDING = {"end_reason": EndReason.MEANS, "end_until": YESTERDAY, "end_held": True}
_OWN_OF: dict[A, dict[str, Any]] = {
    A.CHANGE_SUPPORT: {"changed": True},
    A.OBJECT: {**ENDING, "end_until": ON, "end_held": False},
    A.RETURN: ENDING,
    A.CLOSE_END_NOTICE: {**ENDING, "end_held": False},
    A.EXIT: ENDING,
    A.END_ON_DEATH: {**ENDING, "end_reason": EndReason.DEATH},
}

WRONGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    # what is wrong: the reason it is refused for, the own facts that are wrong, what was given wrong
    "drawn and not visited": ("county_visit_missing", {"to_check": True}, {}),
    "five items": ("self_care_incomplete", {}, {"self_care": ITEMS[1:]}),
    "no change reported": ("no_change_reported", {"assess_by": None}, {}),
    "change reported before": ("change_is_open", {"assess_by": ON}, {}),
    "nobody noticed": ("reporter_missing", {}, {"by_name": " "}),
    "no wish": ("mode_missing", {}, {"mode": None}),
    "nobody said it": ("wish_by_missing", {}, {"by_name": " "}),
    "home without consent": ("consent_missing", {}, {"form_signed": False}),
    "one not assessed": ("self_care_missing", {"assessed": frozenset({1})}, {}),
    "one not asked": ("wish_missing", {"wishes": {1: Mode.CENTRAL}}, {}),
    "nothing changed": ("support_unchanged", {"changed": False}, {}),
    "change not assessed": ("change_not_assessed", {"assess_by": ON}, {}),
    "review due today": ("review_is_due", {"review_due_on": ON}, {}),
    "no guardian": ("guardian_missing", {}, {"by_name": " "}),
    "home not wished": ("no_wish_for_home", {"wishes": {1: Mode.HOME}}, {}),
    "no home": ("home_missing", {}, {"home": " "}),
    "health not looked at": ("health_missing", {}, {"ground": None}),
    "infectious": ("home_barred", {}, {"ground": HomeGround.INFECTIOUS}),
    "no ground": ("ground_missing", {}, {"ground": HomeGround.NONE}),
    "in no home": ("nobody_in_home", {"in_home": frozenset()}, {}),
    "ending announced": ("end_notice_posted", ENDING, {}),
    "no ending announced": ("end_notice_missing", {"end_until": None}, {}),
    "notice of ending over": ("notice_is_over", {"end_until": YESTERDAY}, {}),
    "notice of ending hangs": ("notice_not_over", {"end_until": ON, "end_held": False}, {}),
    "last day of ending": ("notice_not_over", {"end_until": ON}, {}),
    "ending closed before": ("end_notice_missing", {"end_held": True}, {}),
    "no reason to end": ("end_reason_missing", {}, {"end_reason": None}),
    "death with people left": ("somebody_left", {}, {"end_reason": EndReason.DEATH}),
    "wish not signed": ("exit_form_missing", {}, {"form_signed": False}),
}


def ways(wrong: str, stage_is_recheck: bool, own: TekunFacts) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The ways a step of 特困 goes wrong under one name, with whole facts instead of the own ones."""
    means = {"end_reason": EndReason.MEANS}
    if wrong == "means not rechecked":
        return [] if stage_is_recheck else [("end_needs_recheck", {}, means)]
    if wrong == "means without opinion":
        return [("opinion_missing", {"opinion": None}, means)] if stage_is_recheck else []
    if wrong == "means, but the opinion goes on":
        return [("opinion_is_grant", {}, means)] if stage_is_recheck else []
    code, other, given = WRONGS[wrong]
    return [(code, {"tekun": replace(own, **other)}, given)]


KNOWN = (*WRONGS, "means not rechecked", "means without opinion", "means, but the opinion goes on")


def good_facts(law: Law, scheme: Sch, stage: S | None) -> dict[str, Any]:
    """What stands well beside the shared facts."""
    if scheme is not Sch.TEKUN:
        return {}
    paid = stage in PAID
    own = _OWN_OF.get(law.action, {}) if paid else {}
    if law.action is A.ASSESS_SELF_CARE and stage is S.ACTIVE:
        own = {"assess_by": ON}
    return {"tekun": replace(OWN, **own)}


def good_given(law: Law) -> dict[str, Any]:
    """What the dialogs of 特困 are filled in with."""
    ground = HomeGround.INFECTIOUS if law.action is A.REFER_ELSEWHERE else HomeGround.NONE
    return {
        "self_care": ITEMS, "mode": Mode.CENTRAL, "by_name": "本人", "home": "巡场镇敬老院",
        "ground": ground, "end_reason": EndReason.OWN_WISH,
    }  # fmt: skip
