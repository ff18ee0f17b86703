"""Working time through while others are at work: a case that they hold is left, the rest is waited for."""

import sqlite3

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import Benefit, Tick
from models.patience import patient
from policy.vocabulary import Stage
from tests import databases
from tests.workflows.driver import FIGURES, Driver
from workflows import casework, pending
from workflows import tick as time
from workflows.tick import tick


@pytest.fixture
def case(migrated_postgres_url):
    """A case on PostgreSQL whose notice has ended."""
    with databases.lent(migrated_postgres_url) as engine, Session(engine) as session:
        case = Driver(session).to_notice().wait(8)
        session.commit()
        yield case


@pytest.mark.postgres
@pytest.mark.parametrize("hold", [
    lambda other: other.execute(select(Benefit.id).with_for_update()),
    pending.hold,  # the end of the audit chain, for which a commit waits
])  # fmt: skip
def test_a_case_that_somebody_else_holds_is_left_for_the_next_run(case, hold):
    session = case.session
    with Session(session.get_bind()) as other:
        hold(other)
        session.execute(text("SET lock_timeout = '50ms'"))
        session.commit()
        assert tick(session, case.now, FIGURES) == {}
        assert (case.stage, session.get_one(Tick, 1).at) == (Stage.NOTICE, case.now)
        session.rollback()
    tick(session, case.now, FIGURES)
    assert case.stage is Stage.APPROVAL


@pytest.mark.postgres
def test_a_case_is_not_waited_for_long_and_the_rest_as_long_as_it_takes_also_in_a_command(case, monkeypatch):
    told, take = [], casework.take

    def look(session, *_):
        told.append(session.scalar(text("SHOW lock_timeout")))

    def taken(session, *args):
        look(session)
        return take(session, *args)

    monkeypatch.setattr(casework, "take", taken)
    monkeypatch.setattr(time, "plan_quarter", look)
    with patient():
        tick(case.session, case.now, FIGURES)
    assert told == ["10s", "0"]


def test_a_database_that_fails_for_another_reason_is_not_passed_over(session, monkeypatch):
    case = Driver(session).to_notice().wait(8)
    session.commit()

    def fail(*_):
        raise OperationalError("UPDATE benefit", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr(casework, "take", fail)
    with pytest.raises(OperationalError, match="full"):
        tick(session, case.now, FIGURES)
