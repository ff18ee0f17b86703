"""What the workbook of a household bundle calls its sheets and columns, and how its cells are told."""

from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from policy.vocabulary import Role, SelfCare, Stage
from views import labels, places
from views.formats import label, moment, yuan

SHEETS: dict[str, Any] = {
    "household_event": _l("Changes in families"), "child_parent": _l("Parents of children"),
    "tekun_person": _l("Support of people"),
}  # fmt: skip
COLUMNS: dict[str, Any] = {
    "id": _l("Number in this county"), "created_at": _l("On file since"),
    "id_no_pending": _l("ID number not issued yet"), "end_notice_until": _l("Notice of ending until"),
    "agreement_lacking_since": _l("Without a guardianship agreement since"), "visit_id": _l("Visit"),
    "other_id": _l("Other family (number)"), "undoes_id": _l("Takes back entry (number)"),
    "happened_on": _l("Happened on"), "words": _l("Note to the change"), "evidence": _l("Shown by"),
    "actor_role": _l("Role"), "channel": _l("Channel"), "since": _l("From day"), "until": _l("Until day"),
    "from_stage": _l("Stage before"), "to_stage": _l("Stage after"), "opinion": _l("Opinion or reason"),
    "monthly_before_fen": _l("Monthly amount before"), "monthly_after_fen": _l("Monthly amount after"),
    "finding_id": _l("Calculation"), "unmet": _l("Unmet items of self-care (of six)"),
    "items": _l("Items of self-care not met"), "assessed_on": _l("Self-care assessed on"),
    "wish": _l("Wish for support"), "wish_by": _l("Wish told by"), "wished_on": _l("Wish told on"),
    "guardian": _l("Guardian"), "agreement_on": _l("Agreement signed on"), "home": _l("Support home"),
    "home_from": _l("In the home since"), "home_until": _l("In the home until"), "referred_to": _l("Referred to"),
    "year": _l("Year"), "serial": _l("Number of the paper"), "title": _l("Title of the paper"),
    "addressee": _l("Addressee"), "file": _l("File"),
}  # fmt: skip
FOR_PROGRAMS = frozenset({
    "created_by", "user_id", "late", "names", "data", "facts", "result", "agreement_file_id", "ground", "key", "turn",
    "family", "office_code", "word", "style", "template_id", "replaces_id",
})  # fmt: skip
"""Columns that stand in the part for programs alone: lists within a cell, and numbers that point nowhere."""


def sheet(table: str) -> str:
    """What the sheet of a table is called."""
    return str(SHEETS.get(table) or labels.table(table))


def column(name: str, table: str) -> str:
    """The heading of a column; nothing for one that only a program reads."""
    if name in FOR_PROGRAMS:
        return ""
    return str(COLUMNS.get(name) or labels.column(name, table))


def in_words(table: str, name: str, value: Any) -> Any:
    """A value as a person reads it: stages, roles and places by their names, moments without a T."""
    if value is None or value == "":
        return None
    if name in ("from_stage", "to_stage"):
        return label(Stage(value))
    if name == "actor_role":
        return label(Role(value))
    if name == "channel":
        return labels.channel(value)
    if name in ("township_code", "village_code"):
        return places.name(value)
    if name.endswith("_fen"):
        return yuan(value)
    if table == "tekun_person" and name == "items":
        return "、".join(gettext(SelfCare(item).label) for item in value.split())
    if isinstance(value, str) and name.endswith(("_at", "at")) and "T" in value:
        return moment(datetime.fromisoformat(value))
    return labels.in_words(table, name, value)
