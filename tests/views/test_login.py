"""The way in and out, as a browser goes it."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from models import County, LoginSession, User
from policy.vocabulary import Role
from tests import factories
from tests.authenticator import code_at
from tests.signing_in import browser_of, log_in, settle
from views import who
from views.db import db
from workflows import audit, second_factor
from workflows.actor import SYSTEM

OFFICER, APPROVER = Role.TOWNSHIP_OFFICER.value, Role.TOWNSHIP_APPROVER.value
INSIDE = "/account/"


@pytest.fixture
def change(app, clock):
    """Change a user's row directly: `change("auditor", active=False)`."""

    def do(login, **values):
        with app.app_context():
            audit.attribute(db.session, SYSTEM, clock())
            user = db.session.scalar(select(User).where(User.login == login))
            for name, value in values.items():
                setattr(user, name, value)
            db.session.commit()

    return do


@pytest.fixture
def secret(app, ids, clock):
    """The approver's second factor."""
    with app.app_context():
        audit.attribute(db.session, SYSTEM, clock())
        user = db.session.get_one(User, ids[APPROVER])
        second_factor.begin(user)
        user.totp_on = True
        made = user.totp
        db.session.commit()
    return made


def inside(browser):
    return browser.get(INSIDE).status_code == 200


def test_who_logs_in_comes_to_the_page_that_was_asked_for(client, ids):
    asked = client.get("/account/?x=1")
    assert asked.location == "/login?next=/account/?x%3D1"
    answer = client.post("/login", data={"login": OFFICER, "password": factories.PASSWORD, "next": "/account/?x=1"})
    assert answer.location == "/account/?x=1"
    assert inside(client)


def test_a_wrong_password_keeps_the_login_name_and_says_what_to_do(client, ids):
    answer = log_in(client, OFFICER, "wrong")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'value="{OFFICER}"' in page
    assert "登录名或密码不正确" in page
    assert "wrong" not in page
    assert not inside(client)


def test_the_page_tells_wrong_and_unknown_logins_with_the_same_words(client, ids):
    told = [log_in(client, name, "wrong").get_data(as_text=True).replace(name, "") for name in (OFFICER, "nobody-x")]
    pages = [re.sub(r'name="csrf_token" value="[^"]+"', "", page) for page in told]  # signed anew each second
    assert pages[0] == pages[1]


def test_the_sixth_try_is_refused_until_fifteen_minutes_later(client, ids, clock):
    for _ in range(5):
        log_in(client, OFFICER, "wrong")
    assert "09:15" in log_in(client, OFFICER).get_data(as_text=True)
    clock.move(minutes=15)
    log_in(client, OFFICER)
    assert inside(client)


def test_a_forged_address_does_not_escape_the_limit(client, ids):
    for number in range(5):
        client.post(
            "/login", data={"login": f"x{number}", "password": "x"}, headers={"X-Forwarded-For": f"10.0.0.{number}"}
        )
    answer = client.post(
        "/login", data={"login": OFFICER, "password": factories.PASSWORD}, headers={"X-Forwarded-For": "10.9.9.9"}
    )
    assert answer.status_code == 422


def test_very_many_tries_are_refused_before_they_are_looked_at(make_app):
    app = make_app(RATELIMIT_ENABLED=True)
    settle(app)
    browser = app.test_client()
    answers = [log_in(browser, "x", "x").status_code for _ in range(61)]
    assert (answers[59], answers[60]) == (422, 429)


# --- sessions --------------------------------------------------------------------------------------------------------


def test_a_copied_cookie_is_worthless_after_logout(client, ids):
    log_in(client, OFFICER)
    kept = client.get_cookie("doudi").value
    assert client.post("/logout").location == "/login"
    thief = client.application.test_client()
    thief.set_cookie("doudi", kept)
    assert not inside(thief)


def test_the_token_is_new_at_login(client, ids):
    with client.session_transaction() as cookie:
        cookie["token"] = "planted"
    log_in(client, OFFICER)
    with client.session_transaction() as cookie:
        assert cookie["token"] != "planted"
    assert inside(client)


def test_the_form_token_does_not_survive_the_login(make_app):
    app = make_app(WTF_CSRF_ENABLED=True)
    settle(app)
    browser = app.test_client()
    browser.get("/login")
    with browser.session_transaction() as cookie:
        before = cookie["csrf_token"]
    token = browser.get("/login").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    browser.post("/login", data={"login": OFFICER, "password": factories.PASSWORD, "csrf_token": token})
    assert browser.get(INSIDE).status_code == 200
    with browser.session_transaction() as cookie:
        assert cookie["csrf_token"] != before


