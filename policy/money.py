"""Money between people and code: 元 as text outside, integer 分 inside, never a float."""

import re
import unicodedata
from typing import ClassVar

YUAN = re.compile(r"(\d+)(?:\.(\d+))?")
MOST_DIGITS = 15
"""Digits of an amount in 元: more than any budget has."""
GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


class BadMoney(ValueError):
    """Text that is no amount of money; ``code`` says why, ``text`` is what was given."""

    MESSAGES: ClassVar[dict[str, str]] = {
        "empty": "There is no amount.",
        "float": "An amount must be given as text or a whole number, never as a float.",
        "not_money": "“%(text)s” is not an amount in yuan.",
        "negative": "An amount cannot be negative: “%(text)s”.",
        "below_fen": "“%(text)s” is finer than one fen (0.01 yuan).",
    }

    def __init__(self, code: str, text: object = "") -> None:
        self.code = code
        self.args_by_name = {"text": text}
        self.message = self.MESSAGES[code]
        super().__init__(self.message % self.args_by_name)


def parse_yuan(text: str | int) -> int:
    """Exact 分 of an amount in 元 or 万 (``"1,234.5"`` 123450, ``"2.5万"`` 2500000); raises BadMoney, never rounds."""
    if isinstance(text, bool) or not isinstance(text, (str, int)):
        raise BadMoney("float", text)
    clean = unicodedata.normalize("NFKC", str(text)).strip().removeprefix("¥").removesuffix("元").strip()
    if not clean:
        raise BadMoney("empty")
    unit, finest = (1_000_000, 6) if clean.endswith("万") else (100, 2)
    clean = clean.removesuffix("万").rstrip()
    if GROUPED.fullmatch(clean):
        clean = clean.replace(",", "")
    if clean.startswith("-") and YUAN.fullmatch(clean[1:]):
        raise BadMoney("negative", text)
    found = YUAN.fullmatch(clean) if clean.isascii() else None
    if not found:
        raise BadMoney("not_money", text)
    whole, part = found[1].lstrip("0") or "0", (found[2] or "").rstrip("0")
    if len(whole) > MOST_DIGITS:
        raise BadMoney("not_money", text)
    if len(part) > finest:
        raise BadMoney("below_fen", text)
    return int(whole) * unit + int(part.ljust(finest, "0"))


def yuan_cell(fen: int | None) -> str:
    """The same as a cell or a field holds it: empty where no amount is known."""
    return "" if fen is None else yuan(fen)


def yuan(fen: int, *, grouped: bool = False) -> str:
    """元 with two decimals of an amount in 分: ``yuan(123450)`` is ``"1234.50"``."""
    if fen >= 0 and not grouped:
        return f"{fen // 100}.{fen % 100:02d}"
    sign, rest = ("-", -fen) if fen < 0 else ("", fen)
    whole = f"{rest // 100:,}" if grouped else str(rest // 100)
    return f"{sign}{whole}.{rest % 100:02d}"
