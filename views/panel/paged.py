"""Lists that stay quick and stable at a million rows: ids first, then rows; counts that stop at ten thousand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, ngettext
from markupsafe import Markup, escape
from sqlalchemy import func, literal, select

from views import saved_views
from views.case_words import headed
from views.db import db
from views.i18n import catalogue
from views.panel import asked
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
"""Rows beyond this are not counted: the page says “10,000+”."""


@dataclass(frozen=True)
class Page:
    """A page of a list: its rows, how many there are in all (capped), and the sums of all of them."""

    rows: Sequence[Any]
    count: int
    sums: Mapping[str, int]
    last: int

    @property
    def capped(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.count > MOST


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
        base = self.scope(select(self.model.id).where(*self.clauses(want)))  # type: ignore[attr-defined]
        ids = self._ids(base, want, 1) if want.page == 1 and not self.sums else None
        if ids is not None and len(ids) < want.size:  # that is all of them
            return Page(self.load(ids), len(ids), {}, 1)
        count, sums = self._count(base)
        last = max(1, -(-count // want.size))
        page = want.page if count > MOST else min(want.page, last)
        if ids is None:
            ids = self._ids(base, want, page) if count else []
        return Page(self.load(ids), count, sums, page if count > MOST else last)

    def _ids(self, base: Any, want: Asked, page: int) -> Sequence[int]:
        query = base.order_by(*self.order(want.sort)).limit(want.size).offset((page - 1) * want.size)
        return db.session.scalars(query).all()

    def clauses(self, want: Asked) -> list[Any]:
        """The conditions of the filters in use."""
        return [one.clause(want.filters[one.name]) for one in self.filters if one.name in want.filters]

    def order(self, sort: str) -> list[Any]:
        """The column asked for, rows without a value last, and the number, so that no row stands on two pages."""
        name, back = sort.removeprefix("-"), sort.startswith("-")
        column = getattr(self.model, name)
        key = column.desc() if back else column.asc()
        if getattr(column.property.columns[0], "nullable", False):
            key = key.nulls_last()
        number = self.model.id.desc() if back else self.model.id
        return [number] if name == "id" else [key, number]

    def load(self, ids: Sequence[int]) -> list[Any]:
        """The rows of these numbers in this order, with all that their cells need."""
        if not ids:
            return []
        query = select(self.model).where(self.model.id.in_(ids)).options(*self.options())
        found = {row.id: row for row in db.session.scalars(query)}
        return [found[id] for id in ids if id in found]

    def _count(self, base: Any) -> tuple[int, dict[str, int]]:
        columns = [column.label(name) for name, column in self.sums.items()]
        inner = base.with_only_columns(literal(1).label("one"), *columns).select_from(self.model).limit(MOST + 1)
        some = inner.order_by(None).subquery()
        totals = select(func.count(), *(func.sum(some.c[name]) for name in self.sums)).select_from(some)
        count, *sums = db.session.execute(totals).one()
        return count, dict(zip(self.sums, [int(s or 0) for s in sums], strict=True))

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The list; without anything asked for, as its reader wants it to begin."""
        if not request.args and (begins := saved_views.usual(self.endpoint)):  # type: ignore[attr-defined]
            return redirect(begins.url)
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
            return gettext("More than %(count)s rows", count=f"{MOST:,}")
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
