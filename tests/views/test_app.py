"""The app itself: what every answer carries, who may write, where a county lives, and faults that read as sentences."""

import io
import json
import logging
import re
import sqlite3
from datetime import UTC, datetime

import pytest
from flask import Flask, Response, abort, redirect, request, stream_with_context
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app import create_app
from models import Tick, base, sealing
from models.base import WriteInReading, is_reading
from tests import databases, factories
from tests.clock import START
from tests.signing_in import browser_of, settle
from views import context, errors
from views import register as registered
from views.db import db
from views.headers import CSP
from workflows.instance import SecretsMissing
from workflows.reason import Reason, Refused

SECRET = "隐私内容 SELECT"


def _routes(app: Flask) -> None:
    """A page for each way in which a request may go."""

    def write() -> str:
        db.session.merge(Tick(id=1, at=START))
        db.session.commit()
        return "written"

    def beside() -> str:
        with context.own_transaction() as session:
            session.merge(Tick(id=1, at=START))
        return str(db.session.get(Tick, 1).at)

    def fault() -> str:
        raise ValueError(SECRET)

    def broken_database() -> str:
        raise OperationalError("UPDATE member SET name = ?", (SECRET,), sqlite3.OperationalError(request.args["why"]))

    def lost_database() -> str:
        db.session.connection().invalidate()
        return broken_database()

    def stream() -> Response:
        return Response(stream_with_context(str(is_reading()) for _ in range(2)))

    def length() -> str:
        return str(len(request.get_data()))

    def unlawful() -> str:
        raise Refused([Reason("no_paper_owed"), Reason("pledge_missing")])

    def stale() -> str:
        raise StaleDataError(SECRET)

    def to_refuse() -> str:
        abort(int(request.args["code"]))

    for page in (write, beside, fault, broken_database, lost_database, stream, length, unlawful, stale, to_refuse):
        app.add_url_rule(f"/{page.__name__}", page.__name__, page, methods=("GET", "POST"))
    app.add_url_rule("/away", "away", lambda: redirect("/write"))
    app.add_url_rule("/reading", "reading", lambda: str(is_reading()), methods=("GET", "HEAD", "POST", "PUT"))


@pytest.fixture
def small(make_app, monkeypatch):
    """Make the app without its pages, but with ours; faults are answered, not raised."""
    monkeypatch.setattr(registered, "register_all", lambda app: None)

    def make(**settings: object) -> Flask:
        app = make_app(**{"PROPAGATE_EXCEPTIONS": False, **settings})
        _routes(app)
        return app

    return make


@pytest.fixture
def browser(small):
    return small().test_client()


ANSWERS = [
    ("/reading", 200),
    ("/away", 302),
    ("/static/panel.css", 200),
    ("/static/nowhere.css", 404),
    ("/nowhere", 404),
    ("/fault", 500),
    ("/broken_database?why=database is locked", 503),
    ("/to_refuse?code=403", 403),
    ("/reading?x=%00", 400),
]


@pytest.mark.parametrize(("address", "status"), ANSWERS)
def test_every_answer_carries_the_security_headers(browser, address, status):
    answer = browser.get(address)
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == CSP
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    assert "default-src 'none'" in CSP and "frame-ancestors 'none'" in CSP
    assert not re.search(r"unsafe|http|\*|nonce", CSP)


def test_pages_are_not_kept_by_browsers_and_versioned_files_are(browser):
    assert browser.get("/reading").headers["Cache-Control"] == "no-store"
    assert browser.get("/nowhere").headers["Cache-Control"] == "no-store"
    assert "immutable" in browser.get("/static/panel.css?v=1").headers["Cache-Control"]
    assert "no-cache" in browser.get("/static/panel.css").headers["Cache-Control"]


def test_without_https_the_cookie_has_a_plain_name_and_there_is_no_hsts(browser):
    answer = browser.get("/nowhere")
    assert re.match(r"doudi=.*; HttpOnly; Path=/; SameSite=Lax$", answer.headers["Set-Cookie"])
    assert "Strict-Transport-Security" not in answer.headers


def test_one_setting_for_https_decides_name_secure_and_hsts(small):
    answer = small(HTTPS=True).test_client().get("/nowhere", base_url="https://doudi.test")
    assert re.match(r"__Host-doudi=.*; Secure; HttpOnly; Path=/; SameSite=Lax$", answer.headers["Set-Cookie"])
    assert "Domain" not in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(("value", "https"), [("1", True), ("0", False), ("", False)])
