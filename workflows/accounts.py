"""Accounts: who may log in, where, and as what. It takes two people: one makes the account, another grants the role.

The system administrator makes, moves, disables, unlocks and resets; the security administrator grants roles and
cannot use them. Every verb ends the person's sessions, so that what they were is over at once. The caller commits.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Division, User, sealing
from policy.vocabulary import Role
from workflows import attempts, audit, known_browsers, passwords, second_factor, sessions
from workflows.actor import Actor
from workflows.office import ADMINS, county, need, normal_login, person
from workflows.reason import Reason, Refused

# At which level of the official code a role stands: 2 province, 4 city, 6 county, 9 township, 12 village.
LEVELS = {
    Role.VILLAGE_WORKER: (12, 9),
    Role.TOWNSHIP_OFFICER: (9,),
    Role.TOWNSHIP_APPROVER: (9,),
    Role.COUNTY_REVIEWER: (6,),
    Role.COUNTY_APPROVER: (6,),
    Role.SUPERVISOR: (6, 9),
    Role.AUDITOR: (6, 4, 2, 9),
    Role.SYSTEM_ADMIN: (6,),
    Role.SECURITY_ADMIN: (6,),
}


def create_user(
    session: Session, actor: Actor, login: str, name: str, division_code: str, now: datetime
) -> tuple[User, str]:
    """A new account without a role, which sees nothing until one is granted; returns its one-use password too."""
    need(actor, Role.SYSTEM_ADMIN)
    password = passwords.one_use_password()
    hashed = passwords.hash_password(password)  # before the first statement takes the write lock
    login, name = normal_login(login), " ".join(name.split())
    if faults := [*_login_faults(session, login), *_name_faults(name), *_place_faults(session, division_code, None)]:
        raise Refused(faults)
    audit.attribute(session, actor, now, "")
    user = User(
        login=login, name=name, division_code=division_code, role=None, active=True, password_hash=hashed,
        password_changed_at=now, must_change_password=True, old_hashes=[], recovery_hashes=[], totp_on=False,
        created_at=now, created_by_id=actor.id, row_key=sealing.new_row_key(),
    )  # fmt: skip
    session.add(user)
    session.flush()
    return user, password


def grant_role(session: Session, actor: Actor, user_id: int, role: Role | None, reason: str, now: datetime) -> User:
    """Give a role, or take it away (None): by a security administrator, never to oneself or to one's own creation."""
    need(actor, Role.SECURITY_ADMIN)
    user = person(session, actor, user_id)
    faults = [
        Reason("grant_self") if user.id == actor.id else None,
        Reason("grant_own_account") if actor.id is not None and user.created_by_id == actor.id else None,
        Reason("same_role") if user.role == role else None,
        Reason("reason_missing") if not reason.strip() else None,
        _last_admin(session, user) if user.role != role else None,
        *_place_faults(session, user.division_code, role),
    ]
    _refuse(faults)
    audit.attribute(session, actor, now, reason.strip())
    user.role = role
    sessions.end_all(session, user.id, "role", now)
    session.flush()
    return user


def disable(session: Session, actor: Actor, user_id: int, reason: str, now: datetime) -> User:
    """Shut an account: its sessions end with this transaction, no browser knows it, and nobody logs in with it."""
    user = _subject(session, actor, user_id, reason)
    _refuse([_last_admin(session, user), None if user.active else Reason("already_disabled")])
    audit.attribute(session, actor, now, reason.strip())
    user.active = False
    sessions.end_all(session, user.id, "disabled", now)
    known_browsers.forget(session, user.id)
    session.flush()
    return user


def enable(session: Session, actor: Actor, user_id: int, reason: str, now: datetime) -> User:
    """Open a disabled account again, with the role it had."""
    user = _subject(session, actor, user_id, reason)
    _refuse([Reason("already_active") if user.active else None])
    audit.attribute(session, actor, now, reason.strip())
    user.active = True
    session.flush()
    return user


def unlock(session: Session, actor: Actor, user_id: int, reason: str, now: datetime) -> User:
    """Let somebody try again before the 15 minutes are over; written down."""
    user = _subject(session, actor, user_id, reason)
    gone = attempts.forget(session, user.login)
    audit.record(session, actor, now, "unlock", user, reason=reason.strip(), after={"failures_forgotten": gone})
    return user


