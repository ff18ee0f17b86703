"""The law of the machine as a second, independent table: what each step needs, written from the documents alone.

A row: schemes, stages it starts from, action, stage afterwards (None: unchanged), roles, the ways it goes wrong.
"""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from policy.vocabulary import Action as A
from policy.vocabulary import Authority, Outcome, Paper, Reply, Source
from policy.vocabulary import Role as R
from policy.vocabulary import Scheme as Sch
from policy.vocabulary import Stage as S
from tests.workflows import law_classes, law_dibao, law_former, law_personal, law_tekun, law_temporary
from tests.workflows.law_row import Law as Law
from workflows.actor import Actor
from workflows.facts import Answer, Facts, Given, Missing, Opinion, Reckoned, Referral, Surveyor

ON = date(2026, 3, 2)
YESTERDAY, TOMORROW = ON - timedelta(days=1), ON + timedelta(days=1)
TWO_REFERRALS = (Referral(1, "珙县教育局", YESTERDAY), Referral(2, "珙县慈善会", YESTERDAY))
VILLAGE = "511526100201"
REVIEWER, OTHER = 2, 7

DIBAO, TEMP = (Sch.DIBAO,), (Sch.TEMPORARY,)
BOTH = DIBAO + TEMP
ROSTERS = (Sch.DIBAO, Sch.TEKUN)
MONTHLY = (
    Sch.DIBAO, Sch.TEKUN, Sch.LIVING_SUBSIDY, Sch.CARE_SUBSIDY, Sch.UNSUPPORTED_CHILD, Sch.ORPHAN,
)  # fmt: skip
BESIDE = tuple(scheme for scheme in Sch if scheme not in (Sch.TEKUN, Sch.TEMPORARY))
"""Schemes whose ground or amount may rest on another benefit, so that a decision there calls them up."""
UNDECIDED = (S.APPLIED, S.ACCEPTED, S.REVIEW, S.NOTICE, S.APPROVAL)
PAID = (S.ACTIVE, S.RECHECK, S.GRACE, S.SUSPENDED)
OPEN = UNDECIDED + PAID
OFFICER, FIELD = (R.TOWNSHIP_OFFICER,), (R.VILLAGE_WORKER, R.TOWNSHIP_OFFICER)
CONFIRMERS = (R.TOWNSHIP_APPROVER, R.COUNTY_APPROVER)

SURVEY = ("one surveyor", "no cross-check", "cross-check not back")
DECISION = ("wrong level", "own review", "county visit missing", "county opinion missing")
RECHECK = ("no visit", "no opinion", "wrong level", "own review", "county visit missing")
AMOUNT = ("not calculated", "facts changed since", "another amount")


