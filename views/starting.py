"""How a start is left alone by the collector of garbage. Comes before the panel, so it imports nothing of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Leave the collector out while the panel is loaded, and what stands there afterwards out of its later rounds.

    A start makes two hundred thousand things that all stay; looking through them four hundred times takes a seventh of
    it. Only the first app of a process is laid aside for good: what tests make and drop is collected as ever.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
        if not gc.get_freeze_count():
            gc.freeze()
    finally:
        if collects:
            gc.enable()
