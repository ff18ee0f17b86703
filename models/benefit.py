"""The case: a benefit under one scheme, its events, owed papers, objections, cross-checks and stored findings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, and_, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Coded, Scoped, Versioned, given, index_of, ordered, whole
from models.household import Household
from models.member import Member
from policy.vocabulary import (
    Action,
    Area,
    Authority,
    Degree,
    EventKind,
    Paper,
    ReviewClass,
    RiseCause,
    Role,
    Scheme,
    Source,
    Stage,
    Unit,
)

_OPEN_DIBAO = text("scheme = 'dibao' AND unit = 'household' AND stage NOT IN ('refused', 'withdrawn', 'exited')")
OPEN_PERSONAL = (
    "scheme IN ('living_subsidy', 'care_subsidy', 'unsupported_child', 'orphan')"
    " AND stage NOT IN ('refused', 'withdrawn', 'exited')"
)
"""An open case of a scheme under which one person is entitled."""
_OPEN_PERSONAL = text(OPEN_PERSONAL)
_OPEN_DIBAO_OWN = text("scheme = 'dibao' AND unit = 'single' AND stage NOT IN ('refused', 'withdrawn', 'exited')")
_OPEN_TEKUN = text("scheme = 'tekun' AND unit = 'single' AND stage NOT IN ('refused', 'withdrawn', 'exited')")
_MARKED = text("urgent = 1 OR complaint_open = 1 OR near_relative = 1")
_DIBAO = f"'{Scheme.DIBAO.value}'"
ONE_OPEN_CASE = ("uq_benefit_open_", "benefit.household_id", "benefit.member_id")
"""What an engine names when a second open case of one scheme is refused: PostgreSQL the index, SQLite the columns."""


class Benefit(Scoped, Versioned, Base):
    """救助: one household's (or one person's) claim under one scheme, from application to exit.

    ``stage`` and the amounts are written by ``workflows.casework`` alone. Amounts in 分; ``monthly_fen`` is what
    the decision grants each month, whether or not a suspension holds it back.
    """

    __tablename__ = "benefit"
    __table_args__ = (
        Index("ix_benefit_township_code_applied_on_id", "township_code", "applied_on", "id"),
        Index("ix_benefit_applied_on_id", "applied_on", "id"),
        Index("ix_benefit_stage_id", "stage", "id"),
        Index("ix_benefit_township_code_stage_id", "township_code", "stage", "id"),
        Index("ix_benefit_village_code_stage_id", "village_code", "stage", "id"),
        given("ix_benefit_waiting_role_step_due_on_id", "waiting_role", "step_due_on", "id"),
        given(
            "ix_benefit_township_code_waiting_role_step_due_on_id",
            "township_code",
            "waiting_role",
            "step_due_on",
            "id",
            known="waiting_role",
        ),
        Index("ix_benefit_review_due_on_id", "review_due_on", "id"),
        Index("ix_benefit_township_code_review_due_on_id", "township_code", "review_due_on", "id"),
        given("ix_benefit_notice_until_id", "notice_until", "id"),
        given("ix_benefit_grace_until_id", "grace_until", "id"),
        given("ix_benefit_end_notice_until_id", "end_notice_until", "id"),
        given("ix_benefit_agreement_lacking_since_id", "agreement_lacking_since", "id"),
        given("ix_benefit_renew_from_id", "renew_from", "id"),
        given("ix_benefit_follows_id", "follows_id"),
        given("ix_benefit_township_code_came_from", "township_code", known="came_from"),
        Index("ix_benefit_household_id_id", "household_id", "id"),
        index_of("uq_benefit_open_dibao", "household_id", where=_OPEN_DIBAO, unique=True),
        index_of("uq_benefit_open_dibao_own", "member_id", where=_OPEN_DIBAO_OWN, unique=True),
        index_of("uq_benefit_open_personal", "member_id", "scheme", where=_OPEN_PERSONAL, unique=True),
        index_of("uq_benefit_open_tekun", "member_id", where=_OPEN_TEKUN, unique=True),
        given("ix_benefit_member_id", "member_id"),
        index_of("ix_benefit_marked", "id", where=_MARKED),
        index_of("ix_benefit_other_scheme_id", "scheme", "id", where=text(f"scheme != {_DIBAO}")),
        CheckConstraint("(unit = 'single') = (member_id IS NOT NULL)", name="single_names_a_member"),
        whole("persons", 1),
        whole("monthly_fen"),
        whole("one_off_fen"),
        whole("requested_fen"),
        whole("loss_fen"),
        whole("own_cost_fen"),
        CheckConstraint("tier IN ('A', 'B', 'C', 'D')", name="tier_known"),
        ordered("applied_on", "accepted_on"),
        ordered("notice_from", "notice_until"),
        ordered("applied_on", "ended_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(String(30), unique=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    scheme: Mapped[Scheme] = mapped_column(Coded(Scheme))
    area: Mapped[Area] = mapped_column(Coded(Area))
    unit: Mapped[Unit] = mapped_column(Coded(Unit), default=Unit.HOUSEHOLD)
    persons: Mapped[int]
    stage: Mapped[Stage] = mapped_column(Coded(Stage))
    stage_since: Mapped[date]
    waiting_role: Mapped[Role | None] = mapped_column(Coded(Role))
    step_due_on: Mapped[date | None]
    decide_by: Mapped[date | None]
    urgent: Mapped[bool] = mapped_column(default=False)
    special: Mapped[bool] = mapped_column(default=False)
    near_relative: Mapped[bool] = mapped_column(default=False)
    complaint_open: Mapped[bool] = mapped_column(default=False)
    authority: Mapped[Authority | None] = mapped_column(Coded(Authority))
    applied_on: Mapped[date]
    accepted_on: Mapped[date | None]
    pledged_on: Mapped[date | None]
    authorised_on: Mapped[date | None]
    notice_from: Mapped[date | None]
    notice_until: Mapped[date | None]
    decided_on: Mapped[date | None]
    pays_from: Mapped[date | None]
    monthly_fen: Mapped[int] = mapped_column(default=0)
    requested_fen: Mapped[int | None]
    tier: Mapped[str | None] = mapped_column(String(1))
    rise_cause: Mapped[RiseCause | None] = mapped_column(Coded(RiseCause))
    event_kind: Mapped[EventKind | None] = mapped_column(Coded(EventKind))
    event_degree: Mapped[Degree | None] = mapped_column(Coded(Degree))
    loss_fen: Mapped[int | None]
    own_cost_fen: Mapped[int | None]
    one_off_fen: Mapped[int] = mapped_column(default=0)
    paid_on: Mapped[date | None]
    taken_over: Mapped[bool] = mapped_column(default=False)
    first_month: Mapped[date | None]
    review_class: Mapped[ReviewClass | None] = mapped_column(Coded(ReviewClass))
    review_due_on: Mapped[date | None]
    grace_until: Mapped[date | None]
    valid_until: Mapped[date | None]
    renew_from: Mapped[date | None]
    """From this day its renewal may be applied for; ``valid_until`` is the last day of a recognition for a term."""
    renewing_since: Mapped[date | None]
    """Since when its renewal has been applied for, while that is undecided."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("benefit.id"))
    """The case it goes on from: the one it renews, the pending one that aid bridges, the first aid it completes."""
    came_from: Mapped[str | None] = mapped_column(String(12))
    """The township that it came from last, with its family or its person: what that one owes of it is owed here."""
    end_notice_until: Mapped[date | None]
    """The last day of the notice that 特困 support is to end, while it hangs."""
    agreement_lacking_since: Mapped[date | None]
    """Since when somebody supported at home lacks a guardianship agreement (监护协议)."""
    ended_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)

    household: Mapped[Household] = relationship()
    member: Mapped[Member | None] = relationship()
    events: Mapped[list["Event"]] = relationship(order_by="Event.id", back_populates="benefit")
    papers: Mapped[list["OwedPaper"]] = relationship(order_by="OwedPaper.id")
    objections: Mapped[list["Objection"]] = relationship(order_by="Objection.id")
    crosschecks: Mapped[list["Crosscheck"]] = relationship(order_by="Crosscheck.id")

    def __str__(self) -> str:
        return self.case_no


