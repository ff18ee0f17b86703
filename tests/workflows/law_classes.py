"""The law of families recognised for a term (低保边缘, 刚性支出) and of the watch list: rows, and what is wrong.

国办发〔2023〕39号: 低保边缘家庭 by the procedure of 低保. 《刚性支出困难家庭认定办法》: so too, 12 months at most.
"""

from datetime import date, timedelta
from typing import Any

from policy.vocabulary import Action as A
from policy.vocabulary import Outcome
from policy.vocabulary import Role as R
from policy.vocabulary import Scheme as Sch
from policy.vocabulary import Stage as S
from tests.workflows.law_row import Law
from workflows.facts import Reckoned
from workflows.facts_classes import ClassFacts

ON = date(2026, 3, 2)
YESTERDAY = ON - timedelta(days=1)
CLASSES = (Sch.EDGE, Sch.RIGID)
REFUSABLE = (Sch.DIBAO, Sch.TEKUN, Sch.TEMPORARY, Sch.EDGE, Sch.RIGID)
UNDECIDED = (S.APPLIED, S.ACCEPTED, S.REVIEW, S.NOTICE, S.APPROVAL)
HELD = (S.ACTIVE, S.RECHECK)
OFFICER, FIELD = (R.TOWNSHIP_OFFICER,), (R.VILLAGE_WORKER, R.TOWNSHIP_OFFICER)
COUNTER = (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER)
CONFIRMERS = (R.TOWNSHIP_APPROVER, R.COUNTY_APPROVER)
REVIEWER = (R.COUNTY_REVIEWER,)
SURVEY = ("one surveyor", "no cross-check", "cross-check not back")
DECISION = ("wrong level", "own review", "county visit missing", "county opinion missing")
RECHECK = ("no visit", "no opinion", "wrong level", "own review", "county visit missing")

