"""The schema as a whole: which revision a database has, and bringing it to another one wholly or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, exists, inspect, select, text

from models import guards
from models.base import reading, tune
from models.office import County, User
from models.patience import patient

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent.parent / "migrations"
_ONE_AT_A_TIME = 0x446F756469  # PostgreSQL's advisory lock of migrations


class BrokenReferences(RuntimeError):
    """After a migration rows point to rows that are not there; nothing of it was kept."""


class UnknownRevision(RuntimeError):
    """The database was made by another, newer program."""


def holds_data(engine: Engine) -> bool:
    """Whether a county was begun in this database."""
    if not inspect(engine).has_table(County.__tablename__):
        return False
    with engine.connect() as connection:
        return bool(connection.scalar(select(exists(select(County.code)) | exists(select(User.id)))))


def revision(engine: Engine) -> str | None:
    """The revision this database has; None for an empty one."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        number: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return number


def head() -> str | None:
    """The newest revision this program knows."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config()).get_current_head()


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest revision; raises UnknownRevision for one this program does not know."""
    from alembic.script import ScriptDirectory

    have = revision(engine)
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if have is not None and have not in known:
        raise UnknownRevision(f"The database has schema {have}, which this version of Doudi does not know.")
    return have == head()


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database to a later revision; interrupted, it has the old one."""
    from alembic import command

    with changing(engine) as connection:
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Bring the database back to an earlier revision ("base": no table left); interrupted, it has the later one."""
    from alembic import command

    with changing(engine) as connection:
        command.downgrade(_config(connection), to)


def compared(dialect: str) -> Callable[..., bool]:
    """What of the models a database of this kind has, as Alembic asks before it compares one thing of them."""

    def has(item: Any, *rest: Any) -> bool:
        return bool(item.info.get("only", "") in ("", dialect))

    return has


def revise(engine: Engine, message: str) -> None:
    """Write a new revision from the difference between the models and an up-to-date database."""
    from alembic import command

    with tune(engine).connect() as connection:
        command.revision(_config(connection), message, autogenerate=True)


@contextmanager
def changing(engine: Engine) -> Iterator[Connection]:
    """One transaction for any change of the schema; raises BrokenReferences when rows lost what they point to.

    SQLite rebuilds a table by dropping it: with foreign keys on, its children would go with it, and inside a
    transaction they cannot be switched off. So they are off before BEGIN and checked before COMMIT.
    """
    with reading(False), patient(), tune(engine).connect() as connection:
        lite = engine.dialect.name == "sqlite"
        try:
            if lite:
                _foreign_keys(connection, "OFF")
            with connection.begin():
                if not lite:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
                guards.drop(connection)
                yield connection
                if lite:
                    _check_references(connection)
                guards.install(connection)
        finally:
            if lite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    raw = connection.connection.dbapi_connection  # past SQLAlchemy, which would begin a transaction first
    assert raw is not None
    raw.cursor().execute(f"PRAGMA foreign_keys={state}")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({f"{row[0]} → {row[2]}" for row in broken}))
        raise BrokenReferences(f"{len(broken)} rows would point to rows that are not there: {tables}")


def _config(connection: Connection | None = None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config
