"""Accounts take two people, and what changes in one ends its sessions."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, Division, LoginSession, User
from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from tests.workflows.refusals import codes
from workflows import accounts, attempts, audit, login, passwords, second_factor, sessions
from workflows.actor import SYSTEM
from workflows.login import Attempt
from workflows.office import actor_of, people
from workflows.reason import Refused

WHY = "岗位调整"
CAN_NOT = [role for role in Role if role != Role.SYSTEM_ADMIN]


@pytest.fixture
def maker(office):
    return actor_of(office[Role.SYSTEM_ADMIN])


@pytest.fixture
def granter(office):
    return actor_of(office[Role.SECURITY_ADMIN])


@pytest.fixture
def officer(office):
    return office[Role.TOWNSHIP_OFFICER]


@pytest.fixture
def newcomer(session, maker):
    return make(session, maker)[0]


def make(session, actor, name="lihua", place=factories.XUNCHANG):
    return accounts.create_user(session, actor, name, "李华", place, START)


def open_session(session, user):
    return sessions.start(session, user, "10.0.0.7", "Firefox", START)[0]


def entries(session, user):
    rows = select(AuditEntry).where(AuditEntry.table_name == "user", AuditEntry.row_id == str(user.id))
    return session.scalars(rows.order_by(AuditEntry.id)).all()


# --- making accounts -------------------------------------------------------------------------------------------------


def test_a_new_account_has_no_role_and_a_password_for_one_use(session, maker):
    user, password = make(session, maker)
    assert user.role is None
    assert user.must_change_password
    assert passwords.verify_password(user.password_hash, password)
    assert not actor_of(user).sees_cases


def test_a_new_account_is_on_record_without_its_password(session, maker):
    user, password = make(session, maker)
    session.commit()
    entry = entries(session, user)[-1]
    assert (entry.action, entry.actor_id) == ("insert", maker.id)
    assert password not in str(entry.after)
    assert "argon2" not in str(entry.after)


@pytest.mark.parametrize("role", CAN_NOT)
def test_only_the_system_administrator_makes_accounts(session, office, role):
    with pytest.raises(Refused, match="role_may_not"):
        make(session, actor_of(office[role]))


def test_a_login_name_is_taken_once_whatever_its_letters(session, maker):
    make(session, maker)
    with pytest.raises(Refused, match="login_taken"):
        make(session, maker, "LiHua ")


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("a", False),
        ("ab", True),
        ("李华", True),
        ("a" * 40, True),
        ("a" * 41, False),
        ("li hua", False),
        ("<b>", False),
    ],
)
def test_a_login_name_has_a_shape(session, maker, name, good):
    if good:
        assert make(session, maker, name)
    else:
        with pytest.raises(Refused, match="login_shape"):
            make(session, maker, name)


@pytest.mark.parametrize(
    ("place", "good"),
    [
        ("511526", True), ("5115", True), ("51", True), ("511526100201", True),
        ("511525", False), ("511526999", False), ("", False),
    ],
)  # fmt: skip
def test_a_person_works_in_the_county_or_in_what_contains_it(session, maker, place, good):
    session.add(Division(code="511525", parent_code="5115", name="高县"))
    session.flush()
    if good:
        assert make(session, maker, place=place)
    else:
        with pytest.raises(Refused, match="division_outside"):
            make(session, maker, place=place)


def test_everything_wrong_with_a_new_account_is_said_at_once(session, maker):
    with pytest.raises(Refused) as refused:
        accounts.create_user(session, maker, "x", " ", "999999", START)
    assert codes(refused) == ["login_shape", "name_missing", "division_outside"]


# --- granting roles --------------------------------------------------------------------------------------------------


def grant(session, actor, user, role=Role.TOWNSHIP_OFFICER, why=WHY):
    return accounts.grant_role(session, actor, user.id, role, why, START)


def test_a_granted_role_is_on_record_with_its_reason(session, granter, newcomer):
    grant(session, granter, newcomer)
    session.commit()
    entry = entries(session, newcomer)[-1]
    assert (entry.actor_id, entry.reason, entry.after["role"]) == (granter.id, WHY, "township_officer")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY_ADMIN])
def test_only_the_security_administrator_grants_roles(session, office, newcomer, role):
    with pytest.raises(Refused, match="role_may_not"):
        grant(session, actor_of(office[role]), newcomer)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_grants_a_role_to_themselves(session, office, granter, role):
    with pytest.raises(Refused) as refused:
        grant(session, granter, office[Role.SECURITY_ADMIN], role)
    assert "grant_self" in codes(refused)


def test_who_made_an_account_cannot_grant_its_role_after_changing_office(session, office, newcomer):
    # The maker becomes a security administrator: the account still needs another person.
    audit.attribute(session, SYSTEM, START)
    factories.user(session, Role.SYSTEM_ADMIN)
    made_it = office[Role.SYSTEM_ADMIN]
    made_it.role = Role.SECURITY_ADMIN
    with pytest.raises(Refused, match="grant_own_account"):
        grant(session, actor_of(made_it), newcomer)


def test_a_grant_needs_a_reason_and_a_change(session, granter, officer):
    with pytest.raises(Refused) as refused:
        grant(session, granter, officer, why=" ")
    assert codes(refused) == ["same_role", "reason_missing"]


@pytest.mark.parametrize(
    ("place", "role", "good"),
    [
        (factories.VILLAGE, Role.VILLAGE_WORKER, True),
        (factories.VILLAGE, Role.TOWNSHIP_OFFICER, False),
        (factories.XUNCHANG, Role.TOWNSHIP_OFFICER, True),
        (factories.COUNTY, Role.TOWNSHIP_OFFICER, False),
        (factories.XUNCHANG, Role.COUNTY_APPROVER, False),
        (factories.COUNTY, Role.COUNTY_APPROVER, True),
        ("5115", Role.AUDITOR, True),
        ("5115", Role.SUPERVISOR, False),
    ],
)
def test_a_role_stands_at_its_level(session, maker, granter, place, role, good):
    user, _ = make(session, maker, place=place)
    if good:
        assert grant(session, granter, user, role).role == role
    else:
        with pytest.raises(Refused, match="role_needs_level"):
            grant(session, granter, user, role)


def test_a_changed_role_ends_the_sessions(session, granter, officer):
    row = open_session(session, officer)
    grant(session, granter, officer, None)
    assert (officer.role, row.ended_why) == (None, "role")


def test_the_last_administrator_keeps_the_role(session, office, granter):
    with pytest.raises(Refused, match="last_admin"):
        grant(session, granter, office[Role.SYSTEM_ADMIN], None)


def test_one_of_two_administrators_may_lose_the_role(session, office, granter):
    factories.user(session, Role.SYSTEM_ADMIN)
    assert grant(session, granter, office[Role.SYSTEM_ADMIN], None).role is None


# --- disabling, moving, resetting ------------------------------------------------------------------------------------

VERBS = {
    "disable": lambda s, a, u, why=WHY: accounts.disable(s, a, u.id, why, START),
    "enable": lambda s, a, u, why=WHY: accounts.enable(s, a, u.id, why, START),
    "unlock": lambda s, a, u, why=WHY: accounts.unlock(s, a, u.id, why, START),
    "reset": lambda s, a, u, why=WHY: accounts.reset_password(s, a, u.id, why, START),
    "move": lambda s, a, u, why=WHY: accounts.move(s, a, u.id, factories.XIAOER, why, START),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", CAN_NOT)
def test_only_the_system_administrator_manages_accounts(session, office, officer, verb, role):
    with pytest.raises(Refused, match="role_may_not"):
        VERBS[verb](session, actor_of(office[role]), officer)


@pytest.mark.parametrize("verb", VERBS)
def test_an_administrator_does_not_manage_their_own_account(session, office, maker, verb):
    with pytest.raises(Refused, match="not_yourself"):
        VERBS[verb](session, maker, office[Role.SYSTEM_ADMIN])


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_needs_a_reason(session, maker, officer, verb):
    with pytest.raises(Refused, match="reason_missing"):
        VERBS[verb](session, maker, officer, "")


@pytest.mark.parametrize("verb", ["disable", "unlock", "reset", "move"])
def test_every_verb_is_on_record_with_who_and_why(session, maker, officer, verb):
    VERBS[verb](session, maker, officer)
    session.commit()
    entry = entries(session, officer)[-1]
    assert (entry.actor_id, entry.reason) == (maker.id, WHY)


@pytest.mark.parametrize(("verb", "why"), [("disable", "disabled"), ("reset", "password"), ("move", "moved")])
def test_what_changes_an_account_ends_its_sessions(session, maker, officer, verb, why):
    row = open_session(session, officer)
    VERBS[verb](session, maker, officer)
    assert row.ended_why == why


def test_a_disabled_account_keeps_its_role_for_the_day_it_returns(session, maker, officer):
    VERBS["disable"](session, maker, officer)
    VERBS["enable"](session, maker, officer)
    assert (officer.active, officer.role) == (True, Role.TOWNSHIP_OFFICER)


def test_the_last_security_administrator_cannot_be_disabled(session, maker, office):
    with pytest.raises(Refused, match="last_admin"):
        VERBS["disable"](session, maker, office[Role.SECURITY_ADMIN])


def test_unlocking_lets_somebody_try_again_at_once(session, maker, officer):
    for _ in range(5):
        attempts.count(session, officer.login, "10.0.0.7", START)
    assert attempts.shut_until(session, officer.login, "10.0.0.7", START)
    VERBS["unlock"](session, maker, officer)
    assert attempts.shut_until(session, officer.login, "10.0.0.7", START) is None


def test_a_reset_password_is_for_one_use_and_the_old_one_is_barred(session, maker, officer):
    old = officer.password_hash
    user, password = VERBS["reset"](session, maker, officer)
    session.commit()
    assert user.must_change_password
    assert user.old_hashes == [old]
    assert login.enter(session, Attempt(user.login, password, "10.0.0.7", "", START)).token


def test_a_reset_leaves_the_second_factor_in_place(session, maker, officer):
    second_factor.begin(officer)
    officer.totp_on = True
    VERBS["reset"](session, maker, officer)
    assert officer.totp_on


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN])
def test_no_administrator_takes_over_the_others_office_by_a_reset(session, maker, role):
    other = factories.user(session, role)
    with pytest.raises(Refused, match="reset_admin"):
        VERBS["reset"](session, maker, other)


def test_the_command_line_may_reset_an_administrators_password(session, office):
    _, password = accounts.reset_password(session, SYSTEM, office[Role.SECURITY_ADMIN].id, WHY, START)
    assert passwords.verify_password(office[Role.SECURITY_ADMIN].password_hash, password)


def test_the_other_administrator_resets_a_lost_telephone(session, maker, granter, officer):
    second_factor.begin(officer)
    officer.totp_on = True
    with pytest.raises(Refused, match="role_may_not"):
        accounts.reset_second_factor(session, maker, officer.id, WHY, START)
    accounts.reset_second_factor(session, granter, officer.id, WHY, START)
    assert (officer.totp, officer.totp_on, officer.recovery_hashes) == (None, False, [])


def test_a_person_is_moved_only_to_a_division_of_their_roles_level(session, maker, officer):
    with pytest.raises(Refused, match="role_needs_level"):
        accounts.move(session, maker, officer.id, factories.VILLAGE, WHY, START)
    accounts.move(session, maker, officer.id, factories.XIAOER, WHY, START)
    assert officer.division_code == factories.XIAOER


def test_administrators_end_a_persons_sessions(session, granter, officer):
    row = open_session(session, officer)
    assert accounts.end_sessions(session, granter, officer.id, WHY, START + timedelta(minutes=1)) == 1
    assert session.get_one(LoginSession, row.id).ended_why == "administrator"


# --- who sees whom ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)])
def test_only_administrators_see_the_accounts(session, office, role):
    assert session.scalars(people(actor_of(office[role]))).all() == []


def test_administrators_see_who_lies_under_their_division_or_above_it(session_any):
    session = session_any
    audit.attribute(session, SYSTEM, START)
    office = factories.office(session)
    maker = actor_of(office[Role.SYSTEM_ADMIN])
    city = factories.user(session, Role.AUDITOR, "5115")
    session.add(Division(code="511525", parent_code="5115", name="高县"))
    elsewhere = factories.user(session, Role.AUDITOR, "511525")
    seen = set(session.scalars(people(maker)))
    assert city in seen
    assert office[Role.VILLAGE_WORKER] in seen
    assert elsewhere not in seen


def test_an_account_outside_the_administrators_division_does_not_exist(session, maker):
    session.add(Division(code="511525", parent_code="5115", name="高县"))
    elsewhere = factories.user(session, Role.AUDITOR, "511525")
    with pytest.raises(Refused, match="no_such_person"):
        VERBS["disable"](session, maker, elsewhere)
    assert session.get_one(User, elsewhere.id).active
