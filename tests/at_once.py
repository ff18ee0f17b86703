"""Several people at work at once, each in a thread of their own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Thread
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine, text

from models import sealing

LONGEST = 60
"""Seconds; longer than a loaded machine takes to come as far as the lock it waits for."""
HELD = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
)


def at_once(work: Callable[[Any], Any], each: Iterable[Any]) -> list[Any]:
    """What ``work`` comes to for each of them, all begun together; raises what one of them raised.

    They seal and open with the keys of whoever asks.
    """
    people = list(each)
    with ThreadPoolExecutor(len(people), initializer=sealing.use, initargs=(sealing.keys(),)) as threads:
        return list(threads.map(work, people))


def held_up(engine: Engine, work: Callable[[], Any]) -> Thread:
    """Begin ``work`` beside us; come back when PostgreSQL makes it wait for what somebody else holds.

    AssertionError where it ends without having waited, or never comes so far.
    """
    thread = Thread(target=copy_context().run, args=(work,))
    thread.start()
    end = monotonic() + LONGEST
    while not _waits(engine):
        assert thread.is_alive(), "it waited for nobody"
        assert monotonic() < end, "it never came so far"
        sleep(0.02)
    return thread


def _waits(engine: Engine) -> bool:
    with engine.connect() as looking:
        return bool(looking.scalar(HELD))
