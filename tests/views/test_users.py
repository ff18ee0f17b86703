"""People and divisions in the browser: who may do what to whom."""

import pytest
from sqlalchemy import func, select

from models import County, Division, User
from policy.vocabulary import Role
from tests import factories
from tests.signing_in import browser_of, log_in, settle
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

OFFICER = Role.TOWNSHIP_OFFICER.value
WHY = {"reason": "岗位调整"}
OUTSIDERS = [role for role in Role if role not in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)]


@pytest.fixture
def maker(app, ids):
    return browser_of(app, ids["system_admin"])


@pytest.fixture
def granter(app, ids):
    return browser_of(app, ids["security_admin"])


@pytest.fixture
def officer(ids):
    return ids[OFFICER]


def text(answer):
    return answer.get_data(as_text=True)


def user(app, user_id):
    with app.app_context():
        return db.session.get_one(User, user_id)


def new(browser, **other):
    form = {"login": "lihua", "name": "李华", "division": factories.XUNCHANG, **other}
    return browser.post("/users/new", data=form)


# --- who may come in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", OUTSIDERS)
def test_nobody_but_the_administrators_sees_the_people(app, ids, role):
    browser = browser_of(app, ids[role.value])
    addresses = ["/users/", "/users/new", "/users/rules", f"/users/{ids[OFFICER]}/", "/divisions/"]
    assert {browser.get(address).status_code for address in addresses} == {403}


@pytest.mark.parametrize("act", ["role", "second-factor", "rules"])
def test_the_system_administrator_grants_nothing(maker, officer, act):
    address = "/users/rules" if act == "rules" else f"/users/{officer}/{act}"
    assert maker.post(address, data=WHY).status_code == 403


@pytest.mark.parametrize("act", ["disable", "enable", "unlock", "move", "reset"])
def test_the_security_administrator_manages_nothing(granter, officer, act):
    assert granter.post(f"/users/{officer}/{act}", data=WHY).status_code == 403
    assert new(granter).status_code == 403


def test_administrators_see_no_case(maker, granter):
    for browser in (maker, granter):
        assert browser.get("/household/").status_code == 403


def test_who_has_no_role_sees_only_their_own_account(app, ids):
    with app.app_context():
        audit.attribute(db.session, SYSTEM, app.config["CLOCK"]())
        nobody = factories.user(db.session, None, factories.XUNCHANG).id
        db.session.commit()
    browser = browser_of(app, nobody)
    assert browser.get("/account/").status_code == 200
    assert browser.get("/household/").status_code == 403
    assert browser.get("/users/").status_code == 403


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_counts_what_it_shows(maker):
    page = text(maker.get("/users/"))
    assert "共 12 个账号" in page
    assert page.count("<tr data-href") == 12
    assert ">巡场镇新胜村</td>" in page  # villages of several townships have the same name


@pytest.mark.parametrize(
    ("asked", "count"),
    [("q=officer", 2), ("q=OFFICER", 2), ("role=auditor", 1), ("role=none", 0), ("state=disabled", 0),
     ("role=auditor&state=active", 1), ("q=%25", 0), ("role=emperor", 12), ("state=odd", 12)],
)  # fmt: skip
def test_the_list_is_filtered(maker, asked, count):
    assert text(maker.get(f"/users/?{asked}")).count("<tr data-href") == count


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", "1,2", "%00"])
def test_a_strange_page_number_is_no_fault(maker, page):
    assert maker.get(f"/users/?page={page}").status_code in (200, 400)


def test_the_list_asks_the_database_few_questions(app, maker):
    from sqlalchemy import event

    asked = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda c, cur, sql, *rest: asked.append(sql))
    maker.get("/users/")
    assert len([sql for sql in asked if sql.startswith("SELECT")]) <= 6


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999", "1,2", "x"])
def test_an_account_that_is_not_there_is_not_found(maker, number):
    assert maker.get(f"/users/{number}/").status_code == 404
    assert maker.post(f"/users/{number}/disable", data=WHY).status_code == 404


def test_an_account_of_another_county_is_not_found(app, maker):
    with app.app_context():
        audit.attribute(db.session, SYSTEM, app.config["CLOCK"]())
        db.session.add(Division(code="511525", parent_code="5115", name="高县"))
        elsewhere = factories.user(db.session, Role.AUDITOR, "511525").id
        db.session.commit()
    assert maker.get(f"/users/{elsewhere}/").status_code == 404
    assert maker.post(f"/users/{elsewhere}/disable", data=WHY).status_code == 404
    assert maker.post(f"/users/{elsewhere}/reset", data=WHY).status_code == 404
    assert user(app, elsewhere).active


