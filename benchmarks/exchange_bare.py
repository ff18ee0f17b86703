"""The least that any program could do: the same rows by sqlite3 and csv alone, with the settings of a county."""

import csv
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from benchmarks.exchange_ground import Clock, Steps, Took, database_of, measured, sheet_of
from models.base import SYNCHRONOUS

WRITTEN = ("household", "member", "income_line", "name_index", "benefit", "event", "import_row", "import_lot")
STORED = ("household", "member")
REFERRED = ("import_batch", "user", "finding")
"""What those refer to beside one another; it stands there before."""


def bare_load(folder: Path, members: int) -> Took:
    """The same rows by csv and sqlite3 alone: one executemany; no check, no seal, no history, no index of names."""
    path, clock = folder / "bare.sqlite3", Clock()
    path.unlink(missing_ok=True)
    with open(sheet_of(folder, members), encoding="utf-8-sig", newline="") as file:
        clock.restart()
        rows = list(csv.reader(file))[1:]
    base = _base(path)
    columns = ", ".join(f"c{n} TEXT" for n in range(len(rows[0])))
    base.execute(f"CREATE TABLE member (id INTEGER PRIMARY KEY, {columns})")
    base.execute("CREATE UNIQUE INDEX one ON member (c1)")
    marks = ", ".join("?" * (len(rows[0]) + 1))
    base.executemany(f"INSERT INTO member VALUES ({marks})", ([None, *row] for row in rows))
    base.commit()
    base.close()
    return measured({"load": clock.lap()}, clock)


def bare_rows(folder: Path, members: int) -> Took:
    """Every row that the last import left, by sqlite3 alone into tables like ours: executemany, with all indexes.

    No guard; the rows are read beforehand, table by table.
    """
    left, base = _beside_the_last(folder, members, "rows.sqlite3")
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
    left, base = _beside_the_last(folder, members, "table.sqlite3")
    for name in STORED:
        (sql,) = left.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)).fetchone()
        base.execute(re.sub(r",\s*CONSTRAINT \w+ UNIQUE \(row_key\)", "", sql))
    base.execute("CREATE UNIQUE INDEX one ON member (id_no_hash)")
    base.commit()
    return _loaded(left, base, STORED)


def _beside_the_last(folder: Path, members: int, name: str) -> tuple[sqlite3.Connection, sqlite3.Connection]:
    """What the last import left, and an empty file with what its rows refer to beside one another."""
    path = folder / name
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    left, base = sqlite3.connect(database_of(folder, members)), _base(path)
    base.execute("PRAGMA foreign_keys=OFF")
    for table in REFERRED:
        (sql,) = left.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
        base.execute(sql)
        for row in left.execute(f'SELECT * FROM "{table}"').fetchall():
            base.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(row))})', row)
    base.commit()
    base.execute("PRAGMA foreign_keys=ON")
    return left, base


def _base(path: Path) -> sqlite3.Connection:
    """With the settings that every connection to a county has (``models.base.tune``)."""
    base = sqlite3.connect(path)
    for pragma in ("journal_mode=WAL", SYNCHRONOUS, "foreign_keys=ON", "secure_delete=ON"):
        base.execute(f"PRAGMA {pragma}")
    return base


def _loaded(left: sqlite3.Connection, base: sqlite3.Connection, tables: Sequence[str]) -> Took:
    """All rows of these tables, each by one executemany."""
    steps, clock = Steps(), Clock()
    for name in tables:
        rows = left.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
        marks = ", ".join("?" * len(rows[0]))
        clock.restart()
        base.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        base.commit()
        steps[name] = clock.lap()
    base.close()
    return measured(steps, clock)


def bare_csv(folder: Path, members: int) -> Took:
    """As many rows of as many columns from a bare cursor through a bare csv writer."""
    base, clock = sqlite3.connect(folder / "bare.sqlite3"), Clock()
    with open(folder / "bare.csv", "w", encoding="utf-8", newline="") as file:
        clock.restart()
        csv.writer(file).writerows(base.execute("SELECT * FROM member"))
    return measured({"write": clock.lap()}, clock, (folder / "bare.csv").stat().st_size)