# fmt: off
LAW = (
    Law(DIBAO, (None,), A.APPLY, S.APPLIED, FIELD, ("open case", "barred until today")),
    Law(TEMP, (None,), A.TAKE_OVER, S.EXITED, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER), ("no amount",)),
    Law(ROSTERS, (None,), A.TAKE_OVER, S.ACTIVE, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER), ("open case", "no amount")),
    Law(BOTH, (S.APPLIED,), A.TELL_MISSING, None, OFFICER, ("told before", "no papers named")),
    Law(BOTH, (S.APPLIED,), A.FILE_PAPER, None, FIELD, ("nothing owed", "none chosen")),
    Law(DIBAO, (S.APPLIED,), A.ACCEPT, S.ACCEPTED, OFFICER, ("no pledge", "no authorisation", "papers missing")),
    Law(DIBAO, (S.ACCEPTED,), A.START_REVIEW, S.REVIEW, OFFICER),
    Law(DIBAO, (S.REVIEW, S.RECHECK), A.RECORD_SURVEY, None, FIELD, ("nobody went", "future visit", "no words")),
    Law(DIBAO, (S.REVIEW, S.RECHECK), A.RECORD_CROSSCHECK, None, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER),
        ("no authorisation", "no source", "future answer", "answer before the authorisation")),
    Law(DIBAO, (S.REVIEW,), A.GIVE_OPINION, None, OFFICER,
        (*SURVEY, "no review held", *AMOUNT, "no verdict", "yes without amount", "no words")),
    Law(DIBAO, (S.RECHECK,), A.GIVE_OPINION, None, OFFICER, ("no visit", *AMOUNT, "no verdict", "no words")),
    Law(DIBAO, (S.REVIEW,), A.POST_NOTICE, S.NOTICE, OFFICER,
        (*SURVEY, "no review held", "no opinion", "opinion says no")),
    Law(DIBAO, (S.REVIEW,), A.SUBMIT_REFUSAL, S.APPROVAL, OFFICER,
        (*SURVEY, "no review held", "no opinion", "opinion says yes")),
    Law(DIBAO, (S.NOTICE,), A.OBJECT, S.REVIEW, FIELD, ("notice over", "no words")),
    Law(DIBAO, (S.NOTICE,), A.CLOSE_NOTICE, S.APPROVAL, OFFICER, ("last day of notice",), by_time=True),
    Law(DIBAO, (S.APPROVAL,), A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), ("nobody went", "future visit", "no words")),
    Law(DIBAO, (S.APPROVAL,), A.COUNTY_OPINION, None, (R.COUNTY_REVIEWER,),
        ("township decides", "county visit missing", "no words")),
    Law(DIBAO, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, R.COUNTY_REVIEWER), ("wrong level", "no words")),
    Law(DIBAO, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS,
        ("no notice", "no second notice", *DECISION, *AMOUNT, "no amount", "no words")),
    Law(DIBAO, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS, (*DECISION, "no words", "no clause")),
    Law(BOTH, (S.REFUSED,), A.TELL_REFUSAL, None, OFFICER,
        ("refusal told before", "no day", "future day", "before the decision")),
    Law(BOTH, UNDECIDED, A.WITHDRAW, S.WITHDRAWN, OFFICER, ("no words",)),
    Law(BOTH, OPEN, A.RECORD_COMPLAINT, None, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER), ("no words",)),
    Law(BOTH, (*UNDECIDED[:-1], *PAID), A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,),
        ("county not needed", "nobody went", "future visit", "no words")),
    Law(BOTH, OPEN, A.ANSWER_COMPLAINT, None, (R.COUNTY_REVIEWER,), ("no complaint", "nobody looked", "no words")),
    Law(DIBAO, (S.ACTIVE,), A.START_RECHECK, S.RECHECK, (*FIELD, R.COUNTY_REVIEWER), ("no words",)),
    Law(BESIDE, (S.ACTIVE,), A.PLAN_REVIEW, None, (), by_time=True),
    Law(DIBAO, (S.RECHECK,), A.KEEP, S.ACTIVE, CONFIRMERS, (*RECHECK, *AMOUNT, "no words")),
    Law(DIBAO, (S.RECHECK,), A.RAISE, S.ACTIVE, CONFIRMERS,
        (*RECHECK, *AMOUNT, "same amount", "no amount", "no words")),
    Law(DIBAO, (S.RECHECK,), A.CUT, S.ACTIVE, CONFIRMERS,
        (*RECHECK, *AMOUNT, "same amount", "cut to nothing", "no words")),
    Law(DIBAO, (S.RECHECK,), A.START_GRACE, S.GRACE, CONFIRMERS,
        (*RECHECK, "not calculated", "facts changed since",
         "no grace by the rules", "grace too short", "grace too long", "no grace here",
         "no words")),
    Law(DIBAO, (S.RECHECK,), A.SUSPEND, S.SUSPENDED, CONFIRMERS, (*RECHECK, "no words", "no clause")),
    Law(DIBAO, (S.RECHECK,), A.EXIT, S.EXITED, CONFIRMERS, (*RECHECK, "no words", "no clause")),
    Law(DIBAO, (S.SUSPENDED,), A.EXIT, S.EXITED, CONFIRMERS, ("wrong level", "own review", "no words", "no clause")),
    Law(DIBAO, (S.SUSPENDED, S.GRACE), A.RESUME, S.ACTIVE, CONFIRMERS,
        ("wrong level", "own review", "nobody left", "no words")),
    Law(DIBAO, (S.GRACE,), A.END_GRACE, S.EXITED, OFFICER, ("last day of grace",), by_time=True),
    Law(TEMP, (S.EXITED,), A.TAKE_BACK, S.WITHDRAWN, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER),
        ("decided, not taken over", "touched since", "no import", "no words")),
    Law(ROSTERS, (S.ACTIVE,), A.TAKE_BACK, S.WITHDRAWN, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER),
        ("decided, not taken over", "touched since", "no import", "no words")),
    Law(MONTHLY, (S.ACTIVE, S.RECHECK), A.RECALCULATE, None, (R.COUNTY_APPROVER, R.SUPERVISOR),
        ("no recalculation", "no amount", "no words")),
    Law(MONTHLY, (S.ACTIVE, S.RECHECK), A.UNDO_RECALCULATION, None, (R.COUNTY_APPROVER, R.SUPERVISOR),
        ("not adjusted, or touched since", "paid since", "no recalculation", "no words")),
    Law(BOTH, PAID, A.END_ON_DEATH, S.EXITED, OFFICER, ("somebody left",), by_time=True),
    Law(tuple(Sch), OPEN, A.FAMILY_CHANGED, None, FIELD, ("no words",)),
    Law(tuple(Sch), (*OPEN, S.REFUSED, S.EXITED), A.REFER, None, OFFICER,
        ("referred nowhere", "no consent", "no words")),
    Law(tuple(Sch), (*OPEN, S.REFUSED, S.EXITED), A.RECORD_REPLY, None, OFFICER,
        ("nothing referred", "no referral chosen", "another referral", "no reply", "replied before", "no day",
         "future day")),
    *law_classes.LAW,
    *law_dibao.LAW,
    *law_tekun.LAW,
    *law_temporary.LAW,
    *law_former.LAW,
    *law_personal.LAW,
)
# fmt: on

WRONGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    # what is wrong: the reason it is refused for, the facts that are wrong, what was given wrong
    "open case": ("open_case", {"open_case_no": "1"}, {}),
    "barred until today": ("barred_until", {"barred_until": ON}, {}),
    "told before": ("told_missing_before", {"told_missing": True}, {}),
    "nothing owed": ("no_paper_owed", {"papers_owed": 0}, {}),
    "no pledge": ("pledge_missing", {"pledged": False}, {}),
    "no authorisation": ("authorisation_missing", {"authorised_on": None}, {}),
    "papers missing": ("papers_missing", {"papers_owed": 1}, {}),
    "one surveyor": ("two_surveyors", {"surveyors": frozenset({"王强"})}, {}),
    "no cross-check": ("crosscheck_missing", {"sources_back": frozenset()}, {}),
    "cross-check not back": ("crosscheck_waiting", {"sources_waiting": frozenset({Source.TAX})}, {}),
    "no visit": ("recheck_visit_missing", {"visited": False}, {}),
    "no opinion": ("opinion_missing", {"opinion": None}, {}),
    "opinion says no": ("opinion_is_refusal", {"opinion": Opinion(False, REVIEWER)}, {}),
    "opinion says yes": ("opinion_is_grant", {"opinion": Opinion(True, REVIEWER, 1)}, {}),
    "not calculated": ("not_calculated", {"finding": None}, {}),
    "facts changed since": (
        "calculation_stale",
        {"finding": Reckoned(1, Outcome.NOT_ELIGIBLE, 0, stale=True)},
        {},
    ),
    "another amount": ("special_missing", {"finding": Reckoned(1, Outcome.ELIGIBLE, 60_000)}, {"special": " "}),
    "no grace by the rules": ("special_missing", {"finding": Reckoned(1, Outcome.ELIGIBLE, 50_000)}, {"special": " "}),
    "notice over": ("notice_is_over", {"notice_until": YESTERDAY}, {}),
    "last day of notice": ("notice_not_over", {"notice_until": ON}, {}),
    "no notice": ("notice_missing", {"notice_held": False}, {}),
    "township decides": ("township_confirms", {"authority": Authority.TOWNSHIP}, {}),
    "own review": ("own_review", {"reviewers": frozenset({OTHER})}, {}),
    "county opinion missing": ("county_opinion_missing", {"authority": Authority.COUNTY, "county_opinion": False}, {}),
    "refusal told before": ("refusal_told_before", {"refusal_told": True}, {}),
    "county not needed": ("county_visit_not_asked", {"complaint_open": False, "near_relative": False}, {}),
    "no complaint": ("no_complaint", {"complaint_open": False}, {}),
    "nobody looked": ("complaint_visit_missing", {"complaint_checked": False}, {}),
    "last day of grace": ("grace_not_over", {"grace_until": ON}, {}),
    "somebody left": ("somebody_left", {"living": 1}, {}),
    "nobody left": ("nobody_left", {"living": 0}, {}),
    "not urgent": ("not_urgent", {"urgent": False}, {}),
    "no limit here": ("no_township_limit", {"township_limit_fen": None}, {}),
    "no grace here": ("grace_unknown_here", {"grace_months": None}, {}),
    "last day of debt": ("debt_not_overdue", {"debt_due_on": ON}, {}),
    "debt noted before": ("debt_noted_before", {"debt_noted": True}, {}),
    "decided, not taken over": ("not_taken_over", {"taken_over": False}, {}),
    "touched since": ("case_touched", {"touched": True}, {}),
    "no import": ("import_missing", {}, {"batch_id": None}),
    "not adjusted, or touched since": ("not_recalculated", {"recalculated": False}, {}),
    "paid since": ("recalculation_paid", {"undo_until": YESTERDAY}, {}),
    "no recalculation": ("recalculation_missing", {}, {"recalculation_id": None}),
    "no amount": ("amount_missing", {}, {"amount_fen": None}),
    "yes without amount": ("amount_missing", {}, {"grants": True, "amount_fen": None}),
    "same amount": ("amount_not_*", {}, {"amount_fen": 50_000}),
    "cut to nothing": ("amount_not_cut", {}, {"amount_fen": 0}),
    "above limit": ("above_township_limit", {}, {"amount_fen": 300_001}),
    "grace too short": ("grace_months", {}, {"months": 2}),
    "grace too long": ("grace_months", {}, {"months": 13}),
    "no words": ("words_missing", {}, {"words": " "}),
    "no clause": ("clause_missing", {}, {"clause": " "}),
    "no verdict": ("verdict_missing", {}, {"grants": None}),
    "nobody went": ("surveyors_missing", {}, {"surveyors": (Surveyor(" "),)}),
    "future visit": ("day_in_future", {}, {"day": TOMORROW}),
    "no source": ("sources_missing", {}, {"answers": ()}),
    "future answer": ("day_in_future", {}, {"answers": (Answer(Source.TAX, TOMORROW),)}),
    "answer before the authorisation": (
        "answer_before_authorisation",
        {},
        {"answers": (Answer(Source.BANK, ON), Answer(Source.TAX, YESTERDAY))},
    ),
    "no papers named": ("papers_not_named", {}, {"missing": ()}),
    "none chosen": ("papers_not_chosen", {}, {"filed": ()}),
    "no day": ("day_missing", {}, {"day": None}),
    "future day": ("day_in_future", {}, {"day": TOMORROW}),
    "before the decision": ("before_decision", {"decided_on": ON}, {"day": YESTERDAY}),
    "paid before the decision": ("before_decision", {"decided_on": ON, "urgent": False}, {"day": YESTERDAY}),
    "form not signed": ("exit_form_missing", {}, {"form_signed": False}),
    "referred nowhere": ("referred_where_missing", {}, {"to_office": " "}),
    "no consent": ("referral_consent_missing", {}, {"form_signed": False}),
    "nothing referred": ("no_referral_open", {"referrals": ()}, {}),
    "no referral chosen": ("referral_not_chosen", {"referrals": TWO_REFERRALS}, {"referral": None}),
    "another referral": ("referral_not_chosen", {"referrals": TWO_REFERRALS}, {"referral": 3}),
    "no reply": ("reply_missing", {}, {"reply": None}),
    "replied before": ("reply_before_referral", {}, {"day": YESTERDAY - timedelta(days=1)}),
}

