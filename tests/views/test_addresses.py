"""Addresses and words are kept or taken a shorter way: what comes out is what Flask and Jinja would have given."""

import pytest
from flask import Flask

ASKED = (
    ("household.page", {"id": 7}),
    ("household.page", {"id": 2_000_000_011}),
    ("household.page", {"id": "7"}),
    ("member.index_view", {"name": "2000000011"}),
    ("member.index_view", {"township": "511526100", "page": 2}),
    ("member.index_view", {"name": "张 &?", "size": None}),
    ("member.index_view", {"found": True}),
    ("case.step", {"id": 12, "action": "accept"}),
    ("household.page", {"id": 7, "_anchor": "member-3"}),
    ("household.page", {"id": 7, "_external": True}),
)


@pytest.mark.parametrize(("endpoint", "values"), ASKED)
@pytest.mark.parametrize("root", ["", "/county"])
def test_a_kept_address_is_the_one_that_flask_builds(app, endpoint, values, root):
    with app.test_request_context("/", base_url=f"http://localhost{root}"):
        wanted = Flask.url_for(app, endpoint, **values)
        assert [app.url_for(endpoint, **values) for _ in range(2)] == [wanted, wanted]


def test_each_row_has_its_own_address(app):
    with app.test_request_context("/"):
        assert [app.url_for("household.page", id=n) for n in (1, 2, 3)] == [
            "/household/1/",
            "/household/2/",
            "/household/3/",
        ]


def test_what_a_row_or_a_person_is_called_is_escaped_in_a_message(app):
    page = app.jinja_env.from_string("{% for name in names %}{{ _('Tick %(row)s', row=name) }}{% endfor %}")
    with app.test_request_context("/"):
        assert "<b>" not in page.render(names=["<b>"]) and "&lt;b&gt;" in page.render(names=["<b>"])


def test_a_percent_sign_in_a_message_without_values_is_written_twice_and_shown_once(app):
    with app.test_request_context("/"):
        assert app.jinja_env.from_string("{{ _('100 %%') }}").render() == "100 %"


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("/household?page=2", "/household/?page=2"),
        ("/case//7/", "/case/7/"),
        ("/", "/login"),
        ("/desk/", "/login?next=/desk/"),
    ],
)
def test_the_way_on_never_names_the_host_that_a_request_claims_to_ask(app, address, where):
    assert app.test_client().get(address, base_url="http://elsewhere.example").headers["Location"] == where
