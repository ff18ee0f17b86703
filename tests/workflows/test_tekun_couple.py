"""特困 is each person's own: two of one family are supported, paid and ended one by one (43号 第四、二十四条)."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, Finding, HouseholdTask, Member, TekunPerson
from policy.calendar import add_working_days
from policy.vocabulary import EndReason, Happening, LeaveReason, Mode, Need, Relation, Scheme, Sex, Stage, Unit
from tests import factories
from tests.workflows.driver import FIGURES
from tests.workflows.refusals import refused
from tests.workflows.supporting import APPROVER, COUNTY, COUNTY_PAIR, OFFICER, A, Support, items
from workflows import household_events
from workflows.household_event_input import Happened
from workflows.people import Person

NEIGHBOUR = "511526100202"


class Couple(Support):
    """An old man and his old wife, without anybody else."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.husband = self.person
        facts = {"name": "李样", "relation": Relation.SPOUSE, "sex": Sex.FEMALE, "birth": date(1952, 5, 4)}
        self.wife: Member = factories.member(session, self.home, **facts)
        self.home.persons = 2
        session.flush()

    def supported(self, person: Member) -> Benefit:
        """Bring the person's own case to payment."""
        self.person = person
        self.active()
        return self.case

    def both(self) -> tuple[Benefit, Benefit]:
        return self.supported(self.husband), self.supported(self.wife)

    def together(self, mode: Mode = Mode.HOME) -> "Couple":
        """Bring one case of both to payment."""
        self.apply(Scheme.TEKUN).do(A.ACCEPT).do(A.START_REVIEW).do(A.RECORD_SURVEY).do(A.RECORD_CROSSCHECK)
        for person in (self.husband, self.wife):
            self.do(A.ASSESS_SELF_CARE, person=person.id).do(A.RECORD_WISH, person=person.id, mode=mode)
        self.do(A.GIVE_OPINION).do(A.POST_NOTICE).wait(8).do(A.CLOSE_NOTICE, None)
        self.do(A.COUNTY_VISIT, COUNTY, surveyors=COUNTY_PAIR).do(A.COUNTY_OPINION, COUNTY).do(A.CONFIRM, APPROVER)
        return self

    def widowed(self) -> "Couple":
        """She dies, and what is paid to him is decided."""
        self.wait(1).happen(Happening.DEATH, member=self.wife.id)
        self.do(A.RECORD_SURVEY).do(A.GIVE_OPINION).do(A.CUT, APPROVER)
        return self

    def turn_to(self, case: Benefit) -> "Couple":
        self.case = case
        return self

    def happen(self, kind: Happening, home=None, **given):
        happened = Happened(kind, self.day(), "群众来办理", **given)
        return household_events.happen(
            self.session, home or self.home, happened, self.actor(OFFICER), self.now, FIGURES
        )  # fmt: skip


@pytest.fixture
def couple(session: Session) -> Couple:
    return Couple(session)


def test_each_of_a_couple_is_supported_and_paid_by_a_case_of_their_own(couple: Couple) -> None:
    his, hers = couple.both()
    assert [case.stage for case in (his, hers)] == [Stage.ACTIVE] * 2
    assert [(case.unit, case.persons, case.member_id) for case in (his, hers)] == [
        (Unit.SINGLE, 1, couple.husband.id), (Unit.SINGLE, 1, couple.wife.id),
    ]  # fmt: skip
    assert his.monthly_fen == hers.monthly_fen > 0
    found = couple.session.get_one(Finding, couple.facts().finding.id)  # type: ignore[union-attr]
    assert [line["counted"] for line in found.result["members"]] == [False, True]


def test_nobody_has_two_cases_and_one_of_all_stands_beside_none_of_a_person(couple: Couple) -> None:
    couple.person = couple.husband
    first = couple.begin().case
    assert refused(couple.begin) == ["open_case"]
    assert refused(couple.apply, Scheme.TEKUN) == ["open_case"]
    couple.person = couple.wife
    couple.begin().do(A.WITHDRAW).turn_to(first).do(A.WITHDRAW)
    couple.apply(Scheme.TEKUN)
    assert couple.case.unit is Unit.HOUSEHOLD
    assert refused(couple.begin) == ["open_case"]


def test_when_one_dies_the_own_case_ends_after_its_notice_and_the_other_goes_on(couple: Couple) -> None:
    his, hers = couple.both()
    paid = hers.monthly_fen
    couple.happen(Happening.DEATH, member=couple.husband.id, head=couple.wife.id)
    couple.tick()
    couple.wait(8).tick()
    assert (his.stage, hers.stage, hers.monthly_fen) == (Stage.EXITED, Stage.RECHECK, paid)


def test_one_leaves_support_by_own_wish_and_the_other_notices_nothing(couple: Couple) -> None:
    his, hers = couple.both()
    couple.turn_to(his).ending(EndReason.OWN_WISH).wait(8).do(A.CLOSE_END_NOTICE, None).do(A.EXIT, APPROVER)
    assert (his.stage, hers.stage, hers.end_notice_until) == (Stage.EXITED, Stage.ACTIVE, None)


