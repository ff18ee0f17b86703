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
from policy.vocabulary import Action, Change, Happening, Role, Scheme, Stage, Unit, VisitKind
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


def _sums(session: Session, kind: str) -> dict[str, tuple[str, int]]:
    """What the desks tell of a kind: by place, its township and how many."""
    kept = select(DeskSummary).where(DeskSummary.kind == kind, DeskSummary.n > 0)
    return {row.village_code: (row.township_code, row.n) for row in session.scalars(kept)}


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

    def supported(
        self, path: tuple[tuple[Action, str], ...], together: bool = False, gone: bool = False, **fields: Any
    ) -> int:
        """A case of somebody, or of all of a family, with what was done for one of them; who may be gone by now."""
        home = factories.household(self.session, members=2)
        who = home.members[1]
        alone = {} if together else {"member": who, "unit": Unit.SINGLE, "persons": 1}
        case = factories.benefit(self.session, home, scheme=Scheme.TEKUN, **alone, **fields)
        for action, mode in path:
            data = {"person": who.id, "name": who.name, "mode": mode}
            self.session.add(Event(
                benefit=case, action=action, from_stage=Stage.ACTIVE, to_stage=Stage.ACTIVE, at=START, data=data,
                actor_name="测试", township_code=home.township_code, village_code=home.village_code,
            ))  # fmt: skip
            self.session.flush()
        if gone:
            factories.leave(self.session, who, WENT)
        return case.id

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
        sums = _sums(session, "changed_visit")
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


WISHED, MOVED, WENT_AWAY = (Action.RECORD_WISH, "central"), (Action.PLACE_IN_HOME, ""), (Action.LEAVE_HOME, "")
HOME = (Action.RECORD_WISH, "home")


def test_who_had_left_a_home_before_lies_on_the_desk_unless_they_were_asked_or_moved_in_again(before: Engine) -> None:
    left = (WISHED, MOVED, WENT_AWAY)
    with Session(before) as session:
        audit.attribute(session, SYSTEM, START)
        past = _Past(session)
        again = (*left, HOME, *left)
        waits = {past.supported(left), past.supported(again), past.supported(left, together=True)}
        past.supported(left, end_notice_until=WENT)
        past.supported(left, together=True, gone=True)
        for path in ((*left, HOME), (*left, MOVED), (WISHED, MOVED), (WISHED, MOVED, HOME, WENT_AWAY)):
            past.supported(path)
        session.commit()
    _bring_up(before)
    with Session(before) as session:
        waiting = select(Benefit).where(Benefit.waiting_role.is_not(None))
        found = {case.id: case.waiting_role for case in session.scalars(waiting)}
        assert found == dict.fromkeys(waits, Role.TOWNSHIP_OFFICER)
        town = factories.VILLAGE[:9]
        assert _sums(session, "waiting:township_officer") == {
            factories.VILLAGE: (town, 3), town: (town, 3), "": ("", 3),
        }  # fmt: skip


@pytest.mark.parametrize(("stage", "runs"), [
    (Stage.APPLIED, True), (Stage.APPROVAL, True), (Stage.REFUSED, False), (Stage.WITHDRAWN, False),
])  # fmt: skip
def test_of_a_recognition_whose_renewal_ran_before_nobody_is_reminded(before: Engine, stage: Stage, runs: bool) -> None:
    with Session(before) as session:
        audit.attribute(session, SYSTEM, START)
        home = factories.household(session, factories.VILLAGE)
        told = {"scheme": Scheme.EDGE, "renew_from": WENT}
        known, other = (factories.benefit(session, factories.household(session), **told) for _ in range(2))
        factories.benefit(session, home, stage, scheme=Scheme.EDGE, follows_id=known.id, applied_on=WENT)
        session.commit()
        ids = known.id, other.id
    _bring_up(before)
    with Session(before) as session:
        assert [session.get_one(Benefit, id).renewing_since for id in ids] == [WENT if runs else None, None]
        town, n = factories.VILLAGE[:9], 1 if runs else 2
        assert _sums(session, "term") == {factories.VILLAGE: (town, n), town: (town, n), "": ("", n)}
