"""Which day's rules an application follows, and what those ask of it."""

from datetime import date
from typing import Any, Protocol

from models import Benefit
from policy.figures import Figures
from policy.vocabulary import UNDECIDED, Scheme, Stage
from workflows.facts_former import FormerFacts


class Happened(Protocol):
    """What the events of a case tell for that."""

    disputed: bool
    meeting_held: bool
    second_held: bool
    drawn: bool


def rules_on(benefit: Benefit, on: date) -> date:
    """The day whose rules an application follows: that of its acceptance, for as long as it is undecided."""
    return benefit.accepted_on if benefit.accepted_on and benefit.stage in (*UNDECIDED, Stage.REFUSED) else on


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
