"""Staged rows as an import is carried out: read some thousands at a time, and what they say of each other as sets."""

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import groupby, islice, repeat
from typing import Any, NamedTuple
from typing import cast as typed

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from models import Household, ImportLot, ImportRow, Member
from models.lots import Column, Told, joined, opened_told
from models.sealing import opener
from workflows import behind
from workflows.exchange.wanted import Flat
from workflows.loading import AT_ONCE, note

TAKEN = ("new", "changed")
_table = typed(Table, ImportRow.__table__)
_column = _table.c
FOUNDS = ImportRow.person_hash == ImportRow.head_hash
FOUNDS_NOT = or_(ImportRow.person_hash.is_(None), ImportRow.head_hash.is_(None), not_(FOUNDS))


class Staged(NamedTuple):
    """A staged row with its content opened."""

    id: int
    number: int
    table: str
    row_id: int | None
    village_code: str
    person_hash: str | None
    head_hash: str | None
    home_id: int | None
    content: Flat


def of(batch_id: int, *outcomes: str) -> ColumnElement[bool]:
    """The rows of a batch with these outcomes."""
    return and_(ImportRow.batch_id == batch_id, ImportRow.outcome.in_(outcomes))


def pages(
    session: Session, names: Sequence[str], where: ColumnElement[bool], size: int = AT_ONCE
) -> Iterator[Sequence[Any]]:
    """Columns of rows of a file in its order, a page at a time; they may be written to meanwhile. First the number."""
    after, number = 0, _column.row_no
    query: Select[Any] = select(number, *(_column[name] for name in names)).where(where).order_by(number).limit(size)
    while True:
        found = session.connection().execute(query.where(number > after)).all()
        if found:
            yield found
        if len(found) < size:
            return
        after = found[-1][0]


OPENED = ("id", "table_name", "row_id", "village_code", "person_hash", "head_hash", "home_id", "row_key",
          "content_sealed")  # fmt: skip


def opened(session: Session, where: ColumnElement[bool]) -> Iterator[list[Staged]]:
    """Staged rows that lie in no lot, with their contents, in file order and a page at a time."""
    unsealed, told = opener("import_row.content"), json.JSONDecoder().raw_decode
    for page in pages(session, OPENED, and_(where, ImportRow.lot.is_(None))):
        yield [
            Staged(id, number, table, row, village or "", person, head, home,
                   told(unsealed(key, sealed))[0] if sealed else {})
            for number, id, table, row, village, person, head, home, key, sealed in page
        ]  # fmt: skip


MANY = 10_000
BLANK = ("row_id", "head_hash", "lot", "place")
"""Columns that may hold nothing, and are read by ``_texts``."""


def _columns(session: Session, names: Sequence[str], by: str, where: ColumnElement[bool], size: int = MANY) -> Any:
    """The question for columns of the first of some rows, in order and each as one text ("" for what is empty).

    Rows given one by one would wait for the interpreter's lock each.
    """
    lite = session.connection().dialect.name == "sqlite"
    plain = [_column[name] if lite else cast(_column[name], Text) for name in names]
    told = [func.coalesce(column, "") if name in BLANK else column for name, column in zip(names, plain, strict=True)]
    query = select(*(column.label(name) for name, column in zip(names, told, strict=True)))
    some = query.where(where).order_by(_column[by]).limit(size).subquery()
    return select(*(func.aggregate_strings(some.c[name], ",") for name in names))


def _texts(connection: Connection, query: Any, **values: int) -> list[list[str]]:
    """The columns cell by cell; none where there are no rows."""
    found = connection.execute(query, values).one()
    return [column.split(",") for column in found] if found[0] else []


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
    new = and_(of(batch_id, "new"), ImportRow.lot.is_not(None))
    first, last = session.connection().execute(select(func.min(_column.id), func.max(_column.id)).where(new)).one()
    starts = iter(range(first, last + 1, size) if first else ())
    mine = and_(_column.batch_id + 0 == batch_id, _column.outcome.concat("") == "new", _column.lot.is_not(None))
    some = and_(_column.id >= bindparam("start"), _column.id < bindparam("end"), mine)
    lot = ImportLot
    kept = select(lot.number, lot.row_key, lot.content_sealed).where(
        lot.batch_id == batch_id, lot.number.between(bindparam("low"), bindparam("high"))
    )
    asked = partial(_page, _columns(session, IN_LOTS, "id", some, size), kept, size)
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
    found = _texts(connection, rows, start=start, end=start + size)
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
    update(_table)
    .where(_column.id.between(bindparam("first"), bindparam("last")))
    .values(row_id=_column.id + bindparam("shift"), row_version=1)
)


def became(session: Session, rows: Sequence[int], ids: Sequence[int]) -> None:
    """Note on new rows of people whom each has become, whose version is the first."""
    first, last, shift = rows[0], rows[-1], ids[0] - rows[0]
    if last - first == len(rows) - 1 and ids[-1] - ids[0] == len(ids) - 1:
        told = {"first": first, "last": last, "shift": shift}
        behind.do(session, lambda connection: connection.execute(_BECAME, told))
    else:
        note(session, ImportRow, ("row_id", "row_version"), zip(ids, repeat(1), rows, strict=False))


class Founded(NamedTuple):
    """Of the families that a batch founds: the hashes of their heads in file order, how many people each begins with.

    ``people`` are those that come with any new row, also to families of ours.
    """

    heads: list[str]
    sizes: Counter[str]
    people: int


