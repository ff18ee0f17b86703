"""A decision beside its calculation: it follows the rules, or says why it does not (一事一议)."""

from dataclasses import replace
from typing import Any

from policy.clauses import NEW_RULES
from policy.vocabulary import CLASSES, Action, Outcome, Scheme, Stage
from workflows.actor import Actor
from workflows.facts import Facts, Given
from workflows.inputs import InputCheck
from workflows.reason import LEAST_WORDS, Reason

A = Action
RESTS_ON_IT = frozenset({
    A.GIVE_OPINION, A.POST_NOTICE, A.SUBMIT_REFUSAL, A.COUNTY_OPINION, A.CONFIRM, A.REFUSE, A.KEEP, A.RAISE, A.CUT,
    A.START_GRACE, A.SUSPEND, A.EXIT, A.PAY_FIRST, A.CHANGE_SUPPORT, A.POST_END_NOTICE,
})  # fmt: skip
"""Steps that rest on the calculation of their round: their event names it."""


def calculated(facts: Facts, actor: Actor) -> Reason | None:
    """A calculation of the present facts was stored in this round, so that the decision can follow it."""
    if facts.finding is None:
        return Reason("not_calculated")
    if facts.finding.former_rule:
        return Reason("calculation_by_former_rule", since=NEW_RULES)
    return Reason("calculation_stale") if facts.finding.stale else None


def amount_as_calculated(facts: Facts, given: Given) -> Reason | None:
    """The amount is the calculated one; another needs a recorded decision on the single case (一事一议)."""
    if facts.finding is None or given.amount_fen is None or given.grants is False:
        return None
    return None if given.amount_fen == facts.finding.payable_fen else _special(facts, given)


def kept_as_calculated(facts: Facts, given: Given) -> Reason | None:
    """What is kept is what the calculation comes to; else a recorded decision on the single case (一事一议)."""
    if facts.finding is None:
        return None
    kept = facts.finding.outcome is Outcome.ELIGIBLE and facts.monthly_fen == facts.finding.payable_fen
    return None if kept else _special(facts, given)


def grace_as_calculated(facts: Facts, given: Given) -> Reason | None:
    """The calculation allows a grace period; else a recorded decision on the single case (一事一议)."""
    if facts.finding is None:
        return None
    return None if facts.finding.outcome is Outcome.GRACE else _special(facts, given)


def once_as_calculated(facts: Facts, given: Given) -> Reason | None:
    """The one-off amount is the calculated one; another needs a recorded decision on the single case (一事一议)."""
    if facts.finding is None or given.amount_fen is None or given.grants is False:
        return None
    return None if given.amount_fen == facts.finding.payable_once_fen else _special(facts, given)


def verdict_as_calculated(facts: Facts, given: Given) -> Reason | None:
    """An opinion in favour follows the calculation; otherwise a recorded decision on the single case (一事一议)."""
    return confirmed_as_calculated(facts, given) if given.grants else None


def confirmed_as_calculated(facts: Facts, given: Given) -> Reason | None:
    """What is recognised is what the calculation says; else a recorded decision on the single case (一事一议)."""
    if facts.finding is None or facts.finding.outcome is Outcome.ELIGIBLE:
        return None
    return _special(facts, given)


AS_CALCULATED: tuple[InputCheck, ...] = (
    amount_as_calculated, kept_as_calculated, grace_as_calculated, once_as_calculated, verdict_as_calculated,
    confirmed_as_calculated,
)  # fmt: skip


def told_special(inputs: tuple[InputCheck, ...], facts: Facts, given: Given) -> dict[str, Any]:
    """What the event keeps of a decision on the single case; nothing where the decision follows the calculation."""
    plain = replace(given, special="")
    if facts.finding is None or not any(check(facts, plain) for check in inputs if check in AS_CALCULATED):
        return {}
    told = {"reason": given.special.strip(), "clause": given.special_clause.strip()}
    return {"special_decision": {**told, "calculated_fen": _calculated_fen(facts)}}


def _calculated_fen(facts: Facts) -> int:
    """What the calculation pays (分): once under temporary aid, else each month."""
    assert facts.finding is not None
    temporary = facts.scheme is Scheme.TEMPORARY
    return facts.finding.payable_once_fen if temporary else facts.finding.payable_fen


def suggested(facts: Facts) -> Action | None:
    """The decision of a recheck that its calculation leads to; None elsewhere, or before it tells anything."""
    found = facts.finding
    if facts.stage is not Stage.RECHECK or found is None or found.outcome is Outcome.INCOMPLETE:
        return None
    if facts.scheme in CLASSES:
        return A.KEEP if found.outcome is Outcome.ELIGIBLE else A.EXIT
    if found.outcome is Outcome.GRACE:
        return A.START_GRACE
    if not found.payable_fen:
        return A.POST_END_NOTICE if facts.tekun and not facts.tekun.end_held else A.EXIT
    if found.payable_fen == facts.monthly_fen:
        return A.KEEP
    return A.RAISE if found.payable_fen > facts.monthly_fen else A.CUT


def _special(facts: Facts, given: Given) -> Reason | None:
    assert facts.finding is not None
    if len(given.special.strip()) >= LEAST_WORDS and given.special_clause.strip():
        return None
    return Reason("special_missing", calculated=_calculated_fen(facts), outcome=facts.finding.outcome)
