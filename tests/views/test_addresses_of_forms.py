"""Addresses that take forms alone, opened like a page: after a refusal somebody chose the language, or reloaded."""

import pytest


@pytest.mark.parametrize(("asked", "opened"), [
    ("/import/3/apply", "/import/3/"), ("/account/browsers/forget", "/account/"), ("/case/5/paper/decision/issue/",
    "/case/5/paper/decision/"), ("/users/7/sessions", "/users/7/"), ("/account/sessions/4/end", "/account/"),
])  # fmt: skip
def test_whoever_opens_an_address_of_forms_alone_comes_to_the_page_of_the_form(app, asked, opened):
    answer = app.test_client().get(asked)
    assert (answer.status_code, answer.location) == (303, opened)


def test_where_no_page_stands_above_an_address_of_forms_it_says_so(app):
    assert app.test_client().get("/logout").status_code == 405
