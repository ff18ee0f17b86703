"""What the reading child says: a line of parts that a text in UTF-8 cannot hold the marks between.

A lot of rows is one line: what it is, its numbers and hidden numbers, and the text of each column. What parts columns
and cells, and stands for an end of line, are bytes that no text in UTF-8 has; a column of one and the same cell has it
once. So a column is split at one go, and most columns of a roster need none.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the child waits for no library that it can do without
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import IO

ROWS = "rows"
BEGIN = ROWS.encode()
"""How a lot begins, and nothing that is packed."""
CELL, COLUMN, LINE = "\udcff", "\udcfe", "\udcfd"
"""The bytes FF, FE and FD, as ``surrogateescape`` has them."""
IN_A_PIPE = 1 << 20
"""So many bytes wait in a pipe where the system lets them: the child goes on while some lots are not yet taken."""


def one_text(column: Sequence[str]) -> str:
    """A column of a lot as it is sent."""
    first = column[0]
    return first if first == column[-1] and column.count(first) == len(column) else CELL.join(column)


def as_line(*parts: str) -> bytes:
    """A line as it is sent."""
    return COLUMN.join(parts).replace("\n", LINE).encode("utf-8", "surrogateescape") + b"\n"


def parts_of(line: bytes) -> list[str]:
    """The parts of a line; in those of a lot ``LINE`` still stands for the end of a line."""
    return line.rstrip(b"\n").decode("utf-8", "surrogateescape").split(COLUMN)


def listed(numbers: Iterable[int]) -> str:
    """Numbers as a part."""
    return ",".join(map(str, numbers))


def numbers_of(part: str) -> list[int]:
    """The numbers of a part."""
    return list(map(int, part.split(","))) if part else []


def widen(*pipes: IO[bytes]) -> None:
    """Let more wait in pipes, where the system can and grants it."""
    try:
        import fcntl

        for pipe in pipes:
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, IN_A_PIPE)
    except (ImportError, AttributeError, OSError):
        return
