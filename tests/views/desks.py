"""Desks of the small county, looked at after every write: one that is kept must be what it would be worked out anew."""

import re
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from models import User
from policy.vocabulary import Role
from tests.signing_in import browser_of
from views.db import db

TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]*')
KEPT = (
    "doudi_desks", "doudi_pieces", "doudi_verbs", "doudi_place_rows", "doudi_letters", "doudi_menu_counts",
    "doudi_sent",
)  # fmt: skip
READERS = (
    Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER,
    Role.SUPERVISOR, f"{Role.VILLAGE_WORKER}_2", f"{Role.TOWNSHIP_OFFICER}_2",
)  # fmt: skip


class Desks:
    """The desks of all who have one; ``kept`` counts how many looks found theirs kept, ``anew`` the others."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), Session(db.engine) as session:
            self.ids = {user.login: user.id for user in session.query(User)}
        self.browsers = {str(who): browser_of(app, self.ids[str(who)]) for who in READERS}
        self.kept = self.anew = 0

    def page(self, who: Role | str) -> str:
        """The desk as its reader sees it."""
        answer = self.browsers[str(who)].get("/desk/")
        assert answer.status_code == 200
        return TOKEN.sub("", answer.get_data(as_text=True))

    def fresh(self, who: Role | str) -> str:
        """The desk worked out anew."""
        for name in KEPT:
            self.app.extensions.pop(name, None)
        return self.page(who)

    def look(self) -> None:
        """Look at every desk, put together of what is kept, and then worked out anew with nothing kept."""
        for who in READERS:
            before = self._known()
            page = self.page(who)
            now = self._known()
            same = len(now) == len(before) and all(a is b for a, b in zip(before, now, strict=True))
            self.kept, self.anew = self.kept + same, self.anew + (not same)
            known = {name: self.app.extensions[name] for name in KEPT if name in self.app.extensions}
            assert page == self.fresh(who), f"the desk of {who} is not the one that would be worked out now"
            self.app.extensions.update(known)

    def kept_of(self, who: Role | str) -> Any:
        """What is kept of a reader's desk."""
        found: dict[Any, Any] = self.app.extensions["doudi_desks"]
        return next(kept for (actor, _), kept in found.items() if actor.id == self.ids[str(who)])

    def _known(self) -> list[Any]:
        return list(self.app.extensions.get("doudi_desks", {}).values())
