"""Families: household, its causes of difficulty and marks, what it owns, who is bound to support it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Coded, Scoped, Versioned, given, ordered, whole
from models.sealing import Sealed, new_row_key
from policy.vocabulary import Area, AssetKind, Cause, DisabilityKind, Relation, Subject, Tag

if TYPE_CHECKING:
    from models.member import Member


class Household(Scoped, Versioned, Base):
    """家庭: where it lives, whom to pay, why it is in difficulty. Never deleted; dissolved when nobody is left."""

    __tablename__ = "household"
    __table_args__ = (
        Index("ix_household_township_code_id", "township_code", "id"),
        Index("ix_household_village_code_id", "village_code", "id"),
        Index("ix_household_head_name_id", "head_name", "id"),
        Index("ix_household_township_code_head_name_id", "township_code", "head_name", "id"),
        given("ix_household_certificate_no", "certificate_no"),
        given("ix_household_phone_hash", "phone_hash"),
        given("ix_household_account_hash", "account_hash"),
        given("ix_household_one_card_hash", "one_card_hash"),
        given("ix_household_dissolved", "id", known="dissolved_on"),
        whole("persons"),
        ordered("registered_on", "dissolved_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), unique=True, default=new_row_key)
    head_name: Mapped[str] = mapped_column(String(50))
    persons: Mapped[int] = mapped_column(default=0)
    area: Mapped[Area] = mapped_column(Coded(Area), default=Area.RURAL)
    address: Mapped[str] = mapped_column(String(200), default="")
    certificate_no: Mapped[str | None] = mapped_column(String(30))
    bank: Mapped[str | None] = mapped_column(String(60))
    account_name: Mapped[str | None] = mapped_column(String(50))
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hash: Mapped[str | None] = mapped_column(String(32))
    account_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_hash: Mapped[str | None] = mapped_column(String(32))
    one_card_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    one_card_hash: Mapped[str | None] = mapped_column(String(32))
    registered_on: Mapped[date]
    dissolved_on: Mapped[date | None]
    dishonest_until: Mapped[date | None]
    created_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    home_place: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """Where a family from elsewhere is registered (户籍地), in words; empty for one of this place."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)

    phone = Sealed(found_by="phone")
    account = Sealed(found_by="account")
    one_card = Sealed(found_by="account")

    members: Mapped[list["Member"]] = relationship(back_populates="household", order_by="Member.id")
    causes: Mapped[list["HouseholdCause"]] = relationship(cascade="all, delete-orphan", order_by="HouseholdCause.cause")
    tags: Mapped[list["HouseholdTag"]] = relationship(cascade="all, delete-orphan", order_by="HouseholdTag.tag")
    assets: Mapped[list["Asset"]] = relationship(cascade="all, delete-orphan", order_by="Asset.id")
    obligors: Mapped[list["Obligor"]] = relationship(cascade="all, delete-orphan", order_by="Obligor.id")

    def __str__(self) -> str:
        return self.head_name


class HouseholdCause(Base):
    """困难原因 of a household; several may hold."""

    __tablename__ = "household_cause"
    __table_args__ = (Index("ix_household_cause_cause_household_id", "cause", "household_id"),)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), primary_key=True)
    cause: Mapped[Cause] = mapped_column(Coded(Cause), primary_key=True)


class HouseholdTag(Base):
    """Marks of a household that rules ask for: 建档立卡, 脱贫, 监测对象 and the like."""

    __tablename__ = "household_tag"
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), primary_key=True)
    tag: Mapped[Tag] = mapped_column(Coded(Tag), primary_key=True)


class Asset(Base):
    """One kind of property of a household: how many, how large (㎡), worth how much (分)."""

    __tablename__ = "asset"
    __table_args__ = (whole("quantity"), whole("area_m2"), whole("value_fen"))
    id: Mapped[int] = mapped_column(primary_key=True)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"), index=True)
    kind: Mapped[AssetKind] = mapped_column(Coded(AssetKind))
    quantity: Mapped[int | None]
    area_m2: Mapped[int | None]
    value_fen: Mapped[int | None]
    business: Mapped[bool | None]
    note: Mapped[str] = mapped_column(String(200), default="")


class Obligor(Base):
    """法定赡养、抚养、扶养义务人 outside the household; amounts in 分 per month."""

    __tablename__ = "obligor"
    __table_args__ = (
        whole("household_size"),
        whole("income_month_fen"),
        whole("pays_month_fen"),
        whole("agreed_month_fen"),
        whole("supports", 1),
        CheckConstraint("disability_level BETWEEN 1 AND 4", name="disability_level_range"),
        CheckConstraint("(disability_kind IS NULL) = (disability_level IS NULL)", name="disability_kind_and_level"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(String(16), unique=True, default=new_row_key)
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(50))
    id_no_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_no_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    relation: Mapped[Relation] = mapped_column(Coded(Relation))
    household_size: Mapped[int | None]
    income_month_fen: Mapped[int | None]
    pays_month_fen: Mapped[int | None]
    agreed_month_fen: Mapped[int | None]
    supports: Mapped[int | None]
    birth: Mapped[date | None]
    receives: Mapped[Subject | None] = mapped_column(Coded(Subject))
    disability_kind: Mapped[DisabilityKind | None] = mapped_column(Coded(DisabilityKind))
    disability_level: Mapped[int | None]
    property_ok: Mapped[bool | None]
    able: Mapped[bool | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    id_no = Sealed(found_by="id_no")
