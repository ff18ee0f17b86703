"""Statements that are asked with every page: put together once, and handed to the database's driver as they are.

To ask for one row SQLAlchemy makes a hundred calls and more where the driver makes 4 (sqlite3) or 70 (psycopg), and
takes longer than the database does. Whoever listens to what is sent hears of these statements as of any.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, String, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection

from models import direct

Asker = Connection | Engine | Session
Meaning = Callable[[Any], Any]
APART = "apart"
"""An option of a connection: what is asked of it before it is in a transaction is asked outside of any."""


class _Made(NamedTuple):
    """A statement as one kind of database wants it."""

    text: str
    order: Sequence[str] | None
    """The names of its values, where the driver wants them one after the other."""
    values: Mapping[str, Any]
    """Those that are always the same."""
    given: Mapping[str, Meaning]
    """What makes of a value that is given what the driver wants, where that is something else."""
    told: Sequence[tuple[int, Meaning]]
    """What makes of what the driver tells what a column means, where that is something else."""
    direct: tuple[bytes, Sequence[str]] | None
    """For PostgreSQL: the same as libpq wants it, and the names of its values in their order."""


class Ready:
    """A statement that reads. Each column comes as its type means it, just as SQLAlchemy would give it."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self.made = dict[str, _Made]()

    def rows(self, asker: Asker, values: Mapping[str, Any]) -> list[Any]:
        """What is found in the transaction of a connection or session; outside of any, asked of an engine or ``APART``.

        A statement by itself sees one state also without a transaction, and there is nothing to begin and to end.
        """
        if isinstance(asker, Session):
            asker.flush()
            asker = asker.connection()
        made = self.made.get(asker.dialect.name) or self._make(asker.dialect)
        given = {**made.values, **values}
        for name, meaning in made.given.items():
            given[name] = meaning(given[name])
        asker.dispatch.before_execute(asker, self.statement, [], values, {})
        wanted = given if made.order is None else [given[name] for name in made.order]
        try:
            if isinstance(asker, Engine):
                with closing(asker.raw_connection()) as connection:
                    found = _apart(asker, connection, made, wanted)
            elif APART in asker.get_execution_options() and not asker.in_transaction():
                found = _apart(asker, asker.connection, made, wanted)
            else:
                if not asker.in_transaction():
                    asker.begin()
                found = _sent(asker, asker.connection, made.text, wanted)
        except asker.dialect.loaded_dbapi.Error:
            return self._by_sqlalchemy(asker, values)
        return [_meant(row, made.told) for row in found] if made.told else found

    def _by_sqlalchemy(self, asker: Connection | Engine, values: Mapping[str, Any]) -> list[Any]:
        """Asked again: it says what is wrong in its own words, and lets go of connections that are no more."""
        if isinstance(asker, Connection):
            return list(asker.execute(self.statement, values))
        with asker.connect() as connection:
            return list(connection.execute(self.statement, values))

    def _make(self, dialect: Dialect) -> _Made:
        compiled = self.statement.compile(dialect=dialect)
        always, given = dict[str, Any](), dict[str, Meaning]()
        for bind, name in compiled.bind_names.items():
            meaning = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if not bind.required:
                always[name] = meaning(bind.value) if meaning else bind.value
            elif meaning:
                given[name] = meaning
        types = [column.type.dialect_impl(dialect) for column in self.statement.selected_columns]
        told = [(n, meaning) for n, one in enumerate(types) if (meaning := one.result_processor(dialect, None))]
        numbered = self._numbered(dialect) if dialect.name == "postgresql" else None
        made = self.made[dialect.name] = _Made(str(compiled), compiled.positiontup, always, given, told, numbered)
        return made

    def _numbered(self, dialect: Any) -> tuple[bytes, Sequence[str]]:
        compiled = self.statement.compile(dialect=type(dialect)(paramstyle="numeric_dollar"))
        return str(compiled).encode(), compiled.positiontup or ()


def _sent(asker: Connection | Engine, connection: PoolProxiedConnection, text: str, values: Any) -> list[Any]:
    cursor, heard = connection.cursor(), asker.dispatch
    heard.before_cursor_execute(connection, cursor, text, values, None, False)
    cursor.execute(text, values)
    heard.after_cursor_execute(connection, cursor, text, values, None, False)
    return list(cursor.fetchall())


def _apart(asker: Connection | Engine, connection: PoolProxiedConnection, made: _Made, values: Any) -> list[Any]:
    """Sent outside of any transaction."""
    if made.direct is None:
        return _sent(asker, connection, made.text, values)
    (text, order), heard = made.direct, asker.dispatch
    heard.before_cursor_execute(connection, None, made.text, values, None, False)
    found = direct.rows(connection, text, [values[name] for name in order])
    heard.after_cursor_execute(connection, None, made.text, values, None, False)
    return found


def said(text: str) -> Any:
    """A text as it stands in a statement: as a value it would be handed over whenever it is asked."""
    return literal_column(f"'{text}'", String)


def _meant(row: Sequence[Any], told: Sequence[tuple[int, Meaning]]) -> list[Any]:
    meant = list(row)
    for n, meaning in told:
        meant[n] = meaning(meant[n])
    return meant
