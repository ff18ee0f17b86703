"""What the list of households shows and asks: one row of facts each, read in two statements whatever the size."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session, aliased

from models import Benefit, Household, HouseholdCause, Member, Visit
from policy.vocabulary import ENDED, IN_FORCE, OPEN, UNDECIDED, Cause, Relation, Scheme, Stage
from views.context import today
from views.panel.filters import Filter, FoundFilter, NameFilter, SetFilter, TownshipFilter, VillageFilter, WordFilter
from workflows import names

NEAR_DAYS = 30


@dataclass
class HouseholdRow:
    """A line of the list: the household, its head, what it receives, when somebody was there."""

    household: Household
    head: Member | None
    causes: str | None
    last_visit: date | None
    visit_due: date | None
    benefits: list[Row[Any]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        """Whatever is the household's own."""
        return getattr(self.household, name)

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
    if not ids:
        return []
    head, visits = aliased(Member), _visits(ids)
    is_head = (head.household_id == Household.id) & head.left_on.is_(None) & (head.relation == Relation.HEAD)
    query = (
        select(Household, head, _causes(), visits.c.last, visits.c.due)
        .outerjoin(head, is_head)
        .outerjoin(visits, visits.c.household_id == Household.id)
        .where(Household.id.in_(ids))
    )
    rows = {row[0].id: HouseholdRow(*row) for row in session.execute(query)}
    b = Benefit
    benefits = select(b.id, b.household_id, b.scheme, b.stage, b.monthly_fen, b.review_due_on).order_by(b.household_id)
    # Which of them are open is asked here, not of the database: it would go by the stage through the whole table.
    for benefit in session.execute(benefits.where(b.household_id.in_(ids))):
        if benefit.stage in OPEN:
            rows[benefit.household_id].benefits.append(benefit)
    return [rows[id] for id in ids if id in rows]


def _causes() -> Any:
    words = func.aggregate_strings(HouseholdCause.cause.expression, " ")
    return select(words).where(HouseholdCause.household_id == Household.id).correlate(Household).scalar_subquery()


def _visits(ids: Sequence[int]) -> Any:
    """Of each household, when somebody was there last and when the next visit is due."""
    due = func.min(case((Visit.done_on.is_(None), Visit.due_on)))
    query = select(Visit.household_id, func.max(Visit.done_on).label("last"), due.label("due"))
    return query.where(Visit.household_id.in_(ids)).group_by(Visit.household_id).subquery()


STAGES = {
    "in_force": (_l("In force"), lambda: Benefit.stage.in_(IN_FORCE)),
    "undecided": (_l("Undecided"), lambda: Benefit.stage.in_(UNDECIDED)),
    **{s.value: (_l(s.label), lambda s=s: Benefit.stage == s) for s in Stage},
    "ended": (_l("Ended"), lambda: Benefit.stage.in_(ENDED)),
}
REVIEWS = {
    "overdue": (_l("Overdue"), lambda: Benefit.review_due_on < today()),
    "near": (_l("Within 30 days"), lambda: Benefit.review_due_on.between(today(), today() + timedelta(days=NEAR_DAYS))),
}


def quarter_start(on: date) -> date:
    """The first day of the quarter."""
    return date(on.year, (on.month - 1) // 3 * 3 + 1, 1)


# Asked once for all households, not household by household: an engine without statistics takes the wrong index there.
VISITS = {
    "overdue": (
        _l("Overdue"),
        lambda: Household.id.in_(select(Visit.household_id).where(Visit.done_on.is_(None), Visit.due_on < today())),
    ),
    "quarter": (
        _l("Not visited this quarter"),
        lambda: Household.id.not_in(select(Visit.household_id).where(Visit.done_on >= quarter_start(today()))),
    ),
}
STANDING = {
    "gone": (_l("Dissolved"), lambda: Household.dissolved_on.is_not(None)),
    "all": (_l("All, also dissolved"), lambda: Household.id > 0),
}


def causes_in_words(codes: str | None) -> str:
    """Stored codes as words."""
    return "、".join(gettext(Cause(code).label) for code in sorted((codes or "").split())) or "—"


def _with_member(typed: str) -> Any:
    """Somebody of this name lives there."""
    found = select(Member.household_id).where(Member.id.in_(names.find_members(typed)), Member.left_on.is_(None))
    return Household.id.in_(found)


class OfBenefit(SetFilter):
    """A question about the household's benefits; all of these together are asked of one and the same benefit."""


FILTERS: tuple[Filter, ...] = (
    FoundFilter("found", _l("Found"), Household.id.in_),
    NameFilter("name", _l("Name"), _with_member),
    TownshipFilter("township", _l("Township"), lambda code: Household.township_code == code),
    VillageFilter("village", _l("Village or community"), lambda code: Household.village_code == code),
    OfBenefit("scheme", _l("Scheme"), {s.value: (_l(s.label), lambda s=s: Benefit.scheme == s) for s in Scheme}),
    OfBenefit("stage", _l("Stage"), STAGES),
    WordFilter(
        "cause", _l("Cause of difficulty"), Cause,
        lambda code: Household.id.in_(select(HouseholdCause.household_id).where(HouseholdCause.cause == code)),
    ),
    SetFilter("visit", _l("Visit"), VISITS),
    SetFilter("standing", _l("Standing"), STANDING),
    OfBenefit("review", _l("Review due"), REVIEWS),
)  # fmt: skip


def clauses(values: dict[str, str]) -> list[Any]:
    """The conditions of the filters in use."""
    plain = [f.clause(values[f.name]) for f in FILTERS if f.name in values and not isinstance(f, OfBenefit)]
    of_benefit = [f.clause(values[f.name]) for f in FILTERS if f.name in values and isinstance(f, OfBenefit)]
    if of_benefit:
        open_only = [] if "stage" in values else [Benefit.stage.in_(OPEN)]
        plain.append(Household.id.in_(select(Benefit.household_id).where(*of_benefit, *open_only)))
    if not {"standing", "found"} & values.keys():
        plain.append(Household.dissolved_on.is_(None))
    return plain
