"""How long a transaction waits for what another one holds: whoever sits before a page is told soon, work goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy.exc import OperationalError

PATIENCE = "10s"
"""So long a transaction waits on PostgreSQL; then whoever asked is told, and threads do not run out."""
_patient: ContextVar[bool] = ContextVar("patient", default=False)
_HELD = frozenset({"55P03", "40P01", "SQLITE_BUSY"})
"""Lock not available, and deadlock, as PostgreSQL has them; the same of SQLite, which always waits ten seconds."""


@contextmanager
def patient(on: bool = True) -> Iterator[None]:
    """Inside, transactions that begin wait as long as it takes; the default outside is ``PATIENCE``."""
    token = _patient.set(on)
    try:
        yield
    finally:
        _patient.reset(token)


def set_limit(connection: Any) -> None:
    """Tell PostgreSQL, at the beginning of a transaction, that it waits as long as it takes where that is so."""
    if _patient.get():
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")


def is_held(error: OperationalError) -> bool:
    """Whether somebody else held what was asked for too long; any other fault of a database is none of that."""
    said = (getattr(error.orig, name, "") for name in ("sqlstate", "sqlite_errorname"))
    return not _HELD.isdisjoint(said)
