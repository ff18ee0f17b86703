"""Somebody of another township marries in: that township is asked, records the leaving, then the marriage follows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import HouseholdTask
from policy.vocabulary import (
    Action,
    DisabilityKind,
    Happening,
    LeaveReason,
    Need,
    Relation,
    Role,
    Scheme,
    Stage,
    Unit,
)
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.refusals import refused
from workflows import arrivals, household_event_undo, household_events, household_reports
from workflows.actor import Actor
from workflows.household_event_input import Happened
from workflows.people import Person
from workflows.tick import tick

H = Happening
AMOUNT = 10_000


class Wedding(Driver):
    """A family of 巡场镇, and a bride on file in 孝儿镇."""

    def __init__(self, session) -> None:
        super().__init__(session)
        self.far = factories.household(session, factories.OTHER_VILLAGE, head_name="外乡", members=2)
        self.bride = self.far.members[1]
        self.guest = Person(self.bride.name, self.bride.id_no, Relation.CHILD_IN_LAW)
        user = self.office.elsewhere[Role.TOWNSHIP_OFFICER]
        self.there = Actor(user.id, user.name, user.role, user.division_code)

    def ask(self, person: Person | None = None, role: Role = Role.TOWNSHIP_OFFICER, days: int = 0):
        return household_reports.ask_elsewhere(
            self.session, self.home, person or self.guest, H.MARRIAGE, self.day() + timedelta(days), self.actor(role),
            self.now, FIGURES,
        )  # fmt: skip

    def marry(self):
        happened = Happened(H.MARRIAGE, self.day(), "结婚迁入", people=(self.guest,))
        return household_events.happen(
            self.session, self.home, happened, self.actor(Role.TOWNSHIP_OFFICER), self.now, FIGURES
        )


@pytest.fixture
def wedding(session) -> Wedding:
    return Wedding(session)


def test_the_other_township_finds_the_request_on_its_desk_and_the_marriage_follows(wedding):
    assert refused(wedding.marry) == ["comes_from_elsewhere"]
    row = wedding.ask()
    assert (row.kind, row.member_id, row.township_code) == (H.LEFT, wedding.bride.id, factories.XIAOER)
    assert wedding.bride.name in row.words and wedding.home.head_name in row.words
    left = Happened(H.LEFT, wedding.day(), "嫁出", member=wedding.bride.id, reason=LeaveReason.MARRIAGE)
    household_events.happen(wedding.session, wedding.far, left, wedding.there, wedding.now, FIGURES, report=row)
    assert row.state == "done"
    wedding.marry()
    assert wedding.home.persons == 3


def test_it_is_asked_once_until_it_is_answered(wedding):
    row = wedding.ask()
    assert refused(wedding.ask) == ["asked_before"]
    household_reports.turn_down(wedding.session, row, "没有这回事", wedding.there, wedding.now)
    wedding.ask()


def test_nobody_is_asked_about_somebody_who_is_on_file_here_or_nowhere(wedding):
    mine = wedding.home.members[0]
    assert refused(wedding.ask, Person(mine.name, mine.id_no, Relation.CHILD_IN_LAW)) == ["nobody_elsewhere"]
    stranger = Person("陌生", factories.id_number(mine.birth, mine.sex), Relation.CHILD_IN_LAW)
    assert refused(wedding.ask, stranger) == ["nobody_elsewhere"]


def test_the_township_s_officer_asks_and_not_for_a_day_to_come(wedding):
    assert refused(wedding.ask, role=Role.VILLAGE_WORKER) == ["not_your_role"]
    assert refused(wedding.ask, days=1) == ["day_in_future"]


class Going(Wedding):
    """The bride has a subsidy of her own in 孝儿镇, and its officer records that she left."""

    def __init__(self, session, stage: Stage = Stage.ACTIVE) -> None:
        super().__init__(session)
        self.bride.disability_kind, self.bride.disability_level = DisabilityKind.LIMB, 1
        self.case = factories.benefit(
            session, self.far, stage, scheme=Scheme.CARE_SUBSIDY, member=self.bride, unit=Unit.SINGLE, persons=1,
            monthly_fen=AMOUNT,
        )  # fmt: skip

    def leave(self):
        row = self.ask()
        left = Happened(H.LEFT, self.day(), "嫁出", member=self.bride.id, reason=LeaveReason.MARRIAGE)
        return household_events.happen(self.session, self.far, left, self.there, self.now, FIGURES, report=row)

    def later(self):
        return tick(self.session, self.now + timedelta(days=1), FIGURES)

    def waiting(self) -> list[HouseholdTask]:
        query = select(HouseholdTask).where(HouseholdTask.done_on.is_(None), HouseholdTask.need == Need.ENTER)
        return list(self.session.scalars(query))

    @property
    def stands(self) -> tuple[Stage, int, int]:
        return self.case.stage, self.case.monthly_fen, self.case.household_id


@pytest.fixture
def going(session) -> Going:
    return Going(session)


def test_between_leaving_and_being_entered_a_subsidy_goes_on_where_it_lies(going):
    done = going.leave()
    assert [(effect.benefit, effect.what) for effect in done.effects] == [(going.case, "follows")]
    assert going.stands == (Stage.ACTIVE, AMOUNT, going.far.id)
    assert Action.END_ON_DEATH not in going.later()
    assert going.stands == (Stage.ACTIVE, AMOUNT, going.far.id)


def test_with_the_entry_it_goes_along_keeps_its_amount_and_is_looked_at_again(going):
    going.leave()
    (task,) = going.waiting()
    assert (task.household_id, task.village_code) == (going.home.id, going.home.village_code)
    done = going.marry()
    assert (going.case, "recheck") in [(effect.benefit, effect.what) for effect in done.effects]
    assert going.stands == (Stage.RECHECK, AMOUNT, going.home.id)
    here = going.case.member
    assert (here.household_id, here.disability_kind, here.disability_level) == (going.home.id, DisabilityKind.LIMB, 1)
    assert (going.case.village_code, task.done_on) == (going.home.village_code, going.day())
    assert Action.END_ON_DEATH not in going.later()


def test_an_application_of_her_own_goes_along_too(session):
    going = Going(session, Stage.REVIEW)
    going.leave()
    done = going.marry()
    assert (going.case, "calculate") in [(effect.benefit, effect.what) for effect in done.effects]
    assert (going.case.stage, going.case.household_id) == (Stage.REVIEW, going.home.id)


def test_whoever_does_not_come_after_all_loses_it_and_the_old_township_reads_so(going):
    going.leave()
    (task,) = going.waiting()
    officer = going.actor(Role.TOWNSHIP_OFFICER)
    assert refused(arrivals.give_up, going.session, task, "", officer, going.now) == ["words_missing"]
    assert refused(arrivals.give_up, going.session, task, "不来了", going.there, going.now) == ["not_in_your_division"]
    arrivals.give_up(going.session, task, "不来了", officer, going.now)
    ends = select(HouseholdTask).where(HouseholdTask.need == Need.END, HouseholdTask.done_on.is_(None))
    (end,) = going.session.scalars(ends)
    assert (end.benefit_id, end.village_code) == (going.case.id, factories.OTHER_VILLAGE)
    assert going.waiting() == []
    assert going.later()[Action.END_ON_DEATH] == 1
    assert refused(arrivals.give_up, going.session, task, "不来了", officer, going.now) == ["report_answered"]


def test_a_leaving_taken_back_leaves_nobody_to_wait_for(going):
    done = going.leave()
    household_event_undo.undo(going.session, done.event, "没有走", going.there, going.now, FIGURES)
    assert going.waiting() == [] and going.bride.present
    assert going.stands == (Stage.ACTIVE, AMOUNT, going.far.id)


def test_an_entry_taken_back_lets_her_be_expected_again_and_nothing_ends(going):
    going.leave()
    done = going.wait(1).marry()
    officer = going.actor(Role.TOWNSHIP_OFFICER)
    household_event_undo.undo(going.session, done.event, "登记有误", officer, going.now, FIGURES)
    assert len(going.waiting()) == 1
    assert Action.END_ON_DEATH not in going.later()
    going.wait(1).marry()
    assert going.stands == (Stage.RECHECK, AMOUNT, going.home.id)
    assert going.waiting() == []


def test_where_somebody_else_left_nobody_is_expected(going):
    row = going.ask()
    other = going.far.members[0]
    going.bride.relation = Relation.SPOUSE
    left = Happened(H.LEFT, going.day(), "外出", member=other.id, reason=LeaveReason.MOVE, head=going.bride.id)
    household_events.happen(going.session, going.far, left, going.there, going.now, FIGURES, report=row)
    assert going.waiting() == []
