"""Templates hold the words of their language: what comes out is what would come out were each looked up."""

import pytest
from flask_babel import force_locale
from jinja2 import DictLoader, FileSystemBytecodeCache

from policy.vocabulary import Role
from tests.signing_in import settle
from views.rendering import word
from views.worded_templates import OfLanguages

PAGES = {
    "page.html": "{% extends 'frame.html' %}{% from 'kit.html' import th %}"
    "{% block body %}{{ th(_('Name')) }}{% endblock %}",
    "frame.html": "<b>{{ _('Members') }}</b>{% block body %}{% endblock %}",
    "kit.html": "{% macro th(label) %}<th>{{ label }}{{ _('Sex')|length }}</th>{% endmacro %}",
    "values.html": "{{ _('Tick %(row)s', row=row) }} {{ _('100 %%') }} {{ _('Name') ~ '<' }}",
}
SHOWN = {"zh_Hans_CN": "<b>成员</b><th>姓名2</th>", "en": "<b>Members</b><th>Name3</th>"}


@pytest.fixture
def env(app):
    made = OfLanguages(app, loader=DictLoader(PAGES), autoescape=True)
    made.globals["_"] = word
    return made


@pytest.mark.parametrize("order", [["zh_Hans_CN", "en"], ["en", "zh_Hans_CN"]])
def test_each_language_has_its_own_words_whichever_came_first(app, env, order):
    with app.test_request_context("/"):
        for language in [*order, *order]:
            with force_locale(language):
                assert env.get_template("page.html").render() == SHOWN[language]


def test_compiled_templates_that_are_kept_are_kept_for_each_language(app, env, tmp_path):
    env.bytecode_cache = FileSystemBytecodeCache(str(tmp_path))
    for _ in range(2):
        env.languages = {}
        with app.test_request_context("/"):
            for language, shown in SHOWN.items():
                with force_locale(language):
                    assert env.get_template("page.html").render() == shown


def test_a_word_of_a_template_is_not_looked_up_when_the_page_is_shown(app, env):
    with app.test_request_context("/"):
        page = env.get_template("page.html")
        env.globals["_"] = env.languages["zh_Hans_CN"].globals["_"] = None
        assert page.render() == SHOWN["zh_Hans_CN"]


def test_values_of_messages_and_what_is_joined_to_a_word_are_escaped_and_a_percent_sign_is_shown_once(app, env):
    with app.test_request_context("/"), force_locale("en"):
        assert env.get_template("values.html").render(row="<i>") == "Tick &lt;i&gt; 100 % Name&lt;"


def test_outside_of_any_page_a_template_is_as_it_is_written(env):
    assert env.get_template("frame.html").root_render_func
    assert not env.languages


def test_choices_of_a_list_are_in_the_language_of_whoever_looks(stand):
    browser = stand(settle).as_(Role.COUNTY_REVIEWER)
    told = {"zh_Hans_CN": ("肢体", "已离开家庭"), "en": ("limb", "No longer in the family")}
    for language, words in [*told.items()] * 2:
        with browser.session_transaction() as session:
            session["lang"] = language
        page = browser.get("/member/").get_data(as_text=True)
        assert [word for word in words if word not in page] == []
