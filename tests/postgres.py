"""A PostgreSQL server for the tests: the one DOUDI_TEST_POSTGRES_URL names, else one of their own."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

START_SECONDS = 60
# A test's data need not survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
}


@contextmanager
def server() -> Iterator[URL]:
    """Yield the address of a running server as its superuser; skip the test, saying why, where there is none."""
    named = os.environ.get("DOUDI_TEST_POSTGRES_URL")
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    # Short and open to the server's own user, which TMPDIR need not be: a socket's path has about 100 characters.
    short = "/tmp" if os.access("/tmp", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="doudi-pg-", dir=short))
    try:
        with _own_cluster(_programs(), folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server_url: URL, name: str) -> Iterator[str]:
    """Yield the URL of a new empty database of that name, dropped afterwards with whoever is still connected."""
    admin = _dsn(server_url)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    try:
        yield server_url.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _programs() -> Path:
    """The folder of initdb and postgres, newest version first where several are installed."""
    if os.name == "nt":
        pytest.skip("on Windows the tests start no PostgreSQL server of their own; name one: DOUDI_TEST_POSTGRES_URL")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: -float(p.parts[-3]))
    on_path = shutil.which("initdb")
    for initdb in [Path(on_path).resolve()] if on_path else installed:
        return initdb.parent
    pytest.skip("no PostgreSQL server found (initdb); install postgresql or set DOUDI_TEST_POSTGRES_URL")


def _owner() -> dict[str, object]:
    """How to start the server as an ordinary user, which it insists on: extra arguments of subprocess."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


@contextmanager
def _own_cluster(programs: Path, folder: Path) -> Iterator[URL]:
    owner = _owner()
    if owner:
        shutil.chown(folder, owner["user"], owner["group"])
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    common = {"cwd": folder, "env": clean, "stdin": subprocess.DEVNULL, **owner}
    made = subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", "doudi", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **common,
    )  # fmt: skip
    if made.returncode:
        pytest.skip(f"PostgreSQL's initdb failed: {made.stdout.strip()[-300:]}")
    settings = [f"--{key}={value}" for key, value in {**SETTINGS, "unix_socket_directories": folder}.items()]
    # Where the system can, the server ends with the tests even if they are killed.
    mortal = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*mortal, programs / "postgres", "-D", folder / "data", *settings], stdout=log, stderr=log, **common
        )
    url = URL.create("postgresql+psycopg", username="doudi", database="postgres", query={"host": str(folder)})
    try:
        _wait(process, _dsn(url), folder / "log")
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # whoever is still connected is thrown out, not waited for
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], dsn: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            psycopg.connect(dsn).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    pytest.skip(f"PostgreSQL did not start: {log.read_text('utf-8', 'replace').strip()[-300:]}")
