"""Whether a decision would rest on a calculation of other facts than those on file now; asked only where one must."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Finding
from policy.vocabulary import Action
from workflows.assessing import families
from workflows.calculated import calculated
from workflows.calculating import same_facts
from workflows.checks_temporary import calculated_unless_urgent
from workflows.facts import Facts
from workflows.machine import rules_of

ASKED_BY = frozenset({calculated, calculated_unless_urgent})
"""Checks that ask for a calculation; a step without one rests on none."""


def as_of_now(session: Session, benefit: Benefit, facts: Facts, action: Action, on: date) -> Facts:
    """The facts, with the calculation marked stale where the family's facts changed since; eight statements at most."""
    rule = next((rule for rule in rules_of(facts.scheme, facts.stage) if rule.action is action), None)
    if facts.finding is None or rule is None or not ASKED_BY & set(rule.checks):
        return facts
    told = session.scalar(select(Finding.facts).where(Finding.id == facts.finding.id))
    if not told or all(same_facts(told, family) for _, family in families(session, [benefit.id], on)):
        return facts
    return stale(facts)


def stale(facts: Facts) -> Facts:
    """The facts with their calculation marked as one of other facts."""
    return replace(facts, finding=replace(facts.finding, stale=True)) if facts.finding else facts
