"""The history calls everything by a word of its own: tables, columns, acts and what an entry tells beside them."""

import ast
from collections.abc import Iterator

import pytest
from flask_babel import force_locale

from models import AuditEntry, Base
from tests.tree import ROOT
from views import labels
from views.column_words import COLUMNS, COLUMNS_OF, TOLD
from views.panel.history import HIDDEN, reason_of
from workflows.audit_rows import WATCHED


def _shown() -> list[tuple[str, str]]:
    """(table, column) of everything that an entry about a row may show."""
    return [
        (table, name.removesuffix("_sealed"))
        for table, watched in WATCHED.items() for name in watched.columns if name not in HIDDEN
    ]  # fmt: skip


def _recorded() -> Iterator[ast.Call]:
    """Every call in the sources that leaves an entry about something else than a row."""
    for path in (*ROOT.glob("views/**/*.py"), *ROOT.glob("workflows/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("audit.record", "audit.bulk"):
                yield node


@pytest.mark.parametrize("language", ["en", "zh_Hans_CN"])
def test_every_column_that_the_history_may_show_has_a_word(app, language):
    with app.test_request_context("/"), force_locale(language):
        bare = [pair for pair in _shown() if labels.column(pair[1], pair[0]) == pair[1]]
        foreign = [pair for pair in _shown() if labels.column(pair[1], pair[0]).isascii()]
    assert bare == []
    assert language == "en" or foreign == []


def test_every_table_of_the_history_has_a_word_and_can_be_asked_for():
    assert set(WATCHED) - set(labels.TABLES) == set()


def test_every_act_of_the_history_has_a_word():
    # record(session, actor, now, action, ...), bulk(..., action=...)
    given = [call.args[3:4] + [k.value for k in call.keywords if k.arg == "action"] for call in _recorded()]
    acts = {node.value for nodes in given for node in nodes if isinstance(node, ast.Constant)}
    assert len(acts) > 10
    assert acts - set(labels.ACTIONS) == set()


def test_what_an_entry_tells_beside_columns_has_a_word():
    told = {
        key.value
        for call in _recorded() for keyword in call.keywords if keyword.arg == "after"
        for node in ast.walk(keyword.value) if isinstance(node, ast.Dict)
        for key in node.keys if isinstance(key, ast.Constant)
    }  # fmt: skip
    assert {"field", "recalculation", "batch"} <= told
    assert told - set(TOLD) - set(COLUMNS) == set()


def test_no_word_is_hidden_by_another_one():
    columns = {(table.name, name) for table in Base.metadata.tables.values() for name in table.c.keys()}  # noqa: SIM118
    assert set(COLUMNS_OF) <= columns
    assert {(table, name) for table, name in columns if name in TOLD and table in WATCHED} == set()


def test_a_moment_in_the_history_stands_without_a_t(app):
    with app.test_request_context("/"):
        assert labels.in_words("attachment", "uploaded_at", "2026-03-02T09:30:00") == "2026-03-02 09:30"


@pytest.mark.parametrize("act", ["login", "login_failed", "login_shut"])
def test_an_entry_of_a_login_says_that_its_number_is_the_address_it_came_from(app, act):
    with app.test_request_context("/"), force_locale("zh_Hans_CN"):
        assert reason_of(AuditEntry(action=act, reason="10.1.2.3")) == "登录地址 10.1.2.3"
        assert reason_of(AuditEntry(action=act, reason="")) == ""
        assert reason_of(AuditEntry(action="update", reason="10.1.2.3")) == "10.1.2.3"
