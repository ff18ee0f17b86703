"""Rows of 低保家庭: a family with its head, those who live in it, and what it is paid."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from policy.identity import Identity
from workflows.exchange import values
from workflows.exchange.cleaning import COUNT, MONTHLY, NAME, SHARED, Cells, Field, Kind, money, text
from workflows.exchange.rows import HouseholdRow, Problem
from workflows.exchange.values import BadCell


def _household(cells: Cells) -> HouseholdRow | tuple[Problem, ...]:
    found = cells.found
    found["head_id_no"] = cells.number_of("head_id_no")
    found["members"] = _listed_members(cells, found.pop("member_names"), found.pop("member_id_nos"))
    if cells.problems:
        return tuple(cells.problems)
    _warn_household(cells, found)
    return HouseholdRow(cells.row.number, **found, warnings=tuple(cells.warnings))


def _listed_members(cells: Cells, names: Sequence[str], numbers: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """家庭成员姓名 and 家庭成员身份证号 paired in order; every bad number is a problem of its own."""
    if len(names) != len(numbers):
        cells.problems.append(
            cells.problem("member_id_nos", "members_unpaired", names=len(names), numbers=len(numbers))
        )
        return ()
    pairs = []
    for name, number in zip(names, numbers, strict=True):
        try:
            named = values.name(name)
        except BadCell as bad:
            number = bad
        if isinstance(number, BadCell):
            problem = cells.problem("member_id_nos", number.code, **number.args_by_name, member=name)
            cells.problems.append(problem)
        else:
            pairs.append((named, number.number))
    if any(times > 1 for times in Counter(number for _, number in pairs).values()):
        cells.problems.append(cells.problem("member_id_nos", "listed_twice"))
    return tuple(pairs)


def _people(cell: str, on: date) -> tuple[Identity | BadCell, ...]:
    """The persons of a list of numbers; one that cannot be read stands as what is wrong with it."""
    found: list[Identity | BadCell] = []
    for number in values.several(cell):
        try:
            found.append(values.person(number, on))
        except BadCell as bad:
            found.append(bad.with_traceback(None))
    return tuple(found)


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


HOUSEHOLD = Kind(
    SHARED | {
        "head_name": NAME.must(), "people": COUNT, "covered": COUNT,
        "income_per_head_fen": Field(values.rounded_money), "monthly_fen": MONTHLY.must(),
        "phone": Field(values.phone, ""), "township": text("township"), "village": text("village"),
        "causes": Field(values.causes, ()), "houses": COUNT, "house_area": Field(values.area),
        "financial_fen": money(), "other_assets": text("other_assets"),
        "member_names": Field(values.several, ()), "member_id_nos": Field(_people, (), dated=True),
    },
    _household,
)  # fmt: skip
