"""Statements handed to libpq itself, outside of any transaction: a cursor of psycopg's costs more than the question.

A cursor looks up what its text means, whether it is prepared, how values and columns are told, and waits in turns of
its own: 70 calls and more for one row, of which 4 are left.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from sqlalchemy.pool import PoolProxiedConnection

MOST_KEPT = 100
"""Statements that a connection keeps prepared, as psycopg does of its own; further ones are planned each time."""
_UNKNOWN = b"26000"


class _Known:
    """What a connection knows of the statements it was asked: under which names the server has them prepared."""

    def __init__(self, driver: Any) -> None:
        from psycopg.adapt import Transformer  # here: who works on SQLite does without psycopg
        from psycopg.pq import DiagnosticField, ExecStatus

        self.names = dict[bytes, bytes]()
        self.loads = Transformer(driver)
        self.done, self.found, self.why = ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK, DiagnosticField.SQLSTATE

    def answer(self, server: Any, text: bytes, values: list[bytes | None]) -> Any:
        """What the server answers to a statement, prepared when it is first asked."""
        name = self.names.get(text)
        if name is not None:
            told = server.exec_prepared(name, values)
            if told.error_field(self.why) != _UNKNOWN:
                return told
        elif len(self.names) >= MOST_KEPT:
            return server.exec_params(text, values)
        # Not yet, or no longer: with a ROLLBACK psycopg has the server forget all that was prepared.
        name = self.names[text] = name or _name(text)
        made = server.prepare(name, text)
        return server.exec_prepared(name, values) if made.status == self.done else made


def _name(text: bytes) -> bytes:
    """Of this statement alone: whoever stands between us and the server may hand a connection to others in between."""
    return b"ready_" + blake2b(text, digest_size=12).hexdigest().encode()


def _told(driver: Any, value: Any) -> bytes | None:
    if value is None:
        return None
    if not isinstance(value, str | int | float | Decimal | date) or "\0" in (text := str(value)):
        raise driver.DataError(f"not to be told as a text: {value!r:.50}")
    return text.encode()


def rows(connection: PoolProxiedConnection, text: bytes, values: Sequence[Any]) -> list[Any]:
    """What a statement (its values named $1 and so on) finds on a connection that is in no transaction.

    A value is of the type that the statement gives it; where it gives none, a text.
    Raises the driver's own error for whatever the server refuses, and for values that have no text of their own (libpq
    would end a text at its first NUL without a word).
    """
    driver: Any = connection.dbapi_connection
    known: _Known | None = connection.info.get(__name__)
    if known is None:
        known = connection.info[__name__] = _Known(driver)
    told = known.answer(driver.pgconn, text, [_told(driver, one) for one in values])
    if told.status != known.found:
        raise driver.OperationalError(told.error_message.decode("utf-8", "replace"))
    known.loads.set_pgresult(told)
    found: list[Any] = known.loads.load_rows(0, told.ntuples, tuple)
    return found
