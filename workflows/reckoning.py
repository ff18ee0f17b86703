"""The work of a recalculation: slices of cases, read and assessed here and in a second process at the same time."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from policy.figures import MissingFigure
from workflows.reckoning_helper import DEAD, WORKING, Helper
from workflows.reckoning_slice import Assessor, slice_of
from workflows.tallies import Plan, Preview

SLICE = 500
WORTH_A_PROCESS = 3_000
"""A second process takes about as long to start as so many families take to assess."""
AHEAD = 2
Parts = tuple[list[Preview], int]


def reckon(
    session: Session, ids: Sequence[int], on: date, plans: Sequence[Plan], base: Plan | None, processes: int = 2
) -> Iterator[Parts]:
    """Previews of one slice after another, in any order, with how many cases each holds; raises MissingFigure."""
    assessor = Assessor(on, plans, base)
    slices = deque(ids[start : start + SLICE] for start in range(0, len(ids), SLICE))
    url = session.get_bind().engine.url
    alone = processes < 2 or len(ids) < WORTH_A_PROCESS or (os.cpu_count() or 1) < 2 or _in_memory(url)
    if alone:
        for part in slices:
            yield slice_of(session, part, assessor), len(part)
        return
    with Helper(url.render_as_string(hide_password=False), on, plans, base) as helper:
        yield from _with_help(session, slices, assessor, helper)


def _with_help(session: Session, slices: deque[Sequence[int]], assessor: Assessor, helper: Helper) -> Iterator[Parts]:
    """The helper works from the front, this process from the back; what a dead helper left is done here."""
    given: deque[Sequence[int]] = deque()
    while slices or given:
        while slices and len(given) < AHEAD and helper.give(slices[0]):
            given.append(slices.popleft())
        if slices:
            part = slices.pop()
            yield slice_of(session, part, assessor), len(part)
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


def _in_memory(url: Any) -> bool:
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")
