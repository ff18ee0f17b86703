"""All that is known of a family on one page: people, income, property, benefits, visits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Benefit, Household, Member, Visit
from policy.vocabulary import ENDED, Relation

VISITS_SHOWN = 20


@dataclass(frozen=True)
class Family:
    """What the page shows; members who left stand apart, with their days."""

    present: Sequence[Member]
    gone: Sequence[Member]
    benefits: Sequence[Benefit]
    visits: Sequence[Visit]

    @property
    def income_fen(self) -> int:
        """Income of all present members in a year, in 分."""
        return sum(line.year_fen for member in self.present for line in member.income)

    @property
    def spending_fen(self) -> int:
        """Rigid spending and work cost of all present members in a year, in 分."""
        return sum(line.year_fen for member in self.present for line in member.spending)


def family(session: Session, household: Household) -> Family:
    """Read the family in a fixed number of statements."""
    members = session.scalars(
        select(Member)
        .where(Member.household_id == household.id)
        .options(selectinload(Member.income), selectinload(Member.spending))
        .order_by(Member.id)
    ).all()
    benefits = session.scalars(
        select(Benefit).where(Benefit.household_id == household.id).order_by(Benefit.id.desc())
    ).all()
    latest = (
        select(Visit)
        .where(Visit.household_id == household.id)
        .options(joinedload(Visit.visitors))
        .order_by(Visit.done_on.is_not(None), Visit.due_on.desc(), Visit.done_on.desc(), Visit.id.desc())
        .limit(VISITS_SHOWN)
    )
    visits = session.scalars(latest).unique().all()
    present = sorted((m for m in members if m.present), key=lambda m: (m.relation != Relation.HEAD, m.id))
    gone = [m for m in members if not m.present]
    return Family(present, gone, sorted(benefits, key=lambda b: b.stage in ENDED), visits)
