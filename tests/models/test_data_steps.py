"""Migrations that put rows right, not only tables: what a county had before stands as the new program keeps it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from models import Benefit, DeskSummary, Event, Household, HouseholdEvent, Visit, VisitChange, schema
from policy.vocabulary import Action, Change, Happening, Stage, VisitKind
from tests import factories, postgres
from tests.clock import START
from tests.databases import opened
from workflows import audit
from workflows.actor import SYSTEM

WENT = date(2026, 2, 10)
NOON = timedelta(hours=12)
LENT = {"renewing_since": "DATE", "came_from": "VARCHAR(12)"}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A county as it was before visits that found changes were put on the desk."""
    if request.param == "sqlite":
        with opened(f"sqlite:///{(tmp_path / 'new.sqlite3').as_posix()}") as engine:
            _as_then(engine)
            yield engine
        return
    server = request.getfixturevalue("postgres_server")
    with postgres.database(server, f"doudi_{uuid4().hex[:12]}") as url, opened(url) as engine:
        _as_then(engine)
        yield engine


def _as_then(engine: Engine) -> None:
    """The tables of then, with the columns that rows of today are written with: lent, until they are brought up."""
    schema.upgrade(engine, "0038")
    with engine.begin() as connection:
        for name, kind in LENT.items():
            connection.execute(text(f"ALTER TABLE benefit ADD COLUMN {name} {kind}"))


def _bring_up(engine: Engine) -> None:
    with engine.begin() as connection:
        for name in LENT:
            connection.execute(text(f"ALTER TABLE benefit DROP COLUMN {name}"))
    schema.upgrade(engine)


class _Past:
    """Families that were visited on a day, and what became of it."""

    def __init__(self, session: Session) -> None:
        self.session, self.place = session, (factories.places(session), factories.VILLAGE)[1]

    def visited(self, **fields: Any) -> tuple[Household, Benefit, Visit]:
        """A family in payment, visited at its door."""
        home = factories.household(self.session, members=1)
        case = factories.benefit(self.session, home, Stage.ACTIVE)
        changes = [VisitChange(change=Change.INCOME)] if fields.pop("changed", False) else []
        codes = {"township_code": home.township_code, "village_code": home.village_code}
        usual = {"kind": VisitKind.FOLLOW_UP, "done_on": WENT, "consistent": None}
        visit = Visit(household=home, changes=changes, **codes, **(usual | fields))
        self.session.add(visit)
        self.session.flush()
        return home, case, visit

    def step(self, on: date, action: Action, to: Stage = Stage.ACTIVE, was: Stage = Stage.ACTIVE) -> int:
        """A family whose visit found changes, and a step of its case on a day; the number of the visit."""
        home, case, visit = self.visited(consistent=False)
        at = datetime.combine(on, datetime.min.time()) + NOON
        self.session.add(Event(
            benefit=case, action=action, from_stage=was, to_stage=to, at=at,
            actor_name="测试", township_code=home.township_code, village_code=home.village_code,
        ))  # fmt: skip
        return visit.id

    def happened(self, on: date) -> int:
        """A family whose visit found changes, and an event of it recorded on a day."""
        home, _, visit = self.visited(consistent=False)
        self.session.add(HouseholdEvent(
            household_id=home.id, kind=Happening.NEW_HEAD, happened_on=on, words="变更户主", actor_name="测试", data={},
            at=datetime.combine(on, datetime.min.time()) + NOON, township_code=home.township_code,
            village_code=home.village_code,
        ))  # fmt: skip
        return visit.id

    def settled(self) -> int:
        """A visit of which somebody noted that nothing is needed."""
        _, _, visit = self.visited(consistent=False, open_since=WENT)
        self.session.commit()
        audit.attribute(self.session, SYSTEM, START, "无需办理")
        visit.open_since = None
        self.session.flush()
        return visit.id


def test_visits_of_before_that_found_changes_wait_on_the_desk_unless_they_were_looked_into(before: Engine) -> None:
    day, eve = timedelta(days=1), WENT - timedelta(days=1)
    with Session(before) as session:
        audit.attribute(session, SYSTEM, START)
        past = _Past(session)
        waiting = {
            past.visited(changed=True)[2].id, past.visited(consistent=False)[2].id,
            past.step(eve, Action.START_RECHECK, Stage.RECHECK), past.step(WENT + day, Action.RECORD_COMPLAINT),
            past.happened(eve),
        }  # fmt: skip
        gone = past.visited(consistent=False)[0]
        gone.dissolved_on = WENT
        quiet = {
            past.visited(consistent=True)[2].id, past.visited(done_on=None, due_on=WENT)[2].id,
            past.step(WENT, Action.START_RECHECK, Stage.RECHECK), past.step(WENT + day, Action.EXIT, Stage.EXITED),
            past.step(WENT + day, Action.KEEP, was=Stage.RECHECK), past.happened(WENT), past.settled(),
        }  # fmt: skip
        session.commit()
    _bring_up(before)
    with Session(before) as session:
        open_since = {visit.id: visit.open_since for visit in session.scalars(select(Visit))}
        assert {id for id, since in open_since.items() if since} == waiting and quiet <= set(open_since)
        assert {open_since[id] for id in waiting} == {WENT}
        kept = select(DeskSummary).where(DeskSummary.kind == "changed_visit", DeskSummary.n > 0)
        sums = {row.village_code: (row.township_code, row.n) for row in session.scalars(kept)}
    town = factories.VILLAGE[:9]
    assert sums == {factories.VILLAGE: (town, 5), town: (town, 5), "": ("", 5)}


def test_a_county_without_such_visits_has_no_such_sums(before: Engine) -> None:
    _bring_up(before)
    with Session(before) as session:
        assert session.scalars(select(DeskSummary.kind)).all() == []


def test_a_case_that_came_from_elsewhere_knows_from_where_it_came_last(before: Engine) -> None:
    with Session(before) as session:
        audit.attribute(session, SYSTEM, START)
        past = _Past(session)
        stayed, moved = past.visited()[1], past.visited()[1]
        for town in ("511526103", "511526102", moved.township_code):
            session.add(Event(
                benefit=moved, action=Action.KEEP, from_stage=Stage.ACTIVE, to_stage=Stage.ACTIVE, at=START,
                actor_name="测试", township_code=town, village_code=f"{town}201",
            ))  # fmt: skip
        session.commit()
        ids = stayed.id, moved.id
    _bring_up(before)
    with Session(before) as session:
        assert [session.get_one(Benefit, id).came_from for id in ids] == [None, "511526102"]
