"""Why something is refused: a code and its arguments, which views turn into a sentence."""

from collections.abc import Iterable
from typing import Any

LEAST_WORDS = 2
"""Fewest characters that count as words where somebody has to give some."""


class Reason:
    """One reason; equal when code and arguments are equal. ``Reason("two_surveyors", have=1)``."""

    __slots__ = ("args", "code")

    def __init__(self, code: str, **args: Any) -> None:
        self.code, self.args = code, args

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reason) and (self.code, self.args) == (other.code, other.args)

    def __hash__(self) -> int:
        return hash((self.code, repr(sorted(self.args.items()))))

    def __repr__(self) -> str:
        return f"Reason({self.code!r}, {', '.join(f'{k}={v!r}' for k, v in self.args.items())})"


class Refused(Exception):
    """A step is not lawful now; carries every reason at once."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(", ".join(map(repr, self.reasons)))


class Stale(Refused):
    """Somebody else changed the row since the form was opened."""

    def __init__(self, have: int, now: int) -> None:
        super().__init__([Reason("stale", have=have, now=now)])


def unchanged(row: Any, version: int | None) -> None:
    """Raise Stale where somebody changed the row since this version of it was seen; without a version, nothing."""
    if version is not None and version != row.row_version:
        raise Stale(version, row.row_version)
