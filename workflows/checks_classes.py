"""What must be true, and given, for families that are recognised for a term without monthly money."""

from workflows.actor import Actor
from workflows.facts import Facts, Given
from workflows.reason import Reason


def scheme_exists(facts: Facts, actor: Actor) -> Reason | None:
    """The scheme exists at this place on this day."""
    return None if facts.exists_here else Reason("scheme_not_here", scheme=facts.scheme)


def not_watched(facts: Facts, actor: Actor) -> Reason | None:
    """The family is put on the watch list once."""
    return Reason("watched_before") if facts.watched else None


def term_over(facts: Facts, actor: Actor) -> Reason | None:
    """The last day of the term has passed."""
    until = facts.classes.valid_until if facts.classes else None
    over = until is not None and facts.on > until
    return None if over else Reason("term_not_over", until=until)


def term_set_here(facts: Facts, actor: Actor) -> Reason | None:
    """The place defines how long such a recognition is valid."""
    return None if facts.classes and facts.classes.longest_months else Reason("term_unknown_here")


def verdict_said(facts: Facts, given: Given) -> Reason | None:
    """The opinion says yes or no."""
    return Reason("verdict_missing") if given.grants is None else None


def months_of_term(facts: Facts, given: Given) -> Reason | None:
    """The term is at least a month and no more than the place allows."""
    longest = (facts.classes.longest_months if facts.classes else None) or 0
    fits = given.months is not None and 1 <= given.months <= longest
    return None if fits else Reason("term_months", most=longest)


def day_ahead_given(facts: Facts, given: Given) -> Reason | None:
    """The day on which the family is looked at again, after today."""
    if given.day is None:
        return Reason("day_missing")
    return None if given.day > facts.on else Reason("day_not_ahead", day=given.day)
