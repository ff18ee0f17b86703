"""A step taken for many cases at once: the run, and each case of it with what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Coded, Scoped
from models.benefit import Benefit
from policy.vocabulary import Action


class BulkRun(Base):
    """One decision of a person to take one step for a list of cases; ``given`` is what was typed, for all the same."""

    __tablename__ = "bulk_run"
    __table_args__ = (Index("ix_bulk_run_user_id_id", "user_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[Action] = mapped_column(Coded(Action))
    given: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    job_id: Mapped[int | None]


class BulkLine(Scoped, Base):
    """A case of a run; taken in a transaction of its own. ``outcome``: waiting, done, or refused with its reasons.

    ``row_version`` is the version the preview showed: a case changed since is refused like any stale form.
    """

    __tablename__ = "bulk_line"
    __table_args__ = (
        Index("ix_bulk_line_bulk_run_id_outcome_id", "bulk_run_id", "outcome", "id"),
        Index("ix_bulk_line_bulk_run_id_benefit_id", "bulk_run_id", "benefit_id", unique=True),
        CheckConstraint("outcome IN ('waiting', 'done', 'refused')", name="outcome_known"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    bulk_run_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id"))
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    row_version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(8), default="waiting")
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    benefit: Mapped[Benefit] = relationship()
