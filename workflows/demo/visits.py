"""The quarter's visits: planned for every family in payment, some made, a few of the last quarter still owed."""

from datetime import date, timedelta
from types import SimpleNamespace

from policy.vocabulary import IN_FORCE, Change, Scheme, VisitKind
from workflows.demo.case import Case
from workflows.demo.dice import Weighted
from workflows.demo.families import Family
from workflows.demo.moves import STABLE_FOUND, World
from workflows.visiting import quarter_of

CHANGES = Weighted(
    {Change.INCOME: 5, Change.PEOPLE: 3, Change.HEALTH: 3, Change.WORK: 3, Change.HOUSING: 1, Change.PROPERTY: 1}
)
FOUND_CHANGED = {
    Change.INCOME: "收入有变化，需要复核。",
    Change.PEOPLE: "家庭人口有变化，需要复核。",
    Change.HEALTH: "户主住院治疗，身体状况变差。",
    Change.WORK: "有成员外出务工。",
    Change.HOUSING: "住房正在修缮。",
    Change.PROPERTY: "新购置电动三轮车一辆。",
}
NOBODY_HOME = "家中无人，邻居反映外出赶场。"
LAST_QUARTER_OWED, LAST_QUARTER_DONE, DONE_IN_WHOLE_QUARTER, FOLLOWED_UP = 0.03, 0.5, 0.75, 0.02
SETTLED_DAYS = 60
"""A family that came to the panel later than this before a quarter was not yet on that quarter's list."""


def visits_of(world: World, family: Family, cases: list[Case], nth: int | None) -> list[SimpleNamespace]:
    """The visits that the quarters ask for, and now and then a follow-up; none for a family that is not in payment.

    ``nth``: among the families to try, some are sure to have a visit overdue, or one due these days.
    """
    case = next((c for c in cases if c.row.scheme is Scheme.DIBAO and c.stage in IN_FORCE), None)
    figure = world.terms.figures.find("visit.per_quarter", place=family.township, on=world.terms.on)
    if case is None or figure is None:
        return []
    here_since, luck = case.row.created_at.date(), world.dice.random()
    if nth is not None and nth % 3 == 0:
        luck = 0.0
    visits = [*_last_quarter(world, family, here_since, luck), _this_quarter(world, family, here_since)]
    if world.dice.chance(FOLLOWED_UP) or (nth is not None and nth % 4 == 1):
        due_on = world.terms.on + timedelta(days=world.dice.between(-2, 6))
        visits.append(_planned(VisitKind.FOLLOW_UP, due_on))
    return visits


def _last_quarter(world: World, family: Family, here_since: date, luck: float) -> list[SimpleNamespace]:
    first = quarter_of(world.terms.on)[0]
    if here_since >= first - timedelta(days=SETTLED_DAYS):
        return []
    begun, over = quarter_of(first - timedelta(days=1))
    if luck < LAST_QUARTER_OWED:
        return [_planned(VisitKind.QUARTERLY, over)]
    done = luck < LAST_QUARTER_OWED + LAST_QUARTER_DONE
    return [_made(world, family, over, max(begun, here_since), over)] if done else []


def _this_quarter(world: World, family: Family, here_since: date) -> SimpleNamespace:
    (first, last), until = quarter_of(world.terms.on), world.terms.ago(1)
    passed = (world.terms.on - first).days / ((last - first).days + 1)
    since = max(first, here_since)
    if (until - since).days > 1 and world.dice.chance(passed * DONE_IN_WHOLE_QUARTER):
        return _made(world, family, last, since, until)
    return _planned(VisitKind.QUARTERLY, last)


def _planned(kind: VisitKind, due_on: date) -> SimpleNamespace:
    return SimpleNamespace(
        kind=kind, due_on=due_on, done_on=None, met="", at_home=True, consistent=None, found="", created_by=None,
        visitors=(), data=None, changes=(),
    )  # fmt: skip


def _made(world: World, family: Family, due_on: date, since: date, until: date) -> SimpleNamespace:
    """A quarterly visit made on a working day between two days."""
    dice, who = world.dice, world.field(family)
    day = world.terms.shift(since, dice.between(0, 60))
    day = day if day <= until else max(since, world.terms.shift(until, -1))
    at_home = dice.chance(0.94)
    changes = (dice.drawn(CHANGES),) if at_home and dice.chance(0.07) else ()
    found = FOUND_CHANGED[changes[0]] if changes else dice.one(STABLE_FOUND) if at_home else NOBODY_HOME
    return SimpleNamespace(
        kind=VisitKind.QUARTERLY, due_on=due_on, done_on=day, met=family.head.name if at_home else "",
        at_home=at_home, consistent=not changes if at_home else None, found=found, created_by=who.id,
        visitors=world.went(family, who, dice.between(1, 2)), data=None, changes=changes,
    )  # fmt: skip
