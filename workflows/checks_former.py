"""What the rule of a case's own day asks beside the present one: democratic review, the county's own notice."""

from policy.vocabulary import Authority, Role
from workflows.actor import Actor
from workflows.facts import Facts, Given
from workflows.reason import Reason


def meeting_held(facts: Facts, actor: Actor) -> Reason | None:
    """The democratic review was held, if the rule of the day requires one (民发〔2012〕220号)."""
    lacking = facts.former.meeting_asked and not facts.former.meeting_held
    return Reason("review_meeting_missing") if lacking else None


def meeting_called_for(facts: Facts, actor: Actor) -> Reason | None:
    """A democratic review is held if the rule of the day requires one, otherwise only after an objection."""
    called = facts.former.meeting_asked or facts.former.disputed
    return None if called else Reason("review_meeting_not_asked")


def second_notice_held(facts: Facts, actor: Actor) -> Reason | None:
    """The county's own notice has been posted, if the rule of the day requires a second one (民发〔2012〕220号)."""
    lacking = facts.former.second_notice and not facts.former.second_held
    return Reason("second_notice_missing") if lacking else None


def second_notice_due(facts: Facts, actor: Actor) -> Reason | None:
    """A second notice is posted once, if the rule of the day requires one."""
    if not facts.former.second_notice:
        return Reason("second_notice_not_asked")
    return Reason("second_notice_was_held") if facts.former.second_held else None


def posted_by_who_confirms(facts: Facts, actor: Actor) -> Reason | None:
    """The second notice is posted at the level that confirms."""
    needed = Role.TOWNSHIP_OFFICER if facts.authority is Authority.TOWNSHIP else Role.COUNTY_REVIEWER
    return None if actor.role is needed else Reason("second_notice_by", role=needed)


def meeting_told(facts: Facts, given: Given) -> Reason | None:
    """Who attended, how many of them were delegates (民发〔2012〕220号: at least two thirds), and what came of it."""
    if given.day is not None and given.day > facts.on:
        return Reason("day_in_future", day=given.day)
    if not given.present or given.delegates is None or given.delegates > given.present:
        return Reason("review_meeting_numbers")
    least = facts.former.delegates_of_three
    if least is not None and given.delegates * 3 < given.present * least:
        return Reason("review_meeting_delegates", present=given.present, delegates=given.delegates)
    return Reason("verdict_missing") if given.grants is None else None
