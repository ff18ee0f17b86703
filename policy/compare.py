"""What changed between two findings, row by row: for a trial calculation that is pressed again, for a recheck.

Works on findings as they are stored and sent (``Finding.as_json``), so that old and new ones compare alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from policy.finding import Row


class Mark(StrEnum):
    """What became of a row since the finding before."""

    SAME = ""
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Marked(NamedTuple):
    """A row with its mark; ``old`` is the row it was before, where it changed."""

    mark: Mark
    row: Row
    old: Row | None = None


@dataclass(slots=True)
class Comparison:
    """``rows`` by section, in the order of the new finding, the removed ones where they stood; ``old`` by field."""

    old: dict[str, object] = field(default_factory=dict)
    rows: dict[str, list[Marked]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many fields and rows differ."""
        marked = sum(row.mark is not Mark.SAME for section in self.rows.values() for row in section)
        return len(self.old) + marked


FIELDS = (
    "outcome", "unit", "persons", "income_month", "per_capita", "standard", "monthly", "one_off", "range", "grace",
    "exit_money", "review_months", "valid_months", "authority", "deadlines",
)  # fmt: skip
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "parts": ("kind", "ref"), "members": ("ref",), "income": ("ref", "kind"), "obligors": (), "property": ("rule",),
    "reasons": ("code",), "advice": ("code",), "dates": ("code", "on"), "lines": ("label",), "figures_used": ("key",),
}  # fmt: skip
"""By which of its fields a row of each section is found again; none: by its place in the row."""

_Key = tuple[object, ...]


def compare(before: Mapping[str, object], after: Mapping[str, object]) -> Comparison:
    """What changed from one finding (as JSON) to another of the same scheme."""
    old = {name: before.get(name) for name in FIELDS if before.get(name) != after.get(name)}
    pairs = {name: (_rows(before, name), _rows(after, name)) for name in SECTIONS}
    return Comparison(old, {name: _marked(keys, *pairs[name]) for name, keys in SECTIONS.items()})


def unmarked(finding: Mapping[str, object]) -> Comparison:
    """A finding with nothing marked: what is shown where nothing came before."""
    return Comparison({}, {name: [Marked(Mark.SAME, row) for row in _rows(finding, name)] for name in SECTIONS})


def _rows(finding: Mapping[str, object], name: str) -> list[Row]:
    found = finding.get(name) or []
    if isinstance(found, Mapping):  # figures stand by key
        return [{"key": key, **row} for key, row in found.items()]
    return list(found) if isinstance(found, list) else []


def _numbered(keys: tuple[str, ...], rows: Iterable[Row]) -> dict[_Key, Row]:
    """Rows by key; a second row of the same key stands under its number."""
    found: dict[_Key, Row] = {}
    seen: dict[_Key, int] = {}
    for row in rows:
        key = tuple(row.get(name) for name in keys)
        seen[key] = seen.get(key, 0) + 1
        found[(*key, seen[key])] = row
    return found


def _marked(keys: tuple[str, ...], before: list[Row], after: list[Row]) -> list[Marked]:
    was, now = _numbered(keys, before), _numbered(keys, after)
    gone_after: dict[_Key | None, list[Marked]] = {}
    last: _Key | None = None
    for key, row in was.items():
        if key in now:
            last = key
        else:
            gone_after.setdefault(last, []).append(Marked(Mark.REMOVED, row))
    result = gone_after.pop(None, [])
    for key, row in now.items():
        result += [_mark(was.get(key), row), *gone_after.get(key, ())]
    return result


def _mark(old: Row | None, row: Row) -> Marked:
    if old is None:
        return Marked(Mark.ADDED, row)
    return Marked(Mark.SAME, row) if old == row else Marked(Mark.CHANGED, row, old)
