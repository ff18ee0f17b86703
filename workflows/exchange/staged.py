"""Staged rows as an import is carried out: read some thousands at a time, and what they say of each other as sets."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from models import Household, ImportLot, ImportRow, Member
from models.sealing import opener
from workflows import behind
from workflows.exchange.by_columns import COLUMN, columns, texts
from workflows.exchange.wanted import Flat
from workflows.loading import AT_ONCE

TAKEN = ("new", "changed")
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
    after, number = 0, COLUMN.row_no
    query: Select[Any] = select(number, *(COLUMN[name] for name in names)).where(where).order_by(number).limit(size)
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
    brings = and_(brings, COLUMN.row_no > bindparam("after"))
    query = columns(session, ("row_no", "person_hash", "head_hash"), "row_no", brings)
    while rows := texts(connection, query, after=after):
        numbers, persons, heads = rows
        found += [person for person, head in zip(persons, heads, strict=True) if person == head]
        sizes.update(filter(None, heads))
        people, after = people + len(numbers), int(numbers[-1])
    return Founded(found, sizes, people)


def skip_without_heads(session: Session, batch_id: int) -> None:
    """Who would have joined a family that is skipped, or refused, is skipped too."""
    if session.scalar(select(ImportRow.id).where(of(batch_id, "skipped", "refused")).limit(1)) is None:
        return
    _set(session, without_heads(of(batch_id, "new")), "skipped")


def without_heads(new: ColumnElement[bool]) -> ColumnElement[bool]:
    """Those of some new rows who would join a family that none of them founds."""
    founded = select(ImportRow.person_hash).where(new, FOUNDS).correlate(None)
    return and_(new, ImportRow.head_hash.is_not(None), ImportRow.head_hash.not_in(founded))


def mark_stale(session: Session, batch_id: int) -> int:
    """Mark rows whose target was changed, or whose person turned up, since the preview, and who would join those.

    What they are compared with stays as it is until the transaction ends: whoever changes it meanwhile waits.
    """
    _hold(session, batch_id)
    gone = select(literal(1)).where(Household.id == ImportRow.home_id, Household.dissolved_on.is_not(None))
    here = select(literal(1)).where(Member.id_no_hash == ImportRow.person_hash, Member.left_on.is_(None))
    differs = (
        _changed_since(Household),
        _changed_since(Member),
        and_(ImportRow.outcome == "new", ImportRow.row_id.is_(None), here.exists()),
        and_(ImportRow.home_id.is_not(None), gone.exists()),
    )
    _set(session, and_(of(batch_id, *TAKEN), or_(*differs)), "stale")
    if found := _stale(session, batch_id):
        other = aliased(ImportRow)
        lost = select(other.person_hash).where(
            other.batch_id == batch_id, other.outcome == "stale", other.person_hash.is_not(None)
        )
        _set(session, and_(of(batch_id, "new"), ImportRow.head_hash.in_(lost)), "stale")
        found = _stale(session, batch_id)
    return found


def _changed_since(model: type[Household] | type[Member]) -> ColumnElement[bool]:
    """Whether a row of ours that a staged row is about is no longer as the preview had it."""
    same = select(literal(1)).where(model.id == ImportRow.row_id, model.row_version == ImportRow.row_version)
    return and_(ImportRow.table_name == model.__tablename__, ImportRow.row_id.is_not(None), ~same.exists())


def _stale(session: Session, batch_id: int) -> int:
    return session.scalar(select(func.count(ImportRow.id)).where(of(batch_id, "stale"))) or 0


def _hold(session: Session, batch_id: int) -> None:
    """Lock every family and person that a row changes or joins, in their order; SQLite's writers are alone anyhow.

    Nobody else changes them meanwhile, but visits, events and reports that only point to them may come.
    """
    if session.connection().dialect.name != "postgresql":
        return
    rows = select(ImportRow.row_id).where(of(batch_id, *TAKEN))
    joined = select(ImportRow.home_id).where(of(batch_id, *TAKEN))
    families = Household.id.in_(rows.where(ImportRow.table_name == "household").union_all(joined))
    people = Member.id.in_(rows.where(ImportRow.table_name == "member"))
    for model, where in ((Household, families), (Member, people)):
        session.execute(select(model.id).where(where).order_by(model.id).with_for_update(key_share=True))


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
    own = select(COLUMN.row_no, COLUMN.content_sealed, COLUMN.before_sealed).where(mine, COLUMN.lot.is_(None))
    count, total, after = 0, sha256(), 0
    query = columns(session, KEPT, "row_no", and_(mine, COLUMN.row_no > bindparam("after")))
    while rows := texts(connection, query, after=after):
        first, after = after, int(rows[0][-1])
        some = own.where(COLUMN.row_no > first, COLUMN.row_no <= after) if "" in rows[3] else None
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
    of_person = and_(ImportRow.table_name == "member", Member.id == ImportRow.row_id)
    columns = (ImportRow.home_id, ImportRow.table_name, ImportRow.row_id, Member.household_id)
    rows = session.execute(select(*columns).outerjoin(Member, of_person).where(mine))
    found = ((joined or (row if table == "household" else None), home) for joined, table, row, home in rows)
    return [home for homes in found for home in homes if home]