def reset_password(session: Session, actor: Actor, user_id: int, reason: str, now: datetime) -> tuple[User, str]:
    """A new one-use password; the second factor stays, so that nobody takes over an account alone.

    An administrator's password is reset only from the command line: who could reset the other administrator's would
    hold both offices.
    """
    password = passwords.one_use_password()
    hashed = passwords.hash_password(password)
    user = _subject(session, actor, user_id, reason)
    _refuse([Reason("reset_admin") if actor.id is not None and user.role in ADMINS else None])
    audit.attribute(session, actor, now, reason.strip())
    user.old_hashes = [user.password_hash, *user.old_hashes][: passwords.REMEMBERED]
    user.password_hash, user.password_changed_at, user.must_change_password = hashed, now, True
    attempts.forget(session, user.login)
    sessions.end_all(session, user.id, "password", now)
    session.flush()
    return user, password


def reset_second_factor(session: Session, actor: Actor, user_id: int, reason: str, now: datetime) -> User:
    """Forget a lost telephone: by the security administrator, who cannot reset the password."""
    need(actor, Role.SECURITY_ADMIN)
    user = person(session, actor, user_id)
    _refuse([
        Reason("not_yourself") if user.id == actor.id else None,
        Reason("reason_missing") if not reason.strip() else None,
        None if user.totp_on else Reason("no_second_factor"),
    ])  # fmt: skip
    audit.attribute(session, actor, now, reason.strip())
    second_factor.turn_off(user)
    sessions.end_all(session, user.id, "second_factor", now)
    session.flush()
    return user


def move(session: Session, actor: Actor, user_id: int, division_code: str, reason: str, now: datetime) -> User:
    """Give the person another division; what lay under the old one is out of sight at once."""
    user = _subject(session, actor, user_id, reason)
    same = Reason("same_division") if user.division_code == division_code else None
    _refuse([same, *_place_faults(session, division_code, user.role)])
    audit.attribute(session, actor, now, reason.strip())
    user.division = session.get_one(Division, division_code)
    sessions.end_all(session, user.id, "moved", now)
    session.flush()
    return user


def end_sessions(session: Session, actor: Actor, user_id: int, reason: str, now: datetime) -> int:
    """Log a person out everywhere, and make the browsers they came in by strange; return how many were logged out."""
    need(actor, *ADMINS)
    user = person(session, actor, user_id)
    _refuse([None if reason.strip() else Reason("reason_missing")])
    ended = sessions.end_all(session, user.id, "administrator", now)
    told = {"sessions_ended": ended, "browsers_forgotten": known_browsers.forget(session, user.id)}
    audit.record(session, actor, now, "end_sessions", user, reason=reason.strip(), after=told)
    return ended


def _subject(session: Session, actor: Actor, user_id: int, reason: str) -> User:
    """The person a system administrator acts upon: somebody they see, not themselves, and with a reason."""
    need(actor, Role.SYSTEM_ADMIN)
    user = person(session, actor, user_id)
    _refuse([
        Reason("not_yourself") if user.id == actor.id else None,
        None if reason.strip() else Reason("reason_missing"),
    ])  # fmt: skip
    return user


def _last_admin(session: Session, user: User) -> Reason | None:
    if user.role not in ADMINS or not user.active:
        return None
    others = select(func.count()).where(User.role == user.role, User.active, User.id != user.id)
    return Reason("last_admin", role=user.role) if not session.scalar(others) else None


def _login_faults(session: Session, login: str) -> list[Reason]:
    if not 2 <= len(login) <= 40 or not all(sign.isalnum() or sign in "._-" for sign in login):
        return [Reason("login_shape")]
    taken = session.scalar(select(User.id).where(User.login == login))
    return [Reason("login_taken", login=login)] if taken else []


def _name_faults(name: str) -> list[Reason]:
    return [] if 1 <= len(name) <= 40 else [Reason("name_missing")]


def _place_faults(session: Session, code: str, role: Role | None) -> list[Reason]:
    """A person's division is a known one that lies in the county or contains it, at the level of their role."""
    division, own = session.get(Division, code), county(session).code
    if division is None or not (code.startswith(own) or own.startswith(code)):
        return [Reason("division_outside", division=code)]
    if role is not None and len(code) not in LEVELS[role]:
        return [Reason("role_needs_level", role=role, levels=LEVELS[role])]
    return []


def _refuse(faults: list[Reason | None]) -> None:
    if found := [fault for fault in faults if fault]:
        raise Refused(found)
