"""Browsers in which somebody has logged in before, by a cookie that opens nothing.

It only has their tries counted by themselves, so that nobody shuts a colleague out by typing wrong passwords elsewhere.
With a new password (``since``: when it was set) every browser is strange, so that nobody keeps some to guess the next.
"""

from datetime import datetime
from hmac import compare_digest
from secrets import token_urlsafe

from flask import Response, after_this_request, current_app, request

from models import sealing

BYTES = 16
MOST = 8
"""People who share one computer; whoever came first is forgotten first."""
DAYS = 180


def known_as(login: str, since: datetime | None) -> str:
    """By which mark this browser knows the login; empty where nobody came in by it here, with this password."""
    if since is None:
        return ""
    marks = (entry.partition(".") for entry in _entries())
    return next((mark for mark, _, proof in marks if mark and compare_digest(proof, _proof(login, since, mark))), "")


def remember(login: str, since: datetime) -> None:
    """Let this browser know the login from now on, with the answer to this request."""
    mark = known_as(login, since) or token_urlsafe(BYTES)
    own = f"{mark}.{_proof(login, since, mark)}"
    entries = [own, *(entry for entry in _entries() if entry != own)][:MOST]

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _name(), "~".join(entries), max_age=DAYS * 24 * 3600, httponly=True, path="/",
            secure=current_app.config["SESSION_COOKIE_SECURE"], samesite=current_app.config["SESSION_COOKIE_SAMESITE"],
        )  # fmt: skip
        return response


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-known"


def _entries() -> list[str]:
    return [entry for entry in request.cookies.get(_name(), "")[:1_000].split("~") if entry and entry.isascii()]


def _proof(login: str, since: datetime, mark: str) -> str:
    return sealing.blind("known_browser", f"{login} {since.isoformat()} {mark}")
