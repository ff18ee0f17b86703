"""A page that rests on little is sent again as it was, before Flask puts a request together.

Of a desk that is kept, nine tenths are Flask, its guards and an answer that is put together anew. None of this can come
out otherwise where the request says the same, the statement that tells who asks tells the same (the row of their
session, of themselves and of the county's rules, and the mark of their place) and lets them in at this moment, and what
the page took from memory is still believed. All of that is asked each time; else Flask answers.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from flask import Flask, current_app, g, request, session
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from models.base import reading
from views.db import db
from workflows import login, sessions

ASKED = (
    "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_COOKIE", "HTTP_HOST", "SERVER_NAME",
    "SERVER_PORT", "REMOTE_ADDR", "HTTP_CONNECTION", "wsgi.url_scheme",
)  # fmt: skip
"""All that a page looks at of its request which may be sent again."""
RESTS, FOUND = "doudi.rests", "doudi.found"
"""In the environ of a request: what its answer rests on; who asks, where that was asked before Flask began."""
MOST_KEPT = 200
Look = Callable[[Flask], object | None]
"""Finds what of memory is believed; None where it has to be looked up again."""


class Rests(NamedTuple):
    """What an answer rests on beside what was asked."""

    engine: Engine
    token: str
    found: tuple[sessions.Browser, sessions.Rules]
    on: date
    believed: tuple[tuple[Look, object | None], ...]


class Sent(NamedTuple):
    """An answer as it was sent."""

    rests: Rests
    status: str
    headers: list[tuple[str, str]]
    body: bytes


def offer(on: date, *looks: Look) -> None:
    """Let the answer to this request be sent again on the day it tells, as long as ``looks`` find the same objects.

    For a page that shows nothing else but what its reader's mark stands for; to be called before it reads anything.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    cookie = request.cookies.get(app.config["SESSION_COOKIE_NAME"])
    signed: Look = partial(app.session_interface.believed, value=cookie)
    believed = tuple((look, look(app)) for look in (signed, *looks))
    if g.found[0].user.place_mark is not None and all(held is not None for _, held in believed):
        request.environ[RESTS] = Rests(db.engine, session["token"], g.found, on, believed)


def init_sent_again(app: Flask) -> None:
    """Stand before all of the application."""
    serve: Any = app.wsgi_app

    def middleware(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        kept: dict[tuple[Any, ...], Sent] = app.extensions.setdefault("doudi_sent", {})
        asked = tuple(map(environ.get, ASKED))
        sent = kept.get(asked)
        if sent is not None:
            found = _who(sent.rests)
            if found == sent.rests.found and _holds(sent.rests, app):
                start_response(sent.status, list(sent.headers))
                return [sent.body]
            environ[FOUND] = found
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            told.append((status, list(headers)))  # a server may do with its own what it likes
            return start_response(status, headers, *error)

        answer = serve(environ, start)
        rests = environ.get(RESTS)
        if rests is None:
            return answer
        body = b"".join(answer)
        answer.close()
        status, headers = told[-1]
        if status == "200 OK" and not any(name == "Set-Cookie" for name, _ in headers):
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[asked] = Sent(rests, status, headers, body)
        return [body]

    app.wsgi_app = middleware  # type: ignore[method-assign]


def _who(rests: Rests) -> tuple[sessions.Browser, sessions.Rules] | None:
    try:
        with reading():
            return sessions.find(rests.engine, rests.token)
    except SQLAlchemyError:  # Flask's request asks once more, and answers with a page that says what is wrong
        return None


def _holds(rests: Rests, app: Flask) -> bool:
    """Whether who was let in is let in at this moment, with nothing to note, and all is believed that was."""
    (row, county), at = rests.found, app.config["CLOCK"]()
    same_day: bool = at.date() == rests.on
    return (
        same_day
        and sessions.why_over(row, at) is None
        and not sessions.due_seen(row, at)
        and login.pending(row, county, at) is None
        and all(look(app) is held for look, held in rests.believed)
    )
