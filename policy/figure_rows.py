"""One figure: a dated, cited value, and the checks a row passes to become one.

Money is written in 元 (unit ``yuan``: a whole number or text such as ``"860.50"``) and kept as integer 分
(unit ``fen``); multiples are written as text or whole numbers and kept as ``Fraction``; nothing is ever a float.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, NamedTuple

from policy.figure_keys import KNOWN_KEYS, KnownKey, Measure, Status
from policy.money import BadMoney, parse_yuan, yuan

Value = int | Fraction | str | tuple[str, ...]

CODE_LENGTHS = (12, 9, 6, 4, 2, 0)
FIELDS = {"key", "place", "unit", "value", "from", "to", "cite", "status", "note"}
DECIMAL = re.compile(r"\d+(\.\d+)?")


class BadFigure(ValueError):
    """A row that cannot become a figure; ``code`` and ``args_by_name`` let a page say it in any language."""

    MESSAGES: ClassVar[dict[str, str]] = {
        "unknown_key": "There is no figure called “%(key)s”.",
        "unknown_field": "Figure “%(key)s”: “%(field)s” is not a known field.",
        "place": "Figure “%(key)s”: “%(place)s” is not a division code of 2, 4, 6, 9 or 12 digits.",
        "unit": "Figure “%(key)s” is counted in “%(right)s”, not in “%(unit)s”.",
        "float": "Figure “%(key)s”: write %(value)s as text in quotes or as a whole number.",
        "value": "Figure “%(key)s”: “%(value)s” is not a value in “%(right)s”.",
        "word": "Figure “%(key)s”: “%(value)s” is none of %(words)s.",
        "from": "Figure “%(key)s”: the first day it holds is missing or not a date.",
        "to": "Figure “%(key)s”: the last day it holds is not a date.",
        "dates": "Figure “%(key)s”: its last day %(to)s is before its first day %(from)s.",
        "cite": "Figure “%(key)s”: the document and clause it rests on are missing.",
        "status": "Figure “%(key)s”: status “%(status)s” is none of official, derived, placeholder.",
        "note": "Figure “%(key)s”: the note must be text.",
        "overlap": "Figure “%(key)s” of place “%(place)s”: the rows from %(from)s and from %(other)s overlap.",
        "duplicate": "Figure “%(key)s” of place “%(place)s”: two rows hold from %(from)s.",
        "file": "File %(file)s: “%(place)s” is no division with a name of its own, or the file holds something else.",
    }

    def __init__(self, code: str, **args: object) -> None:
        self.code, self.args_by_name = code, args
        self.message = self.MESSAGES[code]
        super().__init__(self.message % args)


class Figure(NamedTuple):
    """One dated, cited value: money in 分, a whole number, a Fraction (multiple) or a word."""

    key: str
    value: Value
    unit: Measure
    place: str
    valid_from: date
    valid_to: date | None
    cite: str
    status: Status = Status.OFFICIAL
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the figure is in force that day; both its first and its last day count."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def whole(self) -> int:
        """The value of a figure that is a whole number (分, months, days…); TypeError for others."""
        if isinstance(self.value, int):
            return self.value
        raise TypeError(f"figure {self.key} is counted in {self.unit}")

    @property
    def multiple(self) -> Fraction:
        """The value of a figure that is a multiple; TypeError for others."""
        if isinstance(self.value, Fraction):
            return self.value
        raise TypeError(f"figure {self.key} is counted in {self.unit}")

    @property
    def word(self) -> str:
        """The value of a figure that is a word; TypeError for others."""
        if isinstance(self.value, str):
            return self.value
        raise TypeError(f"figure {self.key} is counted in {self.unit}")

    @property
    def share(self) -> Fraction:
        """The value of a figure in percent as a share: 30 % is 3/10; TypeError for others."""
        if self.unit is Measure.PERCENT:
            return self.multiple / 100
        raise TypeError(f"figure {self.key} is counted in {self.unit}")

    @property
    def words(self) -> tuple[str, ...]:
        """The value of a figure that is a list of words; TypeError for others."""
        if isinstance(self.value, tuple):
            return self.value
        raise TypeError(f"figure {self.key} is counted in {self.unit}")

    @property
    def text(self) -> str:
        """The value as people enter it: 元 with two decimals, a multiple as a decimal, words with spaces between."""
        if self.unit is Measure.FEN:
            return yuan(self.whole)
        if isinstance(self.value, tuple):
            return " ".join(self.value)
        return _decimal(self.value) if isinstance(self.value, Fraction) else str(self.value)


def read_figure(row: Mapping[str, object]) -> Figure:
    """A Figure from a row of TOML or of the county's own table (unit may be ``yuan``); raises BadFigure."""
    key = str(row.get("key", ""))
    known = KNOWN_KEYS.get(key)
    if known is None:
        raise BadFigure("unknown_key", key=key)
    for field in row:
        if field not in FIELDS:
            raise BadFigure("unknown_field", key=key, field=field)
    first, last = _dates(key, row)
    return Figure(
        key=key,
        value=_value(known, row),
        unit=known.unit,
        place=_place(key, row.get("place", "")),
        valid_from=first,
        valid_to=last,
        cite=_text("cite", key, row, required=True),
        status=_status(key, row.get("status", "official")),
        note=_text("note", key, row),
    )


