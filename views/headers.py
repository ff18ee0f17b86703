"""Cookies and the security headers of every answer, whatever it answers."""

import logging
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from flask import Flask, Response, abort, request
from flask.sessions import SecureCookieSessionInterface

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
_ALWAYS = tuple(HEADERS.items())
HSTS = "max-age=31536000; includeSubDomains"
LONG_LIVED = "public, max-age=31536000, immutable"


class KeptSigner(SecureCookieSessionInterface):
    """Flask's own cookie, whose signer is put together once and not for each request."""

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
    app.session_interface = KeptSigner()
    app.before_request(_refuse_nul)
    app.after_request(_guard)
    if https:
        app.after_request(_strict_transport)
    else:
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
    response.headers.setdefault("Content-Security-Policy", CSP)  # a document shown by itself asks for a stricter one
    response.headers.extend(_ALWAYS)
    if not _static():
        response.headers["Cache-Control"] = "no-store"
    elif "v" in request.args:
        response.headers["Cache-Control"] = LONG_LIVED
    return response


def _static() -> bool:
    endpoint = request.endpoint or ""
    return endpoint == "static" or endpoint.endswith(".static")


def _strict_transport(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = HSTS
    return response
