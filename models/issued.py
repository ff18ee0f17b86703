"""Papers as they were issued: their numbers, what was printed, and the Word templates of the office.

And those that were set aside, since the office will not issue them.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Scoped, Versioned, index_of, whole
from models.sealing import Sealed, new_row_key

_ACTIVE = text("state = 'active'")


class PaperOffice(Versioned, Base):
    """机关代字: the word before the year in an office's numbers (巡民救), where the office has chosen its own."""

    __tablename__ = "paper_office"
    code: Mapped[str] = mapped_column(String(9), ForeignKey("division.code"), primary_key=True)
    word: Mapped[str] = mapped_column(String(20), unique=True)


class PaperCounter(Base):
    """The last number an office gave in a year; its row is the lock under which the next one is given."""

    __tablename__ = "paper_counter"
    office_code: Mapped[str] = mapped_column(String(9), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class PaperStyle(Base):
    """A style sheet that papers were printed with, by its SHA-256: it never changes, a new one is a new row."""

    __tablename__ = "paper_style"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class PaperTemplate(Versioned, Base):
    """A letter as an office words it, in Word: one version of it for a kind and a ``scheme`` ("" for every scheme).

    ``state``: "kept" until somebody activates it, "active", "retired". ``fields`` are the names it asks for.
    """

    __tablename__ = "paper_template"
    __table_args__ = (
        Index("ix_paper_template_kind_scheme_version", "kind", "scheme", "version", unique=True),
        index_of("uq_paper_template_active", "kind", "scheme", where=_ACTIVE, unique=True),
        whole("size"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    scheme: Mapped[str] = mapped_column(String(24), default="")
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="kept")
    file_name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    fields: Mapped[list[Any]] = mapped_column(JSON, default=list)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    uploaded_by_name: Mapped[str] = mapped_column(String(50))
    tried_at: Mapped[datetime | None]
    """When it was last looked at filled with a real case; none is activated before."""
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]

    def __str__(self) -> str:
        return self.file_name


class IssuedPaper(Scoped, Base):
    """A paper as it was issued: never changed, never removed; a correction is a further one that names this one.

    ``key`` says what it states ("decision:812", "publish:511526100201:2026-03"), ``turn`` how often that was issued.
    ``body`` is what was printed, numbers of people masked; ``full`` the same with whole numbers, where it has any.
    ``serial`` is empty for forms, which have no number of their own.
    """

    __tablename__ = "issued_paper"
    __table_args__ = (
        Index("ix_issued_paper_key_turn", "key", "turn", unique=True),
        Index("ix_issued_paper_office_code_year_serial", "office_code", "year", "serial", unique=True),
        Index("ix_issued_paper_word_year_serial", "word", "year", "serial", unique=True),
        Index("ix_issued_paper_benefit_id_id", "benefit_id", "id"),
        Index("ix_issued_paper_township_code_id", "township_code", "id"),
        Index("ix_issued_paper_village_code_id", "village_code", "id"),
        Index("ix_issued_paper_township_code_kind_id", "township_code", "kind", "id"),
        whole("serial", 1),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), unique=True, default=new_row_key)
    key: Mapped[str] = mapped_column(String(80))
    turn: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(24))
    family: Mapped[str] = mapped_column(String(8))
    benefit_id: Mapped[int | None] = mapped_column(ForeignKey("benefit.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    case_no: Mapped[str] = mapped_column(String(40), default="")
    office_code: Mapped[str] = mapped_column(String(9))
    word: Mapped[str | None] = mapped_column(String(20))
    year: Mapped[int]
    serial: Mapped[int | None]
    on: Mapped[date]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(50))
    title: Mapped[str] = mapped_column(String(120))
    addressee: Mapped[str] = mapped_column(String(80), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("issued_paper.id"), unique=True)
    why: Mapped[str] = mapped_column(String(200), default="")
    style: Mapped[str] = mapped_column(String(64), ForeignKey("paper_style.digest"))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was printed, numbers masked."""
    template_id: Mapped[int | None] = mapped_column(ForeignKey("paper_template.id"))
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    full_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    file_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    body = Sealed()
    full = Sealed()

    def __str__(self) -> str:
        return self.title


class SetAsidePaper(Scoped, Base):
    """A paper owed to a family that the office will not issue, and why; taken back, the row goes.

    ``key`` says what it would have stated, as that of an issued one; there is only one of the two.
    """

    __tablename__ = "set_aside_paper"
    __table_args__ = (
        Index("ix_set_aside_paper_event_id_kind", "event_id", "kind"),
        Index("ix_set_aside_paper_benefit_id_id", "benefit_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(24))
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    why: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(50))

    def __str__(self) -> str:
        return self.why
