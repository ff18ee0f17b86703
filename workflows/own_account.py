"""What people change in their own account: password, second factor, sessions, language.

The caller commits, except after ``change_password``, which hashes outside its transactions and so begins and ends
them itself.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models import LoginSession, User
from models.base import reading
from workflows import attempts, audit, known_browsers, passwords, second_factor, sessions
from workflows.office import actor_of, county, profile_of
from workflows.passwords import Profile
from workflows.reason import Reason, Refused


class _Kept(NamedTuple):
    """What is needed to judge a new password while no transaction is open."""

    hashed: str
    barred: tuple[str, ...]
    names: tuple[str, ...]
    profile: Profile


def change_password(session: Session, session_id: int, current: str, new: str, again: str, now: datetime) -> str:
    """Set a new password and end the other sessions; returns this session's new token, raises Refused."""
    with reading():
        kept = _kept(session, session_id, now)
        session.rollback()
    if not passwords.verify_password(kept.hashed, current):
        raise _wrong_password(session, session_id, now)
    faults = passwords.faults(new, kept.profile, kept.names, (kept.hashed, *kept.barred)[: passwords.REMEMBERED])
    if new != again:
        faults.append(Reason("password_differs"))
    if faults:
        raise Refused(faults)
    hashed = passwords.hash_password(new)
    row = _row(session, session_id, now)
    user = row.user
    if user.password_hash != kept.hashed:
        session.rollback()
        raise Refused([Reason("password_wrong")])
    audit.attribute(session, actor_of(user), now, "")
    user.old_hashes = [kept.hashed, *kept.barred][: passwords.REMEMBERED]
    user.password_hash, user.password_changed_at, user.must_change_password = hashed, now, False
    sessions.end_all(session, user.id, "password", now, but=row.id)
    row.verified_at, token = now, sessions.rotate(row)
    session.commit()
    return token


def prove(session: Session, session_id: int, password: str, now: datetime) -> None:
    """Take the password once more, which opens for five minutes what asks for it; raises Refused, counted as at login.

    Hashes outside its transactions and so begins and ends them itself.
    """
    with reading():
        kept = _kept(session, session_id, now)
        session.rollback()
    if not passwords.verify_password(kept.hashed, password):
        raise _wrong_password(session, session_id, now)
    _row(session, session_id, now).verified_at = now
    session.commit()


def begin_second_factor(session: Session, session_id: int, now: datetime) -> None:
    """Make a secret to be scanned; it counts once ``turn_on_second_factor`` saw a code made from it."""
    user = _row(session, session_id, now).user
    if user.totp_on:
        raise Refused([Reason("second_factor_on")])
    audit.attribute(session, actor_of(user), now, "")
    second_factor.begin(user)


def turn_on_second_factor(session: Session, session_id: int, code: str, now: datetime) -> tuple[list[str], str]:
    """Switch it on; returns the recovery codes, to be shown once, and this session's new token."""
    row = _row(session, session_id, now)
    audit.attribute(session, actor_of(row.user), now, "")
    codes = None if row.user.totp_on else second_factor.turn_on(row.user, code, now)
    if codes is None:
        raise Refused([Reason("code_wrong")])
    row.passed_second_factor = True  # but nothing is proven by it: who sits here chose the secret a moment ago
    sessions.end_all(session, row.user_id, "second_factor", now, but=row.id)
    return codes, sessions.rotate(row)


def turn_off_second_factor(session: Session, session_id: int, code: str, address: str, now: datetime) -> None:
    """Switch it off with a last code, unless the county requires it of the role."""
    user = _row(session, session_id, now).user
    if second_factor.required(county(session), user):
        raise Refused([Reason("second_factor_required")])
    _take_code(session, user, code, address, now, session_id)
    second_factor.turn_off(user)
    sessions.end_all(session, user.id, "second_factor", now, but=session_id)


def new_recovery_codes(session: Session, session_id: int, code: str, address: str, now: datetime) -> list[str]:
    """Eight new recovery codes for a code; the old ones no longer count."""
    user = _row(session, session_id, now).user
    _take_code(session, user, code, address, now, session_id)
    return second_factor.renew_recovery_codes(user)


def end_session(session: Session, session_id: int, other_id: int, now: datetime) -> None:
    """Log another of one's own browsers out; raises Refused for a session that is not one's own."""
    user_id = _row(session, session_id, now).user_id
    other = session.get(LoginSession, other_id)
    if other is None or other.user_id != user_id:
        raise Refused([Reason("no_such_session")])
    sessions.end(other, "ended", now)


def forget_browsers(session: Session, session_id: int, now: datetime, browser_id: int | None = None) -> int:
    """Make one browser strange again, or all; returns how many. Raises Refused for one that is not one's own."""
    user = _row(session, session_id, now).user
    forgotten = known_browsers.forget(session, user.id, browser_id)
    if browser_id is not None and not forgotten:
        raise Refused([Reason("no_such_browser")])
    audit.record(session, actor_of(user), now, "forget_browsers", user, after={"browsers_forgotten": forgotten})
    return forgotten


def choose_language(session: Session, session_id: int, language: str, now: datetime) -> None:
    """Keep the language for the next login."""
    user = _row(session, session_id, now).user
    if user.language != language:
        audit.attribute(session, actor_of(user), now, "")
        user.language = language


def _take_code(session: Session, user: User, code: str, address: str, now: datetime, session_id: int) -> None:
    """Accept a code, or count the failure as at login and raise Refused (committed, so that it counts)."""
    if until := attempts.shut_until(session, user.login, address, now, _own(session_id)):
        raise Refused([Reason("browser_shut", until=until)])
    audit.attribute(session, actor_of(user), now, "")
    if not second_factor.accept(user, code, now):
        attempts.count(session, user.login, address, now, _own(session_id))
        session.commit()
        raise Refused([Reason("code_wrong")])


def _wrong_password(session: Session, session_id: int, now: datetime) -> Refused:
    row = _row(session, session_id, now)
    until = attempts.count(session, row.user.login, row.address, now, _own(session_id))
    if until:  # somebody else sits at this browser and guesses
        sessions.end(row, "guessing", now)
    session.commit()
    return Refused([Reason("browser_shut", until=until) if until else Reason("password_wrong")])


def _own(session_id: int) -> str:
    """Under which a session's tries are counted: what others try elsewhere throws nobody out of it."""
    return f"{attempts.WITHIN}{session_id}"


def _kept(session: Session, session_id: int, now: datetime) -> _Kept:
    user = _row(session, session_id, now).user
    name = county(session).name
    return _Kept(user.password_hash, tuple(user.old_hashes), (user.login, user.name, name), profile_of(session))


def _row(session: Session, session_id: int, now: datetime) -> LoginSession:
    row = session.get(LoginSession, session_id)
    if row is None or sessions.why_over(row, now):
        raise Refused([Reason("session_over")])
    return row
