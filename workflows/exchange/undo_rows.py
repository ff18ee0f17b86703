"""Rows of an applied batch as an undo sees them: what each became, whether it still stands, and why one stays."""

from typing import NamedTuple


class Staged(NamedTuple):
    """A row of the batch that is still in force: its number in the sheet, what it became, and in which family."""

    id: int
    number: int
    table: str
    outcome: str
    row_id: int | None
    label: str
    marks: frozenset[str]
    home: int
    stands: bool
    """Nobody has written the row itself since."""


class Left(NamedTuple):
    """A row that stays; ``why`` is edited, step, visit, joined, details, or family: another row of its family stays."""

    row: Staged
    why: str
