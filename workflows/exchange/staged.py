"""Staged rows as an import is carried out: read some thousands at a time, and what they say of each other as sets."""

import json
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, and_, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from models import Household, ImportLot, ImportRow, Member
from models.record import opened_lot
from models.sealing import opener
from workflows.exchange.wanted import Flat
from workflows.loading import AT_ONCE

TAKEN = ("new", "changed")
_column = cast(Table, ImportRow.__table__).c
FOUNDS = ImportRow.person_hash == ImportRow.head_hash


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


OPENED = ("id", "table_name", "row_id", "village_code", "person_hash", "head_hash", "home_id", "batch_id", "lot",
          "place", "row_key", "content_sealed")  # fmt: skip


def opened(session: Session, where: ColumnElement[bool]) -> Iterator[list[Staged]]:
    """Staged rows with their contents, in file order and a page at a time."""
    unsealed, told, lots = opener("import_row.content"), json.JSONDecoder().raw_decode, Lots(session)
    for page in pages(session, OPENED, where):
        yield [
            Staged(id, number, table, row, village or "", person, head, home,
                   lots[batch, lot][place] if lot is not None else told(unsealed(key, sealed))[0] if sealed else {})
            for number, id, table, row, village, person, head, home, batch, lot, place, key, sealed in page
        ]  # fmt: skip


class Lots(dict[tuple[int, int], list[Flat]]):
    """What the rows of lots say; the latest lots stay open, since those of a page lie beside each other."""

    MOST = 24

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def __missing__(self, at: tuple[int, int]) -> list[Flat]:
        query = select(ImportLot.row_key, ImportLot.content_sealed)
        lot = self.session.execute(query.where(ImportLot.batch_id == at[0], ImportLot.number == at[1])).one()
        if len(self) >= self.MOST:
            del self[next(iter(self))]
        found = self[at] = opened_lot(lot)
        return found


def founding(session: Session, batch_id: int) -> list[str]:
    """The hashes of the heads of families that the batch founds, in file order."""
    founds = select(_column.person_hash).where(of(batch_id, "new"), FOUNDS).order_by(_column.row_no)
    return list(session.connection().execute(founds).scalars())


def skip_without_heads(session: Session, batch_id: int) -> None:
    """Who would have joined a family that is skipped, or refused, is skipped too."""
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


def people_by_head(session: Session, batch_id: int) -> dict[str, int]:
    """How many people each family that is founded begins with, by the hash of its head's number."""
    query = select(ImportRow.head_hash, func.count(ImportRow.id)).where(
        of(batch_id, "new"), ImportRow.head_hash.is_not(None), ImportRow.person_hash.is_not(None)
    )
    return {head: n for head, n in session.execute(query.group_by(ImportRow.head_hash)) if head is not None}


KEPT = ("table_name", "row_id", "lot", "place", "content_sealed", "before_sealed")


def digest(session: Session, batch_id: int, went: Callable[[int], None] = lambda done: None) -> tuple[int, str]:
    """As ``audit.digest_of`` has it of each row taken: its number, the row of ours it became, and what it keeps.

    A row says no more than {"kept": SHA-256, "of": "table:id", "row": number}, where what it keeps lies in a lot, the
    lot's with its place; told here as text, since it is long.
    """
    query = select(ImportLot.number, ImportLot.content_sealed).where(ImportLot.batch_id == batch_id)
    lots = {number: sha256(content).hexdigest() for number, content in session.execute(query)}
    count, total = 0, sha256()
    for page in pages(session, KEPT, of(batch_id, *TAKEN)):
        marks = (
            sha256((content or b"") + (before or b"")).hexdigest() if lot is None else f"{lots[lot]}:{place}"
            for _, _, _, lot, place, content, before in page
        )
        lines = (
            f'{{"kept":"{mark}","of":"{table}:{row}","row":{number}}}\n'
            for (number, table, row, *_), mark in zip(page, marks, strict=True)
        )
        total.update("".join(lines).encode())
        count += len(page)
        went(len(page))
    return count, total.hexdigest()


def called(session: Session, batch_id: int, codes: Sequence[str], skip: str) -> list[int]:
    """Families of which a row says that rights or money differ, also where it changes nothing else."""
    marked = or_(*(ImportRow.marks.contains(f" {code} ") for code in codes))
    mine = and_(of(batch_id, *TAKEN, "unchanged"), ImportRow.choice != skip, marked)
    families = select(func.coalesce(ImportRow.home_id, ImportRow.row_id)).where(
        mine, or_(ImportRow.home_id.is_not(None), ImportRow.table_name == "household")
    )
    people = select(Member.household_id).join(ImportRow, ImportRow.row_id == Member.id).where(
        mine, ImportRow.table_name == "member"
    )  # fmt: skip
    return [home for home in (*session.scalars(families), *session.scalars(people)) if home]
