"""Whoever types wrong passwords shuts nobody out of a browser in which that person has logged in before."""

import pytest
from sqlalchemy.orm import Session

from models import User
from policy.vocabulary import Role
from tests import factories
from tests.authenticator import code_at
from tests.signing_in import log_in
from views.db import db
from workflows import accounts, audit, second_factor
from workflows.actor import SYSTEM

OFFICER, APPROVER = Role.TOWNSHIP_OFFICER.value, Role.TOWNSHIP_APPROVER.value
NEW = "Tulip-7-Harbour"


def fail(browser, times=5, login=OFFICER):
    return [log_in(browser, login, "wrong").get_data(as_text=True) for _ in range(times)][-1]


def test_whoever_types_wrong_passwords_elsewhere_shuts_nobody_out_of_a_browser_they_came_in_by(app, client, ids):
    assert log_in(client, OFFICER).status_code == 302
    client.post("/logout")
    page = fail(app.test_client())
    assert "请系统管理员解除锁定" in page and "以前登录过的浏览器现在仍可登录" in page
    assert log_in(app.test_client(), OFFICER).status_code == 422
    assert log_in(client, OFFICER).status_code == 302 and client.get("/account/").status_code == 200


def test_a_browser_is_known_for_who_came_in_by_it_and_for_nobody_else(app, client, ids):
    log_in(client, APPROVER)
    client.post("/logout")
    fail(app.test_client())
    assert log_in(client, OFFICER).status_code == 422


@pytest.mark.parametrize("change", [str.upper, lambda mark: mark[:-1], lambda mark: "x.y~~.~é", lambda mark: ""])
def test_a_cookie_that_was_tampered_with_makes_no_browser_known(app, client, ids, change):
    log_in(client, OFFICER)
    kept = client.get_cookie("doudi-known")
    assert kept.http_only and kept.same_site == "Lax" and kept.max_age == 180 * 24 * 3600
    client.post("/logout")
    client.set_cookie("doudi-known", change(kept.value))
    fail(app.test_client())
    assert log_in(client, OFFICER).status_code == 422


def test_with_a_second_factor_a_browser_is_known_once_the_code_was_right(app, client, ids, clock):
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clock())
        user = session.get_one(User, ids[APPROVER])
        second_factor.begin(user)
        user.totp_on, secret = True, user.totp
        session.commit()
    log_in(client, APPROVER)
    assert client.get_cookie("doudi-known") is None
    client.post("/login/code", data={"code": code_at(secret, clock())})
    assert client.get_cookie("doudi-known") is not None


def test_people_who_share_a_computer_are_all_known_there(app, client, ids):
    for login in (APPROVER, OFFICER):
        log_in(client, login)
        client.post("/logout")
    for login in (OFFICER, APPROVER):
        fail(app.test_client(), login=login)
    for login in (OFFICER, APPROVER):
        assert log_in(app.test_client(), login).status_code == 422
        assert log_in(client, login).status_code == 302
        client.post("/logout")


def new_password(app, ids, clock):
    """A one-use password, set by the system administrator."""
    clock.move(minutes=1)
    with app.app_context(), Session(db.engine) as session:
        _, password = accounts.reset_password(session, SYSTEM, ids[OFFICER], "忘记密码", clock())
        session.commit()
    return password


def test_a_reset_makes_every_browser_strange_so_that_all_their_tries_are_counted_together(app, client, ids, clock):
    others = [app.test_client() for _ in range(2)]
    for browser in (*others, client):
        log_in(browser, OFFICER)
    password = new_password(app, ids, clock)
    for browser in others:
        browser.post("/logout")
    fail(others[0], 3)
    fail(others[1], 2)
    assert log_in(client, OFFICER, password).status_code == 422


@pytest.mark.parametrize("first", [False, True], ids=["own account", "first password"])
def test_who_changes_their_password_is_known_in_that_browser_alone(app, client, ids, clock, first):
    other = app.test_client()
    for browser in (other, client):
        log_in(browser, OFFICER)
    current = new_password(app, ids, clock) if first else factories.PASSWORD
    if first:
        assert log_in(client, OFFICER, current).location.startswith("/login/password")
    clock.move(minutes=1)
    typed = {"current": current, "new": NEW, "again": NEW}
    answer = client.post("/login/password" if first else "/account/password", data=typed)
    assert answer.status_code == 302 and client.get("/account/").status_code == 200
    client.post("/logout")
    fail(app.test_client())
    assert log_in(other, OFFICER, NEW).status_code == 422
    assert log_in(client, OFFICER, NEW).status_code == 302


def test_the_page_of_the_account_tells_how_long_browsers_are_known_and_what_ends_it(client, ids):
    log_in(client, OFFICER)
    page = client.get("/account/").get_data(as_text=True)
    assert "保留 180 天的识别标记" in page and "修改密码后，其他浏览器的标记一律失效" in page
