"""Rows that an import left are shown once more: the same file, checked for those rows against what stands here now."""

from flask import Blueprint, Flask, redirect, url_for
from flask.typing import ResponseReturnValue

from views import import_words, work
from views.context import instance
from views.db import db
from views.importing import again, batch_of, received
from views.once import Done, once
from workflows.exchange import working
from workflows.exchange.again import once_more
from workflows.exchange.reading import LIMITS, Unreadable, read_sheet
from workflows.reason import Refused

bp = Blueprint("import_again", __name__, url_prefix="/import")


@bp.post("/<id>/again")
def show(id: str) -> ResponseReturnValue:
    """Check the rows that were left once more: a preview of its own, in which they may be taken, kept or skipped."""
    done = url_for("importing.page", id=batch_of(id).id)
    try:
        where = once(lambda: _handed_in(id), done)
    except Unreadable as bad:
        return again(id, errors=[import_words.unreadable(bad)])
    except Refused as refused:
        return again(id, refused.reasons)
    work.set_off()
    return redirect(where, 303)


def _handed_in(id: str) -> Done:
    """The file handed in anew; a large one is checked by a job."""
    file, asked = once_more(db.session(), batch_of(id), instance().imports)
    large = len(file.data) > working.CHECK_AT_ONCE
    sheet = None if large else read_sheet(file.data, file.name, limits=LIMITS, asked=asked)
    return received(file, asked, sheet, asked if large else None)


def register(app: Flask) -> None:
    """Add the step."""
    app.register_blueprint(bp)
