"""The panel's own ModelView: closed by default, scoped, masked, quick, and polite to two editors at once.

A page family declares nouns: ``routes`` (which methods have an address; each needs a line in ``views.permissions``),
``column_list``/``column_labels``/``cells``/``masks`` for its list, ``filters`` and ``column_sortable_list`` (indexed
columns), ``form_columns`` for direct corrections. ``register(app)`` of its module adds it: ``add_view(app, MyView)``.
"""

from typing import Any, ClassVar

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from wtforms import Form

from views.db import db
from views.page import PanelPage
from views.panel.fields import PanelConverter
from views.panel.guarded import Guarded
from views.panel.locked import EditForm, Locked
from views.panel.masked import Masked
from views.panel.paged import Paged
from views.panel.scoped import Scoped

NEVER_IN_A_FORM = frozenset({
    "id", "stage", "stage_since", "waiting_role", "authority", "monthly_fen", "one_off_fen", "requested_fen", "persons",
    "row_version", "row_key", "township_code", "village_code", "household_id", "member_id", "benefit_id", "batch_id",
    "created_at", "created_by",
})  # fmt: skip


MADE_LATER = frozenset({"_list_columns", "_create_form_class", "_edit_form_class"})
"""What our pages ask of all that Flask-Admin works out for a table."""


class ClosedForm(ValueError):
    """A form lists a column that only a step of the case may write, or lists none at all."""


class PanelView(Guarded, Scoped, Masked, Paged, Locked, ModelView):
    """A table of the panel. ``table``, ``title`` and the declarations are the subclass's; raises ClosedForm."""

    table: ClassVar[type[Any]]
    title: ClassVar[Any]
    model_form_converter = PanelConverter
    form_base_class = EditForm
    form_columns: ClassVar[tuple[str, ...]] = ()
    column_auto_select_related = False

    def __init__(self, endpoint: str | None = None) -> None:
        endpoint = endpoint or self.table.__tablename__
        self._check_form()
        super().__init__(self.table, db, name=self.title, endpoint=endpoint, url=f"/{endpoint}")

    def _check_form(self) -> None:
        wrong = NEVER_IN_A_FORM & set(self.form_columns)
        if wrong or (not self.form_columns and {"edit_view", "create_view"} & set(self.routes)):
            raise ClosedForm(f"{type(self).__name__}: {sorted(wrong) or 'form_columns is empty'}")

    def _refresh_cache(self) -> None:
        """Nothing yet: Flask-Admin makes columns and forms with the view, here the first page that shows them does."""

    def __getattr__(self, name: str) -> Any:
        if name not in MADE_LATER:
            raise AttributeError(f"{type(self).__name__} has no {name}")
        super()._refresh_cache()
        return getattr(self, name)

    def scaffold_form(self) -> type[Form]:
        """The form of the listed columns."""
        form: type[Form] = super().scaffold_form() if self.form_columns else EditForm
        return form


def add_view(app: Flask, view: type[PanelView] | type[PanelPage], *args: Any) -> None:
    """Give the app a page family (built inside its context, as Flask-Admin's scaffolding asks for the session)."""
    admin: Admin = app.extensions["admin"][0]
    with app.app_context():
        admin.add_view(view(*args))
