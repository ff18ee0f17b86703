"""From the text of one field to what it means; every problem is remembered with the field it belongs to."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from policy.identity import BadIdNumber, clean_number, parse_id_number
from policy.money import BadMoney, parse_yuan
from policy.vocabulary import Word
from workflows.application_input import Problem
from workflows.application_sheet import Row, Sheet, is_empty
from workflows.reason import Reason

MOST_FEN = 2**31 - 1
MOST_COUNT = 1_000_000
EARLIEST = date(1880, 1, 1)
LENGTHS = {
    "name": 50, "address": 200, "bank": 60, "account_name": 50, "ethnicity": 20, "political": 20, "workplace": 100,
    "school": 100, "illness_name": 60, "insurance": 40, "note": 200, "home_note": 2000, "home_place": 120,
    "words": 2000,
}  # fmt: skip
W = TypeVar("W", bound=Word)


class FieldReader:
    """Reads field by field and remembers every problem; a field that is wrong reads as None.

    ``must``: nothing typed is a problem as well.
    """

    def __init__(self, sheet: Sheet, on: date) -> None:
        self.sheet, self.on = sheet, on
        self.problems: list[Problem] = []
        self.row: Row = sheet.one
        self.at = ""

    def rows(self, group: str, read_row: Callable[[], Any]) -> list[tuple[int, Any]]:
        """(number, what it means) of every row of a group that is not empty."""
        found = []
        for at, row in enumerate(self.sheet.of(group)):
            if not is_empty(group, row):
                self.row, self.at = row, f"{group}-{at}-"
                if (made := read_row()) is not None:
                    found.append((at, made))
        self.row, self.at = self.sheet.one, ""
        return found

    def wrong(self, name: str, reason: Reason) -> None:
        """Remember a problem of a field of the present row."""
        self.problems.append(Problem(self.at + name, reason))

    def text(self, name: str, must: bool = False) -> str:
        """A text, no longer than its column."""
        value, most = self.row.get(name, ""), LENGTHS.get(name, 200)
        if must and not value:
            self.wrong(name, Reason("field_missing"))
        if len(value) > most:
            self.wrong(name, Reason("too_long", most=most))
        return value

    def word(self, name: str, words: type[W], must: bool = False) -> W | None:
        """A word of a vocabulary."""
        value = self.row.get(name, "")
        if value in {word.value for word in words}:
            return words(value)
        if value or must:
            self.wrong(name, Reason("choice_missing"))
        return None

    def several(self, name: str, words: type[W]) -> tuple[W, ...]:
        """Every word of a vocabulary that was ticked, in its order."""
        return tuple(word for word in words if word.value in self.sheet.ticked(name))

    def day(self, name: str) -> date | None:
        """A day, not in the future."""
        value = self.row.get(name, "")
        try:
            day = date.fromisoformat(value) if value else None
        except ValueError:
            self.wrong(name, Reason("not_a_day", text=value[:20]))
            return None
        if day is not None and not EARLIEST <= day <= self.on:
            self.wrong(
                name, Reason("day_in_future", day=day) if day > self.on else Reason("not_a_day", text=value[:20])
            )
            return None
        return day

    def count(self, name: str, least: int = 0, most: int = MOST_COUNT) -> int | None:
        """A whole number within its bounds."""
        value = clean_number(self.row.get(name, ""))
        if not value:
            return None
        if value.isascii() and value.isdecimal() and len(value) < 10 and least <= int(value) <= most:
            return int(value)
        self.wrong(name, Reason("not_a_count", least=least, most=most))
        return None

    def digits(self, name: str, least: int, most: int) -> str:
        """A number kept as text, without blanks and hyphens; "" for nothing typed."""
        value = clean_number(self.row.get(name, "")).replace("-", "")
        if value and not (value.isascii() and value.isdecimal() and least <= len(value) <= most):
            self.wrong(name, Reason("digits_wrong", least=least, most=most))
        return value

    def id_no(self, name: str, must: bool = False) -> str | None:
        """An ID number that may exist."""
        if not must and not self.row.get(name):
            return None
        try:
            return parse_id_number(self.row.get(name, ""), on=self.on).number
        except BadIdNumber as error:
            self.wrong(name, Reason(f"id_{error.code}", **error.args_by_name))
            return None

    def money(self, name: str, must: bool = False, above: bool = False, times: int = 1) -> int | None:
        """An amount typed in 元, as 分; ``times`` so much, and with ``above`` more than nothing."""
        if not must and not self.row.get(name):
            return None
        try:
            fen = parse_yuan(self.row.get(name, "")) * times
        except BadMoney as error:
            text = str(error.args_by_name["text"])[:20]
            self.wrong(name, Reason(f"money_{error.code}", text=text))
            return None
        if fen > MOST_FEN or (above and not fen):
            self.wrong(name, Reason("money_too_large") if fen else Reason("amount_missing"))
            return None
        return fen
