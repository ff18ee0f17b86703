"""Visits: what is due and what was done, one visit in full, and corrections of what was written down."""

from typing import Any, ClassVar

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from models import Visit
from policy.vocabulary import VisitKind
from views import places
from views.base import PanelView, add_view
from views.case_words import listed
from views.column_words import COLUMNS
from views.context import today
from views.panel import cells
from views.panel.filters import DueFilter, FoundFilter, SetFilter, TownshipFilter, VillageFilter, WordFilter
from views.panel.history import history_of

STATES = {
    "planned": (_l("Planned"), lambda: Visit.done_on.is_(None)),
    "done": (_l("Done"), lambda: Visit.done_on.is_not(None)),
    "away": (_l("Nobody at home"), lambda: Visit.done_on.is_not(None) & ~Visit.at_home),
    "open": (_l("Changed, not looked into"), lambda: Visit.open_since.is_not(None)),
    "doubtful": (_l("Something changed"), lambda: Visit.consistent.is_(False)),
}


class VisitView(PanelView):
    """走访."""

    table = Visit
    title = _l("Visits")
    routes = ("index_view", "page", "history_view", "edit_view")
    column_list = ("household", "kind", "due_on", "done_on", "visitors", "met", "consistent", "village")
    column_labels: ClassVar[dict[str, Any]] = {**COLUMNS, "household": _l("Head")}
    column_sortable_list = ("due_on", "done_on")
    sort_with: ClassVar[dict[str, str]] = {"due": "due_on"}
    options = staticmethod(lambda: (joinedload(Visit.household), selectinload(Visit.visitors)))
    filters = (
        FoundFilter("found", _l("Found"), Visit.id.in_),
        TownshipFilter("township", _l("Township"), lambda code: Visit.township_code == code),
        VillageFilter("village", _l("Village or community"), lambda code: Visit.village_code == code),
        WordFilter("kind", _l("Kind"), VisitKind, lambda code: Visit.kind == code).looking(),
        DueFilter("due", _l("Due on"), Visit.due_on, Visit.done_on.is_(None)),
        SetFilter("state", _l("State"), STATES).looking(),
    )
    cells: ClassVar[dict[str, Any]] = {
        "household": lambda v: v.household.head_name,
        "due_on": lambda v: v.due_on if v.done_on else cells.due_day(v.due_on),
        "visitors": lambda v: listed(one.name for one in v.visitors),
        "village": lambda v: places.name(v.township_code) + places.name(v.village_code),
    }
    form_columns = ("kind", "due_on", "done_on", "met", "at_home", "consistent", "found")
    refusals = (("planned_or_done", "due_on", _l("A visit has a day on which it is due or was done.")),)

    def row_url(self, row: Any) -> str:
        return url_for("visit.page", id=row.id)

    @expose("/<id>/")
    def page(self, id: str) -> ResponseReturnValue:
        """One visit."""
        row = self.get_or_404(id)
        return self.render("panel/visit.html", row=row)

    @expose("/<id>/history/")
    def history_view(self, id: str) -> ResponseReturnValue:
        """What changed in what was written down."""
        return self.render("panel/history.html", **history_of(self.get_or_404(id), request.args))

    def form_title(self, row: Any) -> str:
        return gettext("Correct: %(row)s", row=f"{gettext(row.kind.label)} {row.household.head_name}")

    def on_model_change(self, form: Any, row: Visit, is_created: bool) -> None:
        """A visit that was done stays done, and no visit was done tomorrow."""
        if row.done_on and row.done_on > today():
            form.done_on.errors = [gettext("That day has not come yet.")]
        if form.done_on.object_data and not row.done_on:
            form.done_on.errors = [gettext("A visit that was done stays done; correct its day instead.")]


def register(app: Flask) -> None:
    """Add the pages of visits."""
    add_view(app, VisitView)
