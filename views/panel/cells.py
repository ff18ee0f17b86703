"""Cells of lists that are more than a word: tags, days with their lateness, links."""

from datetime import date
from typing import Any

from markupsafe import Markup, escape

from policy.stage_words import Stands, stage_of
from policy.vocabulary import ENDED
from views.context import today
from views.formats import day, label, time_left


def stage_tag(case: Stands, before: Any = "") -> Markup:
    """Where a case stands as a tag, with the scheme before it."""
    tone, word = "" if case.stage in ENDED else " now", label(stage_of(case))
    return Markup(f'<span class="tag{tone}">{escape(before)}{" " if before else ""}{escape(word)}</span>')


def due_day(due: date | None, kind: str = "calendar") -> Any:
    """A day by which something is to be done, with the time left in words; ``kind`` is working or calendar days."""
    if due is None:
        return "—"
    left = time_left(due, today(), kind)
    if not left.tone:
        return Markup(f'<span class="nw">{day(due)}</span>')
    text = Markup('<span class="{}"><span class="nw">{}</span> <small class="nw">{}</small></span>')
    return text.format(left.tone, day(due), left.text)


def with_lateness(text: Any, due: date | None) -> Any:
    """A text, and in words how late it is with the next one."""
    if due is None or due >= today():
        return text
    left = time_left(due, today(), "calendar")
    return Markup('<span class="nw">{}</span> <small class="{} nw">{}</small>').format(text, left.tone, left.text)


def link(url: str, text: Any) -> Any:
    """A link, or only its text where it leads nowhere."""
    return Markup(f'<a href="{escape(url)}">{escape(text)}</a>') if url else text


def several(parts: list[Any]) -> Any:
    """Several tags or words in one cell; a dash for none."""
    return Markup(" ").join(parts) if parts else "—"
