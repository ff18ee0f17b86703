"""Whatever is done in the office, a kept desk is the one that would be worked out anew."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models import Division, OwedPaper, SavedView, Visit
from policy.vocabulary import Action, Happening, Paper, Relation, Role, Scheme, VisitKind
from tests import factories
from tests.views.desks import READERS, Desks
from tests.workflows.aiding import Aided
from tests.workflows.driver import FIGURES, START, Driver
from tests.workflows.exchange import rosters
from tests.workflows.happening import happen
from tests.workflows.supporting import Support
from views.db import db
from workflows import audit, desk, household_event_undo, household_moves, indexes, leads
from workflows.actor import SYSTEM, Actor
from workflows.exchange.undo import undo_batch
from workflows.household_event_input import Happened
from workflows.leads import Found
from workflows.reason import Refused
from workflows.tick import tick

STEPS = 20
LAST = {Action.WITHDRAW, Action.EXIT, Action.REFUSE, Action.SUBMIT_REFUSAL, Action.LEAVE}
WHO = (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER, Role.VILLAGE_WORKER)
ELSEWHERE = Actor(None, "赵", Role.TOWNSHIP_OFFICER, factories.XIAOER)
BEGINS = {
    "dibao": (Driver, Scheme.DIBAO), "temporary": (Aided, Scheme.TEMPORARY), "edge": (Aided, Scheme.EDGE),
    "tekun": (Support, Scheme.TEKUN), "child": (Driver, Scheme.ORPHAN),
}  # fmt: skip


@pytest.fixture
def session(app) -> Iterator[Session]:
    """A session on the app's own database."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as opened:
        yield opened


class Walk:
    """A county at work: each thing that is done is committed, and all desks are looked at."""

    def __init__(self, app: Any, driver: Driver) -> None:
        self.driver, self.session = driver, driver.session
        self.session.commit()
        self.desks, self.done = Desks(app), Counter[Action]()
        self.desks.look()

    @contextmanager
    def doing(self) -> Iterator[None]:
        """Do it, commit, look."""
        audit.attribute(self.session, SYSTEM, self.driver.now)
        yield
        self.session.commit()
        self.desks.look()

    def step(self, dice: Random) -> None:
        """A lawful step of anybody's: one that was seldom taken so far, and that ends nothing if there is another."""
        lawful = [(role, action) for role in (*WHO, None) for action in sorted(self.driver.lawful(role))]
        dice.shuffle(lawful)
        for role, action in sorted(lawful, key=lambda one: (one[1] in LAST, self.done[one[1]])):
            try:
                with self.session.begin_nested():
                    self.driver.do(action, role)
            except Refused:
                continue
            self.done[action] += 1
            return


@pytest.mark.parametrize("scheme", BEGINS)
def test_after_any_step_of_a_case(app, session, scheme):
    kind, of = BEGINS[scheme]
    walk = Walk(app, kind(session))
    dice = Random(1)
    with walk.doing():
        _begin(walk.driver, of)
    for _ in range(STEPS):
        with walk.doing():
            walk.step(dice)
            if dice.random() < 0.15:
                walk.driver.wait(8)
                tick(session, walk.driver.now, FIGURES)
    assert len(walk.done) >= 8 and walk.desks.kept > STEPS


def _begin(driver: Any, scheme: Scheme) -> None:
    if isinstance(driver, Support):
        driver.begin()
    elif scheme is Scheme.ORPHAN:
        child = factories.member(driver.session, driver.home, relation=Relation.GRANDCHILD, birth=factories.JOINED)
        driver.apply(scheme, member=child)
    else:
        driver.apply(scheme, **({"requested_fen": 50_000} if scheme is Scheme.TEMPORARY else {}))


def _seen(walk: Walk) -> None:
    """A visit planned for the family, moved to another day, and made."""
    home, place = walk.driver.home, {"village_code": factories.VILLAGE, "township_code": factories.XUNCHANG}
    with walk.doing():
        visit = Visit(household=home, kind=VisitKind.QUARTERLY, due_on=START.date(), **place)
        factories.keep(walk.session, visit)
    for name, value in (
        ("kind", VisitKind.FOLLOW_UP),
        ("due_on", START.date() + timedelta(2)),
        ("done_on", START.date()),
    ):
        with walk.doing():
            setattr(visit, name, value)


def _met(walk: Walk) -> None:
    """A lead handed in, and settled."""
    worker = walk.driver.actor(Role.VILLAGE_WORKER)
    with walk.doing():
        lead = leads.hand_in(walk.session, worker, Found("王五", factories.VILLAGE, "3组", "卧病在床"), START, FIGURES)
    with walk.doing():
        lead.state, lead.settled_at = "registered", START


