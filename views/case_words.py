"""How words are put together on the case page and the desk: lists, notes, what a heading says, in each language."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext

from views.formats import yuan


def listed(words: Iterable[Any]) -> str:
    """Words one after another: 户籍、车辆."""
    return gettext(", ").join(str(word) for word in words)


def noted(text: Any, note: Any) -> str:
    """A word with a note behind it, where there is one: 身份证（配偶的）."""
    return gettext("%(text)s (%(note)s)", text=text, note=note) if note else str(text)


def headed(what: Any, more: Any) -> str:
    """What something is, and what it says: 意见：同意."""
    return gettext("%(what)s: %(more)s", what=what, more=more) if more else str(what)


def with_amount(what: str, fen: int | None) -> str:
    """A step with the amount (分) it names, where it names one: 确认，790.00 元."""
    return gettext("%(what)s, %(amount)s yuan", what=what, amount=yuan(fen)) if fen else what
