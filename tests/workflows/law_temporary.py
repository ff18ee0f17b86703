"""The law of temporary aid: rows for ``law``, what is wrong, and what stands well.

国发〔2014〕47号, 民发〔2018〕23号: 急难型 is paid first, 支出型 takes the whole procedure; of families on
低保 or 特困 the spending alone is checked. Who confirms follows the amount;
一事一议 above the ceiling; 一次审批、分阶段救助.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from policy.vocabulary import Action as A
from policy.vocabulary import Authority, Outcome
from policy.vocabulary import Role as R
from policy.vocabulary import Scheme as Sch
from policy.vocabulary import Stage as S
from tests.workflows.law_row import Law
from workflows.facts import Facts, Reckoned
from workflows.facts_temporary import Instalment, Minutes, TemporaryFacts

ON = date(2026, 3, 2)
YESTERDAY, TOMORROW = ON - timedelta(days=1), ON + timedelta(days=1)
TEMP = (Sch.TEMPORARY,)
OFFICER, FIELD = (R.TOWNSHIP_OFFICER,), (R.VILLAGE_WORKER, R.TOWNSHIP_OFFICER)
COUNTER = (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER)
CONFIRMERS = (R.TOWNSHIP_APPROVER, R.COUNTY_APPROVER)
REVIEWER = (R.COUNTY_REVIEWER,)
SURVEY = ("one surveyor", "no cross-check", "cross-check not back", "spending not known")
DECISION = ("wrong level", "own review", "county visit missing", "county opinion missing")
PLAN = ("staged not here", "one stage", "thirteen stages", "a stage of nothing", "stages above the sum",
        "stages below the sum", "a stage yesterday", "stages out of order", "two stages on a day")  # fmt: skip

# fmt: off
LAW = (
    Law(TEMP, (None,), A.APPLY, S.APPLIED, FIELD, ("outsiders not here",)),
    Law(TEMP, (S.APPLIED,), A.PAY_FIRST, S.ACTIVE, (R.TOWNSHIP_APPROVER,),
        ("not urgent", "own review", "no amount", "above limit", "no limit here", "no words")),
    Law(TEMP, (S.APPLIED,), A.PASS_UP, S.APPROVAL, (R.TOWNSHIP_OFFICER, R.TOWNSHIP_APPROVER),
        ("not urgent", "within the limit", "no words")),
    Law(TEMP, (S.APPLIED,), A.REFUSE, S.REFUSED, (R.TOWNSHIP_APPROVER,),
        ("not urgent", "own review", "no words", "no clause")),
    Law(TEMP, (S.APPLIED,), A.ACCEPT, S.ACCEPTED, OFFICER,
        ("urgent", "no pledge", "no authorisation", "papers missing")),
    Law(TEMP, (S.ACCEPTED,), A.START_REVIEW, S.REVIEW, OFFICER),
    Law(TEMP, (S.REVIEW,), A.RECORD_SURVEY, None, FIELD, ("nobody went", "future visit", "no words")),
    Law(TEMP, (S.REVIEW,), A.RECORD_CROSSCHECK, None, COUNTER,
        ("no authorisation", "no source", "future answer", "answer before the authorisation")),
    Law(TEMP, (S.REVIEW,), A.GIVE_OPINION, None, OFFICER,
        (*SURVEY, "not calculated", "facts changed since",
         "another sum", "no verdict", "yes without amount", "no words")),
    Law(TEMP, (S.REVIEW,), A.POST_NOTICE, S.NOTICE, OFFICER, (*SURVEY, "no opinion", "opinion says no")),
    Law(TEMP, (S.REVIEW,), A.SUBMIT_REFUSAL, S.APPROVAL, OFFICER, (*SURVEY, "no opinion", "opinion says yes")),
    Law(TEMP, (S.NOTICE,), A.OBJECT, S.REVIEW, FIELD, ("notice over", "no words")),
    Law(TEMP, (S.NOTICE,), A.CLOSE_NOTICE, S.APPROVAL, OFFICER, ("last day of notice",), by_time=True),
    Law(TEMP, (S.APPROVAL,), A.COUNTY_VISIT, None, REVIEWER, ("nobody went", "future visit", "no words")),
    Law(TEMP, (S.APPROVAL,), A.COUNTY_OPINION, None, REVIEWER,
        ("township decides", "county visit missing", "no words")),
    Law(TEMP, (S.APPROVAL,), A.RECORD_MINUTES, None, (R.COUNTY_REVIEWER, R.COUNTY_APPROVER),
        ("below the government", "no day", "future day", "nobody attended", "no number", "no verdict",
         "yes without amount", "no words")),
    Law(TEMP, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, *REVIEWER), ("urgent", "wrong level", "no words")),
    Law(TEMP, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS,
        ("no notice", *DECISION, "not calculated", "facts changed since",
         "another sum", "no minutes", "minutes against", "not as minuted",
         "above the level", *PLAN, "no amount", "no words")),
    Law(TEMP, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS,
        (*DECISION, "no minutes", "minutes in favour", "no words", "no clause")),
    Law(TEMP, (S.ACTIVE,), A.RECORD_PAYMENT, S.EXITED, OFFICER,
        ("home not told", "two stages left", "no day", "future day", "paid before the decision")),
    Law(TEMP, (S.ACTIVE,), A.PAY_INSTALMENT, None, OFFICER,
        ("home not told", "one stage left", "no stage left", "no day", "future day", "paid before the decision")),
    Law(TEMP, (S.ACTIVE,), A.STOP_INSTALMENTS, S.EXITED, CONFIRMERS,
        ("home not told", "no stage left", "wrong level", "no words")),
    Law(TEMP, (S.ACTIVE, S.EXITED), A.FILE_PAPER, None, OFFICER, ("nothing owed", "none chosen")),
    Law(TEMP, (S.ACTIVE, S.EXITED), A.PAPERS_OVERDUE, None, (), ("last day of debt", "debt noted before"),
        by_time=True),
    Law(TEMP, (S.APPLIED, S.ACCEPTED, S.REVIEW, S.NOTICE, S.APPROVAL, S.ACTIVE), A.NOTIFY_HOME, None, OFFICER,
        ("not from elsewhere", "home told before", "no day", "future day", "no office")),
)
# fmt: on

LATER = Instalment(ON + timedelta(days=30), 39_000)
HALVES = (Instalment(ON, 40_000), LATER)
PAID = replace(HALVES[0], paid=True)
OWN = TemporaryFacts(
    requested_fen=300_001, ceiling_fen=1_000_000, at_place=True, staged=True, outsider=True, home_told=True,
    minutes=Minutes(True, 79_000),
)  # fmt: skip


def own(**other: Any) -> dict[str, Any]:
    """The facts of temporary aid, other in this."""
    return {"temporary": replace(OWN, **other)}


def plan(*stages: Instalment) -> dict[str, Any]:
    """A plan as it was typed."""
    return {"instalments": stages}


GOVERNMENT = {"authority": Authority.COUNTY_GOVERNMENT}
WRONGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "outsiders not here": ("outsiders_not_here", own(at_place=False), {}),
    "urgent": ("is_urgent", {"urgent": True}, {}),
    "within the limit": ("township_pays_itself", own(requested_fen=300_000), {}),
    "spending not known": ("own_cost_missing", own(spending_only=True, own_cost_known=False), {}),
    "another sum": (
        "special_missing", {"finding": Reckoned(1, Outcome.ELIGIBLE, 79_000, 79_001)}, {"special": " "},
    ),
    "below the government": ("minutes_not_needed", {"authority": Authority.COUNTY}, {}),
    "nobody attended": ("attended_missing", {}, {"attended": " "}),
    "no number": ("reference_missing", {}, {"reference": " "}),
    "no minutes": ("minutes_missing", {**GOVERNMENT, **own(minutes=None)}, {}),
    "minutes against": ("minutes_say_no", {**GOVERNMENT, **own(minutes=Minutes(False))}, {}),
    "minutes in favour": ("minutes_say_yes", {**GOVERNMENT, **own()}, {}),
    "not as minuted": ("not_as_minuted", {**GOVERNMENT, **own(minutes=Minutes(True, 79_001))}, {}),
    "staged not here": ("staged_not_here", own(staged=False), plan(*HALVES)),
    "one stage": ("stages_number", {}, plan(Instalment(ON, 79_000))),
    "thirteen stages": (
        "stages_number", {}, plan(*(Instalment(ON + timedelta(days=n), 6_076) for n in range(12)), LATER),
    ),
    "a stage of nothing": ("stage_amount_missing", {}, plan(Instalment(ON, 0), replace(LATER, amount_fen=79_000))),
    "stages above the sum": ("stages_sum", {}, plan(HALVES[0], replace(LATER, amount_fen=39_001))),
    "stages below the sum": ("stages_sum", {}, plan(HALVES[0], replace(LATER, amount_fen=38_999))),
    "a stage yesterday": ("stage_days", {}, plan(replace(HALVES[0], due_on=YESTERDAY), LATER)),
    "stages out of order": ("stage_days", {}, plan(replace(HALVES[0], due_on=LATER.due_on + timedelta(days=1)), LATER)),
    "two stages on a day": ("stage_days", {}, plan(replace(HALVES[0], due_on=LATER.due_on), LATER)),
    "home not told": ("home_not_told", {}, {}),
    "two stages left": ("instalments_left", own(plan=HALVES), {}),
    "one stage left": ("no_instalment_before_last", own(plan=(PAID, LATER)), {}),
    "no stage left": ("no_instalment*", own(plan=(PAID, replace(LATER, stopped=True))), {}),
    "not from elsewhere": ("not_from_elsewhere", own(outsider=False, home_told=False), {}),
    "home told before": ("home_told_before", own(home_told=True), {}),
    "no office": ("office_missing", {}, {"to_office": " "}),
}  # fmt: skip


def ways(wrong: str, facts: Facts) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Ways that depend on who confirms, or on what stands well beside."""
    if wrong == "above the level":
        if facts.authority is Authority.TOWNSHIP:
            return [("above_township_limit", {}, {"amount_fen": 300_001})]
        return [("above_ceiling", {}, {"amount_fen": 1_000_001})]
    if wrong == "home not told":
        assert facts.temporary is not None
        return [("home_not_told", {"temporary": replace(facts.temporary, home_told=False)}, {})]
    return [WRONGS[wrong]]


_PLAN = {A.PAY_INSTALMENT: HALVES, A.STOP_INSTALMENTS: HALVES, A.RECORD_PAYMENT: (PAID, LATER)}
_NOT_URGENT = frozenset({A.ACCEPT, A.RETURN, A.CONFIRM})


def good_facts(law: Law, scheme: Sch, stage: S | None) -> dict[str, Any]:
    """What stands well beside the shared facts."""
    found: dict[str, Any] = {}
    if scheme is Sch.TEMPORARY:
        told = law.action is not A.NOTIFY_HOME
        found = {"temporary": replace(OWN, home_told=told, plan=_PLAN.get(law.action, ()))}
        if law.action is A.RECORD_MINUTES:
            found |= GOVERNMENT
    whole = law.action in _NOT_URGENT or (law.action is A.REFUSE and stage is S.APPROVAL)
    return {**found, "urgent": False} if whole else found