def test_one_case_may_cover_a_couple_and_goes_on_with_whoever_is_left(couple: Couple) -> None:
    couple.together()
    both, persons = couple.case.monthly_fen, couple.case.persons
    couple.wait(30).happen(Happening.DEATH, member=couple.husband.id, head=couple.wife.id)
    couple.do(A.RECORD_SURVEY).do(A.GIVE_OPINION).do(A.CUT, APPROVER)
    assert (persons, couple.case.persons, couple.case.monthly_fen) == (2, 1, both // 2)
    assert couple.stage is Stage.ACTIVE


def test_whoever_goes_to_another_family_takes_support_along_with_care_and_wish(couple: Couple) -> None:
    his, hers = couple.both()
    couple.turn_to(hers).do(A.RECORD_WISH, mode=Mode.CENTRAL)
    couple.do(A.PLACE_IN_HOME)
    next_door = factories.household(couple.session, NEIGHBOUR, head_name="邻居", members=1)
    couple.wait(1).happen(
        Happening.JOINED, next_door, people=(Person(couple.wife.name, couple.wife.id_no, Relation.OTHER),)
    )
    assert (hers.stage, hers.household_id, his.household_id) == (Stage.RECHECK, next_door.id, couple.home.id)
    row = couple.session.scalars(select(TekunPerson).where(TekunPerson.benefit_id == hers.id)).one()
    assert row.member_id == hers.member_id != couple.wife.id
    assert couple.turn_to(hers).facts().tekun.in_home == {hers.member_id}  # type: ignore[union-attr]
    couple.do(A.LEAVE_HOME)
    assert not couple.facts().tekun.in_home  # type: ignore[union-attr]
    couple.wait(1).tick()
    assert hers.end_notice_until is None


def test_no_time_announces_the_ending_of_who_left_alive_but_the_township_is_reminded(couple: Couple) -> None:
    _, hers = couple.both()
    couple.happen(Happening.LEFT, member=couple.wife.id, reason=LeaveReason.MOVE)
    couple.wait(60).tick()
    assert (hers.stage, hers.end_notice_until) == (Stage.ACTIVE, None)
    mine = (HouseholdTask.benefit_id == hers.id, HouseholdTask.done_on.is_(None))
    assert couple.session.scalars(select(HouseholdTask.need).where(*mine)).all() == [Need.END]


def test_the_reported_change_of_one_is_not_answered_by_assessing_the_other(couple: Couple) -> None:
    couple.together()
    couple.do(A.REPORT_CHANGE, person=couple.husband.id)
    due = add_working_days(couple.day(), 10)
    couple.do(A.ASSESS_SELF_CARE, person=couple.wife.id)
    assert couple.facts().tekun.assess_by == couple.case.step_due_on == due  # type: ignore[union-attr]
    couple.do(A.ASSESS_SELF_CARE, person=couple.husband.id)
    assert couple.facts().tekun.assess_by is None  # type: ignore[union-attr]


def test_nobody_is_to_ask_assess_or_find_a_guardian_for_one_of_them_who_died(couple: Couple) -> None:
    couple.together(Mode.CENTRAL)
    for person in (couple.husband, couple.wife):
        couple.do(A.PLACE_IN_HOME, person=person.id)
    couple.do(A.LEAVE_HOME, person=couple.wife.id)
    assert couple.case.waiting_role is OFFICER
    couple.do(A.RECORD_WISH, person=couple.wife.id, mode=Mode.HOME).do(A.REPORT_CHANGE, person=couple.wife.id)
    assert (couple.case.waiting_role, couple.case.agreement_lacking_since) == (OFFICER, couple.day())
    couple.widowed()
    own = couple.facts().tekun
    assert own is not None and (own.assessed, own.in_home) == ({couple.husband.id}, {couple.husband.id})
    assert (couple.case.waiting_role, couple.case.step_due_on, couple.case.agreement_lacking_since) == (None,) * 3
    couple.do(A.REPORT_CHANGE, person=couple.husband.id)
    assert couple.case.waiting_role is OFFICER


def test_who_died_after_leaving_a_home_is_not_asked_where_to_be_supported(couple: Couple) -> None:
    couple.together(Mode.CENTRAL).do(A.PLACE_IN_HOME, person=couple.wife.id).do(A.LEAVE_HOME, person=couple.wife.id)
    assert couple.facts().tekun.to_ask == {couple.wife.id}  # type: ignore[union-attr]
    couple.widowed()
    assert (couple.case.waiting_role, couple.facts().tekun.to_ask) == (None, set())  # type: ignore[union-attr]


def test_another_support_of_who_is_left_says_nothing_of_who_died(couple: Couple) -> None:
    couple.together().widowed().wait(1)
    couple.do(A.REPORT_CHANGE, person=couple.husband.id)
    couple.do(A.ASSESS_SELF_CARE, person=couple.husband.id, self_care=items(6))
    couple.calculated().do(A.CHANGE_SUPPORT, APPROVER)
    assert [one["name"] for one in couple.last(A.CHANGE_SUPPORT).data["people"]] == [couple.husband.name]
