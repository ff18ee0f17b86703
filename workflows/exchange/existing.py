"""What stands in our tables for the people and families of a sheet, read in chunks by their hashes."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from models import Asset, Benefit, Household, HouseholdCause, IncomeLine, Member
from models.sealing import blind
from policy.vocabulary import CLASSES, ENDED, IN_FORCE, AssetKind, IncomeKind, Relation, Scheme
from workflows.exchange.wanted import HOUSEHOLD_COLUMNS, HOUSEHOLD_SEALED, MEMBER_COLUMNS, Flat, flat

CHUNK = 500
ROSTER = "花名册"
"""Note of the income line that a roster's 年收入 is kept in."""

T = TypeVar("T")


@dataclass
class Family:
    """A household that stands in our tables, with its open 低保 case."""

    id: int
    row_version: int
    township_code: str
    village_code: str
    head_name: str
    values: Flat
    persons: int
    case_no: str | None = None
    monthly_fen: int = 0
    in_force: bool = False
    tekun_no: str | None = None
    tekun_fen: int = 0
    held: dict[str, int] = field(default_factory=dict)
    """How many people each case in force covers, by its number: of 低保, or a recognition without money."""


@dataclass
class Person:
    """A member who is present in some household."""

    id: int
    row_version: int
    household_id: int
    village_code: str
    values: Flat
    own_income: bool = False
    """Income was entered line by line here; a roster's yearly sum does not replace it."""


@dataclass
class Existing:
    """People by their ID number, families by id."""

    people: dict[str, Person] = field(default_factory=dict)
    families: dict[int, Family] = field(default_factory=dict)

    def person(self, id_no: str) -> Person | None:
        return self.people.get(id_no)

    def family_of(self, head_id_no: str) -> Family | None:
        """The family that this person heads."""
        head = self.person(head_id_no)
        if head is None or head.values["relation"] != Relation.HEAD.value:
            return None
        return self.families[head.household_id]


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Slices that fit into one statement's parameters."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def mark_of(number: str) -> str:
    """The keyed hash by which an ID number is found."""
    return blind("id_no", number)


def anybody(session: Session) -> bool:
    """Whether a family stands in our tables yet; where none does, nobody need be looked for."""
    return bool(session.scalar(select(exists(select(Household.id)))))


def read_existing(session: Session, marks: Mapping[str, str]) -> Existing:
    """Everybody of these ID numbers, by their hashes, who is present anywhere in the county, and their families."""
    found = Existing()
    for part in chunks(sorted(known(session, "member", "id_no_hash", marks, "left_on IS NULL"))):
        query = select(Member).where(Member.id_no_hash.in_(part), Member.left_on.is_(None))
        members = session.scalars(query).all()
        _add_people(session, found, members, marks)
        for member in members:
            session.expunge(member)
    return found


def as_they_stand(
    session: Session, people: Iterable[int], homes: Iterable[int]
) -> tuple[dict[int, Flat], dict[int, Flat]]:
    """What stands now for these members and families, by id and in a roster's words; members who left are absent."""
    found, members = Existing(), list[Member]()
    for part in chunks(sorted(set(people))):
        members += session.scalars(select(Member).where(Member.id.in_(part), Member.left_on.is_(None))).all()
    _add_people(session, found, members, {member.id_no_hash: member.id_no for member in members})
    for part in chunks(sorted(set(homes) - found.families.keys())):
        _add_families(session, found, part)
    return (
        {person.id: person.values for person in found.people.values()},
        {home: family.values for home, family in found.families.items()},
    )  # fmt: skip


def known(session: Session, table: str, column: str, marks: Iterable[str], where: str) -> Sequence[str]:
    """Which of these hashes stand in a column of a table of ours; they go as one value, for mostly none does."""
    if session.connection().dialect.name == "sqlite":  # asked one by one: sorting them first would cost it more
        told = json.dumps(list(marks))
        query = f"SELECT {column} FROM json_each(:marks) CROSS JOIN {table} ON {column} = value WHERE {where}"  # noqa: S608
    else:
        told, given = ",".join(sorted(marks)), "SELECT unnest(string_to_array(:marks, ','))"
        query = f"SELECT {column} FROM {table} WHERE {where} AND {column} IN ({given})"  # noqa: S608 - names of ours
    return session.connection().execute(text(query), {"marks": told}).scalars().all()


