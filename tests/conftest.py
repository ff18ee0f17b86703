"""What every test shares: a folder of its own, a fresh database on either engine, and skips nobody can miss."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import URL, Engine
from sqlalchemy.orm import Session

from models import base, sealing
from tests import apps, databases, postgres
from tests.clock import Clock
from tests.views.clerks import Clerks
from tests.views.standing import Standing
from workflows import passwords

SETTINGS = ("DOUDI_", "FLASK_", "PORT")
OF_TESTS = "DOUDI_TEST_"
GROUPS = ("browser", "postgres")

# The same examples on every machine, however slow. To look for others: pytest --hypothesis-profile=others
settings.register_profile(
    "same", derandomize=True, database=None, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
settings.register_profile("others", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")


@pytest.fixture(scope="session", autouse=True)
def never_the_real_county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever a test forgets to say, it does not happen in this checkout's instance/ or on a configured server."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(SETTINGS) and not name.startswith(OF_TESTS)]:
            patch.delenv(name)
        patch.setenv("DOUDI_INSTANCE", str(tmp_path_factory.mktemp("instance")))
        yield


@pytest.fixture(scope="session")
def instance_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one test after another has its instance, so that an app which stays where it is may serve them all."""
    return tmp_path_factory.mktemp("own") / "instance"


@pytest.fixture
def instance(instance_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty instance folder, named by DOUDI_INSTANCE too."""
    if instance_folder.exists():
        shutil.rmtree(instance_folder)
    instance_folder.mkdir()
    monkeypatch.setenv("DOUDI_INSTANCE", str(instance_folder))
    return instance_folder


# --- databases -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A running PostgreSQL server, one for each worker; without one the test is skipped loudly."""
    with postgres.server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """The URL of an empty PostgreSQL database of this test's own."""
    with postgres.database(postgres_server, f"doudi_{uuid4().hex[:12]}") as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite file of this test's own, not yet made."""
    return f"sqlite:///{(tmp_path / 'doudi.sqlite3').as_posix()}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine_url(request: pytest.FixtureRequest) -> str:
    """An empty database for what must hold on both engines: the test runs once with each."""
    return request.getfixturevalue(f"{request.param}_url")


# --- schema, people and app: fixtures that know Doudi's tables go below this line -------------------------------------


@pytest.fixture(scope="session", autouse=True)
def keys() -> None:
    """The keys of sealed data, the same in every test."""
    sealing.use(databases.KEYS)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Passwords hashed in a moment: the real 19 MiB would make every login of a test cost 50 ms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_commits() -> Iterator[str]:
    """No commit waits for the disk, which no test pulls the plug of; what the product says instead is handed on."""
    shipped = base.SYNCHRONOUS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "SYNCHRONOUS", "synchronous=OFF")
        yield shipped


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, one for each worker, to copy."""
    file = tmp_path_factory.mktemp("template") / "doudi.sqlite3"
    databases.migrate(f"sqlite:///{file.as_posix()}")
    return file


@pytest.fixture(scope="session")
def kept_postgres_url(postgres_server: URL) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database, one for each worker, used by one test after another."""
    with postgres.database(postgres_server, f"doudi_{uuid4().hex[:12]}") as url:
        databases.migrate(url)
        yield url


@pytest.fixture(scope="session")
def migrated_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one test after another has its SQLite database, so that one engine may serve them all."""
    return tmp_path_factory.mktemp("migrated")


@pytest.fixture
def migrated_sqlite_url(sqlite_template: Path, migrated_folder: Path) -> str:
    """The URL of an SQLite database of this test's own with Doudi's empty tables."""
    return databases.copy_sqlite(sqlite_template, migrated_folder / "doudi.sqlite3")


@pytest.fixture
def migrated_postgres_url(kept_postgres_url: str) -> str:
    """The URL of a PostgreSQL database with Doudi's empty tables; who changes tables takes `postgres_url` instead."""
    databases.empty(kept_postgres_url)
    return kept_postgres_url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """Doudi's empty tables on both engines: the test runs once with each."""
    return request.getfixturevalue(f"migrated_{request.param}_url")


