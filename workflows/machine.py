"""The state machine of a benefit: a table of rules, and the two questions asked of it.

What is not in ``RULES`` is refused. ``decide`` returns the one lawful move or raises Refused with every reason at
once; ``offered`` lists every action of a stage with the reasons that still stand in its way.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from policy.vocabulary import OPEN, UNDECIDED, Action, Authority, Role, Scheme, Stage
from workflows import calculated as k
from workflows import checks as c
from workflows.actor import Actor
from workflows.checks import Check, InputCheck
from workflows.facts import Facts, Given
from workflows.reason import Reason, Refused

S, A, R = Stage, Action, Role
DIBAO = (Scheme.DIBAO,)
TEMPORARY = (Scheme.TEMPORARY,)
BOTH = DIBAO + TEMPORARY
ROSTERS = (Scheme.DIBAO, Scheme.TEKUN)
"""Schemes whose running cases are taken over from rosters."""

OFFICER = (R.TOWNSHIP_OFFICER,)
FIELD = (R.VILLAGE_WORKER, R.TOWNSHIP_OFFICER)
CONFIRMERS = (R.TOWNSHIP_APPROVER, R.COUNTY_APPROVER)
ADJUSTERS = (R.COUNTY_APPROVER, R.SUPERVISOR)
SYSTEM: tuple[Role, ...] = ()
IN_PAYMENT = (S.ACTIVE, S.RECHECK, S.GRACE, S.SUSPENDED)
BEFORE_APPROVAL = (S.APPLIED, S.ACCEPTED, S.REVIEW, S.NOTICE)
LAW57 = "民发〔2021〕57号 "
LAW23 = "民发〔2018〕23号 "


@dataclass(frozen=True)
class Rule:
    """One permitted move: ``checks`` ask the facts, ``inputs`` what was given; ``by_time``: the system may too."""

    schemes: tuple[Scheme, ...]
    from_: tuple[Stage | None, ...]
    action: Action
    to: Stage | None
    """The stage afterwards; None keeps the stage."""
    roles: tuple[Role, ...]
    clause: str
    checks: tuple[Check, ...] = ()
    inputs: tuple[InputCheck, ...] = ()
    by_time: bool = False
    in_batch: bool = False
    """Taken for many cases at once (undoing an import, adjusting to new figures), never by a button."""

    def allows(self, actor: Actor) -> bool:
        """Whether the actor's role may take this step; the system only where time alone may."""
        return self.by_time if actor.id is None and actor.role is None else actor.role in self.roles


@dataclass(frozen=True)
class Move:
    """A lawful step: which rule, and the stage it leads to."""

    rule: Rule
    to: Stage


@dataclass(frozen=True)
class Offer:
    """An action of the present stage and everything that still stands in its way."""

    action: Action
    rule: Rule
    reasons: tuple[Reason, ...]

    @property
    def lawful(self) -> bool:
        return not self.reasons


SURVEYED = (c.two_surveyors, c.crosscheck_back)
DECIDER = (c.confirmer_has_authority, c.not_own_review, c.county_has_visited, c.county_has_given_opinion)
RECHECKED = (
    c.recheck_visited, c.opinion_given, c.confirmer_has_authority, c.not_own_review, c.county_has_visited,
)  # fmt: skip
RECKONED = (*RECHECKED, k.calculated)

