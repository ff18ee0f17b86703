"""Aid beside the monthly one: payments in stages under one approval, and families to keep an eye on after a refusal."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Coded, Scoped, Versioned, ordered, whole
from models.benefit import Benefit
from models.household import Household
from policy.vocabulary import WatchEnd


class Instalment(Scoped, Base):
    """一次审批、分阶段救助: the ``nth`` payment of an approved sum (分), paid on its day or stopped."""

    __tablename__ = "instalment"
    __table_args__ = (
        Index("ix_instalment_benefit_id_nth", "benefit_id", "nth", unique=True),
        whole("nth", 1),
        whole("amount_fen", 1),
        CheckConstraint("paid_on IS NULL OR stopped_on IS NULL", name="paid_or_stopped"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    nth: Mapped[int]
    due_on: Mapped[date]
    amount_fen: Mapped[int]
    paid_on: Mapped[date | None]
    stopped_on: Mapped[date | None]


class Watch(Scoped, Versioned, Base):
    """潜在救助对象: a family that was refused though difficulty remains, to be looked at again on ``next_on``.

    On the list until ``settled_on``; ``found`` is what the latest look told.
    """

    __tablename__ = "watch"
    __table_args__ = (
        Index("ix_watch_household_id", "household_id"),
        Index("ix_watch_benefit_id", "benefit_id"),
        Index("ix_watch_next_on_id", "next_on", "id"),
        Index("ix_watch_township_code_next_on_id", "township_code", "next_on", "id"),
        Index("ix_watch_village_code_next_on_id", "village_code", "next_on", "id"),
        CheckConstraint("(settled_on IS NULL) = (outcome IS NULL)", name="settled_with_outcome"),
        ordered("since_on", "settled_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    why: Mapped[str] = mapped_column(Text)
    since_on: Mapped[date]
    next_on: Mapped[date]
    checked_on: Mapped[date | None]
    found: Mapped[str] = mapped_column(Text, default="", server_default="")
    outcome: Mapped[WatchEnd | None] = mapped_column(Coded(WatchEnd))
    settled_on: Mapped[date | None]
    settled_by: Mapped[str] = mapped_column(String(50), default="", server_default="")

    household: Mapped[Household] = relationship()
    benefit: Mapped[Benefit] = relationship()

    def __str__(self) -> str:
        return str(self.household)
