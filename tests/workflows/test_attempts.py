"""Wrong passwords are counted for strange browsers together, and for each known one by itself."""

from datetime import timedelta

import pytest

from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from tests.workflows import refusals
from workflows import attempts, login, own_account
from workflows.login import Attempt
from workflows.reason import Refused

HERE, THERE = "10.0.0.7", "10.0.0.8"
OFFICER = Role.TOWNSHIP_OFFICER.value


def enter(session, name=OFFICER, password=factories.PASSWORD, address=HERE, known=""):
    return login.enter(session, Attempt(name, password, address, "Firefox", START, known))


def refused(session, *args, **kwargs):
    return refusals.refused(enter, session, *args, **kwargs)


def fail(session, times, address=HERE, known=""):
    for _ in range(times):
        refused(session, OFFICER, "wrong", address, known)


@pytest.mark.parametrize("address", [HERE, THERE])
def test_wrong_passwords_typed_elsewhere_do_not_shut_out_of_a_browser_that_is_known(session_any, address):
    factories.office(session_any)
    session_any.commit()
    fail(session_any, 5, address=address)
    assert refused(session_any) == ["login_shut"]
    assert enter(session_any, known="own").token


def test_one_password_tried_on_many_accounts_does_not_shut_a_known_browser_at_that_address(session, office):
    for number in range(5):
        refused(session, f"someone{number}", "Xunchang-2026")
    assert enter(session, known="own").token


def test_a_known_browser_has_five_tries_of_its_own(session, office):
    fail(session, 4, known="own")
    with pytest.raises(Refused) as fifth:
        enter(session, password="wrong", known="own")
    assert [(reason.code, reason.args) for reason in fifth.value.reasons] == [
        ("browser_shut", {"until": START + timedelta(minutes=15)})
    ]
    assert refused(session, known="own") == ["browser_shut"]
    assert enter(session, known="other").token and enter(session).token


def test_coming_in_by_a_known_browser_buys_nobody_more_guesses_elsewhere(session, office):
    fail(session, 4)
    enter(session, known="own")
    fail(session, 1)
    assert refused(session) == ["login_shut"]


@pytest.mark.parametrize("known", ["", "own"])
def test_an_unlock_opens_every_way_in_and_until_then_the_administrator_is_told(session, office, known):
    fail(session, 5, known=known)
    names = [OFFICER, Role.AUDITOR.value]
    assert attempts.shut(session, names, START) == {OFFICER: START + timedelta(minutes=15)}
    assert attempts.shut(session, names, START + timedelta(minutes=15)) == {}
    attempts.forget(session, OFFICER)
    session.commit()
    assert attempts.shut(session, names, START) == {} and enter(session, known=known).token


@pytest.mark.parametrize("times", [4, 5])
def test_who_types_wrong_codes_inside_a_session_is_not_listed_as_shut_out_of_the_login(session, office, times):
    entry = enter(session)
    for _ in range(times):
        refusals.refused(own_account.prove, session, entry.session_id, "wrong", START)
    assert attempts.shut(session, [OFFICER], START) == {}
    assert enter(session).token and enter(session, known="own").token
