"""What people change in their own account."""

from datetime import timedelta
from itertools import pairwise

import pytest

from models import LoginSession, User
from policy.vocabulary import Role
from tests import factories
from tests.authenticator import code_at
from tests.clock import START
from tests.workflows import refusals
from workflows import attempts, audit, own_account, passwords, second_factor, sessions
from workflows.actor import SYSTEM
from workflows.reason import Refused

NEW, HERE = "Tulip-7-Harbour", "10.0.0.7"


@pytest.fixture
def user(session):
    audit.attribute(session, SYSTEM, START)
    made = factories.office(session)[Role.TOWNSHIP_OFFICER]
    session.commit()
    return made


@pytest.fixture
def mine(session, user):
    row, _ = sessions.start(session, user, HERE, "Firefox", START)
    session.commit()
    return row


def change(session, row, new=NEW, current=factories.PASSWORD, again=None, at=START):
    return own_account.change_password(session, row.id, current, new, again or new, at)


def refused(session, row, **kwargs):
    return refusals.refused(change, session, row, **kwargs)


def test_a_new_password_counts_from_now_on(session, user, mine):
    token = change(session, mine, at=START + timedelta(minutes=1))
    assert sessions.find(session, token)[0].id == mine.id
    assert passwords.verify_password(user.password_hash, NEW)
    assert (user.must_change_password, user.password_changed_at) == (False, START + timedelta(minutes=1))


def test_a_new_password_ends_the_other_sessions(session, user, mine):
    other, _ = sessions.start(session, user, HERE, "Edge", START)
    session.commit()
    change(session, mine)
    assert [session.get_one(LoginSession, row.id).ended_why for row in (mine, other)] == [None, "password"]


def test_no_lock_is_held_while_passwords_are_hashed(session, mine, monkeypatch):
    seen = []
    real = passwords.hash_password
    monkeypatch.setattr(passwords, "hash_password", lambda p: seen.append(session.in_transaction()) or real(p))
    change(session, mine)
    assert seen == [False]


def test_the_present_password_must_be_right(session, user, mine):
    assert refused(session, mine, current="wrong") == ["password_wrong"]
    assert passwords.verify_password(user.password_hash, factories.PASSWORD)


def test_guessing_the_present_password_ends_the_session(session, mine):
    for _ in range(4):
        refused(session, mine, current="wrong")
    assert refused(session, mine, current="wrong") == ["browser_shut"]
    assert session.get_one(LoginSession, mine.id).ended_why == "guessing"


def test_everything_wrong_with_a_new_password_is_said_at_once(session, mine):
    assert refused(session, mine, new="short", again="other") == [
        "password_short",
        "password_kinds",
        "password_differs",
    ]


def test_the_name_is_no_password(session, mine):
    assert refused(session, mine, new="Township_Officer-7") == ["password_name"]


def test_the_last_five_passwords_are_barred_and_the_sixth_is_not(session, mine):
    row_id = mine.id
    used = [factories.PASSWORD] + [f"Tulip-{n}-Harbour" for n in range(1, 6)]
    for current, new in pairwise(used):
        change(session, session.get_one(LoginSession, row_id), new, current)
    last = session.get_one(LoginSession, row_id)
    assert refused(session, last, new=used[1], current=used[-1]) == ["password_used"]
    assert change(session, last, used[0], used[-1])


def test_the_present_password_cannot_be_chosen_again(session, mine):
    assert refused(session, mine, new=factories.PASSWORD) == ["password_used"]


# --- second factor ---------------------------------------------------------------------------------------------------


def turn_on(session, row, at=START):
    own_account.begin_second_factor(session, row.id, at)
    secret = session.get_one(User, row.user_id).totp
    codes, token = own_account.turn_on_second_factor(session, row.id, code_at(secret, at), at)
    session.commit()
    return secret, codes, token


def test_a_second_factor_is_on_once_a_code_was_right(session, user, mine):
    own_account.begin_second_factor(session, mine.id, START)
    assert not user.totp_on
    with pytest.raises(Refused, match="code_wrong"):
        own_account.turn_on_second_factor(session, mine.id, "000000", START)
    assert not user.totp_on
    _, codes, token = turn_on(session, mine)
    assert user.totp_on
    assert len(codes) == 8
    assert sessions.find(session, token)[0].passed_second_factor


def test_turning_it_on_ends_the_other_sessions(session, user, mine):
    other, _ = sessions.start(session, user, HERE, "Edge", START)
    turn_on(session, mine)
    assert other.ended_why == "second_factor"


def test_a_second_factor_that_is_on_is_not_replaced_without_turning_it_off(session, mine):
    turn_on(session, mine)
    with pytest.raises(Refused, match="second_factor_on"):
        own_account.begin_second_factor(session, mine.id, START)


def test_turning_it_off_needs_a_code(session, user, mine):
    secret, _, _ = turn_on(session, mine)
    with pytest.raises(Refused, match="code_wrong"):
        own_account.turn_off_second_factor(session, mine.id, "000000", HERE, START)
    later = START + timedelta(minutes=1)
    own_account.turn_off_second_factor(session, mine.id, code_at(secret, later), HERE, later)
    assert (user.totp_on, user.totp) == (False, None)


def test_wrong_codes_in_the_account_shut_this_session_s_tries_and_nobody_else_s(session, user, mine):
    turn_on(session, mine)
    other, _ = sessions.start(session, user, HERE, "Edge", START)
    told = [
        refusals.refused(own_account.new_recovery_codes, session, row.id, "000000", HERE, START)
        for row in (mine,) * 6 + (other,)
    ]
    assert told == [["code_wrong"]] * 5 + [["browser_shut"], ["code_wrong"]]
    assert attempts.shut_until(session, user.login, HERE, START) is None


def test_a_required_second_factor_stays_on(session, user, mine):
    secret, _, _ = turn_on(session, mine)
    audit.attribute(session, SYSTEM, START)
    own_account.county(session).second_factor_roles = [user.role.value]
    later = START + timedelta(minutes=1)
    with pytest.raises(Refused, match="second_factor_required"):
        own_account.turn_off_second_factor(session, mine.id, code_at(secret, later), HERE, later)


def test_new_recovery_codes_replace_the_old(session, user, mine):
    secret, old, _ = turn_on(session, mine)
    later = START + timedelta(minutes=1)
    new = own_account.new_recovery_codes(session, mine.id, code_at(secret, later), HERE, later)
    assert not second_factor.accept(user, old[0], later)
    assert second_factor.accept(user, new[0], later)


# --- sessions and language -------------------------------------------------------------------------------------------


def test_a_person_ends_their_own_sessions_and_nobody_elses(session, user, mine):
    own, _ = sessions.start(session, user, HERE, "Edge", START)
    stranger = factories.user(session, Role.AUDITOR)
    others, _ = sessions.start(session, stranger, HERE, "Edge", START)
    own_account.end_session(session, mine.id, own.id, START)
    with pytest.raises(Refused, match="no_such_session"):
        own_account.end_session(session, mine.id, others.id, START)
    assert (own.ended_why, others.ended_why) == ("ended", None)


def test_a_chosen_language_is_kept_for_the_next_login(session, user, mine):
    own_account.choose_language(session, mine.id, "en", START)
    assert user.language == "en"


def test_an_ended_session_changes_nothing(session, mine):
    sessions.end(mine, "logout", START)
    with pytest.raises(Refused, match="session_over"):
        own_account.choose_language(session, mine.id, "en", START)
