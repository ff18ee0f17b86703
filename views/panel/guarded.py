"""Only the routes a view names exist, and each is asked for again before it runs."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from views.permissions import allowed


class Guarded:
    """``routes`` names the methods that get an address; of Flask-Admin's own nothing else can be reached."""

    endpoint: str
    routes: ClassVar[tuple[str, ...]] = ("index_view",)
    _urls: Sequence[tuple[str, str, Any]]  # address, method, verbs; gathered by Flask-Admin's metaclass

    can_delete = False
    can_export = False
    can_view_details = False
    column_display_actions = False

    def may(self, name: str) -> bool:
        """Whether the present user may call this view's route ``name``."""
        return name in self.routes and allowed(f"{self.endpoint}.{name}")

    @property
    def can_create(self) -> bool:
        """Flask-Admin's question, answered by the table of permissions."""
        return self.may("create_view")

    @property
    def can_edit(self) -> bool:
        """Flask-Admin's question, answered by the table of permissions."""
        return self.may("edit_view")

    def is_accessible(self) -> bool:
        """Whether the present user may see the view's first page."""
        return self.may("index_view")

    def is_action_allowed(self, name: str) -> bool:
        """Flask-Admin's bulk actions (its delete among them) do not exist here."""
        return False

    def create_blueprint(self, admin: Any) -> Blueprint:
        """Register the named routes only."""
        self._urls = [rule for rule in self._urls if rule[1] in self.routes]
        blueprint: Blueprint = super().create_blueprint(admin)  # type: ignore[misc]
        return blueprint

    def _handle_view(self, name: str, **kwargs: Any) -> ResponseReturnValue | None:
        if not self.may(name):
            abort(403)
        return None

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin retries a view after any TypeError, which runs it twice and hides the fault.
        return fn(self, *args, **kwargs)
