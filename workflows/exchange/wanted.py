"""What a roster row wants to stand in our tables: flat values by our own names, blanks left out ("no news").

Flat values are JSON-ready: money in 分, dates in ISO, words as their codes, several causes as a sorted list.
"""

from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from itertools import repeat
from typing import Any

from policy.vocabulary import Area, Relation
from workflows.exchange import values
from workflows.exchange.rows import HouseholdRow, MemberRow
from workflows.exchange.values import BadCell

Flat = dict[str, Any]

HOUSEHOLD_COLUMNS = ("head_name", "address", "certificate_no", "bank", "account_name")
HOUSEHOLD_SEALED = {"phone": "phone", "account": "account", "one_card": "account"}
MEMBER_COLUMNS = (
    "name", "relation", "sex", "birth", "ethnicity", "marital", "schooling", "political", "employment", "workplace",
    "school", "disability_kind", "disability_level", "illness", "illness_name", "labour", "health", "insurance",
    "registered_poor", "support_mode", "note",
)  # fmt: skip
FIELD_IN_ROW = {
    "one_card": "onecard", "political": "party", "registered_poor": "poor_register", "illness_name": "illness",
    "illness": "illness", "disability_cert": "disability_certificate", "school": "school_name",
    "workplace": "employer", "value_fen": "financial_fen",
}  # fmt: skip
"""Our names where the row has another; the rest are the same."""


def flat(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _filled(found: Flat) -> Flat:
    return {name: flat(value) for name, value in found.items() if value is not None and value not in ("", [])}


def wanted_household(row: HouseholdRow) -> Flat:
    """The household that a row of 低保家庭 tells of."""
    return _filled(
        {
            "head_name": row.head_name,
            "address": row.address,
            "certificate_no": row.certificate_no,
            "bank": row.bank,
            "account_name": row.account_name,
            "phone": row.phone,
            "account": row.account,
            "one_card": row.onecard,
            "causes": sorted(cause.value for cause in row.causes),
            "houses": row.houses,
            "house_area": row.house_area,
            "financial_fen": row.financial_fen,
            "other_assets": row.other_assets,
        }
    )


Told = dict[str, Sequence[Any]]
"""Values of several rows by our names, None or empty where a row says nothing."""


def founded_by_heads(rows: Sequence[MemberRow]) -> Told:
    """The households that rows of heads in 低保人员 found when nothing is known of them."""
    return founded_of(by_field(rows))


def founded_of(said: Told) -> Told:
    """The same of what rows of heads say by column."""
    found = {name: said[field] for name, field in FOUNDED}
    return found | {"area": [area or Area.RURAL for area in said["area"]]}


FOUNDED = (
    ("head_name", "name"), ("address", "address"), ("phone", "phone"), ("certificate_no", "certificate_no"),
    ("bank", "bank"), ("account_name", "account_name"), ("account", "account"), ("one_card", "onecard"),
)  # fmt: skip
"""What a head's row says of the family, by our names and the row's."""


def by_field(rows: Sequence[MemberRow]) -> Told:
    """What rows say, by column."""
    return dict(zip(MemberRow._fields, zip(*rows, strict=True) if rows else repeat(()), strict=False))


def each(told: Told) -> list[Flat]:
    """What several rows want, row by row; its words are still words, which JSON writes as their codes."""
    values = zip(*told.values(), strict=True)
    return [{n: v for n, v in zip(told, row, strict=True) if v is not None and v != ""} for row in values]


_MEMBER = (
    ("name", "name"), ("relation", "relation"), ("sex", "sex"), ("birth", "birth"), ("ethnicity", "ethnicity"),
    ("marital", "marital"), ("schooling", "schooling"), ("political", "party"), ("employment", "employment"),
    ("workplace", "employer"), ("school", "school_name"), ("disability_kind", "disability_kind"),
    ("disability_level", "disability_level"), ("disability_cert", "disability_certificate"),
    ("illness", "illness_kind"), ("illness_name", "illness"), ("labour", "labour"), ("health", "health"),
    ("insurance", "insurance"), ("registered_poor", "poor_register"), ("note", "note"),
    ("income_year_fen", "income_year_fen"), ("id_no", "id_no"),
)  # fmt: skip
_JOINED = (
    ("school", ("school_name", "school_kind", "school_since")),
    ("workplace", ("employer", "employer_kind", "workplace")),
)


def wanted_members(rows: Sequence[MemberRow]) -> Told:
    """The people that rows of 低保人员 tell of."""
    return wanted_of(by_field(rows))


def wanted_of(said: Told) -> Told:
    """The same of what rows say by column."""
    found = {name: said[field] for name, field in _MEMBER}
    found["birth"] = list(map(date.isoformat, said["birth"]))
    for name, fields in _JOINED:
        if any(any(said[field]) for field in fields):
            parts = zip(*(said[field] for field in fields), strict=True)
            found[name] = [" ".join(filter(None, told)) for told in parts]
    return found


def head_as_member(row: HouseholdRow, sex: Any, birth: date) -> Flat:
    """The head as a member, as far as a row of 低保家庭 knows them."""
    return _filled(
        {"name": row.head_name, "relation": Relation.HEAD, "sex": sex, "birth": birth, "id_no": row.head_id_no}
    )


def monthly_fen(row: HouseholdRow | MemberRow) -> int:
    """What the family is paid a month (分): 合计, or the household's amount with its uplifts."""
    return _paid(row.total_fen, row.monthly_fen, row.family_class_fen, row.person_class_fen)


def _paid(total: int | None, *parts: int | None) -> int:
    return total if total is not None else sum(part or 0 for part in parts)


def case_of(row: HouseholdRow | MemberRow, covered: int | None) -> Flat:
    """The case that a founded family is taken over with; none where nothing is paid."""
    fen = monthly_fen(row)
    if not fen:
        return {}
    first = row.first_month.isoformat() if row.first_month else None
    return {"case": {"amount_fen": fen, "covered": covered or 1, "first_month": first}}


def cases_of(said: Told, covered: Sequence[int]) -> Told:
    """The same by column of what rows of heads say; None where nothing is paid."""
    paid = list(map(_paid, *(said[f"{name}_fen"] for name in ("total", "monthly", "family_class", "person_class"))))
    first = [month.isoformat() if month else None for month in said["first_month"]]
    told: Told = {"amount_fen": paid, "covered": covered, "first_month": first}
    if all(paid):
        return told
    return {name: [value if fen else None for value, fen in zip(told[name], paid, strict=True)] for name in told}


READ_BY: dict[str, Callable[[str], str]] = {
    "name": values.name, "head_name": values.name, "account_name": values.name, "phone": values.phone,
    "ethnicity": values.nation,
    "certificate_no": values.digits, "disability_cert": values.digits, "account": values.digits,
    "one_card": values.digits,
}  # fmt: skip


def changed(now: Flat, wanted: Flat) -> Flat:
    """What of the wanted differs from what stands there; texts are compared as a sheet would bring them back."""
    return {name: value for name, value in wanted.items() if as_read(name, now.get(name)) != value}


def as_read(name: str, value: Any) -> Any:
    """A text of ours as it reads after it was written into a sheet: on one line, without blanks that mean nothing."""
    if not isinstance(value, str) or name in ("id_no", "birth"):
        return value
    text = f"'{value}" if value.startswith("'") else value  # an export doubles an apostrophe that is the text's own
    try:
        return READ_BY.get(name, _line)(text)
    except BadCell:
        return value


def _line(text: str) -> str:
    return values.line(text, max(len(text), 1))
