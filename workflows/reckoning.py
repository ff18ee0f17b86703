"""The work of a recalculation: slices of cases, read and assessed here and in a second process at the same time."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from policy.assess import assess
from policy.book import Book
from policy.family import Family, Person
from policy.figures import MissingFigure
from policy.finding import Finding
from policy.people import is_severe
from policy.vocabulary import Illness, Outcome, Stage
from workflows.assessing import families
from workflows.comparing import Standing, compared
from workflows.reckoning_helper import DEAD, WORKING, Helper
from workflows.tallies import Plan, Preview

SLICE = 500
WORTH_A_PROCESS = 3_000
"""A second process takes about as long to start as so many families take to assess."""
AHEAD = 2
AGES = ("age.adult", "age.elderly")
Parts = tuple[list[Preview], int]


class Desk:
    """Books of each plan by place, opened once: what a process needs to assess one family after another."""

    def __init__(self, on: date, plans: Sequence[Plan], base: Plan | None) -> None:
        self.on, self.plans, self.base = on, plans, base
        self._books: dict[tuple[int, str], Book] = {}
        self._ages: dict[str, tuple[int, int]] = {}

    def assess(self, family: Family, plan: int) -> Finding:
        """The finding by a plan; −1 is the base."""
        book = self._books.get((plan, family.place))
        chosen = self.plans[plan] if plan >= 0 else self.base
        assert chosen is not None
        if book is None:
            book = Book.open(chosen.figures, family.place, self.on, chosen.trial)
            self._books[plan, family.place] = book
        return assess(family, chosen.figures, book)

    def classes(self, family: Family) -> dict[str, int]:
        """How many of the family's people are of which class (分类施保 by age, severe disability, major illness)."""
        found: dict[str, int] = {}
        for person in family.members:
            for name in self._classes(person, family.place):
                found[name] = found.get(name, 0) + 1
        return found

    def _classes(self, person: Person, place: str) -> Iterator[str]:
        age = person.age(self.on)
        adult, elderly = self._age_limits(place)
        if age is not None and age >= elderly:
            yield "elderly"
        elif age is not None and age < adult:
            yield "minor"
        if is_severe(person):
            yield "severe_disability"
        if person.illness is Illness.MAJOR:
            yield "major_illness"

    def _age_limits(self, place: str) -> tuple[int, int]:
        if place not in self._ages:
            adult, elderly = (self.plans[0].figures.get(key, place=place, on=self.on) for key in AGES)
            self._ages[place] = adult.whole, elderly.whole
        return self._ages[place]


def reckon(
    session: Session, ids: Sequence[int], on: date, plans: Sequence[Plan], base: Plan | None, processes: int = 2
) -> Iterator[Parts]:
    """Previews of one slice after another, in any order, with how many cases each holds; raises MissingFigure."""
    desk = Desk(on, plans, base)
    slices = deque(ids[start : start + SLICE] for start in range(0, len(ids), SLICE))
    url = session.get_bind().engine.url
    alone = processes < 2 or len(ids) < WORTH_A_PROCESS or (os.cpu_count() or 1) < 2 or _in_memory(url)
    if alone:
        for part in slices:
            yield slice_of(session, part, desk), len(part)
        return
    with Helper(url.render_as_string(hide_password=False), on, plans, base) as helper:
        yield from _with_help(session, slices, desk, helper)


def _with_help(session: Session, slices: deque[Sequence[int]], desk: Desk, helper: Helper) -> Iterator[Parts]:
    """The helper works from the front, this process from the back; what a dead helper left is done here."""
    given: deque[Sequence[int]] = deque()
    while slices or given:
        while slices and len(given) < AHEAD and helper.give(slices[0]):
            given.append(slices.popleft())
        if slices:
            part = slices.pop()
            yield slice_of(session, part, desk), len(part)
        while given and (answer := helper.take(wait=not slices)) is not WORKING:
            if answer is DEAD:
                slices.extend(given)
                given.clear()
            else:
                yield _told(answer), len(given.popleft())


def _told(answer: Any) -> list[Preview]:
    if isinstance(answer, tuple):
        raise MissingFigure(*answer)
    found: list[Preview] = answer
    return found


def slice_of(session: Session, ids: Sequence[int], desk: Desk) -> list[Preview]:
    """Previews of some cases, one for each plan."""
    found = [Preview(desk.on, "") for _ in desk.plans]
    standing = Standing(session, ids)
    for case, family in families(session, ids, desk.on, chunk=SLICE):
        known, special = standing.knows(case, family), case.id in standing.special
        people = desk.classes(family)
        base = desk.assess(family, -1) if desk.base and known else None
        for plan, preview in enumerate(found):
            finding = desk.assess(family, plan) if known else None
            if case.stage != Stage.REFUSED or _let_in(finding, base):
                preview.add(compared(case, finding, base, special), people)
    return found


def _let_in(finding: Finding | None, base: Finding | None) -> bool:
    """Whether a family that was refused fits the new figures, and does not fit the old ones."""
    fits = finding is not None and finding.outcome is Outcome.ELIGIBLE
    return fits and not (base is not None and base.outcome is Outcome.ELIGIBLE)


def _in_memory(url: Any) -> bool:
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")
