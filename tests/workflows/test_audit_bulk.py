"""Set-based work on watched tables leaves one entry with the digest of its rows, or does not happen."""

import ast
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from models import (
    Asset,
    AuditEntry,
    Household,
    HouseholdCause,
    Member,
)
from tests.clock import START
from tests.factories import XUNCHANG
from tests.tree import modules, name
from workflows import audit
from workflows.audit_rows import WATCHED


def entries(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.position)))


PAST: list[Callable[[Session], Any]] = [
    lambda s: s.execute(update(Household).values(note="x")),
    lambda s: s.execute(delete(HouseholdCause)),
    lambda s: s.execute(insert(Asset), [{"household_id": 1, "kind": "vehicle"}]),
    lambda s: s.execute(update(Member.__table__).values(note="x")),  # type: ignore[arg-type]
    lambda s: s.query(Household).update({"note": "x"}),
    lambda s: s.execute(insert(AuditEntry), [{"position": 1}]),
]


@pytest.mark.parametrize("write", PAST)
def test_watched_tables_are_not_written_past_their_history(session: Session, write: Callable[[Session], Any]) -> None:
    with pytest.raises(audit.NotSetBased):
        write(session)


def test_an_entry_of_the_history_is_not_written_by_hand(session: Session) -> None:
    session.add(AuditEntry(position=1, at=START, actor_name="x", channel="x", action="x", table_name="x", mac="x"))
    with pytest.raises(audit.NotSetBased):
        session.flush()


def test_set_based_work_is_one_entry_with_the_digest_of_its_rows(session_any: Session, home: Household) -> None:
    before = len(entries(session_any))
    rows = [{"id": home.id, "note": "x", "sealed": b"\x00"}]
    with audit.set_based(session_any):
        session_any.execute(update(Household).values(note="x"))
        digest = audit.bulk(session_any, "household", rows, action="import", township_code=XUNCHANG, after={"on": "x"})
    session_any.commit()
    (told,) = entries(session_any)[before:]
    assert told.after == {"rows": 1, "digest": digest, "on": "x"}
    assert (told.action, told.table_name, told.township_code, told.row_id) == ("import", "household", XUNCHANG, None)
    assert (1, digest) == audit.digest_of(rows)


@pytest.mark.parametrize(
    "other", [[], [{"id": 1, "note": "y"}], [{"id": 1, "note": "x"}, {"id": 2, "note": "y"}], [{"id": 1, "note": b"x"}]]
)
def test_other_rows_have_another_digest(other: list[dict[str, Any]]) -> None:
    assert audit.digest_of(other)[1] != audit.digest_of([{"id": 1, "note": "x"}])[1]


def test_set_based_work_that_tells_nothing_is_refused(session: Session, home: Household) -> None:
    with pytest.raises(audit.Unrecorded, match="household"), audit.set_based(session):
        session.execute(update(Household).values(note="x"))


def test_set_based_work_without_a_name_is_refused(session: Session) -> None:
    with pytest.raises(audit.Unattributed), audit.set_based(session):
        audit.bulk(session, "household", [])


def test_tables_nothing_rests_on_may_be_written_set_based(session: Session) -> None:
    session.execute(text("DELETE FROM name_index"))


def test_every_table_of_people_and_cases_is_watched() -> None:
    history = {"audit_entry", "import_row", "import_lot", "recalculation_row", "desk_summary", "name_index"}
    bookkeeping = {
        "login_session", "login_failure", "known_browser", "one_time_key", "saved_view", "draft", "job", "tick",
        "import_mapping", "paper_counter", "paper_style", "bulk_run", "bulk_line", "first_day", "desk_mark",
    }  # fmt: skip
    tables = {mapper.local_table.name for mapper in AuditEntry.registry.mappers}  # type: ignore[attr-defined]
    assert tables - set(WATCHED) - history - bookkeeping - {"figure"} == set()


WRITES = {"insert", "update", "delete"}
EXECUTES = {"execute", "executemany", "exec_driver_sql"}
PAST_LISTENERS = {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}
MODELS = {watched.model.__name__ for watched in WATCHED.values()}


def faults_of(tree: ast.AST) -> list[str]:
    """Bulk writes in a module that would pass both the listeners and the guard on ``session.execute`` unseen."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    methods = [call.func for call in calls if isinstance(call.func, ast.Attribute)]
    past = {ast.unparse(m.value) for m in methods if m.attr in EXECUTES}
    beside = any(not receiver.endswith("session") for receiver in past)
    written = {
        word.id
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in WRITES and call.args
        for word in ast.walk(call.args[0])
        if isinstance(word, ast.Name) and word.id in MODELS | {"AuditEntry"}
    }
    texts = [n.value.lower() for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    verbs = ("insert into ", "update ", "delete from ")
    raw = [t for t in texts if any(f"{verb}{table} " in f"{t} " for verb in verbs for table in WATCHED)]
    return [*({m.attr for m in methods} & PAST_LISTENERS), *(written if beside else ()), *raw]


def test_no_module_writes_a_watched_table_in_bulk_past_its_history() -> None:
    found = {name(path): faults for path, tree in modules("workflows", "views") if (faults := faults_of(tree))}
    assert found == {}


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("connection.execute(insert(Member.__table__), rows)", ["Member"]),
        ("session.bulk_save_objects(rows)", ["bulk_save_objects"]),
        ("connection.execute(text('DELETE FROM visit WHERE id = 1'))", ["delete from visit where id = 1"]),
        ("rows = update(Household)\nengine.connect().execute(rows)", ["Household"]),
        ("self.session.execute(update(Household))", []),
        ("session.execute(update(Job))", []),
    ],
)
def test_a_bulk_write_is_seen_in_the_source(source: str, fault: list[str]) -> None:
    assert faults_of(ast.parse(source)) == fault
