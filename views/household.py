"""Households: the list, direct corrections, and one page for all that is known of a family."""

from typing import Any, ClassVar

from flask import Flask, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from models import Household
from policy.masking import mask_account, mask_id_beside_birth, mask_phone
from views import household_list, places
from views.base import PanelView, add_view
from views.db import db
from views.formats import label, yuan
from views.household_list import HouseholdRow
from views.panel import cells
from views.panel.asked import Asked
from views.panel.paged import Page


class HouseholdView(PanelView):
    """家庭."""

    table = Household
    title = _l("Households")
    routes = ("index_view",)
    column_list = (
        "head_name", "id_no", "persons", "benefits", "monthly", "causes", "place", "last_visit", "review_due",
    )  # fmt: skip
    column_labels: ClassVar[dict[str, Any]] = {
        "head_name": _l("Head"),
        "id_no": _l("ID number"),
        "persons": _l("Persons"),
        "benefits": _l("Benefits"),
        "monthly": _l("Monthly (yuan)"),
        "causes": _l("Cause of difficulty"),
        "place": _l("Address"),
        "last_visit": _l("Last visit"),
        "review_due": _l("Review due"),
    }
    column_sortable_list = ("head_name",)
    num_columns = frozenset({"persons", "monthly"})
    sums: ClassVar[dict[str, Any]] = {"persons": Household.persons}
    filters = household_list.FILTERS
    masks: ClassVar[dict[str, Any]] = {
        "id_no": mask_id_beside_birth, "phone": mask_phone, "account": mask_account, "one_card": mask_account,
    }  # fmt: skip
    cells: ClassVar[dict[str, Any]] = {
        "head_name": lambda r: r.household.head_name,
        "id_no": lambda r: r.head and r.head.id_no,
        "persons": lambda r: r.household.persons,
        "benefits": lambda r: cells.several([cells.stage_tag(b.stage, label(b.scheme)) for b in r.benefits]),
        "monthly": lambda r: yuan(r.monthly_fen) if r.benefits else None,
        "causes": lambda r: household_list.causes_in_words(r.causes),
        "place": lambda r: places.name(db.session, r.household.village_code) + r.household.address,
        "last_visit": lambda r: _visits(r),
        "review_due": lambda r: cells.due_day(r.review_due),
    }

    def clauses(self, want: Asked) -> list[Any]:
        return household_list.clauses(dict(want.filters))

    def load(self, ids: Any) -> list[HouseholdRow]:
        return household_list.load(db.session, ids)

    def row_url(self, row: Any) -> str:
        return url_for("household.page", id=row.id) if self.may("page") else ""

    def total(self, page: Page) -> str:
        if page.capped:
            return gettext("More than %(count)s households", count="10,000")
        households = ngettext("%(num)s household", "%(num)s households", page.count)
        return f"{households} · {ngettext('%(num)s person', '%(num)s persons', page.sums['persons'])}"


def _visits(row: HouseholdRow) -> Any:
    done = row.last_visit
    late = cells.due_day(row.visit_due, 14) if row.visit_due else None
    return cells.several([done.isoformat() if done else gettext("never"), *([late] if late else [])])


def register(app: Flask) -> None:
    """Add the household pages."""
    add_view(app, HouseholdView)