VISIT_MISSING = [
    ("county_visit_missing", {"county_visited": False, why: True}, {}) for why in ("near_relative", "complaint_open")
]


def ways(wrong: str, facts: Facts) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The ways a step goes wrong under one name: the reason's code, the facts that are wrong, what was given wrong."""
    if wrong == "county visit missing":
        return VISIT_MISSING
    if wrong in law_tekun.KNOWN:
        assert facts.tekun is not None
        return law_tekun.ways(wrong, facts.stage is S.RECHECK, facts.tekun)
    if wrong in law_former.KNOWN:
        return law_former.ways(wrong, facts)
    if wrong in law_personal.WRONGS:
        return [law_personal.WRONGS[wrong]]
    if wrong in law_dibao.WRONGS:
        return [law_dibao.WRONGS[wrong]]
    if wrong in law_classes.WRONGS:
        return [law_classes.WRONGS[wrong]]
    if wrong in law_temporary.WRONGS or wrong == "above the level":
        return law_temporary.ways(wrong, facts)
    if wrong == "wrong level":
        township = facts.authority is Authority.TOWNSHIP
        other = Authority.COUNTY if township else Authority.TOWNSHIP
        return [("confirmer_is" if township else "*onfirm*", {"authority": other}, {})]
    return [WRONGS[wrong]]


