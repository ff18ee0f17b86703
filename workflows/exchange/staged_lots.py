"""New rows that lie in lots as an import is carried out, and what each of them has become."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, islice, repeat
from typing import Any, NamedTuple
from typing import cast as typed

from sqlalchemy import Connection, Table, and_, bindparam, func, select, update
from sqlalchemy.orm import Session

from models import ImportLot, ImportRow
from models.lots import Column, Told, joined, opened_told
from workflows import behind
from workflows.exchange import staged
from workflows.exchange.by_columns import COLUMN, columns, texts
from workflows.loading import AT_ONCE, note


class Part(NamedTuple):
    """New rows that lie in lots, by columns; ``heads`` are the places of those that found families."""

    ids: Column
    numbers: Column
    villages: Column
    persons: Column
    homes: Column
    told: Told


AHEAD = 3
IN_LOTS = ("id", "row_no", "village_code", "person_hash", "head_hash", "lot", "place")


def in_lots(session: Session, batch_id: int, size: int = AT_ONCE) -> Iterator[Part]:
    """The new rows that lie in lots, some thousands at a time and in the order of the lots: heads before others.

    Told by their ids alone, by which the table lies: other indexes would have SQLite sort the rest for each page. Some
    pages are asked for ahead, so that they are there when the last one is put together.
    """
    new = and_(staged.of(batch_id, "new"), ImportRow.lot.is_not(None))
    first, last = session.connection().execute(select(func.min(COLUMN.id), func.max(COLUMN.id)).where(new)).one()
    starts = iter(range(first, last + 1, size) if first else ())
    mine = and_(COLUMN.batch_id + 0 == batch_id, COLUMN.outcome.concat("") == "new", COLUMN.lot.is_not(None))
    some = and_(COLUMN.id >= bindparam("start"), COLUMN.id < bindparam("end"), mine)
    lot = ImportLot
    kept = select(lot.number, lot.row_key, lot.content_sealed).where(
        lot.batch_id == batch_id, lot.number.between(bindparam("low"), bindparam("high"))
    )
    asked = partial(_page, columns(session, IN_LOTS, "id", some, size), kept, size)
    pages = deque(behind.ask(session, partial(asked, start)) for start in islice(starts, AHEAD))
    told: dict[str, Told] = {}
    while pages:
        (ids, numbers, villages, persons, homes, where, places), lots = pages.popleft()()
        pages += [behind.ask(session, partial(asked, start)) for start in islice(starts, 1)]
        if ids:
            told = {str(lot.number): told.get(str(lot.number)) or opened_told(lot) for lot in lots}
            whole = _joined(told, where, list(map(int, places)))
            yield Part(list(map(int, ids)), list(map(int, numbers)), villages, persons, homes, whole)


def _page(rows: Any, kept: Any, size: int, start: int, connection: Connection) -> tuple[list[list[str]], Sequence[Any]]:
    """The new rows among so many ids, and the lots that they lie in."""
    found = texts(connection, rows, start=start, end=start + size)
    if not found:
        return [[]] * len(IN_LOTS), ()
    numbers = set(map(int, found[5]))
    lots = connection.execute(kept, {"low": min(numbers), "high": max(numbers)}).all()
    return found, [lot for lot in lots if lot.number in numbers]


def _joined(told: Mapping[str, Told], where: Sequence[str], places: Sequence[int]) -> Told:
    """What rows in these lots and places say, one after the other."""
    parts, start = [], 0
    for number, some in groupby(where):
        count = len(list(some))
        parts.append(told[number].only(places[start : start + count]))
        start += count
    return joined(parts)


_BECAME = (
    update(typed(Table, ImportRow.__table__))
    .where(COLUMN.id.between(bindparam("first"), bindparam("last")))
    .values(row_id=COLUMN.id + bindparam("shift"), row_version=1)
)


def became(session: Session, rows: Sequence[int], ids: Sequence[int]) -> None:
    """Note on new rows of people whom each has become, whose version is the first."""
    first, last, shift = rows[0], rows[-1], ids[0] - rows[0]
    if last - first == len(rows) - 1 and ids[-1] - ids[0] == len(ids) - 1:
        told = {"first": first, "last": last, "shift": shift}
        behind.do(session, lambda connection: connection.execute(_BECAME, told))
    else:
        note(session, ImportRow, ("row_id", "row_version"), zip(ids, repeat(1), rows, strict=False))
