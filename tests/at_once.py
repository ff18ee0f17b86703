"""Several people at work at once, each in a thread of their own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from models import sealing


def at_once(work: Callable[[Any], Any], each: Iterable[Any]) -> list[Any]:
    """What ``work`` comes to for each of them, all begun together; raises what one of them raised.

    They seal and open with the keys of whoever asks.
    """
    people = list(each)
    with ThreadPoolExecutor(len(people), initializer=sealing.use, initargs=(sealing.keys(),)) as threads:
        return list(threads.map(work, people))
