"""Who changed a row last, for the conflict page."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry


def last_change(session: Session, row: Any) -> AuditEntry | None:
    """The last entry of the record about this row, or None."""
    query = select(AuditEntry).where(AuditEntry.table_name == row.__tablename__, AuditEntry.row_id == str(row.id))
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(1)).first()
