"""The state machine of a benefit: a table of rules, and the two questions asked of it.

What is not in ``RULES`` is refused. ``decide`` returns the one lawful move or raises Refused with every reason at
once; ``offered`` lists every action of a stage with the reasons that still stand in its way.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from policy.stage_words import stage_word
from policy.vocabulary import IN_FORCE, RUNNING, Action, Authority, Role, Scheme, Stage, Word
from workflows import checks as c
from workflows.actor import Actor
from workflows.facts import Facts, Given
from workflows.facts_tekun import TekunFacts
from workflows.reason import Reason, Refused
from workflows.rules import classes, dibao, every_scheme, personal, rosters, tekun, temporary
from workflows.rules.rule import Rule as Rule

S, R = Stage, Role


class Move(NamedTuple):
    """A lawful step: its rule, and the stage it leads to."""

    rule: Rule
    to: Stage


class Offer(NamedTuple):
    """An action of the present stage and everything that still stands in its way."""

    action: Action
    rule: Rule
    reasons: tuple[Reason, ...]

    @property
    def lawful(self) -> bool:
        return not self.reasons


RULES: tuple[Rule, ...] = (
    *every_scheme.OPENING, *dibao.RULES, *tekun.RULES, *temporary.RULES, *every_scheme.ALONGSIDE, *classes.RULES,
    *classes.WATCH, *personal.RULES, *rosters.ROSTERS,
)  # fmt: skip


@cache
def rules_of(scheme: Scheme, stage: Stage | None) -> tuple[Rule, ...]:
    """The rules that start from this stage under this scheme, in the table's order."""
    return tuple(rule for rule in RULES if scheme in rule.schemes and stage in rule.from_)


def _named(facts: Facts) -> Word | None:
    return stage_word(facts.scheme, facts.stage) if facts.stage else None


def decide(facts: Facts, action: Action, actor: Actor, given: Given) -> Move:
    """Return the one lawful move, or raise Refused with every reason at once."""
    rule = next((r for r in rules_of(facts.scheme, facts.stage) if r.action is action), None)
    if rule is None:
        raise Refused([Reason("not_in_this_stage", action=action, stage=_named(facts))])
    reasons = [*standing(rule, facts, actor), *_reasons(check(facts, given) for check in rule.inputs)]
    if reasons:
        raise Refused(reasons)
    left_from = facts.leaving.left_from if facts.leaving else None
    to = left_from if left_from in rule.back_to else rule.to or facts.stage
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
    """Whose desk the case is on now; None while only time (or nobody) must act.

    A complaint about a case that is being paid is the county reviewer's, who visits the family and answers it.
    """
    complained = facts.complaint_open and facts.stage in IN_FORCE
    return _step_waits_for(facts) or (R.COUNTY_REVIEWER if complained else None)


def _step_waits_for(facts: Facts) -> Role | None:
    if facts.tekun is not None and (facts.stage is S.ACTIVE or facts.tekun.end_until):
        return _support_waits_for(facts, facts.tekun)
    match facts.stage:
        case S.APPLIED if facts.scheme is Scheme.TEMPORARY and facts.urgent:
            return _emergency_waits_for(facts)
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
        case S.EXITED if facts.leaving and facts.leaving.granted_fen and not facts.leaving.paid:
            return R.TOWNSHIP_OFFICER
    return None


def _support_waits_for(facts: Facts, own: TekunFacts) -> Role | None:
    """特困 in payment: a notice of ending hangs until its day; changed care is assessed, a wish asked, then decided."""
    if facts.stage not in RUNNING:
        return None
    if own.end_until:
        return _confirmer(facts) if own.end_held and facts.living else None
    if own.assess_by or own.to_ask or (own.changed and facts.finding is None):
        return R.TOWNSHIP_OFFICER
    return _confirmer(facts) if own.changed else None


def _emergency_waits_for(facts: Facts) -> Role:
    """The township's approver pays first; where the township may pay nothing, its officer passes the case on."""
    return R.TOWNSHIP_OFFICER if facts.township_limit_fen is None else R.TOWNSHIP_APPROVER


def _approval_waits_for(facts: Facts) -> Role:
    missing_visit = c.county_must_visit(facts) and not facts.county_visited
    asked = not (facts.urgent and facts.scheme is Scheme.TEMPORARY)
    missing_opinion = asked and facts.authority is not Authority.TOWNSHIP and not facts.county_opinion
    if missing_visit or missing_opinion:
        return R.COUNTY_REVIEWER
    if facts.former.second_notice and not facts.former.second_held and facts.opinion and facts.opinion.grants:
        return R.TOWNSHIP_OFFICER if facts.authority is Authority.TOWNSHIP else R.COUNTY_REVIEWER
    return _confirmer(facts)


def _confirmer(facts: Facts) -> Role:
    return R.TOWNSHIP_APPROVER if facts.authority is Authority.TOWNSHIP else R.COUNTY_APPROVER
