"""Many rows at once: they are gathered in a temporary table and moved on by one statement for some thousands of them.

A row inserted by itself into a table with a trigger costs SQLite a journal of its own; a set of rows costs one. The
statement that moves them on goes through the session, so tables with a history are written inside ``set_based`` alone.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, count, islice
from typing import Any, cast

from sqlalchemy import JSON, Connection, Dialect, LargeBinary, Table, func, insert, select, table, text
from sqlalchemy import column as plain_column
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from workflows import behind
from workflows.audit import NotSetBased, written
from workflows.audit_rows import WATCHED
from workflows.indexes import is_aside

AT_ONCE = 2_048
"""Rows together: a whole number of bundles, or SQLite compiles a statement for what is left over."""
BUNDLES, BUNDLES_BEHIND = (20, 1), (256, 128, 64, 32, 16, 8, 4, 2, 1)
"""Rows to a statement; more of them behind the caller, where each waits for the interpreter's lock when it is done."""
USUALLY = gc.get_threshold()
MOST_KNOWN = 20_000
Values = Sequence[Any]


def parts(rows: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    """Lists of at most so many."""
    source = iter(rows)
    while part := list(islice(source, size)):
        yield part


def block(session: Session, model: type[Any], count: int) -> Sequence[int]:
    """So many ids that nobody else gets: rows can name one another before they are written."""
    if not count:
        return ()
    name = str(model.__tablename__)
    if session.connection().dialect.name == "postgresql":
        query = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return list(session.scalars(query, {"name": f'"{name}"', "count": count}))
    first = (session.scalar(select(func.max(model.id))) or 0) + 1  # whoever writes to SQLite is alone
    return range(first, first + count)


@contextmanager
def seldom_swept() -> Iterator[None]:
    """Let Python look for lost cycles among its objects seldom, while a great many are made that are none.

    Those that were made count as old afterwards: looking through them at once would be what this spares.
    """
    gc.freeze()
    gc.set_threshold(4_000_000, *USUALLY[1:])
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*USUALLY)
        gc.unfreeze()


@contextmanager
def room(session: Session, megabytes: int = 64) -> Iterator[None]:
    """Let SQLite keep more pages in memory while many rows are written: their places in the indexes lie scattered."""
    if session.connection().dialect.name != "sqlite":
        yield
        return
    usual = session.scalar(text("PRAGMA cache_size"))
    session.execute(text(f"PRAGMA cache_size = {-1024 * megabytes}"))
    try:
        yield
    finally:
        if session.is_active:
            session.execute(text(f"PRAGMA cache_size = {usual}"))


class Loader:
    """Takes rows of one table as values in the order of ``names``, as often as wanted; other columns keep defaults.

    ``direct``: without the temporary table, for tables that have neither a history nor a trigger.
    """

    def __init__(self, session: Session, model: type[Any], names: Sequence[str], direct: bool = False) -> None:
        self.session, self.target, self.names = session, cast(Table, model.__table__), list(names)
        if direct and self.target.name in WATCHED:
            raise NotSetBased(f"{self.target.name} is not written past its history")
        self.lite = session.connection().dialect.name == "sqlite"
        self.binders, self.usual = binders(session, model, names), dict[str, Any]()
        self.alone = not direct and is_aside(session, self.target.name)
        if self.alone:
            direct, self.usual = True, self._others()
        self.direct, self.name = direct, self.target.name if direct else f"load_{self.target.name}"
        self.added = 0

    def __enter__(self) -> "Loader":
        return self

    def __exit__(self, kind: Any, *fault: Any) -> None:
        if self.added and kind is None and not self.direct:
            self.session.execute(text(f"DROP TABLE {self.name}"))

    def add(self, rows: Iterable[Values]) -> None:
        """Insert some rows; raises NotSetBased for a table with a history outside ``audit.set_based``."""
        for part in parts(rows):
            self.add_columns(list(zip(*part, strict=True)))

    def add_columns(self, columns: Sequence[Values]) -> None:
        """The same for some thousands of rows at most, given column by column."""
        if not self.added and self.alone:
            written(self.session, self.target.name, insert=True)
        if not self.added and not self.direct:
            self._create()
        count = len(columns[0])
        bound = [_bound(bind, column) for bind, column in zip(self.binders, columns, strict=True)]
        self._fill(bound + [(value,) * count for value in self.usual.values()])
        if not self.direct:
            self._move_on()
        self.added += count

    def _others(self) -> dict[str, Any]:
        """What columns hold that are not named."""
        others = ((column.name, column.default) for column in self.target.c if column.name not in self.names)
        return {name: usual.arg for name, usual in others if isinstance(usual, ScalarElementColumnDefault)}

    def _move_on(self) -> None:
        mine = table(self.name, *(plain_column(name) for name in self.names))
        self.session.execute(insert(self.target).from_select(self.names, select(mine)))
        self.session.execute(text(f"DELETE FROM {self.name}"))

    def _create(self) -> None:
        columns = ", ".join(f'"{name}"' for name in self.names)
        if self.lite:
            made = f"CREATE TEMP TABLE {self.name} ({columns})"
        else:
            made = f'CREATE TEMP TABLE {self.name} AS SELECT {columns} FROM "{self.target.name}" WHERE false'
        self.session.execute(text(made))

    def _fill(self, columns: Sequence[Values]) -> None:
        names = ", ".join(f'"{name}"' for name in (*self.names, *self.usual))
        if self.lite:
            into = f"INSERT INTO {self.name} ({names}) "
            sizes = BUNDLES_BEHIND if behind.at_work(self.session) else BUNDLES
            _driven(self.session, [(into + rows, values) for rows, values in bundled(columns, sizes)])
            return
        cursor: Any = self.session.connection().connection.cursor()
        with cursor, cursor.copy(f"COPY {self.name} ({names}) FROM STDIN") as copy:
            for row in zip(*columns, strict=True):
                copy.write_row(row)


