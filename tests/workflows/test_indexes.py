"""Indexes laid aside for a great many rows: they and the guards stand again, and nothing gets past them."""

from datetime import date, datetime

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from models import Benefit, Household, ImportRow, IncomeLine, Member, NameIndex
from models.sealing import blind, new_row_key, seal
from policy.vocabulary import LeaveReason
from tests import factories
from workflows import audit, indexes
from workflows.actor import SYSTEM
from workflows.loading import Loader

DAY, NOW = date(2026, 3, 2), datetime(2026, 3, 2, 9)
NAMES = ("id", "row_key", "household_id", "township_code", "village_code", "name", "relation", "sex", "birth",
         "joined_on", "registered_poor", "note", "id_no_sealed", "id_no_hash", "id_no_last4")  # fmt: skip


@pytest.fixture
def home(session):
    factories.office(session)
    found = factories.household(session)
    session.commit()
    return found


def schema(session):
    query = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'member' ORDER BY type, name"
    return session.execute(text(query)).all()


def row(home, id, number, relation="son"):
    key = new_row_key()
    return (id, key, home.id, home.township_code, home.village_code, f"人{id}", relation, "male", date(1980, 1, 1), DAY,
            False, "", seal("member.id_no", key, number), blind("id_no", number),
            blind("id_no.last4", number[-4:]))  # fmt: skip


def people(home, count, first):
    return [row(home, n, f"99010119800101{n:04d}") for n in range(first, first + count)]


def load(session, rows, coming):
    audit.attribute(session, SYSTEM, NOW)
    with audit.set_based(session), indexes.laid_aside(session, {Member: coming}):
        with Loader(session, Member, NAMES) as loader:
            loader.add(rows)
        aside = indexes.is_aside(session, "member")
        audit.bulk(session, "member", [{"id": one[0]} for one in rows])
    return aside


def last(session):
    return session.scalar(text("SELECT coalesce(max(id), 0) FROM member"))


@pytest.mark.parametrize(
    ("least", "stand", "coming", "aside"),
    [(3, 3, 2, False), (3, 3, 3, True), (3, 4, 3, False), (4, 1, 3, False), (3, 1, 3, True)],
)
def test_indexes_go_when_many_rows_come_and_no_fewer_than_there_are_and_stand_again_after(
    session, home, monkeypatch, least, stand, coming, aside
):
    before = schema(session)
    monkeypatch.setattr(indexes, "LEAST", least)
    load(session, people(home, stand - 1, last(session) + 1), 0)
    at = last(session)
    rows = people(home, coming, at + 1)
    assert load(session, rows, coming) is aside
    session.commit()
    assert schema(session) == before
    assert session.scalar(text("SELECT count(*) FROM member")) == stand + coming
    assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    loaded = session.get(Member, at + 1)
    assert (loaded.row_version, loaded.cohabiting, loaded.id_no_pending) == (1, True, False)


def standing(session, kind):
    query = "SELECT name FROM sqlite_master WHERE tbl_name = 'member' AND sql IS NOT NULL AND type = :kind"
    return set(session.scalars(text(query), {"kind": kind}))


def test_indexes_by_which_new_rows_lie_in_order_stay_and_scattered_ones_and_guards_of_inserts_go(
    session, home, monkeypatch
):
    monkeypatch.setattr(indexes, "LEAST", 1)
    before, guards = standing(session, "index"), standing(session, "trigger")
    with indexes.laid_aside(session, {Member: 1_000}):
        left, gone = standing(session, "index"), before - standing(session, "index")
        assert guards - standing(session, "trigger") == {name for name in guards if name.endswith("_insert")}
    assert {"ix_member_name_id", "ix_member_birth_id", "uq_member_present_id_no"} <= gone
    assert {"ix_member_batch_id", "ix_member_household_id_id", "uq_member_present_head", "ix_member_left"} <= left
    assert (standing(session, "index"), standing(session, "trigger")) == (before, guards)


def test_a_column_that_is_called_scattered_begins_an_index_of_a_table_that_many_rows_come_to():
    tables = (Household, Member, NameIndex, IncomeLine, Benefit)
    first = {index.columns[0].name for model in tables for index in model.__table__.indexes}
    assert first >= indexes.SCATTERED


