"""Cells of lists that are more than a word: tags, days with their lateness, links."""

from datetime import date
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from policy.vocabulary import ENDED, Stage
from views.context import today
from views.formats import day, label

SOON_DAYS = 30


def stage_tag(stage: Stage, before: Any = "") -> Markup:
    """A stage as a tag, with the scheme before it."""
    tone = "" if stage in ENDED else " now"
    return Markup('<span class="tag{}">{}{}</span>').format(tone, f"{before} " if before else "", label(stage))


def due_day(due: date | None, soon: int = SOON_DAYS) -> Any:
    """A day by which something is to be done: lateness in words, nearness by colour as well."""
    if due is None:
        return "—"
    late = (today() - due).days
    if late > 0:
        note = gettext("%(days)s days overdue", days=late)
        return Markup('<span class="over nw">{} <small>{}</small></span>').format(day(due), note)
    if late == 0:
        return Markup('<span class="due nw">{} <small>{}</small></span>').format(day(due), gettext("Due today"))
    return Markup('<span class="{}nw">{}</span>').format("due " if -late <= soon else "", day(due))


def link(url: str, text: Any) -> Any:
    """A link, or only its text where it leads nowhere."""
    return Markup('<a href="{}">{}</a>').format(url, text) if url else text


def several(parts: list[Any]) -> Any:
    """Several tags or words in one cell; a dash for none."""
    return Markup(" ").join(parts) if parts else "—"