# fmt: off
RULES = (
    # schemes, from, action, to, by whom, clause, what must be true, what must be given
    Rule(BOTH, (None,), A.APPLY, S.APPLIED, FIELD, LAW57 + "第四条", (c.no_open_case,)),
    Rule(TEMPORARY, (None,), A.TAKE_OVER, S.EXITED, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER), LAW23 + "三（二）", (),
         (c.amount_given,)),
    Rule(ROSTERS, (None,), A.TAKE_OVER, S.ACTIVE, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER), LAW57 + "第三十一条",
         (c.no_open_case,), (c.amount_given,)),
    Rule(BOTH, (S.APPLIED,), A.TELL_MISSING, None, OFFICER, LAW57 + "第十条", (c.not_told_before,),
         (c.papers_named,)),
    Rule(BOTH, (S.APPLIED,), A.FILE_PAPER, None, FIELD, LAW57 + "第十条", (c.papers_are_owed,), (c.papers_filed,)),
    Rule(DIBAO, (S.APPLIED,), A.ACCEPT, S.ACCEPTED, OFFICER, LAW57 + "第十条",
         (c.pledge_signed, c.authorisation_signed, c.no_paper_missing)),
    Rule(DIBAO, (S.ACCEPTED,), A.START_REVIEW, S.REVIEW, OFFICER, LAW57 + "第十五条"),
    Rule(DIBAO, (S.REVIEW, S.RECHECK), A.RECORD_SURVEY, None, FIELD, LAW57 + "第十六条", (), (c.survey_told,)),
    Rule(DIBAO, (S.REVIEW, S.RECHECK), A.RECORD_CROSSCHECK, None, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER),
         LAW57 + "第十七条", (c.authorisation_signed,), (c.sources_named,)),
    Rule(DIBAO, (S.REVIEW,), A.GIVE_OPINION, None, OFFICER, LAW57 + "第十九条",
         (*SURVEYED, k.calculated), (c.verdict_given, k.amount_as_calculated, c.words_given)),
    Rule(DIBAO, (S.RECHECK,), A.GIVE_OPINION, None, OFFICER, LAW57 + "第三十一条",
         (c.recheck_visited, k.calculated), (c.verdict_given, k.amount_as_calculated, c.words_given)),
    Rule(DIBAO, (S.REVIEW,), A.POST_NOTICE, S.NOTICE, OFFICER, LAW57 + "第十九条",
         (*SURVEYED, c.opinion_given, c.opinion_grants)),
    Rule(DIBAO, (S.REVIEW,), A.SUBMIT_REFUSAL, S.APPROVAL, OFFICER, LAW57 + "第十八条",
         (*SURVEYED, c.opinion_given, c.opinion_refuses)),
    Rule(DIBAO, (S.NOTICE,), A.OBJECT, S.REVIEW, FIELD, LAW57 + "第十九条", (c.notice_running,), (c.objection_told,)),
    Rule(DIBAO, (S.NOTICE,), A.CLOSE_NOTICE, S.APPROVAL, OFFICER, LAW57 + "第十九条", (c.notice_over,), by_time=True),
    Rule(DIBAO, (S.APPROVAL,), A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), LAW57 + "第二十条", (), (c.survey_told,)),
    Rule(DIBAO, (S.APPROVAL,), A.COUNTY_OPINION, None, (R.COUNTY_REVIEWER,), LAW57 + "第二十条",
         (c.county_decides, c.county_has_visited), (c.words_given,)),
    Rule(DIBAO, (S.APPROVAL,), A.RETURN, S.REVIEW, (*CONFIRMERS, R.COUNTY_REVIEWER), LAW57 + "第二十条",
         (c.reviewer_or_authority,), (c.words_given,)),
    Rule(DIBAO, (S.APPROVAL,), A.CONFIRM, S.ACTIVE, CONFIRMERS, LAW57 + "第二十、二十一条",
         (c.notice_was_held, *DECIDER, k.calculated), (c.amount_given, k.amount_as_calculated, c.words_given)),
    Rule(DIBAO, (S.APPROVAL,), A.REFUSE, S.REFUSED, CONFIRMERS, LAW57 + "第二十一条", DECIDER,
         (c.words_given, c.clause_given)),
    Rule(BOTH, (S.REFUSED,), A.TELL_REFUSAL, None, OFFICER, LAW57 + "第二十一条", (c.refusal_not_told,),
         (c.day_given,)),
    Rule(BOTH, UNDECIDED, A.WITHDRAW, S.WITHDRAWN, OFFICER, LAW57 + "第二十九条", (), (c.words_given,)),
    Rule(BOTH, OPEN, A.RECORD_COMPLAINT, None, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER), LAW57 + "第三十七条",
         (), (c.objection_told,)),
    Rule(BOTH, BEFORE_APPROVAL + IN_PAYMENT, A.COUNTY_VISIT, None, (R.COUNTY_REVIEWER,), LAW57 + "第三十七条",
         (c.county_visit_asked,), (c.survey_told,)),
    Rule(BOTH, OPEN, A.ANSWER_COMPLAINT, None, (R.COUNTY_REVIEWER,), LAW57 + "第三十七条",
         (c.complaint_is_open, c.complaint_was_checked), (c.words_given,)),
    Rule(DIBAO, (S.ACTIVE,), A.START_RECHECK, S.RECHECK, (*FIELD, R.COUNTY_REVIEWER), LAW57 + "第三十、三十一条",
         (), (c.words_given,)),
    Rule(DIBAO, (S.RECHECK,), A.KEEP, S.ACTIVE, CONFIRMERS, LAW57 + "第三十一条", RECKONED,
         (k.kept_as_calculated, c.words_given)),
    Rule(DIBAO, (S.RECHECK,), A.RAISE, S.ACTIVE, CONFIRMERS, LAW57 + "第三十二条", RECKONED,
         (c.amount_raised, k.amount_as_calculated, c.words_given)),
    Rule(DIBAO, (S.RECHECK,), A.CUT, S.ACTIVE, CONFIRMERS, LAW57 + "第三十二条", RECKONED,
         (c.amount_cut, k.amount_as_calculated, c.words_given)),
    Rule(DIBAO, (S.RECHECK,), A.START_GRACE, S.GRACE, CONFIRMERS, LAW57 + "第三十三条", RECKONED,
         (c.months_of_grace, k.grace_as_calculated, c.words_given)),
    Rule(DIBAO, (S.RECHECK,), A.SUSPEND, S.SUSPENDED, CONFIRMERS, LAW57 + "第三十二条", RECHECKED, (c.words_given,)),
    Rule(DIBAO, (S.RECHECK,), A.EXIT, S.EXITED, CONFIRMERS, LAW57 + "第三十二条", RECHECKED, (c.words_given,)),
    Rule(DIBAO, (S.SUSPENDED,), A.EXIT, S.EXITED, CONFIRMERS, LAW57 + "第三十二条",
         (c.confirmer_has_authority, c.not_own_review), (c.words_given,)),
    Rule(DIBAO, (S.SUSPENDED, S.GRACE), A.RESUME, S.ACTIVE, CONFIRMERS, LAW57 + "第三十二、三十三条",
         (c.confirmer_has_authority, c.not_own_review, c.somebody_left), (c.words_given,)),
    Rule(DIBAO, (S.GRACE,), A.END_GRACE, S.EXITED, OFFICER, LAW57 + "第三十三条", (c.grace_over,), by_time=True),
    Rule(TEMPORARY, (S.EXITED,), A.TAKE_BACK, S.WITHDRAWN, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER), LAW23 + "三（二）",
         (c.was_taken_over, c.untouched), (c.import_named, c.words_given), in_batch=True),
    Rule(ROSTERS, (S.ACTIVE,), A.TAKE_BACK, S.WITHDRAWN, (R.TOWNSHIP_OFFICER, R.COUNTY_REVIEWER), LAW57 + "第三十一条",
         (c.was_taken_over, c.untouched), (c.import_named, c.words_given), in_batch=True),
    Rule(DIBAO, (S.ACTIVE, S.RECHECK), A.RECALCULATE, None, ADJUSTERS, LAW57 + "第三十二条；国令第649号 第十条", (),
         (c.recalculation_named, c.amount_given, c.words_given), in_batch=True),
    Rule(DIBAO, (S.ACTIVE, S.RECHECK), A.UNDO_RECALCULATION, None, ADJUSTERS, LAW57 + "第三十二条",
         (c.was_recalculated, c.before_next_payment), (c.recalculation_named, c.words_given), in_batch=True),
    Rule(DIBAO, IN_PAYMENT, A.LEAVE, S.EXITED, OFFICER, LAW57 + "第三十条", (), (c.exit_form_signed, c.words_given)),
    Rule(BOTH, IN_PAYMENT, A.END_ON_DEATH, S.EXITED, OFFICER, LAW57 + "第三十条", (c.nobody_left,), by_time=True),
    Rule(TEMPORARY, (S.APPLIED,), A.PAY_FIRST, S.ACTIVE, (R.TOWNSHIP_APPROVER,), LAW23 + "三（二）先行救助",
         (c.urgent, c.not_own_review), (c.amount_given, c.within_township_limit, c.words_given)),
    Rule(TEMPORARY, (S.APPLIED,), A.REFUSE, S.REFUSED, (R.TOWNSHIP_APPROVER,), LAW23 + "三（二）", (c.not_own_review,),
         (c.words_given, c.clause_given)),
    Rule(TEMPORARY, (S.ACTIVE,), A.RECORD_PAYMENT, S.EXITED, OFFICER, LAW23 + "三（二）", (), (c.day_given,)),
    Rule(TEMPORARY, (S.ACTIVE, S.EXITED), A.FILE_PAPER, None, OFFICER, LAW23 + "三（二）补齐手续",
         (c.papers_are_owed,), (c.papers_filed,)),
    Rule(TEMPORARY, (S.ACTIVE, S.EXITED), A.PAPERS_OVERDUE, None, SYSTEM, LAW23 + "三（二）补齐手续",
         (c.debt_is_overdue, c.debt_not_noted), by_time=True),
)
# fmt: on


