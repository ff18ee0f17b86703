"""What a roster row is before and after cleaning, and what can be wrong with it.

None of these shows a person's data in its repr: rows end up in tracebacks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date
from typing import Any, NamedTuple

from policy.vocabulary import (
    Area,
    Cause,
    DisabilityKind,
    Employment,
    Health,
    Illness,
    Labour,
    Marital,
    Relation,
    Schooling,
    Sex,
)

# Fields whose value, in a problem as elsewhere, is shown only to who may see the whole number.
SENSITIVE = frozenset({"id_no", "head_id_no", "member_id_nos", "disability_certificate", "account", "onecard"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a row: our field, the header and value as in the file, a code and what its sentence needs."""

    field: str
    column: str
    code: str
    value: str = made(default="", repr=False)
    args: Mapping[str, Any] = made(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class RosterRow:
    """A row by field, with its number and headers as the spreadsheet shows them; ``surplus`` cells had no header."""

    number: int
    cells: Mapping[str, str]
    headers: Mapping[str, str]
    surplus: int = 0


class HouseholdRow(NamedTuple):
    """A clean row of 低保家庭: money in 分, floor space in m², months as their first day, None where silent."""

    number: int
    head_name: str
    head_id_no: str
    people: int | None
    covered: int | None
    income_year_fen: int | None
    income_per_head_fen: int | None
    monthly_fen: int | None
    family_class_fen: int | None
    person_class_fen: int | None
    total_fen: int | None
    phone: str
    address: str
    province: str
    city: str
    county: str
    township: str
    village: str
    certificate_no: str
    first_month: date | None
    causes: tuple[Cause, ...]
    calc_method: str
    band: str
    bank: str
    account_name: str
    account: str
    onecard: str
    houses: int | None
    house_area: int | None
    financial_fen: int | None
    other_assets: str
    members: tuple[tuple[str, str], ...]
    warnings: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        """Without what the row says."""
        return f"HouseholdRow({self.number})"


class MemberRow(NamedTuple):
    """A clean row of 低保人员; sex and birth agree with the ID number, or come from it.

    A tuple: of a hundred thousand it costs a fifth, and their columns are had at one go.
    """

    number: int
    name: str
    id_no: str
    head_id_no: str
    relation: Relation
    sex: Sex
    birth: date
    ethnicity: str
    marital: Marital | None
    schooling: Schooling | None
    party: str
    employment: Employment | None
    income_year_fen: int | None
    disabled: bool | None
    disability_certificate: str
    disability_kind: DisabilityKind | None
    disability_level: int | None
    illness: str
    illness_kind: Illness | None
    labour: Labour | None
    health: Health | None
    insurance: str
    first_month: date | None
    poor_register: bool | None
    bank: str
    account_name: str
    account: str
    onecard: str
    area: Area | None
    monthly_fen: int | None
    family_class_fen: int | None
    person_class_fen: int | None
    calc_method: str
    band: str
    total_fen: int | None
    note: str
    province: str
    city: str
    county: str
    township: str
    village: str
    address: str
    phone: str
    certificate_no: str
    school_name: str
    school_kind: str
    school_since: str
    employer: str
    employer_kind: str
    workplace: str
    warnings: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        """Without what the row says."""
        return f"MemberRow({self.number})"
