"""Documents: uploaded to a family, a case or a visit, listed, viewed, downloaded, withdrawn with a reason."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from markupsafe import Markup

from models import Attachment, Benefit, Household, User, Visit
from models.base import reading
from policy.vocabulary import Paper
from views import places
from views.context import actor, instance, now, own_transaction
from views.db import db
from views.formats import day, label
from views.i18n import catalogue
from views.once import Done, once
from views.panel.scoped import get_or_404, get_through_case
from views.permissions import allowed
from views.reasons import sentence
from views.rendering import macros
from workflows import attachments, audit, keys
from workflows.attachments import Owner, Upload
from workflows.file_kinds import KINDS
from workflows.reason import Reason, Refused

ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"
ACCEPT = ",".join(f".{ending}" for ending in KINDS)
OWNERS: dict[str, type[Any]] = {"household": Household, "case": Benefit, "visit": Visit}
PAGES = {"household": "household.page", "case": "case.page", "visit": "visit.page"}
bp = Blueprint("attachments", __name__)


@bp.get("/files/<kind>/<id>/")
def index(kind: str, id: str) -> ResponseReturnValue:
    """The documents of a family, case or visit, withdrawn ones too."""
    return _page(kind, _row(kind, id))


@bp.post("/files/<kind>/<id>/add/")
def add(kind: str, id: str) -> ResponseReturnValue:
    """Add documents to a family, case or visit: all that were chosen, or none."""
    row = _row(kind, id)
    back = url_for(PAGES[kind], id=row.id) + "#documents"
    try:
        files = uploaded("files")
        body = repr((kind, id, request.form.get("paper"), [(f.name, sha256(f.content).hexdigest()) for f in files]))
        where = once(lambda: _store(kind, row, files, back), back, body)
    except Refused as refused:
        db.session.rollback()
        with reading():
            return _page(kind, _row(kind, id), refused.reasons), 422
    return onward(where)


def _store(kind: str, row: Any, files: Sequence[Upload], back: str) -> Done:
    given = owner(kind, row), paper_of(request.form), files
    attachments.store(db.session, actor(), now(), instance().uploads, *given)
    return Done(back, ngettext("%(num)s document was added.", "%(num)s documents were added.", len(files)))


@bp.get("/file/<id>/")
def download(id: str) -> ResponseReturnValue:
    """A document to keep, under the name it came with; who took it is on record."""
    return _send(get_through_case(Attachment, id), as_attachment=True)


@bp.get("/file/<id>/view/")
def view(id: str) -> ResponseReturnValue:
    """A picture in the browser, by itself and without anything that could run; any other document to keep."""
    document = get_through_case(Attachment, id)
    answer = _send(document, as_attachment=not document.media.startswith("image/"))
    answer.headers["Content-Security-Policy"] = ALONE
    return answer


@bp.route("/file/<id>/withdraw/", methods=("GET", "POST"))
def withdraw(id: str) -> ResponseReturnValue:
    """Take a document back, with a reason; it stays on record. Opened like a page: the page of its form.

    The address above is the document itself, which would be taken down.
    """
    document = get_or_404(Attachment, id)
    kind, number = _belongs(document)
    if request.method != "POST":
        return redirect(url_for("attachments.index", kind=kind, id=number), 303)
    try:
        attachments.withdraw(db.session, actor(), now(), document, request.form.get("why", ""))
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        with reading():
            return _page(kind, _row(kind, str(number)), refused.reasons), 422
    flash(gettext("The document was withdrawn. It stays on record."))
    return redirect(url_for(PAGES[kind], id=number) + "#documents", 303)


def _row(kind: str, id: str) -> Any:
    """The family, case or visit under the reader; answers 404 for every other."""
    if kind not in OWNERS:
        abort(404)
    return get_or_404(OWNERS[kind], id)


def onward(address: str) -> ResponseReturnValue:
    """On to the page of what was saved; a script that sent the form, to keep its files, is told where instead."""
    if request.headers.get("X-Sent-By") == "script":
        return "", 204, {"Location": address}
    return redirect(address, 303)


def uploaded(name: str) -> list[Upload]:
    """The files that were chosen; each no larger than what may be kept, and one byte more to tell."""
    return [
        Upload(file.filename or "", file.stream.read(attachments.MOST_BYTES + 1))
        for file in request.files.getlist(name) if file.filename
    ]  # fmt: skip


def paper_of(form: Any, default: Paper = Paper.OTHER) -> Paper:
    """The kind of paper that was chosen."""
    return Paper(form["paper"]) if form.get("paper") in {paper.value for paper in Paper} else default


def owner(kind: str, row: Any) -> Owner:
    """What a document is to go with."""
    if kind == "household":
        return Owner(row)
    return Owner(row.household, benefit=row) if kind == "case" else Owner(row.household, visit=row)


def documents_of(kind: str, row: Any, withdrawn: bool = False) -> dict[str, Any]:
    """What ``panel/_attachments.html`` shows of a family ("household"), a case ("case") or a visit ("visit")."""
    found = attachments.of(db.session, owner(kind, row))
    names = {user.id: user.name for user in _users(found)}
    shown = [_item(document, names) for document in found if withdrawn or not document.withdrawn_at]
    return {
        "items": shown, "gone": sum(1 for document in found if document.withdrawn_at), "kind": kind, "id": row.id,
        "key": keys.new_key(), "may_add": allowed("attachments.add"), "fields": _fields(catalogue()),
    }  # fmt: skip


@lru_cache(maxsize=8)
def _fields(words: Any) -> Markup:
    """The fields of a document to be added, written once for a language."""
    written = macros("panel/_attachments.html")
    return Markup(written.fields(ACCEPT, [(paper.value, label(paper)) for paper in Paper]))  # noqa: S704 - a macro wrote it


def _users(found: Sequence[Attachment]) -> list[User]:
    ids = {document.uploaded_by for document in found}
    return db.session.query(User).where(User.id.in_(ids)).all() if ids - {None} else []


def _item(document: Attachment, names: dict[int, str]) -> dict[str, Any]:
    who = names.get(document.uploaded_by or 0, "")
    return {
        "id": document.id, "name": document.name, "paper": label(document.paper), "size": document.size,
        "note": f"{day(document.uploaded_at.date())} {who}".strip(),
        "url": url_for("attachments.download", id=document.id),
        "view_url": url_for("attachments.view", id=document.id) if document.media.startswith("image/") else "",
        "withdrawn": document.withdrawn_why if document.withdrawn_at else None,
    }  # fmt: skip


def _belongs(document: Attachment) -> tuple[str, int]:
    if document.visit_id:
        return "visit", document.visit_id
    return ("case", document.benefit_id) if document.benefit_id else ("household", document.household_id)


def _page(kind: str, row: Any, reasons: Sequence[Reason] = ()) -> str:
    home = row if kind == "household" else row.household
    page = render_template(
        "panel/attachments.html", documents=documents_of(kind, row, withdrawn=True), home=home, places=places,
        back=url_for(PAGES[kind], id=row.id), errors=[{"text": sentence(reason)} for reason in reasons],
    )  # fmt: skip
    db.session.rollback()
    return page


def _send(document: Attachment, as_attachment: bool) -> Response:
    path = attachments.path_of(instance().uploads, document)
    if not path.is_file():
        current_app.logger.error("the file of document %s is missing", document.id)
        abort(404)
    with own_transaction() as own:
        audit.record(own, actor(), now(), "download", own.get_one(Attachment, document.id))
    return send_file(path, mimetype=document.media, as_attachment=as_attachment, download_name=document.name, max_age=0)


def register(app: Flask) -> None:
    """Add documents."""
    app.register_blueprint(bp)