# --- two people make an account --------------------------------------------------------------------------------------


def test_it_takes_two_people_to_let_somebody_in(app, maker, granter):
    page = text(new(maker))
    password = page.split("<br><code>")[1].split("</code>")[0]
    browser = app.test_client()
    log_in(browser, "lihua", password)
    browser.post("/login/password", data={"current": password, "new": "Tulip-7-Harbour", "again": "Tulip-7-Harbour"})
    assert browser.get("/household/").status_code == 403
    with app.app_context():
        made = db.session.scalar(select(User.id).where(User.login == "lihua"))
    assert granter.post(f"/users/{made}/role", data={"role": OFFICER, **WHY}).status_code == 302
    log_in(browser, "lihua", "Tulip-7-Harbour")
    assert browser.get("/household/").status_code == 200


def test_the_first_password_is_shown_once_and_kept_nowhere(app, maker):
    answer = new(maker)
    password = text(answer).split("<br><code>")[1].split("</code>")[0]
    assert answer.headers["Cache-Control"] == "no-store"
    assert password not in text(maker.get("/users/"))
    with maker.session_transaction() as cookie:
        assert password not in str(dict(cookie))


def test_a_refused_account_comes_back_filled_with_every_reason(maker):
    answer = new(maker, login="x", division="999999")
    assert answer.status_code == 422
    assert "登录名为 2 至 40 位" in text(answer)
    assert "请选择本县范围内" in text(answer)
    assert 'value="李华"' in text(answer)


def test_fields_that_are_not_the_forms_are_left_aside(app, maker):
    new(maker, role="supervisor", active="1", must_change_password="", password_hash="x", totp_on="1", id="1")
    with app.app_context():
        made = db.session.scalar(select(User).where(User.login == "lihua"))
        assert (made.role, made.must_change_password, made.totp_on) == (None, True, False)


def test_making_the_same_account_twice_makes_one(app, maker):
    assert [new(maker).status_code for _ in range(2)] == [200, 422]
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(User.login == "lihua")) == 1


# --- what is done to an account --------------------------------------------------------------------------------------


def test_a_disabled_person_is_out_at_once(app, maker, officer):
    theirs = browser_of(app, officer)
    assert maker.post(f"/users/{officer}/disable", data=WHY).status_code == 302
    assert theirs.get("/account/").status_code == 302
    assert not user(app, officer).active


def test_a_step_without_a_reason_comes_back_with_its_dialog_open(app, maker, officer):
    answer = maker.post(f"/users/{officer}/move", data={"division": factories.XIAOER, "reason": " "})
    assert answer.status_code == 422
    dialog = text(answer).split('<dialog class="ask" id="move"')[1].split("</dialog>")[0]
    assert dialog.split(">")[0].endswith("open")
    assert "请填写办理原因" in dialog
    assert f'value="{factories.XIAOER}" selected' in dialog
    assert user(app, officer).division_code == factories.XUNCHANG


def test_a_moved_person_sees_the_new_place(app, maker, officer):
    maker.post(f"/users/{officer}/move", data={"division": factories.XIAOER, **WHY})
    assert user(app, officer).division_code == factories.XIAOER


def test_a_reset_password_lets_the_person_in_and_nobody_with_the_old_one(app, maker, officer):
    page = text(maker.post(f"/users/{officer}/reset", data=WHY))
    password = page.split("<br><code>")[1].split("</code>")[0]
    assert log_in(app.test_client(), OFFICER).status_code == 422
    assert log_in(app.test_client(), OFFICER, password).location == "/login/password"


def test_an_unlocked_person_may_try_again(app, maker, officer):
    for _ in range(5):
        log_in(app.test_client(), OFFICER, "wrong")
    assert text(maker.get("/users/")).count("锁定至 09:15") == 1
    assert "锁定至 09:15" in text(maker.get(f"/users/{officer}/"))
    maker.post(f"/users/{officer}/unlock", data=WHY)
    assert log_in(app.test_client(), OFFICER).location == "/"


def test_sessions_are_ended_by_either_administrator(app, maker, granter, officer):
    for browser in (maker, granter):
        theirs = browser_of(app, officer)
        assert browser.post(f"/users/{officer}/sessions", data=WHY).status_code == 302
        assert theirs.get("/account/").status_code == 302


def test_nobody_grants_a_role_to_themselves(app, ids, granter):
    own = ids["security_admin"]
    answer = granter.post(f"/users/{own}/role", data={"role": "supervisor", **WHY})
    assert answer.status_code == 422
    assert user(app, own).role == Role.SECURITY_ADMIN
    assert 'id="role"' not in text(granter.get(f"/users/{own}/"))


