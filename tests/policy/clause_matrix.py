"""docs/clauses.md as a table: reading it, and filling in which worked examples show each clause.

``python -m tests.policy.clause_matrix`` writes the last column anew.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from tests.policy.worked import examples

PAGE = Path(__file__).parents[2] / "docs" / "clauses.md"
CLAUSE = re.compile(r"(?:GX|JL|DJ|MS|NP|N)-[\w./]+")
MOST = 6
"""So many examples are named; of more, the number is told."""


@dataclass(frozen=True)
class Row:
    """One clause: what it says, its kind, the figures or functions that carry it, and the examples named."""

    clause: str
    says: str
    kind: str
    carriers: tuple[str, ...]
    shown_by: str

    def __str__(self) -> str:
        carriers = " ".join(f"`{name}`" for name in self.carriers) or "—"
        return f"| {self.clause} | {self.says} | {self.kind} | {carriers} | {self.shown_by} |"


def read_row(line: str) -> Row | None:
    """The clause a line tells of; None for any other line."""
    cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
    if not line.startswith("| ") or not CLAUSE.fullmatch(cells[0]):
        return None
    clause, says, kind, carriers, shown_by = cells
    return Row(clause, says, kind, tuple(re.findall(r"`([^`]+)`", carriers)), shown_by)


def rows() -> list[Row]:
    """Every clause of the page, in its order."""
    return [row for line in PAGE.read_text(encoding="utf-8").splitlines() if (row := read_row(line))]


def named(clause: str) -> str:
    """The examples that show a clause, as the page names them."""
    names = [one.name for one in examples() if clause in one.clauses]
    more = f" 等{len(names)}个" if len(names) > MOST else ""
    return " ".join(f"`{name}`" for name in names[:MOST]) + more if names else "—"


def written() -> str:
    """The page with its last column as the examples are now."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    found = [(line, read_row(line)) for line in lines]
    return "".join(f"{replace(row, shown_by=named(row.clause)) if row else line}\n" for line, row in found)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
