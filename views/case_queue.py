"""The cases that wait for the reader, in the order of the desk: overdue first, by due day, undated last."""

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import Connection, Date, Select, bindparam, case, func, literal_column, select, type_coerce, union_all
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.types import NullType

from models import Benefit, Household, Visit
from models.ready import Ready
from policy.figures import Figures
from policy.vocabulary import Action, Role
from views.case_file import there_of_case
from views.case_next import next_step
from workflows.actor import Actor, scoped
from workflows.evidence_many import pictured, present, rows_of, signs, whole

UNDATED = date(9999, 12, 31)
WEEK = timedelta(days=7)
GROUPS = ("overdue", "today", "week", "later")
MOST_KEPT = 2_000
"""Verbs kept: of some dozens of desks."""
_DUE = func.coalesce(Benefit.step_due_on, UNDATED)
SHOWN = frozenset({"scheme", "unit", "stage", "step_due_on"})
"""Columns that are asked for what they mean, of those that do not mean what they hold."""


class Waiting(NamedTuple):
    """A case that waits for the reader, with the verb that brings it onwards."""

    benefit: Any
    """What of the case is shown."""
    head_name: str
    group: str
    action: Action | None


def waiting(actor: Actor) -> Select[Benefit]:
    """The cases on the reader's desk."""
    return scoped(select(Benefit).where(Benefit.waiting_role == actor.role), Benefit, actor)


def group_of(due: date | None, today: date) -> str:
    """Where a due day stands on the desk; a week is the seven days after today."""
    if due is None or due > today + WEEK:
        return "later"
    return "overdue" if due < today else "today" if due == today else "week"


def group_counts(session: Session, actor: Actor, today: date) -> dict[str, int]:
    """How many wait in each group, in one statement."""
    due = Benefit.step_due_on
    parts = {"overdue": due < today, "today": due == today, "week": (due > today) & (due <= today + WEEK)}
    sums = [func.coalesce(func.sum(case((part, 1), else_=0)), 0) for part in parts.values()]
    row = session.execute(waiting(actor).with_only_columns(func.count(), *sums)).one()
    counts = dict(zip(parts, map(int, row[1:]), strict=True))
    return {**counts, "later": int(row[0]) - sum(counts.values())}


def page_of(
    reader: Connection, actor: Actor, figures: Figures, today: date, page: int, size: int, first: str = ""
) -> list[Waiting]:
    """One page of the queue; ``first`` names a group to keep to.

    It takes one statement whatever the size of the county, and two more when cases changed since they were last shown.
    """
    skip = (page - 1) * size
    query = _page(actor.role, actor.division_code, first, skip, size)
    found = list(map(_row(), query.rows(reader, {"today": today, "week": today + WEEK})))
    return [
        Waiting(row, row.head_name, group_of(row.step_due_on, today), action)
        for row, action in zip(found, _verbs(reader, found, actor, figures, today), strict=True)
    ]


@lru_cache(maxsize=256)
def _page(role: Role | None, code: str, first: str, skip: int, size: int) -> Ready:
    """The statement of a page.

    Cases with a due day and cases without are each taken from the index in order, as many as the page can need; only
    these are sorted, and only the cases of the page are read whole. Columns that are shown are converted to what they
    mean; all others are left as the database gives them, because they are only compared. The limits are written into
    the statement: with parameters PostgreSQL expects many rows and plans it anew each time.
    """
    c, home = Benefit.__table__.c, Household.__table__.c
    here = scoped(
        select(c.id, c.step_due_on).where(c.waiting_role == role, *_within(first)), c, Actor(None, "", role, code)
    )
    firsts = union_all(*(
        select(here.where(known).order_by(c.step_due_on, c.id).limit(_number(skip + size)).subquery())
        # Said explicitly, or the index is not used.
        for known in (c.step_due_on.is_not(None), c.step_due_on.is_(None))
    )).subquery().c  # fmt: skip
    chosen = select(firsts.id).order_by(func.coalesce(firsts.step_due_on, UNDATED), firsts.id)
    chosen = chosen.limit(_number(size)).offset(_number(skip))
    told = [column if column.name in SHOWN else type_coerce(column, NullType()).label(column.name) for column in c]
    near = select(*told, *signs(c), home.head_name)
    near = near.join_from(Benefit.__table__, Household.__table__, home.id == c.household_id)
    return Ready(near.where(c.id.in_(chosen)).order_by(func.coalesce(c.step_due_on, UNDATED), c.id))