def rules_of(scheme: Scheme, stage: Stage | None) -> tuple[Rule, ...]:
    """The rules that start from this stage under this scheme, in the table's order."""
    return tuple(rule for rule in RULES if scheme in rule.schemes and stage in rule.from_)


def decide(facts: Facts, action: Action, actor: Actor, given: Given) -> Move:
    """Return the one lawful move, or raise Refused with every reason at once."""
    rule = next((r for r in rules_of(facts.scheme, facts.stage) if r.action is action), None)
    if rule is None:
        raise Refused([Reason("not_in_this_stage", action=action, stage=facts.stage)])
    reasons = [*standing(rule, facts, actor), *_reasons(check(facts, given) for check in rule.inputs)]
    if reasons:
        raise Refused(reasons)
    to = rule.to or facts.stage
    assert to is not None
    return Move(rule, to)


def standing(rule: Rule, facts: Facts, actor: Actor) -> tuple[Reason, ...]:
    """Everything that stands in the way before anything is typed in: scope, role, facts."""
    asked = (check(facts, actor) for check in rule.checks)
    return tuple(_reasons((c.in_scope(facts, actor), _role(rule, actor), *asked)))


def offered(facts: Facts, actor: Actor) -> tuple[Offer, ...]:
    """Every action of the present stage, with the reasons that still stand in its way for this actor."""
    rules = (rule for rule in rules_of(facts.scheme, facts.stage) if not rule.in_batch)
    return tuple(Offer(rule.action, rule, standing(rule, facts, actor)) for rule in rules)


