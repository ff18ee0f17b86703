"""Whom a benefit is paid for: the number follows a decision on a calculation, never an event of the family alone."""

from sqlalchemy.orm import Session

from models import Benefit, Finding
from policy.vocabulary import Action, Unit
from workflows.facts import Facts

RESTATED = frozenset({Action.CONFIRM, Action.KEEP, Action.RAISE, Action.CUT, Action.START_GRACE})
"""Decisions with which the number of persons is set anew."""


def persons_counted(session: Session, benefit: Benefit, facts: Facts) -> int:
    """How many people the calculation of this round counts; those who are there, where it does not say; at least one.

    民发〔2021〕57号 第七条: who serves a sentence, or is missing, is in the family and not counted.
    """
    if benefit.unit is Unit.SINGLE:
        return 1
    finding = session.get(Finding, facts.finding.id) if facts.finding else None
    counted = finding.result.get("persons") if finding else None
    return max(1, int(counted or facts.living))
