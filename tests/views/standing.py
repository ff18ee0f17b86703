"""An app that many tests share: built once for a module, its county put back as it was before each test."""

import shutil
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import apps, databases
from tests.clock import START, Clock
from tests.signing_in import browser_of
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM


class Standing:
    """``people`` are user ids by any key; ``as_(key)`` is a fresh browser in which that person is logged in."""

    def __init__(self, folder: Path, template: Path, settle: Callable[[Flask], Any], **settings: Any) -> None:
        self.file, self.fresh = folder / "doudi.sqlite3", folder / "fresh"
        databases.copy_sqlite(template, self.file)
        (folder / "secrets.json").write_text(databases.SECRETS)
        self.clock = Clock()
        self.app = apps.make(folder, CLOCK=self.clock, PROPAGATE_EXCEPTIONS=False, **settings)
        self.made = settle(self.app)
        self.people: Mapping[Hashable, int] = getattr(self.made, "users", self.made)
        self.tokens = {key: self._token(id) for key, id in self.people.items()}
        self._rest()
        shutil.copyfile(self.file, self.fresh)

    def _token(self, user_id: int) -> str:
        with browser_of(self.app, user_id).session_transaction() as cookie:
            return str(cookie["token"])

    def _rest(self) -> None:
        """Close every connection, so that the file is whole."""
        with self.app.app_context():
            db.engine.dispose()

    def put_back(self) -> "Standing":
        """The county and the clock as they were built."""
        self._rest()
        for beside in ("-wal", "-shm"):
            Path(f"{self.file}{beside}").unlink(missing_ok=True)
        shutil.copyfile(self.fresh, self.file)
        self.clock.at = START
        for kept in ("doudi_places", "doudi_figures", "doudi_views", "doudi_first_day"):
            self.app.extensions.pop(kept, None)
        return self

    def as_(self, key: Hashable) -> FlaskClient:
        """A browser of this person."""
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            cookie["token"] = self.tokens[key]
        return browser

    def add(self, work: Callable[[Session], Any]) -> Any:
        """Write into the county: the id of what ``work(session)`` returns."""
        with self.app.app_context(), Session(db.engine) as session:
            audit.attribute(session, SYSTEM, START)
            row = work(session)
            session.flush()
            id = getattr(row, "id", None)
            session.commit()
            return id

    def read(self, ask: Callable[[Session], Any]) -> Any:
        """What ``ask(session)`` finds in the county now."""
        with self.app.app_context(), Session(db.engine) as session:
            return ask(session)
