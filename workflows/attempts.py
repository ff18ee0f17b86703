"""Failed logins, counted in the database by login and by address: five within 15 minutes shut either for 15 minutes."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, func, select, text
from sqlalchemy.orm import Session

from models import LoginFailure, sealing

FAILURES = 5
SHUT = timedelta(minutes=15)
KEPT = timedelta(days=1)
_TURN = text("SELECT pg_advisory_xact_lock(9134, hashtext(current_schema() || :login))")


def shut_until(session: Session, login: str, address: str, now: datetime) -> datetime | None:
    """Until when this login, or this address, is refused; None when it may try.

    An address is shut by failures with five different logins, so that one person's slips do not shut out the
    colleagues behind the same address, while trying one password on every account is stopped.
    """
    by_login = select(LoginFailure.at).where(LoginFailure.login == _hidden(login)).order_by(LoginFailure.at.desc())
    latest = func.max(LoginFailure.at)
    by_address = select(latest).where(LoginFailure.address == address[:45], LoginFailure.at > now - 2 * SHUT)
    by_address = by_address.group_by(LoginFailure.login).order_by(latest.desc())
    ends = (_end(list(session.scalars(query.limit(FAILURES)))) for query in (by_login, by_address))
    return max((end for end in ends if end and now < end), default=None)


def take_turns(session: Session, login: str) -> None:
    """Let tries at one login pass one by one until the transaction ends; SQLite's writers do so anyway."""
    if session.connection().dialect.name == "postgresql":
        session.execute(_TURN, {"login": _hidden(login)})


def count(session: Session, login: str, address: str, now: datetime) -> datetime | None:
    """Note a failure, known login or not; return until when it shut the door, if it did."""
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - KEPT))
    session.add(LoginFailure(login=_hidden(login), address=address[:45], at=now))
    session.flush()
    return shut_until(session, login, address, now)


def forget(session: Session, login: str) -> int:
    """Begin a login's count anew, after a success or an unlock; return how many failures there were."""
    gone = session.execute(delete(LoginFailure).where(LoginFailure.login == _hidden(login)))
    assert isinstance(gone, CursorResult)
    return gone.rowcount


def _end(times: list[datetime]) -> datetime | None:
    """The last five failures, latest first: 15 minutes from the last one when all lie within 15 minutes."""
    full = len(times) == FAILURES and times[0] - times[-1] < SHUT
    return times[0] + SHUT if full else None


def _hidden(login: str) -> str:
    """Kept as a keyed hash: people sometimes type their password where the login belongs."""
    return sealing.blind("login", login)
