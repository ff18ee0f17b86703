"""Who changed a row last, and who changed each of its fields, for the conflict page."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from models import AuditEntry

FAR_ENOUGH = 100
"""Entries that are looked back upon: a form is open for an afternoon, not for a year."""


def last_change(session: Session, row: Any) -> AuditEntry | None:
    """The last entry of the record about this row, or None."""
    query = select(AuditEntry).where(AuditEntry.table_name == row.__tablename__, AuditEntry.row_id == str(row.id))
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(1)).first()


def last_changes(session: Session, row: Any, names: Iterable[str]) -> dict[str, AuditEntry]:
    """For each of these fields the last entry that changed it; a field of several rows goes by their own entries."""
    wanted, relations = set(names), inspect(type(row)).relationships
    beside = {relations[name].mapper.local_table.name: name for name in wanted if name in relations}
    of_row = (AuditEntry.table_name == row.__tablename__) & (AuditEntry.row_id == str(row.id))
    of_rows = AuditEntry.table_name.in_(beside) & (AuditEntry.household_id == row.id)
    query = select(AuditEntry).where(of_row | of_rows if beside else of_row).order_by(AuditEntry.id.desc())
    found: dict[str, AuditEntry] = {}
    for entry in session.scalars(query.limit(FAR_ENOUGH)):
        own = entry.table_name == row.__tablename__
        for name in wanted & set(entry.after or {}) if own else {beside[entry.table_name]}:
            found.setdefault(name, entry)
    return found
