"""The panel and stock Flask-Admin each in a process of its own: requests a second, and what a start takes."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server
from statistics import median
from time import perf_counter, sleep

from waitress import serve

from benchmarks import county, stock
from benchmarks.caller import cookie_of
from benchmarks.pages import browser_of
from policy.vocabulary import Role

ROOT = Path(__file__).parents[1]
CONNECTIONS, SECONDS = 8, 6
LIST_OF = {"ours": "/member/?size=50", "stock": "/member/"}
"""The list of people by fifty, which is what stock shows unasked."""


def served(folder: Path, members: int) -> Iterator[str]:
    """Requests each second of a list over eight connections, each server in a process of its own, in turn."""
    households = county.households_of(members)
    pairs = [tuple(_rate(folder, households, what) for what in ("ours", "stock")) for _ in range(5)]
    ours, plain = (median(pair[n] for pair in pairs) for n in (0, 1))
    times = median(one / other for one, other in pairs)
    yield (f"Requests a second, first page, {CONNECTIONS} connections, {members:,} members: ours {ours:.0f}, stock"
           f" {plain:.0f}: {times:.2f} × (asked ≥ 2.5 ×)\n")  # fmt: skip


def _rate(folder: Path, households: int, what: str) -> float:
    with create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    words = [sys.executable, "-m", "benchmarks.panel_process", what, str(folder), str(households), str(port)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        cookie = server.stdout.readline().strip()
        try:
            _wait(port)
            return _asked_for(port, cookie, LIST_OF[what])
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            HTTPConnection("127.0.0.1", port, timeout=10).connect()
            return
        except OSError:
            sleep(0.1)


def _asked_for(port: int, cookie: str, where: str) -> float:
    done = [0] * CONNECTIONS
    _one(HTTPConnection("127.0.0.1", port, timeout=60), where, cookie)  # templates are compiled before it counts
    end = perf_counter() + SECONDS

    def ask(n: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        while perf_counter() < end:
            _one(connection, where, cookie)
            done[n] += 1

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / SECONDS


def _one(connection: HTTPConnection, where: str, cookie: str) -> None:
    connection.request("GET", where, headers={"Cookie": cookie})
    answer = connection.getresponse()
    assert answer.status == 200 and len(answer.read()) > 5_000


def _serve(what: str, folder: Path, households: int, port: int) -> None:
    """Serve a county until somebody ends it; says first which cookie its reader sends."""
    if what == "ours":
        app = county.opened(folder, households)
        ((name, value),) = cookie_of(browser_of(app, Role.COUNTY_REVIEWER)).items()
        print(f"{name}={value}", flush=True)
    else:
        app = stock.create_app(f"sqlite:///{(folder / str(households) / stock.FILE).as_posix()}")
        print("none=1", flush=True)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    serve(app, host="127.0.0.1", port=port, threads=CONNECTIONS, _quiet=True)


def started(folder: Path, members: int) -> Iterator[str]:
    """Import and app, in processes of their own, in turn: seconds and megabytes.

    Modules are compiled, as they are wherever a program was started before: by the first start, which does not count.
    """
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    home = [str(folder), str(county.households_of(members))]
    runs: dict[str, list[tuple[float, float]]] = {"ours": [], "stock": []}
    for _ in range(9):
        for what, found in runs.items():
            words = [sys.executable, "-m", "benchmarks.panel_start", what, *home]
            told = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout.split()
            found.append((float(told[0]), float(told[1])))
    ours, plain = ([median(one[n] for one in runs[what][1:]) for n in (0, 1)] for what in ("ours", "stock"))
    time, memory = ours[0] / plain[0], ours[1] / plain[1]
    yield (f"Start: ours {ours[0]:.2f} s, {ours[1]:.0f} MB; stock {plain[0]:.2f} s, {plain[1]:.0f} MB:"
           f" {time:.2f} × the time, {memory:.2f} × the memory (asked ≤ 1.6 ×)\n")  # fmt: skip


if __name__ == "__main__":
    _serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
