"""One person's entitlement: the subsidies for disabled people, children nobody raises, orphans.

国发〔2015〕52号, 民发〔2019〕62号, 国办发〔2010〕54号. The township checks, the county confirms; nothing is put on
public notice. A child's money ends on coming of age.
"""

from policy.vocabulary import IN_FORCE, OPEN, SUBSIDIES, UNDECIDED, Scheme
from workflows import calculated as k
from workflows import checks as c
from workflows import checks_personal as p
from workflows import inputs as g
from workflows.checks import Check
from workflows.checks_classes import scheme_exists
from workflows.rules.rule import (
    ADJUSTERS,
    BEFORE_APPROVAL,
    CONFIRMERS,
    DECIDER,
    FIELD,
    OFFICER,
    SYSTEM,
    TAKERS,
    A,
    R,
    Rule,
    S,
)

OPINION = (g.verdict_given, k.amount_as_calculated, g.words_given)


def _rules(of: tuple[Scheme, ...], law: str, checked: tuple[Check, ...]) -> tuple[Rule, ...]:
    """The steps of schemes under one document; ``checked``: what the township must have found out before it judges."""
    judged = (*checked, c.opinion_given, c.confirmer_has_authority, c.not_own_review, c.county_has_visited)
    # fmt: off
    return (
        # schemes, from, action, to, by whom, clause, what must be true, what must be given
        Rule(of, (None,), A.APPLY, S.APPLIED, FIELD, law, (scheme_exists, c.no_open_case)),
        Rule(of, (S.APPLIED,), A.TELL_MISSING, None, OFFICER, law, (c.not_told_before,), (g.papers_named,)),
        Rule(of, (S.APPLIED,), A.FILE_PAPER, None, FIELD, law, (c.papers_are_owed,), (g.papers_filed,)),
        Rule(of, (S.APPLIED,), A.ACCEPT, S.REVIEW, OFFICER, law, (c.no_paper_missing,)),
        Rule(of, (S.REVIEW, S.RECHECK), A.RECORD_SURVEY, None, FIELD, law, (), (g.survey_told, p.parents_in_order)),
        Rule(of, (S.REVIEW, S.RECHECK), A.GIVE_OPINION, None, OFFICER, law, (*checked, k.calculated), OPINION),
        Rule(of, (S.REVIEW,), A.PASS_UP, S.APPROVAL, OFFICER, law, (*checked, c.opinion_given)),
        Rule(of, (S.APPROVAL,), A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), law, (), (g.survey_told,)),
        Rule(of, (S.APPROVAL,), A.COUNTY_OPINION, None, (R.COUNTY_REVIEWER,), law,
             (c.county_decides, c.county_has_visited), (g.words_given,)),
        Rule(of, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, R.COUNTY_REVIEWER), law,
             (c.reviewer_or_authority,), (g.words_given,)),
        Rule(of, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS, law,
             (p.person_still_here, *DECIDER, k.calculated), (g.amount_given, k.amount_as_calculated, g.words_given)),
        Rule(of, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS, law, DECIDER, (g.words_given, g.clause_given)),
        Rule(of, (S.REFUSED,), A.TELL_REFUSAL, None, OFFICER, law, (c.refusal_not_told,),
             (g.day_since_decision,)),
        Rule(of, (S.ACTIVE,), A.START_RECHECK, S.RECHECK, (*FIELD, R.COUNTY_REVIEWER), law, (), (g.words_given,)),
        Rule(of, (S.ACTIVE,), A.PLAN_REVIEW, None, SYSTEM, law, by_time=True),
        Rule(of, (S.RECHECK,), A.KEEP, S.ACTIVE, CONFIRMERS, law, (*judged, k.calculated),
             (k.kept_as_calculated, g.words_given)),
        Rule(of, (S.RECHECK,), A.RAISE, S.ACTIVE, CONFIRMERS, law, (*judged, k.calculated),
             (g.amount_raised, k.amount_as_calculated, g.words_given)),
        Rule(of, (S.RECHECK,), A.CUT, S.ACTIVE, CONFIRMERS, law, (*judged, k.calculated),
             (g.amount_cut, k.amount_as_calculated, g.words_given)),
        Rule(of, (S.RECHECK,), A.SUSPEND, S.SUSPENDED, CONFIRMERS, law, judged,
             (g.words_given, g.clause_given)),
        Rule(of, (S.RECHECK,), A.EXIT, S.EXITED, CONFIRMERS, law, judged, (g.words_given, g.clause_given)),
        Rule(of, (S.SUSPENDED,), A.EXIT, S.EXITED, CONFIRMERS, law,
             (c.confirmer_has_authority, c.not_own_review), (g.words_given, g.clause_given)),
        Rule(of, (S.SUSPENDED,), A.RESUME, S.ACTIVE, CONFIRMERS, law,
             (c.confirmer_has_authority, c.not_own_review, p.person_still_here), (g.words_given,)),
        Rule(of, (S.ACTIVE, S.RECHECK), A.RECALCULATE, None, ADJUSTERS, law, (),
             (g.recalculation_named, g.amount_given, g.words_given), in_batch=True),
        Rule(of, (S.ACTIVE, S.RECHECK), A.UNDO_RECALCULATION, None, ADJUSTERS, law,
             (c.was_recalculated, c.before_next_payment), (g.recalculation_named, g.words_given), in_batch=True),
        Rule(of, IN_FORCE, A.LEAVE, S.EXITED, OFFICER, law, (), (g.exit_form_signed, g.words_given)),
        Rule(of, IN_FORCE, A.END_ON_DEATH, S.EXITED, OFFICER, law, (c.nobody_left,), by_time=True),
        Rule(of, UNDECIDED, A.WITHDRAW, S.WITHDRAWN, OFFICER, law, (), (g.words_given,)),
        Rule(of, OPEN, A.RECORD_COMPLAINT, None, TAKERS, law, (), (g.objection_told,)),
        Rule(of, BEFORE_APPROVAL + IN_FORCE, A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), law,
             (c.county_visit_asked,), (g.survey_told,)),
        Rule(of, OPEN, A.ANSWER_COMPLAINT, None, (R.COUNTY_REVIEWER,), law,
             (c.complaint_is_open, c.complaint_was_checked), (g.words_given,)),
    )
    # fmt: on


SEEN = (p.child_seen, p.parents_found_out)
"""Somebody went to see the child, and found out of both parents."""
RULES: tuple[Rule, ...] = (
    *_rules(SUBSIDIES, "国发〔2015〕52号 三", ()),
    *_rules((Scheme.UNSUPPORTED_CHILD,), "民发〔2019〕62号 二", SEEN),
    *_rules((Scheme.ORPHAN,), "国办发〔2010〕54号", SEEN),
    Rule((Scheme.UNSUPPORTED_CHILD,), IN_FORCE, A.EXPIRE, S.EXITED, OFFICER, "民发〔2019〕62号 一",
         (p.came_of_age,), by_time=True),
    Rule((Scheme.ORPHAN,), IN_FORCE, A.EXPIRE, S.EXITED, OFFICER, "国办发〔2010〕54号", (p.came_of_age,), by_time=True),
)  # fmt: skip
