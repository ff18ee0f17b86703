"""Which day's rules an application follows, and what those ask of it."""

from datetime import date
from typing import Any, Protocol

from models import Benefit
from policy.clauses import NEW_RULES
from policy.figures import Figures
from policy.vocabulary import UNDECIDED, Action, Scheme, Stage
from workflows.facts_former import FormerFacts

DECIDES = frozenset({Action.CONFIRM, Action.REFUSE})


class Happened(Protocol):
    """What the events of a case tell for that."""

    disputed: bool
    meeting_held: bool
    second_held: bool
    drawn: bool


def rules_on(benefit: Benefit, on: date) -> date:
    """The day whose rules an application follows: that of its acceptance, for as long as it is undecided."""
    return benefit.accepted_on if benefit.accepted_on and benefit.stage in (*UNDECIDED, Stage.REFUSED) else on


def cited_on(benefit: Benefit, action: Action, from_stage: Stage | None, on: date) -> date:
    """The day whose rule a step names: a step of an undecided 低保 that of its acceptance, a decision that of its own.

    What is asked beside and by when goes on as it began; whether a family qualifies is decided by the rule in force.
    """
    accepted = benefit.accepted_on
    goes_on = benefit.scheme is Scheme.DIBAO and from_stage in UNDECIDED and action not in DECIDES
    return accepted if goes_on and accepted and accepted < on else on


def began_before(benefit: Benefit, action: Action, on: date) -> bool:
    """Whether an application was accepted under an earlier rule than the one by which it was decided on a day."""
    accepted = benefit.accepted_on
    decided = benefit.scheme is Scheme.DIBAO and action in DECIDES
    return decided and accepted is not None and accepted < NEW_RULES <= on


def former_facts(benefit: Benefit, now: Happened, figures: Figures, on: date) -> FormerFacts:
    """What the rule of the day of acceptance asks of an undecided application for 低保; nothing of any other case."""
    if benefit.scheme is not Scheme.DIBAO or benefit.stage not in UNDECIDED:
        return FormerFacts()
    where: dict[str, Any] = {"place": benefit.village_code, "on": rules_on(benefit, on)}
    meeting = figures.find("review_meeting.required", **where)
    delegates = figures.find("review_meeting.delegates_of_three", **where)
    return FormerFacts(
        meeting is not None and meeting.word == "yes", now.disputed, delegates.whole if delegates else None,
        now.meeting_held, figures.find("notice.county_days", **where) is not None, now.second_held, now.drawn,
    )  # fmt: skip
