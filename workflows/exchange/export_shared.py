"""What the rosters of families and of people have in common on their way out: families as cells, numbers, words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, func, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from models import Benefit, County, Division, Household, IncomeLine, Member
from models.sealing import opener, unseal_all
from policy.division_codes import county_of, is_village, township_of
from policy.identity import age_on
from policy.masking import MASKS
from policy.money import yuan as written
from policy.vocabulary import ENDED, Area, Relation, Scheme
from workflows.exchange import words

Cells = tuple[str, ...]
ROW_NAMES = {
    "one_card": "onecard", "disability_cert": "disability_certificate", "account": "account", "phone": "phone",
}  # fmt: skip
"""Columns with sealed numbers by the layouts' names, ID numbers apart."""
yuan = lru_cache(16_384)(written)
HOME_FIELDS = (
    "province", "city", "county", "township", "village", "address", "certificate_no", "bank", "account_name", "account",
    "onecard", "phone", "monthly_fen", "total_fen", "first_month", "aid_kind", "",
)  # fmt: skip


def raw(column: Any) -> ColumnElement[Any]:
    """A column as the database has it: words by their codes, days as they stand, without a step in between."""
    return type_coerce(column, NullType())


class Given(FunctionElement[Any]):
    """A column and the numbers it is among; they come as one value, so that a statement is put together once."""

    type, inherit_cache, name = NullType(), True, "given"  # as a Boolean it would be compared with 1, past every index


@compiles(Given)
def _in_json(element: Given, compiler: Any, **how: Any) -> str:
    column, ids = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - bound parameters


@compiles(Given, "postgresql")
def _in_array(element: Given, compiler: Any, **how: Any) -> str:
    column, ids = (compiler.process(one, **how) for one in element.clauses)
    return f"{column} = ANY(CAST(translate({ids}, '[]', '{{}}') AS INTEGER[]))"


def given(column: Any) -> Given:
    """Whether a column is among the numbers that a statement is run with."""
    return Given(column, bindparam("ids", type_=String))


H, M, B = Household.__table__.c, Member.__table__.c, Benefit.__table__.c
HOME = (
    H.id, H.row_key, raw(H.area), H.address, H.village_code, H.certificate_no, H.bank, H.account_name,
    raw(H.account_sealed), raw(H.one_card_sealed), B.monthly_fen, raw(B.first_month), H.head_name, H.persons,
    B.persons, raw(H.phone_sealed),
)  # fmt: skip
SEALED = (("account", 8), ("one_card", 9), ("phone", 15))
"""Where the sealed numbers stand in ``HOME``."""
OPEN_CASE = (B.household_id == H.id) & (B.scheme == Scheme.DIBAO) & B.stage.not_in(ENDED)
_WITH_CASE = Household.__table__.outerjoin(Benefit.__table__, OPEN_CASE)
HOMES = select(*HOME).select_from(_WITH_CASE).where(given(H.id)).order_by(B.id.desc())
HEADS = select(M.household_id, M.row_key, raw(M.id_no_sealed)).where(
    given(M.household_id), M.left_on.is_(None), M.relation == Relation.HEAD
)
L = IncomeLine.__table__.c
INCOMES = select(L.member_id, func.sum(L.year_fen)).where(given(L.member_id)).group_by(L.member_id)
AREAS = {area.value: words.spoken(area) for area in Area}


@dataclass(frozen=True)
class Reading:
    """How an export reads; ``places`` are the names of divisions by their code."""

    session: Session
    full: bool
    on: date
    places: Mapping[str, str]
    fields: frozenset[str]
    """What the layout has columns for: other sealed numbers stay closed."""
    month: date | None = None
    """First day of the month that is told; None tells what stands today."""

    def all(self, query: Select[Any], ids: Sequence[int]) -> Sequence[Any]:
        """The rows of a statement about these numbers."""
        return self.session.connection().execute(query, {"ids": str(list(ids))}).all()

    @cached_property
    def ages(self) -> "Ages":
        """(day of birth, age) as text by the day as the database gives it."""
        return Ages(self.on)

    def number(self, table: str, name: str) -> Callable[[str, bytes | None], str]:
        """Opens sealed numbers of a column, in full or masked; nothing for none, or where nobody asks for it."""
        if name in ROW_NAMES and ROW_NAMES[name] not in self.fields:
            return lambda key, sealed: ""
        unseal, mask = opener(f"{table}.{name}"), MASKS[name]
        if self.full:
            return lambda key, sealed: unseal(key, sealed) if sealed else ""
        return lambda key, sealed: mask(unseal(key, sealed)) if sealed else ""

    def numbers(self, table: str, name: str, keys: Sequence[str], sealed: Sequence[bytes | None]) -> list[str]:
        """``number`` for a whole column."""
        if name in ROW_NAMES and ROW_NAMES[name] not in self.fields:
            return [""] * len(sealed)
        found, mask = unseal_all(f"{table}.{name}", keys, sealed), MASKS[name]
        return found if self.full else [mask(one) if one else "" for one in found]


class Ages(dict[Any, tuple[str, str]]):
    """(day of birth, age on a day) as text, by the day as the database gives it; each counted once."""

    def __init__(self, on: date) -> None:
        self.on = on

    def __missing__(self, birth: Any) -> tuple[str, str]:
        told = str(birth)
        found = self[birth] = (told, str(age_on(date.fromisoformat(told), self.on)))
        return found


def read_places(session: Session) -> dict[str, str]:
    """The names of the county and its divisions, by their code."""
    divisions = session.execute(select(Division.code, Division.name))
    county = session.execute(select(County.code, County.name))
    return dict(map(tuple, [*divisions, *county]))


def read_homes(reading: Reading, ids: Sequence[int]) -> dict[int, Any]:
    """Families with their open case, as ``HOME``, by id."""
    return {row[0]: row for row in reading.all(HOMES, ids)}


def home_cells(reading: Reading, homes: Mapping[int, Any]) -> dict[int, Cells]:
    """The columns that both rosters have (``HOME_FIELDS``), by the family's id."""
    rows, place = homes.values(), reading.places.get
    keys = [row[1] for row in rows]
    numbers = (reading.numbers("household", name, keys, [row[at] for row in rows]) for name, at in SEALED)
    return {
        home_id: (
            place(code[:2], ""), place(code[:4], ""), place(county_of(code), ""), place(township_of(code), ""),
            place(code, "") if is_village(code) else "", address, certificate or "", bank or "", holder or "",
            account, one_card, phone, money := yuan(fen or 0), money, str(first)[:7] if first else "", AREAS[area], "",
        )
        for (home_id, _, area, address, code, certificate, bank, holder, _, _, fen, first, *_), account, one_card, phone
        in zip(rows, *numbers, strict=True)
    }  # fmt: skip


def read_incomes(reading: Reading, member_ids: Sequence[int]) -> dict[int, int]:
    """Income a year (分) of those whose income is on file, by member."""
    return {member_id: int(fen) for member_id, fen in reading.all(INCOMES, member_ids)}


def read_heads(reading: Reading, home_ids: Sequence[int]) -> dict[int, str]:
    """The ID numbers of the present heads of families, by the family's id."""
    number = reading.number("member", "id_no")
    return {home: number(key, sealed) for home, key, sealed in reading.all(HEADS, home_ids)}
