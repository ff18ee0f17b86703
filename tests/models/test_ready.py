"""A statement handed to the driver gives what SQLAlchemy gives, in a transaction or outside of any."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    Integer,
    String,
    bindparam,
    event,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from models import County, Division, User, direct
from models.base import Coded, reading
from models.ready import APART, Ready
from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from tests.databases import opened
from workflows import audit
from workflows.actor import SYSTEM

PEOPLE = (
    select(User.id, User.role, User.active, User.password_changed_at, County.second_factor_roles)
    .join_from(User, County, literal(True))
    .where(User.password_changed_at <= bindparam("until"), User.id > 0)
    .order_by(User.id)
)
NAMES = Ready(select(Division.name).where(Division.code == bindparam("code")))
CODES = Ready(select(Division.code).where(Division.code == bindparam("code")))
GONE = Ready(select(Division.name).where(Division.code == bindparam("code"), text("nothing = 1")))


@pytest.fixture
def office(session_any):
    audit.attribute(session_any, SYSTEM, START)
    factories.office(session_any)
    session_any.commit()


@pytest.fixture
def server(migrated_postgres_url: str) -> Iterator[Engine]:
    """An engine on Doudi's empty tables in PostgreSQL."""
    with opened(migrated_postgres_url) as engine:
        yield engine


def prepared(connection: Connection) -> int:
    """How many statements of ours the server has ready for a connection."""
    names = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'ready%'"
    return connection.scalar(text(names)) or 0


def named(engine: Engine, *codes: str) -> None:
    with engine.begin() as connection:
        connection.execute(insert(Division), [{"code": code, "name": code, "parent_code": None} for code in codes])


def test_words_times_and_lists_come_as_what_they_mean(session_any, office):
    until = {"until": datetime(2100, 1, 1)}
    expected = [tuple(row) for row in session_any.execute(PEOPLE, until)]
    ready = Ready(PEOPLE)
    for asker in (session_any, session_any.connection(), session_any.get_bind()):
        assert [tuple(row) for row in ready.rows(asker, until)] == expected
    assert Role.SUPERVISOR in {row[1] for row in expected} and isinstance(expected[0][3], datetime)


def test_a_value_is_told_as_its_type_wants_it(engine_any):
    day = Ready(select(func.count()).select_from(Division).where(literal(date(2026, 9, 1)) < bindparam("day")))
    named(engine_any, "511526")
    assert [day.rows(engine_any, {"day": date(2026, 9, n)})[0][0] for n in (1, 2)] == [0, 1]


def test_what_the_session_holds_is_written_first(session_any):
    audit.attribute(session_any, SYSTEM, START)
    session_any.add(Division(code="511526", name="样县"))
    assert [tuple(row) for row in NAMES.rows(session_any, {"code": "511526"})] == [("样县",)]


def test_in_a_transaction_one_state_is_seen_and_outside_of_any_the_newest(engine_any):
    with reading(), engine_any.connect() as connection:
        assert NAMES.rows(connection, {"code": "a"}) == []
        with reading(False):
            named(engine_any, "a")
        assert NAMES.rows(connection, {"code": "a"}) == []
        assert len(NAMES.rows(engine_any, {"code": "a"})) == 1


def test_by_itself_a_statement_begins_no_transaction_and_leaves_the_connection_as_it_was(engine_any):
    begun = []
    with opened(engine_any.url.render_as_string(hide_password=False)) as engine:
        event.listen(engine, "begin", begun.append)
        NAMES.rows(engine, {"code": "a"})
        assert begun == []
        with engine.connect() as connection:
            connection.execute(insert(Division), [{"code": "b", "name": "b", "parent_code": None}])
        assert NAMES.rows(engine, {"code": "b"}) == []  # what was not committed was undone


def test_whoever_listens_hears_of_it(engine_any):
    heard = []
    for name in ("before_cursor_execute", "after_cursor_execute"):
        event.listen(engine_any, name, lambda c, cursor, said, *rest: heard.append(said))
    event.listen(engine_any, "before_execute", lambda c, statement, *rest: heard.append(str(statement)))
    with engine_any.connect() as connection:
        for asker in (connection, engine_any):
            NAMES.rows(asker, {"code": "a"})
    assert sum("FROM division" in said for said in heard) == 6


def test_what_is_wrong_is_said_by_sqlalchemy(engine_any):
    with engine_any.connect() as connection:
        for asker in (connection, engine_any):
            with pytest.raises(DBAPIError):
                GONE.rows(asker, {"code": "a"})
    assert NAMES.rows(engine_any, {"code": "a"}) == []


