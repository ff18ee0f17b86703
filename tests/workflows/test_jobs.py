"""Jobs that the office's own process does: taken again after a silence, failed with a reason and without data."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from models import Job
from policy.figures import MissingFigure
from tests import databases
from tests.workflows.recalculating import MONTH, NOW, SHIPPED
from workflows import jobs
from workflows.reason import Reason


@pytest.mark.parametrize(("seconds", "taken"), [(119, False), (120, False), (121, True)])
def test_a_job_nobody_was_heard_of_for_two_minutes_is_taken_again(engine: Engine, seconds: int, taken: bool) -> None:
    with Session(engine) as session:
        session.add(Job(kind="x", arguments={}, state="running", created_at=NOW, beat_at=NOW))
        session.commit()
    done: list[str] = []
    later = NOW + timedelta(seconds=seconds)
    jobs.work(engine, {"x": lambda work, arguments: done.append("x")}, lambda: SHIPPED, lambda: later)
    assert done == (["x"] if taken else [])


def test_a_job_that_fails_says_why_and_does_not_stop_the_others(engine: Engine) -> None:
    with Session(engine) as session:
        session.add_all([Job(kind=kind, arguments={}, created_at=NOW) for kind in ("bad", "good")])
        session.commit()
    done: list[str] = []

    def fail(work: jobs.Work, arguments: dict) -> None:
        raise MissingFigure("dibao.standard", "511526", MONTH)

    kinds = {"bad": fail, "good": lambda work, arguments: done.append("good")}
    assert jobs.work(engine, kinds, lambda: SHIPPED, lambda: NOW) == 1
    with Session(engine) as session:
        told = session.execute(select(Job.kind, Job.state, Job.message).order_by(Job.id)).all()
    assert [(kind, state) for kind, state, _ in told] == [("bad", "failed"), ("good", "done")] and done == ["good"]
    assert jobs.why(told[0].message) == Reason("figure_missing", key="dibao.standard")
    assert jobs.why("disk full") == "disk full" and jobs.why(None) == ""


def test_a_job_that_fails_repeats_no_data_of_the_rows_it_worked_on(engine: Engine, caplog) -> None:
    with Session(engine) as session:
        session.add(Job(kind="bad", arguments={}, created_at=NOW))
        session.commit()

    name = "".join(["张", "三丰"])  # so that no line of the code that the log quotes holds it

    def fail(work: jobs.Work, arguments: dict) -> None:
        with work.engine.begin() as connection:
            connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": name})

    jobs.work(engine, {"bad": fail}, lambda: SHIPPED, lambda: NOW)
    with Session(engine) as session:
        told = session.scalars(select(Job.message)).one()
    assert told == "OperationalError" and "test_jobs.py" in caplog.text
    assert name not in caplog.text


@pytest.mark.postgres
def test_a_job_waits_as_long_as_it_takes_for_what_somebody_else_holds(migrated_postgres_url: str) -> None:
    told: list[str | None] = []

    def look(work: jobs.Work, arguments: dict) -> None:
        with Session(work.engine) as session:
            told.append(session.scalar(text("SHOW lock_timeout")))

    with databases.lent(migrated_postgres_url) as engine:
        with Session(engine) as session, session.begin():
            session.add(Job(kind="look", arguments={}, created_at=NOW))
        jobs.work(engine, {"look": look}, lambda: SHIPPED, lambda: NOW)
        with Session(engine) as session:
            told.append(session.scalar(text("SHOW lock_timeout")))
    assert told == ["0", "10s"]
