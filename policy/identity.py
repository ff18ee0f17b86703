"""Numbers that stand for people, read strictly.

A number that a spreadsheet has ruined is refused, never guessed. No message repeats the number it is about.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import repeat
from operator import add, mul
from typing import ClassVar, NamedTuple

from policy.masking import mask_id
from policy.vocabulary import DisabilityKind, Sex

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
EARLIEST_BIRTH = date(1880, 1, 1)
QUOTES = "'’‘`´"
SCIENTIFIC = re.compile(r"[0-9]+(\.[0-9]*)?E\+?[0-9]+|[0-9]{15,}\.0*")
DIGITS, PLAIN = re.compile(r"[0-9]*[0-9X]"), re.compile(r"[0-9]{17}[0-9X]")
KINDS = tuple(DisabilityKind)


class BadIdNumber(ValueError):
    """A number that cannot be accepted; ``code`` says why, ``args_by_name`` fills the message."""

    MESSAGES: ClassVar[dict[str, str]] = {
        "empty": "There is no ID number.",
        "excel_float": "A spreadsheet has rounded this number and its last digits are lost. "
        "Format the column as text and enter the number again from the ID card.",
        "old_15": "This is an old number of 15 digits. Enter the 18 digits of the present ID card.",
        "length": "An ID number has 18 characters, this one has %(have)s.",
        "characters": "An ID number is 17 digits and a last digit or X; this one holds something else.",
        "birth": "Digits 7 to 14 of the ID number are not a possible date of birth.",
        "future": "The date of birth in the ID number is in the future.",
        "check_digit": "The last digit does not fit the others: at least one digit of the ID number is wrong.",
        "certificate_length": "A disability certificate number has 20 characters, this one has %(have)s.",
        "kind": "Digit 19 of the disability certificate, the kind, must be 1 to 7.",
        "level": "Digit 20 of the disability certificate, the level, must be 1 to 4.",
        "owner": "The disability certificate belongs to another ID number.",
    }

    def __init__(self, code: str, **args: object) -> None:
        self.code, self.args_by_name = code, args
        self.message = self.MESSAGES[code]
        super().__init__(self.message % args)


PROVINCES = frozenset(
    str(number)
    for some in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84), (91, 97), (99, 100))
    for number in range(*some)
)
"""How numbers begin: provinces (GB/T 2260), permits of residence (81 to 83, 91 to 96); 99 is of invented people."""


class Identity(NamedTuple):
    """What an 18-digit number says of its holder; ``area`` is where it was first issued, never a proof of residence."""

    number: str
    birth: date
    sex: Sex
    area: str

    def __repr__(self) -> str:
        """Masked, so that logs and tracebacks do not give the number away."""
        return f"Identity({mask_id(self.number)})"


@dataclass(frozen=True, slots=True)
class DisabilityCertificate:
    """残疾人证号 taken apart: its owner's ID number, the kind, the level 1 (gravest) to 4."""

    id_number: str
    kind: DisabilityKind
    level: int

    def __repr__(self) -> str:
        """Masked, so that logs and tracebacks do not give the number away."""
        return f"DisabilityCertificate({self.kind}, {self.level})"


def clean_number(text: str) -> str:
    """The number without what copying adds: full-width forms, spaces, tabs, zero-width signs, apostrophes; upper X."""
    if text.isascii() and text.isalnum():
        return text.upper()
    plain = unicodedata.normalize("NFKC", text)
    kept = (sign for sign in plain if unicodedata.category(sign)[0] not in "CZ" and sign not in QUOTES)
    return "".join(kept).upper()


