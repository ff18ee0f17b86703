"""What a calculation says, in English: a stored finding keeps the Chinese words of the rules, a page may speak another.

The list is a catalogue whose messages are Chinese; {1}, {2} … stand for people, amounts and days, or for words of the
list themselves. Clauses and sources are no part of it: they stay as the documents have them.
"""

import re
from functools import cache
from typing import NamedTuple

from babel.messages.pofile import read_po

from views.i18n import ENGLISH, TRANSLATIONS

CATALOGUE = TRANSLATIONS / ENGLISH / "finding.po"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SLOT = re.compile(r"\{(\d)\}")
_SIGNS = str.maketrans({"（": " (", "）": ") ", "、": ", ", "，": ", ", "；": "; ", "：": ": ", "～": "–"})
_LOOSE = re.compile(r" +(?=[ ,;:)])|^ +| +$|(?<=\() +")


class Pattern(NamedTuple):
    """Words around slots, the slots' numbers in their order, and the English with its own."""

    words: re.Pattern[str]
    slots: tuple[str, ...]
    english: str
    joins: bool
    """Whether nothing but a sign stands between texts, which then must all be known."""


def in_english(text: str) -> str:
    """A text of a finding in English; what the list does not know stays as it was written."""
    if not _CHINESE.search(text):
        return _signs(text)
    found = _said(text)
    return text if found is None else _signs(found)


def _said(text: str) -> str | None:
    plain, patterns = listed()
    if text in plain:
        return plain[text]
    for pattern in patterns:
        if match := pattern.words.fullmatch(text):
            return _filled(pattern, match.groups())
    return None


def _filled(pattern: Pattern, texts: tuple[str, ...]) -> str | None:
    parts = [_part(text) for text in texts]
    if pattern.joins and None in parts:
        return None
    told = {slot: part or text for slot, part, text in zip(pattern.slots, parts, texts, strict=True)}
    return _SLOT.sub(lambda slot: told[slot[1]], pattern.english)


def _part(text: str) -> str | None:
    """What stands in a slot: words of the list, or what is no Chinese; None for Chinese that it does not know."""
    return _said(text) if _CHINESE.search(text) else text


def _signs(text: str) -> str:
    return _LOOSE.sub("", text.translate(_SIGNS))


@cache
def listed() -> tuple[dict[str, str], tuple[Pattern, ...]]:
    """Texts as they are, and those with slots: what holds a semicolon first, for it joins texts, then the longest."""
    with CATALOGUE.open("rb") as file:
        told = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    slotted = sorted((text for text in told if _SLOT.search(text)), key=_weight, reverse=True)
    return {text: told[text] for text in told if not _SLOT.search(text)}, tuple(
        Pattern(_words(text), tuple(_SLOT.findall(text)), told[text], not _CHINESE.search(text)) for text in slotted
    )


def _weight(text: str) -> tuple[bool, int]:
    return "；" in text, len(_SLOT.sub("", text))


def _words(text: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in re.split(r"\{\d\}", text))
    return re.compile("(.+?)".join(parts))
