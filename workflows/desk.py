"""What waits and what falls due, counted while it changes: the desk adds up a few summary rows, never cases."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import Session

from models import DeskSummary, Lead
from models.desk import NO_DATE
from policy.vocabulary import Role
from workflows.actor import Actor, scoped
from workflows.desk_counted import contributions
from workflows.desk_kept import recount

__all__ = ["Count", "contributions", "counts", "recount", "soon_by_place"]

WEEK = timedelta(days=7)
LEAD, MOST_LEADS = "lead", 10_000
_SUMS = DeskSummary.__table__.c


class Count(NamedTuple):
    """Rows of a kind under an actor: all of them, and by due day (undated ones are in the total alone)."""

    total: int = 0
    overdue: int = 0
    today: int = 0
    week: int = 0
    later: int = 0
    persons: int = 0
    amount_fen: int = 0


def counts(session: Session, actor: Actor, kinds: Iterable[str], today: date) -> dict[str, Count]:
    """Counts of the kinds under the actor, in one statement; a kind ending in ":" stands for all that begin so.

    Overdue is before today, week the seven days after it, later all beyond.
    """
    asked, found = tuple(kinds), {}
    if asked and actor.sees_cases:
        query = _counting(asked, actor.role, actor.division_code)
        for kind, *sums in session.connection().execute(query, {"today": today, "week": today + WEEK}):
            found[kind] = Count(*map(int, sums))
    return {kind: Count() for kind in asked if not kind.endswith(":")} | found


def soon_by_place(
    session: Session, codes: Collection[str], wanted: Mapping[str, tuple[str, ...]], today: date
) -> dict[str, dict[str, Count]]:
    """Of several villages or townships, by names for some kinds together, what falls due by the end of the week.

    What has no day is counted as well. The caller knows which of the places the reader may see.
    """
    found = {code: dict.fromkeys(wanted, Count()) for code in codes}
    if wanted and codes:
        given = {"codes": list(codes), "today": today, "week": today + WEEK}
        for name, *sums, code in session.execute(_counting_places(tuple(wanted.items())), given):
            if name is not None:
                found[code][name] = Count(*map(int, sums))
    return found


@lru_cache(maxsize=256)
def _counting(kinds: tuple[str, ...], role: Role | None, code: str) -> Any:
    """The statement of ``counts``, put together once for a reader's place: the menu of every page asks it."""
    actor = Actor(None, "", role, code)
    query = _sums().where(_SUMS.village_code == _place(actor), _of_kinds(kinds))
    query = query.group_by(_SUMS.kind)
    return query.union_all(_leads(actor)) if LEAD in kinds else query


@lru_cache(maxsize=16)
def _counting_places(wanted: tuple[tuple[str, tuple[str, ...]], ...]) -> Any:
    here = _SUMS.village_code.in_(bindparam("codes", expanding=True))
    name = case(*((_of_kinds(kinds), name) for name, kinds in wanted)).label("name")
    query = _sums(name).add_columns(_SUMS.village_code).where(here, _SUMS.due_on <= bindparam("week", type_=Date))
    return query.group_by(_SUMS.village_code, "name")


def _leads(actor: Actor) -> Any:
    """Open leads under the actor, counted by their index up to what a menu can show: they come and go by the list."""
    open_ones = scoped(select(Lead.id).where(Lead.state == "open"), Lead, actor).limit(MOST_LEADS).subquery()
    return select(literal(LEAD), func.count(), *[literal(0)] * (len(Count._fields) - 1)).select_from(open_ones)


def _place(actor: Actor) -> str:
    """The code under which the sums of the actor's village, township, or the whole county are kept."""
    return actor.division_code if len(actor.division_code) in (9, 12) else ""


def _sums(name: Any = _SUMS.kind) -> Any:
    """A name and the sums of ``Count``, by the days ``today`` and ``week`` that are given with the statement."""
    due, today, week = _SUMS.due_on, bindparam("today", type_=Date), bindparam("week", type_=Date)
    parts = ((due > NO_DATE) & (due < today), due == today, (due > today) & (due <= week), due > week)
    counted = [case((part, _SUMS.n), else_=0) for part in parts]
    sums = (_SUMS.n, *counted, _SUMS.persons, _SUMS.amount_fen)
    return select(name, *map(func.sum, sums))


def _of_kinds(kinds: Iterable[str]) -> ColumnElement[bool]:
    begin, whole = [[kind for kind in kinds if kind.endswith(":") is ends] for ends in (True, False)]
    ranges = [(_SUMS.kind >= kind) & (_SUMS.kind < f"{kind[:-1]};") for kind in begin]  # ";" follows ":"
    return or_(*ranges, _SUMS.kind.in_(whole))
