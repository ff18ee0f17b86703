"""Whether anybody wrote to the county's database: a mark that every commit changes, whoever made it and with what."""

from itertools import count
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event, text

_SNAPSHOT = text("SELECT CAST(pg_current_snapshot() AS text)")
_numbers = count(1)
_lock = Lock()


class _Watch(NamedTuple):
    """A connection that no request is given: SQLite tells each connection of the commits of all the others."""

    number: int
    raw: Any


_watching: dict[Engine, _Watch] = {}


def mark(connection: Connection) -> str:
    """The mark of now. As long as it stays the same nobody has committed anything; an earlier one never comes again.

    Ask it before reading what is to be kept under it: what is read afterwards is of this state or of a later one.
    """
    if connection.dialect.name != "sqlite":
        return str(connection.scalar(_SNAPSHOT))
    with _lock:
        watch = _watching.get(connection.engine) or _begun(connection.engine)
        return f"{watch.number}.{watch.raw.execute('PRAGMA data_version').fetchone()[0]}"


def _begun(engine: Engine) -> _Watch:
    taken = engine.raw_connection()
    watch = _watching[engine] = _Watch(next(_numbers), taken.dbapi_connection)
    taken.detach()
    if not event.contains(engine, "engine_disposed", _ended):
        event.listen(engine, "engine_disposed", _ended)
    return watch


def _ended(engine: Engine) -> None:
    """Whoever lets go of all connections wants the file to himself; the next mark is another one."""
    with _lock:
        if engine in _watching:
            _watching.pop(engine).raw.close()
