"""What a county's paid cases would come to: each calculated anew from its own facts, against what it is paid now.

Nothing is written here. Families whose facts are not known (taken over from a roster without income) are told apart,
and whoever would be over the line keeps the amount: a recheck decides, not a sum.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Benefit
from policy.division_codes import is_township, is_village
from policy.family import Trial
from policy.figures import Figures
from policy.vocabulary import PAID, Scheme
from workflows import reckoning
from workflows.tallies import Plan, Preview

Progress = Callable[[int, int], None]


class Selection(NamedTuple):
    """Which cases: the paid ones of some schemes under a division code, and others by their numbers."""

    scope: str = ""
    """A village, a township; a county's own code or nothing for all of it."""
    schemes: Sequence[Scheme] = (Scheme.DIBAO,)
    also: Sequence[int] = ()
    """Refused cases that may be let in."""


COUNTY = Selection()


def preview(
    session: Session,
    figures: Figures,
    on: date,
    which: Selection = COUNTY,
    *,
    overrides: Trial | None = None,
    before: Figures | None = None,
    processes: int = 2,
    progress: Progress | None = None,
) -> Preview:
    """What these cases come to by the figures of a day.

    Compared with what each is paid, or, where ``before`` is given, with what it would come to by those figures.
    Raises MissingFigure with key, place and day.
    """
    base = None if before is None else Plan(before)
    plan = Plan(figures, overrides or {})
    return previews(session, [plan], on, which, base, processes=processes, progress=progress)[0]


def previews(
    session: Session,
    plans: Sequence[Plan],
    on: date,
    which: Selection = COUNTY,
    base: Plan | None = None,
    *,
    processes: int = 2,
    progress: Progress | None = None,
) -> list[Preview]:
    """The same for several plans at once, each family read once."""
    found = [Preview(on, which.scope) for _ in plans]
    ids = [*session.scalars(paid(which)), *which.also]
    done = 0
    for parts, size in reckoning.reckon(session, ids, on, plans, base, processes):
        for whole, part in zip(found, parts, strict=True):
            whole.join(part)
        done += size
        if progress:
            progress(done, len(ids))
    for whole in found:
        whole.changes.sort(key=lambda change: (change.township_code, change.benefit_id))
    return found


def paid(which: Selection = COUNTY) -> Select[Any]:
    """The numbers of the paid cases of a selection, township after township."""
    query = select(Benefit.id).where(Benefit.scheme.in_(which.schemes), Benefit.stage.in_(PAID))
    if is_village(which.scope):
        query = query.where(Benefit.village_code == which.scope)
    elif is_township(which.scope):
        query = query.where(Benefit.township_code == which.scope)
    return query.order_by(Benefit.township_code, Benefit.id)