def founded(session: Session, batch_id: int) -> Founded:
    """What the new rows of a batch found, and whom they bring."""
    found: list[str] = []
    sizes, people = Counter[str](), 0
    brings = and_(of(batch_id, "new"), ImportRow.person_hash.is_not(None))
    connection, after = session.connection(), 0
    brings = and_(brings, _column.row_no > bindparam("after"))
    query = _columns(session, ("row_no", "person_hash", "head_hash"), "row_no", brings)
    while rows := _texts(connection, query, after=after):
        numbers, persons, heads = rows
        found += [person for person, head in zip(persons, heads, strict=True) if person == head]
        sizes.update(filter(None, heads))
        people, after = people + len(numbers), int(numbers[-1])
    return Founded(found, sizes, people)


def skip_without_heads(session: Session, batch_id: int) -> None:
    """Who would have joined a family that is skipped, or refused, is skipped too."""
    if session.scalar(select(ImportRow.id).where(of(batch_id, "skipped", "refused")).limit(1)) is None:
        return
    founded = select(ImportRow.person_hash).where(of(batch_id, "new"), FOUNDS)
    lost = and_(of(batch_id, "new"), ImportRow.head_hash.is_not(None), ImportRow.head_hash.not_in(founded))
    _set(session, lost, "skipped")


def mark_stale(session: Session, batch_id: int) -> int:
    """Mark rows whose target was changed, or whose person turned up, since the preview, and who would join those."""
    for model in (Household, Member):
        same = select(literal(1)).where(model.id == ImportRow.row_id, model.row_version == ImportRow.row_version)
        mine = and_(of(batch_id, *TAKEN), ImportRow.table_name == model.__tablename__, ImportRow.row_id.is_not(None))
        _set(session, and_(mine, ~same.exists()), "stale")
    here = select(literal(1)).where(Member.id_no_hash == ImportRow.person_hash, Member.left_on.is_(None))
    new = and_(of(batch_id, "new"), ImportRow.row_id.is_(None))
    _set(session, and_(new, here.exists()), "stale")
    gone = select(literal(1)).where(Household.id == ImportRow.home_id, Household.dissolved_on.is_not(None))
    _set(session, and_(of(batch_id, *TAKEN), ImportRow.home_id.is_not(None), gone.exists()), "stale")
    other = aliased(ImportRow)
    lost = select(other.person_hash).where(
        other.batch_id == batch_id, other.outcome == "stale", other.person_hash.is_not(None)
    )
    _set(session, and_(of(batch_id, "new"), ImportRow.head_hash.in_(lost)), "stale")
    stale = select(func.count(ImportRow.id)).where(of(batch_id, "stale"))
    return session.scalar(stale) or 0


def _set(session: Session, where: ColumnElement[bool], outcome: str) -> None:
    statement = update(ImportRow).where(where).values(outcome=outcome)
    session.execute(statement.execution_options(synchronize_session=False))


def counts(session: Session, batch_id: int) -> dict[str, int]:
    """How many rows are taken, by outcome."""
    query = select(ImportRow.outcome, func.count(ImportRow.id)).where(of(batch_id, *TAKEN))
    return {outcome: int(n) for outcome, n in session.execute(query.group_by(ImportRow.outcome))}


KEPT = ("row_no", "table_name", "row_id", "lot", "place")


def _own(content: bytes | None, before: bytes | None) -> str:
    return sha256((content or b"") + (before or b"")).hexdigest()


def digest(session: Session, batch_id: int, went: Callable[[int], None] = lambda done: None) -> tuple[int, str]:
    """As ``audit.digest_of`` has it of each row taken: its number, the row of ours it became, and what it keeps.

    A row says no more than {"kept": SHA-256, "of": "table:id", "row": number}, where what it keeps lies in a lot, the
    lot's with its place; told here as text, since it is long.
    """
    query = select(ImportLot.number, ImportLot.content_sealed).where(ImportLot.batch_id == batch_id)
    lots = {str(number): sha256(content).hexdigest() for number, content in session.execute(query)}
    connection, mine = session.connection(), of(batch_id, *TAKEN)
    own = select(_column.row_no, _column.content_sealed, _column.before_sealed).where(mine, _column.lot.is_(None))
    count, total, after = 0, sha256(), 0
    query = _columns(session, KEPT, "row_no", and_(mine, _column.row_no > bindparam("after")))
    while rows := _texts(connection, query, after=after):
        first, after = after, int(rows[0][-1])
        some = own.where(_column.row_no > first, _column.row_no <= after) if "" in rows[3] else None
        kept = {str(number): _own(*both) for number, *both in connection.execute(some)} if some is not None else {}
        behind.free(session)
        lines = [
            f'{{"kept":"{f"{lots[lot]}:{place}" if lot else kept[number]}","of":"{table}:{row}","row":{number}}}\n'
            for number, table, row, lot, place in zip(*rows, strict=True)
        ]
        total.update("".join(lines).encode())
        count += len(lines)
        went(len(lines))
    return count, total.hexdigest()


def called(session: Session, batch_id: int, codes: Sequence[str], skip: str) -> list[int]:
    """Families of which a row says that rights or money differ, also where it changes nothing else."""
    marked = or_(*(ImportRow.marks.contains(f" {code} ") for code in codes))
    mine = and_(of(batch_id, *TAKEN, "unchanged"), ImportRow.marks != "  ", ImportRow.choice != skip, marked)
    families = select(func.coalesce(ImportRow.home_id, ImportRow.row_id)).where(
        mine, or_(ImportRow.home_id.is_not(None), ImportRow.table_name == "household")
    )
    people = select(Member.household_id).join(ImportRow, ImportRow.row_id == Member.id).where(
        mine, ImportRow.table_name == "member"
    )  # fmt: skip
    return [home for home in (*session.scalars(families), *session.scalars(people)) if home]
