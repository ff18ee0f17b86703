"""Households: the list, direct corrections, and one page for all that is known of a family."""

from typing import Any, ClassVar

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from models import Household
from views import (
    household_event_story,
    household_event_words,
    household_filters,
    household_form,
    household_list,
    household_page,
    places,
)
from views.base import PanelView, add_view
from views.column_words import COLUMNS
from views.context import actor, today
from views.db import db
from views.formats import day, label, yuan
from views.household_list import HouseholdRow
from views.panel import cells
from views.panel.asked import Asked
from views.panel.history import history_of
from views.panel.masked import WHY
from views.panel.seeking import Page
from workflows.correction import set_causes, set_tags


class HouseholdView(PanelView):
    """家庭: the list, the page of a family, its correction and history."""

    table = Household
    title = _l("Households")
    routes = ("index_view", "page", "history_view", "edit_view", "reveal_view")
    column_list = (
        "head_name", "last4", "persons", "benefits", "monthly", "causes", "place", "last_visit", "review_due",
    )  # fmt: skip
    column_labels: ClassVar[dict[str, Any]] = {
        **COLUMNS,
        "benefits": _l("Benefits"),
        "monthly": _l("Monthly (yuan)"),
        "last_visit": _l("Last visit"),
        "review_due": _l("Recheck due"),
    }
    column_sortable_list = ("head_name",)
    num_columns = frozenset({"persons", "monthly"})
    sums: ClassVar[dict[str, Any]] = {"persons": Household.persons}
    filters = household_filters.FILTERS
    reveals = ("phone", "account", "one_card")
    one_with = staticmethod(lambda: tuple(map(joinedload, (Household.causes, Household.tags, Household.assets))))
    cells: ClassVar[dict[str, Any]] = {
        "last4": lambda r: r.head and r.head.id_no[-4:],
        "benefits": lambda r: cells.several([cells.stage_tag(b, label(b.scheme)) for b in r.benefits]),
        "monthly": lambda r: yuan(r.monthly_fen) if r.monthly_fen else None,
        "causes": lambda r: household_list.causes_in_words(r.causes),
        "place": lambda r: places.home(r.village_code, r.address),
        "last_visit": lambda r: _visits(r),
        "review_due": lambda r: cells.due_day(r.review_due),
    }
    form_columns = (*household_form.HOME, *household_form.PAYMENT)
    form_extra_fields = household_form.EXTRA
    form_groups = household_form.GROUPS
    kinds = household_form.KINDS

    def clauses(self, want: Asked) -> list[Any]:
        return household_filters.clauses(want.filters)

    def looked(self, want: Asked) -> tuple[list[str], list[Any]]:
        return household_filters.looked(want.filters)

    def load(self, ids: Any) -> list[HouseholdRow]:
        return household_list.load(db.session, ids)

    def row_url(self, row: Any) -> str:
        return url_for("household.page", id=row.id)

    def total(self, page: Page) -> str:
        if page.capped:
            return gettext("More than %(count)s households", count=page.beyond)
        households = ngettext("%(num)s household", "%(num)s households", page.count)
        return f"{households} · {ngettext('%(num)s person', '%(num)s persons', page.sums['persons'])}"

    @expose("/<id>/")
    def page(self, id: str) -> ResponseReturnValue:
        """The family."""
        row = self.get_or_404(id)
        family = household_page.family(db.session, row)
        return self.render(
            "panel/household.html", row=row, family=family, why=[(code, str(text)) for code, text in WHY],
            today=today(),
            events=household_event_story.entries(family.events),
            waiting=household_event_story.open_tasks(db.session, actor(), row.id), to_do=household_event_words.to_do,
        )  # fmt: skip

    @expose("/<id>/history/")
    def history_view(self, id: str) -> ResponseReturnValue:
        """What changed in the family's records, who changed it and why."""
        return self.render("panel/history.html", **history_of(self.get_or_404(id), request.args))

    def on_model_change(self, form: Any, row: Household, is_created: bool) -> None:
        """Causes and marks are rows of their own, and a ticked number is removed."""
        set_causes(row, form.causes.data)
        set_tags(row, form.tags.data)
        household_form.clear_numbers(form, row)


def _visits(row: HouseholdRow) -> Any:
    return cells.with_lateness(day(row.last_visit) if row.last_visit else gettext("never"), row.visit_due)


def register(app: Flask) -> None:
    """Add the household pages."""
    add_view(app, HouseholdView)
