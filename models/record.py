"""What the office can prove later: the audit chain and import batches with their staged rows."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, object_session

from models.base import Base, given, whole
from models.lots import opened_lot
from models.sealing import Sealed, new_row_key

OPENED_LOTS = "opened_lots"


class AuditEntry(Base):
    """Who changed (or looked at) what, when, why; chained by keyed hash in the order of ``position``."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_table_name_row_id_id", "table_name", "row_id", "id"),
        Index("ix_audit_entry_household_id_id", "household_id", "id"),
        Index("ix_audit_entry_benefit_id_id", "benefit_id", "id"),
        Index("ix_audit_entry_actor_id_id", "actor_id", "id"),
        Index("ix_audit_entry_at_id", "at", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(50))
    actor_role: Mapped[str | None] = mapped_column(String(24))
    channel: Mapped[str] = mapped_column(String(12))
    action: Mapped[str] = mapped_column(String(24))
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str | None] = mapped_column(String(40))
    household_id: Mapped[int | None]
    benefit_id: Mapped[int | None]
    township_code: Mapped[str | None] = mapped_column(String(9))
    village_code: Mapped[str | None] = mapped_column(String(12))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    batch_id: Mapped[int | None]
    mac: Mapped[str] = mapped_column(String(64))


class ImportBatch(Base):
    """A sheet brought in: staged and previewed, applied in one transaction, undone but for rows touched since."""

    __tablename__ = "import_batch"
    __table_args__ = (whole("rows"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    layout: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(200))
    charset: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="staged")
    rows: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    division_code: Mapped[str] = mapped_column(String(12))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    channel: Mapped[str] = mapped_column(String(12), default="web")
    on: Mapped[date]
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    stored: Mapped[str | None] = mapped_column(String(64))
    """The name under which the file itself is kept, sealed, until the batch is applied or swept."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    job_id: Mapped[int | None]


class ImportLot(Base):
    """What some hundreds of new rows of a staged sheet say, in one, as ``models.lots`` has it."""

    __tablename__ = "import_lot"
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    row_key: Mapped[str] = mapped_column(String(16), default=new_row_key)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class InLot(Sealed):
    """What a row says: its own, or its place in the lot that it lies in."""

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None or row.lot is None:
            return super().__get__(row, owner)
        session = object_session(row)
        assert session is not None
        lots = session.info.setdefault(OPENED_LOTS, {})
        if (row.batch_id, row.lot) not in lots:
            lots.clear()  # rows of a page are neighbours
            lots[row.batch_id, row.lot] = opened_lot(session.get_one(ImportLot, (row.batch_id, row.lot)))
        return json.dumps(lots[row.batch_id, row.lot][row.place], ensure_ascii=False)


class ImportRow(Base):
    """One row of a staged sheet: what it says (sealed), what it would do, and what stood there before (sealed)."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_batch_id_row_no", "batch_id", "row_no", unique=True),
        Index("ix_import_row_batch_id_outcome_row_no", "batch_id", "outcome", "row_no"),
        given("ix_import_row_table_name_row_id", "table_name", "row_id", known="row_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), default=new_row_key)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    row_no: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(12))
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int | None]
    row_version: Mapped[int | None]
    label: Mapped[str] = mapped_column(String(60), default="")
    village_code: Mapped[str | None] = mapped_column(String(12))
    person_hash: Mapped[str | None] = mapped_column(String(32))
    """Whom a new row brings, by the hash of the ID number; equal to ``head_hash`` where the row founds a family."""
    head_hash: Mapped[str | None] = mapped_column(String(32))
    """Who heads the new family that a row belongs to; empty where ``home_id`` is a family of ours that it joins."""
    home_id: Mapped[int | None]
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    choice: Mapped[str] = mapped_column(String(8), default="take", server_default="take")
    """What somebody decided about the row: take it, skip it, or keep the existing values."""
    unticked: Mapped[str] = mapped_column(String(400), default="", server_default="")
    """Fields of a row that changes which somebody leaves as they stand here, between blanks."""
    marks: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """What the row is about, between blanks: the fields it changes, the codes of its problems; to filter by."""
    undone_at: Mapped[datetime | None]
    """When what the row had written was taken back; rows that somebody touched before are left, and stay empty."""
    lot: Mapped[int | None]
    """The lot of the batch in which lies what the row says, at this ``place``; empty where it is its own."""
    place: Mapped[int | None]
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    before_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    content = InLot()
    before = Sealed()


class ImportMapping(Base):
    """Which header of an office's own sheet means which field: named once, used by everybody of the county."""

    __tablename__ = "import_mapping"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    layout: Mapped[str] = mapped_column(String(40))
    headers: Mapped[dict[str, str]] = mapped_column(JSON)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[datetime]
