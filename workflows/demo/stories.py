"""Which stories the county's families live, and how many live each."""

from collections.abc import Callable

from workflows.demo import applying, paying, urgent
from workflows.demo.case import Case
from workflows.demo.dice import Weighted
from workflows.demo.families import Family
from workflows.demo.moves import World

Story = Callable[[World, Family], list[Case]]


def active_and_urgent(world: World, family: Family) -> list[Case]:
    return paying.taken_over(world, family) + urgent.urgent_done(world, family)


def nothing(world: World, family: Family) -> list[Case]:
    """Registered, and without a case."""
    return []


STORIES: dict[Story, float] = {
    paying.taken_over: 620,
    paying.active: 130,
    paying.recheck_begun: 10,
    paying.recheck_visited: 8,
    paying.recheck_judged: 8,
    paying.recheck_overdue: 3,
    paying.in_grace: 22,
    paying.resumed: 3,
    paying.suspended: 9,
    paying.taken_over_overdue: 6,
    paying.ended: 12,
    paying.grace_ended: 10,
    paying.left: 8,
    paying.died: 14,
    applying.applied: 8,
    applying.told_missing: 5,
    applying.partly_filed: 2,
    applying.accepted: 5,
    applying.accepted_long_ago: 2,
    applying.in_review: 4,
    applying.surveyed_by_one: 3,
    applying.sources_waiting: 4,
    applying.without_opinion: 4,
    applying.review_overdue: 3,
    applying.ready_for_notice: 3,
    applying.to_be_refused: 2,
    applying.on_notice: 10,
    applying.objected: 2,
    applying.awaiting: 6,
    applying.awaiting_long: 2,
    applying.complained: 1,
    applying.complaint_answered: 1,
    applying.near_relative: 1,
    applying.county_visited: 1,
    applying.refusal_proposed: 2,
    applying.sent_back: 1,
    applying.refused: 14,
    applying.refused_untold: 3,
    applying.withdrawn: 6,
    urgent.urgent_applied: 2,
    urgent.urgent_paid: 4,
    urgent.urgent_done: 12,
    urgent.urgent_debt: 3,
    urgent.urgent_refused: 2,
    active_and_urgent: 8,
    nothing: 15,
}
"""Every story with how many of a thousand families live it."""

DRAWN = Weighted(STORIES)