_GOOD = {
    A.FILE_PAPER: {"papers_owed": 1},
    A.SUBMIT_REFUSAL: {"opinion": Opinion(False, REVIEWER)},
    A.OBJECT: {"notice_until": ON},
    A.COUNTY_OPINION: {"authority": Authority.COUNTY},
    A.COUNTY_VISIT: {"complaint_open": True},
    A.ANSWER_COMPLAINT: {"complaint_open": True, "complaint_checked": True},
    A.END_ON_DEATH: {"living": 0},
    A.RECORD_REPLY: {"referrals": TWO_REFERRALS[:1]},
    A.TAKE_BACK: {"taken_over": True},
    A.UNDO_RECALCULATION: {"recalculated": True, "undo_until": ON},
}
_AMOUNT = {A.CUT: 40_000}


def good_facts(law: Law, scheme: Sch, stage: S | None, role: R | None) -> Facts:
    """A case in which nothing stands in the way of this step for this role."""
    county = role in (R.COUNTY_APPROVER, R.COUNTY_REVIEWER)
    facts = Facts(
        scheme=scheme,
        stage=stage,
        on=ON,
        place=VILLAGE,
        authority=Authority.COUNTY if county else Authority.TOWNSHIP,
        urgent=True,
        pledged=True,
        authorised_on=ON,
        surveyors=frozenset({"王强", "李梅"}),
        visited=True,
        sources_back=frozenset({Source.BANK}),
        opinion=Opinion(True, REVIEWER, 79_000),
        finding=Reckoned(1, Outcome.NOT_ELIGIBLE, 0),
        reviewers=frozenset({REVIEWER}),
        notice_until=YESTERDAY,
        notice_held=True,
        county_opinion=True,
        living=2,
        monthly_fen=50_000,
        grace_until=YESTERDAY,
        grace_months=(3, 12),
        township_limit_fen=300_000,
        debt_due_on=YESTERDAY,
    )
    own = {
        **law_classes.good_facts(law, scheme),
        **law_temporary.good_facts(law, scheme, stage),
        **law_tekun.good_facts(law, scheme, stage),
        **law_personal.good_facts(law, scheme),
        **law_former.good_facts(law, stage),
        **law_dibao.good_facts(law, scheme, role),
    }
    return replace(facts, **{**_GOOD.get(law.action, {}), **own})


def good_given(law: Law) -> Given:
    """A dialog filled in as the step asks."""
    given = Given(
        words="理由充分",
        clause="民发〔2021〕57号",
        amount_fen=_AMOUNT.get(law.action, 79_000),
        grants=True,
        months=6,
        special="集体研究决定",
        special_clause="会议纪要〔2026〕3号",
        day=ON,
        surveyors=(Surveyor("王强"),),
        answers=(Answer(Source.BANK, ON),),
        missing=(Missing(Paper.ID_CARD),),
        filed=(1,),
        form_signed=True,
        batch_id=1,
        recalculation_id=1,
        attended="县长、各部门负责人",
        reference="珙府常〔2026〕8号",
        to_office="昭通市镇雄县民政局",
        reply=Reply.HELPED,
    )
    own = {**law_classes.good_given(law), **law_tekun.good_given(law), **law_former.good_given(law)}
    return replace(given, **own, **law_dibao.good_given(law))


def somebody(role: R | None, division: str = "511526") -> Actor:
    """A person of a role who has not reviewed the case; None is the system."""
    return Actor(None, "system", None, "", "system") if role is None else Actor(OTHER, "某人", role, division)


@cache
def cases() -> tuple[tuple[Law, Sch, S | None, R | None], ...]:
    """Every step of the law with every scheme, stage and role that it names."""
    return tuple(
        (law, scheme, stage, role)
        for law in LAW for scheme in law.schemes for stage in law.from_
        for role in (*law.roles, *((None,) if law.by_time else ()))
    )  # fmt: skip
