"""Pages that fail their test when the browser complains or leaves this machine."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import wraps
from time import monotonic
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page

OWN_HOSTS = {"127.0.0.1", "localhost", ""}
CHINESE_DESKTOP = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1280, "height": 720}}
PATIENCE_MS = 90_000
"""Longer than a loaded machine takes: a page that never comes fails, a slow one does not."""
Complaint = tuple[str, bool, str]
"""What the browser said, whether of something it could not load, and of which address."""
HANDS = (
    "check", "clear", "click", "dblclick", "dispatch_event", "drag_to", "fill", "focus", "hover", "press",
    "press_sequentially", "select_option", "set_checked", "set_input_files", "tap", "type", "uncheck",
)  # fmt: skip
"""What somebody does to a page, or to a part of it."""
EYES = (
    "all", "all_inner_texts", "all_text_contents", "bounding_box", "count", "evaluate", "evaluate_all", "get_attribute",
    "inner_html", "inner_text", "input_value", "is_checked", "is_disabled", "is_editable", "is_enabled", "is_hidden",
    "is_visible", "pdf", "screenshot", "text_content",
)  # fmt: skip
"""What looks once at a page, or at a part of it, and takes what it sees; `expect` looks until it sees it."""
NOW = frozenset({"all", "all_inner_texts", "all_text_contents", "count", "evaluate_all", "is_hidden", "is_visible"})
"""What does not wait until the part is there."""


@contextmanager
def patient_hands() -> Iterator[None]:
    """Nobody acts on a page, or looks at it once, whose scripts have not run yet: on a loaded machine tests did.

    And every browser waits as long as ``PATIENCE_MS``.
    """

    def patient(act: Callable) -> Callable:
        @wraps(act)
        def after_the_scripts(where: Locator | Page, *given: object, **options: object) -> object:
            page = where if isinstance(where, Page) else where.page
            if page is not where and act.__name__ not in NOW:
                where.wait_for(state="attached")  # perhaps on a page that is still to come
            page.wait_for_load_state("domcontentloaded")
            return act(where, *given, **options)

        return after_the_scripts

    def patient_context(browser: Browser, **options: object) -> BrowserContext:
        context = new_context(browser, **options)
        context.set_default_timeout(PATIENCE_MS)
        return context

    new_context = Browser.new_context
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Browser, "new_context", patient_context)
        for kind in (Locator, Page):
            for name in (*HANDS, *EYES):
                if hasattr(kind, name):
                    patch.setattr(kind, name, patient(getattr(kind, name)))
            for name in ("keyboard", "mouse", "touchscreen"):
                if hasattr(kind, name):
                    patch.setattr(kind, name, property(patient(getattr(kind, name).fget)))
        yield


def until(page: Page, script: str, argument: object = None) -> None:
    """Wait until the script's value is true; the pages' own policy forbids the way in which Playwright would ask."""

    def true() -> bool:
        with suppress(Error):  # another page came meanwhile
            return bool(page.evaluate(script, argument))
        return False

    comes_true(page, true, script)


def comes_true(page: Page, ask: Callable[[], bool], what: str = "") -> None:
    """Wait until what is asked here is so, while the page goes on."""
    end = monotonic() + PATIENCE_MS / 1000
    while not ask():
        assert monotonic() < end, f"never true: {what or ask}"
        page.wait_for_timeout(50)


def network(page: Page, there: bool) -> None:
    """Take the network away from every window of this browser, or give it back; each knows it afterwards."""
    page.context.set_offline(not there)
    for window in page.context.pages:
        until(window, "there => navigator.onLine === there", there)


@contextmanager
def watched(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Yield `open_page(expected=(), **context_options)`; AssertionError at the end if any of its pages complained."""
    seen: list[Complaint] = []
    refused: set[str] = set()
    with ExitStack() as contexts:

        def open_page(*, expected: tuple[str, ...] = (), **options: object) -> Page:
            context = browser.new_context(**{**CHINESE_DESKTOP, **options})
            contexts.callback(context.close)
            _watch(context, seen, refused, expected)
            return context.new_page()

        yield open_page
    # A page refused on purpose (403, 404 …) is not an error of the page, though the console remarks on it: before
    # its answer is told here, or after.
    told = [said for said, of_a_load, address in seen if not (of_a_load and address in refused)]
    assert not told, "the browser complained:\n" + "\n".join(told)


def _watch(context: BrowserContext, seen: list[Complaint], refused: set[str], expected: tuple[str, ...]) -> None:
    def note(kind: str, text: str, address: str) -> None:
        if not any(words in text for words in expected):
            of_a_load = kind == "console" and text.startswith("Failed to load resource")
            seen.append((f"{kind}: {text} ({address})", of_a_load, address))

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            note("console", message.text, message.location.get("url", ""))

    context.on("response", lambda r: refused.add(r.url) if r.status > 399 and r.request.is_navigation_request() else 0)
    context.on("console", console)
    context.on("weberror", lambda e: note("script", getattr(e.error, "message", str(e.error)), ""))
    context.on("request", lambda r: None if _own(r.url) else note("another host", r.method, r.url))


def _own(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname in OWN_HOSTS
