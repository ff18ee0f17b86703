"""A round leads through every family of a village, however many there are, and finds every visit that is due."""

from datetime import date, timedelta

import pytest

from models import Visit
from policy.vocabulary import Role, Stage, VisitKind
from tests import factories
from workflows import rounds
from workflows.actor import Actor

TODAY = date(2026, 3, 2)
WORKER = Actor(None, "王", Role.VILLAGE_WORKER, factories.VILLAGE)


def family(session, group: int, due_in: int | None = None):
    home = factories.household(session, address=f"新胜村{group}组1号")
    factories.benefit(session, home, Stage.ACTIVE)
    if due_in is not None:
        visit(session, home, due_in)
    return home


def visit(session, home, due_in: int, done: bool = False):
    due = TODAY + timedelta(days=due_in)
    factories.keep(session, Visit(
        household=home, kind=VisitKind.QUARTERLY, due_on=due, done_on=TODAY if done else None,
        village_code=home.village_code, township_code=home.township_code,
    ))  # fmt: skip


@pytest.fixture
def few(session, monkeypatch):
    """Pages of two families in a small county."""
    monkeypatch.setattr(rounds, "MOST", 2)
    factories.places(session)
    return session


def walk(session, due_only=False, page=1):
    return rounds.stops(session, WORKER, factories.VILLAGE, TODAY, due_only, page)


def test_every_family_is_on_one_page_and_the_way_goes_on_from_page_to_page(few):
    fifth, third, second, fourth, first = (family(few, group) for group in (12, 3, 2, 4, 1))
    pages = [walk(few, page=n) for n in (1, 2, 3)]
    way = [stop.household for page in pages for stop in page.stops]
    assert way == [first, second, third, fourth, fifth]
    assert {(page.families, page.pages) for page in pages} == {(5, 3)}


@pytest.mark.parametrize(("asked", "given"), [(-1, 1), (0, 1), (3, 3), (4, 3), (99, 3)])
def test_a_page_that_is_not_there_is_the_nearest_one(few, asked, given):
    for group in range(5):
        family(few, group + 1)
    assert walk(few, page=asked).page == given


@pytest.mark.parametrize(("days", "shown"), [(-3, True), (7, True), (8, False)])
def test_a_visit_due_is_found_behind_any_number_of_families_without_one(few, days, shown):
    for group in range(4):
        family(few, group + 1)
    last = family(few, 9, days)
    found = walk(few, due_only=True)
    assert [stop.household for stop in found.stops] == ([last] if shown else [])
    assert (found.families, found.pages) == (int(shown), 1)


def test_the_next_visit_of_a_family_is_told_however_many_others_are_planned(few):
    home = family(few, 1, 3)
    for days in range(10, 16):
        visit(few, home, days)
    visit(few, home, -9, done=True)
    (stop,) = walk(few, due_only=True).stops
    assert stop.due_on == TODAY + timedelta(days=3)


def test_a_village_with_nobody_is_one_empty_page(few):
    found = walk(few)
    assert (found.stops, found.families, found.page, found.pages) == ([], 0, 1, 1)
