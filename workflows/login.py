"""Coming in: password, then a code where one is asked for, and what must be put right before work begins.

``enter`` and ``give_code`` begin and end their own transactions, because a password takes 30 ms to check and nobody
should wait for the write lock meanwhile. Call them with a session that has nothing pending.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import County, LoginSession, User
from models.base import reading
from workflows import attempts, audit, passwords, second_factor, sessions
from workflows.actor import Actor
from workflows.office import actor_of, normal_login
from workflows.reason import Reason, Refused
from workflows.sessions import Browser, Holder, Rules

# A first password waits on a slip of paper; after a week it opens nothing.
ONE_USE = timedelta(days=7)
UNKNOWN = Actor(None, "", None, "", "web")


class Attempt(NamedTuple):
    """What somebody typed, from where, and when."""

    login: str
    password: str
    address: str
    agent: str
    now: datetime
    known: str = ""
    """The browser, where this login came in by it before."""


class Entry(NamedTuple):
    """A browser that gave the right password: its session, the token for its cookie, and the user's language."""

    session_id: int
    user_id: int
    token: str
    language: str


def enter(session: Session, attempt: Attempt) -> Entry:
    """Check a password and begin a session; raises Refused with the same words for a wrong and an unknown login."""
    login = normal_login(attempt.login)
    with reading():
        _refuse_shut(session, login, attempt.address, attempt.now, attempt.known)
        user = session.scalar(select(User).where(User.login == login))
        user_id, hashed = (user.id, user.password_hash) if user else (None, None)
        session.rollback()
    right = passwords.verify_password(hashed, attempt.password)
    renewed = passwords.hash_password(attempt.password) if right and passwords.needs_rehash(hashed or "") else None
    # From here one by one: many guesses at once must not outrun the count.
    attempts.take_turns(session, login)
    _refuse_shut(session, login, attempt.address, attempt.now, attempt.known)
    user = session.get(User, user_id) if right else None
    if user is None or user.password_hash != hashed:
        raise _failed(session, login, attempt.address, attempt.now, "login_failed", attempt.known)
    if faults := _why_not(user, attempt.now):
        session.rollback()
        raise Refused(faults)
    return _admit(session, user, attempt, renewed)


def _admit(session: Session, user: User, attempt: Attempt, renewed: str | None) -> Entry:
    actor = actor_of(user)
    audit.attribute(session, actor, attempt.now, "")
    user.last_login_at = attempt.now
    if renewed:
        user.password_hash = renewed
    row, token = sessions.start(session, user, attempt.address, attempt.agent, attempt.now)
    if not user.totp_on:  # else only the code clears the count, or the password would buy endless tries at the code
        attempts.came_in(session, user.login, attempt.known)
    audit.record(session, actor, attempt.now, "login", user, reason=attempt.address)
    entry = Entry(row.id, user.id, token, user.language)
    session.commit()
    return entry


def give_code(session: Session, session_id: int, code: str, address: str, now: datetime, known: str = "") -> str:
    """The second step: a code or a recovery code; returns the session's new token, raises Refused."""
    row = session.get(LoginSession, session_id)
    if row is None or sessions.why_over(row, now):
        session.rollback()
        raise Refused([Reason("session_over")])
    user = row.user
    attempts.take_turns(session, user.login)
    session.refresh(user)  # a code used a moment ago in another browser is used
    _refuse_shut(session, user.login, address, now, known)
    audit.attribute(session, actor_of(user), now, "")
    if not second_factor.accept(user, code, now):
        raise _failed(session, user.login, address, now, "code_wrong", known)
    row.passed_second_factor, row.verified_at = True, now
    token = sessions.rotate(row)
    attempts.came_in(session, user.login, known)
    session.commit()
    return token


def leave(session: Session, session_id: int, now: datetime) -> None:
    """Log out: the session opens nothing from now on."""
    row = session.get(LoginSession, session_id)
    if row is not None and row.ended_at is None:
        sessions.end(row, "logout", now)
        audit.record(session, actor_of(row.user), now, "logout", row.user)
    session.commit()


def pending(row: Browser, county: Rules, now: datetime) -> str | None:
    """What the person must still do before anything else: "code", "password", "enrol"; None when they are in."""
    user = row.user
    if user.totp_on and not row.passed_second_factor:
        return "code"
    if user.must_change_password or password_too_old(user, county, now):
        return "password"
    return "enrol" if not user.totp_on and second_factor.required(county, user) else None


def password_too_old(user: User | Holder, county: County | Rules, now: datetime) -> bool:
    """Whether the county's profile asks for a new password by now; the sample's, shown to all, never grow old."""
    days = None if county.sample else passwords.PROFILES[county.password_profile].days
    return days is not None and now - user.password_changed_at >= timedelta(days=days)


def _refuse_shut(session: Session, login: str, address: str, now: datetime, known: str) -> None:
    if until := attempts.shut_until(session, login, address, now, known):
        session.rollback()
        raise Refused([_shut(until, known)])


def _failed(session: Session, login: str, address: str, now: datetime, code: str, known: str) -> Refused:
    """Count a failure, write it down and commit; the reason says when that was the last try."""
    until = attempts.count(session, login, address, now, known)
    user = session.scalar(select(User).where(User.login == login))
    audit.record(session, UNKNOWN, now, "login_shut" if until else "login_failed", user, reason=address)
    session.commit()
    return Refused([_shut(until, known) if until else Reason(code)])


def _shut(until: datetime, known: str) -> Reason:
    return Reason("browser_shut" if known else "login_shut", until=until)


def _why_not(user: User, now: datetime) -> list[Reason]:
    """Why the right password still does not open the account; told only to who knows the password."""
    if not user.active:
        return [Reason("account_disabled")]
    if user.must_change_password and now - user.password_changed_at >= ONE_USE:
        return [Reason("one_use_expired", days=ONE_USE.days)]
    return []
