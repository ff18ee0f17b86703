"""Two processes calculate a county anew: they find what one finds, and a dead helper costs no family."""

from collections import deque

import pytest

from policy.figures import Figures, MissingFigure
from tests import factories
from tests.workflows.recalculating import HIGHER, MONTH, County
from workflows import reckoning
from workflows.reckoning_helper import DEAD, WORKING, Helper
from workflows.reckoning_slice import Assessor
from workflows.tallies import Plan


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reckoning, "SLICE", 2)
    monkeypatch.setattr(reckoning, "WORTH_A_PROCESS", 2)
    monkeypatch.setattr(reckoning.os, "cpu_count", lambda: 2)


def test_two_processes_find_what_one_finds(county: County, small_slices: None) -> None:
    for income in range(9):
        county.family(income * 50, 500, village=(factories.VILLAGE, factories.OTHER_VILLAGE)[income % 2])
    seen: list[tuple[int, int]] = []
    one = county.look(HIGHER, processes=1)
    two = county.look(HIGHER, processes=2, progress=lambda done, of: seen.append((done, of)))
    assert (two.total, two.townships, two.changes) == (one.total, one.townships, one.changes)
    assert seen[-1] == (9, 9)


def test_a_figure_missing_in_the_second_process_is_named(county: County, small_slices: None) -> None:
    for _ in range(8):
        county.family(0, 500)
    with pytest.raises(MissingFigure):
        county.look(Figures.of([]), processes=2)


class Dying:
    """A helper that takes two slices, answers none, and is killed."""

    def __init__(self) -> None:
        self.given = 0

    def give(self, part: object) -> bool:
        self.given += 1
        return self.given <= 2

    def take(self, wait: bool) -> object:
        return DEAD if wait else WORKING


def test_what_a_dead_helper_left_is_done_here(county: County) -> None:
    ids = [county.family(100, 500) for _ in range(7)]
    assessor = Assessor(MONTH, [Plan(HIGHER)], None)
    slices = deque(ids[n : n + 2] for n in range(0, 7, 2))
    parts = county.read(lambda session: list(reckoning._with_help(session, slices, assessor, Dying())))
    assert sorted(c.benefit_id for [part], _ in parts for c in part.changes) == ids


def test_a_helper_killed_at_work_costs_no_family(county: County, small_slices: None, monkeypatch) -> None:
    ids = [county.family(100, 500) for _ in range(9)]
    give = Helper.give

    def killing(self: Helper, what: object) -> bool:
        given = give(self, what)
        if isinstance(what, list):
            self.process.kill()
        return given

    monkeypatch.setattr(Helper, "give", killing)
    assert sorted(c.benefit_id for c in county.look(HIGHER).changes) == ids
