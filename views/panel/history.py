"""The history tab: what changed in a record and all that hangs on it, by day, as differences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask_babel import gettext, ngettext
from sqlalchemy import select

from models import AuditEntry, Household
from views import labels, places
from views.db import db
from views.formats import NOTHING
from views.import_history import Imported
from views.panel.masked import WHY
from views.panel.scoped import parse_id

MOST = 50
ONE_DAY = timedelta(days=1)
LOGINS = frozenset({"login", "login_failed", "login_shut"})
"""What is written down with the address of the connection in place of a reason."""


@dataclass(frozen=True)
class Entry:
    """One entry in words; ``changes`` are (field, before, after)."""

    entry: AuditEntry
    what: str
    reason: str
    changes: Sequence[tuple[str, Any, Any]]
    url: str = ""

    @property
    def who(self) -> str:
        """Who did it."""
        return labels.who(self.entry)


def history_of(row: Any, args: Mapping[str, str]) -> dict[str, Any]:
    """What the history page is given for one row; for a household, with all that hangs on it."""
    older = parse_id(args.get("before", ""))
    family = isinstance(row, Household)
    own = (AuditEntry.table_name == row.__tablename__) & (AuditEntry.row_id == str(row.id))
    imported = Imported(row)
    where = AuditEntry.household_id == row.id if family else own
    entries, more = read(where | AuditEntry.id.in_(imported.entries), older)
    entries = [_of_import(entry, imported) for entry in entries]
    return {"row": row, "days": by_day(entries), "more": more, "older": older}


def _of_import(entry: Entry, imported: Imported) -> Entry:
    changes = imported.changes(entry.entry)
    return entry if changes is None else replace(entry, changes=changes, url=imported.url(entry.entry))


def read(where: Any, before: int | None = None) -> tuple[list[Entry], int | None]:
    """The latest entries that fit ``where``, older than entry ``before``; and where to go on, or None at the end."""
    query = select(AuditEntry).where(where)
    if before:
        query = query.where(AuditEntry.id < before)
    rows = db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(MOST + 1)).all()
    return [in_words(row) for row in rows[:MOST]], rows[MOST - 1].id if len(rows) > MOST else None


def in_words(row: AuditEntry) -> Entry:
    """An entry as a person reads it."""
    what = " ".join(part for part in (labels.action(row.action), labels.table(row.table_name)) if part)
    return Entry(row, what, reason_of(row), differences(row))


def reason_of(row: AuditEntry) -> str:
    """Why; a reveal keeps the code of one of few reasons, a login the address it came from."""
    if row.action in LOGINS and row.reason:
        return gettext("At the address %(address)s", address=row.reason)
    return str(dict(WHY).get(row.reason, row.reason)) if row.action == "reveal" else row.reason


def differences(row: AuditEntry) -> list[tuple[str, Any, Any]]:
    """(field, before, after) of an entry, in words."""
    old, new = row.before or {}, row.after or {}
    return [
        (labels.column(name, row.table_name), _value(row.table_name, name, old), _value(row.table_name, name, new))
        for name in dict.fromkeys([*old, *new])
        if name not in HIDDEN
    ]


LINKS = {"household_id", "member_id", "benefit_id", "visit_id", "batch_id"}
PLACES = frozenset({
    "village_code", "township_code", "division_code", "parent_code", "to_code", "office_code", "place_code", "place",
    "came_from",
})  # fmt: skip
HIDDEN = frozenset({"id", "created_at", "created_by"} | LINKS)


def _value(table: str, name: str, values: Mapping[str, Any]) -> Any:
    value = values.get(name)
    if isinstance(value, str) and name in PLACES:
        return places.name(value)
    if isinstance(value, (list, dict)):
        return ngettext("%(num)s entry", "%(num)s entries", len(value)) if value else NOTHING
    return labels.in_words(table, name, value)


def by_day(entries: Sequence[Entry]) -> list[tuple[Any, list[Entry]]]:
    """Entries grouped by day, latest first."""
    days: dict[Any, list[Entry]] = {}
    for entry in entries:
        days.setdefault(entry.entry.at.date(), []).append(entry)
    return list(days.items())
