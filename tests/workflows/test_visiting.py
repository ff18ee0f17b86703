"""A visit that is told twice at the same instant is one visit."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import Household, Visit
from policy.vocabulary import Action, Change, Role, Stage, VisitKind
from tests import factories
from tests.at_once import at_once
from tests.clock import START
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.happening import NEIGHBOUR, H, R, family, happen
from workflows import audit, visiting
from workflows.actor import Actor
from workflows.facts import Given, Surveyor
from workflows.tick import tick

WINDOWS = 4
CHANGES = (Change.INCOME, Change.HEALTH)


@pytest.fixture
def office(engine_any: Engine) -> tuple[Actor, int]:
    with Session(engine_any) as session:
        factories.places(session)
        user = factories.user(session, Role.VILLAGE_WORKER, factories.VILLAGE)
        worker = Actor(user.id, user.name, user.role, user.division_code)
        home = factories.household(session).id
        session.commit()
    return worker, home


@pytest.mark.parametrize(("words", "visits"), [(["儿子外出务工"] * WINDOWS, 1), (["甲", "乙", "丙", "丁"], WINDOWS)])
def test_of_windows_that_send_the_same_visit_at_the_same_instant_one_records_it(
    engine_any: Engine, office: tuple[Actor, int], words: list[str], visits: int
) -> None:
    (worker, number), together = office, Barrier(WINDOWS)

    def send(words: str) -> int:
        together.wait()
        with Session(engine_any) as session:
            home = session.get_one(Household, number)
            given = Given(words=words, surveyors=(Surveyor("王支书", None),))
            said = home, visiting.Told(VisitKind.FOLLOW_UP, given, CHANGES, False), worker
            twin = visiting.told_before(session, *said, START.date())
            found = twin or visiting.record_visit(session, *said, START)
            session.commit()
            return found.id

    recorded = set(at_once(send, words))
    with Session(engine_any) as session:
        assert set(session.scalars(select(Visit.id))) == recorded
    assert len(recorded) == visits


def test_two_that_plan_a_quarter_at_the_same_instant_plan_it_once(engine_any: Engine) -> None:
    with Session(engine_any) as first:
        case = Driver(first).to_active()
        first.commit()
        assert visiting.plan_quarter(first, case.now, FIGURES) == 1
        told: list[int] = []

        def plan() -> None:
            with Session(engine_any) as second:
                told.append(visiting.plan_quarter(second, case.now, FIGURES))
                second.commit()

        also = Thread(target=plan)
        also.start()
        also.join(0.3)
        assert not told  # it waits
        first.commit()
        also.join()
        assert told == [0]
        assert len(first.scalars(select(Visit).where(Visit.kind == VisitKind.QUARTERLY)).all()) == 1


PLANNED = select(Visit).where(Visit.kind == VisitKind.QUARTERLY)


def test_where_the_aid_ends_nobody_need_go_on_the_planned_visit_and_its_documents_stay(session_any: Session) -> None:
    session = session_any
    case = Driver(session).to_grace(months=3)
    assert visiting.plan_quarter(session, case.now, FIGURES) == 1
    done = session.scalars(select(Visit).where(Visit.done_on.is_not(None))).all()
    photo = factories.document(session, session.scalars(PLANNED).one())
    session.commit()
    tick(session, case.wait(130).now, FIGURES)
    assert case.stage is Stage.EXITED and session.scalars(PLANNED).all() == []
    assert session.scalars(select(Visit).where(Visit.done_on.is_not(None))).all() == done
    session.refresh(photo)
    assert (photo.visit_id, photo.household_id) == (None, case.home.id)
    assert audit.verify(session).sound


def test_the_family_that_a_case_leaves_is_not_visited_for_its_sake(session: Session) -> None:
    home = family(session)
    son = home.home.members[2]
    case = factories.benefit(session, home.home, Stage.ACTIVE, member=son, unit="single", persons=1, monthly_fen=30_000)
    assert visiting.plan_quarter(session, home.now, FIGURES) == 1
    happen(home, H.SPLIT, along={son.id: R.HEAD}, village_code=NEIGHBOUR, address="二组")
    assert case.household_id != home.home.id and session.scalars(PLANNED).all() == []
    assert visiting.plan_quarter(session, home.now, FIGURES) == 1
    assert session.scalars(PLANNED).one().household_id == case.household_id


def test_a_planned_visit_stands_while_the_aid_is_only_suspended(session: Session) -> None:
    case = Driver(session).to_recheck()
    visiting.plan_quarter(session, case.now, FIGURES)
    case.do(Action.SUSPEND, Role.TOWNSHIP_APPROVER)
    assert session.scalars(select(Visit.kind).where(Visit.done_on.is_(None))).all() == [VisitKind.QUARTERLY]
