"""Makes the sample county: as many families as asked for, the same for the same seed and day on either engine."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Base, County, Household, guards
from policy.calendar import add_months
from policy.vocabulary import IN_FORCE, LeaveReason, Relation, Scheme, Sex
from workflows import audit, county_figures, desk
from workflows.actor import SYSTEM
from workflows.demo import applying, paying, stories
from workflows.demo.case import Case
from workflows.demo.dice import Dice
from workflows.demo.divisions import VILLAGES, XIAOER, XUNCHANG, make_office, villages
from workflows.demo.entered import enter
from workflows.demo.families import Family, family
from workflows.demo.loading import Sheets, roomy
from workflows.demo.moves import World
from workflows.demo.people import given_name, person
from workflows.demo.rows import first_day, put_case, put_family, put_relative, put_visit
from workflows.demo.terms import Terms
from workflows.demo.told import tell_all
from workflows.demo.visits import visits_of
from workflows.reason import Reason, Refused

SAMPLE_HOUSEHOLDS, SAMPLE_SEED = 300, 1
BATCH = 2_000
WITH_FINDINGS = 1_000
"""So many families keep the calculations of their past decisions too; of a large county they would fill the disk."""
OPEN_MONTHS = 17
"""How long ago the county began: longer than any of its stories."""
EARLIEST = date(2016, 1, 1)
"""Before it, the figures do not reach back to where the stories begin."""

Progress = Callable[[int, int], None]


class Filled(NamedTuple):
    """What was made."""

    households: int
    members: int
    cases: int


def fill_sample(session: Session, now: datetime) -> Filled:
    """The county of a first start: a few hundred families, today. Commits."""
    made = fill(session, households=SAMPLE_HOUSEHOLDS, seed=SAMPLE_SEED, on=now.date(), now=now)
    tell_all(session, county_figures.read(session), now.date())
    session.commit()
    return made


def fill(
    session: Session,
    *,
    households: int,
    seed: int,
    on: date,
    now: datetime,
    empty: bool = False,
    replace_sample: bool = False,
    progress: Progress | None = None,
) -> Filled:
    """Fill a database with a county as it would stand on a day; all or nothing. Commits.

    ``empty``: divisions and logins alone. Raises Refused for a day before EARLIEST, and when there is a county
    already; the sample's own is replaced where ``replace_sample`` says so, another one never.
    """
    check(session, on, replace_sample)
    if session.scalar(select(County.code)):
        clear(session)
    audit.attribute(session, replace(SYSTEM, channel="cli"), now)
    began = add_months(on, -OPEN_MONTHS).replace(day=1)
    office = make_office(session, began, now)
    made = Filled(0, 0, 0)
    if not empty:
        figures = enter(session, office, began, on)
        audit.attribute(session, replace(SYSTEM, channel="cli"), now)
        roomy(session)
        made = _families(session, World(Dice(seed), Terms(figures, on), office), households, progress)
        desk.recount(session)
    session.commit()
    return made


def check(session: Session, on: date, replace_sample: bool) -> None:
    """Raise Refused unless the database is empty, or holds the sample and may lose it, and figures reach the day."""
    if on < EARLIEST:
        raise Refused([Reason("demo_day", first=EARLIEST, on=on)])
    county = session.scalar(select(County))
    if county is None and session.scalar(select(Household.id).limit(1)) is None:
        return
    if county is None or not county.sample:
        raise Refused([Reason("not_the_sample", county=county.name if county else "")])
    if not replace_sample:
        raise Refused([Reason("sample_exists", county=county.name)])


def clear(session: Session) -> None:
    """Take every row of the sample out, its history too, in the caller's transaction."""
    session.expunge_all()
    connection = session.connection()
    guards.drop(connection)
    for table in reversed(Base.metadata.sorted_tables):
        connection.execute(table.delete())
    guards.install(connection)


def _families(session: Session, world: World, households: int, progress: Progress | None) -> Filled:
    sheets, numbers, serial, members, cases = Sheets(session), _Numbers(), 0, 0, 0
    places = [code for code, _ in villages()]
    for n in range(households):
        village, story = _part(world.dice, n, places)
        made = family(world.dice, serial, world.terms.on, village)
        serial = made.spare + 1
        told = [case.settle() for case in story(world, made)]
        _put(sheets, world, numbers, made, told, n < WITH_FINDINGS)
        for visit in visits_of(world, made, told, n if n < len(SHOWN) else None):
            put_visit(sheets, made, visit)
        members, cases = members + len(made.people), cases + len(told)
        if (n + 1) % BATCH == 0 or n + 1 == households:
            sheets.write()
            if progress:
                progress(n + 1, households)
    sheets.finish()
    return Filled(households, members, cases)


# 巡场镇 shows what is waiting twice.
_TWICE = (
    applying.applied, applying.accepted, applying.surveyed_by_one, applying.without_opinion, applying.ready_for_notice,
    applying.on_notice, applying.awaiting, applying.awaiting_long, applying.review_overdue, paying.recheck_judged,
)  # fmt: skip
SHOWN = (*((XUNCHANG, story) for story in (*stories.STORIES, *_TWICE)), *((XIAOER, story) for story in stories.STORIES))
"""The first families: every story once in the two townships where most people will try it."""


def _part(dice: Dice, n: int, places: list[str]) -> tuple[str, stories.Story]:
    """Where the n-th family lives and what happens to it."""
    if n < len(SHOWN):
        township, story = SHOWN[n]
        return township + tuple(VILLAGES)[n % len(VILLAGES)], story
    return dice.one(places), dice.drawn(stories.DRAWN)


class _Numbers:
    """Case and certificate numbers, counted on by township and year."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def next(self, prefix: str) -> str:
        self.counted[prefix] += 1
        return f"{prefix}{self.counted[prefix]:05d}"


def _put(sheets: Sheets, world: World, numbers: _Numbers, made: Family, told: list[Case], whole: bool) -> None:
    began = world.terms.on - timedelta(days=world.dice.between(30, 400))
    created_at = first_day(made, told, began)
    if any(case.row.scheme is Scheme.DIBAO and case.stage in IN_FORCE for case in told):
        made.certificate_no = numbers.next(made.township)
    if told and told[0].row.taken_over and world.dice.chance(0.05):
        _past_member(world, made, told[0].row.applied_on)
    put_family(sheets, made, created_at)
    if made.near_relative:
        put_relative(sheets, made, add_months(world.terms.on, -OPEN_MONTHS), made.id)
    for case in told:
        put_case(sheets, case, numbers.next(f"{made.township}-{case.row.applied_on.year}-"), whole)


def _past_member(world: World, made: Family, until: date) -> None:
    """Somebody who belonged to the family and died or married before it came to the panel."""
    days = (until - made.registered_on).days
    if days < 60:
        return
    dice, died = world.dice, world.dice.chance(0.6)
    relation, age = (Relation.PARENT, min(made.head.age + 24, 97)) if died else (Relation.DAUGHTER, 24)
    name = made.head.name[0] + given_name(dice, Sex.FEMALE)
    who = person(dice, made.spare, world.terms.on, relation, Sex.FEMALE, age, name)
    why = LeaveReason.DEATH if died else LeaveReason.MARRIAGE
    who.left = made.registered_on + timedelta(days=dice.between(30, days)), why
    made.people.append(who)
