"""Which language a page speaks."""

import pytest
from flask import Flask, render_template_string
from flask_babel import gettext

from views.i18n import init_i18n, normalise


@pytest.fixture
def client():
    app = Flask("language")
    app.config.update(SECRET_KEY="test", TESTING=True)
    init_i18n(app)
    app.add_url_rule("/", "page", lambda: render_template_string("{{ html_lang() }} {{ _('Receiving') }}"))
    return app.test_client()


@pytest.mark.parametrize("code", ["zh", "zh-CN", "zh_CN", "zh_Hans_CN", "", None, 7, "xx-??", "../../etc", "fr"])
def test_every_code_that_is_not_english_is_chinese(code):
    assert normalise(code) == "zh_Hans_CN"


@pytest.mark.parametrize("code", ["en", "EN", "en-GB", "en_US"])
def test_every_kind_of_english_is_english(code):
    assert normalise(code) == "en"


def test_a_new_visitor_reads_chinese(client):
    assert client.get("/").text == "zh-CN 在享"


def test_a_visitor_may_choose_english_and_return_to_the_same_page(client):
    answer = client.post("/language", data={"lang": "en"}, headers={"Referer": "http://localhost/list?page=2"})
    assert answer.location == "/list?page=2"
    assert client.get("/").text == "en Receiving"


@pytest.mark.parametrize("code", ["zh-CN", "nonsense", ""])
def test_an_odd_language_code_never_breaks_a_page(client, code):
    client.post("/language", data={"lang": code})
    with client.session_transaction() as session:
        session["lang"] = code
    assert client.get("/").text == "zh-CN 在享"


@pytest.mark.parametrize(
    "referrer", ["http://elsewhere.example/x", "http://localhost//elsewhere.example", "junk", None]
)
def test_the_choice_leads_to_no_other_host(client, referrer):
    headers = {"Referer": referrer} if referrer else {}
    assert client.post("/language", data={"lang": "en"}, headers=headers).location == "/"


def test_a_command_without_a_request_speaks_chinese(client):
    with client.application.app_context():
        assert gettext("Receiving") == "在享"
