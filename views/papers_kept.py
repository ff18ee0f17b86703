"""Papers as they were issued: shown, printed again (on record), with the style sheet they were printed with."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from models import IssuedPaper, PaperStyle
from views.context import actor, now
from views.db import db
from views.headers import LONG_LIVED
from views.panel.scoped import get_through_case
from views.papers_bar import Bar
from workflows import audit, issuing

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def add_routes(bp: Blueprint) -> None:
    """The addresses of issued papers."""
    bp.add_url_rule("/papers/issued/<id>/", "issued", issued)
    bp.add_url_rule("/papers/issued/<id>/print/", "print_again", print_again, methods=["POST"])
    bp.add_url_rule("/papers/issued/<id>/word/", "word", word)
    bp.add_url_rule("/papers/style/<digest>.css", "style", style)


def issued(id: str) -> ResponseReturnValue:
    """An issued paper, as it was printed."""
    row = get_through_case(IssuedPaper, id)
    later = issuing.replacing(db.session, row.id)
    return show(row, Bar(url_for("issued_paper.index_view"), _links(row), kept=row, later=later))


def print_again(id: str) -> ResponseReturnValue:
    """Note in the history that it was printed again, then show it with the dialog of the printer."""
    row = get_through_case(IssuedPaper, id)
    audit.record(db.session, actor(), now(), "print", row, after={"number": str(issuing.number_of(row) or "")})
    db.session.commit()
    return redirect(f"{url_for('papers.issued', id=row.id)}#print", 303)


def word(id: str) -> ResponseReturnValue:
    """The Word file that was issued; who took it is on record as a print."""
    from io import BytesIO

    from views.context import own_transaction

    row = issuing.opened(db.session, get_through_case(IssuedPaper, id).id)
    content = issuing.file_of(row) or abort(404)
    with own_transaction() as own:
        audit.record(own, actor(), now(), "download", own.get_one(IssuedPaper, row.id))
    name = f"{row.title}{row.addressee}.docx"
    return send_file(BytesIO(content), mimetype=WORD, as_attachment=True, download_name=name, max_age=0)


def style(digest: str) -> ResponseReturnValue:
    """A style sheet that papers were printed with; it never changes."""
    row = db.session.get(PaperStyle, digest) or abort(404)
    return Response(row.text, mimetype="text/css", headers={"Cache-Control": LONG_LIVED})


def show(row: IssuedPaper, bar: Bar, full: bool = False) -> str:
    """An issued paper with its own style; what was altered outside the office is said, not shown as if it were true."""
    row = issuing.opened(db.session, row.id)
    if not issuing.intact(row):
        current_app.logger.error("issued paper %s is not what was printed", row.id)
        abort(500)
    text = (row.full if full else None) or row.body
    return render_template(
        "papers/page.html", text=Markup(text),  # noqa: S704 - as it was printed, or its digest would differ
        family=row.family, bar=bar.markup(), printed=printed(row),
        style_url=style_url(row), title=f"{row.title} {row.addressee}".strip(), chinese=True,
    )  # fmt: skip


def printed(row: IssuedPaper) -> dict[str, Any]:
    """What the foot of the page says: whose case, who printed it first and when."""
    return {"case_no": row.case_no, "by": row.actor_name, "at": row.at}


def style_url(row: IssuedPaper) -> str:
    """The address of the style sheet it was printed with."""
    return url_for("papers.style", digest=row.style)


def _links(row: IssuedPaper) -> list[tuple[str, str]]:
    found = [(gettext("Case"), url_for("case.page", id=row.benefit_id))] if row.benefit_id else []
    if row.replaces_id:
        found.append((gettext("The paper it replaces"), url_for("papers.issued", id=row.replaces_id)))
    return found
