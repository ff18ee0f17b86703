"""低保边缘家庭 (国办发〔2023〕39号) and 刚性支出困难家庭 (认定办法): recognised for a term, without monthly money.

Each has the steps of 低保 under clauses of its own; what it confirms is a term, which ends by time alone.
"""

from collections.abc import Callable

from policy.clauses import EDGE_RULE, LAW57, RIGID_RULE
from policy.vocabulary import CLASSES, RUNNING, UNDECIDED, Scheme
from workflows import calculated as k
from workflows import checks as c
from workflows import checks_classes as t
from workflows import inputs as g
from workflows.rules.dibao import RECKONED
from workflows.rules.rule import (
    BEFORE_APPROVAL,
    CONFIRMERS,
    DECIDER,
    FIELD,
    OFFICER,
    SURVEYED,
    SYSTEM,
    TAKERS,
    A,
    R,
    Rule,
    S,
)


def _edge(article: str) -> str:
    """低保边缘家庭 follow the procedure of 低保: its article, by reference."""
    return f"{EDGE_RULE}参照{LAW57}{article}" if article else EDGE_RULE.strip()


RIGID_ARTICLES = {
    "第四条": "第六条", "第十条": "第六条", "第十六条": "第六条", "第二十条": "第七条", "第二十、二十一条": "第七条",
    "第二十一条": "第七条", "第三十七条": "第十二条", "": "第十条",
}  # fmt: skip
"""By the article of 低保, what 刚性支出困难家庭 have of their own; all else each place orders itself (第十三条)."""


def _rigid(article: str) -> str:
    return RIGID_RULE + RIGID_ARTICLES.get(article, "第十三条")


