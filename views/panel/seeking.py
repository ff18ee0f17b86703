"""The rows of a list, quick and stable at a million: first the ids, then the rows; counting stops at a limit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sqlalchemy import and_, case, func, literal, select, true

from views.context import actor, today
from views.db import db
from views.panel import begins
from views.panel.asked import Asked
from views.panel.filters import Filter

MOST = 10_000
"""Rows beyond this are not counted unless somebody asks for it: the page says “more than 10,000”."""
NEAR = 1_000
"""Rows looked at for each page, in its order, where no index finds those that fit."""
NEAR_PAGES = 10
"""Pages for which that is tried; for later ones all rows that fit are gathered."""


@dataclass(frozen=True)
class Page:
    """A page of a list: its rows, how many there are in all, and the sums of all of them.

    ``capped``: there are more, ``count`` is only how many were met and ``last`` this page; ``more``: a page follows.
    """

    rows: Sequence[Any]
    count: int
    sums: Mapping[str, int]
    last: int
    capped: bool = False
    more: bool = False

    @property
    def beyond(self) -> str:
        """A round number that the rows of a capped list exceed, in digits."""
        below = max(self.count - 1, 0)
        unit = 10 ** max(len(str(below)) - 2, 0)
        return f"{below // unit * unit:,}"


class Seeking:
    """Finds and counts the rows of a list; ``filters`` are those it may have, ``sums`` the columns added up."""

    model: type[Any]
    filters: ClassVar[Sequence[Filter]] = ()
    sums: ClassVar[Mapping[str, Any]] = {}
    options: ClassVar[Callable[[], Sequence[Any]]] = tuple
    """What is read with the rows; a function, because naming a relation sets up those of all tables at once."""

    def get_list(self, want: Asked) -> Page:
        """The page that is asked for; a page past the end becomes the last one."""
        names, holds = self.looked(want)
        page = self._sought(want, names, holds) if holds else self._listed(want)
        return self._counted(want, page) if want.whole and page.capped else page

    def _listed(self, want: Asked) -> Page:
        """The page where an index finds the rows: count up to a limit, then take the page."""
        base = self.scope(select(self.model.id).where(*self.clauses(want)))  # type: ignore[attr-defined]
        ids = self._ids(base, want, 1) if want.page == 1 and not self.sums else None
        if ids is not None and len(ids) < want.size:  # that is all of them
            return Page(self.load(ids), len(ids), {}, 1)
        count, sums = self._count(base, MOST + 1)
        last = max(1, -(-count // want.size))
        page = want.page if count > MOST else min(want.page, last)
        if ids is None:
            ids = (self._further if count > MOST else self._ids)(base, want, page) if count else []
        if count > MOST:
            return Page(self.load(ids), count, sums, page, True, len(ids) == want.size)
        return Page(self.load(ids), count, sums, last, more=page < last)

    def _sought(self, want: Asked, names: Sequence[str], holds: Sequence[Any]) -> Page:
        """The page where no index finds the rows.

        First a limited number of rows is looked at in the list's order, which is enough where many fit. Otherwise few
        fit, and all of them are gathered by the condition's own table.
        """
        page = None
        if want.page <= NEAR_PAGES:
            page = self._seen(want, self.clauses(want.without(*names)), holds, NEAR * want.page)
        page = page or self._seen(want, self.clauses(want), (), max(MOST, want.page * want.size))
        if page is None and want.page > 1:
            first = self._seen(want.on_page(1), self.clauses(want), (), MOST)
            page = self._sought(want.on_page(first.last), names, holds) if first else None
        return page or Page((), 0, dict.fromkeys(self.sums, 0), 1)

    def _seen(self, want: Asked, clauses: Sequence[Any], holds: Sequence[Any], most: int) -> Page | None:
        """The page, by the first ``most`` rows of the clauses, of which those that hold are shown and counted.

        None when nothing stands on it, or when there are more rows and not one of those seen is left for the page
        after it.
        """
        order = want.sort.removeprefix("-")
        columns = {"id": self.model.id, order: getattr(self.model, order)}
        told = {f"sum_{name}": column for name, column in self.sums.items()}
        asked = [column.label(name) for name, column in (columns | told).items()]
        base = select(*asked, and_(true(), *holds).label("fits")).where(*clauses)
        rows = self.scope(base).order_by(*self.order(want.sort)).limit(most + 1).cte("seen")  # type: ignore[attr-defined]
        met = [func.count(case((rows.c.fits, 1))), *(func.sum(case((rows.c.fits, rows.c[name]))) for name in told)]
        told_of = select(func.count().label("looked"), *(one.label(f"met_{n}") for n, one in enumerate(met))).subquery()
        query = select(rows.c.id, told_of).join_from(rows, told_of, true()).where(rows.c.fits)
        query = query.order_by(*self.order(want.sort, rows.c))
        found = db.session.execute(query.limit(want.size).offset((want.page - 1) * want.size)).all()
        if not found:
            return None
        _, looked, count, *sums = found[0]
        more = count > want.page * want.size
        if looked > most and not more:
            return None
        last = want.page if looked > most else -(-count // want.size)
        totals = dict(zip(self.sums, [int(s or 0) for s in sums], strict=True))
        return Page(self.load([row.id for row in found]), count, totals, last, looked > most, more)

    def _counted(self, want: Asked, page: Page) -> Page:
        """The same page with the number of all rows, however long it takes to count them."""
        base = self.scope(select(self.model.id).where(*self.clauses(want)))  # type: ignore[attr-defined]
        count, sums = self._count(base, None)
        return replace(page, count=count, sums=sums, last=max(page.last, -(-count // want.size)), capped=False)

    def looked(self, want: Asked) -> tuple[Sequence[str], Sequence[Any]]:
        """The filters in use for which no index finds the rows: their names, and their conditions."""
        used = [one for one in self.filters if one.name in want.filters and one.looks(want.filters[one.name])]
        return [one.name for one in used], [one.holds(want.filters[one.name]) for one in used]

    def _ids(self, base: Any, want: Asked, page: int) -> Sequence[int]:
        query = base.order_by(*self.order(want.sort)).limit(want.size).offset((page - 1) * want.size)
        return db.session.scalars(query).all()

    def _further(self, base: Any, want: Asked, page: int) -> Sequence[int]:
        """The ids of a page of a list too long to count; far down it begins where an earlier page was seen to end."""
        column = getattr(self.model, want.sort.removeprefix("-"))
        if page * want.size < begins.FAR or getattr(column.property.columns[0], "nullable", False):
            return self._ids(base, want, page)
        columns = [self.model.id] if column is self.model.id else [column, self.model.id]
        rows = base.with_only_columns(*columns).order_by(*self.order(want.sort))
        walk = begins.Walk(rows, columns, want.sort.startswith("-"), want.size)
        whose = self.endpoint, actor(), today(), tuple(want.filters.items()), want.sort  # type: ignore[attr-defined]
        return begins.ids(db.session(), walk, page, whose)

    def clauses(self, want: Asked) -> list[Any]:
        """The conditions of the filters in use."""
        return [one.clause(want.filters[one.name]) for one in self.filters if one.name in want.filters]

    def order(self, sort: str, of: Any = None) -> list[Any]:
        """The column asked for, rows without a value last, and the number, so that no row stands on two pages.

        ``of``: columns of these names; without it those of the table.
        """
        name, back, of = sort.removeprefix("-"), sort.startswith("-"), of or self.model
        column = getattr(of, name)
        key = column.desc() if back else column.asc()
        if getattr(getattr(self.model, name).property.columns[0], "nullable", False):
            key = key.nulls_last()
        number = of.id.desc() if back else of.id
        return [number] if name == "id" else [key, number]

    def load(self, ids: Sequence[int]) -> list[Any]:
        """The rows of these numbers in this order, with all that their cells need."""
        if not ids:
            return []
        query = select(self.model).where(self.model.id.in_(ids)).options(*type(self).options())
        found = {row.id: row for row in db.session.scalars(query)}
        return [found[id] for id in ids if id in found]

    def _count(self, base: Any, most: int | None) -> tuple[int, dict[str, int]]:
        columns = [column.label(name) for name, column in self.sums.items()]
        inner = base.with_only_columns(literal(1).label("one"), *columns).select_from(self.model).limit(most)
        some = inner.order_by(None).subquery()
        totals = select(func.count(), *(func.sum(some.c[name]) for name in self.sums)).select_from(some)
        count, *sums = db.session.execute(totals).one()
        return count, dict(zip(self.sums, [int(s or 0) for s in sums], strict=True))
