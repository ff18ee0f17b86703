"""Letters in the office's own wording: Word templates uploaded, checked, tried on a real case, activated, retired."""

import io
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import undefer

from models import Benefit, PaperTemplate
from policy.letter_fields import FIELDS, LISTS, WORDED
from policy.vocabulary import Scheme
from views import papers_word
from views.case_file import CaseFile, open_file
from views.context import actor, figures, now, today
from views.db import afresh, db
from views.formats import options
from views.numbers import version_in
from views.panel.scoped import parse_id
from views.papers_kept import WORD
from views.papers_kinds import KINDS, Print, choose
from views.papers_made import open_number
from views.reasons import answered
from workflows import audit, paper_templates
from workflows.actor import scoped
from workflows.attachments import clean_name
from workflows.reason import Reason, Refused


def add_routes(bp: Blueprint) -> None:
    """The addresses of the office's own wordings."""
    bp.add_url_rule("/papers/templates/", "templates", templates)
    bp.add_url_rule("/papers/templates/", "add_template", add_template, methods=["POST"])
    bp.add_url_rule("/papers/templates/<id>/try/", "try_template", try_template, methods=["POST"])
    bp.add_url_rule("/papers/templates/<id>/activate/", "activate_template", activate_template, methods=["POST"])
    bp.add_url_rule("/papers/templates/<id>/retire/", "retire_template", retire_template, methods=["POST"])
    bp.add_url_rule("/papers/templates/<id>/file/", "template_file", template_file)


def templates() -> ResponseReturnValue:
    """The wordings there are, a form for a further one, and the fields that one may name."""
    return _page()


def add_template() -> ResponseReturnValue:
    """Keep a Word file as the next version of a letter's wording; nothing changes until it is activated."""
    form, file = request.form, request.files.get("file")
    kind, scheme = form.get("kind", ""), form.get("scheme", "")
    try:
        if file is None or not file.filename:
            raise Refused([Reason("template_file_missing")])
        content = file.stream.read(paper_templates.MOST_BYTES + 1)
        paper_templates.check(content)
        found = papers_word.look(content)
        if faults := found.faults():
            raise Refused(faults)
        row = paper_templates.keep(db.session, actor(), now(), kind, scheme, clean_name(file.filename), content,
                                   sorted(found.fields))  # fmt: skip
        db.session.commit()
    except Refused as refused:
        return _again(refused)
    flash(gettext("Version %(n)s is kept. Look at it filled with a real case, then activate it.", n=row.version))
    return redirect(url_for("papers.templates"), 303)


def try_template(id: str) -> ResponseReturnValue:
    """The wording filled with a real case, as a Word file: a draft, with an open number."""
    row, case_no = _row(id), request.form.get("case_no", "").strip()[:40]
    try:
        file, paper = _case(row, case_no)
        filled = papers_word.fill(row.content, papers_word.values(file, paper, open_number(file, paper), None))
        paper_templates.tried(db.session, actor(), now(), row)
        audit.record(db.session, actor(), now(), "download", file.benefit, after={"template": row.id})
        db.session.commit()
    except Refused as refused:
        return _again(refused, tried=row.id)
    return _send(filled, f"{gettext('Draft')}-{case_no}.docx")


def activate_template(id: str) -> ResponseReturnValue:
    """Offer a wording for its letters from now on."""
    said = gettext("The wording is offered for its letters from now on.")
    return _change(id, paper_templates.activate, said)


def retire_template(id: str) -> ResponseReturnValue:
    """Offer a wording no longer; what was issued with it stays."""
    return _change(id, paper_templates.retire, gettext("The wording is offered no longer; what was issued stays."))


def template_file(id: str) -> ResponseReturnValue:
    """A template as it was uploaded."""
    row = _row(id)
    return _send(row.content, row.file_name)


def _change(id: str, act: Any, said: str) -> ResponseReturnValue:
    row = _row(id)
    try:
        act(db.session, actor(), now(), row, version_in(request.form))
        db.session.commit()
    except Refused as refused:
        return _again(refused)
    flash(said)
    return redirect(url_for("papers.templates"), 303)


def _row(id: str) -> PaperTemplate:
    number = parse_id(id) or abort(404)
    query = select(PaperTemplate).where(PaperTemplate.id == number).options(undefer(PaperTemplate.content))
    return db.session.scalars(query).first() or abort(404)


def _case(row: PaperTemplate, case_no: str) -> tuple[CaseFile, Print]:
    """A real case with this letter; raises Refused where there is none of this number."""
    query = scoped(select(Benefit.id).where(Benefit.case_no == case_no), Benefit, actor())
    if row.scheme:
        query = query.where(Benefit.scheme == row.scheme)
    id = db.session.scalar(query)
    file = open_file(db.session, actor(), str(id), figures(), today()) if id else None
    paper = choose(file.events, KINDS[row.kind], None) if file else None
    if file is None or paper is None:
        raise Refused([Reason("template_case_unknown")])
    return file, paper


def _send(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), mimetype=WORD, as_attachment=True, download_name=name, max_age=0)


def _again(refused: Refused, tried: int | None = None) -> ResponseReturnValue:
    errors, status = answered(refused)
    with afresh():
        return _page(errors, tried), status


def _page(errors: Sequence[str] = (), tried: int | None = None) -> str:
    rows = db.session.scalars(select(PaperTemplate).order_by(PaperTemplate.kind, PaperTemplate.scheme,
                                                             PaperTemplate.version.desc())).all()  # fmt: skip
    schemes = [("", gettext("Every scheme")), *options(Scheme)]
    return render_template(
        "papers/templates.html", rows=rows, errors=[{"text": text} for text in errors], schemes=schemes,
        kinds=[(code, KINDS[code].title) for code in WORDED], names=dict(schemes),
        titles={code: KINDS[code].title for code in WORDED}, typed=request.form if errors else {},
        fields=[(_braces(name), gettext(meaning)) for name, meaning in FIELDS.items()],
        lists=[(name, [(part, gettext(meaning)) for part, meaning in parts.items()]) for name, parts in LISTS.items()],
        states={"kept": gettext("Kept"), "active": gettext("Offered"), "retired": gettext("No longer offered")},
        most=paper_templates.KILOBYTES, tried=tried,
    )  # fmt: skip


def _braces(name: str) -> str:
    return f"{{{{ {name} }}}}"
