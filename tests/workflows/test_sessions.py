"""How long a logged-in browser counts."""

import hashlib
from datetime import timedelta

import pytest

from models import LoginSession
from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from workflows import audit, sessions
from workflows.actor import SYSTEM


@pytest.fixture
def office(session):
    audit.attribute(session, SYSTEM, START)
    return factories.office(session)


def begin(session, user, at=START):
    return sessions.start(session, user, "10.0.0.7", "Firefox", at)


def minutes(count):
    return START + timedelta(minutes=count)


def test_only_the_hash_of_the_token_is_kept(session, office):
    row, token = begin(session, office[Role.AUDITOR])
    assert len(token) >= 43  # 256 random bits
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()


def test_every_session_has_a_token_of_its_own(session, office):
    assert begin(session, office[Role.AUDITOR])[1] != begin(session, office[Role.AUDITOR])[1]


@pytest.mark.parametrize(("minute", "why"), [(29, None), (30, "idle"), (31, "idle")])
def test_thirty_idle_minutes_end_a_session(session, office, minute, why):
    row, _ = begin(session, office[Role.TOWNSHIP_OFFICER])
    assert sessions.why_over(row, minutes(minute)) == why


@pytest.mark.parametrize(
    "role",
    [Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER, Role.SUPERVISOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN],
)
@pytest.mark.parametrize(("minute", "why"), [(14, None), (15, "idle"), (16, "idle")])
def test_fifteen_idle_minutes_end_the_session_of_who_decides(session, office, role, minute, why):
    row, _ = begin(session, office[role])
    assert sessions.why_over(row, minutes(minute)) == why


@pytest.mark.parametrize(("minute", "why"), [(479, None), (480, "absolute"), (481, "absolute")])
def test_eight_hours_end_a_session_however_busy(session, office, minute, why):
    row, _ = begin(session, office[Role.TOWNSHIP_OFFICER])
    sessions.seen(session, row.id, minutes(minute))
    assert sessions.why_over(row, minutes(minute)) == why


@pytest.mark.parametrize(("seconds", "due"), [(59, False), (60, True), (61, True)])
def test_last_seen_is_written_at_most_once_a_minute(session, office, seconds, due):
    row, _ = begin(session, office[Role.AUDITOR])
    assert sessions.due_seen(row, START + timedelta(seconds=seconds)) is due


def test_a_clock_set_back_does_not_move_last_seen_back(session, office):
    row, _ = begin(session, office[Role.AUDITOR])
    sessions.seen(session, row.id, START - timedelta(hours=1))
    assert row.seen_at == START


def test_a_disabled_user_has_no_session(session, office):
    row, _ = begin(session, office[Role.AUDITOR])
    row.user.active = False
    assert sessions.why_over(row, START) == "disabled"


def test_ending_all_spares_the_one_that_asks(session, office):
    mine, _ = begin(session, office[Role.AUDITOR])
    other, _ = begin(session, office[Role.AUDITOR])
    strangers, _ = begin(session, office[Role.SUPERVISOR])
    assert sessions.end_all(session, mine.user_id, "password", START, but=mine.id) == 1
    assert [sessions.why_over(row, START) for row in (mine, other, strangers)] == [None, "password", None]


def test_an_ended_session_keeps_its_first_reason(session, office):
    row, _ = begin(session, office[Role.AUDITOR])
    sessions.end(row, "logout", START)
    sessions.end(row, "disabled", minutes(5))
    assert (row.ended_why, row.ended_at) == ("logout", START)


def test_a_rotated_token_opens_nothing_any_more(session, office):
    row, old = begin(session, office[Role.AUDITOR])
    new = sessions.rotate(row)
    session.flush()
    assert sessions.find(session, old) is None
    assert sessions.find(session, new)[0].id == row.id


def test_sessions_that_ran_out_are_written_down_at_the_next_login(session, office):
    first, _ = begin(session, office[Role.AUDITOR])
    begin(session, office[Role.AUDITOR], minutes(60))
    assert session.get_one(LoginSession, first.id).ended_why == "idle"
    assert len(sessions.opened(session, first.user_id, minutes(60))) == 1


@pytest.mark.parametrize(("seconds", "fresh"), [(299, True), (300, False), (301, False)])
def test_a_password_given_counts_as_fresh_for_five_minutes(session, office, seconds, fresh):
    row, _ = begin(session, office[Role.AUDITOR])
    assert sessions.verified(row, START + timedelta(seconds=seconds)) is fresh
