"""What a form asks for is done once, however often it arrives: a double click, an answer lost on the way."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import flash, request
from flask_babel import gettext

from views.context import actor, now
from views.db import db
from workflows import keys

NOT_SENT = frozenset({"csrf_token", "key"})
"""Fields that may differ when the same form is sent twice."""


class Done(NamedTuple):
    """The address that work leads to, and what is told of it."""

    where: str
    said: Any = ""


def once(work: Callable[[], Done], usual: str = "", body: Any = None) -> str:
    """Do what was posted, unless a post with this key did, and commit; returns the address it leads to.

    ``usual`` is where a second post goes if the first led nowhere; ``body`` is what was sent, where that is not all
    fields. Raises Refused for a key that was used for something else, and whatever the work raises: nothing is done.
    """
    key = request.form.get("key", "")
    claim = keys.claim(db.session, key, actor().id, now(), repr((request.path, sent() if body is None else body)))
    if not claim.first:
        db.session.rollback()
        flash(gettext("This was done already and was not sent twice."))
        return claim.result or usual
    done = work()
    keys.finish(db.session, key, done.where)
    db.session.commit()
    if done.said:
        flash(done.said)
    return done.where


def sent() -> list[tuple[str, str]]:
    """Every field of the form, in an order of its own."""
    return sorted(item for item in request.form.items(multi=True) if item[0] not in NOT_SENT)
