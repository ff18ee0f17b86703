"""特困: how each person of a case is supported, and which cases the county draws for a visit of its own."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Coded, Scoped, whole
from models.benefit import Benefit
from models.member import Member
from policy.vocabulary import HomeGround, Mode


class TekunPerson(Scoped, Base):
    """One person of a 特困 case: self-care by six items, the wish for 集中 or 分散, agreement, home.

    Written by ``workflows.casework`` alone; each value is that of the latest step, the steps keep the earlier ones.
    """

    __tablename__ = "tekun_person"
    __table_args__ = (
        Index("ix_tekun_person_benefit_id_member_id", "benefit_id", "member_id", unique=True),
        CheckConstraint("(assessed_on IS NULL) = (unmet IS NULL)", name="assessed_with_items"),
        whole("unmet"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    unmet: Mapped[int | None]
    """How many of the six items are not met."""
    items: Mapped[str] = mapped_column(String(60), default="")
    """The unmet items, by their codes, with blanks between."""
    assessed_on: Mapped[date | None]
    wish: Mapped[Mode | None] = mapped_column(Coded(Mode))
    wish_by: Mapped[str] = mapped_column(String(50), default="")
    wished_on: Mapped[date | None]
    guardian: Mapped[str] = mapped_column(String(50), default="")
    agreement_on: Mapped[date | None]
    agreement_file_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))
    home: Mapped[str] = mapped_column(String(100), default="")
    home_from: Mapped[date | None]
    home_until: Mapped[date | None]
    referred_to: Mapped[str] = mapped_column(String(100), default="")
    ground: Mapped[HomeGround | None] = mapped_column(Coded(HomeGround))
    """Why a home may not take the person in: shown only to who decides, and kept out of the history."""

    benefit: Mapped[Benefit] = relationship()
    member: Mapped[Member] = relationship()


class CountyCheck(Scoped, Base):
    """A 特困 case handed up to be confirmed, and whether it was drawn for the county's own visit (第十六条)."""

    __tablename__ = "county_check"
    __table_args__ = (
        Index("ix_county_check_benefit_id", "benefit_id", unique=True),
        Index("ix_county_check_township_code_month", "township_code", "month"),
        Index("ix_county_check_month_township_code", "month", "township_code"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    month: Mapped[date]
    picked: Mapped[bool]
    visited_on: Mapped[date | None]