def _add_people(session: Session, found: Existing, members: Sequence[Member], numbers: Mapping[str, str]) -> None:
    if not members:
        return
    incomes = _incomes(session, [member.id for member in members])
    for member in members:
        sums = incomes[member.id]
        values: Flat = {name: flat(getattr(member, name)) for name in MEMBER_COLUMNS}
        values |= {"disability_cert": member.disability_cert, "id_no": numbers[member.id_no_hash]}
        values["income_year_fen"] = sum(fen for _, fen in sums) if sums else None
        own = any(not roster for roster, _ in sums)
        person = Person(member.id, member.row_version, member.household_id, member.village_code, values, own)
        found.people[numbers[member.id_no_hash]] = person
    _add_families(session, found, sorted({member.household_id for member in members} - found.families.keys()))


def _incomes(session: Session, member_ids: Sequence[int]) -> defaultdict[int, list[tuple[bool, int]]]:
    sums: defaultdict[int, list[tuple[bool, int]]] = defaultdict(list)
    query = select(IncomeLine.member_id, IncomeLine.kind, IncomeLine.note, IncomeLine.year_fen)
    for member_id, kind, note, fen in session.execute(query.where(IncomeLine.member_id.in_(member_ids))):
        sums[member_id].append((kind is IncomeKind.OTHER and note == ROSTER, fen))
    return sums


def _add_families(session: Session, found: Existing, ids: Sequence[int]) -> None:
    for row in session.scalars(select(Household).where(Household.id.in_(ids))):
        values: Flat = {name: flat(getattr(row, name)) for name in (*HOUSEHOLD_COLUMNS, *HOUSEHOLD_SEALED, "area")}
        found.families[row.id] = Family(
            row.id, row.row_version, row.township_code, row.village_code, row.head_name, values | {"causes": []},
            row.persons,
        )  # fmt: skip
    for household_id, cause in session.execute(
        select(HouseholdCause.household_id, HouseholdCause.cause).where(HouseholdCause.household_id.in_(ids))
    ):
        causes = found.families[household_id].values["causes"]
        causes.append(cause.value)
        causes.sort()
    for asset in session.scalars(select(Asset).where(Asset.household_id.in_(ids)).order_by(Asset.id)):
        found.families[asset.household_id].values.update(_asset(asset))
    _add_cases(session, found, ids)


def _asset(asset: Asset) -> dict[str, Any]:
    match asset.kind:
        case AssetKind.HOUSE:
            return {"houses": asset.quantity, "house_area": asset.area_m2}
        case AssetKind.DEPOSIT:
            return {"financial_fen": asset.value_fen}
        case AssetKind.OTHER:
            return {"other_assets": asset.note}
    return {}


def _add_cases(session: Session, found: Existing, ids: Sequence[int]) -> None:
    query = select(Benefit.household_id, Benefit.case_no, Benefit.monthly_fen, Benefit.persons, Benefit.decided_on,
                   Benefit.taken_over, Benefit.scheme, Benefit.stage)  # fmt: skip
    schemes = (Scheme.DIBAO, Scheme.TEKUN, *CLASSES)
    query = query.where(Benefit.household_id.in_(ids), Benefit.scheme.in_(schemes), Benefit.stage.not_in(ENDED))
    for household_id, case_no, monthly, covered, decided_on, taken_over, scheme, stage in session.execute(query):
        family = found.families[household_id]
        if scheme in CLASSES:
            family.held |= {case_no: covered} if stage in IN_FORCE else {}
            continue
        if scheme is Scheme.TEKUN:
            family.tekun_no, family.tekun_fen = case_no, family.tekun_fen + monthly
            continue
        family.case_no, family.monthly_fen = case_no, monthly
        family.in_force = taken_over or decided_on is not None
        family.held |= {case_no: covered} if family.in_force else {}
