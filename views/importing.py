"""Rosters come in: a file is read and staged, looked at, applied as a whole, undone while its rows are untouched."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Flask, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from models import ImportBatch
from views import import_choices, import_page, import_report, import_state, import_words, work
from views.context import actor, figures, instance, now, own_transaction
from views.db import afresh, db
from views.import_lines import CHOICE_WORDS
from views.once import Done, once
from views.panel.scoped import get_or_404
from views.reasons import sentence, sentences
from workflows import audit, keys
from workflows.exchange import choosing, kept, mappings, steps, working
from workflows.exchange.apply import apply_batch
from workflows.exchange.asked import Asked
from workflows.exchange.reading import LIMITS, Unreadable
from workflows.office import name_of, names_of
from workflows.reason import Reason, Refused

bp = Blueprint("importing", __name__, url_prefix="/import")
RECENT = 20
LAST_PAGE = 10_000
FORM_BYTES = 1_000_000


@bp.get("/")
def index() -> ResponseReturnValue:
    """Choose a file; the latest imports of the reader's own office."""
    return _choose()


@bp.post("/")
def upload() -> ResponseReturnValue:
    """Keep a file and, where nobody needs to be asked how to read it, its rows with their verdicts."""
    file = request.files.get("file")
    name, data = (file.filename or "", file.stream.read(LIMITS.bytes + 1)) if file else ("", b"")
    asked = Asked(create_villages=request.form.get("create_villages") == "y")
    saved = mappings.saved(db.session)
    db.session.rollback()  # nobody waits for a lock while the file is read
    try:
        if not name:
            raise Refused([Reason("file_missing")])
        handed = steps.Handed(name, data)
        sheet, sure = steps.read(handed, asked, saved, whole=len(data) <= working.CHECK_AT_ONCE)
        later = sure if sheet is None else None
        where = once(lambda: received(handed, asked, sheet, later), url_for("importing.index"), (handed.digest, asked))
        if later is not None:
            work.set_off()
    except Unreadable as bad:
        return _choose([import_words.unreadable(bad)], name, 422)
    except Refused as refused:
        return _choose(sentences(refused.reasons), name, 422)
    return redirect(where, 303)


def received(handed: steps.Handed, asked: Asked, sheet: Any, later: Any) -> Done:
    """Keep what was handed in; the rows of a large one are checked ``later``, by a job."""
    batch = steps.receive(db.session, actor(), now(), instance().imports, handed, asked, sheet)
    if later is not None:
        working.begin_check(db.session, batch, actor(), now(), later)
    return Done(url_for("importing.page", id=batch.id))


@bp.get("/<id>/")
def page(id: str) -> ResponseReturnValue:
    """What a staged file would do, or what an import did; while it is worked on, how far that is."""
    batch = batch_of(id)
    if batch.state == "received":
        return redirect(url_for("import_reading.page", id=batch.id))
    return _page(batch)


@bp.post("/<id>/apply")
def apply(id: str) -> ResponseReturnValue:
    """Import every good row, or nothing; what was decided on the page and not kept yet is kept first.

    Where that leaves nothing of what there was to write, it stays a preview.
    """
    batch, form = batch_of(id), request.form
    if batch.state == "staged":
        before = import_page.to_take(batch) if import_choices.sent(form) else 0
        try:
            if faults := import_choices.keep(batch, form).faults:
                return again(id, errors=[gettext("Nothing was imported."), *faults], status=409)
        except Refused as refused:
            return again(id, refused.reasons)
        nothing = import_choices.sent(form) and not import_page.to_take(batch)
        if nothing and (before or not import_page.keeps(batch)):
            flash(gettext("The decisions are kept; no row is left to import."))
            return redirect(url_for("importing.page", id=id), 303)
    answer = _once(id, "apply", _apply)
    work.set_off()
    return answer


@bp.post("/<id>/choose")
def choose(id: str) -> ResponseReturnValue:
    """Keep what was decided about rows of a list, or about all of them."""
    batch, form = batch_of(id), request.form
    tab = form.get("tab", "") if form.get("tab", "") in import_page.TABS else "new"
    kind, every = form.get("kind", "")[:40], form.get("all", "")
    try:
        if every in CHOICE_WORDS:
            choosing.of_reading(db.session, batch, form.get("reading", ""))
            where = import_page.of_tab(tab) & import_page.of_kind(kind)
            done = choosing.choose_all(db.session, batch, actor(), where, every)
            db.session.commit()
        else:
            done, faults = import_choices.keep(batch, form)
            if faults:
                return again(id, errors=faults, status=409)
    except Refused as refused:
        return again(id, refused.reasons)
    flash(ngettext("%(num)s row was decided.", "%(num)s rows were decided.", done))
    page = form.get("page", "1") if form.get("page", "1").isdecimal() else "1"
    return redirect(url_for("importing.page", id=id, tab=tab, kind=kind or None, page=page), 303)


@bp.post("/<id>/villages")
def villages(id: str) -> ResponseReturnValue:
    """Check the kept file again, so that villages nobody knows are created with the import."""
    batch = batch_of(id)
    asked = Asked.of(batch.options).but(create_villages=True)
    try:
        working.begin_check(db.session, batch, actor(), now(), asked)
        db.session.commit()
    except Refused as refused:
        return again(id, refused.reasons)
    work.set_off()
    return redirect(url_for("importing.page", id=id), 303)


@bp.post("/<id>/resume")
def resume(id: str) -> ResponseReturnValue:
    """Go on with work that failed or was lost."""
    batch = batch_of(id)
    if working.resume(db.session, instance().imports, batch, now()):
        db.session.commit()
        work.set_off()
    return redirect(url_for("importing.page", id=batch.id), 303)


