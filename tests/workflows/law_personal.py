"""The law of one person's entitlement: rows for ``law``, what is wrong, and what stands well.

国发〔2015〕52号: 残疾人两项补贴, checked by the township, by the disability federation, confirmed by the county.
民发〔2019〕62号: 事实无人抚养儿童, the township checks in 15 working days, the county in 15, no public notice.
国办发〔2010〕54号: 孤儿.
"""

from datetime import date, timedelta
from typing import Any

from policy.vocabulary import Action as A
from policy.vocabulary import ParentKind, ParentState
from policy.vocabulary import Role as R
from policy.vocabulary import Scheme as Sch
from policy.vocabulary import Stage as S
from tests.workflows.law_row import Law
from workflows.facts_personal import ParentTold, PersonalFacts

ON = date(2026, 3, 2)
YESTERDAY, TOMORROW = ON - timedelta(days=1), ON + timedelta(days=1)
SUBSIDIES, CHILDREN = (Sch.LIVING_SUBSIDY, Sch.CARE_SUBSIDY), (Sch.UNSUPPORTED_CHILD, Sch.ORPHAN)
ALL = SUBSIDIES + CHILDREN
UNDECIDED = (S.APPLIED, S.ACCEPTED, S.REVIEW, S.NOTICE, S.APPROVAL)
PAID = (S.ACTIVE, S.RECHECK, S.GRACE, S.SUSPENDED)
OFFICER, FIELD = (R.TOWNSHIP_OFFICER,), (R.VILLAGE_WORKER, R.TOWNSHIP_OFFICER)
COUNTER = (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER)
CONFIRMERS = (R.TOWNSHIP_APPROVER, R.COUNTY_APPROVER)
REVIEWER = (R.COUNTY_REVIEWER,)
SEEN = ("child not seen", "father not found out", "mother not found out")
VERDICT = ("not calculated", "facts changed since", "another amount", "no verdict", "yes without amount", "no words")
DECISION = ("wrong level", "own review", "county visit missing", "county opinion missing")
RECHECK = ("no opinion", "wrong level", "own review", "county visit missing")
AMOUNT = ("not calculated", "facts changed since", "another amount")


def _judged(of: tuple[Sch, ...], seen: tuple[str, ...]) -> tuple[Law, ...]:
    """Steps before which a child's parents must have been found out."""
    return (
        Law(of, (S.REVIEW, S.RECHECK), A.GIVE_OPINION, None, OFFICER, (*seen, *VERDICT)),
        Law(of, (S.REVIEW,), A.PASS_UP, S.APPROVAL, OFFICER, (*seen, "no opinion")),
        Law(of, (S.RECHECK,), A.KEEP, S.ACTIVE, CONFIRMERS, (*seen, *RECHECK, *AMOUNT, "no words")),
        Law(of, (S.RECHECK,), A.RAISE, S.ACTIVE, CONFIRMERS,
            (*seen, *RECHECK, *AMOUNT, "same amount", "no amount", "no words")),
        Law(of, (S.RECHECK,), A.CUT, S.ACTIVE, CONFIRMERS,
            (*seen, *RECHECK, *AMOUNT, "same amount", "cut to nothing", "no words")),
        Law(of, (S.RECHECK,), A.SUSPEND, S.SUSPENDED, CONFIRMERS, (*seen, *RECHECK, "no words", "no clause")),
        Law(of, (S.RECHECK,), A.EXIT, S.EXITED, CONFIRMERS, (*seen, *RECHECK, "no words", "no clause")),
    )  # fmt: skip


