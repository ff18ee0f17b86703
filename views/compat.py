"""Every private method of Flask-Admin that we lean on, in one place; a test fails when its signature changes.

Flask-Admin's own names that are not private (``get_query``, ``get_one``, ``create_form`` …) are overridden where they
belong, in ``views.panel``; what starts with an underscore, or is left out of its documentation, is listed here.
"""

from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.contrib.sqla.view import ModelView
from flask_admin.theme import Theme

THEME = Theme(folder="panel", base_template="panel/layout.html")
"""No folder of Flask-Admin has this name, so that none of its own templates can ever be rendered."""

LEANED_ON = {
    (ModelView, "_handle_view"): "(self, name, **kwargs)",
    (ModelView, "_run_view"): "(self, fn, *args, **kwargs)",
    (ModelView, "_get_list_value"): "(self, context, model, name, column_formatters, column_type_formatters)",
    (ModelView, "_refresh_filters_cache"): "(self)",
    (ModelView, "create_blueprint"): "(self, admin)",
    (ModelView, "get_sortable_columns"): "(self)",
    (ModelView, "scaffold_form"): "(self)",
    (AdminModelConverter, "get_converter"): "(self, column)",
    (AdminModelConverter, "_get_label"): "(self, name, field_args)",
}