def _corrected(walk: Walk) -> None:
    """Name of the head, address and note of the family, put right; the village takes another name."""
    home = walk.driver.home
    for name, value in (("address", "三组9号"), ("note", "门前有井"), ("head_name", "张改名")):
        with walk.doing():
            setattr(home, name, value)
    with walk.doing():
        walk.session.get_one(Division, factories.VILLAGE).name = "新胜社区"


def _died(walk: Walk) -> None:
    """Somebody marries in, somebody dies and is found to live, all leave: with what follows for the case."""
    d = walk.driver
    son = d.home.members[1]
    with walk.doing():
        done = happen(d, Happening.DEATH, member=son.id)
    with walk.doing():
        household_event_undo.undo(walk.session, done.event, "登记有误", d.actor(Role.TOWNSHIP_OFFICER), d.now, FIGURES)
    with walk.doing():
        happen(d, Happening.MOVED, village_code="511526100202", address="二组5号")
    with walk.doing():
        happen(d, Happening.MOVED_AWAY)


def _handed_over(walk: Walk) -> None:
    """The family goes over to another township, and comes back."""
    d = walk.driver
    officer = d.actor(Role.TOWNSHIP_OFFICER)
    for asks, to, accepts in ((officer, factories.OTHER_VILLAGE, ELSEWHERE), (ELSEWHERE, factories.VILLAGE, officer)):
        with walk.doing():
            there = Happened(Happening.HANDOVER, d.day(), "随子女居住", village_code=to, address="一组7号")
            row = household_moves.propose(walk.session, d.home, there, asks, d.now, FIGURES)
        with walk.doing():
            household_moves.accept(walk.session, row, accepts, d.now, FIGURES)


def _brought_in(walk: Walk) -> None:
    """A roster is brought in, by rows and with indexes laid aside, and undone."""
    reviewer = walk.driver.actor(Role.COUNTY_REVIEWER)
    with walk.doing():
        batch = rosters.applied(walk.session, rosters.members(rosters.HEAD_ROW, rosters.WIFE_ROW), reviewer)
    with walk.doing():
        undo_batch(walk.session, batch.id, reviewer, rosters.NOW, "试错")
    with walk.doing(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexes, "LEAST", 0)
        patch.setattr(indexes, "_standing", lambda *_: 0)
        rosters.applied(walk.session, rosters.members(*(rosters.person(n) for n in range(3, 6))), reviewer)


def _recounted(walk: Walk) -> None:
    """All sums are counted anew, after something changed them past the office."""
    with walk.doing():
        walk.session.execute(text("UPDATE desk_summary SET n = n + 3"))
    with walk.doing():
        desk.recount(walk.session)


ACTS = (_seen, _met, _corrected, _died, _handed_over, _brought_in, _recounted)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__.strip("_"))
def test_after_whatever_else_is_done(app, session, act):
    walk = Walk(app, Driver(session, persons=2).to_approval())
    act(walk)
    assert walk.desks.anew > len(READERS)


def test_a_write_in_another_township_leaves_the_desks_of_mine_kept(app, session):
    walk = Walk(app, Driver(session).to_review())
    mine = (Role.VILLAGE_WORKER, Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER)
    before = [walk.desks.kept_of(who) for who in mine]
    with walk.doing():
        home = factories.household(session, factories.OTHER_VILLAGE, members=3)
        case = factories.benefit(session, home)
        factories.leave(session, home.members[-1], START.date())
        factories.keep(session, OwedPaper(
            benefit=case, paper=Paper.DIAGNOSIS, told_on=START.date(), due_on=START.date(),
            township_code=factories.XIAOER, village_code=factories.OTHER_VILLAGE,
        ))  # fmt: skip
    assert all(walk.desks.kept_of(who) is kept for who, kept in zip(mine, before, strict=True))
    assert walk.desks.anew >= 4  # those of the county and of the other township


def test_what_no_desk_shows_leaves_all_of_a_township_kept(app, session):
    walk = Walk(app, Driver(session).to_review())
    who = (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.COUNTY_REVIEWER, Role.SUPERVISOR)
    before = [walk.desks.kept_of(one) for one in who]
    with walk.doing():
        walk.driver.home.address, walk.driver.home.phone = "三组9号", "10600000001"
        walk.driver.home.members[0].illness_name = "糖尿病"
    with walk.doing():
        session.add(
            SavedView(user_id=walk.driver.actor(who[0]).id, page="member.index_view", name="我的", query="size=50")
        )
    assert all(walk.desks.kept_of(one) is kept for one, kept in zip(who, before, strict=True))
