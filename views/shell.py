"""What surrounds every page: Flask-Admin itself, the guard before each route, the menu and who is logged in."""

from typing import Any

from flask import Flask, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import Admin, expose
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from views import links, nav, places
from views.base import PanelPage
from views.compat import THEME
from views.context import reader
from views.panel.cells import due_day
from views.panel.masked import mask
from views.panel.scoped import RowNumber
from views.permissions import init_permissions
from views.proof import init_proof
from views.rendering import macros


class Home(PanelPage):
    """The address without a path leads to where the day begins."""

    title = _l("Home")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Redirect to the first page of the reader's menu."""
        first = nav.first_address()
        return redirect(first or url_for("account.index"))


MOST_KEPT = 500
"""Frames kept: each reader has one for each page of the menu and the numbers of the moment."""


def shell(user: Any, place: str) -> dict[str, Any]:
    """Names and addresses of the frame."""
    return {
        "home_url": url_for("home.index"),
        "place": place,
        "user": user.name,
        "user_id": user.id,
        "role": _l(user.role.label) if user.role else "",
        **nav.frame_addresses(),
    }


def frame() -> dict[str, Any]:
    """Menu and top bar of the page, written once for the same reader, page and numbers; the token is each answer's own.

    Nothing for a stranger.
    """
    user = reader()
    if not user or not user.is_authenticated:
        return {}
    kept: dict[Any, tuple[str, ...]] = current_app.extensions.setdefault("doudi_frames", {})
    token, place = str(generate_csrf()), places.name(user.division_code)
    key = (user.id, user.name, place, *nav.key())
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        written = macros("panel/kit/frame.html")
        kept[key] = tuple(str(written.top(shell(user, place), written.menu(nav.menu()))).split(token))
    return {"written_frame": Markup(token.join(kept[key])), "shell": {"user_id": user.id}}


def register(app: Flask) -> None:
    """Give the app Flask-Admin with our theme, the guard, and the frame's context."""
    app.url_map.converters["int"] = RowNumber
    init_permissions(app)
    init_proof(app)
    with app.app_context():
        Admin(app, name="Doudi", index_view=Home("home", "/"), static_url_path="/-", theme=THEME)
    app.jinja_env.globals.update(case_url=links.case_url, due_day=due_day, mask=mask, places=places)
    app.context_processor(frame)
