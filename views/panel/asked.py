"""What an address asks of a list: page, size, order, filters; anything strange in it is left aside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from views.numbers import whole
from views.panel.filters import Filter

SIZES = (20, 50, 100)
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Asked:
    """A list as asked for; ``sort`` is a column's name, with a minus before it for the other way round.

    ``whole`` asks for the number of all rows, however many; no link carries it on.
    """

    page: int
    size: int
    sort: str
    filters: Mapping[str, str]
    whole: bool = False

    def arguments(self, default_sort: str) -> dict[str, Any]:
        """The shortest address arguments that ask for the same."""
        found = {**self.filters, **self.manner(default_sort)}
        if self.page > 1:
            found["page"] = self.page
        return found

    def manner(self, default_sort: str) -> dict[str, Any]:
        """Order and page size as arguments, where they are not the usual ones."""
        found: dict[str, Any] = {} if self.sort == default_sort else {"sort": self.sort}
        return found if self.size == SIZES[0] else {**found, "size": self.size}

    def on_page(self, page: int) -> "Asked":
        """The same list, another page."""
        return replace(self, page=page)

    def sized(self, size: int) -> "Asked":
        """The same list from its first page, in pages of another size."""
        return replace(self, size=size, page=1)

    def sorted_by(self, name: str) -> "Asked":
        """The same list by a column; by the one it is sorted by already, the other way round."""
        return replace(self, sort=f"-{name}" if self.sort == name else name, page=1)

    def without(self, *names: str) -> "Asked":
        """The same list from its first page, without these filters."""
        return replace(self, filters={k: v for k, v in self.filters.items() if k not in names}, page=1)

    def unfiltered(self) -> "Asked":
        """The same list from its first page, without any filter."""
        return replace(self, filters={}, page=1)


def read(
    args: MultiDict[str, str], sortable: Sequence[str], usual: Callable[[Mapping[str, str]], str],
    filters: Sequence[Filter],
) -> Asked:  # fmt: skip
    """Read the arguments of an address; ``usual`` says how a list is sorted unless the address says otherwise."""
    found = _filters(args, filters)
    sort, size, page = (args.get(name, "") for name in ("sort", "size", "page"))
    return Asked(
        page=min(whole(page) or 1, LAST_PAGE),
        size=int(size) if size in map(str, SIZES) else SIZES[0],
        sort=sort if sort.removeprefix("-") in sortable else usual(found),
        filters=found,
        whole=args.get("count") == "all",
    )


def _filters(args: MultiDict[str, str], filters: Sequence[Filter]) -> dict[str, str]:
    """In the order of declaration: a township is known before its villages are asked for."""
    found: dict[str, str] = {}
    for one in filters:
        value = args.get(one.name, "")
        clean = one.clean(value, found) if value and "\x00" not in value else ""
        if clean:
            found[one.name] = clean
    return found
