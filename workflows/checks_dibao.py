"""What must be true, and given, when a family leaves 低保 by its own wish: exit money, and taking the leaving back."""

from policy.calendar import month_after
from policy.vocabulary import Role
from workflows import checks as c
from workflows.actor import CONFIRMERS, Actor
from workflows.facts import Facts, Given
from workflows.facts_dibao import LeavingFacts
from workflows.reason import Reason

OFFICER = (Role.TOWNSHIP_OFFICER,)


def own(facts: Facts) -> LeavingFacts:
    """What is known of leaving; nothing of a case that knows none."""
    return facts.leaving or LeavingFacts()


def recorded_by(facts: Facts, actor: Actor) -> Reason | None:
    """The township officer records the leaving; where the place gives exit money, the confirmer decides on it."""
    if own(facts).months:
        return c.confirmer_has_authority(facts, actor)
    return Reason("officer_records", roles=OFFICER) if actor.role in CONFIRMERS else None


def exit_money_told(facts: Facts, given: Given) -> Reason | None:
    """Where the place pays exit money, its months are stated: none, or within the place's; elsewhere there is none."""
    span = own(facts).months
    if span is None:
        return Reason("no_exit_money_here") if given.months else None
    fits = given.months is not None and (given.months == 0 or span[0] <= given.months <= span[1])
    return None if fits else Reason("exit_money_months", least=span[0], most=span[1])


def left_by_own_wish(facts: Facts, actor: Actor) -> Reason | None:
    """The family left by its own wish."""
    return None if own(facts).left_on else Reason("not_left")


def still_this_month(facts: Facts, actor: Actor) -> Reason | None:
    """The month of leaving is not over: no month's aid was missed."""
    left = own(facts).left_on
    over = left is not None and facts.on >= month_after(left)
    return Reason("leaving_in_force", day=left) if over else None


def exit_money_unpaid(facts: Facts, actor: Actor) -> Reason | None:
    """No exit money was paid."""
    return Reason("exit_money_paid") if own(facts).paid else None


def exit_money_waits(facts: Facts, actor: Actor) -> Reason | None:
    """Exit money was granted."""
    return None if own(facts).granted_fen else Reason("no_exit_money")
