"""The cases that wait for the reader, in the order of the desk: overdue first, by due day, undated last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select, true, union_all
from sqlalchemy.orm import Session, joinedload

from models import Benefit, Crosscheck, Event, Household, Member, OwedPaper, Visit
from policy.figures import Figures
from policy.vocabulary import Action
from views.case_file import draw
from views.case_next import next_step
from workflows.actor import Actor, scoped

UNDATED = date(9999, 12, 31)
WEEK = timedelta(days=7)
GROUPS = ("overdue", "today", "week", "later")
_DUE = func.coalesce(Benefit.step_due_on, UNDATED)


@dataclass(frozen=True)
class Waiting:
    """A case that waits for the reader, with the verb that brings it onwards."""

    benefit: Benefit
    group: str
    action: Action | None


def waiting(actor: Actor) -> Select[tuple[Benefit]]:
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
    session: Session, actor: Actor, figures: Figures, today: date, page: int, size: int, first: str = ""
) -> list[Waiting]:
    """One page of the queue; ``first`` keeps to a group. Five statements whatever the size of the county."""
    home = joinedload(Benefit.household).load_only(Household.head_name)
    query = _in_order(waiting(actor).where(*_within(first, today)), (page - 1) * size, size)
    found = session.scalars(query.options(home)).all()
    return [
        Waiting(b, group_of(b.step_due_on, today), action)
        for b, action in _verbs(session, found, actor, figures, today)
    ]


def _in_order(query: Any, skip: int, size: int) -> Any:
    """A page of the cases: the first with a day and the first without, each by the index, and only these sorted."""
    due, id = Benefit.step_due_on, Benefit.id
    firsts = [
        query.with_only_columns(id).where(known).order_by(*order).limit(skip + size).subquery()
        for known, order in ((due.is_not(None), (due, id)), (due.is_(None), (id,)))
    ]
    near = select(Benefit).where(id.in_(union_all(*map(select, firsts))))
    return near.order_by(_DUE, id).limit(size).offset(skip)


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


def _within(group: str, today: date) -> list[Any]:
    due = Benefit.step_due_on
    return {
        "overdue": [due < today],
        "today": [due == today],
        "week": [due > today, due <= today + WEEK],
        "later": [(due > today + WEEK) | due.is_(None)],
    }.get(group, [])


def _verbs(
    session: Session, found: Sequence[Benefit], actor: Actor, figures: Figures, on: date
) -> list[tuple[Benefit, Action | None]]:
    ids, homes = [benefit.id for benefit in found], [benefit.household_id for benefit in found]
    events, papers, checks = (_by(session, name, ids) for name in ("events", "papers", "checks"))
    people = _by(session, "people", homes)
    return [
        (b, next_step(draw(b, events[b.id], papers[b.id], checks[b.id], people[b.household_id], figures, on), actor))
        for b in found
    ]


class _Lists(dict[int, list[Any]]):
    def __missing__(self, key: int) -> list[Any]:
        return []


def _by(session: Session, name: str, ids: Sequence[int]) -> _Lists:
    found = _Lists()
    for row in session.execute(_statements()[name], {"ids": ids}):
        found.setdefault(row[0], []).append(row)
    return found


@cache
def _statements() -> Mapping[str, Any]:
    """What the machine asks of the cases ``ids``, or of who is there of their families; put together once."""
    e, p, c, m = (model.__table__.c for model in (Event, OwedPaper, Crosscheck, Member))
    ids = bindparam("ids", expanding=True)
    happened = select(e.benefit_id, e.action, e.from_stage, e.to_stage, e.at, e.actor_id, e.data)
    there = select(m.household_id, m.id, true().label("present"))
    return {
        "events": happened.where(e.benefit_id.in_(ids)).order_by(e.id),
        "papers": select(p.benefit_id, p.due_on, p.filed_on).where(p.benefit_id.in_(ids)),
        "checks": select(c.benefit_id, c.source, c.back_on).where(c.benefit_id.in_(ids)),
        "people": there.where(m.household_id.in_(ids), m.left_on.is_(None)),
    }


def visits_due(session: Session, actor: Actor, today: date, most: int) -> list[Visit]:
    """The visits to make next: overdue ones first, up to a week ahead."""
    query = scoped(select(Visit).where(Visit.done_on.is_(None), Visit.due_on <= today + WEEK), Visit, actor)
    return list(
        session.scalars(query.options(joinedload(Visit.household)).order_by(Visit.due_on, Visit.id).limit(most))
    )
