"""The Flask-SQLAlchemy object over the models' own base; its session is the session of a request."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, appcontext_popped, appcontext_pushed
from flask_sqlalchemy import SQLAlchemy

from models import sealing
from models.base import Base, reading

CONNECTIONS = 12
"""Kept open: one for each serving thread, and some for what works beside them; opening one costs as much as a page."""

POOL = {"pool_size": CONNECTIONS, "pool_use_lifo": True}
"""The connection that came back last is taken first: what it and its server have at hand is still warm."""

db = SQLAlchemy(model_class=Base, disable_autonaming=True, engine_options=POOL)


def keep_keys(app: Flask, keys: sealing.Keys) -> None:
    """Seal and open with the keys of this app's county wherever something works in a context of the app."""
    appcontext_pushed.connect(lambda *_, **__: sealing.use(keys), app, weak=False)
    appcontext_popped.connect(lambda *_, **__: sealing.leave(), app, weak=False)


@contextmanager
def afresh() -> Iterator[None]:
    """While a page is shown anew, as after a refusal: nothing is left of what was tried before, nothing is written."""
    db.session.rollback()
    with reading():
        yield
        db.session.rollback()
