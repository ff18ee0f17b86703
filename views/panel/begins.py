"""Pages far down a list: where each begins is remembered, so that the rows before it need not be skipped again.

Skipping 50,000 rows takes a database as long as the rest of the page. For each reader, list, order and size the values
are kept by which the first row of a page is sorted, and nothing else; the rows that are shown are read anew, under the
reader's division. The next page begins with the row that follows the last one shown, whatever was added or removed
before it, so nobody is left out on the way. Where a page no longer ends where the next one was said to begin, all that
is kept of later pages is forgotten.
"""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Session

FAR = 2_000
"""Rows that are simply skipped; only pages beyond them are remembered."""
SECONDS = 120
"""How long a list is remembered after it was last asked for."""
LISTS = 200
"""Lists that are remembered for one database, over all readers."""


@dataclass(frozen=True)
class Walk:
    """A list in its order: rows, the columns it is sorted by (the id last, none of them empty), the direction."""

    rows: Select[Any]
    columns: Sequence[Any]
    down: bool
    size: int

    def __call__(self, session: Session, page: int, begins: dict[int, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The sort values of a page's rows and of the next row; only rows since the nearest known page are skipped."""
        near, rows = max((known for known in begins if known <= page), default=1), self.rows
        if near in begins:
            place = tuple_(*self.columns)
            rows = rows.where(place <= begins[near] if self.down else place >= begins[near])
        return [tuple(row) for row in session.execute(rows.offset((page - near) * self.size).limit(self.size + 1))]


@dataclass
class Begins:
    """By page number, the sort values of its first row; and until when they are remembered."""

    of: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    until: float = 0.0

    def note(self, page: int, found: Sequence[tuple[Any, ...]], size: int) -> None:
        """Remember where this page and the next begin; what contradicts them on later pages is forgotten."""
        after = found[size] if len(found) > size else None
        if self.of.get(page + 1, after) != after:
            self.of = {known: row for known, row in self.of.items() if known <= page}
        for number, row in ((page, found[0] if found else None), (page + 1, after)):
            if row is not None and (number - 1) * size >= FAR:
                self.of[number] = row


_kept: WeakKeyDictionary[Any, OrderedDict[Hashable, Begins]] = WeakKeyDictionary()
_lock = Lock()


def ids(session: Session, walk: Walk, page: int, key: Hashable) -> list[int]:
    """The numbers of the rows on a page; ``key`` says whose list this is, and which."""
    begins = _known(session, (key, walk.size))
    found = walk(session, page, dict(begins.of))
    with _lock:
        begins.note(page, found, walk.size)
    return [values[-1] for values in found[: walk.size]]


def _known(session: Session, key: Hashable) -> Begins:
    with _lock:
        lists = _kept.setdefault(session.get_bind(), OrderedDict())
        begins = lists.pop(key, None)
        if begins is None or begins.until < monotonic():
            begins = Begins()
        lists[key], begins.until = begins, monotonic() + SECONDS
        while len(lists) > LISTS:
            lists.popitem(last=False)
        return begins
