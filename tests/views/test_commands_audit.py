"""The command that proves the history."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from models import Household, guards
from models.base import reading
from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from tests.views.clerks import Clerks
from views.audit_head import note_head
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM


@pytest.fixture
def county(app: Flask) -> Iterator[Session]:
    """A county with a short history, and no guard in the way of who edits its file."""
    with app.app_context(), reading(False), Session(db.engine) as session:
        factories.places(session)
        factories.household(session)
        session.commit()
        audit.attribute(session, SYSTEM, START)
        guards.drop(session.connection())
        session.commit()
        yield session


def run(app: Flask, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["verify-audit", *options])
    return result.exit_code, result.output.strip()


def length(session: Session) -> int:
    count = audit.verify(session).count
    session.rollback()
    return count


def change(session: Session) -> None:
    home = session.query(Household).one()
    home.note += "改"
    session.commit()


def test_a_sound_history_is_counted_and_its_end_noted(app: Flask, county: Session, instance: Path) -> None:
    count = length(county)
    assert run(app) == (0, f"审计记录完整：共 {count} 条。")
    assert f'"position":{count}' in (instance / audit.HEAD_FILE).read_text()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_entry SET reason = 'x' WHERE position = 3", "第 3 条被改动"),
        ("DELETE FROM audit_entry WHERE position = 3", "第 3 条缺失"),
        ("UPDATE audit_entry SET id = 9999 WHERE position = 2", "第 3 条顺序不符"),
    ],
)
def test_a_broken_history_fails_and_names_the_place(app: Flask, county: Session, statement: str, words: str) -> None:
    county.execute(text(statement))
    county.commit()
    code, said = run(app)
    assert code == 1 and words in said and "之前的 2 条完整" in said


def test_a_cut_end_fails_until_a_restore_is_explained(app: Flask, county: Session) -> None:
    change(county)
    note_head(county)
    last = length(county)
    county.execute(text(f"DELETE FROM audit_entry WHERE position = {last}"))
    county.commit()
    code, said = run(app)
    assert code == 1 and f"止于第 {last - 1} 条" in said
    assert run(app, "--anew")[0] == 1
    assert run(app, "--anew", "--reason", "恢复昨日备份")[0] == 0
    assert run(app) == (0, f"审计记录完整：共 {last} 条。")
    assert county.execute(text("SELECT reason FROM audit_entry ORDER BY position DESC")).scalar() == "恢复昨日备份"


def test_whoever_was_logged_in_when_the_restored_backup_was_made_is_logged_out(app: Flask, clerks: Clerks) -> None:
    officer = clerks.browser(Role.TOWNSHIP_OFFICER)
    assert officer.get("/account/").status_code == 200
    assert run(app, "--anew", "--reason", "恢复昨日备份")[0] == 0
    assert officer.get("/account/").status_code == 302
    assert "数据库已恢复到备份时的状态" in officer.get("/login").get_data(as_text=True)


@pytest.mark.parametrize("content", ["rubbish", '{"position": 1}', "[]"])
def test_a_noted_end_that_was_tampered_with_fails_but_stops_no_work(
    app: Flask, county: Session, instance: Path, content: str
) -> None:
    (instance / audit.HEAD_FILE).write_text(content + "\n")
    note_head(county)
    county.rollback()
    code, said = run(app)
    assert code == 1 and audit.HEAD_FILE in said and "被改动" in said
