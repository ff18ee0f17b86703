"""Addresses that take forms alone, opened like a page: after a refusal somebody chose the language, or reloaded."""

import pytest
from werkzeug.test import EnvironBuilder

from policy.vocabulary import Role
from tests.views.samples import build


@pytest.mark.parametrize(("asked", "opened"), [
    ("/import/3/apply", "/import/3/"), ("/account/browsers/forget", "/account/"), ("/case/5/paper/decision/issue/",
    "/case/5/paper/decision/"), ("/users/7/sessions", "/users/7/"), ("/account/sessions/4/end", "/account/"),
    ("/figures/own/3/withdraw", "/figures/"), ("/figures/grace.months_max/add", "/figures/grace.months_max/"),
])  # fmt: skip
def test_whoever_opens_an_address_of_forms_alone_comes_to_the_page_of_the_form(app, asked, opened):
    answer = app.test_client().get(asked)
    assert (answer.status_code, answer.location) == (303, opened)


def test_where_no_page_stands_above_an_address_of_forms_it_says_so(app):
    assert app.test_client().get("/logout").status_code == 405


def test_what_the_form_was_asked_for_and_where_the_panel_stands_go_along(app):
    asked = "/papers/list/movements/full/?place=511526100&month=2026-02"
    answer = app.test_client().get(asked, base_url="http://localhost/doudi")
    assert answer.location == "/doudi/papers/list/movements/?place=511526100&month=2026-02"


@pytest.mark.parametrize("path", ["/account//password", "//account/password", "///account/sessions/4/end"])
def test_no_address_leads_to_another_site(app, path):
    told = []
    environ = {**EnvironBuilder().get_environ(), "PATH_INFO": path, "REMOTE_ADDR": "127.0.0.1"}
    b"".join(app(environ, lambda status, headers, *_: told.append(dict(headers).get("Location", "/"))))
    assert told[0].startswith("/") and not told[0].startswith("//")


@pytest.mark.parametrize(("asked", "row", "opened"), [
    ("/file/{}/withdraw/", "attachment", "/files/"),  # above it lies the document itself, which would be taken down
    ("/income_line/{}/remove/", "income_line", "/income_line/1/edit/"),
    ("/asset/{}/remove/", "asset", "/asset/1/edit/"),
])  # fmt: skip
def test_a_form_whose_page_does_not_lie_above_it_leads_there_too(stand, asked, row, opened):
    office = stand(build)
    browser = office.as_(Role.TOWNSHIP_OFFICER)
    answer = browser.get(asked.format(office.made.own[row]))
    assert answer.status_code == 303 and answer.location.startswith(opened)
    assert browser.get(answer.location).mimetype == "text/html"
