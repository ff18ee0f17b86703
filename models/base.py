"""The declarative base, the column types shared by all tables, and how an engine is tuned."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import CheckConstraint, Engine, Index, MetaData, String, TextClause, TypeDecorator, event, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

from models.patience import PATIENCE, set_limit
from policy.vocabulary import Word

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


SYNCHRONOUS = "synchronous=FULL"
"""SQLite waits at each commit until the disk has it; tests alone do not."""


class Base(DeclarativeBase):
    """Every table of a county; no table names a schema, so a county may be one schema of a server."""

    metadata = MetaData(naming_convention=NAMES)


class _Meant(dict[str | None, Word | None]):
    """Words by their codes; nothing is nothing, and what is no code of theirs an error."""

    def __init__(self, words: type[Word]) -> None:
        super().__init__({word.value: word for word in words})
        self.words = words
        self[None] = None

    def __missing__(self, code: str | None) -> Word:
        return self.words(code or "")


class Coded(TypeDecorator[Word]):
    """A vocabulary word, stored by its code."""

    impl = String(24)
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words
        self._meant = _Meant(words)

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None or value == "" else self.words(value).value

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[str | None], Word | None]:
        """What makes a word of a code: a list has hundreds of them, each looked up without a call of ours."""
        return self._meant.__getitem__


class Scoped:
    """A row that lies in a village; both official codes are copied onto it, unpadded at their level."""

    township_code: Mapped[str] = mapped_column(String(9))
    village_code: Mapped[str] = mapped_column(String(12))


class Versioned:
    """A row that people edit: the form posts ``row_version`` back, a stale one is refused."""

    row_version: Mapped[int] = mapped_column(default=1, server_default="1")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.row_version}


def whole(column: str, least: int | None = 0) -> CheckConstraint:
    """An amount in 分 (or a count) must be a whole number, and at least ``least``."""
    rule = f"{column} = CAST({column} AS INTEGER)"
    return CheckConstraint(rule if least is None else f"{rule} AND {column} >= {least}", name=f"{column}_whole")


def given(name: str, *columns: str, known: str = "") -> Index:
    """An index of those rows alone that hold something in a column (the first): the others cost it nothing."""
    return index_of(name, *columns, where=text(f"{known or columns[0]} IS NOT NULL"))


def index_of(name: str, *columns: str, where: TextClause, unique: bool = False, only: str = "") -> Index:
    """An index of some rows alone; ``only`` names the one kind of database that has it.

    It is said for SQLite here, and for PostgreSQL in the migrations alone, which make every table: to say it here as
    well would load that dialect at each start.
    """
    return Index(name, *columns, unique=unique, sqlite_where=where, info={"only": only})


def ordered(first: str, last: str) -> CheckConstraint:
    """Two dates of a row must be in order when both are known."""
    return CheckConstraint(f"{last} >= {first}", name=f"{first}_before_{last}")


def own_insert(session: Session, table: Any) -> Any:
    """An INSERT in the words of the county's database, which know conflicts; those of the other stay unloaded."""
    return import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}").insert(table)


_reading: ContextVar[bool] = ContextVar("reading", default=False)


class WriteInReading(RuntimeError):
    """Something tried to write while the request only reads."""


@contextmanager
def reading(on: bool = True) -> Iterator[None]:
    """Inside, transactions take no write lock and a flush is a mistake; the default outside is to write."""
    token = _reading.set(on)
    try:
        yield
    finally:
        _reading.reset(token)


def is_reading() -> bool:
    """Whether the code runs inside ``reading``."""
    return _reading.get()


def tune(engine: Engine) -> Engine:
    """Pin SQLite's safety settings; let a writing transaction take its lock at once, and a reading one write nothing.

    A transaction is one or the other from its beginning: on PostgreSQL the server refuses to write in a reading one.
    """
    lite = engine.dialect.name == "sqlite"
    for name, listener in _ON_SQLITE if lite else _ON_POSTGRESQL:
        if not event.contains(engine, name, listener):
            event.listen(engine, name, listener)
    return engine


