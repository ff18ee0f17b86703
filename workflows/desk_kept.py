"""How the desk's sums are kept: the difference a change makes, added at the end of its own transaction.

Each sum is kept three times, for the village, its township and the county, so that each reads only its own.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Connection, Insert, Table, and_, delete, event, func, insert, literal, select, update
from sqlalchemy.orm import Mapper, Session, object_session

from models import Base, DeskSummary
from models.base import own_insert
from workflows import changes, pending
from workflows.desk_counted import COLUMNS, COUNTED, contributions, grouped

_Key = tuple[str, str, str, date]
_KEY = ("township_code", "village_code", "kind", "due_on")
_NAMES = (*_KEY, "n", "persons", "amount_fen")
_table = cast(Table, DeskSummary.__table__)
_column = _table.c


def recount(session: Session, township_codes: Collection[str] | None = None) -> None:
    """Have the named townships (or all) counted anew, set-based, before the commit; for after set-based work."""
    pending.owe(session, "desk", None if township_codes is None else frozenset(township_codes))


def came(session: Session, model: type[Base], told: Mapping[str, Sequence[Any]]) -> None:
    """Count many new rows of a table that were written as a set, given by columns; those that are alike at once.

    Of the columns that decide what a row adds to the desk, one that is not given holds nothing.
    """
    names, count = COLUMNS[model], len(told["village_code"])
    alike = Counter(zip(*(told.get(name) or (None,) * count for name in names), strict=True))
    deltas: list[tuple[_Key, tuple[int, ...]]] = []
    for values, times in alike.items():
        likeness = SimpleNamespace(**dict(zip(names, values, strict=True)))
        deltas += _deltas(likeness, model, times)
    for key, amounts in _sums(deltas).items():
        pending.owe(session, "desk", (key, tuple(amounts)))


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
    for delta in _deltas(likeness, type(row), sign):
        pending.owe(session, "desk", delta)


def _deltas(likeness: Any, model: type[Base], times: int) -> Iterator[tuple[_Key, tuple[int, ...]]]:
    """What so many rows like this one add to the sums of their village, their township and the county."""
    town, village = likeness.township_code, likeness.village_code
    for kind, due_on, *amounts in contributions(likeness, model):
        delta = tuple(times * amount for amount in amounts)
        for place in ((town, village), (town, town), ("", "")):
            yield (*place, kind, due_on), delta


@pending.writer("desk")
def _apply(session: Session, owed: list[Any]) -> None:
    """Add the sums of the deltas to the summary rows; what does not fit is counted anew."""
    anew = [codes for codes in owed if not isinstance(codes, tuple)]
    if None in anew:
        _count_anew(session, None)
        return
    wrong: set[str] = set().union(*anew)
    moved = _sums(what for what in owed if isinstance(what, tuple))
    wrong |= {key[0] for key, (n, *rest) in moved.items() if n < 0 and not _take(session, key, n, *rest)}
    added = [_values(key, amounts) for key, amounts in moved.items() if amounts[0] >= 0 and key[0] not in wrong]
    if added:
        session.execute(_upsert(session), added)
    if wrong:
        _count_anew(session, None if "" in wrong else wrong)


def _sums(deltas: Iterable[tuple[_Key, tuple[int, ...]]]) -> dict[_Key, list[int]]:
    sums: dict[_Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, amounts in deltas:
        sums[key] = [have + more for have, more in zip(sums[key], amounts, strict=True)]
    return {key: amounts for key, amounts in sums.items() if any(amounts)}


def _values(key: _Key, amounts: Iterable[int]) -> dict[str, Any]:
    return dict(zip(_NAMES, (*key, *amounts), strict=True))


def _take(session: Session, key: _Key, n: int, persons: int, amount: int) -> bool:
    """Lower a summary row, and drop it when nothing is left; False when it did not hold so much."""
    row = and_(*(_column[name] == part for name, part in zip(_KEY, key, strict=True)))
    lowered = {"n": _column.n + n, "persons": _column.persons + persons, "amount_fen": _column.amount_fen + amount}
    done = session.connection().execute(update(_table).where(row, _column.n >= -n).values(lowered))
    session.connection().execute(delete(_table).where(row, _column.n == 0))
    return done.rowcount == 1


def _upsert(session: Session) -> Insert:
    statement: Any = own_insert(session, _table)
    new = statement.excluded
    added = {name: _column[name] + new[name] for name in ("n", "persons", "amount_fen")}
    return cast(Insert, statement.on_conflict_do_update(index_elements=list(_table.primary_key), set_=added))


def _count_anew(session: Session, township_codes: set[str] | None) -> None:
    """Villages from what they hold, townships from their villages, the county from its townships."""

    def of(column: Any) -> Any:
        return column.in_(township_codes) if township_codes is not None else literal(True)

    town, village = _column.township_code, _column.village_code
    session.execute(delete(_table).where((village == "") | of(town)))
    for rule in COUNTED:
        rows = cast(Table, rule.model.__table__)
        session.execute(insert(_table).from_select(_NAMES, grouped(rule).where(of(rows.c.township_code))))
    sums = [_column.kind, _column.due_on, *(func.sum(_column[name]) for name in _NAMES[len(_KEY) :])]
    by_town = select(town, town, *sums).where(of(town)).group_by(town, _column.kind, _column.due_on)
    session.execute(insert(_table).from_select(_NAMES, by_town))
    county = select(literal(""), literal(""), *sums).where(village == town).group_by(_column.kind, _column.due_on)
    session.execute(insert(_table).from_select(_NAMES, county))


for _model, _names in COLUMNS.items():
    changes.remember(_model, _names)
    event.listen(_model, "after_insert", _written)
    event.listen(_model, "after_update", _changed)
    event.listen(_model, "before_delete", _removed)
