"""特困: application, review, notice, the county's draw, confirmation, care, homes, ending (民发〔2021〕43号)."""

from policy.clauses import LAW43
from policy.vocabulary import IN_FORCE, OPEN, RUNNING, UNDECIDED, Scheme
from workflows import calculated as k
from workflows import checks as c
from workflows import checks_tekun as t
from workflows import inputs as g
from workflows.rules.rule import (
    ADJUSTERS,
    BEFORE_APPROVAL,
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

TEKUN = (Scheme.TEKUN,)
CHOICE = "国发〔2016〕14号 三（三）；国令第649号 第十九条"
HOMES = "国发〔2016〕14号 三（三）"
RECKONED = (*RECHECKED, t.no_end_notice, k.calculated)
ASSESSED = (t.assessed_where_granted, t.wished_where_granted)

# fmt: off
RULES: tuple[Rule, ...] = (
    # schemes, from, action, to, by whom, clause, what must be true, what must be given
    Rule(TEKUN, (None,), A.APPLY, S.APPLIED, FIELD, LAW43 + "第十条", (c.not_barred_from_applying, c.no_open_case)),
    Rule(TEKUN, (S.APPLIED,), A.TELL_MISSING, None, OFFICER, LAW43 + "第十二条", (c.not_told_before,),
         (g.papers_named,)),
    Rule(TEKUN, (S.APPLIED,), A.FILE_PAPER, None, FIELD, LAW43 + "第十二条", (c.papers_are_owed,), (g.papers_filed,)),
    Rule(TEKUN, (S.APPLIED,), A.ACCEPT, S.ACCEPTED, OFFICER, LAW43 + "第十二条",
         (c.pledge_signed, c.authorisation_signed, c.no_paper_missing)),
    Rule(TEKUN, (S.ACCEPTED,), A.START_REVIEW, S.REVIEW, OFFICER, LAW43 + "第十三条"),
    Rule(TEKUN, (S.REVIEW, S.RECHECK), A.RECORD_SURVEY, None, FIELD, LAW43 + "第十三条", (), (g.survey_told,)),
    Rule(TEKUN, (S.REVIEW, S.RECHECK), A.RECORD_CROSSCHECK, None, TAKERS, LAW43 + "第十三条",
         (c.authorisation_signed,), (g.sources_named,)),
    Rule(TEKUN, (S.REVIEW, S.RECHECK), A.ASSESS_SELF_CARE, None, TAKERS, LAW43 + "第二十、二十一条", (),
         (t.items_answered, g.day_given)),
    Rule(TEKUN, (S.ACTIVE,), A.ASSESS_SELF_CARE, None, TAKERS, LAW43 + "第二十三条", (t.change_reported,),
         (t.items_answered, g.day_given)),
    Rule(TEKUN, (S.APPLIED, S.ACCEPTED, S.REVIEW, *RUNNING), A.RECORD_WISH, None, FIELD, CHOICE, (),
         (t.mode_chosen, t.wish_told, t.consent_to_home, g.day_given)),
    Rule(TEKUN, (S.REVIEW,), A.GIVE_OPINION, None, OFFICER, LAW43 + "第十三条",
         (*SURVEYED, k.calculated), (g.verdict_given, *ASSESSED, k.amount_as_calculated, g.words_given)),
    Rule(TEKUN, (S.RECHECK,), A.GIVE_OPINION, None, OFFICER, LAW43 + "第二十五条",
         (c.recheck_visited, k.calculated), (g.verdict_given, *ASSESSED, k.amount_as_calculated, g.words_given)),
    Rule(TEKUN, (S.REVIEW,), A.POST_NOTICE, S.NOTICE, OFFICER, LAW43 + "第十五条",
         (*SURVEYED, t.care_known, t.wish_known, c.opinion_given, c.opinion_grants)),
    Rule(TEKUN, (S.REVIEW,), A.SUBMIT_REFUSAL, S.APPROVAL, OFFICER, LAW43 + "第十五、十六条",
         (*SURVEYED, c.opinion_given, c.opinion_refuses)),
    Rule(TEKUN, (S.NOTICE,), A.OBJECT, S.REVIEW, FIELD, LAW43 + "第十五条", (c.notice_running,), (g.objection_told,)),
    Rule(TEKUN, (S.NOTICE,), A.CLOSE_NOTICE, S.APPROVAL, OFFICER, LAW43 + "第十五条", (c.notice_over,), by_time=True),
    Rule(TEKUN, (S.APPROVAL,), A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), LAW43 + "第十六条", (), (g.survey_told,)),
    Rule(TEKUN, (S.APPROVAL,), A.COUNTY_OPINION, None, (R.COUNTY_REVIEWER,), LAW43 + "第十六条",
         (c.county_decides, c.county_has_visited), (g.words_given,)),
    Rule(TEKUN, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, R.COUNTY_REVIEWER), LAW43 + "第十六条",
         (c.reviewer_or_authority,), (g.words_given,)),
    Rule(TEKUN, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS, LAW43 + "第十六、十七条",
         (c.notice_was_held, *DECIDER, k.calculated), (g.amount_given, k.amount_as_calculated, g.words_given)),
    Rule(TEKUN, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS, LAW43 + "第十八条", DECIDER,
         (g.words_given, g.clause_given)),
    Rule(TEKUN, (S.REFUSED,), A.TELL_REFUSAL, None, OFFICER, LAW43 + "第十八条", (c.refusal_not_told,),
         (g.day_since_decision,)),
    Rule(TEKUN, (S.ACTIVE,), A.START_RECHECK, S.RECHECK, (*FIELD, R.COUNTY_REVIEWER), LAW43 + "第二十五条",
         (t.no_end_notice,), (g.words_given,)),
    Rule(TEKUN, (S.ACTIVE,), A.PLAN_REVIEW, None, SYSTEM, LAW43 + "第二十四条", (t.no_review_due,), by_time=True),
    Rule(TEKUN, (S.RECHECK,), A.KEEP, S.ACTIVE, CONFIRMERS, LAW43 + "第二十五条", RECKONED,
         (k.kept_as_calculated, g.words_given)),
    Rule(TEKUN, (S.RECHECK,), A.RAISE, S.ACTIVE, CONFIRMERS, LAW43 + "第二十、二十五条", RECKONED,
         (g.amount_raised, k.amount_as_calculated, g.words_given)),
    Rule(TEKUN, (S.RECHECK,), A.CUT, S.ACTIVE, CONFIRMERS, LAW43 + "第二十、二十五条", RECKONED,
         (g.amount_cut, k.amount_as_calculated, g.words_given)),
    Rule(TEKUN, (S.ACTIVE,), A.REPORT_CHANGE, None, (*FIELD, R.COUNTY_REVIEWER), LAW43 + "第二十三条",
         (t.no_change_open,), (t.change_told, g.words_given)),
    Rule(TEKUN, (S.ACTIVE,), A.CHANGE_SUPPORT, None, CONFIRMERS, LAW43 + "第二十、二十三条",
         (t.support_changed, t.no_end_notice, c.confirmer_has_authority, c.not_own_review, k.calculated),
         (g.amount_given, k.amount_as_calculated, g.words_given)),
    Rule(TEKUN, (S.APPROVAL, *RUNNING), A.SIGN_AGREEMENT, None, FIELD, HOMES, (), (t.agreement_told,)),
    Rule(TEKUN, RUNNING, A.PLACE_IN_HOME, None, OFFICER, HOMES, (t.wishes_a_home,),
         (t.home_named, t.health_told, t.not_barred, g.day_given)),
    Rule(TEKUN, RUNNING, A.REFER_ELSEWHERE, None, OFFICER, HOMES, (t.wishes_a_home,),
         (t.home_named, t.ground_told)),
    Rule(TEKUN, RUNNING, A.LEAVE_HOME, None, OFFICER, HOMES, (t.is_in_home,), (g.day_given, g.words_given)),
    Rule(TEKUN, RUNNING, A.POST_END_NOTICE, None, OFFICER, LAW43 + "第二十四、二十六条", (t.no_end_notice,),
         (t.end_reason_given, t.end_is_grounded, g.words_given), by_time=True),
    Rule(TEKUN, RUNNING, A.OBJECT, S.RECHECK, FIELD, LAW43 + "第二十六条", (t.end_notice_running,),
         (g.objection_told,)),
    Rule(TEKUN, RUNNING, A.RETURN, S.RECHECK, CONFIRMERS, LAW43 + "第二十六条",
         (t.end_notice_hangs, c.confirmer_has_authority), (g.words_given,)),
    Rule(TEKUN, RUNNING, A.CLOSE_END_NOTICE, None, OFFICER, LAW43 + "第二十六条", (t.end_notice_over,), by_time=True),
    Rule(TEKUN, RUNNING, A.EXIT, S.EXITED, CONFIRMERS, LAW43 + "第二十四、二十六条",
         (t.end_notice_held, c.confirmer_has_authority, c.not_own_review, c.county_has_visited), (g.words_given,)),
    Rule(TEKUN, RUNNING, A.END_ON_DEATH, S.EXITED, OFFICER, LAW43 + "第二十四、二十六条",
         (c.nobody_left, t.end_notice_held), by_time=True),
    Rule(TEKUN, RUNNING, A.RECALCULATE, None, ADJUSTERS, "国令第649号 第十五条；国发〔2016〕14号 三（二）", (),
         (g.recalculation_named, g.amount_given, g.words_given), in_batch=True),
    Rule(TEKUN, RUNNING, A.UNDO_RECALCULATION, None, ADJUSTERS, "国令第649号 第十五条；国发〔2016〕14号 三（二）",
         (c.was_recalculated, c.before_next_payment), (g.recalculation_named, g.words_given), in_batch=True),
    Rule(TEKUN, UNDECIDED, A.WITHDRAW, S.WITHDRAWN, OFFICER, LAW43 + "第十条", (), (g.words_given,)),
    Rule(TEKUN, OPEN, A.RECORD_COMPLAINT, None, TAKERS, LAW43 + "第三条", (), (g.objection_told,)),
    Rule(TEKUN, BEFORE_APPROVAL + IN_FORCE, A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), LAW43 + "第三条",
         (c.county_visit_asked,), (g.survey_told,)),
    Rule(TEKUN, OPEN, A.ANSWER_COMPLAINT, None, (R.COUNTY_REVIEWER,), LAW43 + "第三条",
         (c.complaint_is_open, c.complaint_was_checked), (g.words_given,)),
)
# fmt: on
