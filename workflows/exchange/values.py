"""One cell → one typed value, or BadCell with a code: what offices write, read strictly and never guessed."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from policy.identity import BadIdNumber, Identity, clean_number, parse_id_number
from workflows.exchange import words

T = TypeVar("T")

RUINED = "\x1a"  # what the reader puts before a number that a spreadsheet has rounded
EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#GETTING_DATA"}
EMPTY = {"", "-", "--", "—", "——", "/", "\\", "NULL", "null", "None"}
MADE_TEXT = re.compile(r'="([^"]*)"')
"""How programs that write CSV keep a spreadsheet from taking a number for one."""
LIST_MARKS = re.compile(r"[、,，;；|/\n]+")
EARLIEST = date(1880, 1, 1)
MOST_YUAN = 100_000_000
SCIENTIFIC = re.compile(r"\d+(\.\d*)?[eE]\+?\d+|\d{15,}\.0*", re.ASCII)
AMOUNT = re.compile(r"(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?(万?)", re.ASCII)
DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)", re.ASCII
)
PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PLAIN_NAME = re.compile(r"[\u4e00-\u9fa5]{1,50}")
PLAIN_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
PLAIN_LINE, PLAIN_DIGITS = re.compile(r"[\u4e00-\u9fa5A-Za-z0-9]+"), re.compile(r"[0-9]+")
ACCOUNT = re.compile(r"[0-9]{6,30}")
DAY_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
MONTH = re.compile(r"(\d{4})(?:[-/.年]?)(\d{2})月?|(\d{4})[-/.年](\d)月?", re.ASCII)


class BadCell(ValueError):
    """A cell that cannot be accepted; ``code`` says why, ``args_by_name`` fills the sentence."""

    def __init__(self, code: str, **args: Any) -> None:
        super().__init__(code)
        self.code, self.args_by_name = code, args


def tidy(text: str) -> str:
    """A cell as text: no blanks around, no invisible signs, no apostrophe or ="…" that made it text.

    Raises on lost content.
    """
    if text.startswith(RUINED):
        raise BadCell("excel_float")
    text = text.strip()
    if not text.isprintable():
        text = "".join(c for c in text if unicodedata.category(c) != "Cf").strip()
    text = text.removeprefix("'").strip()
    if made := MADE_TEXT.fullmatch(text):
        text = made[1].strip()
    if text.startswith("#") and text.upper() in EXCEL_ERRORS:
        raise BadCell("excel_error")
    return "" if text in EMPTY else text


def line(text: str, most: int = 500) -> str:
    """Free text on one line; raises ``control`` on control signs, ``long`` beyond ``most`` characters."""
    if not PLAIN_LINE.fullmatch(text) or text in EMPTY:
        text = tidy(text)
    if not text.isprintable():
        text = re.sub(r"[\t\r\n]+", " ", text)
        if any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
            raise BadCell("control")
    if len(text) > most:
        raise BadCell("long", limit=most)
    return text


def nation(text: str, most: int = 20) -> str:
    """A people's name, 汉 and 汉族 alike as 汉族; other words as they are."""
    told = line(text, most)
    return f"{told}族" if words.NATIONS.fullmatch(told) else told


def name(text: str) -> str:
    """A person's name of at most 50 characters; blanks that only align columns go, those of Latin names stay one."""
    if PLAIN_NAME.fullmatch(text):
        return text
    if re.fullmatch(r"\S?\*+\S?", text.strip()):
        raise BadCell("masked")
    joined = " ".join(line(text, 50).split())
    latin = re.search(r"[A-Za-z]", joined)
    return joined if latin else joined.replace(" ", "")


def digits(text: str, most: int = 30) -> str:
    """A number that is a name (account, certificate): cleaned; raises ``masked`` or ``excel_float``, never guesses."""
    if PLAIN_DIGITS.fullmatch(text) and len(text) <= most:
        return text
    cleaned = clean_number(tidy(text))
    if "*" in cleaned:
        raise BadCell("masked")
    if SCIENTIFIC.fullmatch(cleaned):
        raise BadCell("excel_float")
    if len(cleaned) > most:
        raise BadCell("long", limit=most)
    return cleaned


def person(text: str, on: date) -> Identity:
    """The person of an 18-digit ID number; raises the code of what is wrong with it."""
    try:
        return parse_id_number(text if PLAIN_NUMBER.fullmatch(text) else digits(text), on=on)
    except BadIdNumber as bad:
        raise BadCell(bad.code, **bad.args_by_name) from None


def account(text: str) -> str:
    """A bank or one-card account: 6 to 30 digits."""
    if ACCOUNT.fullmatch(text):
        return text
    number = digits(text, 100)
    if number and not ACCOUNT.fullmatch(number):
        raise BadCell("bad_account")
    return number


def phone(text: str) -> str:
    """One or more telephone numbers as written."""
    text = unicodedata.normalize("NFKC", line(text, 60))
    if "*" in text:
        raise BadCell("masked")
    if text and not re.fullmatch(r"[0-9+()\-、,;/ ]{5,60}", text):
        raise BadCell("bad_phone")
    return text


