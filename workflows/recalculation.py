"""What a county's paid cases would come to: each calculated anew from its own facts, against what it is paid now.

Nothing is written here. Families whose facts are not known (taken over from a roster without income) are told apart,
and whoever would be over the line keeps the amount: a recheck decides, not a sum.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Benefit
from policy.family import Trial
from policy.figures import Figures
from policy.vocabulary import PAID, Scheme
from workflows import reckoning
from workflows.tallies import Plan, Preview

Progress = Callable[[int, int], None]


def preview(
    session: Session,
    figures: Figures,
    on: date,
    scope: str = "",
    overrides: Trial | None = None,
    before: Figures | None = None,
    *,
    schemes: Sequence[Scheme] = (Scheme.DIBAO,),
    processes: int = 2,
    progress: Progress | None = None,
) -> Preview:
    """What the paid cases of some schemes under a division code ("" is the county) come to by the figures of a day.

    Compared with what each is paid, or, where ``before`` is given, with what it would come to by those figures.
    Raises MissingFigure with key, place and day.
    """
    base = None if before is None else Plan(before)
    plan = Plan(figures, overrides or {})
    return previews(session, [plan], on, scope, base, schemes=schemes, processes=processes, progress=progress)[0]


def previews(
    session: Session,
    plans: Sequence[Plan],
    on: date,
    scope: str = "",
    base: Plan | None = None,
    *,
    schemes: Sequence[Scheme] = (Scheme.DIBAO,),
    also: Sequence[int] = (),
    processes: int = 2,
    progress: Progress | None = None,
) -> list[Preview]:
    """The same for several plans at once, each family read once; ``also``: refused cases that may be let in."""
    found = [Preview(on, scope) for _ in plans]
    ids = [*session.scalars(paid(scope, schemes)), *also]
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


def paid(scope: str = "", schemes: Sequence[Scheme] = (Scheme.DIBAO,)) -> Select[Any]:
    """The numbers of the cases of some schemes that are paid under a division code, township after township."""
    query = select(Benefit.id).where(Benefit.scheme.in_(schemes), Benefit.stage.in_(PAID))
    if len(scope) == 12:
        query = query.where(Benefit.village_code == scope)
    elif len(scope) == 9:
        query = query.where(Benefit.township_code == scope)
    return query.order_by(Benefit.township_code, Benefit.id)
