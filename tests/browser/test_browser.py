"""The browser the other tests look through."""

from threading import Event, Thread
from urllib.request import urlopen

import pytest
from flask import Flask

from tests.browser.serving import serving
from tests.browser.watching import watched

PAGE = '<!doctype html><html lang="zh"><link rel="icon" href="data:,"><title>兜底</title><h1>兜底</h1>{}</html>'


@pytest.fixture
def small_app():
    """A page for each thing a browser may complain of."""
    app = Flask("small", static_folder=None)
    bodies = {
        "/good": "",
        "/script-error": "<script>nothing.there()</script>",
        "/console-error": "<script>console.error('broken')</script>",
        "/other-host": '<img src="http://other.invalid/a.png" alt="">',
        "/missing-file": '<img src="/nowhere.png" alt="">',
    }
    for address, body in bodies.items():
        app.add_url_rule(address, address, lambda body=body: PAGE.format(body))
    app.add_url_rule("/refused", "refused", lambda: (PAGE.format(""), 403))
    return app


def test_a_served_page_shows_in_the_browser(page, serve, small_app):
    page.goto(serve(small_app) + "/good")
    assert page.get_by_role("heading").inner_text() == "兜底"
    assert page.evaluate("navigator.language") == "zh-CN"


def test_a_page_refused_on_purpose_is_no_complaint(page, serve, small_app):
    assert page.goto(serve(small_app) + "/refused").status == 403


@pytest.mark.parametrize("address", ["/script-error", "/console-error", "/other-host", "/missing-file"])
def test_what_a_browser_complains_of_fails_the_test(address, browser, serve, small_app):
    with pytest.raises(AssertionError, match="the browser complained"), watched(browser) as open_page:
        open_page().goto(serve(small_app) + address)


def test_a_server_ends_with_its_last_answer():
    app, asked, ended = Flask("slow", static_folder=None), Event(), []

    def slow():
        yield "兜"
        asked.set()
        Event().wait(0.3)  # whoever asked is gone, and the next test comes
        ended.append(True)
        yield "底"

    app.add_url_rule("/", "slow", lambda: app.response_class(slow()))
    with serving(app) as base:
        Thread(target=lambda: urlopen(base).read(), daemon=True).start()
        assert asked.wait(60)
    assert ended
