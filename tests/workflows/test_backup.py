"""Backups taken while people work, and bringing one back."""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.orm import Session

from models import AuditEntry, Household, LoginSession, schema, sealing
from models.sealing import Keys
from policy.vocabulary import Role
from tests import databases, factories
from tests.clock import START
from views import command_words
from workflows import audit
from workflows.backup import back_up, restore
from workflows.reason import Refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def _fill(engine) -> None:
    with Session(engine) as session:
        office = factories.office(session)
        factories.household(session, members=2)
        someone = office[Role.AUDITOR]
        session.add(LoginSession(user_id=someone.id, token_hash="t", created_at=START, seen_at=START,
                                 address="127.0.0.1", agent="test"))  # fmt: skip
        session.commit()


@pytest.fixture
def filled(engine):
    _fill(engine)
    return engine


def _families(engine) -> int:
    with Session(engine) as session:
        return len(session.scalars(select(Household)).all())


def _one_more_family(engine) -> None:
    with Session(engine) as session:
        factories.household(session)
        session.commit()


def _refusal(*args) -> str:
    with pytest.raises(Refused) as refused:
        restore(*args)
    return refused.value.reasons[0].code


def test_a_backup_is_one_whole_file_for_its_owner_alone(filled, folder):
    file = back_up(filled, folder, START)
    assert [p.name for p in folder.iterdir()] == [file.name] == ["doudi-20260302-090000.sqlite3"]
    assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    with databases.opened(f"sqlite:///{file.as_posix()}") as copy:
        assert _families(copy) == 1


def test_backups_are_whole_and_in_step_while_others_write(filled, folder):
    over = Event()

    def write() -> None:
        with create_engine(filled.url).connect() as connection:
            number = 0
            while not over.is_set():
                number += 1
                connection.execute(text("INSERT INTO tick (id, at) VALUES (:n, :at)"), {"n": number, "at": str(START)})
                connection.execute(text("INSERT INTO login_failure (address, login, at) VALUES (:n, '', :at)"),
                                   {"n": str(number), "at": str(START)})  # fmt: skip
                connection.commit()

    writer = Thread(target=write)
    writer.start()
    try:
        files = [back_up(filled, folder, START + timedelta(seconds=n)) for n in range(8)]
    finally:
        over.set()
        writer.join()
    for file in files:
        with sqlite3.connect(file) as copy:
            ticks, failures = (
                copy.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("tick", "login_failure")
            )
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert ticks == failures
        copy.close()


def test_the_newest_backups_are_kept_and_older_ones_go(filled, folder):
    files = [back_up(filled, folder, START + timedelta(days=n), keep=3) for n in range(5)]
    assert sorted(folder.iterdir()) == files[2:]


def test_a_restored_county_is_as_it_was_and_the_present_one_is_kept(filled, folder):
    file = back_up(filled, folder, START)
    _one_more_family(filled)
    kept = restore(filled, file, folder, START + timedelta(hours=1))
    assert _families(filled) == 1
    with databases.opened(f"sqlite:///{kept.as_posix()}") as copy:
        assert _families(copy) == 2


def test_a_kept_county_is_never_cleared_away_with_old_backups(filled, folder):
    kept = restore(filled, back_up(filled, folder, START), folder, START)
    back_up(filled, folder, START + timedelta(days=1), keep=1)
    assert kept.exists()


def test_a_restored_database_still_takes_safe_writes(filled, folder):
    restore(filled, back_up(filled, folder, START), folder, START)
    _one_more_family(filled)
    with filled.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"


def test_a_restore_ends_every_login_and_stands_in_the_history(filled, folder):
    restore(filled, back_up(filled, folder, START), folder, START + timedelta(hours=1))
    with Session(filled) as session:
        assert session.scalars(select(LoginSession.ended_why)).all() == ["restore"]
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc())).first()
        assert (entry.action, entry.after) == ("restore", {"file": "doudi-20260302-090000.sqlite3"})
        assert audit.verify(session).sound


