"""A page of Flask-Admin's that is no table: what the frame of the panel needs before any list is asked for."""

from typing import Any, ClassVar

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
