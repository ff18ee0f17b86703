"""What the log keeps of a fault."""

from types import TracebackType


def bare(error: BaseException) -> tuple[type[BaseException], BaseException, TracebackType | None]:
    """A fault for ``exc_info``: its kind and where it was raised, not its message.

    A database repeats in its message the values it was given, and those are people's names and numbers.
    """
    return RuntimeError, RuntimeError(type(error).__name__), error.__traceback__
