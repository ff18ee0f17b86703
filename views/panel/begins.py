"""Where the pages far down a list begin: kept while somebody goes on, who need not leave out all rows before again.

To leave out 50,000 rows takes a database as long as the rest of the page. Kept are only the values by which the first
row of a page is sorted, for each reader, list, order and size; every row that is shown is read anew, under the reader's
division. The next page begins with the row that follows the last one shown, whatever came or went before: nobody is
left out on the way. Where a page no longer ends before the one that is kept, something came or went on it, and all that
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
"""Up to so many rows are left out by counting them off."""
SECONDS = 120
"""So long a list is kept after it was last asked for."""
LISTS = 200
"""Lists of readers that are kept for a database."""


@dataclass(frozen=True)
class Walk:
    """A list in its order, the values it is sorted by (the number last, none of them empty), and whether downwards."""

    rows: Select[Any]
    columns: Sequence[Any]
    down: bool
    size: int

    def __call__(self, session: Session, page: int, begins: dict[int, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The values of a page's rows and of the one after it, counted off from the nearest page before it."""
        near, rows = max((known for known in begins if known <= page), default=1), self.rows
        if near in begins:
            place = tuple_(*self.columns)
            rows = rows.where(place <= begins[near] if self.down else place >= begins[near])
        return [tuple(row) for row in session.execute(rows.offset((page - near) * self.size).limit(self.size + 1))]


@dataclass
class Begins:
    """The first rows of pages, by their values, all counted off from one another; until when they are kept."""

    of: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    until: float = 0.0

    def note(self, page: int, found: Sequence[tuple[Any, ...]], size: int) -> None:
        """Keep where this page begins, and the next; the page before the first one that is kept keeps the next."""
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
