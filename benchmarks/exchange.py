"""How long a roster takes in and out, against the least that any program could do, and against a usual one.

`python -m benchmarks exchange --members 10000 --members 100000`; each stage in a process of its own, so that peaks
tell. With --rival django-import-export is installed into an environment that is thrown away, and imports the same.
"""

import csv
import gc
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from venv import EnvBuilder

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from benchmarks import rosters
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
Steps = dict[str, float]


@dataclass
class Took:
    """What a stage took, step by step (processor seconds), its peak in megabytes, and the size of what it made.

    ``wall`` are the seconds that somebody waits, which the work of others lengthens; 0 where they were not taken.
    """

    steps: Steps
    megabytes: float
    bytes: int = 0
    wall: float = 0.0

    @property
    def seconds(self) -> float:
        """All steps together."""
        return sum(self.steps.values())


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
        words = [str(python), str(Path(__file__).with_name("exchange_rival.py")), str(_sheet(folder, members)), home]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
    return Took(**json.loads(done.stdout.splitlines()[-1]))


# --- the stages, each in its own process ------------------------------------------------------------------------------


def _sheet(folder: Path, members: int) -> Path:
    """The roster as CSV, made once."""
    path = folder / f"members-{members}.csv"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(rosters.csv_of(members))
    return path


def _database(folder: Path, members: int) -> str:
    return f"sqlite:///{(folder / f'exchange-{members}.sqlite3').as_posix()}"


@contextmanager
def _county(folder: Path, members: int, anew: bool) -> Iterator[Session]:
    """The county of the roster: empty, or as the last import left it."""
    sealing.use(sealing.Keys(seal=b"s" * 32, blind=b"b" * 32, chain=b"c" * 32))
    url = _database(folder, members)
    if anew:
        for end in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + end).unlink(missing_ok=True)
    engine = tune(create_engine(url))
    if anew:
        schema.upgrade(engine)
    with Session(engine) as session:
        if anew:
            _settle(session)
        yield session
    engine.dispose()


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
    """Read in the child, judge and keep for the preview, apply: all that the pages do, sealed and on record."""
    data, steps, clock = _sheet(folder, members).read_bytes(), Steps(), _Clock()
    with _county(folder, members, anew=True) as session:
        user = session.scalars(select(User)).one()
        actor = Actor(user.id, user.name, user.role, user.division_code)
        session.rollback()
        clock.restart()
        sheet = read_sheet(data, "低保人员.csv", on=NOW.date())
        del data
        steps["read"] = clock.lap()
        batch = stage(session, sheet, actor, NOW, file_name="低保人员.csv", sha256="0" * 64)
        session.commit()
        steps["preview"] = clock.lap()
        assert batch.counts.get("new") == members, batch.counts
        del sheet
        apply_batch(session, batch.id, actor, NOW, Figures.shipped())
        session.commit()
        steps["apply"] = clock.lap()
    return _told(steps, clock)


def bare_load(folder: Path, members: int) -> Took:
    """The same rows by csv and sqlite3 alone: one executemany; no check, no seal, no history, no index of names."""
    path, clock = folder / "bare.sqlite3", _Clock()
    path.unlink(missing_ok=True)
    with open(_sheet(folder, members), encoding="utf-8-sig", newline="") as file:
        clock.restart()
        rows = list(csv.reader(file))[1:]
    base = _base(path)
    columns = ", ".join(f"c{n} TEXT" for n in range(len(rows[0])))
    base.execute(f"CREATE TABLE member (id INTEGER PRIMARY KEY, {columns})")
    base.execute("CREATE UNIQUE INDEX one ON member (c1)")
    marks = ", ".join("?" * (len(rows[0]) + 1))
    base.executemany(f"INSERT INTO member VALUES ({marks})", ([None, *row] for row in rows))  # noqa: S608
    base.commit()
    base.close()
    return _told({"load": clock.lap()}, clock)


WRITTEN = ("household", "member", "income_line", "name_index", "benefit", "event", "import_row", "import_lot")
STORED = ("household", "member")