@pytest.fixture
def engine(migrated_sqlite_url: str) -> Iterator[Engine]:
    """An engine on Doudi's empty tables in SQLite."""
    with databases.lent(migrated_sqlite_url) as lent:
        yield lent


@pytest.fixture
def engine_any(migrated_url: str) -> Iterator[Engine]:
    """An engine on Doudi's empty tables, once with SQLite and once with PostgreSQL."""
    with databases.lent(migrated_url) as lent:
        yield lent


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on Doudi's empty tables in SQLite."""
    with Session(engine) as opened:
        yield opened


@pytest.fixture
def session_any(engine_any: Engine) -> Iterator[Session]:
    """A session on Doudi's empty tables, once with SQLite and once with PostgreSQL."""
    with Session(engine_any) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """The time of the app under test; move it."""
    return Clock()


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all workers, whose folders lie side by side, not once for each app."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def furnished(instance: Path, sqlite_template: Path) -> Path:
    """The instance folder with Doudi's empty tables and the keys of every test."""
    databases.copy_sqlite(sqlite_template, instance / "doudi.sqlite3")
    (instance / "secrets.json").write_text(databases.SECRETS)
    return instance


@pytest.fixture
def make_app(furnished: Path, clock: Clock, compiled_templates: FileSystemBytecodeCache) -> Callable[..., Flask]:
    """Make an app on Doudi's empty tables: `make_app(WTF_CSRF_ENABLED=True)`; settings go before the usual ones."""

    def make(**settings: object) -> Flask:
        made = apps.make(furnished, CLOCK=clock, **settings)
        made.jinja_env.bytecode_cache = compiled_templates
        return made

    return make


@pytest.fixture(scope="session")
def kept_apps(compiled_templates: FileSystemBytecodeCache) -> apps.Kept:
    """The one app of this worker that `app` lends to one test after another."""
    return apps.Kept(compiled_templates)


@pytest.fixture
def app(furnished: Path, clock: Clock, kept_apps: apps.Kept) -> Iterator[Flask]:
    """The app on Doudi's empty tables, without CSRF tokens or rate limits; who gives it routes takes `make_app`."""
    with kept_apps.lent(furnished, clock) as lent:
        yield lent


@pytest.fixture(scope="session")
def stand(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, compiled_templates: FileSystemBytecodeCache
) -> Callable[[Callable[[Flask], Any]], Standing]:
    """A county that many tests share: `stand(settle)` is built once for each worker, then put back as it was."""
    built: dict[Callable[[Flask], Any], Standing] = {}

    def stand(settle: Callable[[Flask], Any]) -> Standing:
        if settle not in built:
            built[settle] = Standing(tmp_path_factory.mktemp("standing"), sqlite_template, settle)
            built[settle].app.jinja_env.bytecode_cache = compiled_templates
        return built[settle].put_back()

    return stand


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has logged in with."""
    return app.test_client()


@pytest.fixture
def clerks(app: Flask, clock: Clock) -> Clerks:
    """The people of the small county at their browsers."""
    return Clerks(app, clock)


# --- skips nobody can miss -------------------------------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests by their folder and PostgreSQL tests by their fixture, so no test can forget to."""
    for item in items:
        if "browser" in item.path.parent.parts[-1:]:
            item.add_marker(pytest.mark.browser)
        if {"postgres_url", "migrated_postgres_url"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.postgres)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say, group by group, how many tests did not run and why."""
    skipped = Counter(
        (next((group for group in GROUPS if group in report.keywords), "other"), _reason(report))
        for report in terminalreporter.stats.get("skipped", [])
    )
    for (group, reason), count in sorted(skipped.items()):
        terminalreporter.write_line(f"SKIPPED LOUDLY: {count} {group} tests: {reason}", red=True, bold=True)


def _reason(report: pytest.TestReport) -> str:
    where = report.longrepr
    said = where[2] if isinstance(where, tuple) else str(where)
    return " ".join(said.removeprefix("Skipped: ").split())
