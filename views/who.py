"""Who sends a request, read from our own session table.

So an ended session, a disabled account or a granted role counts from the next request on. Flask-Login only hands the
person out; its own cookies are not used.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, UserMixin
from sqlalchemy.exc import OperationalError

from models.base import is_reading, reading
from policy.vocabulary import Role
from views.context import now, own_transaction
from views.db import db
from views.sent_again import FOUND
from workflows import login, sessions

KEPT = frozenset({"desk.index"})
"""Pages that are mostly answered from what is kept in memory, without further statements."""
STEPS = {"code": "login.code", "password": "login.password", "enrol": "login.enrol"}
OVER: dict[str, LazyString] = {
    "idle": _l("You were logged out because nothing was done for a while. Log in to go on."),
    "absolute": _l("You were logged out because eight hours had passed. Log in to go on."),
    "role": _l("Your role was changed. Log in to work with the new one."),
    "moved": _l("Your division was changed. Log in to go on."),
    "password": _l("The password was changed. Log in with the new one."),
    "second_factor": _l("The second factor was changed. Log in again."),
    "administrator": _l("An administrator ended this session. Log in to go on."),
    "restore": _l("A backup of the database was brought back. Log in to go on."),
    "ended": _l("This session was ended from another browser. Log in to go on."),
}


@dataclass(frozen=True, eq=False)
class Person(UserMixin):
    """Who is logged in, detached from any transaction; ``step`` is what they must still do before they are in."""

    id: int
    login: str
    name: str
    role: Role | None
    division_code: str
    language: str
    session_id: int
    verified: bool
    step: str | None


def here() -> Person | None:
    """The person of this request's session, also while a step of the login is still missing; read once."""
    if "person" not in g:
        g.person = _read(session["token"]) if isinstance(session.get("token"), str) else None
    person: Person | None = g.person
    return person


def arrive(token: str, language: str = "") -> None:
    """Put a new token into an emptied cookie; nothing of an earlier session, its form token neither, goes along."""
    kept = session.get("lang") or language
    session.clear()
    session["token"] = token
    if kept:
        session["lang"] = kept
    _forget()


def depart() -> None:
    """Empty the cookie; the next person at this browser has a language of their own."""
    session.clear()
    _forget()


def local_path(target: str | None, default: str) -> str:
    """``target`` when it is a path of this site, else ``default``: no host, scheme, backslash or control sign."""
    text = target or ""
    plain = text.startswith("/") and not text.startswith("//") and "\\" not in text
    if not plain or any(ord(sign) <= 32 or ord(sign) == 127 for sign in text) or len(text) > 500:
        return default
    parts = urlsplit(text)
    away = parts.scheme or parts.netloc or parts.path.startswith(("/login", "/logout", "//"))
    return default if away else text


class Gate(LoginManager):
    """Flask-Login with ``here`` as its only source: no cookie, header or session key of its own is read or set."""

    def _load_user(self) -> None:
        self._update_request_context_with_user(_inside())

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


def init_login(app: Flask) -> None:
    """Let Flask-Login ask ``here`` who sends a request, and send strangers to the login page."""
    Gate(app).unauthorized_handler(_stranger)


def _inside() -> Person | None:
    person = here()
    return person if person is not None and person.step is None else None


def _stranger() -> ResponseReturnValue:
    person = here()
    if request.accept_mimetypes.best == "application/json":
        abort(401)
    if person is not None and person.step:
        return redirect(url_for(STEPS[person.step]))
    if why := g.get("session_over"):
        depart()
        if why in OVER:
            flash(str(OVER[why]), "warn")
    return redirect(url_for("login.index", next=_wanted()))


def came_from() -> str:
    """The path of the page that a form stood on; empty where the browser does not tell."""
    referrer = urlsplit(request.referrer or "")
    return referrer.path + (f"?{referrer.query}" if referrer.query else "")


def _wanted() -> str | None:
    """Where to go after login: this page, or for a form the page it stood on."""
    target = request.full_path.rstrip("?") if request.method != "POST" else came_from()
    return local_path(target, "") if target != "/" else None


def _read(token: str) -> Person | None:
    at, found = now(), request.environ.get(FOUND) or _found(token)
    if found is None:
        return None
    g.found = row, county = found
    if is_reading():  # what is read in this request is of the state that has this mark, or of a later one
        g.place_mark = row.user.place_mark
    g.session_over = sessions.why_over(row, at)
    if g.session_over:
        return None
    if sessions.due_seen(row, at):
        _seen(row.id, at)
    user = row.user
    return Person(
        id=user.id, login=user.login, name=user.name, role=user.role, division_code=user.division_code,
        language=user.language, session_id=row.id, verified=sessions.verified(row, at),
        step=login.pending(row, county, at),
    )  # fmt: skip


def _found(token: str) -> tuple[sessions.Browser, sessions.Rules] | None:
    """The session with this token, and the rules of the county for it.

    It is asked in the request's own transaction. On SQLite a writing request asks outside it, because its own
    transaction would keep other writers out from here on. A page of ``KEPT`` asks outside any transaction: mostly it
    asks nothing else, and what it does ask is read later than the mark.
    """
    if request.endpoint in KEPT and is_reading():
        return sessions.find(db.engine, token)
    if is_reading() or db.engine.dialect.name != "sqlite":
        return sessions.find(db.session.connection(), token)
    with reading(), db.engine.connect() as own:
        return sessions.find(own, token)


def _seen(session_id: int, at: datetime) -> None:
    try:
        with own_transaction() as own:
            sessions.seen(own, session_id, at)
    except OperationalError:  # a full disk or a long import must not keep people from reading
        current_app.logger.warning("could not note that session %s was here", session_id)


def _forget() -> None:
    """Forget in this request what was read of the old session."""
    kept: Any = g
    for name in ("person", "session_over", "_login_user", "csrf_token", "place_mark"):
        kept.pop(name, None)
