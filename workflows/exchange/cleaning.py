"""Roster rows → typed rows, or every problem of the row at once; warnings travel with the good row."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from policy.identity import BadIdNumber, disability_certificate
from policy.vocabulary import Relation
from workflows.exchange import values, words
from workflows.exchange.rows import HouseholdRow, MemberRow, Problem, RosterRow
from workflows.exchange.values import BadCell

T = TypeVar("T")

MOST_MONTHLY_YUAN = 100_000
HEALTHY = ("无", "无病", "没有")
LONGEST = {"ethnicity": 20, "party": 20, "insurance": 40, "bank": 60, "illness": 60, "note": 1000} | dict.fromkeys(
    ("school_name", "school_kind", "school_since", "employer", "employer_kind", "workplace"), 100
)


class Cells:
    """Takes a row's cells one by one and keeps every problem met on the way."""

    def __init__(self, row: RosterRow, on: date) -> None:
        self.row, self.on = row, on
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        if row.surplus:
            self.problems.append(Problem("", "", "surplus_cells", args={"count": row.surplus}))

    def problem(self, field_: str, code: str, **args: Any) -> Problem:
        """A problem of one cell, with its value as the file shows it."""
        value = self.row.cells.get(field_, "").removeprefix(values.RUINED)[:200]
        return Problem(field_, self.row.headers.get(field_, ""), code, value, args)

    def take(self, field_: str, read: Callable[..., T], *args: Any, required: bool = False) -> T | None:
        """The value of a cell by ``read``; None, and a problem kept, when it cannot be read or must not be empty."""
        text = self.row.cells.get(field_, "")
        try:
            value = read(text, *args) if text else None
        except BadCell as bad:
            self.problems.append(self.problem(field_, bad.code, **bad.args_by_name))
            return None
        if required and value in (None, ""):
            self.problems.append(self.problem(field_, "empty"))
        return value

    def text(self, field_: str, *, required: bool = False) -> str:
        """Free text on one line, no longer than there is room for."""
        return self.take(field_, values.line, LONGEST.get(field_, 200), required=required) or ""

    def money(self, field_: str, most_yuan: int = values.MOST_YUAN, *, required: bool = False) -> int | None:
        """An amount in 分."""
        return self.take(field_, values.money, most_yuan, required=required)

    def id_number(self, field_: str) -> str:
        """A required ID number."""
        person = self.take(field_, values.person, self.on, required=True)
        return person.number if person else ""

    def shared(self) -> dict[str, Any]:
        """The fields both rosters have."""
        return {
            "number": self.row.number,
            "head_id_no": self.id_number("head_id_no"),
            "family_class_fen": self.money("family_class_fen", MOST_MONTHLY_YUAN),
            "person_class_fen": self.money("person_class_fen", MOST_MONTHLY_YUAN),
            "total_fen": self.money("total_fen", MOST_MONTHLY_YUAN),
            "income_year_fen": self.money("income_year_fen"),
            "first_month": self.take("first_month", values.month, self.on),
            "certificate_no": self.take("certificate_no", values.digits) or "",
            "account_name": self.take("account_name", values.name) or "",
            "account": self.take("account", values.account) or "",
            "onecard": self.take("onecard", values.account) or "",
            **{key: self.text(key) for key in ("province", "city", "county", "address", "calc_method", "band", "bank")},
        }


def clean_household(row: RosterRow, on: date) -> HouseholdRow | tuple[Problem, ...]:
    """A row of 低保家庭 as typed values, or every reason why it is refused; ``on`` bounds dates."""
    cells = Cells(row, on)
    found = cells.shared() | {
        "head_name": cells.take("head_name", values.name, required=True) or "",
        "people": cells.take("people", values.count),
        "covered": cells.take("covered", values.count),
        "income_per_head_fen": cells.take("income_per_head_fen", values.rounded_money),
        "monthly_fen": cells.money("monthly_fen", MOST_MONTHLY_YUAN, required=True),
        "phone": cells.take("phone", values.phone) or "",
        "township": cells.text("township", required=True),
        "village": cells.text("village", required=True),
        "causes": cells.take("causes", values.causes) or (),
        "houses": cells.take("houses", values.count),
        "house_area": cells.take("house_area", values.area),
        "financial_fen": cells.money("financial_fen"),
        "other_assets": cells.text("other_assets"),
        "members": _listed_members(cells),
    }
    if cells.problems:
        return tuple(cells.problems)
    _warn_household(cells, found)
    return HouseholdRow(**found, warnings=tuple(cells.warnings))


def _listed_members(cells: Cells) -> tuple[tuple[str, str], ...]:
    """家庭成员姓名 and 家庭成员身份证号 paired in order; every bad number is a problem of its own."""
    names = cells.take("member_names", values.several) or ()
    numbers = cells.take("member_id_nos", values.several) or ()
    if len(names) != len(numbers):
        cells.problems.append(
            cells.problem("member_id_nos", "members_unpaired", names=len(names), numbers=len(numbers))
        )
        return ()
    pairs = []
    for name, number in zip(names, numbers, strict=True):
        try:
            pairs.append((values.name(name), values.person(number, cells.on).number))
        except BadCell as bad:
            problem = cells.problem("member_id_nos", bad.code, **bad.args_by_name, member=name)
            cells.problems.append(problem)
    if any(times > 1 for times in Counter(number for _, number in pairs).values()):
        cells.problems.append(cells.problem("member_id_nos", "listed_twice"))
    return tuple(pairs)


