"""The app on a free port of this machine, for as long as a browser test looks at it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from werkzeug.serving import make_server


@contextmanager
def serving(app: Callable) -> Iterator[str]:
    """Serve a WSGI app from a thread; yield its address, without a slash at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
