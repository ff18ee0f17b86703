"""One value of the JSON facts, read strictly and written back; every refusal names the path.

Amounts are 元 outside (text or whole numbers) and integer 分 inside; floats are always refused.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar, NamedTuple

from policy.figure_rows import CODE_LENGTHS
from policy.money import BadMoney, parse_yuan, yuan

PERCENT = re.compile(r"(-?)(\d+)(?:\.(\d{1,2}))?", re.ASCII)


class BadFacts(ValueError):
    """Facts that cannot be read: ``path`` says where; ``code`` and ``args_by_name`` let a page say why.

    Code "figure": a trial value was refused, and the BadFigure is the cause.
    """

    MESSAGES: ClassVar[dict[str, str]] = {
        "object": "not an object",
        "list": "not a list",
        "unknown": "not a known key",
        "missing": "missing",
        "date": "not a date",
        "month": "not a month",
        "text": "not a text",
        "truth": "not true or false",
        "whole": "not a whole number",
        "least": "below %(least)s",
        "most": "above %(most)s",
        "word": "“%(value)s” is none of: %(words)s",
        "place": "not a division code of 2, 4, 6, 9 or 12 digits",
        "amount": "not an amount in yuan, as text or a whole number",
        "negative": "below zero",
        "below_fen": "finer than one fen",
        "percent": "not a percentage with at most two decimals, as text or a whole number",
        "later": "after the day of the calculation",
        "twice": "“%(value)s” names two members",
        "nobody": "“%(value)s” names no other member",
        "figure": "%(why)s",
    }

    def __init__(self, path: str, code: str, **args: object) -> None:
        self.path, self.code, self.args_by_name = path, code, args
        self.message = self.MESSAGES[code]
        said = self.message % args
        super().__init__(f"{path}: {said}" if path else said)


class Kind(NamedTuple):
    """How one value is read (value, path), raising BadFacts, and how it is written."""

    read: Callable[[object, str], Any]
    write: Callable[[Any], object]


def word(words: Iterable[str]) -> Kind:
    """One of some words."""
    known = {str(one): one for one in words}

    def read(value: object, path: str) -> str:
        if not isinstance(value, str):
            raise BadFacts(path, "text")
        if value not in known:
            raise BadFacts(path, "word", value=value, words=", ".join(known))
        return known[value]

    return Kind(read, str)


def whole(least: int = 0, most: int | None = None) -> Kind:
    """A whole number from ``least`` to ``most``, both allowed."""

    def read(value: object, path: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadFacts(path, "whole")
        if value < least:
            raise BadFacts(path, "least", least=least)
        if most is not None and value > most:
            raise BadFacts(path, "most", most=most)
        return value

    return Kind(read, int)


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadFacts(path, "text")
    return value


def _truth(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise BadFacts(path, "truth")
    return value


def _place(value: object, path: str) -> str:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) in CODE_LENGTHS:
        return value
    raise BadFacts(path, "place")


def _day(value: object, path: str) -> date:
    day = _date(value)
    if day is None:
        raise BadFacts(path, "date")
    return day


def _month(value: object, path: str) -> date:
    first = _date(f"{value}-01")
    if first is None or not isinstance(value, str):
        raise BadFacts(path, "month")
    return first


def _date(value: object) -> date | None:
    """Only YYYY-MM-DD is a date; the library would also take weeks and dates without dashes."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return None
    return day if day.isoformat() == value else None


def _money(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise BadFacts(path, "amount")
    try:
        return parse_yuan(value)
    except BadMoney as error:
        raise BadFacts(path, error.code if error.code in BadFacts.MESSAGES else "amount") from None


def _percent(value: object, path: str) -> int:
    told = isinstance(value, (str, int)) and not isinstance(value, bool)
    found = PERCENT.fullmatch(str(value)) if told else None
    if found is None:
        raise BadFacts(path, "percent")
    sign, ones, parts = found.groups(default="")
    return int(f"{sign}{ones}{parts.ljust(2, '0')}")


TEXT = Kind(_text, str)
TRUTH = Kind(_truth, bool)
PLACE = Kind(_place, str)
DAY = Kind(_day, date.isoformat)
MONTH = Kind(_month, lambda day: day.isoformat()[:7])
"""A month, kept as its first day."""
MONEY = Kind(_money, yuan)
"""An amount in 元, kept in 分."""
PERCENTAGE = Kind(_percent, yuan)
"""A rise in percent, below zero for a fall, kept in hundredths of a percent."""
