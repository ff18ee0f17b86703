"""A form that is saved is one transaction on PostgreSQL; on SQLite who sends it is asked before others must wait."""

import pytest
from sqlalchemy import event, text

from models import Household
from policy.vocabulary import Role
from tests.databases import opened
from tests.signing_in import browser_of
from tests.views.editing import send, shown
from tests.views.samples import build
from views.db import db


@pytest.fixture
def saved(make_app, migrated_url):
    """Save another address of a family; returns its address, and the transactions and the writing that took."""
    app = make_app(DATABASE_URL=migrated_url)
    made = build(app)
    browser, where = browser_of(app, made.users[Role.SUPERVISOR]), f"/household/{made.own['household']}/edit/"
    with app.app_context():
        engine = db.engine
    form, begun, said = shown(browser, where), [], []
    event.listen(engine, "begin", lambda connection: begun.append(connection))
    event.listen(engine, "before_cursor_execute", lambda c, cursor, sent, *rest: said.append(sent))
    answer = send(browser, where, form, address="新村1号")
    assert answer.status_code == 302
    took = len(begun), [one for one in said if not one.startswith(("BEGIN", "SELECT"))]
    with app.app_context():
        address = db.session.get_one(Household, made.own["household"]).address
    return engine.dialect.name, address, *took


def test_a_save_is_one_transaction_where_reading_keeps_nobody_out(saved):
    engine, address, begun, written = saved
    assert address == "新村1号"
    assert begun == (1 if engine == "postgresql" else 2)
    assert [one.split()[0] for one in written] == ["UPDATE", "INSERT"]


def test_a_refused_form_leaves_no_transaction_open(make_app, migrated_postgres_url):
    app = make_app(DATABASE_URL=migrated_postgres_url)
    made = build(app)
    browser, where = browser_of(app, made.users[Role.SUPERVISOR]), f"/household/{made.own['household']}/edit/"
    assert send(browser, where, reason="").status_code == 422
    with opened(migrated_postgres_url) as watching, watching.connect() as connection:
        left = connection.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"))
    assert left == 0


def test_the_connection_that_came_back_last_is_taken_first(app):
    with app.app_context():
        engine = db.engine
    one, other = engine.raw_connection(), engine.raw_connection()
    last = one.dbapi_connection
    other.close()
    one.close()
    for _ in range(2):
        taken = engine.raw_connection()
        assert taken.dbapi_connection is last
        taken.close()
