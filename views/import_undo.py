"""Taking an import back: what would go and what stays is shown first, each row that stays with who touched it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from models import ImportBatch
from policy.vocabulary import Action
from views import labels, work
from views.case_words import headed, listed
from views.context import actor, now
from views.db import afresh, db
from views.formats import NOTHING, label, moment
from views.importing import batch_of, steps_of
from views.numbers import whole
from views.once import Done, once
from views.permissions import allowed
from views.reasons import sentences
from workflows import keys
from workflows.exchange import working
from workflows.exchange.undo import STATES, undo_batch
from workflows.exchange.undo_plan import Plan, plan
from workflows.exchange.undo_rows import Left
from workflows.exchange.undo_touched import Touch, told
from workflows.reason import Reason, Refused

bp = Blueprint("import_undo", __name__, url_prefix="/import")
SIZE = 50
LONGEST_REASON = 500
WHY: dict[str, Any] = {
    "edited": _l("The record was changed"), "step": _l("The case of the family was worked on"),
    "visit": _l("The family was visited"), "joined": _l("Somebody joined the family"),
    "details": _l("Property, income or papers of the family were changed"),
    "family": _l("Another row of the same family stays, and a family goes as a whole"),
}  # fmt: skip


class Line(NamedTuple):
    """A row that stays, as the page shows it."""

    number: int
    name: str
    url: str
    why: str
    who: str
    at: str
    what: str


@bp.get("/<id>/undo")
def page(id: str) -> ResponseReturnValue:
    """What an undo would take back now, and what it would leave."""
    batch = batch_of(id)
    if batch.state not in STATES:
        return redirect(url_for("importing.page", id=batch.id))
    return _page(batch)


@bp.post("/<id>/undo")
def undo(id: str) -> ResponseReturnValue:
    """Take back what is free, with a reason; a large import by a job."""
    batch, form = batch_of(id), request.form
    done, reason = url_for("importing.page", id=batch.id), form.get("reason", "")[:LONGEST_REASON]
    expected = whole(form.get("expected", ""))

    def take_back() -> Done:
        if (expected or 0) > working.APPLY_AT_ONCE:
            working.begin_undo(db.session, batch.id, actor(), now(), reason, expected)
            return Done(done, gettext("The import is being undone."))
        return Done(done, _said(undo_batch(db.session, batch.id, actor(), now(), reason, expected=expected)))

    try:
        once(take_back, done)
    except Refused as refused:
        return _again(id, refused.reasons)
    work.set_off()
    return redirect(done, 303)


def _said(batch: ImportBatch) -> str:
    if left := batch.counts.get("left", 0):
        return ngettext(
            "The import was undone but for %(num)s row, which stays because it was touched since.",
            "The import was undone but for %(num)s rows, which stay because they were touched since.", left,
        )  # fmt: skip
    return gettext("The import was undone. It stays on record.")


def _again(id: str, reasons: Sequence[Reason]) -> ResponseReturnValue:
    with afresh():
        batch = batch_of(id)
        if batch.state not in STATES:
            return redirect(url_for("importing.page", id=batch.id), 303)
        return _page(batch, sentences(reasons)), 422


def _page(batch: ImportBatch, errors: Sequence[str] = ()) -> str:
    found = plan(db.session(), batch)
    last = max(1, -(-len(found.left) // SIZE))
    at = min(max(request.args.get("page", 1, int), 1), last)
    shown = found.left[(at - 1) * SIZE : at * SIZE]
    return render_template(
        "panel/import_undo.html", batch=batch, found=found, facts=_facts(found), errors=errors, key=keys.new_key(),
        lines=[_line(batch, one) for one in shown], page=at, last=last, steps=steps_of(batch, "preview"),
        longest=LONGEST_REASON, reason=request.form.get("reason", ""),
    )  # fmt: skip


def _facts(found: Plan) -> list[tuple[str, str]]:
    homes = {row.home for row in found.free} & found.founded
    new = [row for row in found.free if row.outcome == "new"]
    return [
        (gettext("Rows undone"), f"{len(found.free):,}"),
        (gettext("of them set back to what stood before"), f"{len(found.free) - len(new):,}"),
        (gettext("of them taken out again"), f"{len(new):,}"),
        (gettext("Families dissolved with them"), f"{len(homes):,}"),
        (gettext("Rows that stay"), f"{len(found.left):,}"),
    ]


def _line(batch: ImportBatch, one: Left) -> Line:
    row, touch = one.row, told(db.session(), batch, one)
    url = url_for(f"{row.table}.page", id=row.row_id) if row.row_id and allowed(f"{row.table}.page") else ""
    who, at = (touch.who or NOTHING, moment(touch.at)) if touch else (NOTHING, NOTHING)
    return Line(row.number, row.label, url, str(WHY[one.why]), who, at, _what(touch) if touch else NOTHING)


def _what(touch: Touch) -> str:
    """What was done to a row, in words."""
    if touch.how == "step":
        return label(Action(touch.what[0]))
    if touch.how == "import":
        return gettext("import %(name)s", name=touch.what[0])
    if touch.how == "joined":
        return touch.what[0]
    if touch.how == "visit":
        return labels.table("visit")
    columns = listed(labels.column(name) for name in touch.what)
    return headed(labels.table(touch.table), columns)


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
