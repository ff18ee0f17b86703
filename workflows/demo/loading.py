"""Writes a synthetic county set-based: rows are gathered with their ids and put into their tables batch by batch.

Past SQLAlchemy's own inserts, which spend more time on a row than either database does: values are encoded here by
the type of their column, SQLite takes them as tuples, PostgreSQL by COPY.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import count
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import JSON, Connection, Date, DateTime, Table, func, select, text
from sqlalchemy.orm import Session

from models import Base
from models.base import Coded
from models.member import NameIndex
from workflows import audit
from workflows.names import tokens

# In the order in which they point to one another.
TABLES = (
    "near_relative", "household", "household_cause", "member", "income_line", "spending_line", "asset", "obligor",
    "name_index", "benefit", "finding", "event", "owed_paper", "objection", "crosscheck", "visit", "visitor",
    "visit_change",
)  # fmt: skip
CACHE_KIB = 160_000  # SQLite's own 2 MB would read indexes of random keys from the file, row by row
Row = dict[str, Any]
Encoder = Callable[[Any], Any]
_tokens = lru_cache(maxsize=100_000)(lambda name: tuple(sorted(tokens(name))))


class Sheets:
    """Rows by table, gathered until they are written; ids are counted here, so that rows can point to one another."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rows: dict[str, list[Row]] = {name: [] for name in TABLES}
        self.ids = {name: count(_last_id(session, name) + 1) for name in TABLES if "id" in table(name).c}

    def new_id(self, name: str) -> int:
        """The id of the next row of a table."""
        return next(self.ids[name])

    def add(self, name: str, row: Row) -> None:
        """Gather a row; every row of a table names the same columns."""
        self.rows[name].append(row)

    def index_name(self, member_id: int, name: str) -> None:
        """Gather what a member's name is found by."""
        self.rows[NameIndex.__tablename__] += [{"token": token, "member_id": member_id} for token in _tokens(name)]

    def write(self) -> None:
        """Put what was gathered into its tables; one entry of the history tells of the batch."""
        connection = self.session.connection()
        counts = {name: len(rows) for name, rows in self.rows.items() if rows}
        told = ({"id": row["id"], "row_key": row["row_key"]} for row in self.rows["household"])
        audit.bulk(self.session, "household", told, action="demo", after={"tables": counts})
        for name in counts:
            _put(connection, name, self.rows[name])
            self.rows[name].clear()

    def finish(self) -> None:
        """Let PostgreSQL count on from the ids that were given here."""
        if _is_postgres(self.session.connection()):
            for name in self.ids:
                last = select(func.greatest(func.max(table(name).c.id), 1)).scalar_subquery()
                self.session.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), last)))


def table(name: str) -> Table:
    """A table by its name."""
    return Base.metadata.tables[name]


def roomy(session: Session) -> None:
    """Give SQLite memory enough for indexes of random keys, for this connection."""
    if not _is_postgres(session.connection()):
        session.execute(text(f"PRAGMA cache_size=-{CACHE_KIB}"))


def _is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _last_id(session: Session, name: str) -> int:
    return session.scalar(select(func.max(table(name).c.id))) or 0


def _put(connection: Connection, name: str, rows: list[Row]) -> None:
    names, postgres = tuple(rows[0]), _is_postgres(connection)
    values = _encoded(rows, names, [(at, e) for at, n in enumerate(names) if (e := _encoder(name, n, postgres))])
    columns = ", ".join(f'"{column}"' for column in names)
    if not postgres:
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', list(values))  # noqa: S608
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor().copy(f'COPY "{name}" ({columns}) FROM STDIN') as copy:
        for row in values:
            copy.write_row(row)


def _encoded(rows: list[Row], names: tuple[str, ...], encoders: list[tuple[int, Encoder]]) -> Iterator[tuple[Any, ...]]:
    read = itemgetter(*names)
    for row in rows:
        values = list(read(row))
        for at, encode in encoders:
            if values[at] is not None:
                values[at] = encode(values[at])
        yield tuple(values)


@cache
def _encoder(name: str, column: str, postgres: bool) -> Encoder | None:
    """How the driver takes values of a column, where it does not take them as they are."""
    kind = table(name).c[column].type
    if isinstance(kind, Coded):
        return attrgetter("_value_")
    if isinstance(kind, JSON):
        return json.dumps
    if postgres or not isinstance(kind, (Date, DateTime)):
        return None
    return _moment if isinstance(kind, DateTime) else lambda day: day.isoformat()


def _moment(at: Any) -> str:
    """As SQLAlchemy writes it in SQLite."""
    return str(at.isoformat(" ", "microseconds"))
