"""Every screen has its help: what it is for, how one works with it, and the office's words."""

import html
import re

import pytest

from policy.vocabulary import Role
from tests.signing_in import settle
from views import nav
from views.help_words import TERMS
from views.permissions import PUBLIC, ROUTES
from views.topic_words import OF_FAMILY, TOPICS, topic_of


@pytest.fixture(scope="module")
def office(stand):
    return stand(settle)


def text(browser, where):
    answer = browser.get(where)
    assert answer.status_code == 200, where
    return html.unescape(answer.get_data(as_text=True))


def test_every_page_of_the_menu_has_a_help_topic():
    endpoints = [item.endpoint for _, items in nav.MENU for item in items]
    assert [endpoint for endpoint in endpoints if topic_of(endpoint) not in TOPICS] == []


def test_every_family_of_routes_has_a_help_topic():
    families = {endpoint.split(".")[0] for endpoint in set(ROUTES) - PUBLIC}
    assert sorted(family for family in families if OF_FAMILY.get(family) not in TOPICS) == []


def test_every_topic_uses_words_that_are_explained_and_every_word_is_used():
    used = {term for topic in TOPICS.values() for term in topic.terms}
    assert used == set(TERMS)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_OFFICER, Role.SUPERVISOR, Role.SYSTEM_ADMIN])
def test_the_question_mark_beside_each_heading_leads_to_the_help_of_that_page(role, office):
    browser = office.as_(role.value)
    for group in [items for _, items in nav.MENU]:
        for item in group:
            with office.app.test_request_context():
                from flask import url_for

                where = url_for(item.endpoint, **item.arguments)
            answer = browser.get(where)
            if answer.status_code == 200:
                mark = re.search(r'class="help-link" href="([^"]+)"', answer.get_data(as_text=True))
                assert mark, where
                assert mark[1] == f"/help/{topic_of(item.endpoint)}/"


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_reads_in_both_languages(topic, office):
    browser = office.as_("village_worker")
    page = text(browser, f"/help/{topic}/")
    assert str(TOPICS[topic].purpose) not in page  # the Chinese stands there, not the message
    with browser.session_transaction() as session:
        session["lang"] = "en"
    page = text(browser, f"/help/{topic}/")
    assert str(TOPICS[topic].purpose) in page
    for name in TOPICS[topic].terms:
        assert str(TERMS[name][1]) in page


def test_an_unknown_topic_is_not_found(office):
    assert office.as_("village_worker").get("/help/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("topic", "word", "other"), [("papers", "帮助 · 文书", "帮助 · 材料"), ("export", "<dt>修改记录", "<dt>对象")]
)
def test_the_help_calls_things_as_the_pages_call_them(topic, word, other, office):
    page = office.as_(Role.TOWNSHIP_OFFICER).get(f"/help/{topic}/").get_data(as_text=True)
    assert word in page and other not in page
