"""Logged-in browsers: a random token in the cookie, its hash in a row that says until when it counts.

A row counts while it is not ended, its user is active, and neither the idle nor the absolute limit has passed.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select, true, update
from sqlalchemy.orm import Session

from models import County, LoginSession, User
from models.ready import Asker, Ready
from models.written import mark_of
from policy.vocabulary import Role

ABSOLUTE = timedelta(hours=8)
IDLE = timedelta(minutes=30)
IDLE_GUARDED = timedelta(minutes=15)
GUARDED = frozenset(
    {Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}
)
# How often "last seen" is written: often enough for the idle limit, seldom enough that reading writes little.
SEEN_EVERY = timedelta(minutes=1)
FRESH = timedelta(minutes=5)
TOKEN_BYTES = 32


class Holder(NamedTuple):
    """What of a user every request asks: who they are, and what they must still do."""

    id: int
    login: str
    name: str
    role: Role | None
    division_code: str
    language: str
    active: bool
    totp_on: bool
    must_change_password: bool
    password_changed_at: datetime
    place_mark: str | None
    """The mark of their division when this was read (``models.written.mark_of``)."""


class Browser(NamedTuple):
    """What of a session every request asks."""

    id: int
    created_at: datetime
    seen_at: datetime
    verified_at: datetime | None
    passed_second_factor: bool
    ended_at: datetime | None
    ended_why: str | None
    user: Holder


class Rules(NamedTuple):
    """What the county asks of passwords and second factors."""

    sample: bool
    password_profile: str
    second_factor_roles: list[str]


_BROWSER, _HOLDER, _RULES = Browser._fields[:-1], Holder._fields, Rules._fields
_SESSIONS, _USERS, _COUNTY = (table.__table__.c for table in (LoginSession, User, County))
# By tables and columns: whole objects would cost every request more than the page's own question.
_FOUND = Ready(
    select(*(_SESSIONS[name] for name in _BROWSER), *(_USERS[name] for name in _HOLDER[:-1]))
    .add_columns(mark_of(_USERS.division_code).label(_HOLDER[-1]), *(_COUNTY[name] for name in _RULES))
    .join_from(LoginSession.__table__, User.__table__)
    .join(County.__table__, true())
    .where(_SESSIONS.token_hash == bindparam("mark"))
)


def idle_limit(role: Role | None) -> timedelta:
    """How long a browser may rest: 15 minutes for those who confirm, edit records or administer, else 30."""
    return IDLE_GUARDED if role in GUARDED else IDLE


def start(session: Session, user: User, address: str, agent: str, now: datetime) -> tuple[LoginSession, str]:
    """Begin a session after the right password; return its row and the token for the cookie."""
    sweep(session, user.id, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = LoginSession(
        token_hash=_hash(token), user=user, created_at=now, seen_at=now, verified_at=now,
        passed_second_factor=False, address=address[:45], agent=agent[:200],
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row, token


def find(asker: Asker, token: str) -> tuple[Browser, Rules] | None:
    """The session of this token and what its county asks, in one statement; ``why_over`` says whether it counts."""
    rows = _FOUND.rows(asker, {"mark": _hash(token)})
    if not rows:
        return None
    found = rows[0]
    own, user = len(_BROWSER), len(_BROWSER) + len(_HOLDER)
    holder, rules = Holder._make(found[own:user]), Rules._make(found[user:])
    return Browser._make((*found[:own], holder)), rules


def why_over(row: LoginSession | Browser, now: datetime) -> str | None:
    """Why the session no longer counts: how it ended, "disabled", "absolute" or "idle"; None while it does."""
    if row.ended_at is not None:
        return row.ended_why
    if not row.user.active:
        return "disabled"
    if now - row.created_at >= ABSOLUTE:
        return "absolute"
    return "idle" if now - row.seen_at >= idle_limit(row.user.role) else None


def due_seen(row: LoginSession | Browser, now: datetime) -> bool:
    """Whether "last seen" is old enough to be written again (in a short transaction of its own)."""
    return now - row.seen_at >= SEEN_EVERY


def seen(session: Session, session_id: int, now: datetime) -> None:
    """Note that the browser was here; nothing when the session has ended meanwhile."""
    row = session.get(LoginSession, session_id)
    if row is not None and row.ended_at is None:
        row.seen_at = max(row.seen_at, now)


def rotate(row: LoginSession) -> str:
    """A new token for the same session, as its rights grow; the old one opens nothing any more."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.token_hash = _hash(token)
    return token


def verified(row: LoginSession | Browser, now: datetime) -> bool:
    """Whether password or code were given in the last five minutes."""
    return row.verified_at is not None and now - row.verified_at < FRESH


def end(row: LoginSession, why: str, now: datetime) -> None:
    """End one session; an ended one keeps its first reason."""
    if row.ended_at is None:
        row.ended_at, row.ended_why = now, why


def end_all(session: Session, user_id: int, why: str, now: datetime, but: int | None = None) -> int:
    """End the user's sessions, except the one that asks (``but``); return how many."""
    rows = [row for row in _not_ended(session, user_id) if row.id != but]
    for row in rows:
        end(row, why, now)
    return len(rows)


def end_everyones(session: Session, why: str, now: datetime) -> int:
    """End every session of the county, in one statement; return how many counted as open."""
    everyone = update(LoginSession).where(LoginSession.ended_at.is_(None)).values(ended_at=now, ended_why=why)
    return session.connection().execute(everyone).rowcount


def opened(session: Session, user_id: int, now: datetime) -> list[LoginSession]:
    """The user's sessions that count now, latest first."""
    return [row for row in _not_ended(session, user_id) if why_over(row, now) is None]


def sweep(session: Session, user_id: int, now: datetime) -> None:
    """Write down the end of the user's sessions that ran out by themselves."""
    for row in _not_ended(session, user_id):
        if why := why_over(row, now):
            end(row, why, now)


def _not_ended(session: Session, user_id: int) -> list[LoginSession]:
    open_rows = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
    return list(session.scalars(open_rows.order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
