"""Whether a decision would rest on a calculation of other facts than those on file now; asked only where one must."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Finding
from policy.clauses import NEW_RULES
from policy.vocabulary import Action, Scheme
from workflows.assessing import families
from workflows.calculated import calculated
from workflows.calculating import same_facts
from workflows.checks_temporary import calculated_unless_urgent
from workflows.facts import Facts
from workflows.machine import rules_of

ASKED_BY = frozenset({calculated, calculated_unless_urgent})
"""Checks that ask for a calculation; a step without one rests on none."""

OF_NEW_RULES = frozenset({Scheme.DIBAO, Scheme.TEKUN})
"""Schemes whose national rule was replaced by 民发〔2021〕57号 and 43号."""


def as_of_now(session: Session, benefit: Benefit, facts: Facts, action: Action, on: date) -> Facts:
    """The facts, the calculation marked where the family's facts or the national rule changed since; few statements."""
    rule = next((rule for rule in rules_of(facts.scheme, facts.stage) if rule.action is action), None)
    if facts.finding is None or rule is None or not ASKED_BY & set(rule.checks):
        return facts
    told, at = session.execute(select(Finding.facts, Finding.at).where(Finding.id == facts.finding.id)).one()
    if facts.scheme in OF_NEW_RULES and at.date() < NEW_RULES <= on:
        return replace(facts, finding=replace(facts.finding, former_rule=True))
    if not told or all(same_facts(told, family) for _, family in families(session, [benefit.id], on)):
        return facts
    return stale(facts)


def stale(facts: Facts) -> Facts:
    """The facts with their calculation marked as one of other facts."""
    return replace(facts, finding=replace(facts.finding, stale=True)) if facts.finding else facts
