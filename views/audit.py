"""The record of changes and looks, for those who oversee: who, when, what, why; entries are read, never touched."""

from typing import Any, ClassVar

from flask import Flask, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models import AuditEntry, User
from policy.vocabulary import Role
from views import labels
from views.base import PanelView, add_view
from views.case_words import listed
from views.column_words import COLUMNS
from views.context import actor
from views.formats import label
from views.panel import cells, history
from views.panel.filters import DayFilter, ExactFilter, SetFilter
from workflows.actor import scoped

E = AuditEntry
RECORDS = {name: (text, lambda name=name: E.table_name == name) for name, text in labels.TABLES.items()}
ACTIONS = {name: (text, lambda name=name: E.action == name) for name, text in labels.ACTIONS.items()}


def _by(name: str) -> Any:
    return E.actor_id.in_(select(User.id).where((User.name == name) | (User.login == name)))


class AuditView(PanelView):
    """修改记录: every change of a record, read by who oversees; an entry tells field by field what it was and is."""

    table = AuditEntry
    title = _l("Audit")
    routes = ("index_view", "page")
    column_list = ("at", "actor_name", "role", "action", "table_name", "fields", "reason", "channel")
    column_labels: ClassVar[dict[str, Any]] = {**COLUMNS, "fields": _l("Fields"), "channel": _l("Channel")}
    column_sortable_list = ("at",)
    filters = (
        ExactFilter("who", _l("Name or login name"), _by).looking(),
        DayFilter("from", _l("From"), lambda day: E.at >= day),
        DayFilter("until", _l("Until"), lambda day: E.at < day + history.ONE_DAY),
        SetFilter("record", _l("Record"), RECORDS).looking(),
        SetFilter("action", _l("What"), ACTIONS).looking(),
    )
    cells: ClassVar[dict[str, Any]] = {
        "at": lambda e: e.at.strftime("%Y-%m-%d %H:%M:%S"),
        "role": lambda e: label(Role(e.actor_role)) if e.actor_role else None,
        "actor_name": lambda e: labels.who(e),
        "action": lambda e: labels.action(e.action),
        "channel": lambda e: labels.channel(e.channel),
        "table_name": lambda e: cells.link(_about(e), labels.table(e.table_name)),
        "fields": lambda e: listed(name for name, _, _ in history.differences(e)[:4]),
        "reason": lambda e: history.reason_of(e),
    }

    def scope(self, query: Any) -> Any:
        return scoped(query, AuditEntry, actor())

    def row_url(self, row: Any) -> str:
        return url_for("audit.page", id=row.id)

    @expose("/<id>/")
    def page(self, id: str) -> ResponseReturnValue:
        """One entry with its differences."""
        row = self.get_or_404(id)
        return self.render("panel/audit_entry.html", row=row, item=history.in_words(row), about=_about(row))


def _about(entry: AuditEntry) -> str:
    return url_for("household.page", id=entry.household_id) if entry.household_id else ""


def register(app: Flask) -> None:
    """Add the audit pages."""
    add_view(app, AuditView, "audit")
