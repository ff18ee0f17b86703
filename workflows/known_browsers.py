"""Browsers in which people have logged in: a random mark in a cookie, which opens nothing, and its hash in a row.

Such a browser has its tries counted by itself (``attempts``), so that nobody shuts a colleague out by typing wrong
passwords elsewhere. It is strange again with a new password, after 180 days without a login, and once it is forgotten.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, Select, and_, delete, select
from sqlalchemy.orm import Session

from models import KnownBrowser, User, sealing
from models.base import reading
from workflows import attempts

DAYS = 180
MOST = 20
"""Of one person; the one by which nobody came in for longest is forgotten first."""


def known_as(session: Session, login: str, marks: Sequence[str], now: datetime) -> str:
    """By which of its marks a browser knows the login; empty where it is strange. Ends the transaction."""
    hidden = {_hidden(mark): mark for mark in marks}
    with reading():
        query = select(KnownBrowser.mark_hash).join(User, User.id == KnownBrowser.user_id)
        query = query.where(User.login == login, KnownBrowser.mark_hash.in_(hidden), _counts(now))
        found = session.scalar(query.limit(1)) if hidden else None
        session.rollback()
    return hidden[found] if found else ""


def remember(session: Session, user_id: int, mark: str, agent: str, now: datetime) -> None:
    """Let a browser know whoever just came in by it; the caller commits."""
    attempts.take_turns(session, session.get_one(User, user_id).login)
    row = session.scalar(_of(user_id).where(KnownBrowser.mark_hash == _hidden(mark)))
    if row is None:
        row = KnownBrowser(user_id=user_id, mark_hash=_hidden(mark))
        session.add(row)
    row.agent, row.seen_at = agent[:200], now
    session.flush()
    kept = [one.id for one in known(session, user_id, now)[:MOST]]
    session.execute(delete(KnownBrowser).where(KnownBrowser.user_id == user_id, KnownBrowser.id.not_in(kept)))


def known(session: Session, user_id: int, now: datetime) -> list[KnownBrowser]:
    """The browsers that know somebody now, the one they last came in by first."""
    query = _of(user_id).join(User, User.id == KnownBrowser.user_id).where(_counts(now))
    return list(session.scalars(query.order_by(KnownBrowser.seen_at.desc(), KnownBrowser.id.desc())))


def alive(session: Session, marks: Sequence[str], now: datetime) -> list[str]:
    """Those of a browser's marks by which it still knows somebody, in their order."""
    query = select(KnownBrowser.mark_hash).join(User, User.id == KnownBrowser.user_id).where(_counts(now))
    found = set(session.scalars(query.where(KnownBrowser.mark_hash.in_([_hidden(mark) for mark in marks]))))
    return [mark for mark in marks if _hidden(mark) in found]


def is_of(row: KnownBrowser, marks: Sequence[str]) -> bool:
    """Whether a row is of the browser that bears these marks."""
    return row.mark_hash in {_hidden(mark) for mark in marks}


def forget(session: Session, user_id: int, browser_id: int | None = None) -> int:
    """Make one browser strange to somebody, or all of them; returns how many knew them. The caller commits."""
    one = [] if browser_id is None else [KnownBrowser.id == browser_id]
    gone = session.execute(delete(KnownBrowser).where(KnownBrowser.user_id == user_id, *one))
    assert isinstance(gone, CursorResult)
    return gone.rowcount


def _of(user_id: int) -> Select[KnownBrowser]:
    return select(KnownBrowser).where(KnownBrowser.user_id == user_id)


def _counts(now: datetime) -> ColumnElement[bool]:
    """Of a row beside its user: somebody came in by it with the present password, and not too long ago."""
    return and_(KnownBrowser.seen_at >= User.password_changed_at, KnownBrowser.seen_at > now - timedelta(days=DAYS))


def _hidden(mark: str) -> str:
    return sealing.blind("known_browser", mark)
