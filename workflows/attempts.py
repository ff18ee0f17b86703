"""Failed logins, counted in the database by login and by address: five within 15 minutes shut either for 15 minutes.

A browser in which somebody came in before is counted by itself: wrong passwords typed elsewhere do not shut them out
(OWASP ASVS 6.1.1), and it has five tries like everybody else.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, func, select, text
from sqlalchemy.orm import Session

from models import LoginFailure, sealing

FAILURES = 5
SHUT = timedelta(minutes=15)
KEPT = timedelta(days=1)
KNOWN = "known:"
WITHIN = "session "
"""Before the number of a session: a browser counted for what is typed inside, which shuts nobody out of the login."""
_TURN = text("SELECT pg_advisory_xact_lock(9134, hashtext(current_schema() || :login))")


def shut_until(session: Session, login: str, address: str, now: datetime, known: str = "") -> datetime | None:
    """Until when this login, or this address, is refused; None when it may try. ``known``: the browser, if it is.

    An address is shut by failures with five different logins, so that one person's slips do not shut out the
    colleagues behind the same address, while trying one password on every account is stopped.
    """
    mine, latest = LoginFailure.login == _hidden(login), func.max(LoginFailure.at)
    own = LoginFailure.address == _place(address, known) if known else LoginFailure.address.not_like(f"{KNOWN}%")
    queries = [select(LoginFailure.at).where(mine, own).order_by(LoginFailure.at.desc())]
    if not known:
        by_address = select(latest).where(LoginFailure.address == address[:45], LoginFailure.at > now - 2 * SHUT)
        queries.append(by_address.group_by(LoginFailure.login).order_by(latest.desc()))
    ends = (_end(list(session.scalars(query.limit(FAILURES)))) for query in queries)
    return max((end for end in ends if end and now < end), default=None)


def shut(session: Session, logins: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Which of these logins are refused now, to a browser they know or to any other, and until when."""
    names = {_hidden(login): login for login in logins}
    query = select(LoginFailure.login, LoginFailure.address, LoginFailure.at).where(
        LoginFailure.login.in_(names), LoginFailure.at > now - 2 * SHUT,
        LoginFailure.address.not_like(f"{KNOWN}{WITHIN}%"),
    )  # fmt: skip
    times: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for hidden, address, at in session.execute(query.order_by(LoginFailure.at.desc())):
        times[names[hidden], address if address.startswith(KNOWN) else ""].append(at)
    found: dict[str, datetime] = {}
    for (login, _), tries in times.items():
        end = _end(tries[:FAILURES])
        if end and now < end:
            found[login] = max(end, found.get(login, end))
    return found


def take_turns(session: Session, login: str) -> None:
    """Let tries at one login pass one by one until the transaction ends; SQLite's writers do so anyway."""
    if session.connection().dialect.name == "postgresql":
        session.execute(_TURN, {"login": _hidden(login)})


def count(session: Session, login: str, address: str, now: datetime, known: str = "") -> datetime | None:
    """Note a failure, known login or not; return until when it shut the door, if it did."""
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - KEPT))
    session.add(LoginFailure(login=_hidden(login), address=_place(address, known), at=now))
    session.flush()
    return shut_until(session, login, address, now, known)


def forget(session: Session, login: str) -> int:
    """Begin a login's counts anew, after an unlock or a new password; return how many failures there were."""
    gone = session.execute(delete(LoginFailure).where(LoginFailure.login == _hidden(login)))
    assert isinstance(gone, CursorResult)
    return gone.rowcount


def came_in(session: Session, login: str, known: str = "") -> None:
    """Begin the count anew under which somebody came in; what others tried elsewhere stays counted."""
    place = LoginFailure.address
    own = place == _place("", known) if known else place.not_like(f"{KNOWN}%")
    session.execute(delete(LoginFailure).where(LoginFailure.login == _hidden(login), own))


def _end(times: list[datetime]) -> datetime | None:
    """The last five failures, latest first: 15 minutes from the last one when all lie within 15 minutes."""
    full = len(times) == FAILURES and times[0] - times[-1] < SHUT
    return times[0] + SHUT if full else None


def _place(address: str, known: str) -> str:
    """Where a failure is counted: no address begins as a known browser does, whose mark only its cookie holds."""
    if not known:
        return address[:45]
    return KNOWN + (known if known.startswith(WITHIN) else sealing.blind("known_browser", known))


def _hidden(login: str) -> str:
    """Kept as a keyed hash: people sometimes type their password where the login belongs."""
    return sealing.blind("login", login)
