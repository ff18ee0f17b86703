"""Asks an application as a server does; what a browser does, and a test client in its place, can stay off the clock."""

from collections.abc import Callable, Iterable, Mapping
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_USER_AGENT": "benchmark"}
"""What a server tells of who asks."""


class Answer(NamedTuple):
    """What an application answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


Send = Callable[[], Answer]


class Caller:
    """Somebody at a browser, with the cookies it was given."""

    def __init__(self, app: Flask, cookies: Mapping[str, str] | None = None) -> None:
        self.app, self.cookies = app, dict(cookies or {})
        self.last = Answer(200, [], b"")

    def ready(self, where: str, data: Mapping[str, Any] | None = None, **asked: Any) -> Send:
        """Put a request together (a form is posted where ``data`` is given) and return what sends it.

        Sending it is what a server does: it calls the application, joins the body and closes it.
        """
        self._keep_cookies()
        method = "GET" if data is None else "POST"
        built = EnvironBuilder(where, method=method, data=data, query_string=asked or None, environ_base=HERE)
        environ = built.get_environ()
        built.close()
        if self.cookies:
            environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())

        def send() -> Answer:
            self.last = called(self.app, environ)
            return self.last

        return send

    def open(self, where: str) -> str:
        """The page that is there, as text."""
        return self.ready(where)().body.decode()

    def _keep_cookies(self) -> None:
        for name, value in self.last.headers:
            if name == "Set-Cookie":
                for key, cookie in SimpleCookie(value).items():
                    self.cookies[key] = cookie.value
                    if cookie["max-age"] == "0":
                        del self.cookies[key]


def called(serve: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Answer:
    """The answer of an application to a request, whole."""
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], None]:
        told.append((status, headers))
        return unwanted

    chunks = serve(environ, start)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    status, headers = told[-1]
    return Answer(int(status[:3]), headers, body)


def unwanted(chunk: bytes) -> None:
    """Applications of ours hand their body over as a whole."""
    raise AssertionError(f"{len(chunk)} bytes were written aside")


def cookie_of(browser: FlaskClient) -> dict[str, str]:
    """The cookie of a session by its name."""
    cookie = browser.get_cookie(browser.application.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return {cookie.key: cookie.value}
