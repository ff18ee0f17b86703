"""What waits and what falls due, counted while it changes: the desk adds up a few summary rows, never cases."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    String,
    Table,
    and_,
    case,
    delete,
    event,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapper, Session, object_session

from models import Base, DeskSummary
from models.desk import NO_DATE
from workflows import changes, pending
from workflows.actor import Actor, scoped
from workflows.desk_counted import COLUMNS, COUNTED, Counted, contributions

__all__ = ["Count", "contributions", "counts", "recount"]

WEEK = timedelta(days=7)
_KEY = ("township_code", "village_code", "kind", "due_on")
_NAMES = (*_KEY, "n", "persons", "amount_fen")
_table = cast(Table, DeskSummary.__table__)


class Count(NamedTuple):
    """Rows of a kind under an actor: all of them, and by due day (undated ones are in the total alone)."""

    total: int = 0
    overdue: int = 0
    today: int = 0
    week: int = 0
    later: int = 0
    persons: int = 0
    amount_fen: int = 0


# --- reading ----------------------------------------------------------------------------------------------------------


def counts(session: Session, actor: Actor, kinds: Iterable[str], today: date) -> dict[str, Count]:
    """Counts of the kinds under the actor, in one statement; a kind ending in ":" stands for all that begin so.

    Overdue is before today, week the seven days after it, later all beyond.
    """
    asked, due = tuple(kinds), DeskSummary.due_on
    week = today + WEEK
    parts = ((due > NO_DATE) & (due < today), due == today, (due > today) & (due <= week), due > week)
    sums = [_total(case((part, DeskSummary.n), else_=0)) for part in parts]
    whole = (DeskSummary.n, DeskSummary.persons, DeskSummary.amount_fen)
    query = select(DeskSummary.kind, *sums, *map(_total, whole)).where(or_(*map(_of_kind, asked)))
    found = {
        kind: Count(int(n), *(int(part) for part in (overdue, now, soon, later, persons, amount)))
        for kind, overdue, now, soon, later, n, persons, amount in session.execute(
            scoped(query, DeskSummary, actor).group_by(DeskSummary.kind)
        )
    }
    return {kind: Count() for kind in asked if not kind.endswith(":")} | found


def _of_kind(kind: str) -> ColumnElement[bool]:
    if kind.endswith(":"):
        return DeskSummary.kind.startswith(kind, autoescape=True)
    return DeskSummary.kind == kind


def _total(what: Any) -> Any:
    return func.coalesce(func.sum(what), 0)


# --- keeping ----------------------------------------------------------------------------------------------------------

_Key = tuple[str, str, str, date]


def _written(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    _owe(row, row, 1)


def _changed(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    if changes.changes(row, COLUMNS[type(row)]):
        _owe(row, changes.before(row, COLUMNS[type(row)]), -1)
        _owe(row, row, 1)


def _removed(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    _owe(row, changes.before(row, COLUMNS[type(row)]), -1)


def _owe(row: Base, likeness: Any, sign: int) -> None:
    session = object_session(row)
    assert session is not None
    for kind, due_on, *amounts in contributions(likeness, type(row)):
        key = (likeness.township_code, likeness.village_code, kind, due_on)
        pending.owe(session, "desk", (key, tuple(sign * amount for amount in amounts)))


@pending.writer("desk")
def _apply(session: Session, owed: list[Any]) -> None:
    """Add the sums of the deltas to the summary rows; a township whose rows do not fit is counted anew."""
    anew = [codes for codes in owed if not isinstance(codes, tuple)]
    if None in anew:
        return _count_anew(session, None)
    wrong: set[str] = set().union(*anew)
    moved = _sums(what for what in owed if isinstance(what, tuple))
    wrong |= {key[0] for key, (n, *rest) in moved.items() if n < 0 and not _take(session, key, n, *rest)}
    added = [_values(key, amounts) for key, amounts in moved.items() if amounts[0] >= 0 and key[0] not in wrong]
    if added:
        session.execute(_upsert(session), added)
    if wrong:
        _count_anew(session, wrong)


def _sums(deltas: Iterable[tuple[_Key, tuple[int, ...]]]) -> dict[_Key, list[int]]:
    sums: dict[_Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, amounts in deltas:
        sums[key] = [have + more for have, more in zip(sums[key], amounts, strict=True)]
    return {key: amounts for key, amounts in sums.items() if any(amounts)}


def _values(key: _Key, amounts: Iterable[int]) -> dict[str, Any]:
    return dict(zip(_NAMES, (*key, *amounts), strict=True))


def _take(session: Session, key: _Key, n: int, persons: int, amount: int) -> bool:
    """Lower a summary row, and drop it when nothing is left; False when it did not hold so much."""
    row = and_(*(getattr(DeskSummary, name) == part for name, part in zip(_KEY, key, strict=True)))
    lowered = {"n": DeskSummary.n + n, "persons": DeskSummary.persons + persons}
    lowered["amount_fen"] = DeskSummary.amount_fen + amount
    done = session.connection().execute(update(_table).where(row, DeskSummary.n >= -n).values(lowered))
    session.connection().execute(delete(_table).where(row, DeskSummary.n == 0))
    return done.rowcount == 1


def _upsert(session: Session) -> Insert:
    lite = session.connection().dialect.name == "sqlite"
    statement: Any = (sqlite if lite else postgresql).insert(_table)
    new = statement.excluded
    added = {name: _table.c[name] + new[name] for name in ("n", "persons", "amount_fen")}
    return cast(Insert, statement.on_conflict_do_update(index_elements=list(_table.primary_key), set_=added))


def recount(session: Session, township_codes: Collection[str] | None = None) -> None:
    """Have the named townships (or all) counted anew, set-based, before the commit; for after set-based work."""
    pending.owe(session, "desk", None if township_codes is None else frozenset(township_codes))


def _count_anew(session: Session, township_codes: set[str] | None) -> None:
    session.execute(_within(delete(_table), _table, township_codes))
    for rule in COUNTED:
        query = _within(_grouped(rule), rule.model, township_codes)
        session.execute(insert(_table).from_select(_NAMES, query))


def _within(statement: Any, rows: Any, township_codes: set[str] | None) -> Any:
    if township_codes is None:
        return statement
    column = rows.c.township_code if isinstance(rows, Table) else rows.township_code
    return statement.where(column.in_(township_codes))


def _grouped(rule: Counted) -> Any:
    """The sums of a rule over the table it counts, in the order of ``_NAMES``."""
    column: Any = rule.model.__table__.columns
    kind: Any = literal(rule.kind, String)
    for name in rule.by:
        kind = kind + ":" + type_coerce(column[name], String)
    due = func.coalesce(column[rule.due], NO_DATE) if rule.due else literal(NO_DATE)
    sums = [func.sum(column[name]) if name else literal(0) for name in (rule.persons, rule.amount)]
    groups = [column.township_code, column.village_code, *(column[name] for name in rule.by)]
    groups += [column[rule.due]] if rule.due else []
    holds = [column[rule.empty].is_(None)] if rule.empty else []
    holds += [column[rule.filled].is_not(None)] if rule.filled else []
    holds += [column.stage == rule.stage] if rule.stage else []
    query = select(column.township_code, column.village_code, kind, due, func.count(), *sums)
    return query.where(*holds).group_by(*groups)


for _model, _names in COLUMNS.items():
    changes.remember(_model, _names)
    event.listen(_model, "after_insert", _written)
    event.listen(_model, "after_update", _changed)
    event.listen(_model, "before_delete", _removed)
