"""Imports killed with SIGKILL at random moments: `python -m tests.workflows.exchange.kills 100`.

Each round copies a county with a staged import, has a process of its own apply it, and kills that process after a
random delay. Afterwards another process looks at the file as SQLite alone sees it: all of the import is there or
nothing; what the process had said was done is there; and the retry does the rest once, or says that it was done.
"""

import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from models import ImportBatch, User, sealing
from models.base import tune
from policy.vocabulary import Role
from tests import databases
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import FIGURES, NOW
from workflows import behind, indexes
from workflows.exchange.apply import apply_batch
from workflows.reason import Refused

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = 200
COUNTED = "SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM household), (SELECT count(*) FROM benefit), (SELECT state FROM import_batch)"  # noqa: E501


def staged(file: Path) -> None:
    """A county with an import of so many people, looked at and not applied."""
    databases.migrate(f"sqlite:///{file.as_posix()}")
    with databases.opened(f"sqlite:///{file.as_posix()}") as engine, Session(engine) as session:
        reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
        rosters.staged(session, rosters.members(*(rosters.person(n) for n in range(1, PEOPLE + 1))), reviewer)
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def apply(file: Path, held: bool = False) -> str:
    """Apply the staged import; "done", or the reason why not; ``held`` stops when all is written and nothing kept."""
    engine = tune(create_engine(f"sqlite:///{file.as_posix()}"))
    try:
        with Session(engine) as session:
            user = session.scalars(select(User).where(User.login == "county_reviewer")).one()
            who, batch = rosters.actor(user), session.scalars(select(ImportBatch.id)).one()
            session.rollback()
            print("ready", flush=True)
            apply_batch(session, batch, who, NOW, FIGURES)
            if held:
                print("written", flush=True)
                sys.stdin.read()
            session.commit()
    except Refused as refused:
        return refused.reasons[0].code
    finally:
        engine.dispose()
    return "done"


def killed(template: Path, folder: Path, delay: float | None) -> str:
    """One round: "nothing", "all" or "all, told"; raises AssertionError for anything between.

    None instead of a delay in seconds: killed when all is written and nothing kept, however slow the machine.
    """
    file = folder / "county.sqlite3"
    for end in ("", "-wal", "-shm"):
        (folder / f"county.sqlite3{end}").unlink(missing_ok=True)
    databases.copy_sqlite(template, file)
    words = [*_words(file), "held"] if delay is None else _words(file)
    child = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout and child.stdout.readline() == "ready\n"
    if delay is None:
        assert child.stdout.readline() == "written\n"
    else:
        with suppress(subprocess.TimeoutExpired):
            child.wait(delay)
    child.kill()
    told, _ = child.communicate()
    found, before = _seen(file), _schema(template)
    assert _schema(file) == before, "a table lost its indexes"
    assert found in ((0, 0, 0, "staged"), (PEOPLE, PEOPLE, PEOPLE, "applied")), found
    whole = found[3] == "applied"
    assert whole or "done" not in told, "it was said to be done, and is not there"
    retried = subprocess.run(_words(file), cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()[-1]
    assert retried == ("import_not_staged" if whole else "done"), retried
    assert _seen(file) == (PEOPLE, PEOPLE, PEOPLE, "applied") and _schema(file) == before
    return "nothing" if not whole else "all, told" if "done" in told else "all"


def _words(file: Path) -> list[str]:
    return [sys.executable, "-m", "tests.workflows.exchange.kills", str(file)]


def _seen(file: Path) -> tuple[int, int, int, str]:
    """What stands in the file, by SQLite alone; it must be whole."""
    with closing(sqlite3.connect(file)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        found: tuple[int, int, int, str] = base.execute(COUNTED).fetchone()
    return found


def _schema(file: Path) -> list[tuple[str, str]]:
    """Indexes and guards, which an import lays aside and puts back."""
    with closing(sqlite3.connect(file)) as base:
        named = "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY name"
        return list(base.execute(named))


def rounds(count: int, seed: int = 1, tell: Callable[[Counter[str]], None] = lambda found: None) -> Counter[str]:
    """Kill so many times, at moments spread over the whole of an undisturbed run and beyond."""
    chance, found = random.Random(seed), Counter[str]()
    with TemporaryDirectory() as home:
        folder = Path(home)
        template = folder / "template.sqlite3"
        staged(template)
        databases.copy_sqlite(template, folder / "county.sqlite3")
        began = perf_counter()
        apply(folder / "county.sqlite3")
        took = perf_counter() - began
        for _ in range(count):
            found[killed(template, folder, chance.uniform(0, 2 * took))] += 1
            tell(found)
    return found


def _say(found: Counter[str]) -> None:
    print(f"{found.total()} kills, no part left: {dict(found)}", flush=True)


def main() -> None:
    """A number of kills, or a county whose import is to be applied."""
    sealing.use(databases.KEYS)
    if sys.argv[1].isdecimal():
        rounds(int(sys.argv[1]), tell=_say)
    else:
        indexes.LEAST = behind.LEAST = PEOPLE
        print(apply(Path(sys.argv[1]), held=sys.argv[2:] == ["held"]))


if __name__ == "__main__":
    main()
