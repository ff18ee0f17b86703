"""The password once more, before what must not be done at a desk that somebody left open.

Whole numbers, files that leave the panel, roles, another way in (a second factor, somebody's new password) and an
adjustment that is carried out ask for it when it was not given in the last five minutes (OWASP ASVS 7.5.1). What was
typed travels through the page that asks, so nothing is lost.
"""

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from models.base import reading
from views import account_words, who
from views.context import now
from views.db import db
from workflows import own_account
from workflows.reason import Refused

ASKED = frozenset(
    {"household.reveal_view", "member.reveal_view", "papers.full", "papers.list_full"}
    | {"exporting.download", "exporting.roster_download", "entitlement.export", "bundle.download"}
    | {"export_jobs.file", "recalculation_export.download", "users.grant", "recalculation.apply"}
    | {"account.begin_second_factor", "account.turn_on", "login.enrol", "users.reset", "users.reset_second_factor"}
)
"""The routes that ask; each is sent as a form without files."""
FILES = frozenset(
    {"exporting.download", "exporting.roster_download", "entitlement.export", "bundle.download", "export_jobs.file"}
    | {"recalculation_export.download"}
)
"""Those that answer with a file, which leaves the page as it is."""
FIELD = "proof"


def guard() -> ResponseReturnValue | None:
    """Let a request on to its view, or ask for the password first; runs after the guard of the permissions."""
    if request.endpoint not in ASKED or request.method != "POST":
        return None
    person = who.here()
    if person is None or person.verified:
        return None
    typed = request.form.get(FIELD)
    if typed is None:
        return _page([]), 401
    try:
        own_account.prove(db.session, person.session_id, typed[:500], now())
    except Refused as refused:
        if any(reason.code in ("browser_shut", "session_over") for reason in refused.reasons):
            for sentence in account_words.sentences(refused):
                flash(sentence, "warn")
            return redirect(url_for("login.index"), 303)
        return _page(account_words.sentences(refused)), 422
    return None


def _page(errors: list[str]) -> str:
    """The question, with everything that was sent in hidden fields."""
    sent = [(name, text) for name, text in request.form.items(multi=True) if name not in (FIELD, "csrf_token", "back")]
    back = who.local_path(request.form.get("back") or who.came_from(), url_for("home.index"))
    db.session.rollback()
    with reading():
        title = gettext("Your password, please")
        return render_template(
            "account/proof.html", errors=errors, sent=sent, back=back, field=FIELD, what=title,
            file=request.endpoint in FILES,
        )  # fmt: skip


def init_proof(app: Flask) -> None:
    """Put the guard before every view."""
    app.before_request(guard)
