"""People of a family: each stay of a person with its dates, income, spending and parents; where a name is found."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Coded, Scoped, Versioned, given, index_of, ordered, whole
from models.household import Household
from models.sealing import Sealed, new_row_key
from policy.vocabulary import (
    Absence,
    CareNeed,
    DisabilityKind,
    Employment,
    Health,
    Illness,
    IncomeKind,
    Labour,
    LeaveReason,
    Marital,
    Mode,
    ParentKind,
    ParentState,
    Relation,
    Schooling,
    Sex,
    SpendingKind,
    StudyLevel,
)

ONE_STAY = ("uq_member_present_id_no", "member.id_no_hash")
"""What an engine names when somebody would be present twice: PostgreSQL the index, SQLite the column."""
_PRESENT = text("left_on IS NULL")
_DISABLED = text("disability_kind IS NOT NULL")
_PRESENT_HEAD = text("left_on IS NULL AND relation = 'head'")


def _present(name: str, *columns: str, only: str = "") -> Index:
    """Lists of a place, or of all places, page and count from the index alone."""
    return index_of(name, *columns, where=_PRESENT, only=only)


class Member(Scoped, Versioned, Base):
    """家庭成员: one stay of a person in a household, from joining to leaving. Never deleted."""

    __tablename__ = "member"
    __table_args__ = (
        Index("ix_member_village_code_id", "village_code", "id"),
        # SQLite reads from an index alone what that holds; PostgreSQL takes half as long without the day of leaving.
        _present("ix_member_present_id_left_on", "id", "left_on", only="sqlite"),
        _present("ix_member_present_id", "id", only="postgresql"),
        _present("ix_member_present_township_code_id", "township_code", "id"),
        Index("ix_member_name_id", "name", "id"),
        Index("ix_member_township_code_name_id", "township_code", "name", "id"),
        Index("ix_member_household_id_id", "household_id", "id"),
        Index("ix_member_birth_id", "birth", "id"),
        Index("ix_member_id_no_hash_joined_on", "id_no_hash", "joined_on"),
        Index("ix_member_id_no_last4_id", "id_no_last4", "id"),
        index_of("ix_member_disability_kind_id", "disability_kind", "id", where=_DISABLED),
        given("ix_member_left", "id", "township_code", known="left_on"),
        index_of("uq_member_present_id_no", "id_no_hash", where=_PRESENT, unique=True),
        index_of("uq_member_present_head", "household_id", where=_PRESENT_HEAD, unique=True),
        CheckConstraint("disability_level BETWEEN 1 AND 4", name="disability_level_range"),
        CheckConstraint("(disability_kind IS NULL) = (disability_level IS NULL)", name="disability_kind_and_level"),
        CheckConstraint("(left_on IS NULL) = (leave_reason IS NULL)", name="left_with_reason"),
        CheckConstraint("self_care_unmet BETWEEN 0 AND 6", name="self_care_unmet_range"),
        whole("refused_work"),
        whole("clergy_years_away"),
        ordered("birth", "joined_on"),
        ordered("joined_on", "left_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), unique=True, default=new_row_key)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"))
    name: Mapped[str] = mapped_column(String(50))
    id_no_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    id_no_hash: Mapped[str] = mapped_column(String(32))
    id_no_last4: Mapped[str] = mapped_column(String(32))
    id_no_pending: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A newborn whose number is not issued yet; a stand-in that nobody takes for a number stands in its place."""
    relation: Mapped[Relation] = mapped_column(Coded(Relation))
    sex: Mapped[Sex] = mapped_column(Coded(Sex))
    birth: Mapped[date]
    ethnicity: Mapped[str | None] = mapped_column(String(20))
    marital: Mapped[Marital | None] = mapped_column(Coded(Marital))
    schooling: Mapped[Schooling | None] = mapped_column(Coded(Schooling))
    political: Mapped[str | None] = mapped_column(String(20))
    employment: Mapped[Employment | None] = mapped_column(Coded(Employment))
    workplace: Mapped[str | None] = mapped_column(String(100))
    school: Mapped[str | None] = mapped_column(String(100))
    study: Mapped[StudyLevel | None] = mapped_column(Coded(StudyLevel))
    study_full_time: Mapped[bool | None]
    disability_kind: Mapped[DisabilityKind | None] = mapped_column(Coded(DisabilityKind))
    disability_level: Mapped[int | None]
    disability_cert_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    illness: Mapped[Illness | None] = mapped_column(Coded(Illness))
    illness_name: Mapped[str | None] = mapped_column(String(60))
    labour: Mapped[Labour | None] = mapped_column(Coded(Labour))
    health: Mapped[Health | None] = mapped_column(Coded(Health))
    insurance: Mapped[str | None] = mapped_column(String(40))
    registered_poor: Mapped[bool] = mapped_column(default=False)
    cohabiting: Mapped[bool] = mapped_column(default=True)
    cares_for_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    needs_care: Mapped[CareNeed | None] = mapped_column(Coded(CareNeed))
    self_care_unmet: Mapped[int | None]
    refused_work: Mapped[int | None]
    absence: Mapped[Absence | None] = mapped_column(Coded(Absence))
    clergy_years_away: Mapped[int | None]
    support_mode: Mapped[Mode | None] = mapped_column(Coded(Mode))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    leave_reason: Mapped[LeaveReason | None] = mapped_column(Coded(LeaveReason))
    note: Mapped[str] = mapped_column(Text, default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)

    id_no = Sealed(found_by="id_no", last4=True)
    disability_cert = Sealed()

    household: Mapped[Household] = relationship(back_populates="members")
    income: Mapped[list["IncomeLine"]] = relationship(cascade="all, delete-orphan", order_by="IncomeLine.id")
    spending: Mapped[list["SpendingLine"]] = relationship(cascade="all, delete-orphan", order_by="SpendingLine.id")
    parents: Mapped[list["ChildParent"]] = relationship(cascade="all, delete-orphan", order_by="ChildParent.kind")

    def __str__(self) -> str:
        return self.name

    @property
    def present(self) -> bool:
        """Still in the household."""
        return self.left_on is None


class IncomeLine(Base):
    """One kind of income of a member, in 分 per year (annual value first, divided by twelve once)."""

    __tablename__ = "income_line"
    __table_args__ = (whole("year_fen"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    kind: Mapped[IncomeKind] = mapped_column(Coded(IncomeKind))
    year_fen: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")


class SpendingLine(Base):
    """One kind of rigid spending or work cost of a member, in 分 per year."""

    __tablename__ = "spending_line"
    __table_args__ = (whole("year_fen"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    kind: Mapped[SpendingKind] = mapped_column(Coded(SpendingKind))
    year_fen: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")


class ChildParent(Base):
    """What was found out of a child's father or mother: why this parent does not raise it, from when until when."""

    __tablename__ = "child_parent"
    __table_args__ = (
        Index("ix_child_parent_member_id_kind", "member_id", "kind", unique=True),
        ordered("since", "until"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    kind: Mapped[ParentKind] = mapped_column(Coded(ParentKind))
    state: Mapped[ParentState] = mapped_column(Coded(ParentState))
    since: Mapped[date | None]
    until: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(200), default="")


class NameIndex(Base):
    """Where a name is found: pairs of neighbouring characters and pinyin initials of every member (and head).

    Its people are not checked against those on file: nobody there is ever deleted, and it holds three rows of each.
    """

    __tablename__ = "name_index"
    __table_args__ = (Index("ix_name_index_member_id", "member_id"), {"sqlite_with_rowid": False})
    token: Mapped[str] = mapped_column(String(12), primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