def of_scheme(scheme: Scheme | str) -> Any:
    """The condition for benefits of a scheme, in the words of the index of those that are not 低保 where it is one."""
    mine = Benefit.scheme == scheme
    return mine if scheme == Scheme.DIBAO else and_(mine, Benefit.scheme != literal_column(_DIBAO))


class Event(Scoped, Base):
    """What happened to a benefit: never changed, never removed. Actor None means the system (time alone)."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_benefit_id_id", "benefit_id", "id"),
        Index("ix_event_at_id", "at", "id"),
        # With what the desk asks of each event: which letters it states is counted without reading the rows.
        Index("ix_event_township_code_at_id_action_benefit_id", "township_code", "at", "id", "action", "benefit_id"),
        whole("monthly_before_fen"),
        whole("monthly_after_fen"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    action: Mapped[Action] = mapped_column(Coded(Action))
    from_stage: Mapped[Stage | None] = mapped_column(Coded(Stage))
    to_stage: Mapped[Stage] = mapped_column(Coded(Stage))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(50))
    actor_role: Mapped[Role | None] = mapped_column(Coded(Role))
    channel: Mapped[str] = mapped_column(String(12), default="web")
    opinion: Mapped[str] = mapped_column(Text, default="")
    clause: Mapped[str] = mapped_column(String(120), default="")
    monthly_before_fen: Mapped[int | None]
    monthly_after_fen: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    benefit: Mapped[Benefit] = relationship(back_populates="events")


_OWED = text("filed_on IS NULL")


class OwedPaper(Scoped, Base):
    """A paper the family still owes: told once as missing, or owed after aid was paid first; a debt until filed."""

    __tablename__ = "owed_paper"
    __table_args__ = (
        Index("ix_owed_paper_benefit_id", "benefit_id"),
        Index("ix_owed_paper_township_code_due_on_id", "township_code", "due_on", "id"),
        Index("ix_owed_paper_due_on_id", "due_on", "id"),
        index_of("ix_owed_paper_owed", "township_code", "id", where=_OWED),
        ordered("told_on", "filed_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    paper: Mapped[Paper] = mapped_column(Coded(Paper))
    note: Mapped[str] = mapped_column(String(200), default="")
    told_on: Mapped[date]
    due_on: Mapped[date | None]
    filed_on: Mapped[date | None]
    benefit: Mapped[Benefit] = relationship(overlaps="papers")


class Objection(Scoped, Base):
    """异议 raised during a notice, or (``complaint``) a complaint about a case at any time."""

    __tablename__ = "objection"
    __table_args__ = (Index("ix_objection_benefit_id", "benefit_id"), ordered("received_on", "answered_on"))
    id: Mapped[int] = mapped_column(primary_key=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    complaint: Mapped[bool] = mapped_column(default=False)
    by_name: Mapped[str] = mapped_column(String(50), default="")
    text: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
    answered_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(Text, default="")


class Crosscheck(Scoped, Base):
    """核对: what one source answered about a family; doubtful answers need a word in the opinion."""

    __tablename__ = "crosscheck"
    __table_args__ = (
        Index("ix_crosscheck_benefit_id_source", "benefit_id", "source", unique=True),
        ordered("asked_on", "back_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    source: Mapped[Source] = mapped_column(Coded(Source))
    asked_on: Mapped[date]
    back_on: Mapped[date | None]
    doubtful: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(400), default="")


class Finding(Base):
    """A stored calculation: the facts, figures, clauses and lines that led to an amount; never changed.

    ``names`` says who is who by ``ref`` ("m12"), as they were called that day; the obligors under "obligors", in order.
    """

    __tablename__ = "finding"
    __table_args__ = (whole("monthly_fen"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"), index=True)
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    names: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    monthly_fen: Mapped[int | None]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
