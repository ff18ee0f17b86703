"""Lists as they are shown: heads, cells, the bar of filters, what is asked in words, and addresses of other pages."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, ngettext
from markupsafe import Markup, escape

from policy.division_codes import in_township
from views import places, saved_views
from views.case_words import headed
from views.context import actor
from views.i18n import catalogue
from views.panel import asked
from views.panel.asked import Asked
from views.panel.filters import Filter
from views.panel.seeking import Page, Seeking
from views.rendering import macros

Line = tuple[int, str, Any, Markup]
"""A row's number, its address, its first cell, and the others as they stand in the table."""

WRAP = frozenset(
    {"causes", "place", "village", "scheme", "condition", "fields", "reason", "note", "found", "visitors"}
    | {"title", "why", "review_due", "review_due_on", "step_due_on", "due_on"}
)
"""Columns whose cells may take two lines."""


class Paged(Seeking):
    """``column_sortable_list`` (indexed columns only), ``default_sort`` and ``sort_with`` say how a list is sorted."""

    default_sort: ClassVar[str] = "-id"
    sort_with: ClassVar[Mapping[str, str]] = {}
    num_columns: ClassVar[frozenset[str]] = frozenset()
    wrap_columns: ClassVar[frozenset[str]] = WRAP
    list_template = "admin/model/list.html"
    page_size = asked.SIZES[0]
    can_set_page_size = True

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
        first, *others = (self.seen(name) for name, _ in columns)
        cells = [(str(self.cell_tag(*column)), way) for column, way in zip(columns[1:], others, strict=True)]
        said = [Markup("".join([f"{tag}{escape(way(row))}</td>" for tag, way in cells])) for row in rows]
        return [(row.id, self.row_url(row), first(row), others) for row, others in zip(rows, said, strict=True)]

    def seen(self, name: str) -> Callable[[Any], Any]:
        """How the page shows a column: as a file has it, but villages as the reader calls them."""
        reader = actor().division_code
        if name == "village":
            return lambda row: places.near(row.village_code, reader)
        if name == "place" and in_township(reader):
            return lambda row: places.home(row.village_code, row.address, short=True)
        return self.way(name)  # type: ignore[attr-defined]

    def cell_tag(self, name: str, label: str) -> Markup:
        """The opening tag that all cells of a column share, from the second column on."""
        wraps = "room" if name == "place" else "" if name in self.wrap_columns else "nw"
        return _tag("num" if name in self.num_columns else wraps, label)

    def usual_sort(self, filters: Mapping[str, str]) -> str:
        """How the list is sorted unless the address says: by what a filter in use is about, else the usual way."""
        return next((name for key, name in self.sort_with.items() if key in filters), self.default_sort)

    def kept(self, want: Asked) -> dict[str, Any]:
        """What the filter form posts along in hidden fields: order, size, and filters without a field of their own."""
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
