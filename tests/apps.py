"""Apps under test: made for one test, or kept by a worker and lent to one test after another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from jinja2 import BytecodeCache

from tests.clock import Clock
from views.db import db
from views.login import limiter

USUAL = {"TESTING": True, "WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False}


def make(folder: Path, **settings: object) -> Flask:
    """An app on the instance in that folder, without CSRF tokens or rate limits unless ``settings`` say so."""
    from app import create_app

    return create_app({"INSTANCE": folder, **USUAL, **settings})


class Kept:
    """An app is dear to make and keeps nothing of a county but its connections and what it remembers."""

    def __init__(self, templates: BytecodeCache) -> None:
        self.templates = templates
        self.app: Flask | None = None

    @contextmanager
    def lent(self, folder: Path, clock: Clock) -> Iterator[Flask]:
        """The app as it was made, for as long as the block lasts; the folder is the same each time."""
        if self.app is None:
            self.app = make(folder)
            self.app.jinja_env.bytecode_cache = self.templates
        app = self.app
        config, extensions = dict(app.config), dict(app.extensions)
        app.config["CLOCK"], limiter.enabled = clock, False
        try:
            yield app
        finally:
            with app.app_context():
                db.engine.dispose()
            for now, before in ((app.config, config), (app.extensions, extensions)):
                now.clear()
                now.update(before)
