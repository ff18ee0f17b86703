"""Long work is done by a process of its own, which the panel starts and which ends when nothing waits."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Job, Recalculation
from policy.vocabulary import Role
from tests.tree import ROOT
from tests.workflows.recalculating import County
from views import commands_work, work
from views.db import db
from workflows.recalculation_staging import begin


@pytest.fixture
def county(app: Flask) -> County:
    with app.app_context():
        return County(db.engine)


def waiting(county: County) -> None:
    county.family(100, 730)
    actor = county.people[Role.COUNTY_REVIEWER]
    with Session(county.engine) as session:
        begin(session, actor, county.now, scope="", month=county.now.date(), title="测算")
        session.commit()


def state(county: County) -> tuple[str, str]:
    return county.read(lambda s: (s.scalars(select(Job.state)).one(), s.scalars(select(Recalculation.state)).one()))


def test_the_command_does_what_waits_and_ends(app: Flask, county: County) -> None:
    waiting(county)
    said = app.test_cli_runner().invoke(args=["work"])
    assert (said.exit_code, said.output.strip()) == (0, "1")
    assert state(county) == ("done", "staged")
    assert app.test_cli_runner().invoke(args=["work"]).output.strip() == "0"


def test_the_database_looks_at_its_tables_again_after_work_that_may_have_filled_them(app: Flask, county, monkeypatch):
    looked = []
    monkeypatch.setattr(commands_work, "refresh_statistics", looked.append)
    with app.app_context():
        assert commands_work.do_all() == 0 and looked == []
        waiting(county)
        assert commands_work.do_all() == 1 and looked == [db.engine]


def test_a_process_of_its_own_finds_the_county_by_its_folder(app: Flask, county: County) -> None:
    waiting(county)
    settings = {"DOUDI_INSTANCE": app.extensions["doudi"].folder, "PATH": os.environ["PATH"]}
    words = [sys.executable, "-m", "flask", "--app", "app", "work"]
    subprocess.run(words, cwd=ROOT, env=settings, check=True, timeout=120)
    assert state(county) == ("done", "staged")


class Started:
    """Stands for a process: how it was started."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[str], dict]] = []

    def __call__(self, words: list[str], **more: object) -> None:
        self.calls.append((words, more))


@pytest.fixture
def started(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Started:
    fake = Started()
    monkeypatch.setattr(work.subprocess, "Popen", fake)
    monkeypatch.setattr(app, "testing", False)
    return fake


def test_the_panel_starts_one_for_what_waits_and_none_for_nothing(app, county, started, clock) -> None:
    work.resume(app)
    assert started.calls == []
    waiting(county)
    work.resume(app)
    [(words, more)] = started.calls
    assert words[1:] == ["-m", "flask", "--app", "app", "work"]
    assert more["env"]["DOUDI_INSTANCE"] == str(app.extensions["doudi"].folder) and more["start_new_session"]


@pytest.mark.parametrize(("seconds", "starts"), [(120, 0), (121, 1)])
def test_what_a_killed_process_left_is_taken_up_at_the_next_start(app, county, started, clock, seconds, starts) -> None:
    waiting(county)
    county.write(lambda s: _lost(s, clock.at))
    clock.at += timedelta(seconds=seconds)
    work.resume(app)
    assert len(started.calls) == starts


def _lost(session: Session, at) -> None:
    job = session.scalars(select(Job)).one()
    job.state, job.beat_at = "running", at