@cache
def _row() -> Callable[[Any], Any]:
    """Makes a named tuple of a row of ``_page``."""
    c = Benefit.__table__.c
    names = [*c.keys(), *(sign.name for sign in signs(c)), "head_name"]
    row: Any = namedtuple("Row", names)  # type: ignore[misc]
    return row._make


def _number(given: int) -> Any:
    return literal_column(str(given))


def next_after(session: Session, actor: Actor, was_due: date | None, id: int) -> tuple[int, int, int] | None:
    """(case, its place, how many wait): the next case in the desk's order after the one just done, else the first."""
    gone = ((was_due or UNDATED), id)
    query = waiting(actor).with_only_columns(Benefit.id, _DUE).order_by(_DUE, Benefit.id)
    rows = [(found, due) for found, due in session.execute(query) if found != id]
    if not rows:
        return None
    at = next((n for n, (found, due) in enumerate(rows) if (_day(due), found) > gone), 0)
    return rows[at][0], at + 1, len(rows)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _within(group: str) -> list[Any]:
    due, today, week = Benefit.__table__.c.step_due_on, bindparam("today", type_=Date), bindparam("week", type_=Date)
    groups: dict[str, list[Any]] = {
        "overdue": [due < today],
        "today": [due == today],
        "week": [due > today, due <= week],
        "later": [(due > week) | due.is_(None)],
    }
    return groups.get(group, [])


def _verbs(
    reader: Connection, found: Sequence[Any], actor: Actor, figures: Figures, on: date
) -> Iterator[Action | None]:
    """The next verb of each case; the machine is asked only of cases whose rows changed since it was last asked."""
    kept = _kept(figures, on)
    alive = [tuple(there_of_case(reader, row, present(row))) for row in found]
    keys = [(actor, row[:-1], there) for row, there in zip(found, alive, strict=True)]  # without the head's name
    changed = [(row, there, key) for row, there, key in zip(found, alive, keys, strict=True) if key not in kept]
    if changed:
        cases, facts = whole(reader, [row.id for row, *_ in changed]), rows_of(reader, [row for row, *_ in changed])
        for row, there, key in changed:
            events, papers, checks = (sorted(facts[part, row.id]) for part in ("event", "paper", "check"))
            kept[key] = next_step(pictured(cases[row.id], events, papers, checks, there, figures, on), actor)
    return map(kept.__getitem__, keys)


def _kept(figures: Figures, on: date) -> dict[Any, Action | None]:
    """The verbs found so far for these figures and this day; the key is every fact that a verb depends on."""
    kept = current_app.extensions.get("doudi_verbs")
    if kept is None or kept[0] is not figures or kept[1] != on or len(kept[2]) >= MOST_KEPT:
        kept = current_app.extensions["doudi_verbs"] = figures, on, dict[Any, Action | None]()
    return kept[2]


def forget_verbs() -> None:
    """Ask the machine anew: what was told of a case was perhaps of another state than the facts it was kept by."""
    current_app.extensions.pop("doudi_verbs", None)


def visits_due(session: Session, actor: Actor, today: date, most: int) -> list[Visit]:
    """The visits to make next: overdue ones first, up to a week ahead."""
    query = scoped(select(Visit).where(Visit.done_on.is_(None), Visit.due_on <= today + WEEK), Visit, actor)
    return list(
        session.scalars(query.options(joinedload(Visit.household)).order_by(Visit.due_on, Visit.id).limit(most))
    )
