"""Applying and undoing an import on PostgreSQL while others are at work on its rows: there no writer is alone."""

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import Benefit, Event, Household, Member, Visit
from policy.vocabulary import Action, Role, Stage, VisitKind
from tests import databases
from tests.at_once import held_up
from tests.workflows import refusals
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import FIGURES, HEAD_ROW, NOW, SON_ROW, WIFE_ROW, person
from workflows import audit, takeover
from workflows.exchange import rechecks, staged, undo_touched
from workflows.exchange.apply import apply_batch
from workflows.exchange.undo import undo_batch

pytestmark = pytest.mark.usefixtures("in_process")
PEOPLE = {"changes": (HEAD_ROW, WIFE_ROW | {"民族": "苗族"}), "joins": (SON_ROW,), "neither": (person(7),)}


@pytest.fixture
def session(migrated_postgres_url):
    with databases.lent(migrated_postgres_url) as engine, Session(engine) as opened:
        yield opened


def has_to_wait(session, statement):
    """Whether somebody else who changes this now has to wait; who has to goes away again."""
    with session.get_bind().connect() as other:
        other.execute(text("SET LOCAL lock_timeout = '50ms'"))
        try:
            other.execute(statement)
        except OperationalError:
            return True
    return False


@pytest.mark.parametrize(
    ("rows", "statement", "held"),
    [
        ("changes", update(Member).where(Member.name == "李样").values(ethnicity="彝族"), True),
        ("joins", update(Household).values(address="新村一号"), True),
        ("neither", update(Household).values(address="新村一号"), False),
    ],
)
def test_what_a_row_changes_or_joins_stays_as_it_was_looked_at(session, monkeypatch, rows, statement, held):
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    batch = rosters.staged(session, rosters.members(*PEOPLE[rows]), reviewer)
    look, told = staged.mark_stale, []

    def looked(*args):
        stale = look(*args)
        told.append(has_to_wait(session, statement))
        return stale

    monkeypatch.setattr(staged, "mark_stale", looked)
    apply_batch(session, batch.id, reviewer, NOW, FIGURES)
    session.commit()
    assert told == [held]


def test_a_case_that_falls_due_for_a_recheck_keeps_the_day_that_was_read(session):
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    batch = rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    family = session.scalars(select(Household.id)).one()
    batch_id, due = batch.id, session.scalars(select(Benefit.review_due_on)).one()
    heard = []

    def hear(connection, cursor, statement, parameters, context, many):
        if statement.startswith("UPDATE benefit"):
            heard.append(has_to_wait(session, update(Benefit).values(review_due_on=NOW.date())))

    with session.get_bind().connect() as connection, Session(connection) as importing:
        event.listen(connection, "before_cursor_execute", hear)
        audit.attribute(importing, reviewer, NOW)
        assert list(rechecks.call_up(importing, [family], NOW.date(), batch_id).values()) == [due]
    assert heard == [True]


def pointing(session):
    """A visit to the one family and an event of its one case: what only points to what an import holds."""
    family, case = session.scalars(select(Household.id)).one(), session.scalars(select(Benefit.id)).one()
    place = {"township_code": "511526100", "village_code": "511526100201"}
    return insert(Visit).values(household_id=family, kind=VisitKind.QUARTERLY, due_on=NOW.date(), **place), insert(
        Event
    ).values(benefit_id=case, action=Action.RECORD_SURVEY, to_stage=Stage.ACTIVE, at=NOW, actor_name="王强", **place)


def test_while_an_import_is_applied_others_may_enter_what_only_points_to_its_families_and_cases(session, monkeypatch):
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    batch = rosters.staged(session, rosters.members(HEAD_ROW, SON_ROW), reviewer)
    entered = pointing(session)
    call_up, told = rechecks.call_up, []

    def called(*args):
        days = call_up(*args)
        told.append((len(days), *(has_to_wait(session, statement) for statement in entered)))
        return days

    monkeypatch.setattr(rechecks, "call_up", called)
    apply_batch(session, batch.id, reviewer, NOW, FIGURES)
    assert told == [(1, False, False)]


def test_while_an_import_is_undone_its_rows_stay_and_what_only_points_to_them_may_be_entered(session, monkeypatch):
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    batch = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    held = [update(model).values(row_version=9) for model in (Household, Member, Benefit)]
    entered, homes, told = pointing(session), undo_touched.homes, []

    def looked(*args):
        told.extend(has_to_wait(session, statement) for statement in (*held, *entered))
        return homes(*args)

    monkeypatch.setattr(undo_touched, "homes", looked)
    undo_batch(session, batch.id, reviewer, NOW, "试错")
    assert told == [True, True, True, False, False]


def test_two_rosters_of_the_same_townships_number_their_cases_in_one_order(session):
    asked, towns = [], ["511526103", "511526100", "511526102", "511526101"]

    def hear(connection, cursor, statement, parameters, context, many):
        if "advisory" in statement:
            asked.append(parameters["prefix"])

    event.listen(session.connection(), "before_cursor_execute", hear)
    takeover._numbers(session, towns, 2026)
    assert asked == [f"{town}-2026-" for town in sorted(towns)]


def test_of_two_imports_that_bring_the_same_person_at_the_same_moment_one_is_refused_with_a_reason(session):
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    first, second = (rosters.staged(session, rosters.members(HEAD_ROW), reviewer).id for _ in range(2))
    told = []

    def also():
        with Session(session.get_bind()) as other:
            told.extend(refusals.refused(apply_batch, other, second, reviewer, NOW, FIGURES))

    apply_batch(session, first, reviewer, NOW, FIGURES)
    thread = held_up(session.get_bind(), also)
    session.commit()
    thread.join()
    assert told == ["import_collided"]
    assert len(session.scalars(select(Member.id)).all()) == 1