def _value(known: KnownKey, row: Mapping[str, object]) -> Value:
    unit, value = row.get("unit"), row.get("value")
    right = known.unit.written
    if unit not in (known.unit.value, right):
        raise BadFigure("unit", key=known.key, right=right, unit=unit)
    if isinstance(value, float):
        raise BadFigure("float", key=known.key, value=value)
    wrong = BadFigure("value", key=known.key, value=value, right=right)
    if known.unit is Measure.WORDS:
        return _words(known, value, wrong)
    if not isinstance(value, (int, str)):
        raise wrong
    if known.unit is Measure.WORD:
        if value not in known.words:
            raise BadFigure("word", key=known.key, value=value, words=", ".join(known.words))
        return str(value)
    if unit == "yuan":
        try:
            return parse_yuan(value)
        except BadMoney:
            raise wrong from None
    return _count(known.unit, str(value), wrong)


def _words(known: KnownKey, value: object, wrong: BadFigure) -> tuple[str, ...]:
    given = value.split() if isinstance(value, str) else value
    if not isinstance(given, (list, tuple)):
        raise wrong
    for word in given:
        if word not in known.words:
            raise BadFigure("word", key=known.key, value=word, words=", ".join(known.words))
    return tuple(dict.fromkeys(given))


def _count(unit: Measure, text: str, wrong: BadFigure) -> Value:
    if not (text.isascii() and DECIMAL.fullmatch(text)):
        raise wrong
    number = Fraction(text)
    if unit is Measure.PERCENT or (unit is Measure.MULTIPLE and number > 0):
        return number
    if unit is Measure.MULTIPLE or "." in text or (unit is Measure.DAY_OF_MONTH and not 1 <= number <= 28):
        raise wrong
    return int(number)


def _dates(key: str, row: Mapping[str, object]) -> tuple[date, date | None]:
    first, last = row.get("from"), row.get("to")
    if not isinstance(first, date) or isinstance(first, datetime):
        raise BadFigure("from", key=key)
    if last is None:
        return first, None
    if not isinstance(last, date) or isinstance(last, datetime):
        raise BadFigure("to", key=key)
    if last < first:
        raise BadFigure("dates", **{"key": key, "from": first, "to": last})
    return first, last


def _place(key: str, place: object) -> str:
    if isinstance(place, str) and len(place) in CODE_LENGTHS and (not place or (place.isascii() and place.isdigit())):
        return place
    raise BadFigure("place", key=key, place=place)


def _text(field: str, key: str, row: Mapping[str, object], *, required: bool = False) -> str:
    text = row.get(field) or ""
    if not isinstance(text, str) or (required and not text.strip()):
        raise BadFigure(field, key=key)
    return text.strip()


def _status(key: str, status: object) -> Status:
    if status not in list(Status):
        raise BadFigure("status", key=key, status=status)
    return Status(str(status))


def _decimal(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
