"""All that is known of a family on one page: people, income, property, benefits, visits. Read by columns."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, literal_column, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from models import Benefit, Household, HouseholdEvent, IncomeLine, Member, Obligor, SpendingLine, Visit, Visitor
from policy.vocabulary import ENDED, IncomeKind, Relation, SpendingKind
from views.panel import told

VISITS_SHOWN = 20
PERSON = (
    "id", "row_key", "id_no_sealed", "id_no_pending", "name", "relation", "sex", "birth", "absence", "disability_kind",
    "disability_level", "illness", "illness_name", "labour", "employment", "joined_on", "left_on", "leave_reason",
)  # fmt: skip
BENEFIT = ("id", "case_no", "scheme", "stage", "member_id", "persons", "monthly_fen", "applied_on", "review_due_on")
VISIT = ("id", "kind", "due_on", "done_on", "found")
OBLIGOR = ("id", "name", "relation", "pays_month_fen", "able")
EVENT = (
    "id", "household_id", "kind", "happened_on", "names", "words", "evidence", "late", "undoes_id", "at", "actor_name",
)  # fmt: skip


class Line(NamedTuple):
    """What a member earns or spends in a year, in 分."""

    kind: IncomeKind | SpendingKind
    id: int
    year_fen: int
    note: str


class Person(told.Person):
    """A member as the page shows them, with what they earn and spend in a year."""

    def __init__(self, values: Sequence[Any]) -> None:
        super().__init__(PERSON, values)
        self.income: list[Line] = []
        self.spending: list[Line] = []


class Seen(told.Told):
    """A visit, with the names of those who made it."""

    def __init__(self, values: Sequence[Any]) -> None:
        super().__init__(VISIT, values)
        self.visitors: list[str] = []


class Family(NamedTuple):
    """What the page shows; members who left stand apart, with their days."""

    present: Sequence[Person]
    gone: Sequence[Person]
    benefits: Sequence[Any]
    visits: Sequence[Seen]
    obligors: Sequence[Any]
    events: Sequence[Any]

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
    own = session.connection()  # columns need nothing of what the session adds

    def read(name: str) -> Sequence[Any]:
        return own.execute(_statements()[name], {"home": household.id}).all()

    members = {row.id: Person(row) for row in read("members")}
    for member_id, earned, kind, *line in read("lines"):
        person = members[member_id]
        lines, word = (person.income, IncomeKind(kind)) if earned else (person.spending, SpendingKind(kind))
        lines.append(Line(word, *line))
    present = sorted((m for m in members.values() if not m.left_on), key=lambda m: (m.relation != Relation.HEAD, m.id))
    gone = [m for m in members.values() if m.left_on]
    benefits = sorted(read("benefits"), key=lambda b: b.stage in ENDED)
    return Family(present, gone, benefits, _visits(read("visits")), read("obligors"), read("events"))


def _visits(rows: Sequence[Any]) -> list[Seen]:
    """One for each visit, of rows that are one for each who made it."""
    found: dict[int, Seen] = {}
    for *values, name in rows:
        visit = found.get(values[0]) or found.setdefault(values[0], Seen(values))
        visit.visitors += [name] if name else []
    return list(found.values())


@cache
def _statements() -> Mapping[str, Any]:
    """What is read of the family ``home``; put together once."""
    home: Any = bindparam("home")
    m, v = Member.__table__.c, Visit.__table__.c

    def of(model: Any, names: Sequence[str]) -> Any:
        return select(*(model.__table__.c[name] for name in names))

    def lines(model: Any, earned: str) -> Any:
        c = model.__table__.c
        kind = type_coerce(c.kind, String)  # a word of either list
        columns: tuple[Any, ...] = (c.member_id, literal_column(earned), kind, c.id.label("number"), c.year_fen, c.note)
        return select(*columns).join(Member.__table__, m.id == c.member_id).where(m.household_id == home)

    b, o, e = Benefit.__table__.c, Obligor.__table__.c, HouseholdEvent.__table__.c
    latest = (v.done_on.is_not(None), v.due_on.desc(), v.done_on.desc(), v.id.desc())
    shown = of(Visit, VISIT).where(v.household_id == home).order_by(*latest).limit(VISITS_SHOWN).subquery()
    s, who = shown.c, Visitor.__table__
    visits = select(shown, who.c.name).outerjoin_from(shown, who, who.c.visit_id == s.id)
    return {
        "members": of(Member, PERSON).where(m.household_id == home).order_by(m.id),
        "lines": union_all(lines(IncomeLine, "1"), lines(SpendingLine, "0")).order_by("number"),
        "benefits": of(Benefit, BENEFIT).where(b.household_id == home).order_by(b.id.desc()),
        "visits": visits.order_by(s.done_on.is_not(None), s.due_on.desc(), s.done_on.desc(), s.id.desc(), who.c.id),
        "obligors": of(Obligor, OBLIGOR).where(o.household_id == home).order_by(o.id),
        "events": of(HouseholdEvent, EVENT)
        .where(or_(e.household_id == home, e.other_id == home))
        .order_by(e.id.desc()),
    }
