"""One address, asked again and again: its time, its statements, how much of the database they walk through."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from models.base import reading
from views.db import db

BIG = frozenset(
    {"household", "household_cause", "member", "benefit", "visit", "visitor", "event", "audit_entry", "owed_paper"}
    | {"income_line", "spending_line", "asset", "obligor", "name_index", "crosscheck", "objection"}
)
"""Tables that grow with the county."""
STEPS = 100
"""SQLite's own steps are counted so many at a time."""
FEW_STEPS = 300
"""Thousands of them: what counting up to the 10,000 rows takes after which a list stops counting."""


@dataclass
class Statement:
    """A statement as it was sent; ``steps`` are SQLite's own, in thousands, where they were counted."""

    text: str
    values: Any
    seconds: float = 0.0
    steps: float = 0.0


@dataclass
class Measured:
    """What a page took; times in milliseconds, ``steps`` in thousands of SQLite's own; plans of heavy statements."""

    status: int
    ms: float
    cpu_ms: float
    sql_ms: float
    steps: float
    size: int
    statements: list[Statement]
    heavy: dict[str, list[str]]


def measure(app: Flask, ask: Callable[[], TestResponse], rounds: int) -> Measured:
    """Ask once to warm up, once for the statements, then so many times for the medians."""
    with app.app_context():
        engine = db.engine  # and out again: each request has a session of its own
    ask()
    with _stepping(engine) as steps, _listening(engine, steps) as said:
        answer = ask()
    with _listening(engine) as timed:
        whole = [_timed(ask) for _ in range(rounds)]
    return Measured(
        status=answer.status_code,
        ms=median(ms for ms, _ in whole),
        cpu_ms=median(cpu for _, cpu in whole),
        sql_ms=sum(one.seconds for one in timed) / rounds * 1000,
        steps=steps[0] * STEPS / 1000,
        size=len(answer.data),
        statements=said,
        heavy={one.text: _plan(engine, one) for one in said if one.steps > FEW_STEPS},
    )


def processor(*engines: Engine) -> Callable[[], float]:
    """A clock of processor seconds: this process's and, of PostgreSQL, those of the server's that answer it.

    Where the system does not say what another process took, it is the clock on the wall.
    """
    if engines[0].dialect.name == "sqlite":
        return process_time
    if not Path("/proc/self/schedstat").exists():
        return perf_counter
    servers, lost = set[int](), 0.0

    def met(raw: Any, *rest: Any) -> None:
        servers.add(raw.info.backend_pid)

    def clock() -> float:
        nonlocal lost  # what the clock itself takes is of no page
        began = process_time()
        there = sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in servers)
        told = began - lost + there / 1e9
        lost += process_time() - began
        return told

    for engine in engines:
        event.listen(engine, "checkout", met)
    return clock


def reads_whole_table(line: str) -> bool:
    """Whether a line of a plan says that a table which grows is read row by row, with no index."""
    found = re.match(r"SCAN (\w+?)(_\d+)?$", line.strip())
    return bool(found) and found[1] in BIG


def _timed(ask: Callable[[], Any]) -> tuple[float, float]:
    began, cpu = perf_counter(), process_time()
    ask()
    return (perf_counter() - began) * 1000, (process_time() - cpu) * 1000


@contextmanager
def _listening(engine: Engine, steps: Sequence[int] = (0,)) -> Iterator[list[Statement]]:
    """Gather statements and what each took, but for the beginnings of transactions."""
    said: list[Statement] = []
    until = [0]

    def close() -> None:
        # Rows are fetched after a statement was sent: what SQLite did up to the next one belongs to it.
        if said:
            said[-1].steps += (steps[0] - until[0]) * STEPS / 1000
        until[0] = steps[0]

    def before(connection: Any, cursor: Any, text: str, values: Any, *rest: Any) -> None:
        close()
        connection.info["began"] = perf_counter()

    def after(connection: Any, cursor: Any, text: str, values: Any, *rest: Any) -> None:
        if not text.startswith("BEGIN"):
            said.append(Statement(text, values, perf_counter() - connection.info["began"]))

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield said
    finally:
        close()
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


@contextmanager
def _stepping(engine: Engine) -> Iterator[list[int]]:
    """Count the steps of SQLite's machine, which no other program on the machine can lengthen."""
    counted = [0]

    def step() -> int:
        counted[0] += 1
        return 0

    def out(raw: Any, *rest: Any) -> None:
        raw.set_progress_handler(step, STEPS)

    def back(raw: Any, *rest: Any) -> None:
        if raw is not None:
            raw.set_progress_handler(None, 0)

    event.listen(engine, "checkout", out)
    event.listen(engine, "checkin", back)
    try:
        yield counted
    finally:
        event.remove(engine, "checkout", out)
        event.remove(engine, "checkin", back)


def _plan(engine: Engine, one: Statement) -> list[str]:
    if not one.text.lstrip().upper().startswith(("SELECT", "WITH")):
        return []
    with reading(), engine.connect() as connection:
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one.text}", one.values)]
