"""The desk's counts, kept in the same transaction as what they count."""

from datetime import date

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, whole

NO_DATE = date(1, 1, 1)


class DeskSummary(Base):
    """How many rows of a ``kind`` fall due on a day in a place, and their money (分); ``NO_DATE`` where none applies.

    A place is a village, a township (both codes are its own), or the whole county (both codes empty).
    """

    __tablename__ = "desk_summary"
    __table_args__ = (Index("ix_desk_summary_township_code_kind_due_on", "township_code", "kind", "due_on"), whole("n"))
    village_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    township_code: Mapped[str] = mapped_column(String(9))
    n: Mapped[int] = mapped_column(default=0)
    persons: Mapped[int] = mapped_column(default=0)
    amount_fen: Mapped[int] = mapped_column(BigInteger, default=0)


class DeskMark(Base):
    """Another ``mark`` for a place whenever something changes that its desks show; ``models.written`` knows what.

    ``writer`` is the transaction on PostgreSQL, whose writers do not wait for one another; 0 on SQLite.
    """

    __tablename__ = "desk_mark"
    place: Mapped[str] = mapped_column(String(12), primary_key=True)
    writer: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(36))
