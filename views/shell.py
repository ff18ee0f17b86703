"""What surrounds every page: Flask-Admin itself, the guard before each route, the menu and who is logged in."""

from typing import Any

from flask import Flask, redirect, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_admin import Admin, expose
from flask_admin.theme import Theme
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from views import links, nav, places
from views.context import reader
from views.page import PanelPage
from views.panel.scoped import RowNumber
from views.password_proof import init_proof
from views.permissions import init_permissions
from views.rendering import Once, macros

THEME = Theme(folder="panel", base_template="panel/layout.html")
"""Flask-Admin has no folder of this name, so that none of its own templates can ever be rendered."""


class Home(PanelPage):
    """The address without a path leads to where the day begins."""

    title = _l("Home")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Redirect to the first page of the reader's menu."""
        first = nav.first_address()
        return redirect(first or url_for("account.index"))


def shell(user: Any, place: str) -> dict[str, Any]:
    """Names and addresses of the frame."""
    return {
        "home_url": url_for("home.index"),
        "place": place,
        "user": user.name,
        "role": _l(user.role.label) if user.role else "",
        **nav.frame_addresses(),
    }


def frame(once: Once | None = None) -> dict[str, Any]:
    """Menu and top bar of the page, written once for the same reader and page; nothing for a stranger.

    What is typed and not sent is kept in the tab for the reader where they work now, and dropped for who was moved.
    """
    user = reader()
    if not user or not user.is_authenticated:
        return {}
    place, once = places.name(user.division_code), once or Once()

    def write(**badges: Markup) -> Any:
        written = macros("panel/kit/frame.html")
        return written.top(shell(user, place), written.menu(nav.menu(badges)))

    written = once(write, "frame", user.id, user.name, place, *nav.key(), **nav.badges())
    typist = f"{user.id}-{user.division_code}"
    return {"written_frame": written, "shell": {"typist": typist}, "posted": _posted_to_a_page()}


def _posted_to_a_page() -> bool:
    """Whether this answers what was posted to an address that can also be opened."""
    adapter = request_ctx.url_adapter
    return request.method == "POST" and adapter is not None and adapter.test(method="GET")


def register(app: Flask) -> None:
    """Give the app Flask-Admin with our theme, the guard, and the frame's context."""
    app.url_map.converters["int"] = RowNumber
    init_permissions(app)
    init_proof(app)
    with app.app_context():
        Admin(app, name="Doudi", index_view=Home("home", "/"), static_url_path="/-", theme=THEME)
    app.jinja_env.globals.update(case_url=links.case_url, places=places)
    app.context_processor(frame)
