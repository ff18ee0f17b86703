"""Visits to a home and the files that go with a case, a household or a visit."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Coded, Scoped, Versioned, given, index_of, whole
from models.benefit import Benefit
from models.household import Household
from policy.vocabulary import Change, Paper, VisitKind


class Visit(Scoped, Versioned, Base):
    """走访: planned (``due_on``) or done (``done_on``), by whom, whom they met, what they found."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_township_code_id", "township_code", "id"),
        Index("ix_visit_village_code_id", "village_code", "id"),
        Index("ix_visit_due_on_id", "due_on", "id"),
        # What is planned, by its day; a visit that was done keeps the day on which it was due.
        Index("ix_visit_done_on_due_on_id_household_id", "done_on", "due_on", "id", "household_id"),
        Index("ix_visit_township_code_done_on_due_on_id", "township_code", "done_on", "due_on", "id"),
        Index("ix_visit_township_code_due_on_id", "township_code", "due_on", "id"),
        Index("ix_visit_village_code_due_on_id", "village_code", "due_on", "id"),
        Index("ix_visit_done_on_id", "done_on", "id"),
        Index("ix_visit_township_code_done_on_id", "township_code", "done_on", "id"),
        Index("ix_visit_household_id_id", "household_id", "id"),
        Index("ix_visit_benefit_id", "benefit_id"),
        given("ix_visit_open", "township_code", "id", known="open_since"),
        Index("ix_visit_kind_id", "kind", "id"),
        index_of("ix_visit_away", "id", "township_code", where=text("at_home = 0")),
        index_of("ix_visit_doubtful", "id", "township_code", where=text("consistent IS 0")),
        CheckConstraint("due_on IS NOT NULL OR done_on IS NOT NULL", name="planned_or_done"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    benefit_id: Mapped[int | None] = mapped_column(ForeignKey("benefit.id"))
    kind: Mapped[VisitKind] = mapped_column(Coded(VisitKind))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    met: Mapped[str] = mapped_column(String(50), default="")
    at_home: Mapped[bool] = mapped_column(default=True)
    consistent: Mapped[bool | None]
    found: Mapped[str] = mapped_column(Text, default="")
    open_since: Mapped[date | None]
    """Since when what it found to be other than on file waits for the township; empty once that was looked into."""
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    household: Mapped[Household] = relationship()
    benefit: Mapped[Benefit | None] = relationship()
    visitors: Mapped[list["Visitor"]] = relationship(cascade="all, delete-orphan", order_by="Visitor.id")
    changes: Mapped[list["VisitChange"]] = relationship(cascade="all, delete-orphan", order_by="VisitChange.change")

    def __str__(self) -> str:
        return f"{self.kind.value} {self.done_on or self.due_on}"


class Visitor(Base):
    """Who went; a user where they have a login, else by name alone."""

    __tablename__ = "visitor"
    __table_args__ = (Index("ix_visitor_visit_id_name", "visit_id", "name", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(50))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class VisitChange(Base):
    """Something that changed since the last visit."""

    __tablename__ = "visit_change"
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), primary_key=True)
    change: Mapped[Change] = mapped_column(Coded(Change), primary_key=True)


class Attachment(Scoped, Base):
    """A file: stored under a generated name, offered for download under the name it came with."""

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_benefit_id", "benefit_id"),
        Index("ix_attachment_household_id", "household_id"),
        Index("ix_attachment_visit_id", "visit_id"),
        whole("size"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    benefit_id: Mapped[int | None] = mapped_column(ForeignKey("benefit.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    paper: Mapped[Paper] = mapped_column(Coded(Paper))
    name: Mapped[str] = mapped_column(String(200))
    stored: Mapped[str] = mapped_column(String(80), unique=True)
    media: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None] = mapped_column(String(200))
