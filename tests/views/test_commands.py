"""The commands of the one who installs and keeps Doudi, and what `python app.py` does around serving."""

import re
import socket
import sqlite3
import threading
from contextlib import closing
from unittest.mock import Mock

import click
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import main
from models import Benefit, County, Division, Event, Household, IssuedPaper, SetAsidePaper, Tick, User, schema
from models.patience import set_limit
from models.sealing import Keys
from policy.vocabulary import Role
from tests import factories
from views import papers_many, serving
from views.commands import verb
from views.db import db
from workflows.passwords import verify_password
from workflows.reason import Refused

INIT = ("init", "--code", "511526", "--name", "珙县")


@pytest.fixture
def run(app):
    """Run a command; returns its exit code and what it said."""

    def run(*words: str, typed: str | None = None) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=words, input=typed)
        return result.exit_code, result.output

    return run


@pytest.fixture
def county(app):
    with app.app_context():
        factories.office(db.session)
        db.session.commit()


def test_init_begins_a_county_and_prints_two_one_use_passwords_once(app, run):
    code, said = run(*INIT)
    logins = dict(re.findall(r"(sysadmin|secadmin)  (\S+)", said))
    assert code == 0 and len(logins) == 2
    with app.app_context():
        assert db.session.scalars(select(County.code)).all() == ["511526"]
        for login, password in logins.items():
            user = db.session.scalars(select(User).where(User.login == login)).one()
            assert verify_password(user.password_hash, password) and user.must_change_password


def test_a_command_waits_as_long_as_it_takes_for_what_somebody_else_holds(app):
    connection = Mock()
    app.test_cli_runner().invoke(click.command(verb(lambda: set_limit(connection))))
    connection.exec_driver_sql.assert_called_once_with("SET LOCAL lock_timeout = 0")


def test_init_asks_for_what_it_was_not_given(app, run):
    code, said = run("init", typed="511526\n四川省\n宜宾市\n珙县\n")
    assert code == 0 and "区划代码" in said
    with app.app_context():
        assert [d.name for d in db.session.scalars(select(Division).order_by(Division.code))] == [
            "四川省",
            "宜宾市",
            "珙县",
        ]


def test_init_takes_a_list_of_townships_and_villages(app, run, tmp_path):
    (tmp_path / "list.csv").write_text("511526100,巡场镇\n511526100201,新胜村\n", encoding="utf-8")
    code, said = run(*INIT, "--division-file", str(tmp_path / "list.csv"))
    assert code == 0 and "2 个" in said


def test_a_second_county_is_refused_in_a_sentence(run, county):
    code, said = run(*INIT)
    assert code == 1 and "已有一个县" in said and "Traceback" not in said


def test_a_bad_code_is_refused_and_nothing_begins(app, run):
    code, said = run("init", "--code", "51152", "--name", "珙县")
    assert code == 1 and "51152" in said
    with app.app_context():
        assert not schema.holds_data(db.engine)


def test_backup_and_restore_bring_a_county_back(app, run, county, instance):
    code, said = run("backup")
    (file,) = (instance / "backups").iterdir()
    assert str(file) in said
    with app.app_context():
        factories.household(db.session)
        db.session.commit()
    assert code == 0
    assert run("restore", str(file))[0] == 0
    with app.app_context():
        assert db.session.scalars(select(Household)).all() == []
    assert sorted(p.name[:6] for p in (instance / "backups").iterdir()) == ["before", "doudi-"]


def test_a_wrong_file_is_refused_in_a_sentence(run, county, tmp_path):
    (tmp_path / "x").write_bytes(b"nothing")
    code, said = run("restore", str(tmp_path / "x"))
    assert code == 1 and "请选择另一份备份" in said


def test_migrate_backs_up_first_and_says_where(app, run, county, instance):
    with app.app_context():
        schema.downgrade(db.engine, "0004")
    code, said = run("migrate")
    assert code == 0 and "doudi-" in said and schema.head() in said
    assert len(list((instance / "backups").iterdir())) == 1


def test_migrate_twice_does_nothing_the_second_time(run, county, instance):
    assert run("migrate")[0] == 0
    assert not (instance / "backups").exists()


def test_a_newer_database_is_not_touched(app, run, county):
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    code, said = run("migrate")
    assert code == 1 and "更新版本" in said


def test_tick_works_time_through(app, run, county, clock):
    assert run("tick")[0] == 0
    with app.app_context():
        assert db.session.get(Tick, 1).at == clock.at


def test_a_command_before_there_is_a_county_says_how_to_begin_one(make_app, engine_url):
    app = make_app(DATABASE_URL=engine_url)
    result = app.test_cli_runner().invoke(args=["tick"])
    assert result.exit_code == 1 and "flask --app app init" in result.output and "county" not in result.output


def test_a_command_on_the_tables_of_an_older_program_says_how_to_bring_them_up_to_date(app, run, county):
    with app.app_context():
        schema.downgrade(db.engine, "0004")
    code, said = run("tick")
    assert code == 1 and "flask --app app migrate" in said


def test_only_developers_write_migrations(run):
    code, said = run("revision", "anything")
    assert code == 1 and "flask --debug" in said


# --- python app.py ---------------------------------------------------------------------------------------------------


