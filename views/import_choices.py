"""What the page of an import says of its rows: the names of its fields, and what of them was changed on the page.

A field's name tells what it showed. So the browser brings back after Back what somebody chose only where that row still
stands as it did, and a choice that somebody else made meanwhile is not taken for one of this page.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext, ngettext

from models import ImportBatch, ImportRow
from views.context import actor
from views.db import db
from views.import_lines import words_of
from workflows.exchange import choosing
from workflows.exchange.choosing import Decided, Wish


class Kept(NamedTuple):
    """How many rows differ now, and what is told of those that somebody else decided otherwise meanwhile."""

    rows: int
    faults: list[Any]


def keep(batch: ImportBatch, form: Mapping[str, str]) -> Kept:
    """Keep what was changed on the page of its rows and their cells, and commit.

    Raises Refused where the page shows another reading of the file, or the batch is not this reader's to decide.
    """
    choosing.of_reading(db.session, batch, form.get("reading", ""))
    wishes = _wishes(form)
    found = choosing.choose(db.session, batch, actor(), wishes)
    kept = Kept(found.rows + choosing.choose_cells(db.session, batch, actor(), _cells(form)), _told(found, wishes))
    db.session.commit()
    return kept


def sent(form: Mapping[str, str]) -> bool:
    """Whether a form says anything of rows."""
    return any(name.startswith("row-") for name in form)


def _told(found: Decided, wishes: Mapping[int, Wish]) -> list[Any]:
    """Each row for which somebody else chose otherwise meanwhile, with a link to its choice."""
    if not found.crossed:
        return []
    head = ngettext(
        "Since this page was opened, %(num)s row was decided otherwise elsewhere. It is left so; choose again where it "
        "should not be.",
        "Since this page was opened, %(num)s rows were decided otherwise elsewhere. They are left so; choose again "
        "where they should not be.",
        len(found.crossed),
    )
    return [head, *({"text": _of_row(row, wishes[row.id].chosen), "target": f"row-{row.id}"} for row in found.crossed)]


def _of_row(row: ImportRow, mine: str) -> str:
    words = words_of(row.outcome)
    told = {"n": row.row_no, "name": row.label, "now": words[row.choice], "mine": words[mine]}
    return gettext("Row %(n)s, %(name)s: “%(now)s” now, “%(mine)s” on this page", **told)


def _wishes(form: Mapping[str, str]) -> dict[int, Wish]:
    """By row, what its field showed and says."""
    fields = ((name.split("-"), value) for name, value in form.items() if name.startswith("row-"))
    told = {parts[1]: Wish(parts[2], value) for parts, value in fields if len(parts) == 3}
    return {row: told[str(row)] for row in choosing.numbers(told)}


def _cells(form: Mapping[str, str]) -> dict[int, tuple[set[str], set[str]]]:
    """By row, the fields whose cells were unticked on the page, and those that were ticked."""
    shown = {name.removeprefix("cells-"): value.split() for name, value in form.items() if name.startswith("cells-")}
    return {row: _changed(form, row, shown[str(row)]) for row in choosing.numbers(shown)}


def _changed(form: Mapping[str, str], row: int, shown: Sequence[str]) -> tuple[set[str], set[str]]:
    on = {name for name in shown if not name.startswith("-")}
    off = {name.removeprefix("-") for name in shown} - on
    return (
        {name for name in on if f"cell-{row}-{name}-on" not in form},
        {name for name in off if f"cell-{row}-{name}-off" in form},
    )
