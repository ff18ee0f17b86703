"""What happened in a family, what a village reported, and what still has to be done because of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Coded, Scoped, Versioned
from models.benefit import Benefit
from models.household import Household
from models.member import Member
from models.sealing import Sealed, new_row_key
from policy.vocabulary import Happening, Need, ReportState, Role


class HouseholdEvent(Scoped, Base):
    """家庭变动: one thing that happened in a family on a day; never changed, never removed, where it happened.

    ``other_id`` is the second family of a marriage, split or merge; ``undoes_id`` the entry that this one takes back.
    ``data`` tells in ids and plain words what it wrote: rows before and after, cases and what became of them.
    """

    __tablename__ = "household_event"
    __table_args__ = (
        Index("ix_household_event_household_id_id", "household_id", "id"),
        Index("ix_household_event_other_id_id", "other_id", "id"),
        Index("ix_household_event_member_id", "member_id"),
        Index("ix_household_event_undoes_id", "undoes_id", unique=True),
        CheckConstraint("(kind = 'undone') = (undoes_id IS NOT NULL)", name="undone_names_the_entry"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("household_event.id"))
    kind: Mapped[Happening] = mapped_column(Coded(Happening))
    happened_on: Mapped[date]
    late: Mapped[bool] = mapped_column(default=False)
    """Reported later than the term for telling a change."""
    names: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    actor_name: Mapped[str] = mapped_column(String(50))
    actor_role: Mapped[Role | None] = mapped_column(Coded(Role))
    channel: Mapped[str] = mapped_column(String(12), default="web")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    household: Mapped[Household] = relationship(foreign_keys=household_id)
    other: Mapped[Household | None] = relationship(foreign_keys=other_id)
    member: Mapped[Member | None] = relationship()


class HouseholdReport(Scoped, Versioned, Base):
    """A change that somebody tells and somebody else decides on.

    A village worker's report waits for the township; a move to another township waits for that one (``to_code``);
    ``from_code`` is the township that told it. ``content`` is what was typed, field by field (JSON), sealed.
    """

    __tablename__ = "household_report"
    __table_args__ = (
        Index("ix_household_report_household_id_state", "household_id", "state"),
        Index("ix_household_report_from_code_state_id", "from_code", "state", "id"),
        Index("ix_household_report_to_code_state_id", "to_code", "state", "id"),
        Index("ix_household_report_proposed_by_id_id", "proposed_by_id", "id"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_with_state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), unique=True, default=new_row_key)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[Happening] = mapped_column(Coded(Happening))
    from_code: Mapped[str] = mapped_column(String(9))
    to_code: Mapped[str] = mapped_column(String(9))
    happened_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text, default="")
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[ReportState] = mapped_column(Coded(ReportState), default=ReportState.OPEN)
    due_on: Mapped[date | None]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    proposed_by: Mapped[str] = mapped_column(String(50))
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settled_by: Mapped[str] = mapped_column(String(50), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("household_event.id"))
    content = Sealed()

    household: Mapped[Household] = relationship()
    member: Mapped[Member | None] = relationship()


class HouseholdTask(Scoped, Versioned, Base):
    """What somebody still has to do because of an event, a report or a referral; done on the day on which it was."""

    __tablename__ = "household_task"
    __table_args__ = (
        Index("ix_household_task_household_id_done_on", "household_id", "done_on"),
        Index("ix_household_task_benefit_id_done_on", "benefit_id", "done_on"),
        Index("ix_household_task_report_id", "report_id"),
        Index("ix_household_task_event_id", "event_id"),
        Index("ix_household_task_township_code_done_on_due_on_id", "township_code", "done_on", "due_on", "id"),
        Index("ix_household_task_village_code_done_on_due_on_id", "village_code", "done_on", "due_on", "id"),
        Index("ix_household_task_done_on_due_on_id", "done_on", "due_on", "id"),
        CheckConstraint(
            "event_id IS NOT NULL OR report_id IS NOT NULL OR need = 'reply'", name="of_an_event_or_a_report"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    benefit_id: Mapped[int | None] = mapped_column(ForeignKey("benefit.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("household_event.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("household_report.id"))
    need: Mapped[Need] = mapped_column(Coded(Need))
    due_on: Mapped[date | None]
    since: Mapped[date]
    done_on: Mapped[date | None]

    household: Mapped[Household] = relationship()
    benefit: Mapped[Benefit | None] = relationship()
    event: Mapped[HouseholdEvent | None] = relationship()
    report: Mapped[HouseholdReport | None] = relationship()
