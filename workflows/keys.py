"""One-time keys of posted forms: a double click, or an answer lost on the way, does the work once.

The key is claimed in the transaction of the work itself, so it is gone when the work is refused.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import OneTimeKey
from models.base import own_insert
from models.sealing import keys
from workflows.reason import Reason, Refused

KEPT = timedelta(days=30)
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


class Claim(NamedTuple):
    """Whether this post is the first with its key; if not, what the first one led to (None: to nothing to show)."""

    first: bool
    result: str | None = None


def new_key() -> str:
    """A key for a form about to be shown: 256 random bits as 43 characters."""
    return secrets.token_urlsafe(32)


def claim(session: Session, key: str, user_id: int | None, now: datetime, body: str | bytes) -> Claim:
    """Take the key for this post, waiting for another one that is at it; the caller commits.

    Raises Refused: ``key_missing`` for a key that no form of ours holds, ``key_reused`` when it was used by somebody
    else or with other content.
    """
    if not _KEY.fullmatch(key):
        raise Refused([Reason("key_missing")])
    given = {"key": key, "user_id": user_id, "at": now, "body_hash": _hash(body)}
    if session.execute(_insert(session).values(given)).first():
        return Claim(True)
    had = session.execute(
        select(OneTimeKey.user_id, OneTimeKey.body_hash, OneTimeKey.result).where(OneTimeKey.key == key)
    ).one()
    if (had.user_id, had.body_hash) != (user_id, given["body_hash"]):
        raise Refused([Reason("key_reused")])
    return Claim(False, had.result)


def finish(session: Session, key: str, result: str) -> None:
    """Note what the post led to (an address of at most 400 characters), for whoever posts it again."""
    session.execute(update(OneTimeKey).where(OneTimeKey.key == key).values(result=result))


def sweep(session: Session, now: datetime) -> int:
    """Remove keys older than 30 days; return how many."""
    gone: Any = session.execute(delete(OneTimeKey).where(OneTimeKey.at < now - KEPT))
    return int(gone.rowcount)


def _insert(session: Session) -> Any:
    return own_insert(session, OneTimeKey).on_conflict_do_nothing().returning(OneTimeKey.key)


def _hash(body: str | bytes) -> str:
    """Keyed, because a form may hold little else than a number that could be guessed."""
    text = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return hmac.digest(keys().blind, b"form:" + text, hashlib.sha256).hex()
