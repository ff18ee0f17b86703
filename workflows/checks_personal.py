"""What must be true, and given, where one person is entitled: subsidies for disabled people, children's money."""

from policy.vocabulary import ParentKind
from workflows.actor import Actor
from workflows.facts import Facts, Given
from workflows.reason import Reason


def parents_found_out(facts: Facts, actor: Actor) -> Reason | None:
    """The township found out why neither parent raises the child (民发〔2019〕62号 二(二))."""
    told = facts.personal.parents if facts.personal else frozenset()
    missing = tuple(kind for kind in ParentKind if kind not in told)
    return Reason("parents_not_found_out", parents=missing) if missing else None


def child_seen(facts: Facts, actor: Actor) -> Reason | None:
    """Somebody from the township or village has seen the child in this round."""
    return None if facts.visited else Reason("child_not_seen")


def came_of_age(facts: Facts, actor: Actor) -> Reason | None:
    """The last day before coming of age has passed."""
    until = facts.personal.valid_until if facts.personal else None
    over = until is not None and facts.on > until
    return None if over else Reason("not_of_age", until=until)


def person_still_here(facts: Facts, actor: Actor) -> Reason | None:
    """The person is alive and in the household."""
    return None if facts.living else Reason("person_gone")


def parents_in_order(facts: Facts, given: Given) -> Reason | None:
    """A period stated for a parent has begun, and ends after it began."""
    for told in given.parents:
        if told.since is not None and told.since > facts.on:
            return Reason("day_in_future", day=told.since)
        if told.since is not None and told.until is not None and told.until < told.since:
            return Reason("parent_until_before_since", parent=told.kind)
    return None
