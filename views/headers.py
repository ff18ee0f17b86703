"""Cookies and the security headers of every answer, whatever it answers."""

import logging
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address
from time import monotonic
from typing import Any

from flask import Flask, Request, Response, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from werkzeug.sansio.http import parse_cookie
from werkzeug.utils import cached_property

from views.context import READS

log = logging.getLogger("doudi")

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "manifest-src 'self'",
    )
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=31536000; includeSubDomains"
LONG_LIVED = "public, max-age=31536000, immutable"
NEVER = 0.0, None, None


COOKIE_SECONDS, MOST_COOKIES = 60, 2_000


class OneCookieHeader(Request):
    """A request that reads its cookies from the one value in which WSGI hands all of them over."""

    @cached_property
    def cookies(self) -> Any:
        """The cookies by name."""
        return parse_cookie(self.environ.get("HTTP_COOKIE", ""), cls=self.dict_storage_class)


class KeptSigner(SecureCookieSessionInterface):
    """Flask's own cookie, whose signer is put together once and not for each request."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says.

        The signature of the same cookie is checked once a minute. Whether its session has ended is asked of the
        database each time.
        """
        value = request.cookies.get(self.get_cookie_name(app))
        said = self.believed(app, value)
        if said is not None:
            return self.session_class(said)
        opened, kept = super().open_session(app, request), app.extensions.setdefault("doudi_cookies", {})
        if opened and all(isinstance(said, str) for said in opened.values()):  # what is kept cannot be changed
            if len(kept) >= MOST_COOKIES:
                kept.clear()
            kept[value] = monotonic() + COOKIE_SECONDS, self.get_signing_serializer(app), dict(opened)
        return opened

    def believed(self, app: Flask, value: str | None) -> dict[str, Any] | None:
        """What a cookie says whose signature was checked within the minute."""
        until, signer, said = app.extensions.get("doudi_cookies", {}).get(value, NEVER)
        return said if monotonic() < until and signer is self.get_signing_serializer(app) else None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie only when it changed; an answer that read it still says that it depends on it."""
        if session.modified or session.permanent:
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers.add("Vary", "Cookie")

    def get_signing_serializer(self, app: Flask) -> Any:
        """The signer of the key that is in force."""
        config, kept = app.config, app.extensions.get("doudi_signer")
        keys = app.secret_key, config["SECRET_KEY_FALLBACKS"]
        if kept is None or kept[0] != keys:
            kept = app.extensions["doudi_signer"] = keys, super().get_signing_serializer(app)
        return kept[1]


@lru_cache
def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def init_headers(app: Flask) -> None:
    """One setting, HTTPS, decides the cookie's name, Secure and HSTS; the other headers always hold."""
    https = app.config["HTTPS"]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-doudi" if https else "doudi",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PREFERRED_URL_SCHEME="https" if https else "http",
    )
    app.request_class, app.session_interface = OneCookieHeader, KeptSigner()
    app.before_request(_refuse_nul)
    app.after_request(_guard)
    always = [*HEADERS.items(), *([("Strict-Transport-Security", HSTS)] if https else [])]
    app.wsgi_app = _always(app.wsgi_app, always)  # type: ignore[method-assign]
    if not https:
        app.before_request(_this_machine_alone)


def _this_machine_alone() -> None:
    # Whatever server was told to listen to the network: without HTTPS nobody there gets a page.
    address = request.remote_addr or "localhost"
    if not is_loopback(address):
        log.warning("refused %s: without DOUDI_HTTPS=1 only this machine is served", address)
        abort(403)


def _refuse_nul() -> None:
    # No text of ours holds U+0000, and PostgreSQL refuses it with an error of its own.
    sources = (request.args,) if request.method in READS else (request.args, request.form)
    if "\0" in request.path or any("\0" in value for source in sources for _, value in source.items(multi=True)):
        abort(400)


def _guard(response: Response) -> Response:
    there = response.headers.get("Location", "/")
    if not there.startswith("/"):  # the host in it is whatever a stranger wrote
        response.headers["Location"] = there.removeprefix(request.host_url.rstrip("/"))
    response.headers.setdefault("Content-Security-Policy", CSP)  # a document shown by itself asks for a stricter one
    if not _static():
        response.headers["Cache-Control"] = "no-store"
    elif "v" in request.args:
        response.headers["Cache-Control"] = LONG_LIVED
    return response


def _static() -> bool:
    endpoint = request.endpoint or ""
    return endpoint == "static" or endpoint.endswith(".static")


def _always(serve: Callable[..., Any], told: list[tuple[str, str]]) -> Callable[..., Any]:
    """A WSGI application that adds these headers to every answer."""

    def middleware(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, *told], *error)

        return serve(environ, start)

    return middleware
