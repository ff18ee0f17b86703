"""Backups of the database, whole while people work, and bringing one back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.orm import Session

from models import schema, sealing
from models.base import tune
from workflows import audit, sessions
from workflows.actor import SYSTEM
from workflows.instance import cleared
from workflows.reason import Reason, Refused

KEPT = 14
NO_LOGINS = "--exclude-table-data=*.login_session"
"""Whoever was logged in when a backup was made is not let in by it."""


def back_up(engine: Engine, folder: Path, now: datetime, keep: int = KEPT) -> Path:
    """Write a checked copy of the database into the folder and keep the newest ``keep``; raises Refused.

    Sealed values stay sealed: the copy is of no use without the secrets file, which is not part of it.
    """
    file = _write(engine, folder, "doudi", now)
    for old in sorted(folder.glob(f"doudi-*{file.suffix}"))[:-keep]:
        cleared(old)
    return file


def restore(engine: Engine, file: Path, folder: Path, now: datetime) -> Path:
    """Put a backup in the place of the database and end every login; returns where the present data was kept.

    Raises Refused, and changes nothing, for a damaged file, another county's, one sealed with other keys, and one
    of a newer program. An older schema is brought up to date.
    """
    if engine.dialect.name != "sqlite":
        raise Refused([Reason("restore_by_hand", file=str(file))])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / "restoring.part"
    try:
        _copy_checked(file, draft)
        _make_ready(draft, _county(engine), file.name, now)
        kept = _write(engine, folder, "before-restore", now)
        with closing(sqlite3.connect(draft)) as source, closing(_target(engine)) as target:
            source.backup(target)
    finally:
        draft.unlink(missing_ok=True)
    engine.dispose()
    return kept


def _write(engine: Engine, folder: Path, name: str, now: datetime) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lite = engine.dialect.name == "sqlite"
    file = folder / f"{name}-{now:%Y%m%d-%H%M%S}.{'sqlite3' if lite else 'dump'}"
    draft = file.with_suffix(".part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        if lite:
            _copy_checked(Path(engine.url.database or ""), draft)
        else:
            _dump(engine, draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return file


def _copy_checked(file: Path, draft: Path) -> None:
    """SQLite's own online copy: unlike a copy of the file it is right while others write."""
    if not file.is_file():
        raise Refused([Reason("backup_not_found", file=str(file))])
    try:
        with closing(sqlite3.connect(_read_only(file), uri=True)) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            found = target.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        raise Refused([Reason("backup_damaged", file=file.name, why=str(error))]) from error
    if found != "ok":
        raise Refused([Reason("backup_damaged", file=file.name, why=found)])


def _read_only(file: Path) -> str:
    return f"{file.absolute().as_uri()}?mode=ro"


def _target(engine: Engine) -> sqlite3.Connection:
    return sqlite3.connect(engine.url.database or "", timeout=30)


def _county(engine: Engine) -> str | None:
    if not inspect(engine).has_table("county"):
        return None
    with engine.connect() as connection:
        code: str | None = connection.scalar(text("SELECT code FROM county"))
        return code


def _make_ready(draft: Path, here: str | None, name: str, now: datetime) -> None:
    engine = tune(create_engine(f"sqlite:///{draft.as_posix()}"))
    try:
        _check_origin(engine, here, name)
        schema.upgrade(engine)
        with Session(engine) as session:
            sessions.end_everyones(session, "restore", now)
            audit.record(session, replace(SYSTEM, channel="cli"), now, "restore", table="county", after={"file": name})
            session.commit()
        with engine.connect() as connection:
            _fold(connection)
    finally:
        engine.dispose()


def _fold(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.cursor().execute("PRAGMA journal_mode=DELETE")


def _check_origin(engine: Engine, here: str | None, name: str) -> None:
    try:
        schema.is_current(engine)
    except schema.UnknownRevision as error:
        raise Refused([Reason("backup_newer", file=name)]) from error
    if not inspect(engine).has_table("county"):
        raise Refused([Reason("backup_of_nothing", file=name)])
    with engine.connect() as connection:
        county = connection.execute(text("SELECT code, name, key_mark FROM county")).one_or_none()
    if county is None:
        raise Refused([Reason("backup_of_nothing", file=name)])
    if here is not None and county.code != here:
        raise Refused([Reason("backup_of_another", file=name, county=county.name, division=county.code)])
    if county.key_mark != sealing.blind("county", county.code):
        raise Refused([Reason("backup_other_keys", file=name)])


def _dump(engine: Engine, draft: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise Refused([Reason("no_pg_dump")])
    url = engine.url.set(drivername="postgresql")
    plain = url.set(password=None) if url.password else url
    done = subprocess.run(
        [program, "--format=custom", "--no-owner", NO_LOGINS, f"--file={draft}",
         plain.render_as_string(hide_password=False)],
        env={**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})},
        capture_output=True, text=True, errors="replace", check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        raise Refused([Reason("pg_dump_failed", why=done.stderr.strip()[-300:])])