@pytest.mark.parametrize(("model", "changes"), [(Member, True), (ImportRow, False)])
def test_desks_look_anew_where_a_guard_that_told_of_what_came_was_aside(session, home, monkeypatch, model, changes):
    monkeypatch.setattr(indexes, "LEAST", 1)
    marks = session.execute(text("SELECT place, mark FROM desk_mark ORDER BY place")).all()
    with indexes.laid_aside(session, {model: 1_000}):
        pass
    assert (session.execute(text("SELECT place, mark FROM desk_mark ORDER BY place")).all() != marks) is changes


def test_rows_come_into_a_table_without_indexes_by_no_statement_that_would_wait_for_others(session, home, monkeypatch):
    monkeypatch.setattr(indexes, "LEAST", 1)
    rows, said = people(home, 1, last(session) + 1), []
    audit.attribute(session, SYSTEM, NOW)
    with audit.set_based(session), indexes.laid_aside(session, {Member: 1_000}):
        with Loader(session, Member, NAMES) as loader:
            event.listen(session.connection(), "before_cursor_execute", lambda *told: said.append(told[2]))
            loader.add(rows)
            assert said == []
        audit.bulk(session, "member", [])
    assert said


def test_a_person_who_comes_twice_is_refused_by_the_index_that_is_built_again(session, home, monkeypatch):
    monkeypatch.setattr(indexes, "LEAST", 1)
    at = last(session)
    rows = [row(home, at + n, "990101198001010017") for n in range(1, at + 3)]
    with pytest.raises(IntegrityError):
        load(session, rows, len(rows))


def test_a_stay_that_overlaps_another_is_refused_as_by_the_guard(session, home, monkeypatch):
    monkeypatch.setattr(indexes, "LEAST", 1)
    at = last(session)
    leaves = {"left_on": date(2026, 6, 1), "leave_reason": LeaveReason.DEATH}
    rows = [(*row(home, at + n, "990101198001010017"), None, None) for n in (1,)]
    rows.append(row(home, at + 2, "990101198001010017") + tuple(leaves.values()))
    rows += [(*row(home, at + n, f"99010119800102{n:04d}"), None, None) for n in range(3, at + 4)]
    audit.attribute(session, SYSTEM, NOW)
    with pytest.raises(IntegrityError, match="stays overlap"), audit.set_based(session):
        with indexes.laid_aside(session, {Member: len(rows)}), Loader(session, Member, (*NAMES, *leaves)) as loader:
            loader.add(rows)
        audit.bulk(session, "member", [])


def test_a_history_is_owed_also_where_the_indexes_are_aside(session, home, monkeypatch):
    monkeypatch.setattr(indexes, "LEAST", 1)
    at = last(session)
    rows = people(home, 2, at + 1)
    with (
        pytest.raises(audit.Unrecorded), audit.set_based(session),
        indexes.laid_aside(session, {Member: len(rows)}), Loader(session, Member, NAMES) as loader,
    ):  # fmt: skip
        loader.add(rows)


def test_what_fails_meanwhile_leaves_no_table_without_its_indexes(session, home, monkeypatch):
    monkeypatch.setattr(indexes, "LEAST", 1)
    before = schema(session)
    with pytest.raises(ZeroDivisionError), indexes.laid_aside(session, {Member: 1_000, Household: 1_000}):
        assert schema(session) != before
        raise ZeroDivisionError
    session.commit()
    assert schema(session) == before


def test_what_went_wrong_is_told_also_where_the_indexes_cannot_be_made_again_and_nothing_stands(
    session, home, monkeypatch
):
    monkeypatch.setattr(indexes, "LEAST", 1)
    before, at = schema(session), last(session)
    twice = [row(home, at + n, "990101198001010017") for n in (1, 2)]
    audit.attribute(session, SYSTEM, NOW)
    with (
        pytest.raises(ZeroDivisionError), audit.set_based(session), indexes.laid_aside(session, {Member: 1_000}),
        Loader(session, Member, NAMES) as loader,
    ):  # fmt: skip
        loader.add(twice)
        raise ZeroDivisionError
    session.commit()
    assert (schema(session), last(session)) == (before, at)