def _bound(bind: Callable[[Values], Iterable[Any]], column: Values) -> Values:
    """A column as the driver takes it."""
    if _alike(column):
        return tuple(bind(column[:1])) * len(column)
    return tuple(bind(column))


def _alike(column: Values) -> bool:
    """Whether a column holds the same in every row; most that do not differ already at their ends."""
    return bool(column[0] == column[-1]) and column.count(column[0]) == len(column)


def bundled(columns: Sequence[Values], sizes: Sequence[int] = BUNDLES) -> Iterator[tuple[str, list[Values]]]:
    """Rows as SQL has them and their values, a bundle at a time: what a whole column holds stands once in the text.

    SQLite takes a bundle in a third of the time of its rows one by one, most of which went to handing values over; to
    read the text of a bundle takes it a quarter of what that would with everything in each row.
    """
    texts = [None, *map(_same, columns[1:])]
    many = [column for column, text in zip(columns, texts, strict=True) if text is None]
    place, wide = count(1), len(many)
    told = ", ".join(f"column{next(place)}" if text is None else text for text in texts)
    row, left = f"({', '.join('?' * wide)})", len(columns[0])
    values = chain.from_iterable(zip(*many, strict=True))
    for size in sizes:
        times, left = divmod(left, size)
        if times:
            rows = f"SELECT {told} FROM (VALUES {', '.join([row] * size)})"
            yield rows, [list(islice(values, size * wide)) for _ in range(times)]


def _same(column: Values) -> str | None:
    """What a column holds in every row, as SQL says it; None where that differs or is no plain value."""
    value = column[0]
    if value is not None and (not isinstance(value, (int, str)) or "\0" in str(value)):
        return None
    if not _alike(column):
        return None
    if value is None:
        return "NULL"
    return str(int(value)) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def note(
    session: Session, model: type[Any], names: Sequence[str], rows: Iterable[Values], by: Sequence[str] = ("id",)
) -> None:
    """Set columns of rows of a table without a history, each given as its values and then what it is known ``by``."""
    mark = "?" if session.connection().dialect.name == "sqlite" else "%s"
    columns = ", ".join(f"{name} = {mark}" for name in names)
    where = " AND ".join(f"{name} = {mark}" for name in by)
    _driven(session, [(f"UPDATE {model.__tablename__} SET {columns} WHERE {where}", list(rows))])


def _driven(session: Session, statements: Sequence[tuple[str, Sequence[Values]]]) -> None:
    behind.do(session, partial(_executed, statements))


def _executed(statements: Sequence[tuple[str, Sequence[Values]]], connection: Connection) -> None:
    cursor = connection.connection.cursor()
    try:
        for statement, rows in statements:
            cursor.executemany(statement, rows)
    finally:
        cursor.close()


class Known(dict[Any, Any]):
    """Answers kept: what is asked for a second time is not worked out again."""

    def __init__(self, find: Callable[[Any], Any]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, asked: Any) -> Any:
        if len(self) >= MOST_KNOWN:
            self.clear()
        found = self[asked] = self.find(asked)
        return found


def binders(session: Session, model: type[Any], names: Sequence[str]) -> list[Callable[[Sequence[Any]], Iterable[Any]]]:
    """How each of these columns becomes what the driver takes."""
    columns, dialect = cast(Table, model.__table__).c, session.connection().dialect
    return [binder(columns[name].type, dialect) for name in names]


def binder(kind: Any, dialect: Dialect) -> Callable[[Sequence[Any]], Iterable[Any]]:
    """How a column of values becomes what the driver takes; words, dates and the like are worked out once each."""
    bind = kind.dialect_impl(dialect).bind_processor(dialect)
    if bind is None or isinstance(kind, LargeBinary):
        return _as_they_are
    if isinstance(kind, JSON):
        nothing = bind([])
        return lambda values: [bind(value) if value else nothing for value in values]
    known = Known(bind)
    return lambda values: map(known.__getitem__, values)


def _as_they_are(values: Sequence[Any]) -> Sequence[Any]:
    return values