def test_a_first_start_fills_the_sample_and_prints_one_login_of_each_role(make_app, instance, capsys, clock):
    (instance / "doudi.sqlite3").unlink()
    app = make_app()
    serving.prepare(app)
    serving.greet(app, "127.0.0.1", 8000)
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8000" in said and len(re.findall("Bamboo", said)) == len(Role)
    assert said.startswith("首次启动") and "Ctrl+C" in said.splitlines()[-1]
    with app.app_context():
        assert db.session.scalars(select(County.sample)).all() == [True]
        assert db.session.scalars(select(Benefit)).first() is not None
        assert db.session.get(Tick, 1).at == clock.at


def test_a_second_start_adds_nothing(app, county):
    serving.prepare(app)
    with app.app_context():
        assert db.session.scalars(select(Household)).all() == []


def test_a_real_county_prints_no_login(app, county, capsys):
    serving.greet(app, "127.0.0.1", 8000)
    said = capsys.readouterr().out
    assert "珙县" in said and "sysadmin" not in said and len(said.splitlines()) == 2


def test_other_secrets_than_the_countys_stop_the_start(furnished, county, make_app):
    (furnished / "secrets.json").write_text('{"cookie": "for tests alone", ' + Keys.fresh().dumps().removeprefix("{"))
    with pytest.raises(Refused, match="other_keys"):
        serving.prepare(make_app())


@pytest.mark.parametrize(("host", "https", "served"), [
    ("127.0.0.1", False, True), ("::1", False, True), ("localhost", False, True), ("0.0.0.0", False, False),
    ("192.0.2.7", False, False), ("panel.test", False, False), ("0.0.0.0", True, True),
])  # fmt: skip
def test_without_https_only_loopback_is_listened_on(host, https, served):
    if served:
        serving.check_host(host, https)
    else:
        with pytest.raises(Refused, match="not_loopback"):
            serving.check_host(host, https)


@pytest.mark.parametrize(("port", "number"), [("", 8000), ("9001", 9001), ("65535", 65535)])
def test_the_port_comes_from_the_environment(monkeypatch, port, number):
    monkeypatch.setenv("PORT", port)
    assert serving.address() == ("127.0.0.1", number)


@pytest.mark.parametrize("port", ["65536", "x", "-1", "８０"])
def test_what_is_no_port_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Refused, match="port_number"):
        serving.address()


def test_a_port_that_is_taken_is_told(app):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Refused) as refused:
        serving.listen(app, *taken.getsockname())
    assert "换" not in serving.why(refused.value) and "PORT" in serving.why(refused.value)


def test_a_port_that_is_taken_is_told_before_anything_is_done(monkeypatch, tmp_path):
    prepared: list[object] = []
    monkeypatch.setattr(serving, "prepare", prepared.append)
    monkeypatch.setenv("DOUDI_INSTANCE", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(SystemExit, match="PORT"):
            main()
    assert prepared == []


def test_time_is_worked_through_every_hour_and_a_fault_does_not_end_it(app, monkeypatch):
    calls, enough = [], threading.Event()

    def tick(_: object) -> None:
        calls.append(1)
        if len(calls) > 2:
            enough.set()
        raise ValueError

    monkeypatch.setattr(serving, "HOUR", 0.01)
    monkeypatch.setattr(serving, "work_time_through", tick)
    over = serving.every_hour(app)
    assert enough.wait(60)
    over.set()
    for thread in threading.enumerate():  # or it goes on, perhaps with the true work, in the next test's county
        if thread.name == "tick":
            thread.join(60)


def test_statistics_are_refreshed_when_the_tick_holds_no_lock_of_its_own(app, county, monkeypatch):
    looked = []

    def look(engine: Engine) -> None:
        with closing(sqlite3.connect(str(engine.url.database), timeout=0)) as another:
            another.execute("BEGIN IMMEDIATE")
        looked.append(engine)

    monkeypatch.setattr(serving, "refresh_statistics", look)
    serving.work_time_through(app)
    assert len(looked) == 1


def test_a_sample_may_be_looked_into_on_both_engines_and_has_issued_its_letters_but_the_latest(
    make_app, migrated_url, clock
):
    app = make_app(DATABASE_URL=migrated_url)
    serving.prepare(app)
    with app.app_context(), Session(db.engine) as session:
        assert session.scalars(select(Household.id).limit(1)).first()
        papers = session.scalars(select(IssuedPaper).order_by(IssuedPaper.id)).all()
        stated = {paper.event_id for paper in papers} | set(session.scalars(select(SetAsidePaper.event_id)))
        since = clock() - papers_many.OWED
        letters = select(Event.id).where(Event.action.in_(papers_many.LETTERS), Event.at >= since)
        letters = letters.where(Event.township_code == "511526100").order_by(Event.at, Event.id)
        written = [id in stated for id in session.scalars(letters)]
        assert written[-5:] == [False] * 5 and len(written) > 50 and all(written[:-5])
        for office in {paper.office_code for paper in papers}:
            own = [paper for paper in papers if paper.office_code == office]
            assert [paper.at for paper in own] == sorted(paper.at for paper in own) and own[-1].at <= clock()
            for year in {paper.year for paper in own}:
                serials = [paper.serial for paper in own if paper.year == year]
                assert serials == list(range(1, len(serials) + 1))
