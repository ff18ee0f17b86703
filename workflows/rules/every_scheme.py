"""Steps that a case of every applied-for scheme shares."""

from typing import Any

from policy.clauses import LAW23, LAW57
from policy.vocabulary import IN_FORCE, NOT_TEMPORARY, OPEN, UNDECIDED, Scheme
from workflows import checks as c
from workflows import inputs as g
from workflows.rules.rule import BEFORE_APPROVAL, FIELD, OFFICER, TAKERS, A, R, Rule, S

SPECIAL_AID = "《社会救助暂行办法》（国务院令第649号）第五章至第八章"


def _both(article: str, *rest: Any, **more: Any) -> tuple[Rule, Rule]:
    """The same step of 低保 under its article, and of 临时救助 under its own rule."""
    from_, action, to, roles, *checks = rest
    laws = {Scheme.DIBAO: LAW57 + article, Scheme.TEMPORARY: LAW23.strip()}
    dibao, temporary = (Rule((scheme,), from_, action, to, roles, law, *checks, **more) for scheme, law in laws.items())
    return dibao, temporary


# fmt: off
OPENING: tuple[Rule, ...] = (
    # schemes, from, action, to, by whom, clause, what must be true, what must be given
    Rule((Scheme.DIBAO,), (None,), A.APPLY, S.APPLIED, FIELD, LAW57 + "第四条",
         (c.not_barred_from_applying, c.no_open_case)),
    *_both("第十条", (S.APPLIED,), A.TELL_MISSING, None, OFFICER, (c.not_told_before,), (g.papers_named,)),
    *_both("第十条", (S.APPLIED,), A.FILE_PAPER, None, FIELD, (c.papers_are_owed,), (g.papers_filed,)),
)

ALONGSIDE: tuple[Rule, ...] = (
    # what may happen beside the steps of the scheme itself
    *_both("第二十一条", (S.REFUSED,), A.TELL_REFUSAL, None, OFFICER, (c.refusal_not_told,),
           (g.day_since_decision,)),
    *_both("第二十九条", UNDECIDED, A.WITHDRAW, S.WITHDRAWN, OFFICER, (), (g.words_given,)),
    *_both("第三十七条", OPEN, A.RECORD_COMPLAINT, None, TAKERS, (), (g.objection_told,)),
    *_both("第三十七条", BEFORE_APPROVAL + IN_FORCE, A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,),
           (c.county_visit_asked,), (g.survey_told,)),
    *_both("第三十七条", OPEN, A.ANSWER_COMPLAINT, None, (R.COUNTY_REVIEWER,),
           (c.complaint_is_open, c.complaint_was_checked), (g.words_given,)),
    *_both("第三十条", IN_FORCE, A.END_ON_DEATH, S.EXITED, OFFICER, (c.nobody_left,), by_time=True),
    Rule(NOT_TEMPORARY, (*OPEN, S.REFUSED, S.EXITED), A.REFER, None, OFFICER, SPECIAL_AID, (),
         (g.referred_somewhere, g.agrees_to_referral, g.words_given)),
    Rule((Scheme.TEMPORARY,), (*OPEN, S.REFUSED, S.EXITED), A.REFER, None, OFFICER, "国发〔2014〕47号 三（四）", (),
         (g.referred_somewhere, g.agrees_to_referral, g.words_given)),
    Rule(NOT_TEMPORARY, (*OPEN, S.REFUSED, S.EXITED), A.RECORD_REPLY, None, OFFICER, SPECIAL_AID, (c.reply_awaited,),
         (g.reply_told, g.reply_day_given)),
    Rule((Scheme.TEMPORARY,), (*OPEN, S.REFUSED, S.EXITED), A.RECORD_REPLY, None, OFFICER, "国发〔2014〕47号 三（四）",
         (c.reply_awaited,), (g.reply_told, g.reply_day_given)),
    Rule(tuple(Scheme), OPEN, A.FAMILY_CHANGED, None, FIELD, LAW57 + "第三十条", (), (g.words_given,), in_batch=True),
)
# fmt: on
