"""What people read when something does not work: a sentence and an id, never SQL or a traceback."""

import logging
import secrets
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus

from flask import Flask, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.routing import MapAdapter

from views.db import db
from workflows.faults import bare
from workflows.reason import Refused

log = logging.getLogger("doudi")

SENTENCES: dict[int, LazyString] = {
    400: _l("The request was not understood, or the page was open too long. Go back, reload the page and try again."),
    403: _l("Your role does not allow this. Ask the county office if you need it for your work."),
    404: _l("There is no such page or record, or it is outside your division. Check the address or search for it."),
    405: _l("This address cannot be used in this way. Go back and use the buttons of the page."),
    409: _l("Somebody else changed this in the meantime. Reload the page to see what changed."),
    413: _l("The files are too large: a sheet may have 64 MB, other files 10 MB together. Send fewer or smaller ones."),
    429: _l("Too many attempts. Wait a few minutes and try again."),
    500: _l(
        "Something failed and nothing was saved. Try again; if it fails again, tell your administrator this number."
    ),
    503: _l("The database is busy or cannot be reached, and nothing was saved. Try again in a minute."),
    507: _l("The disk of the server is full, and nothing was saved. Reading goes on; tell your administrator."),
}
FULL_DISK = ("database or disk is full", "disk I/O error", "No space left on device", "could not extend file")


def init_errors(app: Flask) -> None:
    """Answer every refusal and every fault with a page of ours."""
    app.log_exception = lambda exc_info: None  # type: ignore[method-assign]  # it would repeat the data; see _logged
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(InternalServerError, _failed)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(StaleDataError, lambda error: page(409))
    app.register_error_handler(Refused, _unlawful)


def _refused(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    if error.code == 405 and request.method == "GET" and (above := _above(request.path)):
        asked = request.query_string.decode(errors="replace")
        return redirect(f"{request.script_root}{above}{asked and '?'}{asked}", 303)
    response = make_response(page(error.code))
    for name, value in error.get_headers(request.environ):
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _above(path: str) -> str:
    """The nearest address above one that takes forms alone: there stands the page that the form was on.

    Who chose the language, logged in again or reloaded where a form was refused asks for that address. Empty for none:
    where a word of the form's address would name a row (/figures/own/ no figure), there is no page.
    """
    adapter, parts = current_app.create_url_adapter(request), path.rstrip("/").split("/")
    form = _rule(adapter, path, "POST")
    above = ("/".join(parts[:end]) + tail for end in range(len(parts) - 1, 1, -1) for tail in ("/", ""))
    return next((where for where in above if (rule := _rule(adapter, where, "GET")) and form.startswith(rule)), "")


def _rule(adapter: MapAdapter | None, path: str, method: str) -> str:
    """How the address that a path is one of is written down; empty for none."""
    try:
        return str(adapter.match(path, method, return_rule=True)[0].rule) if adapter else ""
    except HTTPException:
        return ""


def _unlawful(error: Refused) -> ResponseReturnValue:
    """A refusal that no form stood ready to show."""
    from views.reasons import sentences

    return page(409, sentences=sentences(error.reasons))


def _failed(error: InternalServerError) -> ResponseReturnValue:
    return page(500, _logged(error.original_exception or error))


def _database(error: OperationalError) -> ResponseReturnValue:
    full, number = any(words in str(error.orig) for words in FULL_DISK), _logged(error)
    with suppress(SQLAlchemyError):  # the page looks up who reads it, and what failed lets nobody look anything up
        db.session.rollback()
    return page(507 if full else 503, number)


def _logged(error: BaseException) -> str:
    number = secrets.token_hex(4)
    log.error("%s %s %s: %s", number, request.method, request.endpoint, type(error).__name__, exc_info=bare(error))
    return number


def page(code: int, number: str | None = None, sentences: Sequence[str] = ()) -> ResponseReturnValue:
    """The error page of a status code: what happened, and the number under which the log keeps a fault."""
    told = sentences or [SENTENCES.get(code) or SENTENCES[500 if code >= 500 else 400]]
    try:
        body = render_template("panel/error.html", code=code, sentences=told, number=number)
    except Exception as error:  # the page that tells of a fault must not need what failed
        log.error("the error page failed", exc_info=bare(error))
        lines = [f"{code} {HTTPStatus(code).phrase}", *map(str, told), f"{gettext('Fault number')} {number or ''}"]
        return make_response("\n".join(lines), code, {"Content-Type": "text/plain; charset=utf-8"})
    return make_response(body, code)
