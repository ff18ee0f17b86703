"""What happens in a family of three, for tests of events: tell it, have it refused, look who is there."""

from datetime import datetime

from sqlalchemy import select

from models import HouseholdTask, Member
from policy.vocabulary import Happening, Relation, Role
from tests import factories
from tests.workflows import refusals
from tests.workflows.driver import FIGURES, Driver
from workflows import household_events
from workflows.actor import Actor
from workflows.household_event_input import Happened

NEIGHBOUR = "511526100202"
H, R = Happening, Relation
NOW = datetime(2026, 3, 2, 9)
ELSEWHERE = Actor(None, "赵", Role.TOWNSHIP_OFFICER, factories.XIAOER)


def family(session) -> Driver:
    """A family of head, spouse and son, and the people of the office."""
    driver = Driver(session, NOW, persons=3)
    head, spouse, son = driver.home.members
    head.relation, spouse.relation, son.relation = R.HEAD, R.SPOUSE, R.SON
    session.flush()
    return driver


def happen(d, kind, home=None, on=None, actor=None, **given):
    happened = Happened(kind, on or d.day(), given.pop("words", "群众来办理"), **given)
    return household_events.happen(
        d.session, home or d.home, happened, actor or d.actor(Role.TOWNSHIP_OFFICER), d.now, FIGURES
    )


def refused(d, kind, **given) -> list[str]:
    return refusals.refused(happen, d, kind, **given)


def present(home) -> list[Member]:
    return [m for m in home.members if m.present]


def heads(home) -> list[str]:
    return [m.name for m in present(home) if m.relation is R.HEAD]


def tasks(d, *, done=False) -> list[HouseholdTask]:
    query = select(HouseholdTask).order_by(HouseholdTask.id)
    return [task for task in d.session.scalars(query) if (task.done_on is not None) is done]
