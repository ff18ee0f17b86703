"""A page of Flask-Admin's that is no table, and where the tables are: what stands before any list is asked for."""

from typing import Any, ClassVar

from flask import current_app
from flask_admin import BaseView

from views.panel.guarded import Guarded


class PanelPage(Guarded, BaseView):
    """A page of the panel that is no table."""

    title: ClassVar[Any]
    routes = ("index",)

    def __init__(self, endpoint: str, url: str | None = None) -> None:
        super().__init__(name=self.title, endpoint=endpoint, url=url or f"/{endpoint}")

    def is_accessible(self) -> bool:
        """Whether the present user may see the page."""
        return self.may(self.routes[0])


def list_view(name: str) -> Any:
    """The view of a list by its name; its family joins, if nobody has asked for it yet."""
    current_app.need(f"{name}.index_view")  # type: ignore[attr-defined]
    return next(view for view in current_app.extensions["admin"][0]._views if view.endpoint == name)
