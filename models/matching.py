"""Departments' lists matched against our people: the run, each hit to settle, and people who may have been left out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Scoped, Versioned, whole
from models.benefit import Benefit
from models.household import Household
from models.member import Member
from models.sealing import Sealed, new_row_key


class MatchRun(Versioned, Base):
    """A department's list of a ``kind``, matched once; open until every line of it is settled and it is closed.

    ``counts`` says how many rows were read, covered, refused and why; it holds nothing of a person.
    """

    __tablename__ = "match_run"
    __table_args__ = (Index("ix_match_run_division_code_id", "division_code", "id"), whole("rows"))
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(12), default="open")
    file_name: Mapped[str] = mapped_column(String(200))
    charset: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    division_code: Mapped[str] = mapped_column(String(12))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    due_on: Mapped[date]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    def __str__(self) -> str:
        return self.file_name


class MatchLine(Scoped, Versioned, Base):
    """A hit: a person of ours on the list, to be settled by ``due_on`` with an ``outcome`` and a reason.

    ``how``: "id_no" is the same number, "name_birth" only the same name and birth. ``payload`` is what the list says
    of the person, header by header, sealed.
    """

    __tablename__ = "match_line"
    __table_args__ = (
        Index("ix_match_line_match_run_id_township_code_outcome_id", "match_run_id", "township_code", "outcome", "id"),
        Index("ix_match_line_match_run_id_outcome_id", "match_run_id", "outcome", "id"),
        Index("ix_match_line_township_code_outcome_due_on_id", "township_code", "outcome", "due_on", "id"),
        Index("ix_match_line_member_id", "member_id"),
        Index("ix_match_line_benefit_id", "benefit_id"),
        Index("ix_match_line_lead_id", "lead_id"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled_with_outcome"),
        CheckConstraint("(member_id IS NULL) <> (lead_id IS NULL)", name="of_a_member_or_a_lead"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), unique=True, default=new_row_key)
    match_run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id"))
    row_no: Mapped[int]
    how: Mapped[str] = mapped_column(String(12))
    standing: Mapped[str] = mapped_column(String(12))
    """Of whom: "in_force", "undecided", "refused", or "lead"."""
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    benefit_id: Mapped[int | None] = mapped_column(ForeignKey("benefit.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"))
    payload_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    due_on: Mapped[date]
    outcome: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    clause: Mapped[str] = mapped_column(String(120), default="")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settled_by_name: Mapped[str] = mapped_column(String(50), default="")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    payload = Sealed()

    run: Mapped[MatchRun] = relationship()
    member: Mapped[Member | None] = relationship()
    household: Mapped[Household | None] = relationship()
    benefit: Mapped[Benefit | None] = relationship()
    lead: Mapped["Lead | None"] = relationship(foreign_keys=lead_id)


class Lead(Scoped, Versioned, Base):
    """线索: somebody who may need aid and receives none: found on a list, to be looked into by the place they live in.

    Where the list names no village, ``village_code`` is the township's code, or the county's.
    """

    __tablename__ = "lead"
    __table_args__ = (
        Index("ix_lead_township_code_state_id", "township_code", "state", "id"),
        Index("ix_lead_village_code_state_id", "village_code", "state", "id"),
        Index("ix_lead_state_id", "state", "id"),
        Index("ix_lead_id_no_hash", "id_no_hash"),
        Index("ix_lead_name_id", "name", "id"),
        Index("ix_lead_match_run_id", "match_run_id"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_with_state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), unique=True, default=new_row_key)
    name: Mapped[str] = mapped_column(String(50))
    id_no_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_no_hash: Mapped[str | None] = mapped_column(String(32))
    birth: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(String(24))
    """The kind of list that names the person."""
    source: Mapped[str] = mapped_column(String(200), default="")
    detail_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    match_run_id: Mapped[int | None] = mapped_column(ForeignKey("match_run.id"))
    row_no: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(16), default="open")
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settled_by_name: Mapped[str] = mapped_column(String(50), default="")
    id_no = Sealed(found_by="id_no")
    detail = Sealed()

    def __str__(self) -> str:
        return self.name