def money(text: str, most_yuan: int = MOST_YUAN) -> int | None:
    """元 (with 万, thousands separators, 元) as 分; None when empty; at most two decimals, never negative."""
    amount = _amount(text)
    if amount is None:
        return None
    if amount < 0:
        raise BadCell("negative")
    if amount > most_yuan:
        raise BadCell("absurd", limit=most_yuan)
    if amount * 100 % 1:
        raise BadCell("too_precise")
    return int(amount * 100)


def rounded_money(text: str) -> int | None:
    """A figure somebody derived (income per head): rounded to the 分, and None where it says nothing usable."""
    try:
        amount = _amount(text)
    except BadCell:
        return None
    if amount is None or not 0 <= amount <= MOST_YUAN:
        return None
    return int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _amount(text: str) -> Decimal | None:
    """Exact 元; None when empty or 无."""
    plain = words.plain(tidy(text)).removeprefix("¥").removeprefix("￥")
    if not plain.isascii():
        plain = re.sub(r"(元|圆)(/[月年])?$", "", plain)
    if plain in EMPTY or plain == "无":
        return None
    if SCIENTIFIC.fullmatch(plain):
        raise BadCell("excel_float")
    found = AMOUNT.fullmatch(plain) if len(plain) <= 30 else None
    if not found:
        raise BadCell("bad_money")
    sign, whole, part, unit = found.groups()
    return Decimal(f"{sign}{whole.replace(',', '')}.{part or 0}") * (10_000 if unit else 1)


def count(text: str, most: int = 99) -> int | None:
    """A small whole number (5, 5人, 1.0); None when empty."""
    plain = re.sub(r"[人口户套个]$", "", words.plain(tidy(text)))
    if plain in EMPTY or plain == "无":
        return None
    found = re.fullmatch(r"([0-9]{1,9})(?:\.0+)?", plain)
    if not found:
        raise BadCell("bad_count")
    if int(found[1]) > most:
        raise BadCell("absurd", limit=most)
    return int(found[1])


def area(text: str) -> int | None:
    """Square metres, rounded half up to whole ones; None when empty."""
    plain = re.sub(r"(平方米|平方|平米|m2)$", "", words.plain(tidy(text)))
    if plain in EMPTY or plain == "无":
        return None
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", plain):
        raise BadCell("bad_area")
    return int(Decimal(plain).quantize(Decimal(1), ROUND_HALF_UP))


def day(text: str, on: date) -> date | None:
    """A date in the ways offices write it; impossible ones are refused, never rolled, and so is the future."""
    if PLAIN_DAY.fullmatch(text):
        return _past(int(text[:4]), int(text[5:7]), int(text[8:]), on)
    plain = words.plain(_without_midnight(tidy(text)))
    if plain in EMPTY or plain == "无":
        return None
    found = DAY.fullmatch(plain) or DAY_DIGITS.fullmatch(plain)
    if not found:
        raise BadCell("bad_date")
    year, month_, day_ = (int(part) for part in found.groups() if part is not None)
    return _past(year, month_, day_, on)


def month(text: str, on: date) -> date | None:
    """A month as its first day: 2013-04, 2013年4月, 201304, 2013/4, or a full date; None when empty."""
    plain = words.plain(_without_midnight(tidy(text)))
    if plain in EMPTY or plain == "无":
        return None
    if re.fullmatch(r"\d{4}\.1", plain):  # October, once a spreadsheet has taken 2013.10 for a number
        raise BadCell("ambiguous_month")
    if DAY.fullmatch(plain) or DAY_DIGITS.fullmatch(plain):
        whole = day(text, on)
        return whole.replace(day=1) if whole else None
    found = MONTH.fullmatch(plain)
    if not found:
        raise BadCell("bad_month")
    year, month_ = (int(part) for part in found.groups() if part is not None)
    return _past(year, month_, 1, on)


def _without_midnight(text: str) -> str:
    return re.sub(r"[T\s]0?0:00(:00)?$", "", text) if ":" in text else text


def _past(year: int, month_: int, day_: int, on: date) -> date:
    """A calendar day from 1880 to ``on``."""
    try:
        value = date(year, month_, day_)
    except ValueError:
        raise BadCell("impossible_date") from None
    if value < EARLIEST:
        raise BadCell("impossible_date")
    if value > on:
        raise BadCell("future_date", on=on.isoformat())
    return value


def word(text: str, table: words.Table[T], ending: str = "") -> T | None:
    """The code for an office's word, with or without ``ending``, or for a number of the national standard.

    None when empty; raises with the accepted words.
    """
    plain = words.plain(tidy(text))
    code = table.read(plain, ending)
    code = table.numbered(plain) if code is None else code
    if code is None and plain not in ("", "无"):
        raise BadCell("unknown_word", accepted=tuple(table.spoken.values()))
    return code


def several(text: str) -> tuple[str, ...]:
    """The parts of a list joined by 、 or the like (by blanks where nothing else joins them), without empty ones."""
    text = tidy(text)
    parts = LIST_MARKS.split(text) if LIST_MARKS.search(text) else text.split()
    return tuple(part.strip() for part in parts if part.strip())


def causes(text: str) -> tuple[Any, ...]:
    """申请原因: every cause once, in the order written."""
    found = [word(part, words.CAUSE) for part in several(text)]
    return tuple(dict.fromkeys(cause for cause in found if cause is not None))