# fmt: off
LAW = (
    Law(ALL, (None,), A.APPLY, S.APPLIED, FIELD, ("open case", "no such scheme here")),
    Law(ALL, (S.APPLIED,), A.TELL_MISSING, None, OFFICER, ("told before", "no papers named")),
    Law(ALL, (S.APPLIED,), A.FILE_PAPER, None, FIELD, ("nothing owed", "none chosen")),
    Law(ALL, (S.APPLIED,), A.ACCEPT, S.REVIEW, OFFICER, ("papers missing",)),
    Law(ALL, (S.REVIEW, S.RECHECK), A.RECORD_SURVEY, None, FIELD,
        ("nobody went", "future visit", "no words", "a parent away from tomorrow", "a parent back before they left")),
    *_judged(SUBSIDIES, ()),
    *_judged(CHILDREN, SEEN),
    Law(ALL, (S.APPROVAL,), A.COUNTY_VISIT, None, REVIEWER, ("nobody went", "future visit", "no words")),
    Law(ALL, (S.APPROVAL,), A.COUNTY_OPINION, None, REVIEWER, ("township decides", "county visit missing", "no words")),
    Law(ALL, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, *REVIEWER), ("wrong level", "no words")),
    Law(ALL, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS,
        (*DECISION, *AMOUNT, "person gone", "no amount", "no words")),
    Law(ALL, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS, (*DECISION, "no words", "no clause")),
    Law(ALL, (S.REFUSED,), A.TELL_REFUSAL, None, OFFICER,
        ("refusal told before", "no day", "future day", "before the decision")),
    Law(ALL, (S.ACTIVE,), A.START_RECHECK, S.RECHECK, (*FIELD, *REVIEWER), ("no words",)),
    Law(ALL, (S.SUSPENDED,), A.EXIT, S.EXITED, CONFIRMERS, ("wrong level", "own review", "no words", "no clause")),
    Law(ALL, (S.SUSPENDED,), A.RESUME, S.ACTIVE, CONFIRMERS, ("wrong level", "own review", "person gone", "no words")),
    Law(ALL, PAID, A.LEAVE, S.EXITED, OFFICER, ("form not signed", "no words")),
    Law(ALL, PAID, A.END_ON_DEATH, S.EXITED, OFFICER, ("somebody left",), by_time=True),
    Law(CHILDREN, PAID, A.EXPIRE, S.EXITED, OFFICER, ("last day as a child", "no day of coming of age"), by_time=True),
    Law(ALL, UNDECIDED, A.WITHDRAW, S.WITHDRAWN, OFFICER, ("no words",)),
    Law(ALL, (*UNDECIDED, *PAID), A.RECORD_COMPLAINT, None, COUNTER, ("no words",)),
    Law(ALL, (*UNDECIDED[:-1], *PAID), A.COUNTY_VISIT, None, REVIEWER,
        ("county not needed", "nobody went", "future visit", "no words")),
    Law(ALL, (*UNDECIDED, *PAID), A.ANSWER_COMPLAINT, None, REVIEWER, ("no complaint", "nobody looked", "no words")),
)
# fmt: on

FATHER, MOTHER = frozenset({ParentKind.FATHER}), frozenset({ParentKind.MOTHER})
WRONGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "father not found out": ("parents_not_found_out", {"personal": PersonalFacts(MOTHER, YESTERDAY)}, {}),
    "mother not found out": ("parents_not_found_out", {"personal": PersonalFacts(FATHER, YESTERDAY)}, {}),
    "child not seen": ("child_not_seen", {"visited": False}, {}),
    "person gone": ("person_gone", {"living": 0}, {}),
    "last day as a child": ("not_of_age", {"personal": PersonalFacts(FATHER | MOTHER, ON)}, {}),
    "no day of coming of age": ("not_of_age", {"personal": PersonalFacts(FATHER | MOTHER)}, {}),
    "a parent away from tomorrow": (
        "day_in_future", {}, {"parents": (ParentTold(ParentKind.FATHER, ParentState.PRISON, TOMORROW),)},
    ),
    "a parent back before they left": (
        "parent_until_before_since", {},
        {"parents": (ParentTold(ParentKind.MOTHER, ParentState.PRISON, ON, YESTERDAY),)},
    ),
}  # fmt: skip


def good_facts(law: Law, scheme: Sch) -> dict[str, Any]:
    """What stands well beside the shared facts."""
    return {"personal": PersonalFacts(FATHER | MOTHER, YESTERDAY)} if scheme in ALL else {}
