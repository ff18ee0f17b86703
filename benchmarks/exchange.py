"""How long a roster takes in and out, against the least that any program could do, and against a usual one.

`python -m benchmarks exchange --members 10000 --members 100000`; each stage in a process of its own, so that peaks
tell. With --rival django-import-export is installed into an environment that is thrown away, and imports the same.
"""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from venv import EnvBuilder

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from benchmarks import rosters
from benchmarks.exchange_bare import bare_csv, bare_load, bare_rows, bare_table
from benchmarks.exchange_ground import Clock, Steps, Took, database_of, measured, sheet_of
from models import County, Division, Member, User, schema, sealing
from models.base import reading, tune
from policy.figures import Figures
from policy.vocabulary import Role
from workflows import audit
from workflows.actor import SYSTEM, Actor
from workflows.exchange import files
from workflows.exchange.apply import apply_batch
from workflows.exchange.export import Export, headers
from workflows.exchange.layouts import MEMBERS
from workflows.exchange.reading import read_sheet
from workflows.exchange.staging import stage

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 21, 10)
RIVAL = ("django>=5,<6", "django-import-export>=4,<5", "django-simple-history>=3,<4")


def report(folder: Path, sizes: list[int], rounds: int, rival: bool) -> Iterator[str]:
    """Markdown lines for each size, as they are measured."""
    yield "| members | what | CPU s | wall s | peak MB | parts |"
    yield "|---:|---|---:|---:|---:|---|"
    for members in sizes:
        runs = _in_turn(folder, members, rounds)
        found = {what: _median(of) for what, of in runs.items()}
        if rival:
            found["django"] = _rival(folder, members)
        for what, took in found.items():
            parts = " · ".join(f"{name} {seconds:.2f}" for name, seconds in took.steps.items())
            waited = f"{took.wall:.2f}" if took.wall else ""
            yield f"| {members:,} | {NAMES[what]} | {took.seconds:.2f} | {waited} | {took.megabytes:.0f} | {parts} |"
        yield from _ratios(members, found, runs)


def _ratios(members: int, found: dict[str, Took], runs: dict[str, list[Took]]) -> Iterator[str]:
    ours = found["import"].seconds
    preview = found["import"].steps["read"] + found["import"].steps["preview"]
    told = [f"import {_beside(runs, 'bare')} the bare load of the file's rows",
            f"{_beside(runs, 'table')} that of families and people as stored",
            f"{_beside(runs, 'rows')} that of the rows written", f"preview {preview / ours:.2f} of the import",
            f".xlsx {found['xlsx'].seconds / found['csv'].seconds:.1f} × the CSV",
            f"CSV {found['csv'].seconds / found['bare_csv'].seconds:.1f} × the bare cursor",
            f"first byte {found['csv'].steps['first byte'] * 1000:.0f} ms"]  # fmt: skip
    if "django" in found:
        rival = found["django"]
        told.append(f"{rival.seconds / ours:.0f} × faster than django-import-export with its preview")
        told.append(f"{rival.steps['import'] / ours:.0f} × faster than its import alone")
    yield f"| {members:,} | **ratios** | | | | {'; '.join(told)} |"


def _beside(runs: dict[str, list[Took]], what: str) -> str:
    """How many times as long as another stage the import takes, of the processor and of whoever waits.

    Each import is held against what was measured right beside it, for a machine changes its pace.
    """
    pairs = list(zip(runs["import"], runs[what], strict=True))
    spent, waited = (median(getattr(a, name) / getattr(b, name) for a, b in pairs) for name in ("seconds", "wall"))
    return f"{spent:.1f} × (CPU) and {waited:.1f} × (wall)"


def _in_turn(folder: Path, members: int, rounds: int) -> dict[str, list[Took]]:
    """All stages one after the other, so many times; what only reads is measured on what the import before left."""
    turns = [{what: _run(folder, what, members) for what in STAGES} for _ in range(rounds)]
    return {what: [turn[what] for turn in turns] for what in STAGES}


def _median(runs: list[Took]) -> Took:
    """The run in the middle, step by step."""
    runs = sorted(runs, key=lambda took: took.seconds)
    steps = {name: median(run.steps[name] for run in runs) for name in runs[0].steps}
    return Took(steps, max(run.megabytes for run in runs), runs[0].bytes, median(run.wall for run in runs))


def _run(folder: Path, what: str, members: int) -> Took:
    words = [sys.executable, "-m", "benchmarks.exchange", what, str(folder), str(members)]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return Took(**json.loads(told.splitlines()[-1]))


def _rival(folder: Path, members: int) -> Took:
    """One preview and import by django-import-export, checks and history included, in an environment of its own."""
    with TemporaryDirectory() as home:
        EnvBuilder(with_pip=True).create(home)
        python = next(p for p in (Path(home, "bin", "python"), Path(home, "Scripts", "python.exe")) if p.exists())
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *RIVAL]
        subprocess.run(pip, check=True, capture_output=True)
        words = [str(python), str(Path(__file__).with_name("exchange_rival.py")), str(sheet_of(folder, members)), home]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
    return Took(**json.loads(done.stdout.splitlines()[-1]))


