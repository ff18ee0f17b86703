"""临时救助: an emergency is paid first, spending beyond means goes through the whole procedure (民发〔2018〕23号).

Who confirms follows the amount: the township within its limit, the county, above the county's ceiling its government.
"""

from policy.clauses import LAW23
from policy.vocabulary import Scheme
from workflows import calculated as k
from workflows import checks as c
from workflows import checks_temporary as t
from workflows import inputs as g
from workflows.rules.rule import CONFIRMERS, FIELD, OFFICER, SYSTEM, TAKERS, A, R, Rule, S

TEMPORARY = (Scheme.TEMPORARY,)
LAW47 = "国发〔2014〕47号 三（二）"
FULL = LAW23 + "支出型救助"
STAGED = LAW23 + "一次审批、分阶段救助"
MINUTED = LAW23 + "一事一议"
SURVEYED = (c.two_surveyors, t.checked)
DECIDER = (c.confirmer_has_authority, c.not_own_review, c.county_has_visited, t.county_opinion_unless_urgent)

# fmt: off
RULES: tuple[Rule, ...] = (
    # schemes, from, action, to, by whom, clause, what must be true, what must be given
    Rule(TEMPORARY, (None,), A.APPLY, S.APPLIED, FIELD, LAW47, (t.outsiders_helped,)),
    Rule(TEMPORARY, (S.APPLIED,), A.PAY_FIRST, S.ACTIVE, (R.TOWNSHIP_APPROVER,), LAW23 + "三（二）先行救助",
         (c.urgent, c.not_own_review), (g.amount_given, g.within_township_limit, g.words_given)),
    Rule(TEMPORARY, (S.APPLIED,), A.PASS_UP, S.APPROVAL, (*OFFICER, R.TOWNSHIP_APPROVER), LAW23 + "三（二）先行救助",
         (c.urgent, t.beyond_the_township), (g.words_given,)),
    Rule(TEMPORARY, (S.APPLIED,), A.REFUSE, S.REFUSED, (R.TOWNSHIP_APPROVER,), LAW23 + "三（二）",
         (c.urgent, c.not_own_review), (g.words_given, g.clause_given)),
    Rule(TEMPORARY, (S.APPLIED,), A.ACCEPT, S.ACCEPTED, OFFICER, FULL,
         (t.spending_type, c.pledge_signed, c.authorisation_signed, c.no_paper_missing)),
    Rule(TEMPORARY, (S.ACCEPTED,), A.START_REVIEW, S.REVIEW, OFFICER, FULL),
    Rule(TEMPORARY, (S.REVIEW,), A.RECORD_SURVEY, None, FIELD, FULL, (), (g.survey_told,)),
    Rule(TEMPORARY, (S.REVIEW,), A.RECORD_CROSSCHECK, None, TAKERS, FULL, (c.authorisation_signed,),
         (g.sources_named,)),
    Rule(TEMPORARY, (S.REVIEW,), A.GIVE_OPINION, None, OFFICER, FULL,
         (*SURVEYED, k.calculated), (g.verdict_given, k.once_as_calculated, g.words_given)),
    Rule(TEMPORARY, (S.REVIEW,), A.POST_NOTICE, S.NOTICE, OFFICER, FULL,
         (*SURVEYED, c.opinion_given, c.opinion_grants)),
    Rule(TEMPORARY, (S.REVIEW,), A.SUBMIT_REFUSAL, S.APPROVAL, OFFICER, FULL,
         (*SURVEYED, c.opinion_given, c.opinion_refuses)),
    Rule(TEMPORARY, (S.NOTICE,), A.OBJECT, S.REVIEW, FIELD, FULL, (c.notice_running,), (g.objection_told,)),
    Rule(TEMPORARY, (S.NOTICE,), A.CLOSE_NOTICE, S.APPROVAL, OFFICER, FULL, (c.notice_over,), by_time=True),
    Rule(TEMPORARY, (S.APPROVAL,), A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), FULL, (), (g.survey_told,)),
    Rule(TEMPORARY, (S.APPROVAL,), A.COUNTY_OPINION, None, (R.COUNTY_REVIEWER,), FULL,
         (c.county_decides, c.county_has_visited), (g.words_given,)),
    Rule(TEMPORARY, (S.APPROVAL,), A.RECORD_MINUTES, None, (R.COUNTY_REVIEWER, R.COUNTY_APPROVER), MINUTED,
         (t.government_decides,),
         (g.day_given, t.minutes_given, g.verdict_given, g.words_given)),
    Rule(TEMPORARY, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, R.COUNTY_REVIEWER), FULL,
         (t.spending_type, c.reviewer_or_authority), (g.words_given,)),
    Rule(TEMPORARY, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS, FULL,
         (t.notice_unless_urgent, *DECIDER, t.calculated_unless_urgent, t.minutes_grant),
         (g.amount_given, k.once_as_calculated, t.within_level, t.as_minuted, t.plan_fits, g.words_given)),
    Rule(TEMPORARY, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS, FULL, (*DECIDER, t.minutes_refuse),
         (g.words_given, g.clause_given)),
    Rule(TEMPORARY, (S.ACTIVE,), A.PAY_INSTALMENT, None, OFFICER, STAGED, (t.home_told, t.further_payment),
         (g.day_since_decision,)),
    Rule(TEMPORARY, (S.ACTIVE,), A.STOP_INSTALMENTS, S.EXITED, CONFIRMERS, STAGED,
         (t.instalments_open, c.confirmer_has_authority, t.home_told), (g.words_given,)),
    Rule(TEMPORARY, (S.ACTIVE,), A.RECORD_PAYMENT, S.EXITED, OFFICER, LAW23 + "三（二）",
         (t.home_told, t.last_payment), (g.day_since_decision,)),
    Rule(TEMPORARY, (S.ACTIVE, S.EXITED), A.FILE_PAPER, None, OFFICER, LAW23 + "三（二）补齐手续",
         (c.papers_are_owed,), (g.papers_filed,)),
    Rule(TEMPORARY, (S.ACTIVE, S.EXITED), A.PAPERS_OVERDUE, None, SYSTEM, LAW23 + "三（二）补齐手续",
         (c.debt_is_overdue, c.debt_not_noted), by_time=True),
    Rule(TEMPORARY, (S.APPLIED, S.ACCEPTED, S.REVIEW, S.NOTICE, S.APPROVAL, S.ACTIVE), A.NOTIFY_HOME, None, OFFICER,
         "国发〔2014〕47号 三（一）", (t.from_elsewhere, t.home_not_told), (g.day_given, t.office_named)),
)
# fmt: on
