"""The marks by which a browser is known to those who have logged in by it, in a cookie that opens nothing."""

from secrets import token_urlsafe

from flask import Response, after_this_request, current_app, request

from views.context import now
from views.db import db
from workflows import known_browsers

BYTES = 16
MOST = 8
"""People who share one computer; whoever came first is forgotten first."""


def known_as(login: str) -> str:
    """By which mark this browser knows the login; empty where nobody came in by it here, with this password."""
    return known_browsers.known_as(db.session(), login, marks(), now())


def remember(user_id: int, login: str) -> None:
    """Let this browser know who just came in by it, with the answer to this request; commits.

    A mark by which nobody is known any more (after a new password, or forgotten) takes no place of others.
    """
    mark = known_as(login) or token_urlsafe(BYTES)
    known_browsers.remember(db.session(), user_id, mark, request.user_agent.string, now())
    others = known_browsers.alive(db.session(), [one for one in marks() if one != mark], now())
    db.session.commit()
    kept = [mark, *others][:MOST]

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _name(), "~".join(kept), max_age=known_browsers.DAYS * 24 * 3600, httponly=True, path="/",
            secure=current_app.config["SESSION_COOKIE_SECURE"], samesite=current_app.config["SESSION_COOKIE_SAMESITE"],
        )  # fmt: skip
        return response


def marks() -> list[str]:
    """The marks that this browser bears, one for each person who came in by it."""
    told = request.cookies.get(_name(), "")[:1_000].split("~")
    return [mark for mark in told if mark and mark.isascii()][:MOST]


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-known"
