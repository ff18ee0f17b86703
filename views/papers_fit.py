"""How closely a letter is set so that office, date and seal stay on the sheet with its last words (GB/T 9704 7.3.5)."""

import re
from math import ceil

from markupsafe import Markup

LINE = 28
"""Characters of a line at 16 pt."""
LOOSE, STUB = 13, 5
"""Lines of text that a sheet holds at the usual leading beside title, number, addressee and seal; a stub takes some."""
CLOSER = 4
"""Lines more that a sheet holds when it is set tight; a letter longer than that goes on to a second sheet."""


def lines_of(markup: str) -> int:
    """How many lines its paragraphs take; figures and Latin letters are half as wide."""
    paragraphs = re.findall(r"<p\b[^>]*>(.*?)</p>", str(markup), re.DOTALL)
    return sum(max(1, ceil((_width(Markup(text).striptags()) + 2) / LINE)) for text in paragraphs)  # noqa: S704 - only counted


def set_of(markup: str, stub: bool = False) -> str:
    """The class of a letter with this text: nothing where it fits as it is or not at all, else "tight"."""
    room = LOOSE - (STUB if stub else 0)
    return "tight" if room < lines_of(markup) <= room + CLOSER else ""


def _width(text: str) -> float:
    return sum(0.5 if sign.isascii() else 1 for sign in text)
