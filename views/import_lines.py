"""A row of an import as its page shows it: what is new, what changes, what may be decided about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from models import ImportBatch, ImportRow
from policy.masking import MASKS
from policy.vocabulary import Cause, Relation
from views import import_candidates, labels, places
from views.case_words import listed
from views.formats import label, yuan
from views.panel.masked import mask
from views.permissions import allowed
from workflows.exchange import choosing, kept

CHOICE_WORDS: dict[str, Any] = {
    "take": _l("take"), "skip": _l("skip"), "keep": _l("keep ours, fill gaps"),
}  # fmt: skip
AFTER_WORDS: dict[str, Any] = {"take": _l("still open"), "settled": _l("settled")}
FIELDS: dict[str, Any] = {
    "houses": _l("Homes owned"), "house_area": _l("Floor area (㎡)"), "financial_fen": _l("Savings (yuan)"),
    "other_assets": _l("Other property"), "income_year_fen": _l("Income a year (yuan)"),
}  # fmt: skip


@dataclass
class Line:
    """A row of the sheet as the page shows it."""

    number: int
    name: str
    where: str
    what: str = ""
    value: str = ""
    column: str = ""
    changes: Sequence[tuple[str, Any, Any]] = ()
    cells: Sequence[tuple[str, bool]] = ()
    """Of each change its field, and whether it is taken; empty where nothing can be decided any more."""
    was: Mapping[str, Any] = field(default_factory=dict)
    """Of changes whose row somebody wrote since the preview, what stood there then."""
    stands: Collection[str] = ()
    """Changes that stand here already."""
    url: str = ""
    id: int = 0
    choice: str = ""
    choices: Sequence[tuple[str, Any]] = ()
    others: Sequence[Any] = ()
    undone: bool = False


def line_of(row: ImportRow, batch: ImportBatch, tab: str) -> Line:
    """A row as a tab of its import shows it."""
    line = Line(row.row_no, row.label, places.where(row.village_code) if row.village_code else "", url=where_of(row))
    line.id, line.choice, line.choices = row.id, row.choice, _choices(row, batch)
    line.undone = row.undone_at is not None and batch.state == "applied"
    if row.outcome == "refused":  # what it holds are the cells as they stand in the file, numbers in full
        line.what = gettext("Refused")
        return line
    content = kept.opened(row.content) if tab != "unchanged" else {}
    if "event" in content:
        line.what, line.url = import_candidates.told(content), import_candidates.where(row.row_id, content) or line.url
    elif "member" in content or "head" in content or "household" in content or row.outcome == "new":
        line.what = _new(row.table_name, content)
    elif content:
        line.changes = differences(row.table_name, kept.opened(row.before), content)
        if row.outcome == "changed" and batch.state == "staged":
            left = row.unticked.split()
            line.cells = [(name, name not in left) for name in choosing.tickable(content)]
        if "case" in content:
            line.what = _case(content["case"])
    return line


def _choices(row: ImportRow, batch: ImportBatch) -> list[tuple[str, Any]]:
    """What may be decided about a row now."""
    after = row.outcome in choosing.AFTERWARDS
    if batch.state != "staged" and not (after and batch.state == "applied"):
        return []
    return [(choice, words_of(row.outcome)[choice]) for choice in choosing.CHOICES.get(row.outcome, ())]


def words_of(outcome: str) -> dict[str, Any]:
    """What the choices for rows of an outcome are called."""
    return AFTER_WORDS if outcome in choosing.AFTERWARDS else CHOICE_WORDS


def where_of(row: Any) -> str:
    """Where a row of ours is looked at; new rows of an import that was undone, or not applied, lead nowhere."""
    if row.row_id is None or (row.undone_at and row.outcome == "new"):
        return ""
    if row.outcome == "missing" and allowed(leaving := import_candidates.LEAVING.get(row.table_name, "")):
        return url_for(leaving, id=row.row_id)
    return url_for(f"{row.table_name}.page", id=row.row_id)


def _new(table: str, content: Mapping[str, Any]) -> str:
    person = content.get("member") or content.get("head") or {}
    parts = [mask("id_no", person.get("id_no"))] if person else []
    if table == "member" and person:
        parts.insert(0, label(Relation(person["relation"])))
    elif "household" in content and content["household"].get("causes"):
        parts.append(_value("household", "causes", content["household"]["causes"]))
    if "case" in content:
        parts.append(_case(content["case"]))
    return " · ".join(str(part) for part in parts)


def _case(case: Mapping[str, Any]) -> str:
    if case.get("decided_on"):
        given = {"amount": yuan(case["amount_fen"]), "day": case["decided_on"], "why": case.get("reason") or "—"}
        return gettext("temporary assistance of %(amount)s yuan on %(day)s: %(why)s", **given)
    persons = ngettext("%(num)s person", "%(num)s persons", case["covered"])
    return gettext("taken over with %(amount)s yuan a month", amount=yuan(case["amount_fen"])) + f" · {persons}"


def named(field: str) -> str:
    """What a field of a row is called."""
    return str(FIELDS.get(field, labels.column(field)))


def differences(table: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """(field, before, after) in words; numbers of people masked."""
    return [
        (named(name), _value(table, name, before.get(name)), _value(table, name, value))
        for name, value in now.items() if name not in ("case", "household_id")
    ]  # fmt: skip


def _value(table: str, name: str, value: Any) -> Any:
    if name in MASKS:
        return mask(name, value)
    if name == "causes":
        return listed(label(Cause(cause)) for cause in value or ())
    return labels.in_words(table, name, value)