def test_a_page_offers_each_administrator_only_their_own_steps(maker, granter, officer):
    for browser, own, foreign in ((maker, "disable", "role"), (granter, "role", "disable")):
        page = text(browser.get(f"/users/{officer}/"))
        assert f'id="{own}"' in page and f'data-open="{own}"' in page
        assert f'id="{foreign}"' not in page and f'data-open="{foreign}"' not in page


def test_an_unknown_step_does_not_exist(maker, officer):
    assert maker.post(f"/users/{officer}/explode", data=WHY).status_code == 404


def test_only_the_command_line_resets_an_administrator(app, maker, ids):
    own = ids["security_admin"]
    assert maker.post(f"/users/{own}/reset", data=WHY).status_code == 422
    ran = app.test_cli_runner().invoke(args=["reset-password", "Security_Admin", "--reason", "忘记密码"])
    assert ran.exit_code == 0
    assert log_in(app.test_client(), "security_admin", ran.output.split()[-1]).location == "/login/password"


def test_the_command_line_refuses_an_unknown_login_in_a_sentence(app, ids):
    ran = app.test_cli_runner().invoke(args=["reset-password", "nobody-here", "--reason", "x"])
    assert ran.exit_code == 1
    assert "Traceback" not in ran.output


# --- rules and divisions ---------------------------------------------------------------------------------------------


def test_the_rules_of_login_hold_from_the_next_request(app, granter, officer):
    theirs = browser_of(app, officer)
    form = {"roles": [OFFICER, "emperor"], "profile": "modern", **WHY}
    assert granter.post("/users/rules", data=form).status_code == 302
    with app.app_context():
        county = db.session.scalar(select(County))
        assert (county.second_factor_roles, county.password_profile) == ([OFFICER], "modern")
    assert theirs.get("/account/").location == "/login/second-factor"


@pytest.mark.parametrize("form", [{"profile": "none", **WHY}, {"profile": "modern"}, {"profile": "dengbao", **WHY}])
def test_rules_without_reason_or_change_are_refused(app, granter, form):
    assert granter.post("/users/rules", data=form).status_code == 422
    with app.app_context():
        assert db.session.scalar(select(County.password_profile)) == "dengbao"


def test_a_village_is_added_under_its_township(app, maker):
    form = {"code": "511526100206", "name": "新 桥村"}
    assert maker.post("/divisions/511526100/add", data=form).status_code == 302
    with app.app_context():
        assert db.session.get_one(Division, "511526100206").name == "新桥村"


@pytest.mark.parametrize(
    "form",
    [
        {"code": "511526101206", "name": "新桥村"},
        {"code": "51152610020", "name": "新桥村"},
        {"code": "5115261002061", "name": "新桥村"},
        {"code": "５１１５２６１００２０６", "name": "新桥村"},
        {"code": "511526100201", "name": "新桥村"},
        {"code": "511526100206", "name": "新胜村"},
        {"code": "511526100206", "name": " "},
    ],
)
def test_a_village_that_does_not_fit_is_refused(maker, form):
    assert maker.post("/divisions/511526100/add", data=form).status_code == 422


@pytest.mark.parametrize("code", ["511525", "51", "5115", "511526999", "x" * 300])
def test_a_division_elsewhere_is_not_found(maker, code):
    assert maker.post(f"/divisions/{code}/add", data={"code": "1", "name": "x"}).status_code == 404


def test_a_division_is_renamed_with_a_reason(app, maker):
    assert maker.post("/divisions/511526100201/rename", data={"name": "新盛村"}).status_code == 422
    assert maker.post("/divisions/511526100201/rename", data={"name": "新盛村", **WHY}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Division, "511526100201").name == "新盛村"


def test_no_form_of_the_administrators_works_without_its_token(make_app):
    app = make_app(WTF_CSRF_ENABLED=True)
    ids = settle(app)
    maker, granter = browser_of(app, ids["system_admin"]), browser_of(app, ids["security_admin"])
    of_maker = [
        "/users/new",
        "/users/1/disable",
        "/users/1/reset",
        "/divisions/511526100/add",
        "/divisions/511526100/rename",
    ]
    of_granter = ["/users/1/role", "/users/1/second-factor", "/users/1/sessions", "/users/rules"]
    assert {maker.post(address).status_code for address in of_maker} == {400}
    assert {granter.post(address).status_code for address in of_granter} == {400}
