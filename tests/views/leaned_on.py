"""Every method of Flask-Admin that we override or lean on, in one place; a test fails when its signature changes.

A method that the panel overrides and that is missing here fails the same test.
"""

from flask_admin import BaseView
from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.contrib.sqla.view import ModelView

LEANED_ON: dict[type, dict[str, tuple[str, ...]]] = {
    ModelView: {
        "__init__": (
            "self", "model", "session", "name", "category", "endpoint", "url", "static_folder", "menu_class_name",
            "menu_icon_type", "menu_icon_value",
        ),
        "_get_list_value": ("self", "context", "model", "name", "column_formatters", "column_type_formatters"),
        "_handle_view": ("self", "name", "kwargs"),
        "_refresh_cache": ("self",),
        "_run_view": ("self", "fn", "args", "kwargs"),
        "create_blueprint": ("self", "admin"),
        "create_view": ("self",),
        "edit_view": ("self",),
        "get_column_name": ("self", "field"),
        "get_count_query": ("self",),
        "get_list": ("self", "page", "sort_column", "sort_desc", "search", "filters", "execute", "page_size"),
        "get_one": ("self", "id"),
        "get_query": ("self",),
        "get_url": ("self", "endpoint", "kwargs"),
        "index_view": ("self",),
        "is_accessible": ("self",),
        "is_action_allowed": ("self", "name"),
        "on_model_change": ("self", "form", "model", "is_created"),
        "render": ("self", "template", "kwargs"),
        "scaffold_form": ("self",),
    },
    BaseView: {
        "__init__": (
            "self", "name", "category", "endpoint", "url", "static_folder", "static_url_path", "menu_class_name",
            "menu_icon_type", "menu_icon_value",
        ),
        "_handle_view": ("self", "name", "kwargs"),
        "_run_view": ("self", "fn", "args", "kwargs"),
    },
    AdminModelConverter: {
        "get_converter": ("self", "column"),
        "convert_date": ("self", "field_args", "extra"),
        "handle_integer_types": ("self", "column", "field_args", "extra"),
    },
}  # fmt: skip
