"""Rows of the list of households: a few facts of each, read in two statements whatever the size of the county."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext
from sqlalchemy import Row, bindparam, case, func, select
from sqlalchemy.orm import Session

from models import Benefit, Household, HouseholdCause, Member, Visit
from policy.vocabulary import IN_FORCE, OPEN, Cause, Relation
from views.case_words import listed
from views.panel.told import Person, Told

HOME = ("id", "head_name", "persons", "village_code", "address")
HEAD = ("row_key", "id_no_sealed")
READ = (*HOME, *HEAD, "causes", "last_visit", "visit_due")


class HouseholdRow(Told):
    """A line of the list: the household, its head, what it receives, when somebody was there."""

    def __init__(self, *values: Any) -> None:
        super().__init__(READ, values)
        self.head = Person(HEAD, (self.row_key, self.id_no_sealed)) if self.row_key else None
        self.benefits: list[Row[Any]] = []

    @property
    def monthly_fen(self) -> int:
        """What is granted each month, over all benefits in force, in 分."""
        return sum(b.monthly_fen for b in self.benefits if b.stage in IN_FORCE)

    @property
    def review_due(self) -> date | None:
        """The earliest review."""
        return min((b.review_due_on for b in self.benefits if b.review_due_on), default=None)


def load(session: Session, ids: Sequence[int]) -> list[HouseholdRow]:
    """The lines of these households, in this order: two statements, each by the households' own indexes."""
    homes, benefits = _statements()
    rows = {row.id: row for row in (HouseholdRow(*one) for one in session.execute(homes, {"ids": list(ids)}))}
    # Which of them are open is asked here, not of the database: it would go by the stage through the whole table.
    for benefit in session.execute(benefits, {"ids": list(ids)}):
        if benefit.stage in OPEN:
            rows[benefit.household_id].benefits.append(benefit)
    return [rows[id] for id in ids if id in rows]


@cache
def _statements() -> tuple[Any, Any]:
    """The households ``ids`` and what they receive or have applied for; put together once."""
    ids: Any = bindparam("ids", expanding=True)
    h, m, b = Household.__table__.c, Member.__table__.c, Benefit.__table__.c
    visits, is_head = _visits(ids), (m.household_id == h.id) & m.left_on.is_(None) & (m.relation == Relation.HEAD)
    homes = (
        select(*(h[name] for name in HOME), *(m[name] for name in HEAD), _causes(), visits.c.last, visits.c.due)
        .outerjoin_from(Household.__table__, Member.__table__, is_head)
        .outerjoin(visits, visits.c.household_id == h.id)
        .where(h.id.in_(ids))
    )
    benefits = select(b.household_id, b.scheme, b.stage, b.monthly_fen, b.review_due_on)
    return homes, benefits.where(b.household_id.in_(ids)).order_by(b.household_id, b.id)


def _causes() -> Any:
    c = HouseholdCause.__table__.c
    words = func.aggregate_strings(HouseholdCause.cause.expression, " ")
    return select(words).where(c.household_id == Household.__table__.c.id).correlate(Household).scalar_subquery()


def _visits(ids: Any) -> Any:
    """Of each household, when somebody was there last and when the next visit is due."""
    v = Visit.__table__.c
    due = func.min(case((v.done_on.is_(None), v.due_on)))
    query = select(v.household_id, func.max(v.done_on).label("last"), due.label("due"))
    return query.where(v.household_id.in_(ids)).group_by(v.household_id).subquery()


def causes_in_words(codes: str | None) -> str:
    """Stored codes as words."""
    return listed(gettext(Cause(code).label) for code in sorted((codes or "").split())) or "—"
