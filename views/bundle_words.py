"""What the workbook of a household bundle leaves to programs, and how its cells are told."""

from typing import Any

from flask_babel import gettext

from policy.vocabulary import SelfCare
from views import labels, places
from views.case_words import listed

FOR_PROGRAMS = frozenset({
    "created_by", "user_id", "late", "names", "data", "facts", "result", "agreement_file_id", "ground", "key", "turn",
    "family", "office_code", "word", "style", "template_id", "replaces_id",
})  # fmt: skip
"""Columns that stand in the part for programs alone: lists within a cell, and numbers that point nowhere."""


def column(name: str, table: str) -> str:
    """The heading of a column; nothing for one that only a program reads."""
    return "" if name in FOR_PROGRAMS else labels.column(name, table)


def in_words(table: str, name: str, value: Any) -> Any:
    """A value as a person reads it; places and items of self-care by their names."""
    if value and name in ("township_code", "village_code", "came_from"):
        return places.name(value)
    if value and (table, name) == ("tekun_person", "items"):
        return listed(gettext(SelfCare(item).label) for item in value.split())
    return labels.in_words(table, name, value)
