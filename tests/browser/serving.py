"""The app on a free port of this machine, for as long as a browser test looks at it."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Condition, Thread
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

LONGEST = 60
"""Seconds that an answer may take after its page was closed."""


class AtWork:
    """An app that knows which of its answers are under way."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self.app, self.under_way, self.ended = app, 0, Condition()

    def __call__(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        with self.ended:
            self.under_way += 1
        try:
            with closing(ClosingIterator(self.app(environ, start_response))) as answer:
                yield from answer
        finally:
            with self.ended:
                self.under_way -= 1
                self.ended.notify_all()

    def rest(self) -> None:
        """Wait for them: whoever closed a page left its questions, and the next test has the same database file."""
        with self.ended:
            assert self.ended.wait_for(lambda: not self.under_way, LONGEST), "an answer never came to its end"


class Served(str):
    """The address of an app, without a slash at the end; ``rest()`` waits until nothing is asked of it any more."""

    rest: Callable[[], None]


@contextmanager
def serving(app: Callable) -> Iterator[Served]:
    """Serve a WSGI app from a thread, until its last answer has ended."""
    at_work = AtWork(app)
    server = make_server("127.0.0.1", 0, at_work, threaded=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    address = Served(f"http://127.0.0.1:{server.server_port}")
    address.rest = at_work.rest
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
        at_work.rest()
