"""Writes a synthetic county set-based: rows are gathered with their ids, inserted in batches, told to the history."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from typing import Any

from sqlalchemy import Integer, Table, func, insert, select, text
from sqlalchemy.orm import Session

from models import Base
from models.household import NameIndex
from workflows import audit
from workflows.audit_rows import WATCHED
from workflows.names import tokens

# In the order in which they point to one another.
TABLES = (
    "near_relative", "household", "household_cause", "member", "income_line", "spending_line", "asset", "obligor",
    "name_index", "benefit", "event", "owed_paper", "objection", "crosscheck", "visit", "visitor", "visit_change",
)  # fmt: skip
CACHE_KIB = 200_000  # SQLite's own 2 MB would read every index of random keys from the file, row by row
Row = dict[str, Any]
_tokens = lru_cache(maxsize=200_000)(lambda name: tuple(sorted(tokens(name))))


class Sheets:
    """Rows by table, gathered until they are written; ids are counted here, so that rows can point to one another."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rows: dict[str, list[Row]] = {name: [] for name in TABLES}
        self.ids = {name: count(_last_id(session, table(name)) + 1) for name in TABLES if "id" in table(name).c}

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
        """Insert what was gathered, one entry of the history for each table."""
        with audit.set_based(self.session):
            for name in TABLES:
                if rows := self.rows[name]:
                    self.session.execute(insert(table(name)), rows)
                    if name in WATCHED:
                        audit.bulk(self.session, name, _told(rows), action="demo")
                    rows.clear()

    def finish(self) -> None:
        """Let PostgreSQL count on from the ids that were given here."""
        if self.session.get_bind().dialect.name == "postgresql":
            for name in self.ids:
                last = select(func.greatest(func.max(table(name).c.id), 1)).scalar_subquery()
                self.session.execute(select(func.setval(func.pg_get_serial_sequence(f'"{name}"', "id"), last)))


def table(name: str) -> Table:
    """A table by its name."""
    return Base.metadata.tables[name]


def roomy(session: Session) -> None:
    """Give SQLite memory enough for indexes of random keys, for this connection."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"PRAGMA cache_size=-{CACHE_KIB}"))


def _told(rows: list[Row]) -> Iterable[Row]:
    """What the history's digest covers of each row."""
    return rows


def _last_id(session: Session, rows: Table) -> int:
    assert isinstance(rows.c.id.type, Integer)
    return session.scalar(select(func.max(rows.c.id))) or 0
