"""Databases with Doudi's tables: migrated once for each worker, copied for each test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from models import Base, guards, schema
from models.base import tune
from models.sealing import Keys

KEYS = Keys(seal=b"s" * 32, blind=b"b" * 32, chain=b"c" * 32)
SECRETS = '{"cookie": "for tests alone", ' + KEYS.dumps().removeprefix("{")


def migrate(url: str) -> None:
    """Give a database Doudi's tables; an SQLite file is whole afterwards, without a write-ahead log beside it."""
    with opened(url) as engine:
        schema.upgrade(engine)


def empty(url: str) -> None:
    """Take every row out of Doudi's tables and count from one again; whoever is still connected is thrown out."""
    with opened(url) as engine, engine.begin() as connection:
        connection.execute(text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ))  # fmt: skip
        guards.drop(connection)
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        ours = text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        for sequence in connection.scalars(ours).all():
            connection.execute(text(f'ALTER SEQUENCE "{sequence}" RESTART'))
        guards.install(connection)


def copy_sqlite(template: Path, file: Path) -> str:
    """A copy of the template in place of what may stand there; returns its URL."""
    for end in ("", "-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)
    shutil.copyfile(template, file)
    return f"sqlite:///{file.as_posix()}"


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine tuned as the app's own is, closed afterwards."""
    engine = tune(create_engine(url))
    try:
        yield engine
    finally:
        engine.dispose()


_ENGINES: dict[str, Engine] = {}


@contextmanager
def lent(url: str) -> Iterator[Engine]:
    """The engine of a database that one test after another finds anew under the same URL.

    It stays, for it knows what it has made of each statement, which takes a third of a test's time; connections and
    listeners are the test's own.
    """
    if url not in _ENGINES:
        _ENGINES[url] = create_engine(url)
    engine = tune(_ENGINES[url].execution_options())
    try:
        yield engine
    finally:
        engine.dispose()
