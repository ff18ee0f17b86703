"""How a file is read, as somebody decides: charset, sheet, header row, form, columns, what blanks and gaps mean."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from models import ImportBatch
from views import import_looked, import_words, work
from views.context import actor, instance, now
from views.db import afresh, db
from views.importing import batch_of, steps_of
from views.reasons import sentences
from workflows import keys
from workflows.exchange import kept_file, mappings, steps, template, working
from workflows.exchange.asked import AS_IT_LOOKS, Asked
from workflows.exchange.look import Look, look
from workflows.exchange.reading import LIMITS, Unreadable, read_sheet
from workflows.reason import Refused

bp = Blueprint("import_reading", __name__, url_prefix="/import")


@bp.get("/<id>/read")
def page(id: str) -> ResponseReturnValue:
    """How the file looks, and what may be decided otherwise."""
    batch = batch_of(id)
    if batch.state not in steps.OPEN:
        return redirect(url_for("importing.page", id=batch.id))
    return _page(batch, Asked.of(batch.options), import_looked.told(batch))


@bp.post("/<id>/read")
def decide(id: str) -> ResponseReturnValue:
    """Look again as decided, keep the columns under a name, or check every row."""
    batch = batch_of(id)
    asked = import_looked.asked(request.form).but(only=Asked.of(batch.options).only)
    does = {"save": _save, "forget": _forget, "check": _check}.get(request.form.get("do", ""), _look_again)
    return _with_reasons(batch, asked, lambda: does(batch, asked))


@bp.post("/<id>/drop")
def drop(id: str) -> ResponseReturnValue:
    """Lay an import aside that is not wanted."""
    batch = batch_of(id)
    steps.give_up(db.session, batch, actor(), now())
    kept_file.forget(instance().imports, batch.stored)
    db.session.commit()
    flash(gettext("The file was laid aside; nothing was imported."))
    return redirect(url_for("importing.index"), 303)


@bp.get("/plain.xlsx")
def plain() -> ResponseReturnValue:
    """The form for offices without one: an example row, and lists to choose from."""
    name = gettext("Families and members.xlsx")
    answer: Response = send_file(template.plain_sheet(db.session), download_name=name, as_attachment=True, max_age=0)
    return answer


def _look_again(batch: ImportBatch, asked: Asked) -> ResponseReturnValue:
    steps.remember(db.session, batch, actor(), now(), asked)
    db.session.commit()
    return redirect(url_for("import_reading.page", id=batch.id), 303)


def _save(batch: ImportBatch, asked: Asked) -> ResponseReturnValue:
    seen = _seen(batch, asked)
    row = mappings.save(db.session, actor(), now(), request.form.get("mapping_name", ""), seen)
    steps.remember(db.session, batch, actor(), now(), asked)
    name = row.name
    db.session.commit()
    flash(gettext("Kept as “%(name)s”; files with these headers are understood from now on.", name=name))
    return redirect(url_for("import_reading.page", id=batch.id), 303)


def _forget(batch: ImportBatch, asked: Asked) -> ResponseReturnValue:
    mappings.drop(db.session, actor(), now(), request.form.get("mapping_name", ""))
    db.session.commit()
    flash(gettext("The mapping was forgotten; what was imported with it stays."))
    return redirect(url_for("import_reading.page", id=batch.id), 303)


def _check(batch: ImportBatch, asked: Asked) -> ResponseReturnValue:
    done = url_for("importing.page", id=batch.id)
    id, stored, name = batch.id, batch.stored, batch.file_name
    db.session.rollback()  # nobody waits for a lock while the file is read
    data = kept_file.read(instance().imports, stored)
    if len(data) > working.CHECK_AT_ONCE:
        working.begin_check(db.session, batch_of(str(id)), actor(), now(), asked)
        db.session.commit()
        work.set_off()
        return redirect(done, 303)
    sheet = read_sheet(data, name, limits=LIMITS, asked=asked)
    steps.check(db.session, batch_of(str(id)), actor(), now(), sheet)
    db.session.commit()
    return redirect(done, 303)


def _seen(batch: ImportBatch, asked: Asked) -> Look:
    data = kept_file.read(instance().imports, batch.stored)
    return look(data, batch.file_name, asked, mappings.saved(db.session))


def _with_reasons(batch: ImportBatch, asked: Asked, do: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    id = str(batch.id)
    try:
        return do()
    except Unreadable as bad:
        errors = [import_words.unreadable(bad)]
    except Refused as refused:
        errors = sentences(refused.reasons)
    with afresh():
        return _page(batch_of(id), asked, errors, 422)


def _page(batch: ImportBatch, asked: Asked, errors: Sequence[str] = (), status: int = 200) -> ResponseReturnValue:
    seen, errors = None, list(errors)
    try:
        seen = _seen(batch, asked)
    except Unreadable as bad:
        errors += [said for said in [import_words.unreadable(bad)] if said not in errors]
    except Refused as refused:
        errors += sentences(refused.reasons)
    body = render_template(
        "panel/import_reading.html", batch=batch, asked=asked, seen=seen, errors=errors, key=keys.new_key(),
        of=import_looked, steps=steps_of(batch, "recognise"), saved=mappings.saved(db.session),
        may_create=import_looked.may_create(actor()), default=AS_IT_LOOKS,
    )  # fmt: skip
    return body, status


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
