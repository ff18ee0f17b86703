"""How a transaction begins and ends on each engine: what only reads can write nothing, and costs little."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, Engine, func, insert, select, text
from sqlalchemy.exc import InternalError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from models import Division, schema
from models.base import reading, refresh_statistics
from models.patience import patient
from tests.databases import opened

postgres = pytest.mark.postgres
PLACE = {"code": "511526", "name": "样县", "parent_code": None}


@pytest.fixture
def server(migrated_postgres_url: str) -> Iterator[Engine]:
    """An engine on Doudi's empty tables in PostgreSQL."""
    with opened(migrated_postgres_url) as engine:
        yield engine


def _count(engine: Engine) -> int:
    with reading(), engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Division)) or 0


@postgres
def test_the_server_itself_refuses_to_write_in_a_transaction_that_began_as_reading(server):
    with reading():
        connection = server.connect()
        connection.execute(text("SELECT 1"))
    with connection, pytest.raises(InternalError, match="read-only transaction"):
        connection.execute(text("DELETE FROM division"))


def test_what_only_reads_sees_one_state_and_the_next_transaction_the_newest(engine_any):
    counted = select(func.count()).select_from(Division)
    with reading(), engine_any.connect() as reader:
        for name in ("甲", "乙"):
            before = reader.scalar(counted)
            with reading(False), engine_any.begin() as writer:
                writer.execute(insert(Division).values(code=name, name=name))
            assert reader.scalar(counted) == before
            reader.rollback()
            assert reader.scalar(counted) == before + 1
            reader.rollback()


@postgres
def test_statements_stay_prepared_from_one_reading_transaction_to_the_next(server):
    for _ in range(8):
        _count(server)
    with reading(), server.connect() as connection:
        prepared = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert [statement for statement in prepared if "FROM division" in statement]


@postgres
def test_after_a_question_that_failed_the_connection_reads_and_writes_on(server):
    with reading(), server.connect() as connection, pytest.raises(ProgrammingError):
        connection.execute(text("SELECT nothing"))
    assert _count(server) == 0
    with server.begin() as connection:
        connection.execute(text("CREATE TEMP TABLE written (a integer)"))


@postgres
def test_a_writing_transaction_that_is_left_is_undone(server):
    with server.connect() as connection:
        connection.execute(insert(Division), [PLACE])
    assert _count(server) == 0


@postgres
def test_no_statement_of_a_page_is_compiled(server):
    with server.connect() as connection:
        assert connection.scalar(text("SHOW jit")) == "off"


def test_tables_that_grew_are_looked_at_again(engine_any):
    rows = [{"code": f"5115{n:05}", "name": f"第{n}镇", "parent_code": None} for n in range(2_000)]
    with engine_any.begin() as connection:
        connection.execute(insert(Division), rows)
    refresh_statistics(engine_any)
    if engine_any.dialect.name == "postgresql":
        known = "SELECT reltuples FROM pg_class WHERE oid = CAST('division' AS regclass)"
        with engine_any.connect() as connection:
            assert connection.scalar(text(known)) == len(rows)


@postgres
def test_columns_of_a_result_are_told_to_whoever_asks_and_of_what_gives_no_rows_none(server):
    with server.begin() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("SELECT 1 AS one, 'x' AS other")
        assert [column.name for column in cursor.description] == ["one", "other"]
        assert len(cursor.description) == 2 and cursor.description[1][0] == "other"
        cursor.execute("CREATE TEMP TABLE written (a integer)")
        assert cursor.description is None
        cursor.execute("SELECT")
        assert cursor.description is not None


@postgres
def test_the_driver_makes_no_columns_of_a_statement_that_is_known(server, monkeypatch):
    from psycopg import _cursor_base

    made = []
    column = _cursor_base.Column
    monkeypatch.setattr(_cursor_base, "Column", lambda *what: made.append(what) or column(*what))
    told = []
    for _ in range(3):
        assert _count(server) == 0
        told.append(len(made))
    assert told[0] == told[1] == told[2]


def _throw_out(server: Engine, pids: list[int]) -> None:
    with opened(server.url.render_as_string(hide_password=False)) as other, other.connect() as connection:
        for pid in pids:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": pid})


def _pid(connection: Connection) -> int:
    return connection.scalar(text("SELECT pg_backend_pid()")) or 0


@postgres
def test_connections_that_the_server_closed_meanwhile_are_made_anew_before_anybody_works_with_them(server):
    connections = [server.connect() for _ in range(3)]
    pids = [_pid(connection) for connection in connections]
    for connection in connections:
        connection.close()
    _throw_out(server, pids)
    for _ in range(2):
        kept = [server.connect() for _ in range(3)]
        assert not {_pid(connection) for connection in kept} & set(pids)
        for connection in kept:
            connection.close()


@postgres
@pytest.mark.parametrize("reads", [True, False])
def test_whoever_is_thrown_out_at_work_is_told_and_ends_in_peace(server, reads):
    with reading(reads), Session(server) as session:
        _throw_out(server, [_pid(session.connection())])
        with pytest.raises(OperationalError, match="terminating connection") as told:
            session.execute(text("SELECT 1"))
    assert told.value.connection_invalidated
    assert _count(server) == 0


@postgres
@pytest.mark.parametrize("reads", [True, False])
def test_whoever_is_thrown_out_after_the_last_question_ends_in_peace(server, reads):
    with reading(reads), Session(server) as session:
        _throw_out(server, [_pid(session.connection())])
    assert _count(server) == 0


@postgres
def test_whoever_is_thrown_out_in_the_last_moment_ends_in_peace(server, monkeypatch):
    commit = psycopg.Connection.commit

    def late(driver):
        monkeypatch.undo()
        _throw_out(server, [pid])
        commit(driver)

    with reading(), Session(server) as session:
        pid = _pid(session.connection())
        monkeypatch.setattr(psycopg.Connection, "commit", late)
    assert _count(server) == 0


@postgres
def test_a_transaction_waits_ten_seconds_for_another_one_and_a_change_of_the_schema_as_long_as_it_takes(server):
    with server.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "10s"
    with schema.changing(server) as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "0"


@postgres
@pytest.mark.parametrize("reads", [True, False])
def test_who_is_patient_waits_as_long_as_it_takes_and_the_next_on_the_connection_does_not(server, reads):
    told = []
    for on in (True, False):
        with reading(reads), patient(on), server.connect() as connection:
            told.append((connection.scalar(text("SHOW lock_timeout")), _pid(connection)))
    assert [limit for limit, _ in told] == ["0", "10s"] and told[0][1] == told[1][1]
