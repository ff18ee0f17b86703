"""Villages that sheets bring: two imports that make the same one share it, and two that chose one code do not."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Division, Household, ImportBatch, ImportRow
from policy.vocabulary import Role
from tests import databases, factories
from tests.at_once import held_up
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import FIGURES, NOW, person
from tests.workflows.refusals import refused
from workflows import audit, divisions
from workflows.exchange.apply import apply_batch

pytestmark = pytest.mark.usefixtures("in_process")
FIRST, SECOND, THIRD = (f"{factories.XUNCHANG}{number}" for number in (900, 901, 902))


@pytest.fixture
def reviewer(session_any):
    return rosters.actor(rosters.office(session_any)[Role.COUNTY_REVIEWER])


def staged(session, who, *villages, of=100):
    """A sheet of a family in each of these villages, previewed; the number of its batch."""
    rows = [person(of + 2 * at, 所属社=village) for at, village in enumerate(villages)]
    return rosters.staged(session, rosters.members(*rows), who, create_villages=True).id


def apply(session, batch, who):
    apply_batch(session, batch, who, NOW, FIGURES)
    session.commit()


def made(session):
    """The names of the villages that imports made, by code."""
    query = select(Division.code, Division.name).where(Division.code.between(FIRST, f"{factories.XUNCHANG}999"))
    return dict(map(tuple, session.execute(query)))


def homes(session):
    """In which villages the families are, in the order in which they came."""
    return list(session.scalars(select(Household.village_code).order_by(Household.id)))


def test_two_imports_that_bring_the_same_new_village_share_it(session_any, reviewer):
    batches = staged(session_any, reviewer, "云上村"), staged(session_any, reviewer, "云上村", of=200)
    for batch in batches:
        apply(session_any, batch, reviewer)
    assert made(session_any) == {FIRST: "云上村"} and homes(session_any) == [FIRST, FIRST]


def test_a_code_that_another_import_gave_away_since_is_not_taken_for_its_village(session_any, reviewer):
    one = staged(session_any, reviewer, "云上村", "云下村")
    other = staged(session_any, reviewer, "云下村", "云中村", "云上村委会", of=200)
    apply(session_any, one, reviewer)
    apply(session_any, other, reviewer)
    assert made(session_any) == {FIRST: "云上村", SECOND: "云下村", THIRD: "云中村"}
    assert homes(session_any) == [FIRST, SECOND, SECOND, THIRD, FIRST]
    rows = select(ImportRow.village_code).where(ImportRow.batch_id == other).order_by(ImportRow.row_no)
    assert list(session_any.scalars(rows)) == [SECOND, THIRD, FIRST]
    assert audit.verify(session_any).first_bad is None


def test_of_two_imports_applied_at_once_the_second_finds_the_village_of_the_first(migrated_postgres_url):
    with databases.lent(migrated_postgres_url) as engine, Session(engine) as session:
        who = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
        one, other = staged(session, who, "云上村"), staged(session, who, "云中村", "云上村", of=200)
        apply_batch(session, one, who, NOW, FIGURES)

        def also():
            with Session(engine) as second:
                apply(second, other, who)

        thread = held_up(engine, also)
        session.commit()
        thread.join()
        assert made(session) == {FIRST: "云上村", SECOND: "云中村"} and homes(session) == [FIRST, SECOND, FIRST]


def test_who_waited_for_another_import_sees_whom_that_brought(migrated_postgres_url):
    with databases.lent(migrated_postgres_url) as engine, Session(engine) as session:
        who = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
        one, other = (staged(session, who, "云上村") for _ in range(2))  # the same person, and nobody was here
        apply_batch(session, one, who, NOW, FIGURES)

        def also():
            with Session(engine) as second:
                apply(second, other, who)

        thread = held_up(engine, also)
        session.commit()
        thread.join()
        assert session.get_one(ImportBatch, other).counts.get("stale") == 1 and homes(session) == [FIRST]


def test_a_village_that_an_import_is_just_making_is_not_made_by_hand_as_well(migrated_postgres_url):
    with databases.lent(migrated_postgres_url) as engine, Session(engine) as session:
        office, told = rosters.office(session), []
        who, admin = (rosters.actor(office[role]) for role in (Role.COUNTY_REVIEWER, Role.SYSTEM_ADMIN))
        apply_batch(session, staged(session, who, "云上村"), who, NOW, FIGURES)

        def also():
            with Session(engine) as second:
                told.extend(refused(divisions.add, second, admin, factories.XUNCHANG, THIRD, "云上村", NOW))

        thread = held_up(engine, also)
        session.commit()
        thread.join()
        assert told == ["division_taken"]
