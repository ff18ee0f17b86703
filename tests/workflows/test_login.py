"""Coming in: limits, the second factor, and what must be put right first."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import AuditEntry, LoginFailure, LoginSession, User
from policy.vocabulary import Role
from tests import factories
from tests.at_once import at_once
from tests.authenticator import code_at
from tests.clock import START
from tests.workflows import refusals
from workflows import audit, login, passwords, second_factor, sessions
from workflows.actor import SYSTEM
from workflows.login import Attempt
from workflows.reason import Refused

HERE, THERE = "10.0.0.7", "10.0.0.8"
OFFICER = Role.TOWNSHIP_OFFICER.value


@pytest.fixture
def guarded(session, office):
    """The township approver with a second factor; returns the secret."""
    user = office[Role.TOWNSHIP_APPROVER]
    second_factor.begin(user)
    user.totp_on = True
    session.commit()
    return user.totp


def attempt(name=OFFICER, password=factories.PASSWORD, address=HERE, at=START):
    return Attempt(name, password, address, "Firefox", at)


def enter(session, *args, **kwargs):
    return login.enter(session, attempt(*args, **kwargs))


def refused(session, *args, **kwargs):
    return refusals.refused(enter, session, *args, **kwargs)


def fail(session, times, name=OFFICER, address=HERE, at=START):
    for _ in range(times):
        refused(session, name, "wrong", address, at)


def test_the_right_password_opens_a_session_and_leaves_a_trace(session, office):
    entry = enter(session)
    row, county = sessions.find(session, entry.token)
    assert row.user.login == OFFICER
    assert login.pending(row, county, START) is None
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.action, last.actor_id, last.reason) == ("login", row.user.id, HERE)


def test_a_login_name_is_read_kindly(session, office):
    assert enter(session, " Township_Officer ").user_id == office[Role.TOWNSHIP_OFFICER].id


def test_wrong_and_unknown_logins_are_refused_with_the_same_words_after_the_same_work(session, office, monkeypatch):
    checked = []
    verify = passwords.verify_password
    monkeypatch.setattr(passwords, "verify_password", lambda h, p: checked.append(h) or verify(h, p))
    assert refused(session, password="wrong") == refused(session, "nobody-here", "wrong") == ["login_failed"]
    assert len(checked) == 2
    assert checked[1] is None


def test_no_write_lock_is_held_while_a_password_is_checked(session, office, monkeypatch):
    seen = []
    verify = passwords.verify_password
    monkeypatch.setattr(
        passwords, "verify_password", lambda h, p: seen.append(session.in_transaction()) or verify(h, p)
    )
    enter(session)
    assert seen == [False]


@pytest.mark.parametrize("name", [OFFICER, "nobody-here"])
def test_the_sixth_try_is_refused_even_with_the_right_password(session, office, name):
    fail(session, 4, name)
    with pytest.raises(Refused) as fifth:
        enter(session, name, "wrong")
    assert fifth.value.reasons[0].code == "login_shut"
    assert fifth.value.reasons[0].args == {"until": START + timedelta(minutes=15)}
    assert refused(session, name) == ["login_shut"]


def test_four_failures_shut_nothing(session, office):
    fail(session, 4)
    assert enter(session).token


@pytest.mark.parametrize(("minutes", "open_again"), [(14, False), (15, True), (16, True)])
def test_fifteen_minutes_later_one_may_try_again(session, office, minutes, open_again):
    fail(session, 5)
    later = START + timedelta(minutes=minutes)
    assert (refused(session, at=later) == ["login_shut"]) if not open_again else enter(session, at=later).token


def test_after_the_wait_a_single_slip_does_not_shut_again(session, office):
    fail(session, 5)
    later = START + timedelta(minutes=15)
    assert refused(session, password="wrong", at=later) == ["login_failed"]


def test_a_second_series_of_failures_shuts_again(session, office):
    fail(session, 5)
    later = START + timedelta(minutes=20)
    fail(session, 5, at=later)
    assert refused(session, at=later + timedelta(minutes=14)) == ["login_shut"]


def test_the_fifteen_minutes_count_from_the_last_failure(session, office):
    for minute in range(5):
        refused(session, password="wrong", at=START + timedelta(minutes=minute))
    assert refused(session, at=START + timedelta(minutes=18)) == ["login_shut"]
    assert enter(session, at=START + timedelta(minutes=19)).token


def test_failures_far_apart_shut_nothing(session, office):
    for minute in range(0, 50, 10):
        refused(session, password="wrong", at=START + timedelta(minutes=minute))
    assert enter(session, at=START + timedelta(minutes=41)).token


def test_a_shut_account_stays_shut_from_every_address(session, office):
    fail(session, 5)
    assert refused(session, address=THERE) == ["login_shut"]


def test_a_success_begins_the_count_anew(session, office):
    fail(session, 4)
    enter(session)
    fail(session, 4)
    assert enter(session).token


def test_trying_one_password_on_many_accounts_shuts_the_address(session, office):
    for number in range(5):
        refused(session, f"someone{number}", "Xunchang-2026")
    assert refused(session, Role.AUDITOR.value) == ["login_shut"]
    assert enter(session, Role.AUDITOR.value, address=THERE).token


def test_one_persons_slips_do_not_shut_out_colleagues_at_the_same_address(session, office):
    fail(session, 5)
    assert enter(session, Role.AUDITOR.value).token


def test_guesses_sent_at_once_do_not_outrun_the_count(session, office, monkeypatch):
    verify = passwords.verify_password

    def meanwhile(hashed, password):
        monkeypatch.setattr(passwords, "verify_password", verify)
        fail(session, 5)
        return verify(hashed, password)

    monkeypatch.setattr(passwords, "verify_password", meanwhile)
    assert refused(session) == ["login_shut"]


def test_many_browsers_guessing_at_once_are_counted_one_by_one(engine_any):
    with Session(engine_any) as session:
        audit.attribute(session, SYSTEM, START)
        factories.office(session)
        session.commit()

    def guess(_number):
        with Session(engine_any) as own:
            return refused(own, password="wrong")[0]

    assert sorted(at_once(guess, range(16))) == ["login_failed"] * 4 + ["login_shut"] * 12


def test_one_code_sent_by_two_browsers_at_once_opens_one(engine_any):
    with Session(engine_any) as session:
        audit.attribute(session, SYSTEM, START)
        user = factories.office(session)[Role.TOWNSHIP_APPROVER]
        second_factor.begin(user)
        user.totp_on = True
        code = code_at(user.totp, START)
        session.commit()
        waiting = [enter(session, APPROVER) for _ in range(4)]

    def send(entry):
        with Session(engine_any) as own:
            try:
                return bool(give(own, entry, code))
            except Refused:
                return False

    assert sorted(at_once(send, waiting)) == [False, False, False, True]


def test_what_was_typed_as_login_is_not_kept_readable(session, office):
    refused(session, "Tulip-7-Harbour", "x")
    assert "tulip" not in session.scalars(select(LoginFailure.login)).one().lower()
    assert not session.scalar(select(func.count()).where(AuditEntry.reason.contains("ulip")))


def test_old_failures_are_forgotten(session, office):
    fail(session, 1)
    fail(session, 1, at=START + timedelta(days=2))
    assert session.scalar(select(func.count(LoginFailure.id))) == 1


def test_a_disabled_account_is_told_so_only_to_who_knows_its_password(session, office):
    audit.attribute(session, SYSTEM, START)
    office[Role.TOWNSHIP_OFFICER].active = False
    session.commit()
    assert refused(session) == ["account_disabled"]
    assert refused(session, password="wrong") == ["login_failed"]


def test_a_weaker_hash_is_renewed_at_login(session, office):
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(factories.PASSWORD)
    audit.attribute(session, SYSTEM, START)
    office[Role.TOWNSHIP_OFFICER].password_hash = weak
    session.commit()
    enter(session)
    renewed = session.get_one(User, office[Role.TOWNSHIP_OFFICER].id).password_hash
    assert renewed != weak
    assert passwords.verify_password(renewed, factories.PASSWORD)


@pytest.mark.parametrize(("days", "works"), [(6, True), (7, False), (8, False)])
def test_a_one_use_password_works_for_a_week(session, office, days, works):
    audit.attribute(session, SYSTEM, START)
    office[Role.TOWNSHIP_OFFICER].must_change_password = True
    session.commit()
    at = START + timedelta(days=days)
    assert enter(session, at=at).token if works else refused(session, at=at) == ["one_use_expired"]


def test_a_one_use_password_leads_only_to_its_change(session, office):
    audit.attribute(session, SYSTEM, START)
    office[Role.TOWNSHIP_OFFICER].must_change_password = True
    session.commit()
    assert login.pending(*sessions.find(session, enter(session).token), START) == "password"


@pytest.mark.parametrize(("days", "step"), [(89, None), (90, "password"), (91, "password")])
def test_the_usual_profile_asks_for_a_new_password_after_ninety_days(session, office, days, step):
    at = START + timedelta(days=days)
    assert login.pending(*sessions.find(session, enter(session, at=at).token), at) == step


def test_the_sample_countys_passwords_never_grow_old(session, office):
    row, county = sessions.find(session, enter(session, at=START).token)
    county = county._replace(sample=True)
    assert login.pending(row, county, START + timedelta(days=4000)) is None


def test_the_modern_profile_never_asks_for_a_new_password(session, office):
    audit.attribute(session, SYSTEM, START)
    row, county = sessions.find(session, enter(session, at=START).token)
    county = county._replace(password_profile="modern")
    assert login.pending(row, county, START + timedelta(days=4000)) is None


# --- second factor ---------------------------------------------------------------------------------------------------

APPROVER = Role.TOWNSHIP_APPROVER.value


def give(session, entry, code, at=START):
    return login.give_code(session, entry.session_id, code, HERE, at)


def give_wrong(session, entry, at=START):
    with pytest.raises(Refused) as caught:
        give(session, entry, "abc", at)
    return caught.value.reasons[0].code


def test_the_password_alone_leads_only_to_the_code(session, guarded):
    entry = enter(session, APPROVER)
    assert login.pending(*sessions.find(session, entry.token), START) == "code"


def test_the_code_opens_the_session_under_a_new_token(session, guarded):
    entry = enter(session, APPROVER)
    token = give(session, entry, code_at(guarded, START))
    assert sessions.find(session, entry.token) is None
    assert login.pending(*sessions.find(session, token), START) is None


@pytest.mark.parametrize(("seconds", "works"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_holds_one_step_early_or_late(session, guarded, seconds, works):
    entry = enter(session, APPROVER)
    code = code_at(guarded, START + timedelta(seconds=seconds))
    if works:
        assert give(session, entry, code)
    else:
        with pytest.raises(Refused):
            give(session, entry, code)


def test_a_code_works_once(session, guarded):
    code = code_at(guarded, START)
    give(session, enter(session, APPROVER), code)
    with pytest.raises(Refused, match="code_wrong"):
        give(session, enter(session, APPROVER), code)


def test_an_older_code_does_not_work_after_a_newer_one(session, guarded):
    give(session, enter(session, APPROVER), code_at(guarded, START))
    with pytest.raises(Refused, match="code_wrong"):
        give(session, enter(session, APPROVER), code_at(guarded, START - timedelta(seconds=30)))


def test_codes_are_guessed_five_times_at_most(session, guarded):
    entry = enter(session, APPROVER)
    assert [give_wrong(session, entry) for _ in range(5)] == ["code_wrong"] * 4 + ["login_shut"]
    with pytest.raises(Refused, match="login_shut"):
        give(session, entry, code_at(guarded, START))


def test_giving_the_password_again_does_not_buy_more_guesses(session, guarded):
    for _ in range(4):
        give_wrong(session, enter(session, APPROVER))
    assert give_wrong(session, enter(session, APPROVER)) == "login_shut"


def test_a_recovery_code_works_once(session, guarded, office):
    user = office[Role.TOWNSHIP_APPROVER]
    codes = second_factor.renew_recovery_codes(user)
    session.commit()
    assert len(codes) == len(set(codes)) == 8
    assert not set(codes) & set(user.recovery_hashes)
    assert give(session, enter(session, APPROVER), codes[3].upper())
    with pytest.raises(Refused, match="code_wrong"):
        give(session, enter(session, APPROVER), codes[3])
    assert give(session, enter(session, APPROVER), codes[4])


def test_the_county_may_require_a_second_factor_of_a_role(session, office):
    approvers, officers = enter(session, APPROVER), enter(session)
    (row, county), (other, _) = sessions.find(session, approvers.token), sessions.find(session, officers.token)
    county = county._replace(second_factor_roles=[APPROVER])
    assert [login.pending(one, county, START) for one in (row, other)] == ["enrol", None]


def test_the_secret_is_sealed_in_the_database(session, guarded, office):
    assert guarded.encode() not in office[Role.TOWNSHIP_APPROVER].totp_sealed


def test_leaving_ends_the_session_for_good(session, office):
    entry = enter(session)
    login.leave(session, entry.session_id, START)
    row = session.get_one(LoginSession, entry.session_id)
    assert sessions.why_over(row, START) == "logout"
