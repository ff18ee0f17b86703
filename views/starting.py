"""Keeps the garbage collector out of a start. Imported before the panel, so it imports nothing of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Stop the collector while the panel is loaded, and let it ignore from then on what was loaded.

    A start makes two hundred thousand objects that all stay; walking through them four hundred times takes a seventh of
    it. Only the first app of a process is ignored for good; apps that tests make and drop are collected as usual.
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
