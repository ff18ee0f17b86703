"""Staged rows as an import is carried out: read some thousands at a time, and what they say of each other as sets."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from models import Household, ImportRow, Member
from models.sealing import unseal
from workflows.exchange.wanted import Flat
from workflows.loading import AT_ONCE

TAKEN = ("new", "changed")
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
    session: Session, columns: Sequence[Any], where: ColumnElement[bool], size: int = AT_ONCE
) -> Iterator[Sequence[Any]]:
    """Rows in file order, a page at a time; they may be written to meanwhile. The first column is the row number."""
    after: int | None = None
    while True:
        query: Select[Any] = select(*columns).where(where).order_by(ImportRow.row_no).limit(size)
        found = session.execute(query if after is None else query.where(ImportRow.row_no > after)).all()
        if found:
            yield found
        if len(found) < size:
            return
        after = found[-1][0]


def opened(session: Session, where: ColumnElement[bool]) -> Iterator[list[Staged]]:
    """Staged rows with their contents, in file order and a page at a time."""
    columns = (ImportRow.row_no, ImportRow.id, ImportRow.table_name, ImportRow.row_id, ImportRow.village_code,
               ImportRow.person_hash, ImportRow.head_hash, ImportRow.home_id, ImportRow.row_key,
               ImportRow.content_sealed)  # fmt: skip
    for page in pages(session, columns, where):
        yield [
            Staged(id, number, table, row, village or "", person, head, home,
                   json.loads(unseal("import_row.content", key, sealed)) if sealed else {})
            for number, id, table, row, village, person, head, home, key, sealed in page
        ]  # fmt: skip


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


def digest(session: Session, batch_id: int) -> Iterator[dict[str, Any]]:
    """What the history tells of each row taken: its number, the row of ours it became, and what it keeps."""
    columns = (ImportRow.row_no, ImportRow.table_name, ImportRow.row_id, ImportRow.content_sealed,
               ImportRow.before_sealed)  # fmt: skip
    for page in pages(session, columns, of(batch_id, *TAKEN)):
        for number, table, row, content, before in page:
            yield {"row": number, "of": f"{table}:{row}", "kept": (content or b"") + (before or b"")}


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
