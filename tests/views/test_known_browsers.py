"""Whoever types wrong passwords shuts nobody out of a browser in which that person has logged in before."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AuditEntry, KnownBrowser, LoginFailure, User
from policy.vocabulary import Role
from tests import factories
from tests.authenticator import code_at
from tests.signing_in import log_in
from views.db import db
from workflows import accounts, audit, known_browsers, second_factor
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


@pytest.mark.parametrize(("people", "known"), [(7, True), (8, True), (9, False)])
def test_eight_people_share_a_computer_whatever_new_passwords_they_choose(app, client, ids, clock, people, known):
    logins = [role.value for role in Role][:people]
    for login in logins:
        assert log_in(client, login).status_code == 302
        clock.move(minutes=1)
        if login == logins[1]:
            client.post("/account/password", data={"current": factories.PASSWORD, "new": NEW, "again": NEW})
        client.post("/logout")
    fail(app.test_client(), login=logins[0])
    assert log_in(client, logins[0]).status_code == (302 if known else 422)


def browsers_of(client):
    """Numbers and words of the known browsers that one's own account lists."""
    page = client.get("/account/").get_data(as_text=True)
    card = page[page.index('id="browsers"') :]
    rows = re.findall(r"<li>(.*?)</li>", card[: card.index("</section>")], re.DOTALL)
    return {int(re.search(r"browsers/(\d+)/forget", row)[1]): re.sub(r"<[^>]+>", " ", row) for row in rows}


@pytest.mark.parametrize("which", ["one", "all"])
def test_a_browser_that_was_forgotten_is_strange_at_once_and_the_others_stay_known(app, client, ids, clock, which):
    other = app.test_client()
    for browser in (other, client):
        log_in(browser, OFFICER)
        browser.post("/logout")
        clock.move(days=1)
    log_in(client, OFFICER)
    mine, theirs = browsers_of(client).items()
    assert "本机" in mine[1] and "最近登录：2026-03-04" in mine[1]
    assert "本机" not in theirs[1] and "最近登录：2026-03-02" in theirs[1]
    assert client.post(
        f"/account/browsers/{theirs[0]}/forget" if which == "one" else "/account/browsers/forget"
    ).location
    assert list(browsers_of(client)) == ([mine[0]] if which == "one" else [])
    client.post("/logout")
    fail(app.test_client())
    assert log_in(other, OFFICER).status_code == 422
    assert log_in(client, OFFICER).status_code == (302 if which == "one" else 422)


def test_the_mark_of_a_browser_stands_in_its_cookie_alone(app, client, ids):
    log_in(client, OFFICER)
    client.post("/logout")
    log_in(client, OFFICER, "wrong")
    mark = client.get_cookie("doudi-known").value
    with app.app_context():
        kept = [*db.session.scalars(select(LoginFailure.address)), *db.session.scalars(select(KnownBrowser.mark_hash))]
    assert len(kept) == 2 and not any(mark in text for text in kept)


def test_nobody_forgets_a_colleagues_browser(app, client, ids):
    other = app.test_client()
    log_in(other, OFFICER)
    (theirs,) = browsers_of(other)
    log_in(client, APPROVER)
    answer = client.post(f"/account/browsers/{theirs}/forget")
    assert answer.status_code == 404 and "已不在列表中" in answer.get_data(as_text=True)
    assert list(browsers_of(other)) == [theirs] and theirs not in browsers_of(client)


def test_forgetting_stands_in_the_history(app, client, ids):
    log_in(client, OFFICER)
    client.post("/account/browsers/forget")
    with app.app_context():
        told = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "forget_browsers")).one()
        assert told.after == {"browsers_forgotten": 1} and told.actor_id == ids[OFFICER]


@pytest.mark.parametrize(("days", "known"), [(179, True), (180, False), (181, False)])
def test_a_browser_is_strange_again_after_180_days_without_a_login(app, client, ids, clock, days, known):
    log_in(client, OFFICER)
    client.post("/logout")
    clock.move(days=days)
    kept = app.test_client()  # a browser drops the cookie itself on that day; whoever copied it does not
    kept.set_cookie("doudi-known", client.get_cookie("doudi-known").value)
    fail(app.test_client())
    assert log_in(kept, OFFICER).status_code == (302 if known else 422)


@pytest.mark.parametrize(("browsers", "known"), [(19, True), (20, True), (21, False)])
def test_of_more_than_twenty_browsers_the_one_unused_for_longest_is_forgotten(app, client, ids, clock, browsers, known):
    log_in(client, OFFICER)
    client.post("/logout")
    with app.app_context():
        for number in range(browsers - 1):
            known_browsers.remember(db.session(), ids[OFFICER], str(number), "", clock.move(minutes=1))
        db.session.commit()
    fail(app.test_client())
    assert log_in(client, OFFICER).status_code == (302 if known else 422)


def test_an_administrator_who_ends_all_sessions_makes_the_browsers_strange_too(app, client, ids, clock):
    log_in(client, OFFICER)
    with app.app_context(), Session(db.engine) as session:
        accounts.end_sessions(session, SYSTEM, ids[OFFICER], "电脑遗失", clock())
        session.commit()
    fail(app.test_client())
    assert log_in(client, OFFICER).status_code == 422


def test_an_account_that_was_shut_is_known_in_no_browser_once_it_is_open_again(app, client, ids, clock):
    log_in(client, OFFICER)
    with app.app_context(), Session(db.engine) as session:
        accounts.disable(session, SYSTEM, ids[OFFICER], "调离岗位", clock())
        accounts.enable(session, SYSTEM, ids[OFFICER], "回到岗位", clock())
        session.commit()
    fail(app.test_client())
    assert log_in(client, OFFICER).status_code == 422


def test_the_page_of_the_account_tells_how_long_browsers_are_known_and_what_ends_it(client, ids):
    log_in(client, OFFICER)
    page = client.get("/account/").get_data(as_text=True)
    assert "保留 180 天的识别标记" in page and "修改密码后，其他浏览器的标记一律失效" in page
