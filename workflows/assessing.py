"""The facts of a calculation out of the tables: one family as it is loaded, or a county's families in bulk."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Connection, Date, Select, String, select, type_coerce
from sqlalchemy.orm import Session

from models import Asset, Benefit, Household, HouseholdTag, IncomeLine, Member, Obligor, SpendingLine
from models.base import Coded
from policy.family import Conduct, Current, Family, Hardship, Trial
from policy.vocabulary import CHILDREN, IN_FORCE, UNDECIDED, Area, Degree, EventKind, RiseCause, Scheme, Subject, Unit
from workflows.family_facts import (
    ASSET,
    MEMBER,
    OBLIGOR,
    estate_of,
    income_of,
    kin_of,
    names_of,
    person_of,
    spending_of,
    tags_of,
)
from workflows.holding import ASKS_OF, held_in, parents_in, with_parents

CHUNK = 1000
_Found = dict[int, list[Any]]
NO_TRIAL: Trial = MappingProxyType({})
_CASE = (
    "id", "case_no", "household_id", "member_id", "scheme", "area", "unit", "stage", "row_version", "monthly_fen",
    "persons", "township_code", "village_code", "batch_id", "pledged_on", "authorised_on", "first_month", "pays_from",
    "requested_fen", "urgent", "tier", "rise_cause", "event_kind", "event_degree", "loss_fen", "own_cost_fen",
)  # fmt: skip
_LINE = ("member_id", "kind", "year_fen")
_member, _obligor, _asset, _line = (attrgetter(*names) for names in (MEMBER, OBLIGOR, ASSET, _LINE))


class Case(NamedTuple):
    """A case as a calculation over many reads it: columns of the benefit and its household, words as their codes."""

    id: int
    case_no: str
    household_id: int
    member_id: int | None
    scheme: str
    area: str
    unit: str
    stage: str
    row_version: int
    monthly_fen: int
    persons: int
    township_code: str
    village_code: str
    batch_id: int | None
    pledged_on: date | None
    authorised_on: date | None
    first_month: date | None
    pays_from: date | None
    requested_fen: int | None
    urgent: bool
    tier: str | None
    rise_cause: str | None
    event_kind: str | None
    event_degree: str | None
    loss_fen: int | None
    own_cost_fen: int | None
    head_name: str
    dishonest_until: date | None
    names: Mapping[str, Any]
    """Who is who: names by ``ref`` ("m12"), and those of the obligors in order under "obligors"."""


def family_of(
    home: Benefit | Household,
    on: date,
    *,
    place: str | None = None,
    scheme: Subject | None = None,
    current: bool = True,
    receives: Benefit | None = None,
    figures: Trial = NO_TRIAL,
) -> Family:
    """The facts of a case (or of a family without one) on a day, from its loaded rows.

    ``current``: tell what the family receives, by this case or by ``receives``. ``figures``: trial values.
    """
    benefit = home if isinstance(home, Benefit) else None
    household = home.household if isinstance(home, Benefit) else home
    members = [_member(m) for m in household.members if m.present]
    lines = {m.id: m for m in household.members}
    people = tuple(
        person_of(
            row,
            tuple(income_of(*_line(line)) for line in lines[row[1]].income),
            tuple(spending_of(*_line(line)) for line in lines[row[1]].spending),
        )
        for row in members
    )
    paid = receives or (benefit if benefit is not None and benefit.stage in IN_FORCE else None)
    return Family(
        place or home.village_code, on, scheme or (Subject(benefit.scheme) if benefit else Subject.DIBAO), home.area,
        benefit.unit if benefit else None, figures, tags_of([row.tag for row in household.tags], members),
        benefit.tier if benefit else None, people,
        tuple(kin_of(_obligor(o), on) for o in household.obligors), estate_of(map(_asset, household.assets)),
        _conduct(benefit, household.dishonest_until), _event(benefit), _current(paid) if current and paid else None,
        alone=_alone(benefit),
    )  # fmt: skip


def names_in(household: Household) -> Mapping[str, Any]:
    """Who is who in a finding about this family."""
    present = [_member(m) for m in household.members if m.present]
    return names_of(present, map(_obligor, household.obligors))


def families(
    session: Session,
    which: Iterable[int] | Select[Any],
    on: date,
    *,
    place: str | None = None,
    scheme: Subject | None = None,
    current: bool = True,
    figures: Trial = NO_TRIAL,
    chunk: int = CHUNK,
) -> Iterator[tuple[Case, Family]]:
    """Cases and their facts on a day, in the order of ``which`` (numbers of benefits, or a query of them).

    Seven statements for every ``chunk`` of cases, and one or two where rules ask what else is in force, and of a
    child's parents; nothing is kept of a chunk when the next is read.
    """
    session.flush()
    ids = list(session.scalars(which)) if isinstance(which, Select) else list(which)
    for start in range(0, len(ids), chunk):
        yield from _chunk(session, ids[start : start + chunk], on, place, scheme, current, figures)


def _chunk(
    session: Session,
    ids: Sequence[int],
    on: date,
    place: str | None,
    scheme: Subject | None,
    current: bool,
    figures: Trial,
) -> Iterator[tuple[Case, Family]]:
    # Past the session: rows alone are read, and at half the cost.
    connection = session.connection()
    cases = {row[0]: row for row in connection.execute(_cases().where(_c(Benefit).id.in_(ids)))}
    homes = sorted({row[2] for row in cases.values()})
    rows, beside = _Rows(connection, homes), _beside(connection, cases, homes)
    estates = {home: estate_of(found) for home, found in rows.assets.items()}
    nothing = estate_of(())
    for id in ids:
        found = cases.get(id)
        if found is None:
            continue
        home = found[2]
        members, obligors = rows.members.get(home, ()), rows.obligors.get(home, ())
        case = Case._make((*found, names_of(members, obligors)))
        yield case, beside(case, Family(
            place or case.village_code, on, scheme or Subject(case.scheme), Area(case.area), Unit(case.unit), figures,
            tags_of(rows.tags.get(home, ()), members), case.tier,
            tuple([person_of(m, rows.income.get(m[1], ()), rows.spending.get(m[1], ())) for m in members]),
            tuple([kin_of(o, on) for o in obligors]), estates.get(home, nothing), _conduct(case, case.dishonest_until),
            _event(case), _current(case) if current and case.stage in IN_FORCE else None, alone=_alone(case),
        ))  # fmt: skip


def _beside(connection: Connection, cases: Mapping[int, Any], homes: Sequence[int]) -> Callable[[Case, Family], Family]:
    """Adds what else is in force, and a child's parents, to the cases whose rules ask for that."""
    asking = [row for row in cases.values() if Scheme(row[4]) in ASKS_OF]
    asked = {of for scheme in {row[4] for row in asking} for of in ASKS_OF[Scheme(scheme)]}
    held = held_in(connection, homes, asked) if asking else {}
    parents = parents_in(connection, [row[3] for row in asking if row[4] in CHILDREN and row[3]])

    def add(case: Case, family: Family) -> Family:
        wanted = ASKS_OF.get(Scheme(case.scheme))
        if wanted is None:
            return family
        beside = held.get(case.household_id, ())
        others = tuple(one for id, one in beside if id != case.id and Scheme(one.scheme.value) in wanted)
        family = replace(family, held=others)
        return with_parents(family, parents.get(case.member_id or 0, ())) if case.scheme in CHILDREN else family

    return add