# fmt: off
LAW = (
    Law(CLASSES, (None,), A.APPLY, S.APPLIED, FIELD, ("open case", "no such scheme here", "barred until today")),
    Law(CLASSES, (S.APPLIED,), A.TELL_MISSING, None, OFFICER, ("told before", "no papers named")),
    Law(CLASSES, (S.APPLIED,), A.FILE_PAPER, None, FIELD, ("nothing owed", "none chosen")),
    Law(CLASSES, (S.APPLIED,), A.ACCEPT, S.ACCEPTED, OFFICER, ("no pledge", "no authorisation", "papers missing")),
    Law(CLASSES, (S.ACCEPTED,), A.START_REVIEW, S.REVIEW, OFFICER),
    Law(CLASSES, (S.REVIEW, S.RECHECK), A.RECORD_SURVEY, None, FIELD, ("nobody went", "future visit", "no words")),
    Law(CLASSES, (S.REVIEW, S.RECHECK), A.RECORD_CROSSCHECK, None, COUNTER,
        ("no authorisation", "no source", "future answer", "answer before the authorisation")),
    Law(CLASSES, (S.REVIEW,), A.GIVE_OPINION, None, OFFICER,
        (*SURVEY, "not calculated", "facts changed since", "for, against the rules", "no verdict", "no words")),
    Law(CLASSES, (S.RECHECK,), A.GIVE_OPINION, None, OFFICER,
        ("no visit", "not calculated", "facts changed since", "for, against the rules", "no verdict", "no words")),
    Law(CLASSES, (S.REVIEW,), A.POST_NOTICE, S.NOTICE, OFFICER, (*SURVEY, "no opinion", "opinion says no")),
    Law(CLASSES, (S.REVIEW,), A.SUBMIT_REFUSAL, S.APPROVAL, OFFICER, (*SURVEY, "no opinion", "opinion says yes")),
    Law(CLASSES, (S.NOTICE,), A.OBJECT, S.REVIEW, FIELD, ("notice over", "no words")),
    Law(CLASSES, (S.NOTICE,), A.CLOSE_NOTICE, S.APPROVAL, OFFICER, ("last day of notice",), by_time=True),
    Law(CLASSES, (S.APPROVAL,), A.COUNTY_VISIT, None, REVIEWER, ("nobody went", "future visit", "no words")),
    Law(CLASSES, (S.APPROVAL,), A.COUNTY_OPINION, None, REVIEWER,
        ("township decides", "county visit missing", "no words")),
    Law(CLASSES, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, *REVIEWER), ("wrong level", "no words")),
    Law(CLASSES, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS,
        ("no notice", *DECISION, "not calculated", "facts changed since",
         "for, against the rules", "no term here", "no months", "no month",
         "a month too long", "no words")),
    Law(CLASSES, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS, (*DECISION, "no words", "no clause")),
    Law(CLASSES, (S.REFUSED,), A.TELL_REFUSAL, None, OFFICER,
        ("refusal told before", "no day", "future day", "before the decision")),
    Law(CLASSES, (S.ACTIVE,), A.START_RECHECK, S.RECHECK, (*FIELD, *REVIEWER), ("no words",)),
    Law(CLASSES, (S.RECHECK,), A.KEEP, S.ACTIVE, CONFIRMERS,
        (*RECHECK, "not calculated", "facts changed since", "for, against the rules", "no words")),
    Law(CLASSES, (S.RECHECK,), A.EXIT, S.EXITED, CONFIRMERS, (*RECHECK, "not calculated", "facts changed since",
         "no words", "no clause")),
    Law(CLASSES, HELD, A.LEAVE, S.EXITED, OFFICER, ("form not signed", "no words")),
    Law(CLASSES, HELD, A.END_ON_DEATH, S.EXITED, OFFICER, ("somebody left",), by_time=True),
    Law(CLASSES, HELD, A.EXPIRE, S.EXITED, OFFICER, ("last day of the term",), by_time=True),
    Law(CLASSES, HELD, A.RENEWED, S.EXITED, (), by_time=True),
    Law(CLASSES, UNDECIDED, A.WITHDRAW, S.WITHDRAWN, OFFICER, ("no words",)),
    Law(CLASSES, (*UNDECIDED, *HELD), A.RECORD_COMPLAINT, None, COUNTER, ("no words",)),
    Law(CLASSES, (*UNDECIDED[:-1], *HELD), A.COUNTY_VISIT, None, REVIEWER,
        ("county not needed", "nobody went", "future visit", "no words")),
    Law(CLASSES, (*UNDECIDED, *HELD), A.ANSWER_COMPLAINT, None, REVIEWER,
        ("no complaint", "nobody looked", "no words")),
    Law(REFUSABLE, (S.REFUSED,), A.WATCH, None, FIELD,
        ("watched before", "no day", "to be looked at today", "no words")),
)
# fmt: on

WRONGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "no such scheme here": ("scheme_not_here", {"exists_here": False}, {}),
    "for, against the rules": ("special_missing", {"finding": Reckoned(1, Outcome.NOT_ELIGIBLE, 0)}, {"special": " "}),
    "no term here": ("term_unknown_here", {"classes": ClassFacts(YESTERDAY, None)}, {}),
    "no months": ("term_months", {}, {"months": None}),
    "no month": ("term_months", {}, {"months": 0}),
    "a month too long": ("term_months", {}, {"months": 13}),
    "last day of the term": ("term_not_over", {"classes": ClassFacts(ON, 12)}, {}),
    "watched before": ("watched_before", {"watched": True}, {}),
    "to be looked at today": ("day_not_ahead", {}, {"day": ON}),
}


def good_facts(law: Law, scheme: Sch) -> dict[str, Any]:
    """What stands well beside the shared facts."""
    return {"classes": ClassFacts(YESTERDAY, 12)} if scheme in CLASSES else {}


def good_given(law: Law) -> dict[str, Any]:
    """What is filled in otherwise than elsewhere."""
    return {"day": ON + timedelta(days=1)} if law.action is A.WATCH else {}
