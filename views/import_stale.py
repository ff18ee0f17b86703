"""Rows that an import left, because somebody had changed what they are about: how it stands with them now."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models import ImportRow
from views import labels
from views.case_words import listed
from views.column_words import COLUMNS
from views.context import actor
from views.db import db
from views.formats import moment
from views.import_lines import differences
from workflows.exchange import kept
from workflows.exchange.again import Standing, standing

WHY: dict[str, Any] = {
    "gone": _l("The person left, or the family is no more; nothing is written."),
    "here": _l("This person was entered meanwhile; see who it is by the link, then show the row again."),
    "elsewhere": _l("Now registered elsewhere in the county; ask the county office."),
    "closed": _l("The family that this person would join is no more."),
    "head": _l("Waits for the row of the head, which was left."),
}  # fmt: skip


def fill(lines: Sequence[Any], rows: Sequence[ImportRow]) -> None:
    """Put beside each row what stands there now, who wrote it, and where it differs from the preview what that said."""
    for line, row, found in zip(lines, rows, standing(db.session(), rows, actor()), strict=True):
        told = [str(WHY[found.why])] if found.why in WHY else []
        if found.last is not None and found.why in ("changed", "gone"):
            told.append(_who(found))
        line.what = " ".join(told)
        if found.row_id is not None:
            line.url = url_for("member.page", id=found.row_id)
        elif found.why in ("gone", "elsewhere"):
            line.url = ""
        if found.why != "changed":
            line.changes = ()
            continue
        content, before = kept.opened(row.content), kept.opened(row.before)
        then = {name: old for name, old, _ in differences(row.table_name, before, content)}
        line.changes = differences(row.table_name, found.now, content)
        line.was = {name: then[name] for name, now_, _ in line.changes if then[name] != now_}
        line.stands = {name for name, now_, wanted in line.changes if now_ == wanted}


def _who(found: Standing) -> str:
    entry = found.last
    assert entry is not None
    names = listed(labels.column(name) for name in entry.after or () if name in COLUMNS)
    told = {"who": entry.actor_name, "at": moment(entry.at), "what": names}
    if names and entry.action == "update":
        return gettext("%(who)s changed %(what)s on %(at)s.", **told)
    return gettext("Last changed by %(who)s on %(at)s.", **told)
