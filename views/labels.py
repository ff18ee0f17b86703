"""What columns and tables are called, once: lists, forms and the history use the same words."""

from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models import Base
from models.base import Coded
from policy.vocabulary import Word
from views.column_words import COLUMNS, COLUMNS_OF, TOLD
from views.formats import label, moment, yuan

TABLES: dict[str, Any] = {
    "household": _l("Household"),
    "member": _l("Member"),
    "benefit": _l("Benefit"),
    "visit": _l("Visit"),
    "visitor": _l("Visitor"),
    "visit_change": _l("Change found"),
    "household_cause": _l("Cause of difficulty"),
    "household_tag": _l("Mark of the family"),
    "income_line": _l("Income"),
    "spending_line": _l("Spending"),
    "asset": _l("Property"),
    "obligor": _l("Obligor"),
    "attachment": _l("Document"),
    "near_relative": _l("Near relative of staff"),
    "user": _l("User"),
    "division": _l("Division"),
    "county": _l("County"),
    "county_figure": _l("Figure of the county"),
    "figure_check": _l("Figure compared with its document"),
    "owed_paper": _l("Paper owed"),
    "issued_paper": _l("Issued paper"),
    "set_aside_paper": _l("Paper set aside"),
    "paper_office": _l("Word in the numbers of papers"),
    "paper_template": _l("Word template of a letter"),
    "instalment": _l("Staged payment"),
    "watch": _l("Watch list"),
    "objection": _l("Objection"),
    "crosscheck": _l("Cross-check"),
    "finding": _l("Calculation"),
    "import_batch": _l("Import"),
    "event": _l("Step"),
    "household_event": _l("Changes in families"),
    "household_report": _l("Told change of a family"),
    "household_task": _l("Task after a change"),
    "child_parent": _l("Parents of children"),
    "tekun_person": _l("Support of people"),
    "county_check": _l("Lot of the county's visit"),
    "match_run": _l("Match of a list"),
    "match_line": _l("Hit of a list"),
    "lead": _l("Lead"),
    "recalculation": _l("Adjustment to new figures"),
    "audit_entry": _l("Audit"),
}

ACTIONS: dict[str, Any] = {
    "insert": _l("Added"),
    "update": _l("Changed"),
    "delete": _l("Removed"),
    "bulk": _l("Changed in bulk"),
    "plan": _l("Put on the plan"),
    "unplan": _l("Taken off the plan"),
    "match": _l("Matched"),
    "recalculate": _l("Adjusted to new figures"),
    "undo_recalculation": _l("Adjustment undone"),
    "reveal": _l("Full number viewed"),
    "export": _l("Exported"),
    "login": _l("Logged in"),
    "logout": _l("Logged out"),
    "login_failed": _l("Login failed"),
    "login_shut": _l("Login shut after failures"),
    "failures_forgotten": _l("Failed logins forgotten"),
    "unlock": _l("Account unlocked"),
    "end_sessions": _l("Sessions ended"),
    "forget_browsers": _l("Browsers forgotten"),
    "sessions_ended": _l("Sessions ended"),
    "refused": _l("Access refused"),
    "download": _l("Document opened"),
    "print": _l("Printed"),
    "import": _l("Import"),
    "undo": _l("Import undone"),
    "restore": _l("Backup restored"),
    "demo": _l("Sample families made"),
    "heads_anew": _l("Chain of the record started again"),
}

CHANNELS: dict[str, Any] = {
    "web": _l("Browser"),
    "cli": _l("Command line"),
    "import": _l("Import"),
    "system": _l("the system"),
}


def column(name: str, of: str = "") -> str:
    """What a column is called in the table ``of``, if told; its own name where nobody gave it another."""
    return str(COLUMNS_OF.get((of, name)) or TOLD.get(name) or COLUMNS.get(name, name))


def table(name: str) -> str:
    """What a table is called."""
    return str(TABLES.get(name, name)) if name else ""


def action(name: str) -> str:
    """What happened, in a word."""
    return str(ACTIONS.get(name, name))


def channel(name: str) -> str:
    """Which way somebody came."""
    return str(CHANNELS.get(name, name))


def who(entry: Any) -> str:
    """Who did what an entry of the record tells; time alone and the command line have no user."""
    return str(entry.actor_name if entry.actor_id else CHANNELS["system"])


def in_words(table_name: str, name: str, value: Any) -> Any:
    """A value of the history as a person reads it; None for nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if name == "field":
        return column(str(value))
    if name == "channel":
        return channel(value)
    if name == "list":
        return table(value)
    if isinstance(value, str) and (name == "at" or name.endswith("_at")) and "T" in value:
        return moment(datetime.fromisoformat(value))
    if name.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    words = _words(table_name, name)
    if words is not None and value in set(words):
        return label(words(value))
    return value if isinstance(value, (str, int)) else str(value)


def _words(table_name: str, name: str) -> type[Word] | None:
    found = Base.metadata.tables.get(table_name)
    kind = found.c[name].type if found is not None and name in found.c else None
    return kind.words if isinstance(kind, Coded) else None
