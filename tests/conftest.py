"""What every test shares: a folder of its own, a fresh database on either engine, and skips nobody can miss."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL

from tests import postgres

SETTINGS = ("DOUDI_DATABASE_URL", "DOUDI_HTTPS", "PORT")
GROUPS = ("browser", "postgres")


@pytest.fixture(scope="session", autouse=True)
def never_the_real_county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever a test forgets to say, it does not happen in this checkout's instance/ or on a configured server."""
    with pytest.MonkeyPatch.context() as patch:
        for name in SETTINGS:
            patch.delenv(name, raising=False)
        patch.setenv("DOUDI_INSTANCE", str(tmp_path_factory.mktemp("instance")))
        yield


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty instance folder of this test's own, named by DOUDI_INSTANCE too."""
    folder = tmp_path / "instance"
    folder.mkdir()
    monkeypatch.setenv("DOUDI_INSTANCE", str(folder))
    return folder


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


# --- skips nobody can miss -------------------------------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark browser tests by their folder and PostgreSQL tests by their fixture, so no test can forget to."""
    for item in items:
        if "browser" in item.path.parent.parts[-1:]:
            item.add_marker(pytest.mark.browser)
        if "postgres_url" in getattr(item, "fixturenames", ()):
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
