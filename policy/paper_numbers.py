"""字号: how an office numbers what it issues, by office and year (GB/T 9704-2012 7.2.5)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from policy.division_codes import county_of, is_county, is_township
from policy.letters import short_name

_WORD = re.compile(r"[一-鿿㐀-䶿]{2,12}")


class Number(NamedTuple):
    """巡民救〔2021〕12号: the office's word, the year in full, a serial number without leading zeros."""

    word: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕{self.serial}号"


def usual_word(code: str, names: dict[str, str]) -> str:
    """An office's word where it chose none: 珙民救 of the county, 巡民救 of a township; no two alike."""
    county = names[county_of(code)]
    if is_county(code):
        return f"{county[:1]}民救"
    others = [name for other, name in names.items() if is_township(other) and county_of(other) == county_of(code)]
    return f"{short_name(names[code], [*others, county])}民救"


def lawful_word(word: str) -> bool:
    """Two to twelve Chinese characters: no brackets, digits or blanks, which the number itself brings."""
    return bool(_WORD.fullmatch(word))


def gaps(serials: Iterable[int]) -> list[int]:
    """The serial numbers from 1 to the highest that are missing; none in a register that was kept rightly."""
    have = set(serials)
    return [number for number in range(1, max(have, default=0)) if number not in have]