def test_https_comes_from_the_environment(small, monkeypatch, value, https):
    monkeypatch.setenv("DOUDI_HTTPS", value)
    assert small().config["SESSION_COOKIE_SECURE"] is https


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 403)])
def test_without_https_only_this_machine_gets_a_page(browser, address, status):
    assert browser.get("/reading", environ_base={"REMOTE_ADDR": address}).status_code == status


def test_with_https_other_machines_get_a_page(small):
    browser = small(HTTPS=True).test_client()
    assert browser.get("/reading", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200


@pytest.mark.parametrize(("method", "reads"), [("GET", "True"), ("POST", "False"), ("PUT", "False")])
def test_only_unsafe_methods_may_write(browser, method, reads):
    assert browser.open("/reading", method=method).text == reads


def test_a_get_that_writes_is_a_fault_and_writes_nothing(small):
    app = small(PROPAGATE_EXCEPTIONS=True)
    with pytest.raises(WriteInReading):
        app.test_client().get("/write")
    with app.app_context():
        assert db.session.get(Tick, 1) is None


def test_a_post_writes(small):
    app = small()
    assert app.test_client().post("/write").text == "written"
    with app.app_context():
        assert db.session.get(Tick, 1).at == START


def test_what_a_get_must_write_goes_beside_its_reading(browser):
    assert browser.get("/beside").text == str(START)


def test_an_answer_that_streams_still_reads(browser):
    assert browser.get("/stream").text == "TrueTrue"
    assert browser.post("/stream").text == "FalseFalse"


def test_after_a_request_the_process_may_write_as_before(browser):
    browser.get("/reading")
    assert not is_reading()


def test_a_writing_request_takes_its_lock_with_the_first_statement(small):
    app = small()
    with app.app_context(), create_engine(app.config["SQLALCHEMY_DATABASE_URI"]).connect() as other:
        db.session.execute(text("SELECT 1"))
        other.exec_driver_sql("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError, match="locked"):
            other.exec_driver_sql("BEGIN IMMEDIATE")


@pytest.mark.parametrize(("pragma", "value"), [
    ("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 10000),
])  # fmt: skip
def test_sqlite_is_set_to_lose_nothing(app, quick_commits, monkeypatch, pragma, value):
    monkeypatch.setattr(base, "SYNCHRONOUS", quick_commits)
    with app.app_context():
        assert db.session.scalar(text(f"PRAGMA {pragma}")) == value


# --- faults as sentences ---------------------------------------------------------------------------------------------

CODES = (400, 403, 404, 405, 409, 413, 429, 500, 503)


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_is_a_page_with_a_chinese_sentence(browser, code):
    answer = browser.get(f"/to_refuse?code={code}")
    assert answer.status_code == code
    told = re.search(r'<p role="alert">(.*?)</p>', answer.text).group(1)
    assert re.search("[一-鿿]{6}", told) and told.endswith("。")


def test_each_refusal_says_something_of_its_own(browser):
    told = {re.search('role="alert">(.*?)<', browser.get(f"/to_refuse?code={code}").text).group(1) for code in CODES}
    told |= {
        re.search('role="alert">(.*?)<', browser.get("/broken_database?why=database or disk is full").text).group(1)
    }
    assert len(told) == len(CODES) + 1


@pytest.fixture
def log(monkeypatch):
    """What the error pages write into the log, whatever else a test process did to the loggers of all."""
    written, own = io.StringIO(), logging.Logger("own")  # noqa: LOG001 - heard by nobody else
    own.addHandler(logging.StreamHandler(written))
    monkeypatch.setattr(errors, "log", own)
    return written


def test_a_fault_shows_a_number_and_nothing_else_and_the_log_has_both(browser, log):
    answer = browser.get("/fault")
    number = re.search(r"<code>([0-9a-f]{8})</code>", answer.text).group(1)
    assert answer.status_code == 500
    assert "Traceback" not in answer.text and "ValueError" not in answer.text and SECRET not in answer.text
    assert number in log.getvalue() and "test_app.py" in log.getvalue()


def test_the_log_of_a_fault_repeats_no_data(browser, log):
    browser.get("/fault")
    browser.get("/broken_database?why=no such table")
    assert "ValueError" in log.getvalue() and SECRET not in log.getvalue()


@pytest.mark.parametrize(("why", "status"), [
    ("database is locked", 503), ("connection refused", 503), ("database or disk is full", 507),
    ("disk I/O error", 507), ("could not extend file: No space left on device", 507),
])  # fmt: skip
def test_a_database_that_fails_is_told_by_what_to_do(browser, why, status):
    answer = browser.get("/broken_database", query_string={"why": why})
    assert answer.status_code == status
    assert why not in answer.text and "UPDATE" not in answer.text


def test_the_page_that_tells_of_a_lost_connection_is_whole_for_whoever_is_logged_in(small):
    app = small()
    answer = browser_of(app, settle(app)["supervisor"]).get("/lost_database?why=server closed the connection")
    assert answer.status_code == 503 and re.search('role="alert">数据库忙或无法连接', answer.text)


def test_where_no_page_can_be_made_the_sentence_stands_by_itself(browser, monkeypatch):
    monkeypatch.setattr(errors, "render_template", lambda *args, **kwargs: 1 // 0)
    answer = browser.get("/broken_database", query_string={"why": "database is locked"})
    assert answer.status_code == 503 and answer.content_type.startswith("text/plain")
    assert "数据库忙或无法连接" in answer.text and re.search(r"[0-9a-f]{8}$", answer.text)


def test_a_refusal_no_form_could_show_gives_every_reason(browser):
    answer = browser.post("/unlawful")
    assert answer.status_code == 409 and len(re.findall('<p role="alert">[^<]+</p>', answer.text)) == 2


def test_a_row_somebody_else_changed_is_told_and_not_overwritten(browser):
    answer = browser.post("/stale")
    assert answer.status_code == 409 and "他人已修改" in answer.text and SECRET not in answer.text


@pytest.mark.parametrize(("size", "status"), [(10 * 1024 * 1024, 200), (10 * 1024 * 1024 + 1, 413)])
def test_more_than_ten_megabytes_are_refused(browser, size, status):
    assert browser.post("/length", data=b"x" * size, content_type="application/octet-stream").status_code == status


def test_a_post_without_its_token_is_refused(small):
    answer = small(WTF_CSRF_ENABLED=True).test_client().post("/write")
    assert answer.status_code == 400 and "请返回并刷新页面" in answer.text


# --- where a county lives --------------------------------------------------------------------------------------------


def test_secrets_are_made_once_and_are_all_different(tmp_path):
    first = create_app({"INSTANCE": tmp_path}).config["SECRET_KEY"]
    kept = json.loads((tmp_path / "secrets.json").read_text())
    assert create_app({"INSTANCE": tmp_path}).config["SECRET_KEY"] == first
    assert len(set(kept.values())) == 4 and min(map(len, kept.values())) == 64


def test_an_app_seals_with_the_keys_of_its_own_county_and_leaves_them_to_nobody(app, tmp_path):
    other = create_app({"INSTANCE": tmp_path})
    kept = json.loads((tmp_path / "secrets.json").read_text())
    assert sealing.keys() == databases.KEYS
    with other.app_context():
        assert sealing.keys().dumps() == json.dumps({name: kept[name] for name in ("seal", "blind", "chain")})
        with app.test_request_context():
            assert sealing.keys() == databases.KEYS
        assert sealing.keys() != databases.KEYS
    assert sealing.keys() == databases.KEYS


def test_a_database_with_data_but_without_its_secrets_does_not_start(instance, sqlite_template):
    url = databases.copy_sqlite(sqlite_template, instance / "doudi.sqlite3")
    with databases.opened(url) as engine, Session(engine) as session:
        factories.places(session)
        session.commit()
    with pytest.raises(SecretsMissing, match=r"secrets\.json is missing"):
        create_app({"INSTANCE": instance})
    assert not (instance / "secrets.json").exists()


def test_a_migrated_database_without_data_gets_secrets(instance, sqlite_template):
    databases.copy_sqlite(sqlite_template, instance / "doudi.sqlite3")
    create_app({"INSTANCE": instance})
    assert (instance / "secrets.json").exists()


def test_the_clock_of_the_app_is_the_one_it_was_given(app, clock):
    clock.move(days=3)
    with app.app_context():
        assert context.now() == clock.at and context.today() == clock.at.date()


def test_the_usual_clock_is_china_time():
    away = context.china_time() - datetime.now(UTC).replace(tzinfo=None)
    assert abs(away.total_seconds() - 8 * 3600) < 5


def test_before_login_nobody_acts_and_sees_nothing(app):
    with app.test_request_context():
        someone = context.actor()
    assert (someone.role, someone.sees_cases, someone.id) == (None, False, 0)