class _Rows:
    """Everything that hangs on some households, by household or by member."""

    def __init__(self, connection: Connection, homes: Sequence[int]) -> None:
        self.connection, self.homes = connection, homes
        self.members = self._of(Member, MEMBER, _c(Member).left_on.is_(None))
        self.assets, self.obligors = self._of(Asset, ASSET), self._of(Obligor, OBLIGOR)
        tags = self._read(select(*_plain(HouseholdTag, ("household_id", "tag"))), HouseholdTag)
        self.tags = {home: [tag for _, tag in found] for home, found in tags.items()}
        self.income, self.spending = self._lines(IncomeLine, income_of), self._lines(SpendingLine, spending_of)

    def _of(self, model: type[Any], names: Sequence[str], *where: Any) -> _Found:
        query = select(*_plain(model, names)).where(*where).order_by(_c(model).id)
        return self._read(query, model)

    def _lines(self, model: type[Any], make: Callable[[int, str, int], Any]) -> dict[int, tuple[Any, ...]]:
        query = select(*_plain(model, _LINE)).order_by(_c(model).id)
        query = query.join(Member.__table__, _c(Member).id == _c(model).member_id).where(_c(Member).left_on.is_(None))
        return {id: tuple([make(*row) for row in found]) for id, found in self._read(query, Member).items()}

    def _read(self, query: Select[Any], model: type[Any]) -> _Found:
        found: _Found = defaultdict(list)
        for row in self.connection.execute(query.where(_c(model).household_id.in_(self.homes))):
            found[row[0]].append(row)
        return found


def _cases() -> Select[Any]:
    home = _c(Household)
    columns = [*_plain(Benefit, _CASE, Coded), home.head_name, home.dishonest_until]
    return select(*columns).join_from(Benefit.__table__, Household.__table__, home.id == _c(Benefit).household_id)


def _c(model: type[Any]) -> Any:
    return model.__table__.c


def _plain(model: type[Any], names: Iterable[str], made: Any = (Coded, Date, Boolean)) -> list[Any]:
    """Columns to read as the driver gives them: a word or a day costs more to make than its row to read."""
    columns = [_c(model)[name] for name in names]
    return [type_coerce(column, String) if isinstance(column.type, made) else column for column in columns]


def _conduct(case: Benefit | Case | None, dishonest_until: date | None) -> Conduct:
    """A family that receives has signed; of one that applies it must be on file."""
    if case is None or case.stage not in UNDECIDED:
        return Conduct(dishonest_until=dishonest_until)
    return Conduct(case.pledged_on is not None, case.authorised_on is not None, True, dishonest_until)


def _alone(case: Benefit | Case | None) -> str | None:
    """The ref of the one member whose case it is."""
    return f"m{case.member_id}" if case is not None and case.member_id is not None else None


def _event(case: Benefit | Case | None) -> Hardship | None:
    if case is None or case.event_kind is None:
        return None
    degree = Degree(case.event_degree) if case.event_degree else None
    return Hardship(
        EventKind(case.event_kind), case.loss_fen or 0, case.own_cost_fen or 0, degree, case.urgent, case.requested_fen
    )


def _current(case: Benefit | Case) -> Current:
    cause = RiseCause(case.rise_cause) if case.rise_cause else None
    return Current(Scheme(case.scheme).value, case.monthly_fen, case.first_month or case.pays_from, cause)
