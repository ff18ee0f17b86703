"""A county calculated anew: what each paid case would come to under new figures, staged, applied as a batch, undone."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Coded, Scoped, whole
from policy.vocabulary import Scheme


class Recalculation(Base):
    """Every paid case of a division calculated with the figures of a day, the first of the month it is to hold from.

    ``kind`` "adjust": may be applied; "simulate": scenarios of trial values, only looked at. ``counts`` holds the sums
    by township and class; ``undo_until`` is the last day before the first payment of the new amounts.
    """

    __tablename__ = "recalculation"
    __table_args__ = (Index("ix_recalculation_kind_id", "kind", "id"), whole("rows"))
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    scheme: Mapped[Scheme] = mapped_column(Coded(Scheme), default=Scheme.DIBAO)
    state: Mapped[str] = mapped_column(String(12), default="counting")
    title: Mapped[str] = mapped_column(String(200))
    division_code: Mapped[str] = mapped_column(String(12))
    on: Mapped[date]
    scenarios: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    figures_mark: Mapped[str | None] = mapped_column(String(64))
    rows: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str | None] = mapped_column(String(64))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    created_at: Mapped[datetime]
    counted_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    undo_until: Mapped[date | None]
    undone_at: Mapped[datetime | None]

    def __str__(self) -> str:
        return self.title


class RecalculationRow(Scoped, Base):
    """What became of one case in it: amounts before and after in 分 a month, and the versions it stood at.

    ``outcome`` says what the preview found; ``state`` what was done with it. Facts and lines are not kept here: they
    are read and calculated again, and a row whose sums then differ is stale.
    """

    __tablename__ = "recalculation_row"
    __table_args__ = (
        Index("ix_recalculation_row_recalculation_id_outcome_id", "recalculation_id", "outcome", "id"),
        Index(
            "ix_recalculation_row_recalculation_id_township_code_outcome_id",
            "recalculation_id",
            "township_code",
            "outcome",
            "id",
        ),
        Index("ix_recalculation_row_recalculation_id_state_id", "recalculation_id", "state", "id"),
        Index("ix_recalculation_row_benefit_id", "benefit_id"),
        whole("before_fen"),
        whole("after_fen"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    recalculation_id: Mapped[int] = mapped_column(ForeignKey("recalculation.id"))
    scenario: Mapped[int] = mapped_column(default=0)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    row_version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="staged")
    persons: Mapped[int]
    before_fen: Mapped[int]
    after_fen: Mapped[int]
    income_month_fen: Mapped[int | None] = mapped_column(BigInteger)
    standard_fen: Mapped[int | None]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    applied_version: Mapped[int | None]
    review_due_before: Mapped[date | None]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