def _warn_household(cells: Cells, found: dict[str, Any]) -> None:
    """Contradictions that a person should look at but that do not spoil the row."""
    numbers = {number for _, number in found["members"]}
    if numbers and found["head_id_no"] not in numbers:
        cells.warnings.append(cells.problem("member_id_nos", "head_not_listed"))
    if numbers and found["people"] is not None and found["people"] != len(numbers):
        cells.warnings.append(cells.problem("people", "count_differs", listed=len(numbers)))
    parts = [found[key] or 0 for key in ("monthly_fen", "family_class_fen", "person_class_fen")]
    if found["total_fen"] is not None and found["total_fen"] != sum(parts):
        cells.warnings.append(cells.problem("total_fen", "total_differs", sum_fen=sum(parts)))


def clean_member(row: RosterRow, on: date) -> MemberRow | tuple[Problem, ...]:
    """A row of 低保人员 as typed values, or every reason why it is refused; ``on`` bounds dates."""
    cells = Cells(row, on)
    illness = cells.text("illness")
    illness = "" if illness in HEALTHY else illness
    texts = ("ethnicity", "party", "insurance", "township", "village")
    work = ("school_name", "school_kind", "school_since", "employer", "employer_kind", "workplace")
    found = cells.shared() | {
        "name": cells.take("name", values.name, required=True) or "",
        "relation": cells.take("relation", values.word, words.RELATION, required=True),
        "marital": cells.take("marital", values.word, words.MARITAL),
        "schooling": cells.take("schooling", values.word, words.SCHOOLING),
        "employment": cells.take("employment", values.word, words.EMPLOYMENT),
        "disabled": cells.take("disabled", values.word, words.YES_NO),
        "disability_certificate": cells.take("disability_certificate", values.digits) or "",
        "disability_kind": cells.take("disability_kind", values.word, words.DISABILITY_KIND, "残疾"),
        "disability_level": cells.take("disability_level", values.word, words.LEVELS),
        "illness": illness,
        "illness_kind": words.illness_of(illness) if illness else None,
        "labour": cells.take("labour", values.word, words.LABOUR),
        "health": cells.take("health", values.word, words.HEALTH),
        "poor_register": cells.take("poor_register", values.word, words.YES_NO),
        "area": cells.take("aid_kind", values.word, words.AREA),
        "monthly_fen": cells.money("monthly_fen", MOST_MONTHLY_YUAN),
        "note": cells.text("note"),
        **{key: cells.text(key) for key in texts + work},
    }
    found |= _person(cells)
    if found["relation"] not in (None, Relation.HEAD) and found["id_no"] and found["id_no"] == found["head_id_no"]:
        cells.problems.append(cells.problem("relation", "own_head"))
    if cells.problems:
        return tuple(cells.problems)
    _warn_member(cells, found)
    if (found["disability_kind"] is None) != (found["disability_level"] is None):
        half = "disability_level" if found["disability_kind"] else "disability_kind"
        return (cells.problem(half, "half_disability"),)
    return MemberRow(**found, warnings=tuple(cells.warnings))


def _person(cells: Cells) -> dict[str, Any]:
    """ID number, and sex and birth from the row, which must not contradict it; from the number where it is silent."""
    sex = cells.take("sex", values.word, words.SEX)
    birth = cells.take("birth", values.day, cells.on)
    person = cells.take("id_no", values.person, cells.on, required=True)
    if person is None:
        return {"id_no": "", "sex": sex, "birth": birth}
    if sex not in (None, person.sex):
        cells.problems.append(cells.problem("sex", "sex_mismatch", expected=person.sex))
    if birth not in (None, person.birth):
        cells.problems.append(cells.problem("birth", "birth_mismatch", expected=person.birth.isoformat()))
    if person.number.endswith("000"):
        cells.warnings.append(cells.problem("id_no", "perhaps_rounded"))
    return {"id_no": person.number, "sex": person.sex, "birth": person.birth}


def _warn_member(cells: Cells, found: dict[str, Any]) -> None:
    """What the certificate says against what the row says; a certificate may be old, so this never refuses."""
    if not found["disability_certificate"]:
        if found["disabled"] and not found["disability_kind"]:
            cells.warnings.append(cells.problem("disabled", "disabled_without_kind"))
        return
    if found["disabled"] is False:
        cells.warnings.append(cells.problem("disabled", "certificate_but_not_disabled"))
        return
    try:
        certificate = disability_certificate(found["disability_certificate"], id_number=found["id_no"])
    except BadIdNumber as bad:
        code = "certificate_owner" if bad.code == "owner" else "certificate_unread"
        cells.warnings.append(cells.problem("disability_certificate", code))
        return
    for key, said in (("disability_kind", certificate.kind), ("disability_level", certificate.level)):
        if found[key] not in (None, said):
            cells.warnings.append(cells.problem(key, "certificate_differs", expected=said))
        found[key] = found[key] or said