def bare_rows(folder: Path, members: int) -> Took:
    """Every row that the last import left, by sqlite3 alone into tables like ours: executemany, with all indexes.

    No guard, no check of what refers to what; the rows are read beforehand, table by table.
    """
    path = folder / "rows.sqlite3"
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    left, base = sqlite3.connect(_database(folder, members).removeprefix("sqlite:///")), _base(path)
    base.execute(f"PRAGMA cache_size={-64 * 1024}")
    made = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL"
    for name in WRITTEN:
        for (sql,) in left.execute(f"{made} ORDER BY type DESC", (name,)):
            base.execute(sql)
    base.commit()
    return _loaded(left, base, WRITTEN)


def bare_table(folder: Path, members: int) -> Took:
    """Families and people alone, their columns as the last import left them: primary keys and one index of ID numbers.

    None of our other indexes, no case, no name to search by, no preview; read beforehand, table by table.
    """
    path = folder / "table.sqlite3"
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    left, base = sqlite3.connect(_database(folder, members).removeprefix("sqlite:///")), _base(path)
    for name in STORED:
        (sql,) = left.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)).fetchone()
        base.execute(re.sub(r",\s*CONSTRAINT \w+ UNIQUE \(row_key\)", "", sql))
    base.execute("CREATE UNIQUE INDEX one ON member (id_no_hash)")
    base.commit()
    return _loaded(left, base, STORED)


def _base(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=FULL")
    return base


def _loaded(left: sqlite3.Connection, base: sqlite3.Connection, tables: Sequence[str]) -> Took:
    """All rows of these tables, each by one executemany."""
    steps, clock = Steps(), _Clock()
    for name in tables:
        rows = left.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()  # noqa: S608
        marks = ", ".join("?" * len(rows[0]))
        clock.restart()
        base.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608
        base.commit()
        steps[name] = clock.lap()
    base.close()
    return _told(steps, clock)


def export_csv(folder: Path, members: int) -> Took:
    """The roster in full as CSV."""
    return _export(folder, members, "csv")


def export_xlsx(folder: Path, members: int) -> Took:
    """The roster in full as .xlsx."""
    return _export(folder, members, "xlsx")


def _export(folder: Path, members: int, kind: str) -> Took:
    """As a server sends it that has sent one before: what a first time loads and puts together is left out."""
    steps, clock = Steps(), _Clock()
    with _county(folder, members, anew=False) as session, reading():
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
    return _told(steps, clock, size)


def _roster(session: Session) -> Iterator[Sequence[str]]:
    wanted = select(Member.id).order_by(Member.id)
    ids = session.connection().execute(wanted, execution_options={"yield_per": 1_000}).scalars()
    yield headers(MEMBERS)
    yield from Export(session, full=True, on=NOW.date()).rows(MEMBERS, ids)


def bare_csv(folder: Path, members: int) -> Took:
    """As many rows of as many columns from a bare cursor through a bare csv writer."""
    base, clock = sqlite3.connect(folder / "bare.sqlite3"), _Clock()
    with open(folder / "bare.csv", "w", encoding="utf-8", newline="") as file:
        clock.restart()
        csv.writer(file).writerows(base.execute("SELECT * FROM member"))
    return _told({"write": clock.lap()}, clock, (folder / "bare.csv").stat().st_size)


class _Clock:
    """Laps in processor seconds of this process and its children, which no other program can lengthen much.

    ``wall`` adds up the seconds that the laps took.
    """

    wall = 0.0

    def restart(self) -> None:
        self.at, self.since = _spent(), perf_counter()

    def lap(self) -> float:
        before, self.at = self.at, _spent()
        since, self.since = self.since, perf_counter()
        self.wall += self.since - since
        return self.at - before


def _spent() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _told(steps: Steps, clock: _Clock, size: int = 0) -> Took:
    """With the peak of this process and its children; Linux tells it in kilobytes."""
    used = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Took(steps, max(used) / 1024, size, clock.wall)


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
