"""Whatever happens in families, in whatever order: nobody is lost, nobody is paid otherwise, nothing is forgotten."""

from datetime import timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models import Benefit, Event, Household, HouseholdEvent, HouseholdTask, Member
from policy.vocabulary import (
    OPEN,
    Absence,
    Employment,
    Happening,
    LeaveReason,
    Relation,
    Role,
    Scheme,
    Sex,
    Stage,
)
from tests import factories
from tests.workflows.driver import FIGURES, START
from workflows import audit, household_event_undo, household_moves
from workflows.actor import SYSTEM, Actor
from workflows.household_event_effects import QUIET
from workflows.household_event_input import Happened, Newborn
from workflows.household_events import happen
from workflows.household_scope import rows_of
from workflows.people import Person
from workflows.reason import Refused

H, R = Happening, Relation
NEIGHBOUR = "511526100202"
VILLAGES = (factories.VILLAGE, NEIGHBOUR, factories.OTHER_VILLAGE)
STAGES = (Stage.APPLIED, Stage.REVIEW, Stage.NOTICE, Stage.ACTIVE, Stage.RECHECK, Stage.GRACE, Stage.SUSPENDED)
KINDS = tuple(kind for kind in H if kind is not H.ID_NUMBER)
pick = st.integers(0, 20)
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), pick, pick, pick), min_size=1, max_size=9)


