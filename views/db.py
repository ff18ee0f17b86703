"""The Flask-SQLAlchemy object over the models' own base; its session is the session of a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask, appcontext_popped, appcontext_pushed
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from models import sealing
from models.base import Base, reading

CONNECTIONS = 12
"""Kept open: one for each serving thread, and some for what works beside them; opening one costs as much as a page."""

POOL = {"pool_size": CONNECTIONS, "pool_use_lifo": True}
"""The connection that came back last is used first: what it and its server hold in memory is still of use."""


class Database(SQLAlchemy):
    """Its ``session`` passes everything on to the session of the request; called, it gives that session itself."""

    if TYPE_CHECKING:

        class OfRequest(Session):
            """What a ``scoped_session`` can do, in one type."""

            def __call__(self) -> Session: ...

        session: OfRequest  # type: ignore[assignment]


db = Database(model_class=Base, disable_autonaming=True, engine_options=POOL)


def keep_keys(app: Flask, keys: sealing.Keys) -> None:
    """Seal and open with the keys of this app's county wherever something works in a context of the app."""
    appcontext_pushed.connect(lambda *_, **__: sealing.use(keys), app, weak=False)
    appcontext_popped.connect(lambda *_, **__: sealing.leave(), app, weak=False)


@contextmanager
def afresh() -> Iterator[None]:
    """Read and show a page after a refusal: what was tried is rolled back, and nothing can be written."""
    db.session.rollback()
    with reading():
        yield
        db.session.rollback()