def _pragmas(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", SYNCHRONOUS, "foreign_keys=ON", "secure_delete=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    if _reading.get():
        connection.connection.dbapi_connection.execute("BEGIN")  # takes no lock, so nothing of it can fail
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _plain(connection: Any, record: Any) -> None:
    connection.cursor_factory = _quick(connection.cursor_factory)
    connection.autocommit = True  # or what is set ends with the transaction
    connection.execute("SET jit = off")  # to compile a page's statement takes longer than to answer it
    connection.execute(f"SET lock_timeout = '{PATIENCE}'")
    connection.autocommit = False


class _Columns(Sequence[Any]):
    """What a driver's cursor tells of the columns of its result, put together when somebody looks at it."""

    def __init__(self, tell: Callable[[], Sequence[Any]]) -> None:
        self.tell = tell

    def __len__(self) -> int:
        return len(self.tell())

    def __getitem__(self, at: Any) -> Any:
        return self.tell()[at]


@cache
def _quick(cursor: type[Any]) -> type[Any]:
    """The driver's cursor, but SQLAlchemy looks at the columns of a statement once only, and it made them each time."""

    class Quick(cursor):  # type: ignore[misc]
        __slots__ = ()

        @property
        def description(self) -> Sequence[Any] | None:
            known = self.pgresult and self.pgresult.nfields
            return _Columns(lambda: super(Quick, self).description) if known else super().description

    return Quick


def _mark(connection: Any) -> None:
    """What only reads is refused a write by the server, and sees one state from its first question on, as on SQLite."""
    driver, reads = connection.connection.dbapi_connection, _reading.get()
    if driver.read_only is not reads:
        driver.read_only = reads
        driver.isolation_level = connection.dialect.loaded_dbapi.IsolationLevel.REPEATABLE_READ if reads else None


def _gone(driver: Any) -> bool:
    """Whether the server ended a connection: it has said so, and nobody may have read it yet."""
    from psycopg import OperationalError

    try:
        for _ in ("its last words", "that it hung up"):
            driver.pgconn.consume_input()
    except OperationalError:
        return True
    return False


def _there(driver: Any, record: Any, proxy: Any) -> None:
    """Nobody's work begins on a connection that is no more: it and others like it are made anew."""
    if _gone(driver):
        raise InvalidatePoolError


def _lost(context: Any) -> None:
    """Whom the server throws out has no connection any more, though the driver still takes it for open."""
    if getattr(context.original_exception, "sqlstate", "") in _THROWN_OUT:
        context.is_disconnect = True


def _end(connection: Any) -> None:
    """What only read is committed: at ROLLBACK the driver throws away every statement it has prepared.

    Where the server is gone there is nothing to take back, and nobody left to be told.
    """
    if connection.invalidated:
        return
    driver = connection.connection.dbapi_connection
    gone = _gone(driver)
    if driver.read_only and not gone:
        try:
            driver.commit()
        except connection.dialect.loaded_dbapi.Error:
            gone = True
    if gone:
        connection.invalidate()


_THROWN_OUT = frozenset({"25P03", "57P01", "57P02", "57P03", "57P04", "57P05"})
"""What PostgreSQL says as it ends a connection: stopped, crashed, starting, dropped, or idle for too long."""
_Listeners = tuple[tuple[str, Callable[..., None]], ...]
_ON_SQLITE: _Listeners = (("connect", _pragmas), ("begin", _begin))
_ON_POSTGRESQL: _Listeners = (
    ("connect", _plain), ("checkout", _there), ("begin", _mark), ("begin", set_limit), ("rollback", _end),
    ("handle_error", _lost),
)  # fmt: skip


def refresh_statistics(engine: Engine) -> None:
    """Let the database look at its tables again where they have grown, so that it picks the right index; else cheap."""
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA optimize")
        finally:
            connection.close()
    else:  # PostgreSQL's own turn comes after a minute, too late for whoever looks at what was just imported
        with reading(False), engine.begin() as own:
            if grown := own.scalar(text(_GROWN)):
                own.execute(text(f"ANALYZE {grown}"))


_GROWN = """
    SELECT string_agg(quote_ident(relname), ', ') FROM pg_class
    WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = 'r'
    AND pg_relation_size(oid) > 1.1 * relpages * CAST(current_setting('block_size') AS integer)
"""


@event.listens_for(Session, "before_flush")
def _no_write_while_reading(session: Session, context: Any, instances: Any) -> None:
    if _reading.get() and (session.new or session.dirty or session.deleted):
        changed = [x for x in session.dirty if session.is_modified(x)]
        if session.new or session.deleted or changed:
            raise WriteInReading(f"a reading request wrote {list(session.new) + changed + list(session.deleted)}")
