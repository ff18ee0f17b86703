"""Cookies and the security headers of every answer, whatever it answers."""

import logging
from ipaddress import ip_address

from flask import Flask, Response, abort, request

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
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=31536000; includeSubDomains"
LONG_LIVED = "public, max-age=31536000, immutable"


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
    values = (value for source in (request.args, request.form) for _, value in source.items(multi=True))
    if "\0" in request.path or any("\0" in value for value in values):
        abort(400)


def _guard(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # a document shown by itself asks for a stricter policy
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
