"""Rows that an import left because somebody had changed what they are about: what stands there now, and once more."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AuditEntry, Household, ImportBatch, ImportRow, Member
from workflows.actor import Actor, within
from workflows.exchange import kept_file, steps
from workflows.exchange.asked import Asked
from workflows.exchange.existing import as_they_stand
from workflows.exchange.wanted import Flat
from workflows.reason import Reason, Refused

STALE = "stale"


class Standing(NamedTuple):
    """How it stands with a row that was left: ``why`` is changed, gone, here, elsewhere, closed, or head.

    changed: what it would change was written meanwhile, by ``who`` and when; gone: the person left, or the family is no
    more; here: the new person was entered meanwhile (``row_id`` is who it is); elsewhere: outside the reader's places;
    closed: the family it would join is no more; head: it waits for the row of its head, which was left.
    """

    why: str
    now: Flat
    last: AuditEntry | None = None
    row_id: int | None = None


def standing(session: Session, rows: Sequence[ImportRow], actor: Actor) -> list[Standing]:
    """How it stands now with each of these rows, for somebody of these places."""
    homes = {row.row_id for row in rows if row.table_name == "household" and row.row_id}
    people = {row.row_id for row in rows if row.table_name == "member" and row.row_id}
    members, families = as_they_stand(session, people, homes)
    places = _places(session, people, homes)
    come = _come(session, (row.person_hash for row in rows if row.row_id is None and row.person_hash))
    last = _last(session, people, homes)
    found = []
    for row in rows:
        key = (row.table_name, row.row_id or 0)
        values = (members if row.table_name == "member" else families).get(key[1])
        if row.row_id is None:
            found.append(_of_new(row, come, actor))
        elif key in places and not within(actor, places[key]):
            found.append(Standing("elsewhere", {}))
        else:
            gone = values is None or key not in places
            found.append(Standing("gone" if gone else "changed", values or {}, last.get(key)))
    return found


def _places(session: Session, people: Iterable[int], homes: Iterable[int]) -> dict[tuple[str, int], str]:
    """The village of members who are present, and of families that there are, by table and id."""
    present = select(Member.id, Member.village_code).where(Member.id.in_(list(people)), Member.left_on.is_(None))
    there = select(Household.id, Household.village_code)
    there = there.where(Household.id.in_(list(homes)), Household.dissolved_on.is_(None))
    found = {("member", id): village for id, village in session.execute(present)}
    return found | {("household", id): village for id, village in session.execute(there)}


def _come(session: Session, hashes: Iterable[str]) -> dict[str, tuple[int, str]]:
    query = select(Member.id_no_hash, Member.id, Member.village_code)
    query = query.where(Member.id_no_hash.in_(list(hashes)), Member.left_on.is_(None))
    return {mark: (id, village) for mark, id, village in session.execute(query)}


def _of_new(row: ImportRow, come: dict[str, tuple[int, str]], actor: Actor) -> Standing:
    if row.person_hash in come:
        id, village = come[row.person_hash]
        return Standing("here", {}, row_id=id) if within(actor, village) else Standing("elsewhere", {})
    return Standing("closed" if row.home_id else "head", {})


def _last(session: Session, people: Iterable[int], homes: Iterable[int]) -> dict[tuple[str, int], AuditEntry]:
    """Who wrote each of these last, as the record has it row by row; of what imports write at once it has none."""
    found: dict[tuple[str, int], AuditEntry] = {}
    for table, ids in (("member", people), ("household", homes)):
        latest = select(func.max(AuditEntry.id)).where(
            AuditEntry.table_name == table, AuditEntry.row_id.in_([str(id) for id in ids])
        ).group_by(AuditEntry.row_id)  # fmt: skip
        entries = session.scalars(select(AuditEntry).where(AuditEntry.id.in_(latest)))
        found |= {(table, int(entry.row_id or 0)): entry for entry in entries}
    return found


def once_more(session: Session, batch: ImportBatch, folder: Path) -> tuple[steps.Handed, Asked]:
    """The file of an applied import, to be read as before but for the rows that were left.

    Refused where none was left, or the file is gone: it is kept for two weeks.
    """
    query = select(ImportRow.row_no).where(ImportRow.batch_id == batch.id, ImportRow.outcome == STALE)
    left = tuple(session.scalars(query.order_by(ImportRow.row_no)))
    if not left or batch.state != "applied":
        raise Refused([Reason("nothing_left_behind")])
    file = steps.Handed(batch.file_name, kept_file.read(folder, batch.stored))
    return file, Asked.of(batch.options).but(only=left, complete="")
