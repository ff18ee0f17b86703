"""Writing behind the caller: in order, in the one transaction, and whatever goes wrong is told to the caller."""

from threading import Event as Flag
from threading import Timer, get_ident

import pytest
from sqlalchemy import text

from models import sealing
from workflows import behind, loading

ROWS = behind.LEAST


@pytest.fixture
def table(session):
    session.execute(text("CREATE TABLE written (n INTEGER)"))
    session.commit()


def put(number):
    return lambda connection: connection.execute(text("INSERT INTO written VALUES (:n)"), {"n": number})


def found(session):
    return list(session.scalars(text("SELECT n FROM written ORDER BY rowid")))


def test_what_is_handed_over_is_written_in_order_and_a_statement_of_the_caller_waits_for_all_of_it(session, table):
    may, inside = Flag(), []
    with behind.behind(session, ROWS):
        behind.do(session, lambda connection: (may.wait(), inside.append(get_ident())))
        for number in range(5):
            behind.do(session, put(number))
        may.set()
        assert found(session) == [0, 1, 2, 3, 4]
    assert inside != [get_ident()]
    session.rollback()
    assert found(session) == []


def test_what_may_be_done_sometime_waits_until_the_connection_is_free_and_is_done_at_the_end(session, table):
    with behind.behind(session, ROWS):
        assert found(session) == []
        behind.do_sometime(session, put(2))
        assert found(session) == []
        behind.do(session, put(1))
    assert found(session) == [1, 2]


def test_it_seals_and_opens_with_the_keys_of_its_caller(session, table):
    mark = sealing.blind("county", "511526")
    with behind.behind(session, ROWS):
        assert behind.ask(session, lambda connection: sealing.blind("county", "511526"))() == mark


def test_whoever_has_to_rely_on_it_waits_for_everything(session, table):
    with behind.behind(session, ROWS):
        behind.do_sometime(session, put(1))
        behind.finish(session)
        assert found(session) == [1]


def test_answers_come_in_their_turn(session, table):
    with behind.behind(session, ROWS):
        behind.do(session, put(1))
        first = behind.ask(session, lambda connection: connection.scalar(text("SELECT count(*) FROM written")))
        behind.do(session, put(2))
        second = behind.ask(session, lambda connection: connection.scalar(text("SELECT count(*) FROM written")))
        assert (first(), second()) == (1, 2)


def test_an_answer_is_not_waited_for_longer_than_it_takes(session, table):
    asked, may, later = Flag(), Flag(), []
    with behind.behind(session, ROWS):
        answer = behind.ask(session, lambda connection: asked.wait(10) and connection.scalar(text("SELECT 7")))
        behind.do(session, lambda connection: (may.wait(10), later.append(1)))
        Timer(0.1, asked.set).start()
        assert (answer(), later) == (7, [])
        may.set()
    assert later == [1]


def test_what_goes_wrong_before_an_answer_is_raised_where_it_is_waited_for(session, table):
    may = Flag()

    def work():
        with behind.behind(session, ROWS):
            behind.do(session, lambda connection: may.wait(10) and fail(connection))
            answer = behind.ask(session, lambda connection: 1)
            Timer(0.1, may.set).start()
            answer()

    with pytest.raises(ZeroDivisionError):
        work()


def test_an_answer_that_went_with_what_failed_is_not_waited_for(session, table):
    may = Flag()
    with behind.behind(session, ROWS):
        behind.do(session, lambda connection: may.wait(10) and fail(connection))
        first, second = behind.ask(session, lambda connection: 1), behind.ask(session, lambda connection: 2)
        may.set()
        with pytest.raises(ZeroDivisionError):
            first()
        with pytest.raises(LookupError):
            second()


def fail(connection):
    raise ZeroDivisionError


TOLD = (found, behind.finish, lambda session: behind.do(session, put(3)), lambda session: None)


@pytest.mark.parametrize("told", TOLD)
def test_what_goes_wrong_is_raised_where_the_caller_next_comes_by_and_nothing_behind_it_is_written(
    session, table, told
):
    def work():
        with behind.behind(session, ROWS):
            behind.do(session, put(1))
            behind.do(session, fail)
            behind.do_sometime(session, put(2))
            session.info["behind"]._changed.acquire()
            session.info["behind"]._changed.wait_for(lambda: session.info["behind"]._failure)
            session.info["behind"]._changed.release()
            told(session)

    with pytest.raises(ZeroDivisionError):
        work()
    assert found(session) == [1]
    assert not behind.at_work(session)


def test_a_fault_of_the_caller_leaves_what_was_not_begun(session, table):
    may = Flag()
    with pytest.raises(KeyError), behind.behind(session, ROWS):
        behind.do(session, lambda connection: may.wait())
        behind.do(session, put(1))
        behind.do_sometime(session, put(2))
        session.info["behind"]._over = True
        may.set()
        raise KeyError
    assert found(session) == []


def test_a_rollback_waits_too(session, table):
    with behind.behind(session, ROWS):
        behind.do(session, put(1))
        session.rollback()
    assert found(session) == []


def test_few_rows_and_postgresql_are_written_by_the_caller_alone(session_any):
    lite = session_any.get_bind().dialect.name == "sqlite"
    for rows in (ROWS - 1, ROWS):
        with behind.behind(session_any, rows):
            assert behind.at_work(session_any) is (lite and rows == ROWS)
            asked = behind.ask(session_any, lambda connection: get_ident())
            assert (asked() == get_ident()) is not behind.at_work(session_any)
            behind.finish(session_any)
            behind.free(session_any)


def test_rows_that_are_written_together_are_whole_bundles_so_that_one_statement_writes_them():
    assert loading.AT_ONCE % loading.BUNDLES_BEHIND[0] == 0
