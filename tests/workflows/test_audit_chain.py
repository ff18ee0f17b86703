"""Nobody rewrites the history unnoticed: the chain names the first entry that does not fit."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, object_session

from models import (
    AuditEntry,
    Household,
    guards,
)
from policy.vocabulary import Role
from tests import databases, factories
from tests.clock import START
from workflows import audit, pending
from workflows.actor import SYSTEM

LATER = START + timedelta(hours=1)


def entries(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.position)))


@pytest.fixture
def chain(home: Household) -> Session:
    """Ten entries and more, and no guard in the way of who edits the file."""
    session = object_session(home)
    assert session is not None
    for turn in range(10):
        home.note = str(turn)
        session.commit()
    guards.drop(session.connection())
    session.commit()
    return session


def tampered(session: Session, *statements: str) -> tuple[int | None, str]:
    for statement in statements:
        session.execute(text(statement))
    session.commit()
    verdict = audit.verify(session)
    assert verdict.sound == (verdict.first_bad is None)
    return verdict.first_bad, verdict.why


def test_an_untouched_chain_is_sound(chain: Session, session_any: Session) -> None:
    assert audit.verify(chain) == audit.Verdict(len(entries(chain)))


def test_an_empty_chain_is_sound(session: Session) -> None:
    assert audit.verify(session).sound


TOUCHED = {
    "position": "position + 100000", "at": "'2020-01-01 00:00:00'", "actor_id": "1", "actor_name": "'x'",
    "actor_role": "'x'", "channel": "'x'", "action": "'x'", "table_name": "'x'", "row_id": "'x'", "household_id": "777",
    "benefit_id": "777", "township_code": "'x'", "village_code": "'x'", "before": "'{}'", "after": "'{}'",
    "reason": "'x'", "batch_id": "777", "mac": "'x'", "id": "id + 100000",
}  # fmt: skip


@pytest.mark.parametrize("column", [column.name for column in AuditEntry.__table__.columns])
def test_an_edit_of_any_column_is_found(chain: Session, column: str) -> None:
    factories.user(chain, Role.SUPERVISOR, id=1)
    chain.commit()
    bad, why = tampered(chain, f'UPDATE audit_entry SET "{column}" = {TOUCHED[column]} WHERE position = 5')
    assert (bad, why) == {"position": (5, "missing"), "id": (6, "reordered")}.get(column, (5, "altered"))


def test_a_removed_entry_is_found(chain: Session, session_any: Session) -> None:
    assert tampered(chain, "DELETE FROM audit_entry WHERE position = 5") == (5, "missing")


def test_a_removed_first_entry_is_found(chain: Session) -> None:
    assert tampered(chain, "DELETE FROM audit_entry WHERE position = 1") == (1, "missing")


def test_a_removed_entry_whose_gap_was_closed_is_found(chain: Session) -> None:
    after = range(6, len(entries(chain)) + 1)
    close = [f"UPDATE audit_entry SET position = {n - 1} WHERE position = {n}" for n in after]
    assert tampered(chain, "DELETE FROM audit_entry WHERE position = 5", *close) == (5, "altered")


def test_an_entry_put_in_is_found(chain: Session) -> None:
    last = len(entries(chain))
    columns = [column.name for column in AuditEntry.__table__.columns if column.name not in ("id", "position")]
    names = ", ".join(f'"{name}"' for name in columns)
    copy = f"INSERT INTO audit_entry (id, position, {names}) SELECT id + 1000, {last + 1}, {names} FROM audit_entry"
    assert tampered(chain, f"{copy} WHERE position = {last}") == (last + 1, "altered")


def test_two_entries_that_changed_places_are_found(chain: Session) -> None:
    swap = [(5, 0), (6, 5), (0, 6)]
    steps = [f"UPDATE audit_entry SET position = {to} WHERE position = {of}" for of, to in swap]
    assert tampered(chain, *steps) == (5, "altered")


def test_a_cut_tail_is_found_by_the_head_in_another_place(chain: Session, session_any: Session, tmp_path: Path) -> None:
    head, last = tmp_path / "audit-head.json", len(entries(chain))
    audit.write_head(chain, head, LATER)
    assert audit.verify(chain, head=head).sound
    assert tampered(chain, f"DELETE FROM audit_entry WHERE position > {last - 2}") == (None, "")
    assert audit.verify(chain, head=head) == audit.Verdict(last - 2, last - 1, "cut")


def test_a_tail_cut_and_grown_again_is_found_by_the_head(chain: Session, tmp_path: Path) -> None:
    head, last = tmp_path / "audit-head.json", len(entries(chain))
    audit.write_head(chain, head, LATER)
    tampered(chain, f"DELETE FROM audit_entry WHERE position > {last - 2}")
    for turn in range(3):
        chain.scalars(select(Household)).first().note = f"另写{turn}"  # type: ignore[union-attr]
        chain.commit()
    assert audit.verify(chain).sound
    assert audit.verify(chain, head=head) == audit.Verdict(last - 1, last, "altered")


def test_a_head_is_noted_once_and_grows_with_the_chain(chain: Session, tmp_path: Path, home: Household) -> None:
    head = tmp_path / "audit-head.json"
    audit.write_head(chain, head, LATER)
    audit.write_head(chain, head, LATER)
    home.note = "再改"
    chain.commit()
    audit.write_head(chain, head, LATER)
    assert [json.loads(line)["position"] for line in head.read_text().splitlines()] == [
        len(entries(chain)) - 1, len(entries(chain)),
    ]  # fmt: skip


def test_a_chain_longer_than_what_is_read_at_once_is_walked_to_its_end(
    chain: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (1, 3, len(entries(chain))):
        monkeypatch.setattr("workflows.audit_chain.CHUNK", size)
        assert audit.verify(chain) == audit.Verdict(len(entries(chain)))


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET reason = ''", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_rewrite_history(session_any: Session, home: Household, statement: str) -> None:
    with pytest.raises(Exception, match="audit_entry allows no"):
        session_any.execute(text(statement))


@pytest.mark.postgres
def test_who_waits_too_long_for_the_end_of_the_chain_is_told_of_a_busy_database(migrated_postgres_url: str) -> None:
    with databases.lent(migrated_postgres_url) as engine, Session(engine) as other, Session(engine) as session:
        audit.record(session, SYSTEM, START, "login")
        pending.hold(other)
        session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            session.commit()
        other.rollback()
        session.rollback()
        audit.record(session, SYSTEM, START, "login")
        session.commit()
        assert audit.verify(session) == audit.Verdict(1)