class World:
    """Two families of one township, each with a case, and every event that can be tried on them."""

    def __init__(self, session, stages):
        self.session, self.now = session, START
        self.homes = [factories.household(session, village, members=3) for village in VILLAGES[:2]]
        for home in self.homes:
            home.members[1].relation, home.members[2].relation = R.SPOUSE, R.SON
            home.members[2].employment = Employment.STUDENT
        kinds = (Scheme.DIBAO, Scheme.TEMPORARY)
        self.cases = [
            factories.benefit(session, home, stage, scheme=scheme, monthly_fen=40_000)
            for home, stage, scheme in zip(self.homes, stages, kinds, strict=True) if stage is not None
        ]  # fmt: skip
        single = self.homes[0].members[2]
        self.cases.append(factories.benefit(
            session, self.homes[0], Stage.ACTIVE, member=single, unit="single", persons=1, monthly_fen=30_000
        ))  # fmt: skip
        self.paid = {case.id: (case.monthly_fen, case.persons) for case in self.cases}

    def actor(self, code: str) -> Actor:
        return Actor(None, "李", Role.TOWNSHIP_OFFICER, code[:9])

    def try_it(self, kind: Happening, a: int, b: int, c: int) -> bool:
        self.now += timedelta(days=1)
        home = self.homes[a % len(self.homes)]
        try:
            with self.session.begin_nested():
                self._do(kind, home, b, c)
        except Refused:
            return False
        return True

    def _do(self, kind: Happening, home: Household, b: int, c: int) -> None:
        actor = self.actor(home.village_code)
        if kind is H.UNDONE:
            entries = self.session.scalars(select(HouseholdEvent).where(HouseholdEvent.household_id == home.id)).all()
            if entries:
                event = entries[-1 - b % len(entries)]
                household_event_undo.undo(self.session, event, "登记有误", actor, self.now, FIGURES)
        elif kind is H.HANDOVER:
            to = VILLAGES[2] if home.township_code == factories.XUNCHANG else VILLAGES[b % 2]
            told = Happened(kind, self.now.date(), "随子女居住", village_code=to, address="一组")
            row = household_moves.propose(self.session, home, told, actor, self.now, FIGURES)
            household_moves.accept(self.session, row, self.actor(to), self.now, FIGURES)
        else:
            done = happen(self.session, home, self._told(kind, home, b, c), actor, self.now, FIGURES)
            self.homes += [one for one in done.households if one not in self.homes]

    def _told(self, kind: Happening, home: Household, b: int, c: int) -> Happened:
        everybody = home.members
        one, two = everybody[b % len(everybody)], everybody[c % len(everybody)]
        other = self.homes[c % len(self.homes)]
        relations = {m.id: R.OTHER for m in everybody}
        guest = other.members[b % len(other.members)]
        people = (Person(guest.name, guest.id_no, R.OTHER),) if not guest.id_no_pending else ()
        along = {one.id: R.HEAD, **({two.id: R.OTHER} if two is not one else {})}
        if kind is H.MERGE:
            along = {m.id: R.OTHER for m in other.members}
        return Happened(
            kind, self.now.date(), "群众来办理", member=one.id, newborn=Newborn("小满", Sex.MALE, R.OTHER),
            people=people, along=along, head=two.id, relations=relations, reason=LeaveReason.MOVE,
            absence=Absence.PRISON, relation=R.OTHER, employment=Employment.UNEMPLOYED, other=other.id,
            village_code=home.township_code + ("201" if b % 2 else "202"), address=f"{b}组",
        )  # fmt: skip

    def check(self) -> None:
        self.session.flush()
        self.session.expire_all()
        members = [m for home in self.homes for m in home.members]
        self._everybody_once(members)
        for home in self.homes:
            self._one_head(home)
            assert len({(row.township_code, row.village_code) for row in rows_of(self.session, home)}) == 1
        self._nobody_paid_otherwise()
        self._nothing_forgotten()

    def _everybody_once(self, members: list[Member]) -> None:
        present = [m.id_no_hash for m in members if m.present]
        assert len(present) == len(set(present))
        stays = {m.id_no_hash: m for m in sorted(members, key=lambda m: (m.present, m.left_on or m.joined_on))}
        assert all(m.present or m.leave_reason is not None for m in stays.values())

    def _one_head(self, home: Household) -> None:
        present = [m for m in home.members if m.present]
        heads = [m for m in present if m.relation is R.HEAD]
        assert home.persons == len(present) and (home.dissolved_on is None) is bool(present)
        if present:
            assert [m.name for m in heads] == [home.head_name]

    def _nobody_paid_otherwise(self) -> None:
        for case in self.session.scalars(select(Benefit).where(Benefit.id.in_(self.paid))):
            assert (case.monthly_fen, case.persons) == self.paid[case.id]
        for step in self.session.scalars(select(Event).where(Event.benefit_id.in_(self.paid))):
            assert step.monthly_before_fen == step.monthly_after_fen

    def _nothing_forgotten(self) -> None:
        ids = {home.id: home for home in self.homes}
        events = self.session.scalars(select(HouseholdEvent).where(HouseholdEvent.household_id.in_(ids))).all()
        undone = {event.undoes_id for event in events}
        counts = [e for e in events if e.id not in undone and e.undoes_id is None and e.kind not in QUIET]
        touched = {id for e in counts for id in (e.household_id, e.other_id)}
        for case in self.session.scalars(select(Benefit).where(Benefit.id.in_(self.paid), Benefit.stage.in_(OPEN))):
            if case.household_id in touched:
                open_task = select(HouseholdTask.id).where(
                    HouseholdTask.benefit_id == case.id, HouseholdTask.done_on.is_(None)
                )
                assert case.stage is Stage.RECHECK or self.session.scalar(open_task.limit(1)), case.case_no


@settings(max_examples=25)
@given(stages=st.tuples(st.sampled_from(STAGES), st.sampled_from((None, Stage.APPLIED, Stage.ACTIVE))), steps=STEPS)
def test_any_sequence_of_events_keeps_people_money_and_tasks_right(session, stages, steps):
    if not session.info.get("settled"):
        factories.places(session)
        session.info["settled"] = True
    audit.attribute(session, SYSTEM, START)
    world = World(session, stages)
    for step in steps:
        world.try_it(*step)
        world.check()


def test_the_world_of_the_sequences_can_have_every_event_happen(session):
    """Else the test above would prove nothing of a kind that is always refused."""
    factories.places(session)
    audit.attribute(session, SYSTEM, START)
    never = [kind for kind in KINDS if not any(_happens(session, kind, *two) for two in product(range(3), repeat=2))]
    assert never == []


def _happens(session, kind, b, c):
    world = World(session, (Stage.ACTIVE, None))
    if kind in (H.RETURNED, H.UNDONE):
        world.try_it(H.AWAY, 0, 1, 0)
    return world.try_it(kind, 0, b, c)
