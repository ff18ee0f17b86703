"""What surrounds every page: Flask-Admin itself, the guard before each route, the menu and who is logged in."""

from typing import Any

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin, expose
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from views import links, nav, places
from views.base import PanelPage
from views.compat import THEME
from views.panel.cells import due_day
from views.panel.masked import mask
from views.panel.scoped import RowNumber
from views.permissions import init_permissions
from views.proof import init_proof


class Home(PanelPage):
    """The address without a path leads to where the day begins."""

    title = _l("Home")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Redirect to the first page of the reader's menu."""
        first = nav.first_address()
        return redirect(first or url_for("account.index"))


def shell() -> dict[str, Any]:
    """Names and addresses of the frame."""
    if not current_user or not current_user.is_authenticated:
        return {}
    return {
        "home_url": url_for("home.index"),
        "place": places.name(current_user.division_code),
        "user": current_user.name,
        "user_id": current_user.id,
        "role": _l(current_user.role.label) if current_user.role else "",
        **nav.frame_addresses(),
    }


def register(app: Flask) -> None:
    """Give the app Flask-Admin with our theme, the guard, and the frame's context."""
    app.url_map.converters["int"] = RowNumber
    init_permissions(app)
    init_proof(app)
    with app.app_context():
        Admin(app, name="Doudi", index_view=Home("home", "/"), static_url_path="/-", theme=THEME)
    app.jinja_env.globals.update(case_url=links.case_url, due_day=due_day, mask=mask, places=places)
    app.context_processor(lambda: {"menu_links": nav.links(), "shell": shell()})