def test_an_older_schema_is_brought_up_to_date(filled, folder):
    file = back_up(filled, folder, START)
    with databases.opened(f"sqlite:///{file.as_posix()}") as copy:
        schema.downgrade(copy, "0004")
    restore(filled, file, folder, START)
    assert schema.is_current(filled)


def _newer(file: Path) -> Path:
    with sqlite3.connect(file) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
    copy.close()
    return file


def _torn(file: Path) -> Path:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2 // 4096 * 4096])
    return file


def _spoiled(file: Path) -> Path:
    file.write_bytes(b"no database" * 1000)
    return file


def _gone(file: Path) -> Path:
    file.unlink()
    return file


def _empty(file: Path) -> Path:
    file.unlink()
    sqlite3.connect(file).executescript("CREATE TABLE anything (x)")
    return file


def _other_county(file: Path) -> Path:
    with sqlite3.connect(file) as copy:
        copy.execute("UPDATE county SET code = '511527'")
    copy.close()
    return file


@pytest.mark.parametrize(("harm", "why"), [
    (_newer, "backup_newer"), (_torn, "backup_damaged"), (_spoiled, "backup_damaged"), (_gone, "backup_not_found"),
    (_empty, "backup_of_nothing"), (_other_county, "backup_of_another"),
])  # fmt: skip
def test_a_file_that_is_not_this_countys_backup_is_refused_and_changes_nothing(filled, folder, harm, why):
    file = harm(back_up(filled, folder, START))
    _one_more_family(filled)
    assert _refusal(filled, file, folder, START) == why
    assert _families(filled) == 2
    assert [p.name for p in folder.iterdir() if p != file] == []


def test_a_backup_sealed_with_other_keys_is_refused(filled, folder):
    file = back_up(filled, folder, START)
    sealing.use(Keys.fresh())
    try:
        assert _refusal(filled, file, folder, START) == "backup_other_keys"
    finally:
        sealing.leave()


def test_a_backup_can_be_restored_into_a_new_empty_place(filled, folder, tmp_path):
    file = back_up(filled, folder, START)
    with databases.opened(f"sqlite:///{(tmp_path / 'elsewhere.sqlite3').as_posix()}") as elsewhere:
        schema.upgrade(elsewhere)
        restore(elsewhere, file, folder, START)
        assert _families(elsewhere) == 1


def test_a_backup_holds_no_number_that_can_be_read(filled, folder):
    with Session(filled) as session:
        numbers = [person.id_no for person in session.scalars(select(Household)).one().members]
    data = back_up(filled, folder, START).read_bytes()
    assert len(numbers) == 2 and not any(number.encode() in data for number in numbers)


def test_a_postgresql_backup_is_made_by_its_own_program(migrated_postgres_url, folder, monkeypatch):
    with databases.opened(migrated_postgres_url) as engine:
        _fill(engine)
        assert back_up(engine, folder, START).read_bytes().startswith(b"PGDMP")
        assert _refusal(engine, folder / "x.dump", folder, START) == "restore_by_hand"
        monkeypatch.setattr(shutil, "which", lambda name: None)
        with pytest.raises(Refused, match="no_pg_dump"):
            back_up(engine, folder, START)


def test_a_postgresql_backup_comes_back_as_the_refusal_says_and_never_over_a_database_in_use(
    migrated_postgres_url, postgres_url, folder
):
    told = str(command_words.SENTENCES["restore_by_hand"])
    with databases.opened(migrated_postgres_url) as engine:
        _fill(engine)
        file = back_up(engine, folder, START)
        _one_more_family(engine)
        assert _pg_restore(told, migrated_postgres_url, file) != 0 and _families(engine) == 2
    assert _pg_restore(told, postgres_url, file) == 0
    with databases.opened(postgres_url) as engine:
        assert _families(engine) == 1 and schema.is_current(engine)
        with Session(engine) as session:
            assert audit.verify(session).sound and session.scalars(select(LoginSession)).all() == []


def _pg_restore(told: str, url: str, file: Path) -> int:
    """What the command that is told ends with, its database and its file put in."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    command = re.search(r"pg_restore .*?%\(file\)s", told)[0] % {"file": file}
    return subprocess.run(command.replace("NAME", address).split(), capture_output=True, check=False).returncode
