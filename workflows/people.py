"""A person as somebody writes them down, and the lines of income and spending that go with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlalchemy.orm import Session

from models import Household, IncomeLine, Member, SpendingLine
from policy.identity import parse_id_number
from policy.vocabulary import IncomeKind, Relation, SpendingKind


class Line(NamedTuple):
    """One kind of income or spending, in 分 a year."""

    kind: IncomeKind | SpendingKind
    year_fen: int
    note: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody who joins a family; birth and sex follow from the ID number, ``details`` are further columns."""

    name: str
    id_no: str
    relation: Relation
    details: Mapping[str, Any] = field(default_factory=dict)
    income: tuple[Line, ...] = ()
    spending: tuple[Line, ...] = ()
    cares_for: str = ""
    """For whom the person stays at home: "n0" for row 0 of the same form, "m12" for member 12."""


def write_person(session: Session, household: Household, person: Person, on: date) -> Member:
    """Add the person's stay from a day on, with their lines; whether it is lawful is the caller's to check."""
    told = parse_id_number(person.id_no)
    member = Member(
        household=household, village_code=household.village_code, township_code=household.township_code,
        name=person.name, relation=person.relation, sex=told.sex, birth=told.birth, joined_on=on,
    )  # fmt: skip
    member.id_no = told.number
    for name, value in person.details.items():
        setattr(member, name, value)
    session.add(member)
    write_lines(member, person.income, person.spending)
    return member


def write_lines(member: Member, income: Sequence[Line], spending: Sequence[Line]) -> bool:
    """Let these be all of a person's lines; lines that stay the same are not touched. Whether anything changed."""
    first = _keep(member.income, IncomeLine, income)
    return _keep(member.spending, SpendingLine, spending) or first


R = TypeVar("R", IncomeLine, SpendingLine)


def _keep(rows: list[R], model: type[R], lines: Sequence[Line]) -> bool:
    wanted = list(lines)
    gone = []
    for row in rows:
        same = Line(row.kind, row.year_fen, row.note)
        if same in wanted:
            wanted.remove(same)
        else:
            gone.append(row)
    for row in gone:
        rows.remove(row)
    rows.extend(model(kind=line.kind, year_fen=line.year_fen, note=line.note) for line in wanted)
    return bool(gone or wanted)
