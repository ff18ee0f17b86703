"""Marks of places: another one whenever something changed that a desk there shows, the same where nothing did."""

import sqlite3
from collections.abc import Callable
from threading import Thread

import pytest
from sqlalchemy import Connection, Engine, literal, select, text

from models import guards
from models.written import LETTERS, change_all, mark_of, marks_in
from tests.databases import lent

TOWN, OTHER, COUNTY = "511526100", "511526101", "511526"
VILLAGE, ELSEWHERE = "511526100201", "511526101201"
ADD = ("INSERT INTO desk_summary (village_code, township_code, kind, due_on, n, persons, amount_fen)"
       " VALUES ('{0}', '{0}', '{1}', '2026-01-01', 1, 0, 0)")  # fmt: skip


@pytest.fixture(autouse=True)
def places(request: pytest.FixtureRequest) -> None:
    """The places whose marks are asked for."""
    name = next(name for name in ("engine_any", "engine", "migrated_postgres_url") if name in request.fixturenames)
    if name == "migrated_postgres_url":
        with lent(request.getfixturevalue(name)) as engine:
            settle(engine)
    else:
        settle(request.getfixturevalue(name))


def settle(engine: Engine) -> None:
    with engine.begin() as connection:
        for code in (TOWN, OTHER, VILLAGE, ELSEWHERE):
            connection.execute(text("INSERT INTO division (code, name) VALUES (:code, :code)"), {"code": code})


def mark(connection: Connection, code: str) -> str | None:
    return connection.scalar(select(mark_of(literal(code))))


def asked(engine: Engine, code: str = TOWN) -> str:
    with engine.connect() as connection:
        found = mark(connection, code)
    assert found
    return found


def add(connection: Connection, kind: str, town: str = TOWN) -> None:
    connection.execute(text(ADD.format(town, kind.replace(":", "\\:"))))


def write(engine: Engine, kind: str, town: str = TOWN) -> None:
    with engine.begin() as connection:
        add(connection, kind, town)


def test_every_change_makes_another_mark(engine_any: Engine) -> None:
    marks = [asked(engine_any)]
    for kind in ("visit", "paper", "watch"):
        write(engine_any, kind)
        marks.append(asked(engine_any))
    assert len(set(marks)) == 4


@pytest.mark.parametrize(
    ("code", "changes"),
    [(TOWN, True), (VILLAGE, True), (COUNTY, True), ("51", True), (OTHER, False), (ELSEWHERE, False)],
)
def test_a_change_in_a_township_is_one_for_its_villages_and_the_county_but_for_no_other(
    engine_any: Engine, code: str, changes: bool
) -> None:
    before = asked(engine_any, code)
    write(engine_any, "visit")
    assert (asked(engine_any, code) != before) is changes


def test_what_no_desk_shows_makes_none(engine_any: Engine) -> None:
    before = [asked(engine_any, code) for code in (TOWN, COUNTY, VILLAGE)]
    with engine_any.begin() as connection:
        connection.execute(text("INSERT INTO division (code, name) VALUES ('990000001', 'x')"))
    assert [asked(engine_any, code) for code in (TOWN, COUNTY, VILLAGE)] == before


def test_a_place_that_nobody_knows_has_no_mark_under_which_anything_could_be_kept(engine_any: Engine) -> None:
    with engine_any.connect() as connection:
        assert [mark(connection, code) for code in ("511526999", "511526100999")] == [None, None]


NOTHING = (
    "DELETE FROM desk_summary WHERE n < 0",
    "UPDATE desk_summary SET n = 1 WHERE n < 0",
    "INSERT INTO desk_summary SELECT * FROM desk_summary WHERE n < 0",
)


@pytest.mark.parametrize("statement", NOTHING)
def test_a_statement_that_finds_no_row_makes_none(engine_any: Engine, statement: str) -> None:
    before = [asked(engine_any, code) for code in (TOWN, COUNTY)]
    with engine_any.begin() as connection:
        connection.execute(text(statement))
    assert [asked(engine_any, code) for code in (TOWN, COUNTY)] == before


