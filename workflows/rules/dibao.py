"""低保: application, review, notice, confirmation, recheck, grace, exit (民发〔2021〕57号).

What 民发〔2012〕220号 asked beside (democratic review, second notice) stands in checks that look at the day's figures.
"""

from policy.clauses import LAW57
from policy.vocabulary import RUNNING, Scheme
from workflows import calculated as k
from workflows import checks as c
from workflows import checks_dibao as d
from workflows import checks_former as o
from workflows import inputs as g
from workflows.rules.rule import (
    ADJUSTERS,
    CONFIRMERS,
    DECIDER,
    FIELD,
    OFFICER,
    RECHECKED,
    SURVEYED,
    SYSTEM,
    TAKERS,
    A,
    R,
    Rule,
    S,
)

DIBAO = (Scheme.DIBAO,)
RECKONED = (*RECHECKED, k.calculated)

# fmt: off
RULES: tuple[Rule, ...] = (
    # schemes, from, action, to, by whom, clause, what must be true, what must be given
    Rule(DIBAO, (S.APPLIED,), A.ACCEPT, S.ACCEPTED, OFFICER, LAW57 + "第十条",
         (c.pledge_signed, c.authorisation_signed, c.no_paper_missing)),
    Rule(DIBAO, (S.ACCEPTED,), A.START_REVIEW, S.REVIEW, OFFICER, LAW57 + "第十五条"),
    Rule(DIBAO, (S.REVIEW, S.RECHECK), A.RECORD_SURVEY, None, FIELD, LAW57 + "第十六条", (), (g.survey_told,)),
    Rule(DIBAO, (S.REVIEW, S.RECHECK), A.RECORD_CROSSCHECK, None, TAKERS,
         LAW57 + "第十七条", (c.authorisation_signed,), (g.sources_named,)),
    Rule(DIBAO, (S.REVIEW,), A.REVIEW_MEETING, None, OFFICER, LAW57 + "第十九条",
         (*SURVEYED, o.meeting_called_for), (o.meeting_told, g.words_given)),
    Rule(DIBAO, (S.REVIEW,), A.GIVE_OPINION, None, OFFICER, LAW57 + "第十九条",
         (*SURVEYED, o.meeting_held, k.calculated), (g.verdict_given, k.amount_as_calculated, g.words_given)),
    Rule(DIBAO, (S.RECHECK,), A.GIVE_OPINION, None, OFFICER, LAW57 + "第三十一条",
         (c.recheck_visited, k.calculated), (g.verdict_given, k.amount_as_calculated, g.words_given)),
    Rule(DIBAO, (S.REVIEW,), A.POST_NOTICE, S.NOTICE, OFFICER, LAW57 + "第十九条",
         (*SURVEYED, o.meeting_held, c.opinion_given, c.opinion_grants)),
    Rule(DIBAO, (S.REVIEW,), A.SUBMIT_REFUSAL, S.APPROVAL, OFFICER, LAW57 + "第十八条",
         (*SURVEYED, o.meeting_held, c.opinion_given, c.opinion_refuses)),
    Rule(DIBAO, (S.NOTICE,), A.OBJECT, S.REVIEW, FIELD, LAW57 + "第十九条", (c.notice_running,), (g.objection_told,)),
    Rule(DIBAO, (S.NOTICE,), A.CLOSE_NOTICE, S.APPROVAL, OFFICER, LAW57 + "第十九条", (c.notice_over,), by_time=True),
    Rule(DIBAO, (S.APPROVAL,), A.POST_NOTICE, S.NOTICE, (R.COUNTY_REVIEWER, R.TOWNSHIP_OFFICER), LAW57 + "第十九条",
         (o.second_notice_due, o.posted_by_who_confirms, c.notice_was_held, c.opinion_grants,
          c.county_has_visited, c.county_has_given_opinion)),
    Rule(DIBAO, (S.APPROVAL,), A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), LAW57 + "第二十条", (), (g.survey_told,)),
    Rule(DIBAO, (S.APPROVAL,), A.COUNTY_OPINION, None, (R.COUNTY_REVIEWER,), LAW57 + "第二十条",
         (c.county_decides, c.county_has_visited), (g.words_given,)),
    Rule(DIBAO, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, R.COUNTY_REVIEWER), LAW57 + "第二十条",
         (c.reviewer_or_authority,), (g.words_given,)),
    Rule(DIBAO, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS, LAW57 + "第二十、二十一条",
         (c.notice_was_held, o.second_notice_held, *DECIDER, k.calculated),
         (g.amount_given, k.amount_as_calculated, g.words_given)),
    Rule(DIBAO, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS, LAW57 + "第二十一条", DECIDER,
         (g.words_given, g.clause_given)),
    Rule(DIBAO, (S.ACTIVE,), A.START_RECHECK, S.RECHECK, (*FIELD, R.COUNTY_REVIEWER), LAW57 + "第三十、三十一条",
         (), (g.words_given,)),
    Rule(DIBAO, (S.ACTIVE,), A.PLAN_REVIEW, None, SYSTEM, LAW57 + "第三十、三十一条", by_time=True),
    Rule(DIBAO, (S.RECHECK,), A.KEEP, S.ACTIVE, CONFIRMERS, LAW57 + "第三十一条", RECKONED,
         (k.kept_as_calculated, g.words_given)),
    Rule(DIBAO, (S.RECHECK,), A.RAISE, S.ACTIVE, CONFIRMERS, LAW57 + "第三十二条", RECKONED,
         (g.amount_raised, k.amount_as_calculated, g.words_given)),
    Rule(DIBAO, (S.RECHECK,), A.CUT, S.ACTIVE, CONFIRMERS, LAW57 + "第三十二条", RECKONED,
         (g.amount_cut, k.amount_as_calculated, g.words_given)),
    Rule(DIBAO, (S.RECHECK,), A.START_GRACE, S.GRACE, CONFIRMERS, LAW57 + "第三十三条", RECKONED,
         (g.months_of_grace, k.grace_as_calculated, g.words_given)),
    Rule(DIBAO, (S.RECHECK,), A.SUSPEND, S.SUSPENDED, CONFIRMERS, LAW57 + "第三十二条", RECHECKED,
         (g.words_given, g.clause_given)),
    Rule(DIBAO, (S.RECHECK,), A.EXIT, S.EXITED, CONFIRMERS, LAW57 + "第三十二条", RECHECKED,
         (g.words_given, g.clause_given)),
    Rule(DIBAO, (S.SUSPENDED,), A.EXIT, S.EXITED, CONFIRMERS, LAW57 + "第三十二条",
         (c.confirmer_has_authority, c.not_own_review), (g.words_given, g.clause_given)),
    Rule(DIBAO, (S.SUSPENDED, S.GRACE), A.RESUME, S.ACTIVE, CONFIRMERS, LAW57 + "第三十二、三十三条",
         (c.confirmer_has_authority, c.not_own_review, c.somebody_left), (g.words_given,)),
    Rule(DIBAO, (S.GRACE,), A.END_GRACE, S.EXITED, OFFICER, LAW57 + "第三十三条", (c.grace_over,), by_time=True),
    Rule(DIBAO, RUNNING, A.RECALCULATE, None, ADJUSTERS, LAW57 + "第三十二条；国令第649号 第十条", (),
         (g.recalculation_named, g.amount_given, g.words_given), in_batch=True),
    Rule(DIBAO, RUNNING, A.UNDO_RECALCULATION, None, ADJUSTERS, LAW57 + "第三十二条",
         (c.was_recalculated, c.before_next_payment), (g.recalculation_named, g.words_given), in_batch=True),
    Rule(DIBAO, RUNNING, A.LEAVE, S.EXITED, (*OFFICER, *CONFIRMERS), LAW57 + "第三十条",
         (d.recorded_by,), (g.exit_form_signed, d.exit_money_told, g.words_given)),
    Rule(DIBAO, (S.GRACE, S.SUSPENDED), A.LEAVE, S.EXITED, OFFICER, LAW57 + "第三十条", (),
         (g.exit_form_signed, d.exit_money_told, g.words_given)),
    Rule(DIBAO, (S.EXITED,), A.UNDO_LEAVE, S.ACTIVE, CONFIRMERS, LAW57 + "第三十条",
         (c.no_open_case, d.left_by_own_wish, d.still_this_month, d.exit_money_unpaid, c.confirmer_has_authority,
          c.somebody_left), (g.words_given,), back_to=(S.GRACE, S.SUSPENDED)),
    Rule(DIBAO, (S.EXITED,), A.RECORD_PAYMENT, None, OFFICER, "墩政〔2020〕48号 二(二)",
         (d.exit_money_waits, d.exit_money_unpaid), (g.day_given,)),
)
# fmt: on
