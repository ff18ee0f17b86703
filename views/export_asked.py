"""Which file a page of exports asks for, read from its address, its filters and its form."""

from collections.abc import Mapping

from flask import abort, request

from views.base import PanelView
from views.export_rosters import BookWish, RosterWish, roster_wish
from views.export_tabs import MAY, TabWish, tab_wish
from views.export_wish import KINDS, LAYOUTS, LONGEST_PURPOSE, ListWish
from views.page import list_view
from views.panel import asked
from views.permissions import allowed

LISTS = ("household", "member", "benefit", "owed_paper", "watch", "visit", "audit", "issued_paper")


def asked_list(table: str, form: Mapping[str, str]) -> ListWish | TabWish:
    """The list of this name as the address asks for it, or the tab of a page that is no such list."""
    return tab_wish(table, _kind(form), _purpose(form)) if table in MAY else _list(_view(table), form)


def asked_roster(code: str, form: Mapping[str, str]) -> RosterWish | BookWish:
    """The roster of this code, of the place and month that the address names; aborts with 404 for an unknown one."""
    return roster_wish(code, _kind(form), form.get("numbers") == "full", _purpose(form)) or abort(404)


def _view(table: str) -> PanelView:
    """The list of this name, when the reader may see it."""
    if table not in LISTS:
        abort(404)
    if not allowed(f"{table}.index_view"):
        abort(403)
    return list_view(table)


def _list(view: PanelView, form: Mapping[str, str]) -> ListWish:
    shape = "roster" if form.get("shape") == "roster" and view.endpoint in LAYOUTS else "list"
    want = asked.read(request.args, view.sortable, view.usual_sort, view.filters)
    full = form.get("numbers") == "full" and shape == "roster"
    return ListWish(_kind(form), full, _purpose(form), view, want, shape)


def _kind(form: Mapping[str, str]) -> str:
    return form.get("kind", "") if form.get("kind") in KINDS else "xlsx"


def _purpose(form: Mapping[str, str]) -> str:
    return form.get("purpose", "").strip()[:LONGEST_PURPOSE]
