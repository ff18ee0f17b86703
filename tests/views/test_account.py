"""One's own account in the browser."""

import pytest

from models import LoginSession, User
from policy.vocabulary import Role
from tests import factories
from tests.authenticator import code_at
from tests.signing_in import browser_of, log_in, settle
from views.db import db

OFFICER = Role.TOWNSHIP_OFFICER.value
NEW = "Tulip-7-Harbour"


@pytest.fixture
def mine(app, ids):
    return browser_of(app, ids[OFFICER])


def text(answer):
    return answer.get_data(as_text=True)


def change(browser, **other):
    form = {"current": factories.PASSWORD, "new": NEW, "again": NEW, **other}
    return browser.post("/account/password", data=form)


def turn_on(app, browser, user_id, clock):
    browser.post("/account/second-factor")
    with app.app_context():
        secret = db.session.get_one(User, user_id).totp
    return secret, browser.post("/account/second-factor/on", data={"code": code_at(secret, clock())})


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_an_account_page(app, ids, role):
    assert browser_of(app, ids[role.value]).get("/account/").status_code == 200


def test_a_new_password_logs_the_other_browsers_out(app, ids, mine):
    other = browser_of(app, ids[OFFICER])
    assert change(mine).status_code == 302
    assert mine.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert log_in(app.test_client(), OFFICER, NEW).location == "/"


def test_a_refused_password_says_everything_that_is_wrong(mine):
    answer = change(mine, new="kurz-1", again="other")
    assert answer.status_code == 422
    assert "至少需要 10 位" in text(answer)
    assert "两次输入的新密码不一致" in text(answer)
    assert "kurz-1" not in text(answer)


def test_the_picture_holds_the_secret_and_comes_from_nowhere_else(app, ids, mine, clock):
    page = text(mine.post("/account/second-factor", follow_redirects=True))
    assert "<svg" in page
    assert "http" not in page.split("<svg")[1].split("</svg>")[0]
    assert "style=" not in page.split("<svg")[1].split("</svg>")[0]


def test_recovery_codes_are_shown_once(app, ids, mine, clock):
    _, answer = turn_on(app, mine, ids[OFFICER], clock)
    assert text(answer).count("<li><code>") == 8
    assert "<li><code>" not in text(mine.get("/account/"))
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_secret_is_not_shown_again_once_it_is_on(app, ids, mine, clock):
    secret, _ = turn_on(app, mine, ids[OFFICER], clock)
    page = text(mine.get("/account/"))
    assert secret[:4] + " " + secret[4:8] not in page
    assert "<svg" not in page


def test_a_wrong_first_code_keeps_the_picture(app, ids, mine):
    mine.post("/account/second-factor")
    answer = mine.post("/account/second-factor/on", data={"code": "000000"})
    assert answer.status_code == 422
    assert "<svg" in text(answer)


def test_the_second_factor_is_switched_off_with_a_code(app, ids, mine, clock):
    secret, _ = turn_on(app, mine, ids[OFFICER], clock)
    assert mine.post("/account/second-factor/off", data={"code": "000000"}).status_code == 422
    clock.move(minutes=1)
    code = code_at(secret, clock())
    assert mine.post("/account/second-factor/off", data={"code": code}).status_code == 302
    with app.app_context():
        assert not db.session.get_one(User, ids[OFFICER]).totp_on


def test_new_recovery_codes_need_a_code(app, ids, mine, clock):
    secret, _ = turn_on(app, mine, ids[OFFICER], clock)
    assert mine.post("/account/second-factor/recovery-codes", data={"code": ""}).status_code == 422
    clock.move(minutes=1)
    answer = mine.post("/account/second-factor/recovery-codes", data={"code": code_at(secret, clock())})
    assert text(answer).count("<li><code>") == 8


def session_ids(app, user_id):
    with app.app_context():
        return [row.id for row in db.session.query(LoginSession).filter_by(user_id=user_id).order_by(LoginSession.id)]


def test_a_person_logs_another_of_their_browsers_out(app, ids, mine):
    other = browser_of(app, ids[OFFICER])
    _first, second = session_ids(app, ids[OFFICER])
    assert text(mine.get("/account/")).count("/end") == 1
    mine.post(f"/account/sessions/{second}/end")
    assert other.get("/account/").status_code == 302
    assert mine.get("/account/").status_code == 200


@pytest.mark.parametrize("number", ["other", 99999, 2**70])
def test_nobody_logs_somebody_else_out(app, ids, mine, number):
    theirs = browser_of(app, ids["auditor"])
    wanted = session_ids(app, ids["auditor"])[0] if number == "other" else number
    assert mine.post(f"/account/sessions/{wanted}/end").status_code == 404
    assert theirs.get("/account/").status_code == 200


def test_the_language_of_the_account_changes_the_page(app, ids, mine):
    mine.post("/account/language", data={"lang": "en"})
    assert '<html lang="en">' in text(mine.get("/account/"))
    with app.app_context():
        assert db.session.get_one(User, ids[OFFICER]).language == "en"


def test_no_form_of_the_account_works_without_its_token(make_app):
    app = make_app(WTF_CSRF_ENABLED=True)
    mine = browser_of(app, settle(app)[OFFICER])
    addresses = ["password", "second-factor", "second-factor/on", "second-factor/off", "sessions/1/end", "language"]
    assert {mine.post(f"/account/{address}").status_code for address in addresses} == {400}
