"""What a transaction still owes when it ends: gathered while it runs, written as its last statements.

A rollback forgets what was gathered, a savepoint's rollback what was gathered since. The lock is taken after every
other lock of the transaction, so that writers wait for one another only while the last few statements run.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session, SessionTransaction

from models.base import WriteInReading, is_reading

Writer = Callable[[Session, list[Any]], None]

_OWED, _MARKS = "owed", "owed_marks"
LOCK = "SELECT pg_advisory_xact_lock(9133, hashtext(current_schema()))"
"""Takes the county's lock on PostgreSQL; whoever holds it already has it at once."""
_writers: dict[str, Writer] = {}


class Owed(RuntimeError):
    """A transaction ended before what it owed was written."""


def writer(kind: str) -> Callable[[Writer], Writer]:
    """Register who writes what was gathered under ``kind``; kinds are written in alphabetical order, "audit" last."""

    def register(function: Writer) -> Writer:
        _writers[kind] = function
        return function

    return register


def owe(session: Session, kind: str, what: Any) -> None:
    """Gather something to be written under ``kind`` before the commit; raises WriteInReading in a reading request."""
    if is_reading():
        raise WriteInReading(f"a reading request would write {kind}: {what}")
    session.info.setdefault(_OWED, []).append((kind, what))


def owed(session: Session, kind: str) -> list[Any]:
    """What is gathered under ``kind`` so far."""
    return [what for other, what in session.info.get(_OWED, ()) if other == kind]


def hold(session: Session) -> None:
    """Take the county's lock until the transaction ends; SQLite's writers hold theirs from the first statement."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text(LOCK))


def _order(kinds: Sequence[str]) -> list[str]:
    return sorted(kinds, key=lambda kind: (kind == "audit", kind))


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if not session.info.get(_OWED):
        return
    if any(kind != "audit" for kind, _ in session.info[_OWED]):  # the history takes the lock with its first question
        hold(session)
    for kind in _order(list(_writers)):
        if gathered := owed(session, kind):
            _writers[kind](session, gathered)
    session.info.pop(_OWED)


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_MARKS, {})[transaction] = len(session.info.get(_OWED, ()))


@event.listens_for(Session, "after_commit")
def _keep(session: Session) -> None:
    nested = session.get_nested_transaction()
    if nested is not None:
        session.info.get(_MARKS, {}).pop(nested, None)
    elif session.info.get(_OWED):
        raise Owed("something changed after the last flush of a commit; its history is lost")


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    mark = session.info.get(_MARKS, {}).pop(transaction, None)
    if mark is not None:
        del session.info.get(_OWED, [])[mark:]
    if transaction.parent is None:
        session.info.pop(_OWED, None)
        session.info.pop(_MARKS, None)
