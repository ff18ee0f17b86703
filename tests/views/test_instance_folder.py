"""Where a county lives: its folder and database, which are their owner's alone."""

import os
import stat

import pytest
from sqlalchemy import text

from app import create_app
from views import serving
from views.db import db
from workflows.instance import Instance
from workflows.reason import Refused


def _others_may(path) -> int:
    """What others than the owner may do; Windows keeps that elsewhere."""
    return 0 if os.name == "nt" else stat.S_IMODE(path.stat().st_mode) & 0o077


@pytest.mark.parametrize("source", ["environment", "config"])
def test_everything_that_is_not_code_lies_in_the_instance_folder(tmp_path, monkeypatch, source):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOUDI_INSTANCE", "ours" if source == "environment" else "theirs")
    app = create_app({} if source == "environment" else {"INSTANCE": "ours"})
    folder = app.extensions["doudi"].folder
    assert folder == tmp_path / "ours" and folder.is_absolute()
    assert app.config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{folder.as_posix()}/doudi.sqlite3"
    assert not (tmp_path / "theirs").exists()


@pytest.mark.parametrize(("given", "used"), [
    ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"), ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
    ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"), ("sqlite:////x/y", "sqlite:////x/y"),
])  # fmt: skip
def test_another_database_is_named_by_its_url(tmp_path, given, used):
    assert Instance.at(tmp_path, given).database_url == used


@pytest.mark.parametrize("given", [
    "mysql://doudi:Geheim@host/name", "postgresql+psycopg2://doudi:Geheim@host/name", "doudi:Geheim@host/name",
])  # fmt: skip
def test_a_database_of_another_kind_is_refused_without_its_password(tmp_path, given):
    with pytest.raises(Refused) as refused:
        Instance.at(tmp_path, given)
    assert serving.why(refused.value) and "Geheim" not in serving.why(refused.value)


def test_the_folder_and_the_secrets_are_their_owners_alone(tmp_path):
    create_app({"INSTANCE": tmp_path / "new"})
    assert _others_may(tmp_path / "new") == 0
    assert _others_may(tmp_path / "new" / "secrets.json") == 0


def test_the_database_is_its_owners_alone_in_a_folder_that_somebody_else_made_for_all(tmp_path):
    tmp_path.chmod(0o755)
    app = create_app({"INSTANCE": tmp_path})
    with app.app_context():
        db.session.execute(text("CREATE TABLE tried (id INTEGER)"))
        db.session.commit()
        left = [path.name for path in tmp_path.iterdir() if path.is_file() and _others_may(path)]
        db.engine.dispose()
    assert (tmp_path / "doudi.sqlite3").stat().st_size > 0 and left == []


def test_that_the_database_cannot_be_made_is_said_in_a_sentence(tmp_path, monkeypatch):
    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "doudi.sqlite3").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", denied)
        Instance.at(tmp_path)
    with pytest.raises(serving.CANNOT_START) as stopped:
        create_app({"INSTANCE": tmp_path})
    assert serving.why(stopped.value).startswith("数据库无法使用")
