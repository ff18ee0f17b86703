"""Indexes laid aside for a great many rows: they and the guards stand again, and nothing gets past them."""

from datetime import date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models import Household, Member
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