def test_after_a_mistake_by_itself_the_connection_still_begins_transactions(engine_any):
    with opened(engine_any.url.render_as_string(hide_password=False)) as engine:
        with pytest.raises(DBAPIError):
            GONE.rows(engine, {"code": "a"})
        with engine.connect() as connection:
            connection.execute(insert(Division), [{"code": "b", "name": "b", "parent_code": None}])
        assert NAMES.rows(engine, {"code": "b"}) == []  # what was not committed was undone


def test_apart_every_statement_sees_the_newest_until_the_connection_is_in_a_transaction(engine_any):
    with reading(), engine_any.connect().execution_options(**{APART: True}) as connection:
        for n in range(3):
            assert [len(NAMES.rows(connection, {"code": "a"})), connection.in_transaction()] == [n > 0, False]
            with reading(False):
                named(engine_any, *["abc"[n]])
        connection.execute(text("SELECT count(*) FROM division"))
        assert NAMES.rows(connection, {"code": "d"}) == []
        with reading(False):
            named(engine_any, "d")
        assert NAMES.rows(connection, {"code": "d"}) == []


@pytest.mark.postgres
def test_the_server_has_it_prepared_from_the_first_time_on_and_again_after_it_forgot(server):
    with server.connect().execution_options(**{APART: True}) as connection:
        for _ in range(2):
            assert NAMES.rows(connection, {"code": "a"}) == []
            assert prepared(connection) == 1
            connection.exec_driver_sql("DEALLOCATE ALL")
            connection.commit()


@pytest.mark.postgres
def test_statements_beyond_those_that_are_kept_are_answered_as_well(server, monkeypatch):
    monkeypatch.setattr(direct, "MOST_KEPT", 1)
    named(server, "a")
    with server.connect().execution_options(**{APART: True}) as connection:
        for one in (NAMES, CODES, NAMES, CODES):
            assert one.rows(connection, {"code": "a"}) == [("a",)]
        assert prepared(connection) == 1


@pytest.mark.postgres
def test_a_name_stands_for_the_same_statement_on_each_connection_in_whatever_order_they_were_asked(server):
    known = []
    for order in ((NAMES, CODES), (CODES, NAMES)):
        with server.connect().execution_options(**{APART: True}) as connection:
            for one in order:
                one.rows(connection, {"code": "a"})
            names = text("SELECT name, statement FROM pg_prepared_statements WHERE name LIKE 'ready%'")
            known.append({tuple(row) for row in connection.execute(names)})
            connection.invalidate()
    assert known[0] == known[1] and len(known[0]) == 2


@pytest.mark.postgres
def test_what_is_told_directly_comes_as_what_it_means_nothing_and_signs_too(server):
    odd, day = "张%'\\$1", datetime(2026, 9, 1, 8, 30)
    said = bindparam("said", type_=String), bindparam("none", type_=String), bindparam("day", type_=DateTime)
    one = Ready(select(*said, literal("100 %"), bindparam("n", type_=Integer), literal(1) < bindparam("n")))
    assert one.rows(server, {"said": odd, "none": None, "day": day, "n": 7}) == [(odd, None, day, "100 %", 7, True)]


@pytest.mark.postgres
@pytest.mark.parametrize("odd", ["a\0b", b"a", ["a"]], ids=["a text with NUL", "bytes", "a list"])
def test_a_value_without_a_text_of_its_own_is_told_as_sqlalchemy_tells_it(server, odd):
    named(server, "a", "b'a'", "['a']")
    said = Ready(select(Division.name).where(Division.code == bindparam("code", type_=String)))
    told = []
    for ask in (said.rows, lambda asker, values: list(asker.execute(said.statement, values))):
        with server.connect().execution_options(**{APART: True}) as connection:
            try:
                told.append(ask(connection, {"code": odd}))
            except DBAPIError as error:
                told.append((type(error), str(error.orig)))
    assert told[0] == told[1] and told[0] not in ([("a",)], [("b'a'",)], [("['a']",)])


@pytest.mark.postgres
def test_a_connection_that_the_server_ended_is_replaced(server):
    NAMES.rows(server, {"code": "a"})
    with opened(server.url.render_as_string(hide_password=False)) as other, other.connect() as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 " WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )  # fmt: skip
    assert NAMES.rows(server, {"code": "a"}) == []


def test_nothing_is_no_word_and_a_code_of_no_word_is_an_error(engine_any):
    def meant(code: str) -> Ready:
        return Ready(select(literal_column(f"CAST({code} AS TEXT)", Coded(Role))))

    assert meant("NULL").rows(engine_any, {}) == [[None]]
    assert meant("'supervisor'").rows(engine_any, {}) == [[Role.SUPERVISOR]]
    with pytest.raises(ValueError, match="emperor"):
        meant("'emperor'").rows(engine_any, {})
