"""潜在救助对象: families that were refused in difficulty, when each is looked at again, and what a look told."""

from typing import Any, ClassVar

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from models import Benefit, Watch
from policy.vocabulary import Scheme, WatchEnd
from views import case_aid, places
from views.base import PanelView, add_view
from views.column_words import COLUMNS
from views.context import actor, figures, now, today
from views.db import afresh, db
from views.formats import label, options
from views.links import case_url
from views.numbers import day_of, version_in
from views.once import Done, once
from views.panel import cells
from views.panel.filters import DueFilter, SetFilter, TownshipFilter, VillageFilter, WordFilter
from views.panel.scoped import get_or_404
from views.permissions import allowed
from views.reasons import answered
from workflows import keys, watching
from workflows.actor import FIELD
from workflows.reason import Refused

STATES = {
    "open": (_l("Still on the list"), lambda: Watch.settled_on.is_(None)),
    "settled": (_l("Off the list"), lambda: Watch.settled_on.is_not(None)),
}
STAYS = "stays"
bp = Blueprint("watch_look", __name__, url_prefix="/watch")


class WatchView(PanelView):
    """The watch list."""

    table = Watch
    title = _l("Watch list")
    column_list = (
        "household", "scheme", "case_no", "why", "since_on", "next_on", "checked_on", "found", "outcome", "village",
    )  # fmt: skip
    column_labels: ClassVar[dict[str, Any]] = {
        **COLUMNS, "household": _l("Head"), "why": _l("Difficulty"), "since_on": _l("On the list since"),
        "next_on": _l("Next look"), "checked_on": _l("Last look"), "found": _l("What was found"),
        "outcome": _l("How it ended"), "scheme": _l("Refused scheme"),
    }  # fmt: skip
    column_sortable_list = ("next_on",)
    default_sort = "next_on"
    options = staticmethod(lambda: (joinedload(Watch.household), joinedload(Watch.benefit)))
    filters = (
        TownshipFilter("township", _l("Township"), lambda code: Watch.township_code == code),
        VillageFilter("village", _l("Village or community"), lambda code: Watch.village_code == code),
        SetFilter("state", _l("State"), STATES),
        DueFilter("due", _l("Next look"), Watch.next_on, Watch.settled_on.is_(None)),
        WordFilter(
            "scheme", _l("Refused scheme"), Scheme, lambda code: Watch.benefit.has(Benefit.scheme == code)
        ).looking(),
    )
    cells: ClassVar[dict[str, Any]] = {
        "household": lambda w: w.household.head_name,
        "scheme": lambda w: label(w.benefit.scheme),
        "case_no": lambda w: cells.link(case_url(w.benefit_id), w.benefit.case_no),
        "next_on": lambda w: cells.due_day(w.next_on) if w.settled_on is None else None,
        "village": lambda w: places.name(w.township_code) + places.name(w.village_code),
    }

    def row_url(self, row: Any) -> str:
        return url_for("watch_look.page", id=row.id)


@bp.get("/<id>/look/")
def page(id: str) -> ResponseReturnValue:
    """One family of the list: why it stands there, and what to write down after a look."""
    return _page(id)


@bp.post("/<id>/look/")
def record(id: str) -> ResponseReturnValue:
    """Write down what a look told; the family stays on the list, or leaves it."""
    watch, form = get_or_404(Watch, id), request.form
    outcome = next((word for word in WatchEnd if word.value == form.get("outcome")), None)
    if outcome is None and form.get("outcome") != STAYS:
        return _again(id, [gettext("Choose whether the family stays on the list.")], 422)

    def look() -> Done:
        found, day = form.get("found", "")[:2000], day_of(form.get("next_on", ""))
        version = version_in(form)
        watching.look(db.session, actor(), watch, found, day, outcome, now(), version)
        said = gettext("%(name)s: written down.", name=watch.household.head_name)
        return Done(url_for("watch.index_view", state="open"), said)

    try:
        where = once(look)
    except Refused as refused:
        return _again(id, *answered(refused))
    return redirect(where, 303)


def _again(id: str, errors: list[str], status: int) -> ResponseReturnValue:
    with afresh():
        body = _page(id, errors)
    return body, status


def _page(id: str, errors: list[str] | None = None) -> str:
    watch = get_or_404(Watch, id)
    choices = [(STAYS, gettext("Stays on the list")), *options(WatchEnd)]
    again = watching.next_look(figures(), watch.village_code, today())
    typed = request.form if errors else {"next_on": again.isoformat() if again else ""}
    may = actor().role in FIELD and watch.settled_on is None
    apply = [(label(s), case_aid.form_url(watch.benefit, s)) for s in case_aid.advised_of(watch.benefit_id)]
    return render_template(
        "panel/watch.html", watch=watch, choices=choices, typed=typed, errors=errors or [], key=keys.new_key(),
        may=may, today=today(), place=places.where(watch.village_code), case=case_url(watch.benefit_id),
        apply=apply if allowed("application.index") else [],
    )  # fmt: skip


def register(app: Flask) -> None:
    """Add the list and the page of one family."""
    add_view(app, WatchView)
    app.register_blueprint(bp)
