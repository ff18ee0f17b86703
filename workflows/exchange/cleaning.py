"""Rows of any sheet → typed rows, or every problem of the row at once; warnings travel with the good row.

A sheet is read by columns, so that what a text means is worked out once for all rows that hold it; what a row says as
a whole is looked at row by row. There is no other way: a row by itself is a sheet of one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from policy.identity import Identity
from workflows.exchange import values
from workflows.exchange.meanings import CHINESE, DIGIT, PLAIN_SIGNS, Meanings, People, Plain
from workflows.exchange.rows import Problem, RosterRow
from workflows.exchange.values import BadCell

MOST_MONTHLY_YUAN = 100_000
LONGEST = {"party": 20, "insurance": 40, "bank": 60, "illness": 60, "note": 1000} | dict.fromkeys(
    ("school_name", "school_kind", "school_since", "employer", "employer_kind", "workplace"), 100
)
Read = Callable[..., Any]


@dataclass(frozen=True)
class Field:
    """How a cell is read, what it is when it says nothing, and whether it must say something.

    A ``dated`` one reads differently from day to day: nobody was born tomorrow. ``plain`` texts read as they stand.
    """

    read: Read
    empty: Any = None
    required: bool = False
    dated: bool = False
    plain: Plain | None = None

    def must(self) -> "Field":
        """The same, where it must say something."""
        return replace(self, required=True)

    def by(self, on: date) -> Callable[[str], Any]:
        """How a cell is read on this day."""
        return partial(self.read, on=on) if self.dated else self.read


@dataclass(frozen=True)
class Kind:
    """A kind of row: its fields in the order their problems are told, and what a row is made of its values.

    ``beforehand`` fills up the texts of columns; ``plain`` makes all rows that say nothing doubtful, None for others.
    """

    fields: Mapping[str, Field]
    make: Callable[["Cells"], Any]
    beforehand: Callable[[dict[str, Sequence[str]]], None] | None = None
    plain: Callable[["Columns", Sequence[int], Mapping[str, Sequence[Any]]], list[Any]] | None = None


class Cells:
    """The values of a row, with every problem met on the way."""

    def __init__(self, row: RosterRow, found: dict[str, Any], fields: Mapping[str, Field]) -> None:
        self.row, self.found = row, found
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        if row.surplus:
            self.problems.append(Problem("", "", "surplus_cells", args={"count": row.surplus}))
        for name, value in found.items():
            if type(value) is BadCell:
                self.problems.append(self.problem(name, value.code, **value.args_by_name))
                found[name] = fields[name].empty
            elif fields[name].required and (value is None or value == ""):
                self.problems.append(self.problem(name, "empty"))

    def problem(self, field_: str, code: str, **args: Any) -> Problem:
        """A problem of one cell, with its value as the file shows it."""
        value = self.row.cells.get(field_, "").removeprefix(values.RUINED)[:200]
        return Problem(field_, self.row.headers.get(field_, ""), code, value, args)

    def number_of(self, field_: str) -> str:
        """The ID number of a person; empty where nobody is named."""
        person: Identity | None = self.found[field_]
        return person.number if person else ""


class Columns:
    """Cleans rows of one kind lot by lot; remembers what texts mean from one lot to the next."""

    def __init__(self, kind: Kind, on: date) -> None:
        self.kind = kind
        people = People(on)
        self.known = {
            name: people if field_.read is values.person else Meanings(field_.by(on), field_.empty, field_.plain)
            for name, field_ in kind.fields.items()
        }

    def clean(
        self,
        numbers: Sequence[int],
        texts: dict[str, Sequence[str]],
        headers: Mapping[str, str],
        surplus: Mapping[int, int],
    ) -> list[Any]:
        """The rows in order, each as typed values or as its problems; ``surplus`` cells by place."""
        if self.kind.beforehand:
            self.kind.beforehand(texts)
        fields = self.kind.fields
        read = {
            name: self.known[name].column(texts[name]) if name in texts else [field_.empty] * len(numbers)
            for name, field_ in fields.items()
        }
        made = self.kind.plain(self, numbers, read) if self.kind.plain else [None] * len(numbers)
        for at, number in enumerate(numbers):
            if made[at] is None or at in surplus:
                row = RosterRow(number, {n: text[at] for n, text in texts.items()}, headers, surplus.get(at, 0))
                made[at] = self.kind.make(Cells(row, {name: read[name][at] for name in fields}, fields))
        return made

    def doubtful(self, read: Mapping[str, Sequence[Any]]) -> set[int]:
        """The places of rows with a cell that cannot be read, or that is empty and must not be."""
        found: set[int] = set()
        for name, field_ in self.kind.fields.items():
            told, met = read[name], self.known[name].met
            if met or (field_.required and not all(told)):
                empty = (None, "") if field_.required else ()
                found |= {at for at, v in enumerate(told) if type(v) is BadCell or v in empty}
        return found


# --- fields -----------------------------------------------------------------------------------------------------------


def text(name: str) -> Field:
    """Free text on one line, no longer than there is room for."""
    most = LONGEST.get(name, 200)
    return Field(partial(values.line, most=most), "", plain=Plain(PLAIN_SIGNS, most))


def word(table: Any, ending: str = "") -> Field:
    """An office's word for one of our codes."""
    return Field(partial(values.word, table=table, ending=ending))


def money(most_yuan: int = values.MOST_YUAN) -> Field:
    """An amount in 分."""
    return Field(partial(values.money, most_yuan=most_yuan))


PERSON, MONTH, DAY = (Field(read, dated=True) for read in (values.person, values.month, values.day))
NAME, ACCOUNT, DIGITS = (
    Field(values.name, "", plain=Plain(CHINESE, 50)), Field(values.account, "", plain=Plain(DIGIT, 30, least=6)),
    Field(values.digits, "", plain=Plain(DIGIT, 30)),
)  # fmt: skip
COUNT, MONTHLY = Field(values.count), money(MOST_MONTHLY_YUAN)
SHARED = {
    "head_id_no": PERSON.must(), "family_class_fen": MONTHLY, "person_class_fen": MONTHLY, "total_fen": MONTHLY,
    "income_year_fen": money(), "first_month": MONTH, "certificate_no": DIGITS, "account_name": NAME,
    "account": ACCOUNT, "onecard": ACCOUNT,
    **{name: text(name) for name in ("province", "city", "county", "address", "calc_method", "band", "bank")},
}  # fmt: skip
"""What both rosters have."""
