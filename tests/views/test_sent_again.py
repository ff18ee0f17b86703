"""A desk that was answered is sent again without Flask: all that it rests on is asked each time."""

import re
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import request_started
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.test import EnvironBuilder, TestResponse

from policy.vocabulary import Role
from tests import factories
from tests.clock import START
from tests.databases import opened
from tests.views.clerks import OFFICER, Clerks
from views import desk, headers, places, sent_again
from views.context import forget_figures
from views.db import db
from views.rendering import Once
from workflows import sessions


class Looks:
    """The officer at the desk; ``flask`` counts the requests that Flask answered."""

    def __init__(self, clerks: Clerks) -> None:
        self.clerks, self.app, self.flask = clerks, clerks.app, 0
        request_started.connect(self._began, self.app)

    def _began(self, *_: Any, **__: Any) -> None:
        self.flask += 1

    def look(self, who: Role | str = OFFICER, **asked: Any) -> TestResponse:
        return self.clerks.browser(who).open("/desk/", **asked)

    def kept(self) -> "Looks":
        """The desk having been looked at: the token of its forms is in the cookie, and it is sent again."""
        for _ in range(2):
            assert self.look().status_code == 200
        self.flask = 0
        assert self.look().status_code == 200 and self.flask == 0
        return self

    def write(self, statement: str) -> None:
        with self.app.app_context():
            file = str(db.engine.url.database)
        with sqlite3.connect(file) as other:
            other.execute(statement)


def stored(at: datetime) -> str:
    """Half a minute later, as SQLite holds it."""
    return f"{at + timedelta(seconds=30):%Y-%m-%d %H:%M:%S.%f}"


@pytest.fixture
def looks(clerks: Clerks) -> Looks:
    """A case waits for the officer."""
    clerks.apply()
    return Looks(clerks)


def test_what_is_sent_again_is_what_flask_answered(looks):
    looks.look()
    first, again = looks.look(), looks.look()
    assert looks.flask == 2
    assert (again.status, again.headers, again.data) == (first.status, first.headers, first.data)
    assert "default-src 'none'" in again.headers["Content-Security-Policy"]
    assert again.headers["Cache-Control"] == "no-store" and again.headers["Vary"] == "Cookie"


def test_who_asks_is_asked_of_the_database_each_time_in_one_statement_and_once_where_flask_answers(looks, monkeypatch):
    found: list[str] = []
    finds = sessions.find
    monkeypatch.setattr(sessions, "find", lambda asker, token: found.append(token) or finds(asker, token))
    looks.kept()
    found.clear()
    looks.look()
    assert len(found) == 1 and looks.flask == 0
    looks.clerks.apply()
    looks.look()
    assert len(found) == 2 and looks.flask == 1


OUT = {
    "the session was ended": "UPDATE login_session SET ended_at = '2026-03-02 09:00:00.000000', ended_why = 'ended'",
    "the session is gone": "DELETE FROM login_session",
    "the account was disabled": 'UPDATE "user" SET active = 0',
    "the password must be changed": 'UPDATE "user" SET must_change_password = 1',
    "the code of the second factor is missing": 'UPDATE "user" SET totp_on = 1',
    "the county asks for a second factor": "UPDATE county SET second_factor_roles = '[\"township_officer\"]'",
}


@pytest.mark.parametrize("why", OUT)
def test_who_is_no_longer_let_in_is_sent_away_at_once(looks, why):
    looks.kept().write("UPDATE login_session SET passed_second_factor = 0")
    looks.kept().write(OUT[why])
    assert looks.look().status_code == 302


def test_another_role_and_another_place_count_at_once(looks):
    looks.kept().write("UPDATE \"user\" SET role = 'auditor'")
    assert "我的待办" not in looks.look().get_data(as_text=True)
    looks.write(f"UPDATE \"user\" SET role = '{OFFICER}', division_code = '{factories.XIAOER}'")
    assert re.search(r"<span>我的待办</span><b>0", looks.look().get_data(as_text=True))


def test_that_somebody_was_here_is_noted_each_minute(looks):
    looks.kept()
    for seconds, flask in ((59, 0), (1, 1), (0, 2), (59, 2), (1, 3)):
        looks.clerks.clock.move(seconds=seconds)
        assert looks.look().status_code == 200
        assert looks.flask == flask