@pytest.mark.parametrize("address", ["/login", "/login/code", "/login/password", "/login/second-factor", "/logout"])
def test_no_form_of_the_login_works_without_its_token(make_app, address):
    app = make_app(WTF_CSRF_ENABLED=True)
    assert app.test_client().post(address).status_code == 400


def test_a_disabled_account_is_out_at_the_next_request(client, ids, change):
    log_in(client, OFFICER)
    change(OFFICER, active=False)
    assert not inside(client)


@pytest.mark.parametrize(("minutes", "still_in"), [(29, True), (30, False), (31, False)])
def test_thirty_idle_minutes_log_an_officer_out(client, ids, clock, minutes, still_in):
    log_in(client, OFFICER)
    clock.move(minutes=minutes)
    assert inside(client) is still_in


@pytest.mark.parametrize(("minutes", "still_in"), [(14, True), (15, False), (16, False)])
def test_fifteen_idle_minutes_log_a_supervisor_out(client, ids, clock, minutes, still_in):
    log_in(client, "supervisor")
    clock.move(minutes=minutes)
    assert inside(client) is still_in


def test_who_works_on_is_logged_out_after_eight_hours(client, ids, clock):
    log_in(client, OFFICER)
    for _ in range(23):
        clock.move(minutes=20)
        assert inside(client)
    clock.move(minutes=19)
    assert inside(client)
    clock.move(minutes=1)
    assert not inside(client)


def test_who_was_logged_out_for_resting_is_told_so(client, ids, clock):
    log_in(client, OFFICER)
    clock.move(minutes=30)
    answer = client.get(INSIDE, follow_redirects=True)
    assert "较长时间没有操作" in answer.get_data(as_text=True)


def test_reading_writes_last_seen_once_a_minute(app, client, ids, clock):
    def seen():
        with app.app_context():
            return db.session.scalar(select(LoginSession.seen_at))

    log_in(client, OFFICER)
    times = []
    for seconds in (59, 1, 59):
        clock.move(seconds=seconds)
        client.get(INSIDE)
        times.append(seen() - (clock() - timedelta(seconds=sum((59, 1, 59)[: len(times) + 1]))))
    assert times == [timedelta(0), timedelta(minutes=1), timedelta(minutes=1)]


def test_a_granted_role_holds_from_the_next_request(app, client, ids, change):
    log_in(client, "auditor")
    assert client.get("/users/").status_code == 403
    change("auditor", role=Role.SYSTEM_ADMIN)
    assert client.get("/users/").status_code == 200


def test_an_odd_token_in_the_cookie_is_nobody(client, ids):
    for token in (17, None, "", "x" * 5000, {"a": 1}):
        with client.session_transaction() as cookie:
            cookie["token"] = token
        assert client.get(INSIDE).status_code == 302


def test_a_request_for_data_without_login_is_told_so_plainly(client, ids):
    assert client.get(INSIDE, headers={"Accept": "application/json"}).status_code == 401


def test_no_page_of_somebody_logged_in_is_kept_by_the_browser(client, ids):
    log_in(client, OFFICER)
    assert client.get(INSIDE).headers["Cache-Control"] == "no-store"


# --- steps before one is in ------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_when_a_code_is_asked_for(client, secret):
    assert log_in(client, APPROVER).location == "/login/code"
    assert client.get(INSIDE).location == "/login/code"
    assert client.get("/users/").status_code == 302


def test_the_code_opens_the_account_and_rotates_the_token(client, secret, clock):
    log_in(client, APPROVER)
    with client.session_transaction() as cookie:
        before = cookie["token"]
    client.post("/login/code", data={"code": code_at(secret, clock())})
    with client.session_transaction() as cookie:
        assert cookie["token"] != before
    assert inside(client)


def test_a_code_used_once_is_refused_the_second_time(client, secret, clock):
    code = code_at(secret, clock())
    log_in(client, APPROVER)
    client.post("/login/code", data={"code": code})
    other = client.application.test_client()
    log_in(other, APPROVER)
    assert other.post("/login/code", data={"code": code}).status_code == 422
    assert not inside(other)


def test_the_wanted_page_is_not_lost_on_the_way_through_the_code(client, secret, clock):
    form = {"login": APPROVER, "password": factories.PASSWORD, "next": "/account/?x=1"}
    step = client.post("/login", data=form).location
    assert 'value="/account/?x=1"' in client.get(step).get_data(as_text=True)
    answer = client.post("/login/code", data={"code": code_at(secret, clock()), "next": "/account/?x=1"})
    assert answer.location == "/account/?x=1"


def test_a_first_password_must_be_changed_before_anything_else(client, ids, change):
    change(OFFICER, must_change_password=True)
    assert log_in(client, OFFICER).location == "/login/password"
    assert client.get(INSIDE).location == "/login/password"
    form = {"current": factories.PASSWORD, "new": "Tulip-7-Harbour", "again": "Tulip-7-Harbour"}
    assert client.post("/login/password", data={**form, "again": "other"}).status_code == 422
    client.post("/login/password", data=form)
    assert inside(client)


