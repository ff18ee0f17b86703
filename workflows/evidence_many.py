"""What the machine asks of many cases at once, read by one statement: for lists that tell each case's next step."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Date,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.types import NullType

from models import Benefit, Crosscheck, Event, Member, OwedPaper
from models.ready import said
from policy.figures import Figures
from policy.vocabulary import Action, Source, Stage
from workflows.evidence import Known, picture
from workflows.facts import Facts

Values = tuple[Any, ...]


class Fact(NamedTuple):
    """A row that the machine asks of: an event of a case, a paper it owes, a cross-check, or who is there."""

    id: int
    action: str
    from_stage: str | None
    to_stage: str
    at: datetime
    actor_id: int | None
    data: Any
    source: str
    day: date | None
    """When a paper is due, or a cross-check came back."""
    filed: date | None


def signs(case: Any) -> list[Any]:
    """Columns of a query of cases (by their columns) that differ as soon as a row differs which ``rows_of`` reads.

    Events only come, so the latest and how many there are tell of all of them.
    """
    e, p, c, m = (model.__table__.c for model in (Event, OwedPaper, Crosscheck, Member))
    events = cast(func.count(e.id), Text) + said("/") + cast(func.max(e.id), Text)
    return [
        select(events).where(e.benefit_id == case.id).scalar_subquery().label("events"),
        _joined([p.id, p.due_on, p.filed_on], p.benefit_id == case.id).label("owed"),
        _joined([c.id, c.source, c.back_on], c.benefit_id == case.id).label("checks"),
        _joined([m.id], (m.household_id == case.household_id) & m.left_on.is_(None)).label("there"),
    ]


def _joined(columns: Sequence[Any], where: Any) -> Any:
    """Rows as one text: what is empty tells nothing, and no value holds the signs between."""
    told = said("")
    for column in columns:
        told = told + said("/") + func.coalesce(cast(type_coerce(column, NullType()), Text), said(""))
    return select(func.aggregate_strings(told, said(" "))).where(where).scalar_subquery()


def present(row: Any) -> list[int]:
    """Who is there of the family of a case that was asked for with its ``signs``."""
    return [int(id[1:]) for id in (row.there or "").split()]


def whole(reader: Connection, ids: Sequence[int]) -> dict[int, Any]:
    """The columns of these cases, by id."""
    found = reader.execute(_cases(len(ids)), {f"id_{n}": id for n, id in enumerate(ids)})
    return {row.id: row for row in found}


@cache
def _cases(size: int) -> Any:
    columns = Benefit.__table__.c
    return select(*columns).where(columns.id.in_([bindparam(f"id_{n}", type_=Integer) for n in range(size)]))


def rows_of(reader: Connection, found: Sequence[Any]) -> dict[tuple[str, int], list[Values]]:
    """What the machine asks of these cases, by part and case (of people: by part and family): values of ``Fact``."""
    ids = {f"id_{n}": row.id for n, row in enumerate(found)}
    homes = {f"home_{n}": row.household_id for n, row in enumerate(found)}
    facts = defaultdict[tuple[str, int], list[Values]](list)
    for row in reader.execute(_asking(len(found)), ids | homes).all():
        facts[row[0], row[1]].append(row[2:])
    return facts


def pictured(
    benefit: Any,
    events: Iterable[Values],
    papers: Iterable[Values],
    checks: Iterable[Values],
    there: Collection[int],
    figures: Figures,
    on: date,
) -> Facts:
    """The facts of a case from its columns, what ``rows_of`` told of it, and who of it is ``there``."""
    told: Any = [_happened(Fact._make(event)) for event in events]
    owed = [paper.day for paper in map(Fact._make, papers) if paper.filed is None]
    sources = {Source(check.source): check.day for check in map(Fact._make, checks)}
    return picture(benefit, Known(told, owed, sources, there), figures, on)


def _happened(event: Fact) -> Fact:
    """The event with its words and data as the machine wants them."""
    before = Stage(event.from_stage) if event.from_stage else None
    return event._replace(
        action=Action(event.action), from_stage=before, to_stage=Stage(event.to_stage), data=json.loads(event.data)
    )


@cache
def _asking(size: int) -> Any:
    """The statement of ``rows_of`` for so many cases, put together once: what a part does not tell is empty there."""
    e, p, c, m = (model.__table__.c for model in (Event, OwedPaper, Crosscheck, Member))
    ids, homes = ([bindparam(f"{name}_{n}", type_=Integer) for n in range(size)] for name in ("id", "home"))
    none: dict[str, Any] = {name: null() for name in Fact._fields}

    def part(name: str, of: Any, **told: Any) -> Any:
        return select(literal(name), of, *(none | told).values())

    # The first part says of which type each column is.
    words = {name: type_coerce(e[name], Text) for name in ("action", "from_stage", "to_stage")}
    empty = {day: type_coerce(null(), Date) for day in ("day", "filed")}
    told = words | empty | {"at": e.at, "actor_id": e.actor_id, "data": cast(e.data, Text)}
    return union_all(
        part("event", e.benefit_id, id=e.id, **told).where(e.benefit_id.in_(ids)),
        part("paper", p.benefit_id, id=p.id, day=p.due_on, filed=p.filed_on).where(p.benefit_id.in_(ids)),
        part("check", c.benefit_id, id=c.id, source=c.source, day=c.back_on).where(c.benefit_id.in_(ids)),
        part("person", m.household_id, id=m.id).where(m.household_id.in_(homes), m.left_on.is_(None)),
    )