def check_digit(first17: str) -> str:
    """The 18th character for the first 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    if len(first17) != len(WEIGHTS):
        raise ValueError("17 digits are needed")
    return CHECK_DIGITS[(_weight(first17[:6]) + _weight(first17[6:14], 6) + _weight(first17[14:], 14)) % 11]


def parse_id_number(value: object, *, on: date | None = None) -> Identity:
    """Read an 18-digit ID number (GB 11643); raises BadIdNumber. ``on`` refuses births after that day.

    A cell that is a number, not text, is refused: a spreadsheet keeps 15 digits of it. Area codes are never refused.
    """
    number = value if isinstance(value, str) and PLAIN.fullmatch(value) else _read(value)
    area, (birth, born), (sex, order) = number[:6], _birth(number[6:14]), _order(number[14:17])
    if CHECK_DIGITS[(_weight(area) + born + order) % 11] != number[17]:
        raise BadIdNumber("excel_float" if number.endswith("000") else "check_digit")
    if on is not None and birth > on:
        raise BadIdNumber("future")
    return Identity(number, birth, sex, area)


def identities(numbers: Sequence[str], on: date) -> list[Identity]:
    """What ``parse_id_number`` finds in each of many numbers; of none where it might refuse or mend one of them."""
    bodies = "".join([number[:17] for number in numbers])
    if set(map(len, numbers)) != {18} or not (bodies.isascii() and bodies.isdigit()):
        return []
    areas = [number[:6] for number in numbers]
    try:
        births, born = zip(*[_birth(number[6:14]) for number in numbers], strict=True)
    except BadIdNumber:
        return []
    sexes, orders = zip(*[_order(number[14:17]) for number in numbers], strict=True)
    last = [CHECK_DIGITS[weight % 11] for weight in map(add, map(add, map(_weight, areas), born), orders)]
    if max(births) > on or last != [number[17] for number in numbers]:
        return []
    return list(map(tuple.__new__, repeat(Identity), zip(numbers, births, sexes, areas, strict=True)))


def disability_certificate(value: object, *, id_number: str | None = None) -> DisabilityCertificate:
    """Read a 残疾人证号 (ID number, kind, level, and B1, B2… when reissued); raises BadIdNumber.

    With ``id_number`` the certificate must be that person's.
    """
    number = re.sub(r"(?<=^.{20})B[0-9]$", "", _text(value))
    if len(number) != 20:
        raise BadIdNumber("certificate_length", have=len(number))
    owner, kind, level = parse_id_number(number[:18]).number, number[18], number[19]
    if kind not in "1234567":
        raise BadIdNumber("kind")
    if level not in "1234":
        raise BadIdNumber("level")
    if id_number is not None and clean_number(id_number) != owner:
        raise BadIdNumber("owner")
    return DisabilityCertificate(owner, KINDS[int(kind) - 1], int(level))


def age_on(birth: date, day: date) -> int:
    """Full years (周岁) on a day; who was born on 29 February turns a year older on 1 March of common years."""
    if day < birth:
        raise ValueError("the day lies before the birth")
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _read(value: object) -> str:
    """A cell as 17 digits and a digit or X; raises BadIdNumber when it is something else."""
    number = _text(value)
    _refuse_malformed(number)
    return number


def _text(value: object) -> str:
    """Cleaned text of a cell; raises BadIdNumber when it is empty or went through a number."""
    if isinstance(value, (int, float)):
        raise BadIdNumber("excel_float")
    number = clean_number(value) if isinstance(value, str) else ""
    if not number:
        raise BadIdNumber("empty")
    if SCIENTIFIC.fullmatch(number):
        raise BadIdNumber("excel_float")
    return number


def _refuse_malformed(number: str) -> None:
    """Raise BadIdNumber unless there are 17 digits and a digit or X."""
    if not DIGITS.fullmatch(number):
        raise BadIdNumber("characters")
    if len(number) == 15:
        raise BadIdNumber("old_15")
    if len(number) != 18:
        raise BadIdNumber("length", have=len(number))


@lru_cache(40_000)
def _weight(digits: str, first: int = 0) -> int:
    """What these digits, the first of them in this place, add to the sum that the check digit is taken from."""
    told: int = sum(map(mul, WEIGHTS[first:], digits.encode("ascii")))
    return told - ord("0") * sum(WEIGHTS[first : first + len(digits)])


@lru_cache(40_000)
def _birth(digits: str) -> tuple[date, int]:
    """The date in digits 7 to 14, with their weight; raises BadIdNumber when nobody alive was born on such a day."""
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise BadIdNumber("birth") from None
    if birth < EARLIEST_BIRTH:
        raise BadIdNumber("birth")
    return birth, _weight(digits, 6)


@lru_cache(1_000)
def _order(digits: str) -> tuple[Sex, int]:
    """The sex in digits 15 to 17, with their weight."""
    return Sex.MALE if int(digits[2]) % 2 else Sex.FEMALE, _weight(digits, 14)