def test_what_is_not_committed_makes_none(engine_any: Engine) -> None:
    before = asked(engine_any)
    with engine_any.connect() as connection:
        add(connection, "visit")
        assert mark(connection, TOWN) != before
        connection.rollback()
    assert asked(engine_any) == before


def test_what_another_program_writes_counts(engine: Engine) -> None:
    before = asked(engine)
    with sqlite3.connect(str(engine.url.database)) as other:
        other.execute(ADD.format(TOWN, "visit"))
    assert asked(engine) != before


def test_a_savepoint_that_is_rolled_back_leaves_what_came_after_it_marked(engine_any: Engine) -> None:
    before = asked(engine_any)
    with engine_any.begin() as connection:
        inner = connection.begin_nested()
        add(connection, "visit")
        inner.rollback()
        add(connection, "visit")
    assert asked(engine_any) != before


@pytest.mark.parametrize("again", [guards.install, change_all], ids=["guards anew", "told of all"])
def test_after_nobody_watched_every_mark_is_another(engine_any: Engine, again: Callable[[Connection], None]) -> None:
    before = {asked(engine_any, code) for code in (TOWN, OTHER, COUNTY, VILLAGE)}
    with engine_any.begin() as connection:
        again(connection)
    assert not before & {asked(engine_any, code) for code in (TOWN, OTHER, COUNTY, VILLAGE)}


@pytest.mark.postgres
def test_two_writers_of_a_township_do_not_wait_for_each_other_and_both_are_seen(migrated_postgres_url: str) -> None:
    with lent(migrated_postgres_url) as engine, engine.connect() as slow:
        write(engine, "visit")
        marks = [asked(engine)]
        add(slow, "paper")
        quick = Thread(target=write, args=(engine, "watch"))
        quick.start()
        quick.join(20)
        assert not quick.is_alive()
        marks.append(asked(engine))
        slow.commit()
        marks.append(asked(engine))
        for kind in ("notice", "term"):
            write(engine, kind)
            marks.append(asked(engine))
        assert len(set(marks)) == 5
        with engine.connect() as connection:  # what was laid down before is cleared away by who comes next
            assert connection.scalar(text(f"SELECT count(*) FROM desk_mark WHERE place = '{TOWN}'")) == 1


@pytest.mark.postgres
def test_a_number_of_a_transaction_that_comes_again_makes_another_mark(migrated_postgres_url: str) -> None:
    """As in a county that was brought to another server, where transactions are counted anew."""
    with lent(migrated_postgres_url) as engine:
        with engine.begin() as connection:
            rows = text(
                "INSERT INTO desk_mark SELECT '511526100', txid_current() + n, 'old' FROM generate_series(1, 9) n"
            )
            connection.execute(rows)
        before = asked(engine)
        write(engine, "visit")
        assert asked(engine).count("old") < before.count("old")


# --- marks of what lies in a place ------------------------------------------------------------------------------------


def within(engine: Engine, code: str) -> dict[str, str]:
    with engine.connect() as connection:
        return marks_in(connection, code)


def test_a_county_tells_the_marks_of_its_townships_a_township_of_its_villages_and_letters(engine_any: Engine) -> None:
    assert set(within(engine_any, COUNTY)) == {TOWN, OTHER}
    assert set(within(engine_any, TOWN)) == {VILLAGE, f"{TOWN}{LETTERS}"}
    assert within(engine_any, VILLAGE) == {}


def test_sums_of_a_village_change_its_mark_its_townships_and_no_other(engine_any: Engine) -> None:
    county, town, other = (within(engine_any, code) for code in (COUNTY, TOWN, OTHER))
    row = ADD.format(VILLAGE, "visit").replace(f"'{VILLAGE}', '{VILLAGE}'", f"'{VILLAGE}', '{TOWN}'")
    with engine_any.begin() as connection:
        connection.execute(text(row))
    now = within(engine_any, TOWN)
    assert now[VILLAGE] != town[VILLAGE] and now[f"{TOWN}{LETTERS}"] == town[f"{TOWN}{LETTERS}"]
    assert within(engine_any, OTHER) == other
    assert within(engine_any, COUNTY)[TOWN] != county[TOWN] and within(engine_any, COUNTY)[OTHER] == county[OTHER]
