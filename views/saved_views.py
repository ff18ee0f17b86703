"""常用查询: a list under a name, as a chip over the list; the page where one's own are renamed, shared, put away."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_
from werkzeug.datastructures import MultiDict

from models import SavedView
from policy.vocabulary import Role
from views.context import actor
from views.db import db
from views.page import list_view
from views.panel import asked
from views.panel.asked import Asked
from views.panel.scoped import get_or_404
from views.permissions import ROUTES, allowed
from views.reasons import sentence
from workflows import saved_views
from workflows.office import names_of
from workflows.reason import Refused
from workflows.saved_views import LONGEST_NAME

bp = Blueprint("saved_views", __name__, url_prefix="/views")
FRESH_SECONDS = 60
MANNER = frozenset({"sort", "size"})
"""What a view keeps beside its filters."""
SENTENCES: dict[str, LazyString] = {
    "view_name_missing": _l("Give the view a name."),
    "view_name_taken": _l("Another view of this list has the name “%(name)s”."),
    "view_kept_meanwhile": _l(
        "A view named “%(name)s” was kept in another window at the same moment; look at it, then keep this one again."
    ),
    "views_too_many": _l("At most %(most)s views are kept for a list; remove one first."),
}


class Kept(NamedTuple):
    """A view as the chips show it; ``own``: the reader may change it; ``by``: whose it is."""

    id: int
    by: int
    page: str
    name: str
    query: str
    shared: bool
    usual: bool
    own: bool

    @property
    def url(self) -> str:
        """The list as it was kept."""
        return _address(self.page, self.query)


def _address(page: str, query: str) -> str:
    arguments: dict[str, Any] = dict(parse_qsl(query))
    return url_for(f"{page}.index_view", **arguments)


def all_kept() -> list[Kept]:
    """The reader's views and those shared with them, looked up at most once a minute."""
    kept: dict[int, tuple[float, list[Kept]]] = current_app.extensions.setdefault("doudi_views", {})
    me = actor().id or 0
    found = kept.get(me)
    if found is None or found[0] < time.monotonic():
        rows = [
            Kept(v.id, v.user_id, v.page, v.name, v.query, v.shared, v.usual and v.user_id == me, v.user_id == me)
            for v in saved_views.of(db.session(), me)
        ]
        found = kept[me] = time.monotonic() + FRESH_SECONDS, rows
    return found[1]


def offered() -> list[Kept]:
    """The views of lists that the reader may open, as far as they show there what their names say."""
    return [view for view in all_kept() if allowed(f"{view.page}.index_view") and fits(view)]


def of_page(page: str) -> list[Kept]:
    """The views of one list that fit the reader."""
    return [view for view in offered() if view.page == page]


def fits(kept: Kept) -> bool:
    """Whether the reader has every filter of a view: without one, the list would be longer than its name says."""
    return set(dict(parse_qsl(kept.query))) - MANNER <= set(_want(list_view(kept.page), kept).filters)


def usual(page: str) -> Kept | None:
    """The view that the reader's list begins with, or None."""
    return next((view for view in of_page(page) if view.usual), None)


def kept_query(view: Any, want: Asked) -> str:
    """What of a list is kept: filters in use, order and page size; never single rows that a search found."""
    return urlencode(want.without("found").arguments(view.usual_sort(want.filters)))


@bp.get("/")
def index() -> ResponseReturnValue:
    """One's own views, list by list, and those that others share."""
    return _page()


@bp.post("/save")
def save() -> ResponseReturnValue:
    """Keep a list as it is shown under a name."""
    form = request.form
    view = _list_of(form.get("page", ""))
    args = MultiDict(parse_qsl(form.get("query", "")[:2000]))
    want = asked.read(args, view.sortable, view.usual_sort, view.filters)
    query = kept_query(view, want)
    me = actor().id or 0

    def work() -> None:
        saved_views.save(db.session(), me, view.endpoint, form.get("name", ""), query, form.get("usual") == "yes")

    back = _address(view.endpoint, query)
    return _done(work, gettext("Kept. It stands over the list under its name."), back)


@bp.post("/<id>/rename")
def rename(id: str) -> ResponseReturnValue:
    """Give a view of one's own another name."""
    view = _own(id)
    return _done(lambda: saved_views.rename(db.session(), view, request.form.get("name", "")), gettext("Renamed."))


@bp.post("/<id>/remove")
def remove(id: str) -> ResponseReturnValue:
    """Remove a view of one's own; nothing of the list is touched."""
    view = _own(id)
    return _done(lambda: db.session.delete(view), gettext("The view was removed; the list itself is unchanged."))


@bp.post("/<id>/usual")
def set_usual(id: str) -> ResponseReturnValue:
    """Let the list begin with this view, or no longer."""
    view, wanted = _own(id), request.form.get("usual") == "yes"
    said = gettext("The list begins with this view now.") if wanted else gettext("The list begins with everything.")
    return _done(lambda: saved_views.set_usual(db.session(), view, wanted), said)


@bp.post("/<id>/share")
def share(id: str) -> ResponseReturnValue:
    """Show a view to everybody of the office, or no longer; each sees their own division through it.

    One's own alone is shared; what another shared is taken back too: whoever did may have left.
    """
    wanted = request.form.get("shared") == "yes"
    view = _own(id) if wanted else _shared_or_own(id)
    said = gettext("The whole office sees it now.") if wanted else gettext("Only you see it now.")
    return _done(lambda: setattr(view, "shared", wanted), said)


def _done(work: Callable[[], Any], said: str, back: str = "") -> ResponseReturnValue:
    back = back or url_for("saved_views.index")
    try:
        work()
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        flash(sentence(refused.reasons[0]), "warn")
        return redirect(back, 303)
    current_app.extensions.pop("doudi_views", None)
    flash(said)
    return redirect(back, 303)


def _own(id: str) -> SavedView:
    view: SavedView = get_or_404(SavedView, id, lambda query: query.where(SavedView.user_id == actor().id))
    return view


def _shared_or_own(id: str) -> SavedView:
    mine = SavedView.user_id == actor().id
    view: SavedView = get_or_404(SavedView, id, lambda query: query.where(or_(mine, SavedView.shared)))
    return view


def _lists() -> dict[str, Any]:
    open_here = [endpoint for endpoint in ROUTES if endpoint.endswith(".index_view") and allowed(endpoint)]
    views = [list_view(endpoint.removesuffix(".index_view")) for endpoint in open_here]
    return {view.endpoint: view for view in views if view.filters}


def _list_of(page: str) -> Any:
    found = _lists()
    return found[page] if page in found else get_or_404(SavedView, "")


def _page() -> str:
    lists = _lists()
    kept = [view for view in all_kept() if view.page in lists]
    rows = [(view, lists[view.page].title, _in_words(lists[view.page], view), fits(view)) for view in kept]
    may_share = allowed("saved_views.share") and actor().role is Role.SUPERVISOR
    names = names_of(db.session, {view.by for view in kept if not view.own})
    return render_template("panel/saved_views.html", rows=rows, may_share=may_share, longest=LONGEST_NAME, names=names)


def _want(view: Any, kept: Kept) -> Asked:
    return asked.read(MultiDict(parse_qsl(kept.query)), view.sortable, view.usual_sort, view.filters)


def _in_words(view: Any, kept: Kept) -> str:
    want = _want(view, kept)
    return gettext("; ").join(chip["label"] for chip in view.chips(want)) or gettext("No filter")


def register(app: Flask) -> None:
    """Add the page of saved views."""
    app.register_blueprint(bp)
