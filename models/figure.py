"""Figures that the office entered itself, and when each figure was last compared with its document."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Coded, Versioned, ordered
from policy.figure_keys import Measure, Status


class CountyFigure(Versioned, Base):
    """A dated value of the county's own document; it wins over a shipped figure of the same place.

    ``value`` is written as people write it (元 with two decimals, words with spaces). A row is never rewritten: a
    later one ends it by ``valid_to`` (``ends_id`` says which one it ended), a wrong one is withdrawn, and calculations
    made with it keep what they used.
    """

    __tablename__ = "county_figure"
    __table_args__ = (
        Index("ix_county_figure_key_place_code_valid_from", "key", "place_code", "valid_from"),
        ordered("valid_from", "valid_to"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    place_code: Mapped[str] = mapped_column(String(12))
    measure: Mapped[Measure] = mapped_column(Coded(Measure))
    value: Mapped[str] = mapped_column(String(400))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    document: Mapped[str] = mapped_column(String(120))
    clause: Mapped[str] = mapped_column(String(80))
    status: Mapped[Status] = mapped_column(Coded(Status))
    note: Mapped[str] = mapped_column(String(400), default="")
    ends_id: Mapped[int | None] = mapped_column(ForeignKey("county_figure.id"))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None] = mapped_column(String(200))

    @property
    def cite(self) -> str:
        """Document and clause in one."""
        return f"{self.document} {self.clause}".strip()

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"


class FigureCheck(Base):
    """Somebody compared a figure, shipped or own, with its document and found it still in force."""

    __tablename__ = "figure_check"
    __table_args__ = (Index("ix_figure_check_key_place_code_valid_from", "key", "place_code", "valid_from"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    place_code: Mapped[str] = mapped_column(String(12))
    valid_from: Mapped[date]
    checked_on: Mapped[date]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
