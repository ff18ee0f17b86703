"""Who may call which route. Closed by default: a route that is not in the table answers 403 to everybody.

To add a route
  1. write it (``@expose`` in a Flask-Admin view, named in its ``routes``, or a blueprint's route);
  2. add ``"<endpoint>": WHO`` to ROUTES below, under the family of its page (PUBLIC: also without a login);
  3. where the address holds an id, tell the tests how to make one that is in reach and one that is not:
     ``SAMPLES["<endpoint>"]`` in tests/views/samples.py.
The table says *who may come in at all*; which rows they meet there is ``workflows.actor.scoped``, and which steps
are lawful is ``workflows.machine``. Tests walk the application's address map and fail for a route without a line.
"""

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from policy.vocabulary import Role
from workflows.actor import SEES_CASES

Who = frozenset[Role | None]

SIGNED_IN: Who = frozenset((*Role, None))  # None: somebody whose role has not been granted yet
READERS: Who = frozenset(SEES_CASES)
WORKERS: Who = READERS - {Role.AUDITOR}
SUPERVISOR: Who = frozenset({Role.SUPERVISOR})
OVERSEERS: Who = frozenset({Role.SUPERVISOR, Role.AUDITOR})
COUNTY: Who = frozenset({Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER, Role.SUPERVISOR})
SYSTEM_ADMIN: Who = frozenset({Role.SYSTEM_ADMIN})
SECURITY_ADMIN: Who = frozenset({Role.SECURITY_ADMIN})
ADMINS: Who = SYSTEM_ADMIN | SECURITY_ADMIN
NOBODY: Who = frozenset()

PUBLIC = frozenset({"static", "bootstrap.static", "language.choose"})

ROUTES: dict[str, Who] = {
    # search
    "search.index": READERS,
    # households
    "household.index_view": READERS,
    "household.search_view": READERS,
    "household.page": READERS,
    "household.history_view": READERS,
    "household.reveal_view": READERS,
    "household.edit_view": SUPERVISOR,
}


def may(role: Role | None, endpoint: str) -> bool:
    """Whether a signed-in person of this role may call the route."""
    return endpoint in PUBLIC or role in ROUTES.get(endpoint, NOBODY)


def allowed(endpoint: str) -> bool:
    """Whether whoever sends this request may call the route; templates ask it before they show a link."""
    if endpoint in PUBLIC:
        return True
    return bool(current_user.is_authenticated) and may(current_user.role, endpoint)


def guard() -> ResponseReturnValue | None:
    """Let a request in, send it to the login page, or answer 403; runs before every view."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC:
        return None
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if not may(current_user.role, endpoint):
        current_app.logger.warning("refused %s to user %s", endpoint, current_user.get_id())
        abort(403)
    return None


def init_permissions(app: Flask) -> None:
    """Put the guard before every view and give templates ``allowed(endpoint)``."""
    app.before_request(guard)
    app.jinja_env.globals["allowed"] = allowed
