"""Lines of a record, corrected one by one: income and spending of a member, property and obligors of a household."""

from typing import Any, ClassVar

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect, select

from models import Asset, Household, IncomeLine, Member, Obligor, SpendingLine
from views import labels
from views.base import PanelView, add_view
from views.column_words import COLUMNS
from views.context import actor, now
from views.db import db
from views.once import Done, once
from views.panel.fields import SealedField, SmallIntegerField
from views.panel.numbers import read_id
from views.panel.scoped import get_or_404
from views.reasons import sentences
from workflows import audit, correction, keys
from workflows.actor import scoped
from workflows.reason import Refused

WHO = ("name", "id_no", "relation", "household_size", "income_month_fen", "pays_month_fen", "able", "note")
MEANS = (
    "agreed_month_fen", "supports", "birth", "receives", "disability_kind", "disability_level", "property_ok",
)  # fmt: skip


class LineView(PanelView):
    """A line hangs on a member or a household (``parent``), and lies where that lies.

    The parent's version goes with the form: two people do not correct the lines of one record at once unseen.
    """

    parent: ClassVar[type[Any]]
    link: ClassVar[str]
    routes = ("create_view", "edit_view", "remove_view")
    column_labels = COLUMNS

    def scope(self, query: Any) -> Any:
        above = scoped(select(self.parent.id), self.parent, actor())
        return query.where(getattr(self.model, self.link).in_(above))

    def above(self, row: Any) -> Any:
        """The member or household of a line."""
        return db.session.get(self.parent, getattr(row, self.link))

    def version(self, row: Any) -> str:
        return str(self.above(row).row_version)

    def row_url(self, row: Any) -> str:
        return url_for(f"{self.parent.__tablename__}.page", id=getattr(row, self.link))

    def form_title(self, row: Any) -> str:
        what = f"{labels.table(self.endpoint)} · {self.above(row)}"
        return gettext("Correct: %(row)s", row=what) if inspect(row).persistent else gettext("Add: %(row)s", row=what)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """Add a line to the record that ``of`` names."""
        above = get_or_404(self.parent, request.args.get("of", ""))
        row = self.model(**{self.link: above.id})
        if request.method != "POST":
            return self.show_form(self._create_form_class(), row)
        form = self._create_form_class(request.form)
        if not form.validate():
            return self.show_form(form, row, 422)
        try:
            return redirect(once(lambda: self._add(form, row), self.row_url(row)))
        except Refused as refused:
            form.reason.errors = sentences(refused.reasons)
            form.key.data = keys.new_key()
            return self.show_form(form, row, 422)

    def _add(self, form: Any, row: Any) -> Done:
        db.session.add(row)
        self.fill(form, row, created=True)
        return Done(self.row_url(row), gettext("Saved. The reason stays with the change."))

    @expose("/<id>/remove/", methods=("GET", "POST"))
    def remove_view(self, id: str) -> ResponseReturnValue:
        """Take a line out; the history keeps it. Opened like a page: the page of its form."""
        row = self.get_or_404(id)
        if request.method != "POST":
            return redirect(self.get_url(".edit_view", id=id), 303)
        if request.form.get("row_version") != self.version(row):
            return self.show_conflict(row, self._edit_form_class(obj=row), request.form)
        form = self._edit_form_class(request.form, obj=row)
        if not form.reason.validate(form):
            return self.show_form(form, row, 422)
        back = self.row_url(row)
        audit.attribute(db.session, actor(), now(), reason=form.reason.data)
        correction.touch(self.above(row))
        db.session.delete(row)
        db.session.commit()
        flash(gettext("Taken out. The history keeps it."))
        return redirect(back)

    def on_model_change(self, form: Any, row: Any, is_created: bool) -> None:
        """The record it hangs on moves on to its next version."""
        correction.touch(self.above(row))


class IncomeView(LineView):
    """Income of a member, a year."""

    table, parent, link = IncomeLine, Member, "member_id"
    title = _l("Income")
    form_columns = ("kind", "year_fen", "note")


class SpendingView(LineView):
    """Rigid spending of a member, a year."""

    table, parent, link = SpendingLine, Member, "member_id"
    title = _l("Spending")
    form_columns = ("kind", "year_fen", "note")


class AssetView(LineView):
    """Property of a household."""

    table, parent, link = Asset, Household, "household_id"
    title = _l("Property")
    form_columns = ("kind", "quantity", "area_m2", "value_fen", "business", "note")


class ObligorView(LineView):
    """Somebody bound to support the family."""

    table, parent, link = Obligor, Household, "household_id"
    title = _l("Obligors")
    form_columns = (*WHO, *MEANS)
    form_groups = ((_l("Obligor"), WHO), (_l("Further facts"), MEANS))
    form_overrides: ClassVar[dict[str, Any]] = {"disability_level": SmallIntegerField}
    form_args: ClassVar[dict[str, Any]] = {"disability_level": {"least": 1, "most": 4}, "supports": {"least": 1}}
    refusals = (
        ("disability_kind_and_level", "disability_level", _l("Kind and level of a disability belong together.")),
    )
    form_extra_fields: ClassVar[dict[str, Any]] = {"id_no": SealedField(COLUMNS["id_no"], read_id)}
    kinds: ClassVar[dict[str, str]] = {"id_no": "id"}


def register(app: Flask) -> None:
    """Add the small forms."""
    for view in (IncomeView, SpendingView, AssetView, ObligorView):
        add_view(app, view)