def test_a_session_ends_after_eight_hours_to_the_second(looks):
    looks.look()
    looks.write(f"UPDATE login_session SET created_at = '{stored(START - sessions.ABSOLUTE)}'")
    looks.kept().clerks.clock.move(seconds=29)
    assert looks.look().status_code == 200 and looks.flask == 0
    looks.clerks.clock.move(seconds=1)
    assert looks.look().status_code == 302


def test_a_password_grows_too_old_to_the_second(looks):
    looks.write("UPDATE county SET sample = 0, password_profile = 'dengbao'")
    looks.write(f"UPDATE \"user\" SET password_changed_at = '{stored(START - timedelta(days=90))}'")
    looks.kept().clerks.clock.move(seconds=29)
    assert looks.look().status_code == 200 and looks.flask == 0
    looks.clerks.clock.move(seconds=1)
    assert looks.look().status_code == 302


def test_a_place_without_a_mark_has_nothing_sent_again(looks):
    looks.kept().write("DELETE FROM desk_mark")
    for flask in (1, 2, 3):
        assert looks.look().status_code == 200 and looks.flask == flask


def test_another_day_is_another_desk(clerks):
    clerks.clock.move(hours=14, minutes=59, seconds=30)
    clerks.apply()
    looks = Looks(clerks).kept()
    clerks.clock.move(seconds=29)
    assert looks.look() and looks.flask == 0
    clerks.clock.move(seconds=1)
    assert looks.look() and looks.flask == 1


def test_a_desk_that_was_begun_before_midnight_is_not_sent_again_after_it(clerks, monkeypatch):
    clerks.clock.move(hours=14, minutes=59, seconds=59)
    clerks.apply()
    looks = Looks(clerks)
    looks.look()
    with monkeypatch.context() as patch:
        patch.setattr(desk, "Once", lambda: clerks.clock.move(seconds=1) and Once())
        looks.look()
    looks.flask = 0
    assert looks.look().status_code == 200 and looks.flask == 1


def test_what_a_server_does_with_its_headers_is_not_sent_again(looks):
    def server(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        told.append([*headers])
        headers.append(("Date", "Mon, 02 Mar 2026 01:00:00 GMT"))

    told: list[list[tuple[str, str]]] = []
    looks.kept().clerks.apply()
    cookie = looks.clerks.browser(OFFICER).get_cookie(looks.app.config["SESSION_COOKIE_NAME"])
    for flask in (1, 1):
        environ = EnvironBuilder("/desk/", environ_base={"REMOTE_ADDR": "127.0.0.1"}).get_environ()
        looks.app({**environ, "HTTP_COOKIE": f"{cookie.key}={cookie.value}"}, server)
        assert looks.flask == flask
    assert told[0] == told[1]


def _grows_old(app: Any, name: str) -> None:
    kept = app.extensions[name]
    app.extensions[name] = (*kept[:2], 0.0) if isinstance(kept, tuple) else {**kept, "until": 0.0}


LOOKED_UP_AGAIN: dict[str, Callable[[Any], None]] = {
    "figures that changed": lambda app: forget_figures(),
    "figures of a minute ago": lambda app: _grows_old(app, "doudi_figures"),
    "names that changed": lambda app: places.forget(),
    "names of a minute ago": lambda app: _grows_old(app, "doudi_places"),
    "the guide": lambda app: app.extensions["doudi_first_day"].clear(),
    "cookies": lambda app: app.extensions["doudi_cookies"].clear(),
}


@pytest.mark.parametrize("what", LOOKED_UP_AGAIN)
def test_what_is_not_believed_any_more_is_looked_up_by_flask(looks, what):
    looks.kept()
    with looks.app.app_context():
        LOOKED_UP_AGAIN[what](looks.app)
    assert looks.look().status_code == 200 and looks.flask == 1


def test_a_cookie_is_not_believed_longer_than_a_minute(looks, monkeypatch):
    at = [1_000.0]
    monkeypatch.setattr(headers, "monotonic", lambda: at[0])
    looks.kept()
    for seconds, flask in ((59.9, 0), (0.1, 1)):
        at[0] += seconds
        assert looks.look().status_code == 200 and looks.flask == flask


def test_the_guide_of_the_sample_is_shown_as_far_as_its_reader_is(looks):
    looks.write("UPDATE county SET sample = 1")
    looks.app.extensions.pop("doudi_first_day", None)
    assert "first-day/lay-aside" in looks.kept().look().get_data(as_text=True)
    looks.clerks.browser(OFFICER).post("/first-day/lay-aside")
    assert "first-day/lay-aside" not in looks.look().get_data(as_text=True)


def test_where_the_database_is_gone_flask_says_so(looks, monkeypatch):
    def find(*_: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("gone"))

    looks.kept()
    monkeypatch.setattr(sessions, "find", find)
    monkeypatch.setitem(looks.app.config, "PROPAGATE_EXCEPTIONS", False)
    assert looks.look().status_code == 503 and looks.flask == 1


def test_on_postgresql_it_is_sent_again_too_even_where_the_server_had_cut_the_connections(
    make_app, clock, migrated_postgres_url
):  # fmt: skip
    clerks = Clerks(make_app(DATABASE_URL=migrated_postgres_url), clock)
    clerks.apply()
    looks, cut = Looks(clerks).kept(), text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )  # fmt: skip
    with opened(migrated_postgres_url) as other, other.begin() as server:
        assert server.scalar(cut)
    assert looks.look().status_code == 200 and looks.flask == 0
    with opened(migrated_postgres_url) as other, other.begin() as server:
        server.execute(text('UPDATE "user" SET active = false'))
    assert looks.look().status_code == 302


