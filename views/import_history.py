"""What imports did to one record: the history keeps one entry for each table, the staged rows keep the rest."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import select

from models import AuditEntry, Household, ImportBatch, ImportRow, Member
from views.case_words import headed
from views.context import actor
from views.db import db
from views.import_lines import differences
from views.permissions import allowed
from workflows.exchange import kept

Change = tuple[str, Any, Any]


class Imported:
    """The imports that brought or changed a row (for a household, its members too), and what they changed."""

    def __init__(self, row: Any) -> None:
        self.rows: dict[tuple[int, str], list[ImportRow]] = {}
        self.batches: dict[int, ImportBatch] = {}
        found = select(ImportRow, ImportBatch).join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        in_force = ImportRow.outcome.in_(("new", "changed")), ImportBatch.state.in_(("applied", "undone"))
        found = found.where(_about(row), *in_force)
        for staged, batch in db.session.execute(found.order_by(ImportRow.batch_id, ImportRow.row_no)):
            self.batches[batch.id] = batch
            self.rows.setdefault((batch.id, staged.table_name), []).append(staged)

    @property
    def entries(self) -> Sequence[int]:
        """The numbers of the entries that tell of these imports."""
        if not self.rows:
            return ()
        rows = [row for found in self.rows.values() for row in found]
        times = {b.applied_at for b in self.batches.values()} | {row.undone_at for row in rows} - {None}
        query = select(AuditEntry).where(
            AuditEntry.at.in_(times), AuditEntry.batch_id.in_(self.batches), AuditEntry.row_id.is_(None),
            AuditEntry.action.in_(("import", "undo")),
        )  # fmt: skip
        return [entry.id for entry in db.session.scalars(query) if self._concerning(entry)]

    def _concerning(self, entry: AuditEntry) -> list[ImportRow]:
        """The rows an entry tells of: all that the import wrote, or those that were taken back at that moment."""
        rows = self.rows.get((entry.batch_id or 0, entry.table_name), [])
        return [row for row in rows if entry.action != "undo" or row.undone_at == entry.at]

    def changes(self, entry: AuditEntry) -> list[Change] | None:
        """What the import (or its undoing) changed here; None for an entry of something else."""
        rows = self._concerning(entry)
        if entry.row_id is not None or not rows:
            return None
        many = len({row.row_id for row in rows}) > 1
        return [
            (headed(row.label, field) if many else field, *((now, old) if entry.action == "undo" else (old, now)))
            for row in rows for field, old, now in _of(row)
        ]  # fmt: skip

    def url(self, entry: AuditEntry) -> str:
        """The page of the import, for those who may see it."""
        batch = self.batches.get(entry.batch_id or 0)
        mine = batch is not None and batch.division_code == actor().division_code and allowed("importing.page")
        return url_for("importing.page", id=entry.batch_id) if mine else ""


def _of(row: ImportRow) -> list[Change]:
    content = kept.opened(row.content)
    if row.outcome == "changed":
        return differences(row.table_name, kept.opened(row.before), content)
    told = content.get("household" if row.table_name == "household" else "member") or {}
    return differences(row.table_name, {}, told)


def _about(row: Any) -> Any:
    own = (ImportRow.table_name == row.__tablename__) & (ImportRow.row_id == row.id)
    if not isinstance(row, Household):
        return own
    people = select(Member.id).where(Member.household_id == row.id)
    return own | ((ImportRow.table_name == "member") & ImportRow.row_id.in_(people))
