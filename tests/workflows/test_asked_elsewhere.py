"""Somebody of another township marries in: that township is asked, records the leaving, then the marriage follows."""

from datetime import timedelta

import pytest

from policy.vocabulary import Happening, LeaveReason, Relation, Role
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from workflows import household_events, household_reports
from workflows.actor import Actor
from workflows.household_event_input import Happened
from workflows.people import Person
from workflows.reason import Refused

H = Happening


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


def refused(work) -> list[str]:
    with pytest.raises(Refused) as told:
        work()
    return [reason.code for reason in told.value.reasons]


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
    assert refused(lambda: wedding.ask(Person(mine.name, mine.id_no, Relation.CHILD_IN_LAW))) == ["nobody_elsewhere"]
    stranger = Person("陌生", factories.id_number(mine.birth, mine.sex), Relation.CHILD_IN_LAW)
    assert refused(lambda: wedding.ask(stranger)) == ["nobody_elsewhere"]


def test_the_township_s_officer_asks_and_not_for_a_day_to_come(wedding):
    assert refused(lambda: wedding.ask(role=Role.VILLAGE_WORKER)) == ["not_your_role"]
    assert refused(lambda: wedding.ask(days=1)) == ["day_in_future"]
