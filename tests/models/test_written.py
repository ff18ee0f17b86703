"""A mark tells whether anybody has written: every commit changes it, and nothing else does."""

import sqlite3

from sqlalchemy import Engine, text

from models.written import mark

ADD = text("INSERT INTO division (code, name) VALUES (:code, 'x')")


def asked(engine: Engine) -> str:
    with engine.connect() as connection:
        return mark(connection)


def write(engine: Engine, code: str, end: str = "commit") -> None:
    with engine.connect() as connection:
        connection.execute(ADD, {"code": code})
        getattr(connection, end)()


def test_every_commit_makes_another_mark(engine_any: Engine) -> None:
    marks = [asked(engine_any)]
    for code in ("990000001", "990000002", "990000003"):
        write(engine_any, code)
        marks.append(asked(engine_any))
    assert len(set(marks)) == 4


def test_what_is_not_committed_makes_none(engine: Engine) -> None:
    before = asked(engine)
    write(engine, "990000001", "rollback")
    assert asked(engine) == asked(engine) == before


def test_what_another_program_writes_counts(engine: Engine) -> None:
    before = asked(engine)
    with sqlite3.connect(str(engine.url.database)) as other:
        other.execute("INSERT INTO division (code, name) VALUES ('990000001', 'x')")
    assert asked(engine) != before


def test_a_transaction_that_began_before_is_told_of_what_was_written_since(engine: Engine) -> None:
    with engine.connect() as reading:
        before = mark(reading)
        reading.rollback()
        write(engine, "990000001")
        assert mark(reading) != before


def test_after_all_connections_were_let_go_no_mark_is_an_old_one(engine: Engine) -> None:
    before = asked(engine)
    engine.dispose()
    assert asked(engine) != before