@bp.get("/<id>/refused.xlsx")
def report(id: str) -> ResponseReturnValue:
    """The refused rows under their own headers, with what is wrong; it holds full numbers, so it is on record."""
    batch = batch_of(id)
    rows = list(kept.refused_rows(db.session, batch.id))
    if not rows:
        abort(404)
    with own_transaction() as own:
        told = {"batch": batch.id, "rows": len(rows)}
        audit.record(own, actor(), now(), "download", table="import_batch", after=told, batch_id=batch.id)
    name = gettext("%(name)s, refused rows.xlsx", name=batch.file_name.rpartition(".")[0] or batch.file_name)
    answer: Response = send_file(import_report.workbook(batch, rows), download_name=name, as_attachment=True, max_age=0)
    return answer


def batch_of(id: str) -> ImportBatch:
    """An import of the reader's own office; answers 404 for every other."""
    batch: ImportBatch = get_or_404(
        ImportBatch, id, lambda query: query.where(ImportBatch.division_code == actor().division_code)
    )
    return batch


def _once(id: str, body: str, work: Callable[[ImportBatch], str]) -> ResponseReturnValue:
    batch = batch_of(id)
    done = url_for("importing.page", id=batch.id)
    try:
        where = once(lambda: Done(done, work(batch)), done, body)
    except Refused as refused:
        return again(id, refused.reasons)
    return redirect(where, 303)


def _apply(batch: ImportBatch) -> str:
    if batch.counts.get("new", 0) + batch.counts.get("changed", 0) > working.APPLY_AT_ONCE:
        working.begin_apply(db.session, batch.id, actor(), now())
        return gettext("The import is being carried out.")
    done = apply_batch(db.session, batch.id, actor(), now(), figures()).counts
    made, stale = done.get("applied", {}), done.get("stale", 0)
    new, changed = made.get("new", 0), made.get("changed", 0)
    said = gettext("Imported: %(new)s new rows, %(changed)s changed.", new=new, changed=changed)
    left = gettext("%(n)s rows were changed by somebody meanwhile and were left; see them below.", n=stale)
    called = len(done.get("called", {}))
    due = ngettext("%(num)s case fell due for a recheck.", "%(num)s cases fell due for a recheck.", called)
    return " ".join([said, *([due] if called else []), *([left] if stale else [])])


def again(
    id: str, reasons: Sequence[Reason] = (), errors: Sequence[Any] = (), status: int = 422
) -> ResponseReturnValue:  # fmt: skip
    """The page as it stands, at the list that was sent, with every reason; what was asked for was not done."""
    with afresh():
        return _page(batch_of(id), [*errors, *(sentence(reason) for reason in reasons)]), status


def _choose(errors: Sequence[str] = (), name: str = "", status: int = 200) -> ResponseReturnValue:
    with afresh():
        found = kept.own_batches(actor()).order_by(ImportBatch.id.desc()).limit(RECENT)
        batches = db.session.scalars(found).all()
        body = render_template(
            "panel/import.html", batches=batches,
            names=names_of(db.session, {batch.user_id for batch in batches}),
            errors=errors, name=name, key=keys.new_key(),
            states=import_page.STATES, layouts=import_page.LAYOUT_NAMES,
            may_create=actor().role in kept.MAY_CREATE_VILLAGES, steps=steps_of(None, "hand_in"),
        )  # fmt: skip
    return body, status


def _page(batch: ImportBatch, errors: Sequence[Any] = ()) -> str:
    numbers, errors = import_page.counts(batch), [*errors, *import_state.refused_by_job(batch)]
    tab = import_page.chosen(request.values.get("tab", ""), numbers)
    asked = request.values.get("page", 1, int)
    kind = request.values.get("kind", "")[:40]
    shown = import_page.shown(batch, tab, min(max(asked, 1), LAST_PAGE), kind)
    return render_template(
        "panel/import_batch.html", steps=steps_of(batch, "preview"), running=import_page.progress(batch),
        batch=batch, numbers=numbers, shown=shown, errors=errors, key=keys.new_key(),
        tabs=import_page.tabs(batch, numbers, tab),
        facts=import_page.facts(batch, name_of(db.session, batch.user_id)),
        state=import_state.state(batch), may_create=import_page.may_create_villages(actor().role, batch),
        undo=import_state.undo_told(batch) if batch.state == "applied" else "",
        applied=batch.counts.get("applied", {}), good=import_page.to_take(batch),
        doubles=import_page.doubles_to_take(batch) if numbers["double"] else 0,
        recheck=import_page.to_recheck(batch), kinds=import_page.kinds(batch, tab),
        whole=CHOICE_WORDS if batch.state == "staged" else {}, reading=choosing.reading(db.session, batch),
    )  # fmt: skip


def steps_of(batch: ImportBatch | None, here: str) -> list[dict[str, Any]]:
    """The steps of an import, with the one that this page is."""
    state = batch.state if batch else ""
    if state in ("applied", "undoing", "undone", "dropped"):
        here = "done"
    elif state == "applying":
        here = "import"
    names = list(import_page.STEPS)
    states = {name: "done" if names.index(name) < names.index(here) else "" for name in names} | {here: "here"}
    return [{"label": str(label), "state": states[name]} for name, label in import_page.STEPS.items()]


def register(app: Flask) -> None:
    """Add the import pages, whose files may be larger than any other form."""
    app.register_blueprint(bp)

    @app.url_value_preprocessor
    def allow_large(endpoint: str | None, values: Any) -> None:
        if endpoint == "importing.upload":
            request.max_content_length = LIMITS.bytes + FORM_BYTES
