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
LAST_QUARTER_OWED, LAST_QUARTER_DONE, DONE_IN_WHOLE_QUARTER = 0.03, 0.5, 0.75


def quarterly(world: World, family: Family, cases: list[Case]) -> list[SimpleNamespace]:
    """The visits that the quarters ask for; none for a family that is not in payment, or before the county's rule."""
    case = next((c for c in cases if c.row.scheme is Scheme.DIBAO and c.stage in IN_FORCE), None)
    figure = world.terms.figures.find("visit.per_quarter", place=family.township, on=world.terms.on)
    if case is None or figure is None:
        return []
    first, last = quarter_of(world.terms.on)
    visits = []
    if case.row.created_at.date() < first - timedelta(days=60):
        before = quarter_of(first - timedelta(days=1))
        luck = world.dice.random()
        if luck < LAST_QUARTER_OWED:
            visits.append(_planned(before[1]))
        elif luck < LAST_QUARTER_OWED + LAST_QUARTER_DONE:
            visits.append(_made(world, family, before[1], before[1]))
    passed = (world.terms.on - first).days / ((last - first).days + 1)
    since = max(first, case.row.created_at.date())
    ready = (world.terms.ago(1) - since).days > 1
    if ready and world.dice.chance(passed * DONE_IN_WHOLE_QUARTER):
        visits.append(_made(world, family, last, world.terms.ago(1), since))
    else:
        visits.append(_planned(last))
    return visits


def _planned(due_on: date) -> SimpleNamespace:
    return SimpleNamespace(
        kind=VisitKind.QUARTERLY, due_on=due_on, done_on=None, met="", at_home=True, consistent=None, found="",
        created_by=None, visitors=(), data=None, changes=(),
    )  # fmt: skip


def _made(world: World, family: Family, due_on: date, until: date, since: date | None = None) -> SimpleNamespace:
    """A visit made between a day (the quarter's first, without one) and another."""
    dice, who = world.dice, world.field(family)
    since = since or quarter_of(until)[0]
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
