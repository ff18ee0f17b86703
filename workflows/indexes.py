"""Indexes laid aside while more rows come than stand in a table: built once at the end they cost a quarter.

Those by which new rows lie in order stay: to keep them costs no more than to build them, and it is done meanwhile.
Inside the same transaction and on SQLite alone; the guard that looks up each new stay of a person by such an index
looks once at all of them instead. Nobody else sees a table without its indexes: readers keep what stood before.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from models import Member, written
from models.guards import OVERLAP, OVERLAPPING
from workflows import behind

LEAST = 2_000
"""Fewer rows are written with the indexes in place."""
SCATTERED = frozenset({
    "township_code", "village_code", "name", "head_name", "birth", "id_no_hash", "id_no_last4", "account_hash",
    "phone_hash", "one_card_hash", "certificate_no", "member_id",
})  # fmt: skip
"""Columns by which new rows lie scattered: indexes that begin with another grow at few places, and stay."""
_ASIDE = "indexes_aside"
Statements = list[str]


@contextmanager
def laid_aside(session: Session, coming: Mapping[type[Any], int]) -> Iterator[None]:
    """Inside, tables to which so many rows come as stand in them already lack scattered indexes and guards of inserts.

    Nothing may be looked up there meanwhile, and where writing is done behind the caller not before
    ``behind.finish``. Raises IntegrityError at the end, or there, where new rows contradict others.
    """
    lite = session.connection().dialect.name == "sqlite"
    found = {model: _standing(session, model) for model, count in coming.items() if lite and count >= LEAST}
    found = {model: last for model, last in found.items() if coming[model] >= last}
    names, outer = {str(model.__tablename__) for model in found}, session.info.get(_ASIDE, frozenset())
    kept = [statement for name in sorted(names) for statement in _dropped(session, name)]
    session.info[_ASIDE] = outer | names
    try:
        yield
    except BaseException:
        _restored(session, kept)
        raise
    finally:
        session.info[_ASIDE] = outer
    for statement in kept:
        behind.do_sometime(session, partial(_execute, statement))
    if any(statement.startswith("CREATE TRIGGER") for statement in kept):  # none told of what came
        behind.do_sometime(session, written.change_all)
    if Member in found:
        behind.do_sometime(session, partial(_refuse_overlaps, found[Member]))
    for name in sorted(names):
        behind.do_sometime(session, partial(_measure, name))
    behind.free(session)


def is_aside(session: Session, table: str) -> bool:
    """Whether the indexes of a table are laid aside now."""
    return table in session.info.get(_ASIDE, ())


def _standing(session: Session, model: type[Any]) -> int:
    """The last id of a table, or how many rows it has where rows have no id."""
    column = getattr(model, "id", None)
    query = select(func.count()).select_from(model) if column is None else select(func.max(column))
    return session.scalar(query) or 0


def _dropped(session: Session, table: str) -> Statements:
    """Drop a table's scattered indexes and what is done on each insert; returns the statements that make them again."""
    query = text(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"
        " AND (type = 'index' OR (type = 'trigger' AND name LIKE 'guard_%_insert')) ORDER BY type, rowid"
    )
    told = session.execute(query, {"table": table}).all()
    found = [(kind, name, sql) for kind, name, sql in told if kind == "trigger" or _first(sql) in SCATTERED]
    for kind, name, _ in found:
        session.connection().exec_driver_sql(f'DROP {kind} "{name}"')
    return [sql for _, _, sql in found]


def _first(sql: str) -> str:
    """The column that an index begins with."""
    return sql.partition("(")[2].partition(",")[0].partition(")")[0]


def _execute(statement: str, connection: Connection) -> None:
    connection.exec_driver_sql(statement)


def _refuse_overlaps(after: int, connection: Connection) -> None:
    """Ask of all stays that came after an id what the guard asks of each."""
    if connection.execute(text(OVERLAPPING), {"after": after}).first():
        raise IntegrityError(OVERLAPPING, None, ValueError(OVERLAP))


def _restored(session: Session, statements: Statements) -> None:
    """After a failure: indexes stand again, or where they cannot, nothing of the transaction does."""
    try:
        for statement in statements:
            session.connection().exec_driver_sql(statement)
    except SQLAlchemyError:  # what failed before is what went wrong, and what the caller is told
        session.rollback()


def _measure(table: str, connection: Connection) -> None:
    """Let SQLite count anew by which index it best looks: what it knew went with the indexes."""
    connection.execute(text("PRAGMA analysis_limit = 1000"))
    connection.execute(text(f'ANALYZE "{table}"'))
