"""Lists that stay quick and stable at a million rows: ids first, then rows; counts that stop before they walk far."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, ngettext
from markupsafe import Markup, escape
from sqlalchemy import and_, case, func, literal, select, true

from views import saved_views
from views.case_words import headed
from views.context import actor, today
from views.db import db
from views.i18n import catalogue
from views.panel import asked, begins
from views.panel.asked import Asked
from views.panel.filters import Filter
from views.rendering import macros

Line = tuple[int, str, Any, Markup]
"""A row's number, its address, its first cell, and the others as they stand in the table."""

WRAP = frozenset(
    {"causes", "place", "village", "scheme", "condition", "fields", "reason", "note", "found", "visitors"}
    | {"review_due", "review_due_on", "step_due_on", "due_on"}
)
"""Columns whose cells may take two lines."""
MOST = 10_000
"""Rows beyond this are not counted unless somebody asks for it: the page says “more than 10,000”."""
NEAR = 1_000
"""Rows that are looked at for each page, in its order, where no index leads to those that fit."""
NEAR_PAGES = 10
"""Pages up to which that is tried; further on all that fit are gathered."""


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


class Paged:
    """``filters``, ``column_sortable_list`` (indexed columns only), ``default_sort``, ``sort_with`` and ``sums``."""

    model: type[Any]
    filters: ClassVar[Sequence[Filter]] = ()
    default_sort: ClassVar[str] = "-id"
    sums: ClassVar[Mapping[str, Any]] = {}
    options: ClassVar[Callable[[], Sequence[Any]]] = tuple
    """What is read with the rows; a function, because naming a relation sets up those of all tables at once."""
    sort_with: ClassVar[Mapping[str, str]] = {}
    num_columns: ClassVar[frozenset[str]] = frozenset()
    wrap_columns: ClassVar[frozenset[str]] = WRAP
    list_template = "admin/model/list.html"
    page_size = asked.SIZES[0]
    can_set_page_size = True

    def get_list(self, want: Asked) -> Page:  # type: ignore[override]
        """The page that is asked for; a page past the end becomes the last one."""
        names, holds = self.looked(want)
        page = self._sought(want, names, holds) if holds else self._listed(want)
        return self._counted(want, page) if want.whole and page.capped else page

    def _listed(self, want: Asked) -> Page:
        """Where an index leads to the rows: those of the page, and a count that stops."""
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
        """Where no index leads to the rows: they are among the next ones in order, or so few that all are gathered."""
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
        """Names of the filters in use to which no index leads, and what they ask of a row."""
        used = [one for one in self.filters if one.name in want.filters and one.looks(want.filters[one.name])]
        return [one.name for one in used], [one.holds(want.filters[one.name]) for one in used]

    def _ids(self, base: Any, want: Asked, page: int) -> Sequence[int]:
        query = base.order_by(*self.order(want.sort)).limit(want.size).offset((page - 1) * want.size)
        return db.session.scalars(query).all()

    def _further(self, base: Any, want: Asked, page: int) -> Sequence[int]:
        """The same of a list too long to be counted, where a page far down begins where the one before it ended."""
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
        query = select(self.model).where(self.model.id.in_(ids)).options(*self.options())
        found = {row.id: row for row in db.session.scalars(query)}
        return [found[id] for id in ids if id in found]

    def _count(self, base: Any, most: int | None) -> tuple[int, dict[str, int]]:
        columns = [column.label(name) for name, column in self.sums.items()]
        inner = base.with_only_columns(literal(1).label("one"), *columns).select_from(self.model).limit(most)
        some = inner.order_by(None).subquery()
        totals = select(func.count(), *(func.sum(some.c[name]) for name in self.sums)).select_from(some)
        count, *sums = db.session.execute(totals).one()
        return count, dict(zip(self.sums, [int(s or 0) for s in sums], strict=True))

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The list; without anything asked for, as its reader wants it to begin."""
        if not request.args and (usual := saved_views.usual(self.endpoint)):  # type: ignore[attr-defined]
            return redirect(usual.url)
        want = asked.read(request.args, self.sortable, self.usual_sort, self.filters)
        page = self.get_list(want)
        want = want.on_page(min(want.page, page.last))
        return self.render(self.list_template, **self.list_context(want, page))  # type: ignore[attr-defined]

    def list_context(self, want: Asked, page: Page) -> dict[str, Any]:
        """What the list's template is given."""
        columns = _columns(self, catalogue())
        return {
            "page": page,
            "want": want,
            "list_columns": columns,
            "lines": self.lines(page.rows, columns),
            "sortable": self.sortable,
            "num_columns": self.num_columns,
            "list_url": self.list_url,
            "bar": self.bar(want),
            "here": saved_views.kept_query(self, want),
            "kept": self.kept(want),
            "chips": self.chips(want),
            "total": self.total(page),
            "count_url": self.count_url(want) if page.capped else "",
            "sizes": [(size, self.list_url(want.sized(size))) for size in asked.SIZES],
        }

    def bar(self, want: Asked) -> list[Markup]:
        """The fields of the filters that have one, each with what is asked."""
        shown = ((one, tuple(one.choices(want.filters))) for one in self.filters)
        asks = [(one, choices, want.filters.get(one.name, "")) for one, choices in shown if one.shows(choices)]
        words = catalogue()
        return [_field(one, choices, value, words) for one, choices, value in asks]

    def lines(self, rows: Sequence[Any], columns: Sequence[tuple[str, str]]) -> list[Line]:
        """What stands in the table, row by row, so that the template only writes it down."""
        first, *others = (self.way(name) for name, _ in columns)  # type: ignore[attr-defined]
        cells = [(str(self.cell_tag(*column)), way) for column, way in zip(columns[1:], others, strict=True)]
        said = [Markup("".join([f"{tag}{escape(way(row))}</td>" for tag, way in cells])) for row in rows]
        return [(row.id, self.row_url(row), first(row), others) for row, others in zip(rows, said, strict=True)]

    def cell_tag(self, name: str, label: str) -> Markup:
        """How the cells of a column begin, from the second column on."""
        return _tag("num" if name in self.num_columns else "" if name in self.wrap_columns else "nw", label)

    def usual_sort(self, filters: Mapping[str, str]) -> str:
        """How the list is sorted when nobody says otherwise: by what a filter in use is about, else the usual way."""
        return next((name for key, name in self.sort_with.items() if key in filters), self.default_sort)

    def kept(self, want: Asked) -> dict[str, Any]:
        """What the filter form carries along unseen: order, size, and filters that have no field in the bar."""
        unseen = {one.name for one in self.filters if not one.in_bar}
        kept = {name: value for name, value in want.filters.items() if name in unseen}
        return {**kept, **want.manner(self.usual_sort(want.filters))}

    @property
    def sortable(self) -> tuple[str, ...]:
        """Names of the columns a list may be sorted by."""
        return ("id", *(self.column_sortable_list or ()))  # type: ignore[attr-defined]

    def list_url(self, want: Asked) -> str:
        """The address of a list; that of the whole list says so where its reader's begins with a view."""
        arguments = want.arguments(self.usual_sort(want.filters))
        if not arguments and saved_views.usual(self.endpoint):  # type: ignore[attr-defined]
            arguments = {"view": "all"}
        return url_for(f"{self.endpoint}.index_view", **arguments)  # type: ignore[attr-defined]

    def count_url(self, want: Asked) -> str:
        """The address of the same page with all rows counted."""
        arguments = want.arguments(self.usual_sort(want.filters))
        return url_for(f"{self.endpoint}.index_view", **arguments, count="all")  # type: ignore[attr-defined]

    def chips(self, want: Asked) -> list[dict[str, str]]:
        """The filters in use, in words, each with the address of the list without it."""
        return [
            {
                "label": headed(one.label, one.shown(want.filters[one.name], want.filters)),
                "url": self.list_url(want.without(one.name)),
            }
            for one in self.filters
            if one.name in want.filters
        ]

    def total(self, page: Page) -> str:
        """How many rows the filters leave, in words."""
        if page.capped:
            return gettext("More than %(count)s rows", count=page.beyond)
        return ngettext("%(count)s row", "%(count)s rows", page.count, count=f"{page.count:,}")

    def steps_in_bulk(self) -> Sequence[tuple[str, str]]:
        """(code, word) of the steps that may be taken for ticked rows; a list of cases has some."""
        return ()

    def row_url(self, row: Any) -> str:
        """Where a row leads; empty when it leads nowhere."""
        return ""


@lru_cache(maxsize=512)
def _columns(view: Paged, words: Any) -> Sequence[tuple[str, str]]:
    """Name and head of each column of a list, put into words once for a language."""
    return tuple((name, str(label)) for name, label in view._list_columns)  # type: ignore[attr-defined]


@lru_cache(maxsize=512)
def _tag(kind: str, label: str) -> Markup:
    return Markup('<td{} data-label="{}">').format(Markup(f' class="{kind}"' if kind else ""), label)


@lru_cache(maxsize=512)
def _field(one: Filter, choices: Sequence[tuple[str, str]], value: str, words: Any) -> Markup:
    """A filter's field, written once for what it offers and holds in a language."""
    kit = macros("panel/kit/tables.html")
    if one.kind == "select":
        return Markup(kit.filter_select(one.name, str(one.label), choices, value))
    return Markup(kit.filter_text(one.name, str(one.label), value, type=one.kind))
