"""A headless Chromium, its pages, and the app served to it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import county
from tests.browser.serving import Served, serving
from tests.browser.watching import PATIENCE_MS, patient_hands, watched
from tests.views.standing import Standing

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
expect.set_options(timeout=PATIENCE_MS)
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's own Chromium; without one the test is skipped loudly."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip(f"no Chromium found (looked for {', '.join(PROGRAMS)})")
    # Chromium refuses to sandbox itself as root.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright, patient_hands():
        running = playwright.chromium.launch(executable_path=program, args=[*QUIET, *as_root])
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, serve: Callable[..., str]) -> Iterator[Callable[..., Page]]:
    """Make a page with cookies of its own: `open_page(viewport=…, expected=("status of 422",))`.

    A console error, a script error or a request to another host fails the test, except what `expected` names.
    The page is closed before the server it looks at, which is why ``serve`` is asked for.
    """
    with watched(browser) as opener:
        yield opener


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One page at 1280 × 720 in Chinese."""
    return open_page()


@pytest.fixture
def serve() -> Iterator[Callable[[Callable], str]]:
    """Serves an app until the test ends, and gives its address."""
    with ExitStack() as servers:
        yield lambda app: servers.enter_context(serving(app))


@pytest.fixture(scope="session")
def served(stand: Callable[..., Standing]) -> Iterator[Served]:
    """The address of the county in which every page has something to show."""
    with serving(stand(county.settle).app) as address:
        yield address


@pytest.fixture(scope="module")
def office(stand: Callable[..., Standing], served: Served) -> Standing:
    """That county, as it was built; a module's tests share what they do."""
    served.rest()
    return stand(county.settle)


@pytest.fixture(scope="module")
def base(office: Standing, served: Served) -> str:
    """Where that county is served."""
    return served