# fmt: off
def _rules(scheme: Scheme, law: Callable[[str], str]) -> tuple[Rule, ...]:
    of = (scheme,)
    return (
        # schemes, from, action, to, by whom, clause, what must be true, what must be given
        Rule(of, (None,), A.APPLY, S.APPLIED, FIELD, law("第四条"),
             (t.scheme_exists, c.not_barred_from_applying, c.no_open_case)),
        Rule(of, (S.APPLIED,), A.TELL_MISSING, None, OFFICER, law("第十条"), (c.not_told_before,), (g.papers_named,)),
        Rule(of, (S.APPLIED,), A.FILE_PAPER, None, FIELD, law("第十条"), (c.papers_are_owed,), (g.papers_filed,)),
        Rule(of, (S.APPLIED,), A.ACCEPT, S.ACCEPTED, OFFICER, law("第十条"),
             (c.pledge_signed, c.authorisation_signed, c.no_paper_missing)),
        Rule(of, (S.ACCEPTED,), A.START_REVIEW, S.REVIEW, OFFICER, law("第十五条")),
        Rule(of, (S.REVIEW, S.RECHECK), A.RECORD_SURVEY, None, FIELD, law("第十六条"), (), (g.survey_told,)),
        Rule(of, (S.REVIEW, S.RECHECK), A.RECORD_CROSSCHECK, None, TAKERS, law("第十七条"),
             (c.authorisation_signed,), (g.sources_named,)),
        Rule(of, (S.REVIEW,), A.GIVE_OPINION, None, OFFICER, law("第十九条"),
             (*SURVEYED, k.calculated), (t.verdict_said, k.verdict_as_calculated, g.words_given)),
        Rule(of, (S.RECHECK,), A.GIVE_OPINION, None, OFFICER, law("第三十一条"),
             (c.recheck_visited, k.calculated), (t.verdict_said, k.verdict_as_calculated, g.words_given)),
        Rule(of, (S.REVIEW,), A.POST_NOTICE, S.NOTICE, OFFICER, law("第十九条"),
             (*SURVEYED, c.opinion_given, c.opinion_grants)),
        Rule(of, (S.REVIEW,), A.SUBMIT_REFUSAL, S.APPROVAL, OFFICER, law("第十八条"),
             (*SURVEYED, c.opinion_given, c.opinion_refuses)),
        Rule(of, (S.NOTICE,), A.OBJECT, S.REVIEW, FIELD, law("第十九条"), (c.notice_running,), (g.objection_told,)),
        Rule(of, (S.NOTICE,), A.CLOSE_NOTICE, S.APPROVAL, OFFICER, law("第十九条"), (c.notice_over,), by_time=True),
        Rule(of, (S.APPROVAL,), A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), law("第二十条"), (), (g.survey_told,)),
        Rule(of, (S.APPROVAL,), A.COUNTY_OPINION, None, (R.COUNTY_REVIEWER,), law("第二十条"),
             (c.county_decides, c.county_has_visited), (g.words_given,)),
        Rule(of, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, R.COUNTY_REVIEWER), law("第二十条"),
             (c.reviewer_or_authority,), (g.words_given,)),
        Rule(of, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS, law("第二十、二十一条"),
             (t.term_set_here, c.notice_was_held, *DECIDER, k.calculated),
             (t.months_of_term, k.confirmed_as_calculated, g.words_given)),
        Rule(of, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS, law("第二十一条"), DECIDER,
             (g.words_given, g.clause_given)),
        Rule(of, (S.REFUSED,), A.TELL_REFUSAL, None, OFFICER, law("第二十一条"), (c.refusal_not_told,),
             (g.day_since_decision,)),
        Rule(of, (S.ACTIVE,), A.START_RECHECK, S.RECHECK, (*FIELD, R.COUNTY_REVIEWER), law("第三十、三十一条"),
             (), (g.words_given,)),
        Rule(of, (S.ACTIVE,), A.PLAN_REVIEW, None, SYSTEM, law("第三十、三十一条"), by_time=True),
        Rule(of, (S.RECHECK,), A.KEEP, S.ACTIVE, CONFIRMERS, law("第三十一条"), RECKONED,
             (k.confirmed_as_calculated, g.words_given)),
        Rule(of, (S.RECHECK,), A.EXIT, S.EXITED, CONFIRMERS, law("第三十二条"), RECKONED,
             (g.words_given, g.clause_given)),
        Rule(of, RUNNING, A.LEAVE, S.EXITED, OFFICER, law("第三十条"), (), (g.exit_form_signed, g.words_given)),
        Rule(of, RUNNING, A.END_ON_DEATH, S.EXITED, OFFICER, law("第三十条"), (c.nobody_left,), by_time=True),
        Rule(of, RUNNING, A.EXPIRE, S.EXITED, OFFICER, law(""), (t.term_over,), by_time=True),
        Rule(of, RUNNING, A.RENEWED, S.EXITED, SYSTEM, law(""), by_time=True, in_batch=True),
        Rule(of, UNDECIDED, A.WITHDRAW, S.WITHDRAWN, OFFICER, law("第二十九条"), (), (g.words_given,)),
        Rule(of, (*UNDECIDED, *RUNNING), A.RECORD_COMPLAINT, None, TAKERS, law("第三十七条"), (), (g.objection_told,)),
        Rule(of, (*BEFORE_APPROVAL, *RUNNING), A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), law("第三十七条"),
             (c.county_visit_asked,), (g.survey_told,)),
        Rule(of, (*UNDECIDED, *RUNNING), A.ANSWER_COMPLAINT, None, (R.COUNTY_REVIEWER,), law("第三十七条"),
             (c.complaint_is_open, c.complaint_was_checked), (g.words_given,)),
    )


RULES: tuple[Rule, ...] = (*_rules(Scheme.EDGE, _edge), *_rules(Scheme.RIGID, _rigid))

WATCH: tuple[Rule, ...] = (
    # beside the steps of every scheme: a refused family with remaining difficulty (潜在救助对象)
    Rule((Scheme.DIBAO, Scheme.TEKUN, Scheme.TEMPORARY, *CLASSES), (S.REFUSED,), A.WATCH, None, FIELD,
         EDGE_RULE.strip(), (t.not_watched,), (t.day_ahead_given, g.words_given)),
)
# fmt: on