def test_a_role_that_needs_a_second_factor_sets_it_up_before_anything_else(app, client, ids, clock):
    with app.app_context():
        audit.attribute(db.session, SYSTEM, clock())
        db.session.scalar(select(County)).second_factor_roles = [APPROVER]
        db.session.commit()
    assert log_in(client, APPROVER).location == "/login/second-factor"
    assert client.get(INSIDE).location == "/login/second-factor"
    client.post("/login/second-factor", data={"step": "begin"})
    with app.app_context():
        made = db.session.get_one(User, ids[APPROVER]).totp
    page = client.get("/login/second-factor").get_data(as_text=True)
    assert "<svg" in page
    assert " ".join(made[i : i + 4] for i in range(0, 32, 4)) in page
    answer = client.post("/login/second-factor", data={"code": code_at(made, clock())})
    assert answer.get_data(as_text=True).count("<li><code>") == 8
    assert inside(client)


@pytest.mark.parametrize("address", ["/login/code", "/login/password", "/login/second-factor"])
def test_a_step_that_is_not_due_leads_on(client, ids, address):
    assert client.get(address).location == "/login"
    log_in(client, OFFICER)
    assert client.get(address).location == "/"


# --- the sample county -----------------------------------------------------------------------------------------------


def test_the_sample_county_shows_one_login_for_each_role(make_app):
    app = make_app()
    settle(app, sample=True)
    page = app.test_client().get("/login").get_data(as_text=True)
    assert all(f"<code>{role.value}</code>" in page for role in Role)


def test_a_real_county_shows_no_login(client, ids):
    page = client.get("/login").get_data(as_text=True)
    assert not [role for role in Role if role.value in page]
    assert "Bamboo" not in page


def test_without_a_county_the_page_says_what_to_do(client):
    assert "请先在服务器上完成初始化" in client.get("/login").get_data(as_text=True)


# --- where a login leads ---------------------------------------------------------------------------------------------

AWAY = [
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example/x",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "/\t/evil.example",
    "/\n/evil.example", "\t//evil.example", " //evil.example", "/ /evil.example", "https:evil.example",
    "https:/evil.example", "javascript:alert(1)", "JavaScript:alert(1)//", "data:text/html,x", "vbscript:x",
    "//user@evil.example", "http://localhost@evil.example", "//evil.example:80", "/.//evil.example\\",
    "http:///evil.example", "//[::1]", "/\x00/evil.example", "evil.example", "?next=//evil.example", "/login",
    "/logout", "/%0a/evil.example\r\nX: y",
]  # fmt: skip


@pytest.mark.parametrize("target", AWAY)
def test_an_address_that_leads_away_is_left_aside(target):
    assert who.local_path(target, "/") == "/"


def test_no_login_leads_to_another_host(app, ids):
    form = {"login": OFFICER, "password": factories.PASSWORD}
    targets = [target for target in AWAY if "\x00" not in target]
    found = {app.test_client().post("/login", data={**form, "next": target}).location for target in targets}
    assert found == {"/"}


def test_no_login_page_offers_another_host(client, ids):
    pages = [client.get(f"/login?next={quote(target)}") for target in AWAY if "\x00" not in target]
    assert not [page for page in pages if "evil.example" in page.get_data(as_text=True)]


@pytest.mark.parametrize("target", ["/account/", "/account/?a=1&b=/x", "/case/17/#timeline", "/household/?page=2"])
def test_a_page_of_this_site_may_be_asked_for(target):
    assert who.local_path(target, "") == target


def test_who_is_in_already_is_not_asked_again(client, ids):
    log_in(client, OFFICER)
    assert client.get("/login?next=/account/").location == "/account/"


def test_a_form_that_came_too_late_leads_back_to_its_page(client, ids):
    answer = client.post("/account/language", headers={"Referer": "http://localhost/account/?x=1"})
    assert answer.location == "/login?next=/account/?x%3D1"


def test_the_language_of_the_account_holds_after_login_unless_one_was_chosen(client, ids, change):
    change(OFFICER, language="en")
    log_in(client, OFFICER)
    assert 'lang="en"' in client.get(INSIDE).get_data(as_text=True)
    client.post("/logout")
    client.post("/language", data={"lang": "zh_Hans_CN"})
    log_in(client, OFFICER)
    assert '<html lang="zh-CN">' in client.get(INSIDE).get_data(as_text=True)


def test_a_browser_of_the_tests_is_inside(app, ids):
    assert inside(browser_of(app, ids[OFFICER]))