def test_a_page_that_says_what_went_wrong_is_not_sent_again(looks, monkeypatch):
    def fault(*_: Any) -> Any:
        raise LookupError

    looks.kept().clerks.apply()
    monkeypatch.setitem(looks.app.config, "PROPAGATE_EXCEPTIONS", False)
    with monkeypatch.context() as patch:
        patch.setattr(desk, "_of_county", fault)
        assert looks.look().status_code == 500
    assert looks.look().status_code == 200


def test_so_many_answers_are_kept_and_no_more(looks, monkeypatch):
    monkeypatch.setattr(sent_again, "MOST_KEPT", 2)
    kept = looks.kept().app.extensions["doudi_sent"]
    for who, many in (("township_approver", 2), ("county_reviewer", 1)):
        assert [looks.look(who).status_code for _ in range(2)] == [200, 200]
        assert len(kept) == many


ELSE: dict[str, dict[str, Any]] = {
    "QUERY_STRING": {"query_string": "a=1"},
    "REQUEST_METHOD": {"method": "HEAD"},
    "HTTP_HOST": {"headers": {"Host": "127.0.0.1:8000"}},
    "SCRIPT_NAME": {"base_url": "http://localhost/elsewhere"},
    "wsgi.url_scheme": {"base_url": "https://localhost"},
    "REMOTE_ADDR": {"environ_base": {"REMOTE_ADDR": "127.0.0.2"}},
}


@pytest.mark.parametrize("asked", ELSE)
def test_another_request_is_answered_by_flask(looks, asked):
    looks.kept().look(**ELSE[asked])
    assert looks.flask == 1


def test_a_stranger_elsewhere_gets_nothing_of_what_was_sent_here(looks):
    assert looks.kept().look(environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403


class Watched(dict[str, Any]):
    """An environ that notes what is read of it."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.read = set[str]()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)


def test_a_desk_reads_nothing_of_its_request_that_is_not_compared(looks):
    looks.kept().clerks.apply()  # so that it is worked out anew
    cookie = looks.clerks.browser(OFFICER).get_cookie(looks.app.config["SESSION_COOKIE_NAME"])
    environ = Watched(EnvironBuilder("/desk/", environ_base={"REMOTE_ADDR": "127.0.0.1"}).get_environ())
    environ["HTTP_COOKIE"] = f"{cookie.key}={cookie.value}"
    told: list[str] = []
    assert looks.app(environ, lambda status, *_: told.append(status)) and told == ["200 OK"]
    own = {sent_again.RESTS, sent_again.FOUND, "werkzeug.debug.preserve_context"}
    assert environ.read - own == set(sent_again.ASKED)
