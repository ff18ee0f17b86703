"""What waits and what falls due, counted while it changes: the desk adds up a few summary rows, never cases."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    String,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from models import DeskSummary, Lead
from models.desk import NO_DATE
from models.ready import Asker, Ready
from models.written import mark_of
from policy.vocabulary import Role
from workflows.actor import Actor, scoped
from workflows.desk_counted import contributions
from workflows.desk_kept import recount

__all__ = ["Asked", "Count", "contributions", "counts", "recount", "with_places"]

WEEK = timedelta(days=7)
LEAD, MOST_LEADS = "lead", 10_000
OWN, MARK = "own", "mark"
LONGEST = 4_096
"""Signs of a statement of which psycopg keeps how it is to be read: so its words are short, and ours stand in it."""
_SUMS = DeskSummary.__table__.alias("s").c


class Count(NamedTuple):
    """Rows of a kind under an actor: all of them, and by due day (undated ones are in the total alone)."""

    total: int = 0
    overdue: int = 0
    today: int = 0
    week: int = 0
    later: int = 0
    persons: int = 0
    amount_fen: int = 0


class Asked(NamedTuple):
    """What a desk asks: ``kinds`` of the reader's own place, and ``below`` of each place in it (``codes``).

    A kind ending in ":" stands for all that begin so. Of ``soon``, and of what is asked below, only what falls due by
    the end of the week is counted, and what has no day.
    """

    kinds: tuple[str, ...]
    soon: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    marked: bool = False


class Told(NamedTuple):
    """Counts of the reader's own place by kind, and of the places below by code and kind.

    With the mark of the reader's place as it was when they were counted, if it was asked for.
    """

    own: dict[str, Count]
    below: dict[str, dict[str, Count]]
    mark: str | None


def counts(asker: Asker, actor: Actor, kinds: Iterable[str], today: date) -> dict[str, Count]:
    """Counts of the kinds under the actor, in one statement.

    Overdue is before today, week the seven days after it, later all beyond.
    """
    return with_places(asker, actor, Asked(tuple(kinds)), today).own


def with_places(asker: Asker, actor: Actor, asked: Asked, today: date) -> Told:
    """What is asked of the actor's own place and of the places below, in one statement.

    The caller knows which of the places the reader may see.
    """
    own, below, mark = dict[str, Count](), {code: dict[str, Count]() for code in asked.codes}, None
    if actor.sees_cases and (asked.kinds or asked.soon):
        query = _counting(asked._replace(codes=()), len(asked.codes), actor.role, actor.division_code)
        given = {"today": today, "week": today + WEEK} | {f"code_{n}": code for n, code in enumerate(asked.codes)}
        for code, kind, *sums in query.rows(asker, given):
            if code == MARK:
                mark = kind
            else:
                (own if code == OWN else below[code])[kind] = _count(*sums)
    none = dict.fromkeys((kind for kind in (*asked.kinds, *asked.soon) if not kind.endswith(":")), Count())
    return Told(none | own, below, mark)


def _count(total: Any, undated: Any, before: Any, until: Any, week: Any, persons: Any, amount_fen: Any) -> Count:
    """A count from sums by day, each of which holds the one before it; a sum of no rows is empty."""
    none, late, now, soon = undated or 0, before or 0, until or 0, week or 0
    return Count(int(total), int(late - none), int(now - late), int(soon - now), int(total - soon), int(persons),
                 int(amount_fen))  # fmt: skip


@lru_cache(maxsize=256)
def _counting(asked: Asked, places: int, role: Role | None, code: str) -> Ready:
    """The statement for so many places below, put together once for a reader's: the menu of every page asks it."""
    actor = Actor(None, "", role, code)
    here, week = _SUMS.village_code == _place(actor), _SUMS.due_on <= bindparam("week", type_=Date)
    parts = [_sums(None, here, kinds) for kinds in _ranges(asked.kinds)]
    parts += [_sums(None, here & week, kinds, soon=True) for kinds in _ranges(asked.soon)]
    # Each code by itself, and not a list that is put into the statement whenever it is asked.
    there = _SUMS.village_code.in_([bindparam(f"code_{n}", type_=String) for n in range(places)])
    below = _ranges(asked.below) if places else []
    parts += [_sums(_SUMS.village_code, there & week, kinds, soon=True) for kinds in below]
    parts += [_leads(actor)] if LEAD in asked.kinds else []
    parts += [select(_said(MARK), mark_of(literal(code)), *[literal(0)] * 7)] if asked.marked else []
    return Ready(union_all(*parts))


def _ranges(kinds: Iterable[str]) -> list[ColumnElement[bool]]:
    """Kinds as ranges of the summary's key, each for a part of the statement: joined by OR they would not be one."""
    begin, whole = [[kind for kind in kinds if kind.endswith(":") is ends] for ends in (True, False)]
    # ";" follows ":"
    found = [(_SUMS.kind >= _said(kind)) & (_SUMS.kind < _said(f"{kind[:-1]};")) for kind in begin]
    return [_SUMS.kind.in_(map(_said, whole)), *found] if whole else found


def _said(word: Any) -> Any:
    """A word of ours (a kind, the day of what has none) as it stands in the statement."""
    return literal_column(f"'{word}'")


def _sums(place: Any, where: ColumnElement[bool], kinds: ColumnElement[bool], soon: bool = False) -> Any:
    """A place (the reader's own without one), a kind and the sums of ``_count``, by the days that are given.

    ``soon``: nothing is asked for that falls due after the week.
    """
    due, today, week = _SUMS.due_on, bindparam("today", type_=Date), bindparam("week", type_=Date)
    n, parts = _SUMS.n, (due == _said(NO_DATE), due < today, due <= today, *((due <= week,) if not soon else ()))
    sums: list[Any] = [func.sum(n), *(func.sum(n).filter(part) for part in parts), *([func.sum(n)] if soon else [])]
    sums += [func.sum(_SUMS.persons), func.sum(_SUMS.amount_fen)]
    named = [sum.label(f"s{n}") for n, sum in enumerate(sums)]
    query = select(_said(OWN) if place is None else place, _SUMS.kind, *named).where(where, kinds)
    return query.group_by(_SUMS.kind) if place is None else query.group_by(place, _SUMS.kind)


def _leads(actor: Actor) -> Any:
    """Open leads under the actor, counted by their index up to what a menu can show: they come and go by the list."""
    open_ones = scoped(select(Lead.id).where(Lead.state == "open"), Lead, actor).limit(MOST_LEADS).subquery()
    undated = [*[func.count()] * 5, literal(0), literal(0)]
    return select(_said(OWN), _said(LEAD), *undated).select_from(open_ones)


def _place(actor: Actor) -> str:
    """The code under which the sums of the actor's village, township, or the whole county are kept."""
    return actor.division_code if len(actor.division_code) in (9, 12) else ""
