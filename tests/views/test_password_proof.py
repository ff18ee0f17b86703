"""Whole numbers, files, roles and adjustments ask for the password when five minutes have passed since it was given."""

from datetime import timedelta

import pytest
from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, LoginSession, User
from policy.vocabulary import Role
from tests import factories
from tests.authenticator import code_at
from tests.signing_in import browser_of, settle
from views import password_proof
from views.db import db
from views.permissions import PUBLIC, ROUTES, may
from workflows import audit, sessions
from workflows.actor import SYSTEM


@pytest.fixture
def home(app, clock):
    """A family, and a browser whose password was given at the clock's time."""
    ids = settle(app)
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clock())
        made = factories.household(session, factories.VILLAGE).id
        session.commit()
    browser = browser_of(app, ids[str(Role.TOWNSHIP_OFFICER)], clock.at)
    _given(app, clock.at)
    return browser, f"/household/{made}/reveal/"


def _given(app, at):
    with app.app_context(), Session(db.engine) as session:
        for row in session.scalars(select(LoginSession)):
            row.verified_at = at
        session.commit()


def _reveals(app):
    with app.app_context():
        return len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "reveal")).all())


ASKED = {"field": "phone", "reason": "contact"}


@pytest.mark.parametrize(("later", "asks"), [(timedelta(seconds=299), False), (sessions.FRESH, True)])
def test_a_whole_number_asks_for_the_password_once_five_minutes_have_passed(home, app, clock, later, asks):
    browser, where = home
    clock.at += later
    answer = browser.post(where, data=ASKED)
    assert (answer.status_code == 401) is asks
    assert ('name="proof"' in answer.get_data(as_text=True)) is asks
    if asks:
        assert _reveals(app) == 0


def test_what_was_sent_goes_on_with_the_right_password_and_the_next_five_minutes_are_open(home, app, clock):
    browser, where = home
    clock.at += timedelta(minutes=6)
    page = browser.post(where, data=ASKED).get_data(as_text=True)
    assert '<input type="hidden" name="field" value="phone">' in page
    answer = browser.post(where, data={**ASKED, "proof": factories.PASSWORD})
    assert answer.status_code == 200 and _reveals(app) == 1
    assert browser.post(where, data=ASKED).status_code == 200


def test_a_wrong_password_shows_nothing_and_too_many_end_the_session(home, app, clock):
    browser, where = home
    clock.at += timedelta(minutes=6)
    answers = [browser.post(where, data={**ASKED, "proof": "wrong"}).status_code for _ in range(5)]
    assert answers[0] == 422 and answers[-1] == 303
    assert _reveals(app) == 0
    assert browser.get("/desk/").status_code == 302


def test_a_page_is_looked_at_without_the_password(home, clock):
    browser, where = home
    clock.at += timedelta(minutes=6)
    assert browser.get(where.removesuffix("reveal/")).status_code == 200


def test_every_route_that_asks_exists():
    assert set(ROUTES) | PUBLIC >= password_proof.ASKED


@pytest.mark.parametrize("endpoint", sorted(password_proof.ASKED))
def test_every_route_that_asks_does_nothing_before_the_password(endpoint, app, clock):
    ids = settle(app)
    role = next((role for role in Role if may(role, endpoint)), Role.SUPERVISOR)
    browser = browser_of(app, ids[str(role)], clock.at)
    _given(app, clock.at)
    clock.at += timedelta(minutes=6)
    rule = next(rule for rule in app.url_map.iter_rules(endpoint) if "POST" in rule.methods)
    with app.test_request_context():
        where = url_for(endpoint, **dict.fromkeys(rule.arguments, 1))
    answer = browser.post(where)
    assert answer.status_code == 401
    assert 'name="proof"' in answer.get_data(as_text=True)


def test_a_second_factor_of_ones_own_making_does_not_stand_for_the_password(home, app, clock):
    browser, where = home
    clock.at += timedelta(minutes=4)
    browser.post("/account/second-factor")
    with app.app_context():
        secret = next(user.totp for user in db.session.scalars(select(User)) if user.totp)
    assert browser.post("/account/second-factor/on", data={"code": code_at(secret, clock.at)}).status_code == 200
    clock.at += timedelta(minutes=1)
    assert browser.post(where, data=ASKED).status_code == 401
    assert _reveals(app) == 0


def test_where_a_file_is_asked_for_the_question_leaves_a_way_back_beside_it(home, app, clock):
    browser, where = home
    clock.at += sessions.FRESH
    asked = [browser.post(url, data=ASKED).get_data(as_text=True) for url in (where, "/export/household/")]
    assert ["data-gives-file" in page and "下载完成后可返回" in page for page in asked] == [False, True]


def test_every_route_that_answers_with_a_file_is_one_that_asks():
    assert password_proof.FILES < password_proof.ASKED
