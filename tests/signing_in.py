"""Browsers that somebody is logged in with, for tests of pages."""

from datetime import datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from models import User
from tests import factories
from tests.clock import START
from views.db import db
from workflows import audit, sessions
from workflows.actor import SYSTEM

# What a file held before the small county was settled in it, and after, with the user ids: settled once, then copied.
_KEPT: dict[tuple[bytes, bool], tuple[bytes, dict[str, int]]] = {}


def settle(app: Flask, sample: bool = False) -> dict[str, int]:
    """The small county of ``factories`` in the app's database: user ids by login name."""
    file = resting(app)
    if file is None:
        return _settled(app, sample)
    empty = file.read_bytes()
    if (empty, sample) not in _KEPT:
        found = _settled(app, sample)
        resting(app)
        _KEPT[empty, sample] = file.read_bytes(), found
    settled, found = _KEPT[empty, sample]
    file.write_bytes(settled)
    return dict(found)


def resting(app: Flask) -> Path | None:
    """The app's SQLite file, whole, since nobody is connected to it; None where the county lives elsewhere."""
    with app.app_context():
        db.engine.dispose()
        lite = db.engine.dialect.name == "sqlite"
        return Path(str(db.engine.url.database)) if lite else None


def _settled(app: Flask, sample: bool) -> dict[str, int]:
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, START)
        made = factories.office(session, sample)
        found = {user.login: user.id for user in (*made.people.values(), *made.elsewhere.values())}
        session.commit()
    return found


def browser_of(app: Flask, user_id: int, at: datetime = START) -> FlaskClient:
    """A browser in which the user is logged in, without the way through the login page."""
    with app.app_context(), Session(db.engine) as session:
        row, token = sessions.start(session, session.get_one(User, user_id), "127.0.0.1", "Firefox", at)
        row.passed_second_factor = True
        row.verified_at = datetime.max  # who is asked for the password again has tests of their own
        session.commit()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["token"] = token
    return browser


def log_in(browser: FlaskClient, login: str, password: str = factories.PASSWORD, **kwargs: object) -> object:
    """Fill in the login page; returns the answer."""
    return browser.post("/login", data={"login": login, "password": password}, **kwargs)  # type: ignore[arg-type]
