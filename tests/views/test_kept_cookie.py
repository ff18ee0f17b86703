"""A cookie that was verified is believed for a minute, and only the very same one; its session counts as it is now."""

from typing import Any

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from tests.views.clerks import OFFICER, Clerks
from views import headers

SENT = (None, "", "a=1", "a=1; b=2; a=3", 'a="q; x"; b', "a=\xe5\xbc\xa0; b=%20", "=;;a", " a = b ")


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Each time that Flask looks at a signature."""
    done: list[Any] = []
    looks = headers.SecureCookieSessionInterface.open_session
    monkeypatch.setattr(
        headers.SecureCookieSessionInterface, "open_session", lambda *args: done.append(args) or looks(*args)
    )
    return done


def test_the_very_same_cookie_is_verified_once_in_a_minute(clerks: Clerks, verified, monkeypatch):
    browser, at = clerks.browser(OFFICER), [1_000.0]
    monkeypatch.setattr(headers, "monotonic", lambda: at[0])
    browser.get("/desk/")  # the token of its forms goes into the cookie
    verified.clear()
    for seconds, times in ((0, 1), (59, 1), (2, 2), (1, 2)):
        at[0] += seconds
        assert browser.get("/desk/").status_code == 200
        assert len(verified) == times


def test_a_cookie_that_somebody_changed_opens_nothing(clerks: Clerks, app):
    browser = clerks.browser(OFFICER)
    name = app.config["SESSION_COOKIE_NAME"]
    assert browser.get("/desk/").status_code == 200
    cookie = browser.get_cookie(name)
    browser.set_cookie(name, cookie.value[:-2] + ("AA" if cookie.value[-2:] != "AA" else "BB"))
    assert browser.get("/desk/").status_code == 302


def test_a_cookie_signed_with_a_key_that_is_no_longer_in_force_opens_nothing(clerks: Clerks, app, monkeypatch):
    browser = clerks.browser(OFFICER)
    assert browser.get("/desk/").status_code == 200
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key of at least thirty-two signs")
    assert browser.get("/desk/").status_code == 302


def test_what_a_page_puts_into_the_session_is_not_in_the_next_readers(clerks: Clerks):
    one, other = clerks.browser(OFFICER), clerks.browser("township_officer_2")
    for browser in (one, other):
        assert browser.get("/desk/").status_code == 200
    with one.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "只此一次")]
    assert ["只此一次" in one.get("/desk/").get_data(as_text=True) for _ in range(2)] == [True, False]
    assert "只此一次" not in other.get("/desk/").get_data(as_text=True)


def test_an_answer_depends_on_the_cookie_and_sends_it_again_only_where_it_says_something_else(clerks: Clerks):
    browser = clerks.browser(OFFICER)
    browser.get("/desk/")
    again = browser.get("/desk/")
    assert again.headers.getlist("Vary") == ["Cookie"] and "Set-Cookie" not in again.headers
    other = browser.post("/language", data={"lang": "en"})
    assert other.headers.getlist("Vary") == ["Cookie"] and "Set-Cookie" in other.headers
    assert "Vary" not in browser.get("/static/account.css").headers


@pytest.mark.parametrize("sent", SENT)
def test_cookies_are_read_as_any_request_of_the_framework_reads_them(sent):
    environ = EnvironBuilder("/").get_environ() | ({} if sent is None else {"HTTP_COOKIE": sent})
    found = headers.OneCookieHeader(environ).cookies
    assert found == Request(environ.copy()).cookies
    assert not sent or "a" in found
