"""The ground the other tests stand on."""

import os
from pathlib import Path

from sqlalchemy import create_engine, text


def test_a_test_never_works_in_the_real_instance_folder():
    assert Path(os.environ["DOUDI_INSTANCE"]).resolve() != Path("instance").resolve()


def test_an_instance_folder_is_empty_and_named_in_the_environment(instance):
    assert list(instance.iterdir()) == []
    assert os.environ["DOUDI_INSTANCE"] == str(instance)


def _tables_after_making_one(url: str) -> int:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE family (name VARCHAR(20))"))
        connection.execute(text("INSERT INTO family VALUES ('张三家')"))
        count = connection.scalar(text("SELECT count(*) FROM family WHERE name = '张三家'"))
    engine.dispose()
    return count


def test_a_database_is_fresh_on_both_engines(engine_url):
    assert _tables_after_making_one(engine_url) == 1


def test_a_database_is_fresh_for_the_next_test_too(engine_url):
    assert _tables_after_making_one(engine_url) == 1
