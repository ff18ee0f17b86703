"""What a request knows: the time, who acts, the figures in force, and whether it may write."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, current_app, g, has_app_context, has_request_context, request
from flask_login import current_user
from sqlalchemy import event
from sqlalchemy.orm import Session

from models import CountyFigure
from models.base import is_reading, reading
from policy.figures import Figures
from views.db import db
from workflows import county_figures
from workflows.actor import Actor
from workflows.instance import CHINA, Instance

FIGURES_SECONDS = 60
READS = frozenset({"GET", "HEAD", "OPTIONS"})
POSTED_TO_READ = frozenset({"/search/"})
"""Pages that are posted to and yet write nothing: what is searched for must not stand in an address."""
NOBODY = Actor(0, "", None, "-")
"""Sees nothing: no role, and a division that no code begins with."""


def china_time() -> datetime:
    """The clock: China time to the second, naive as everywhere in the office."""
    return datetime.now(CHINA).replace(tzinfo=None, microsecond=0)


def now() -> datetime:
    """The time of this app: its clock may be set by CLOCK."""
    clock: Callable[[], datetime] = current_app.config["CLOCK"]
    return clock()


def today() -> date:
    """The day of this app's clock."""
    return now().date()


def reader() -> Any:
    """Flask-Login's user of this request, or None; read where it is kept, because a page asks dozens of times."""
    kept = g.get("_login_user") if has_app_context() else None
    return kept if kept is not None else current_user and current_user._get_current_object()


def actor() -> Actor:
    """Who acts in this request; nobody in particular before login."""
    user = reader()
    if not user or not user.is_authenticated:
        return NOBODY
    kept: tuple[Any, Actor] | None = g.get("actor")
    if kept is None or kept[0] is not user:
        kept = g.actor = user, Actor(user.id, user.name, user.role, user.division_code)
    return kept[1]


def place_mark() -> str | None:
    """The mark of the reader's place: as long as it is the same, the desk's data are the same.

    It is read before anything else of a page that only reads, so what is kept under it is never older than it says.
    None where nothing may be kept.
    """
    reader()
    mark: str | None = g.get("place_mark")
    return mark


def figures() -> Figures:
    """The dated figures of this county: those shipped, and its own before them.

    A page that only reads looks once a minute whether an own figure was added by another process; a form that writes
    looks every time (one small statement), so nothing is ever decided by a figure that was replaced.
    """
    if not has_request_context():
        with reading(), Session(db.engine) as session:
            return _looked_up(session)
    if "figures" not in g:
        held = figures_held(current_app) if is_reading() else None
        g.figures = _looked_up(db.session()) if held is None else held
    found: Figures = g.figures
    return found


def figures_held(app: Flask) -> Figures | None:
    """The figures that were looked up within the minute."""
    _, found, until = app.extensions.get("doudi_figures", (None, None, 0.0))
    return found if time.monotonic() < until else None


def forget_figures() -> None:
    """Look again at the next use: the county's own figures have changed."""
    if current_app:
        current_app.extensions.pop("doudi_figures", None)
    if has_request_context():
        g.pop("figures", None)


def _looked_up(session: Session) -> Figures:
    mark, kept = county_figures.mark(session), current_app.extensions.get("doudi_figures")
    found: Figures = kept[1] if kept is not None and kept[0] == mark else county_figures.read(session)
    current_app.extensions["doudi_figures"] = mark, found, time.monotonic() + FIGURES_SECONDS
    return found


@event.listens_for(CountyFigure, "after_insert")
@event.listens_for(CountyFigure, "after_update")
def _changed(mapper: Any, connection: Any, figure: CountyFigure) -> None:
    forget_figures()


def instance() -> Instance:
    """The folder of this county."""
    kept: Instance = current_app.extensions["doudi"]
    return kept


@contextmanager
def own_transaction() -> Iterator[Session]:
    """A short writing transaction beside the request's own, for what a GET must write; commits at the end.

    On SQLite the request's own transaction goes on seeing what stood when it began.
    """
    with reading(False), Session(db.engine) as session, session.begin():
        yield session


def init_context(app: Flask) -> None:
    """Let GET, HEAD and OPTIONS only read, also while their answer is being streamed."""
    app.wsgi_app = _reading_by_method(app.wsgi_app)  # type: ignore[method-assign]
    app.after_request(_stream_reading)


def _reading_by_method(serve: Callable[..., Any]) -> Callable[..., Any]:
    def middleware(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        with reading(environ["REQUEST_METHOD"] in READS or environ["PATH_INFO"] in POSTED_TO_READ):
            return serve(environ, start_response)

    return middleware


def _stream_reading(response: Response) -> Response:
    if request.method in READS and response.is_streamed and not response.direct_passthrough:
        response.response = read_through(response.response)
    return response


def read_through(chunks: Iterable[Any]) -> Iterator[Any]:
    """The same chunks, each made while only reading: an answer that is streamed holds no lock on writing."""
    iterator, end = iter(chunks), object()
    try:
        while True:
            with reading():
                chunk = next(iterator, end)
            if chunk is end:
                return
            yield chunk
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
