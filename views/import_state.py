"""How an import stands, in words: its state, why work on it was refused, and what of it can be undone."""

from typing import Any

from flask_babel import gettext, ngettext

from models import ImportBatch
from views.db import db
from views.import_page import STATES
from views.reasons import sentence
from workflows.exchange.undo_plan import touched_count
from workflows.reason import Reason


def state(batch: ImportBatch) -> Any:
    """How an import stands, in words."""
    return STATES["left" if batch.state == "applied" and batch.undone_at else batch.state]


def refused_by_job(batch: ImportBatch) -> list[str]:
    """Why the work outside the request was refused, until it is begun again."""
    if batch.state not in ("staged", "applied"):
        return []
    return [sentence(Reason(code, **args)) for code, args in batch.counts.get("refusals", ())]


def undo_told(batch: ImportBatch) -> str:
    """Until when and why an import can be undone, or what of it stays."""
    touched = touched_count(db.session(), batch)
    if left := batch.counts.get("left", 0):
        return ngettext(
            "All but %(num)s row was undone; it can follow once what came later is undone itself.",
            "All but %(num)s rows were undone; they can follow once what came later is undone itself.", left,
        )  # fmt: skip
    until = gettext(
        "It can be undone without a time limit: a row as long as nobody has changed it, and a new family as long as "
        "nobody has joined it, visited it or worked on its case."
    )
    if not touched:
        return until
    return until + ngettext(
        "%(num)s row was changed since and will stay.", "%(num)s rows were changed since and will stay.", touched
    )
