"""A county put down several times over by SQL: a large one in minutes, where the demo would write for an hour.

Every copy of a person has a key, a number and a seal of its own. Its ID number holds a letter, copies have neither
telephones nor accounts, and villages grow with the county.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    text,
)

from models import Base
from models.sealing import blind_all, new_row_keys, seal_all, unseal_all

APART = 1_000_000
"""The row of a copy has the number of its original and so many more for each copy before it."""
LETTERS = "ABCDEFGHI"
LEFT_OUT = frozenset({"attachment", "issued_paper", "bulk_line", "match_line", "recalculation_row"})
"""What no county of the demo holds, and what says which it is by more than its row number."""
DRAWN = ("row_key", "id_no_sealed", "id_no_hash")


def multiply(engine: Engine, times: int) -> None:
    """Put every family down ``times`` times in all, at most ten, in one transaction."""
    with engine.begin() as connection, _bare(connection):
        for table in _families():
            if not connection.scalar(select(func.count()).select_from(table)):
                continue
            if "row_key" in table.c:
                _draw(connection, table, times)
            connection.execute(text(_copying(table, times) + _in_order(table, connection)))
        sums = ", ".join(f"{name} = {name} * {times}" for name in ("n", "persons", "amount_fen"))
        connection.execute(text(f"UPDATE desk_summary SET {sums}"))


@cache
def _families() -> list[Table]:
    """Tables whose rows belong to a family, in the order in which they name one another."""
    found = {"household"}
    order = [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]
    for table in order:
        found |= {table.name} if any(key.column.table.name in found for key in table.foreign_keys) else set()
    return [table for table in order if table.name in found | {"name_index"}]


def _copying(table: Table, times: int) -> str:
    """The statement that puts a table's rows down again; with the keys of ``_draw`` where it has some."""
    names = ", ".join(f'"{column.name}"' for column in table.c)
    values = ", ".join(_value(column) for column in table.c)
    copies = " UNION ALL ".join(f"SELECT {n} AS n" for n in range(1, times))
    each = f'drawn_{table.name} d JOIN "{table.name}" o ON o.id = d.id'
    source = each if "row_key" in table.c else f'({copies}) d CROSS JOIN "{table.name}" o'
    return f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM {source}'


def _in_order(table: Table, connection: Connection) -> str:
    """PostgreSQL keeps rows where they were laid down, SQLite in the order of their keys by itself."""
    keys = ", ".join(f'o."{column.name}"' for column in table.primary_key)
    return "" if connection.dialect.name == "sqlite" else f" ORDER BY d.n, {keys}"


def _value(column: Column[Any]) -> str:
    name, own = column.name, {table.name for table in _families()}
    if name in DRAWN and "row_key" in column.table.c:
        return f"d.{name}" if name in column.table.c else "NULL"
    if name.endswith(("_sealed", "_hash")):
        return "NULL"
    if name == "case_no":
        return "o.case_no || '-' || d.n"
    numbered = name in ("id", "member_id") or any(key.column.table.name in own for key in column.foreign_keys)
    return f'o."{name}" + d.n * {APART}' if numbered else f'o."{name}"'


def _draw(connection: Connection, table: Table, times: int) -> None:
    """Keys of all copies, and their numbers sealed and hashed with them, in a table for the time of the transaction."""
    columns = (
        ("id", Integer),
        ("n", Integer),
        ("row_key", String),
        ("id_no_sealed", LargeBinary),
        ("id_no_hash", String),
    )
    made = (Column[Any](name, kind) for name, kind in columns)
    drawn = Table(f"drawn_{table.name}", MetaData(), *made, prefixes=["TEMPORARY"])
    numbered = "id_no_sealed" in table.c
    sealed = table.c.id_no_sealed if numbered else text("NULL")
    ids, keys, blobs = zip(*connection.execute(select(table.c.id, table.c.row_key, sealed)), strict=True)
    where = f"{table.name}.id_no"
    numbers = unseal_all(where, keys, blobs)
    drawn.create(connection)
    for n in range(1, times):
        new, own = new_row_keys(len(ids)), [no and no[:2] + LETTERS[n - 1] + no[3:] for no in numbers]
        hashes = [found if no else None for no, found in zip(own, blind_all("id_no", own), strict=True)]
        rows = zip(ids, [n] * len(ids), new, seal_all(where, new, own), hashes, strict=True)
        connection.execute(insert(drawn), [dict(zip(drawn.c.keys(), row, strict=True)) for row in rows])


@contextmanager
def _bare(connection: Connection) -> Iterator[None]:
    """Inside, tables have neither indexes nor triggers; PostgreSQL counts ids on from the largest afterwards."""
    lite = connection.dialect.name == "sqlite"
    if lite:
        aside = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('index', 'trigger')"
        connection.exec_driver_sql("PRAGMA cache_size = -400000")
    else:
        aside = ("SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
                 " AND indexname NOT IN (SELECT conname FROM pg_constraint)")  # fmt: skip
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    kept = connection.exec_driver_sql(aside).all()
    for kind, name, _ in kept:
        connection.exec_driver_sql(f'DROP {kind} "{name}"')
    yield
    for _, _, made in sorted(kept, key=lambda one: one[0]):
        connection.exec_driver_sql(made)
    for table in () if lite else _families():
        if "id" in table.c:
            last = f"pg_get_serial_sequence('\"{table.name}\"', 'id'), (SELECT max(id) FROM \"{table.name}\")"
            connection.exec_driver_sql(f"SELECT setval({last})")