# --- the stages, each in its own process ------------------------------------------------------------------------------


def _engine(folder: Path, members: int) -> Engine:
    sealing.use(sealing.Keys(seal=b"s" * 32, blind=b"b" * 32, chain=b"c" * 32))
    return tune(create_engine(f"sqlite:///{database_of(folder, members).as_posix()}"))


def _empty(engine: Engine) -> None:
    """A county without people, in a file of its own."""
    engine.dispose()
    for end in ("", "-wal", "-shm"):
        Path(f"{engine.url.database}{end}").unlink(missing_ok=True)
    schema.upgrade(engine)
    with Session(engine) as session:
        _settle(session)


def _settle(session: Session) -> None:
    audit.attribute(session, SYSTEM, NOW)
    session.add(County(code=rosters.COUNTY, name="珙县", started_on=NOW.date()))
    for code, parent, name in rosters.places():
        session.add(Division(code=code, parent_code=parent, name=name))
    session.flush()
    session.add(User(login="a", name="甲", role=Role.COUNTY_REVIEWER, division_code=rosters.COUNTY, password_hash="",
                     password_changed_at=NOW, created_at=NOW))  # fmt: skip
    session.commit()


def import_roster(folder: Path, members: int) -> Took:
    """Read in the child, judge and keep for the preview, apply: all that the pages do, sealed and on record.

    As a server does that has taken a sheet before, into a county that is empty again: what a first time loads and puts
    together (figures, words of statements) is left out, as it is of what goes out.
    """
    engine = _engine(folder, members)
    for size in (min(WARM, members), members):
        _empty(engine)
        with Session(engine) as session:
            steps, clock = _imported(session, sheet_of(folder, size).read_bytes(), size)
    engine.dispose()
    return measured(steps, clock)


WARM = 2_000
"""Members of the sheet that was taken before: enough for all that a large one does."""


def _imported(session: Session, data: bytes, members: int) -> tuple[Steps, Clock]:
    steps, clock, figures = Steps(), Clock(), Figures.shipped()
    user = session.scalars(select(User)).one()
    actor = Actor(user.id, user.name, user.role, user.division_code)
    session.rollback()
    gc.collect()
    clock.restart()
    sheet = read_sheet(data, "低保人员.csv", on=NOW.date())
    del data
    steps["read"] = clock.lap()
    batch = stage(session, sheet, actor, NOW, file_name="低保人员.csv", sha256="0" * 64)
    session.commit()
    steps["preview"] = clock.lap()
    assert batch.counts.get("new") == members, batch.counts
    del sheet
    apply_batch(session, batch.id, actor, NOW, figures)
    session.commit()
    steps["apply"] = clock.lap()
    return steps, clock


def export_csv(folder: Path, members: int) -> Took:
    """The roster in full as CSV."""
    return _export(folder, members, "csv")


def export_xlsx(folder: Path, members: int) -> Took:
    """The roster in full as .xlsx."""
    return _export(folder, members, "xlsx")


def _export(folder: Path, members: int, kind: str) -> Took:
    """As a server sends it that has sent one before: what a first time loads and puts together is left out."""
    steps, clock = Steps(), Clock()
    engine = _engine(folder, members)
    with Session(engine) as session, reading():
        next(files.csv_stream(_roster(session)))
        gc.collect()
        clock.restart()
        if kind == "xlsx":
            look = Export(session, full=True, on=NOW.date()).look(MEMBERS)
            with files.xlsx_file(_roster(session), look=look) as made:
                size = len(made.read())
        else:
            stream = files.csv_stream(_roster(session))
            size = len(next(stream))
            steps["first byte"] = clock.lap()
            size += sum(map(len, stream))
        steps["rest"] = clock.lap()
    engine.dispose()
    return measured(steps, clock, size)


def _roster(session: Session) -> Iterator[Sequence[str]]:
    wanted = select(Member.id).order_by(Member.id)
    ids = session.connection().execute(wanted, execution_options={"yield_per": 1_000}).scalars()
    yield headers(MEMBERS)
    yield from Export(session, full=True, on=NOW.date()).rows(MEMBERS, ids)


STAGES: dict[str, Callable[[Path, int], Took]] = {
    "import": import_roster, "bare": bare_load, "table": bare_table, "rows": bare_rows, "csv": export_csv,
    "xlsx": export_xlsx, "bare_csv": bare_csv,
}  # fmt: skip
NAMES: dict[str, Any] = {
    "import": "import: read, judged, previewed, applied", "bare": "bare sqlite3 executemany of the file's rows",
    "table": "bare sqlite3 executemany of families and people as stored, one index",
    "rows": "bare sqlite3 executemany of the rows written",
    "csv": "export, CSV", "xlsx": "export, .xlsx", "bare_csv": "bare cursor and csv writer",
    "django": "django-import-export (one run)",
}  # fmt: skip


if __name__ == "__main__":
    what, folder, members = sys.argv[1:]
    took = STAGES[what](Path(folder), int(members))
    print(json.dumps(asdict(took)))