def _role(rule: Rule, actor: Actor) -> Reason | None:
    return None if rule.allows(actor) else Reason("not_your_role", roles=rule.roles)


def _reasons(found: Iterable[Reason | None]) -> list[Reason]:
    return [reason for reason in found if reason is not None]


def waits_for(facts: Facts) -> Role | None:
    """Whose desk the case lies on now; None while only time (or nobody) must act."""
    match facts.stage:
        case S.APPLIED if facts.scheme is Scheme.TEMPORARY:
            return R.TOWNSHIP_APPROVER
        case S.APPLIED | S.ACCEPTED | S.REVIEW:
            return R.TOWNSHIP_OFFICER
        case S.APPROVAL:
            return _approval_waits_for(facts)
        case S.RECHECK if facts.opinion and c.county_must_visit(facts) and not facts.county_visited:
            return R.COUNTY_REVIEWER
        case S.RECHECK:
            return _confirmer(facts) if facts.opinion else R.TOWNSHIP_OFFICER
        case S.REFUSED:
            return None if facts.refusal_told else R.TOWNSHIP_OFFICER
        case S.ACTIVE if facts.scheme is Scheme.TEMPORARY:
            return R.TOWNSHIP_OFFICER
    return None


def _approval_waits_for(facts: Facts) -> Role:
    missing_visit = c.county_must_visit(facts) and not facts.county_visited
    missing_opinion = facts.authority is Authority.COUNTY and not facts.county_opinion
    return R.COUNTY_REVIEWER if missing_visit or missing_opinion else _confirmer(facts)


def _confirmer(facts: Facts) -> Role:
    return R.TOWNSHIP_APPROVER if facts.authority is Authority.TOWNSHIP else R.COUNTY_APPROVER
