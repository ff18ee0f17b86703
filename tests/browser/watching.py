"""Pages that fail their test when the browser complains or leaves this machine."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from time import monotonic
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

OWN_HOSTS = {"127.0.0.1", "localhost", ""}
CHINESE_DESKTOP = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1280, "height": 720}}
PATIENCE_MS = 45_000
"""Longer than a loaded machine takes: a page that never comes fails, a slow one does not."""
HANDS = ("click", "fill", "press", "press_sequentially", "check", "uncheck", "select_option", "set_input_files")
"""What somebody does to a page through a locator."""


@contextmanager
def patient_hands() -> Iterator[None]:
    """Nobody acts on a page whose scripts have not run yet: on a loaded machine a test did, and they missed it."""

    def patient(act: Callable) -> Callable:
        @wraps(act)
        def after_the_scripts(locator: Locator, *given: object, **options: object) -> object:
            locator.page.wait_for_load_state("domcontentloaded")
            return act(locator, *given, **options)

        return after_the_scripts

    with pytest.MonkeyPatch.context() as patch:
        for name in HANDS:
            patch.setattr(Locator, name, patient(getattr(Locator, name)))
        yield


def until(page: Page, script: str, argument: object = None) -> None:
    """Wait until the script's value is true; the pages' own policy forbids the way in which Playwright would ask."""
    end = monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(script, argument):
        assert monotonic() < end, f"never true: {script}"
        page.wait_for_timeout(50)


@contextmanager
def watched(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Yield `open_page(expected=(), **context_options)`; AssertionError at the end if any of its pages complained."""
    seen: list[str] = []
    with ExitStack() as contexts:

        def open_page(*, expected: tuple[str, ...] = (), **options: object) -> Page:
            context = browser.new_context(**{**CHINESE_DESKTOP, **options})
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            _watch(context, seen, expected)
            return context.new_page()

        yield open_page
    assert not seen, "the browser complained:\n" + "\n".join(seen)


def _watch(context: BrowserContext, seen: list[str], expected: tuple[str, ...]) -> None:
    refused: set[str] = set()

    def note(kind: str, text: str, address: str) -> None:
        if not any(words in text for words in expected):
            seen.append(f"{kind}: {text} ({address})")

    def console(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        # A page refused on purpose (403, 404 …) is not an error of the page, though the console remarks on it.
        of_a_refusal = message.text.startswith("Failed to load resource") and address in refused
        if message.type == "error" and not of_a_refusal:
            note("console", message.text, address)

    context.on("response", lambda r: refused.add(r.url) if r.status > 399 and r.request.is_navigation_request() else 0)
    context.on("console", console)
    context.on("weberror", lambda e: note("script", getattr(e.error, "message", str(e.error)), ""))
    context.on("request", lambda r: None if _own(r.url) else note("another host", r.method, r.url))


def _own(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname in OWN_HOSTS
