"""Leaving 低保 by own wish in 墩集镇: exit money of one to three months, decided, calculated, paid, taken back."""

from datetime import date, datetime

import pytest

from models import Division, Finding
from policy.vocabulary import Action, Role, Stage
from tests import factories
from tests.workflows.driver import Driver
from tests.workflows.refusals import codes
from workflows.actor import Actor
from workflows.reason import Refused

TOWN, VILLAGE = "341324101", "341324101201"
A, R = Action, Role
CONFIRMER = R.COUNTY_APPROVER


class InDunji(Driver):
    """The small county with a family of 墩集镇 in it, and its people sitting there."""

    def __init__(self, session, now: datetime = datetime(2026, 3, 2, 9)) -> None:
        super().__init__(session, now)
        chain = [("34", None, "安徽省"), ("3413", "34", "宿州市"), ("341324", "3413", "泗县")]
        chain += [(TOWN, "341324", "墩集镇"), (VILLAGE, TOWN, "墩集村")]
        factories.keep(session, *(Division(code=code, parent_code=parent, name=name) for code, parent, name in chain))
        self.home = factories.household(session, VILLAGE, members=2)
        case = factories.benefit(session, self.home, Stage.ACTIVE, monthly_fen=40_000, decided_on=date(2026, 1, 5))
        self.case = case

    def actor(self, role):
        if role is None:
            return super().actor(role)
        user = self.office[role]
        return Actor(user.id, user.name, user.role, TOWN[:6] if role.startswith("county") else TOWN)


@pytest.fixture
def there(session) -> InDunji:
    return InDunji(session)


def test_a_family_that_leaves_is_given_two_months_of_its_aid(there):
    there.do(A.LEAVE, CONFIRMER, months=2)
    assert (there.stage, there.case.one_off_fen) == (Stage.EXITED, 80_000)
    event = there.case.events[-1]
    assert event.data["exit_money"] == {"months": 2, "amount_fen": 80_000, "cite": "墩政〔2020〕48号 二(二)"}
    assert event.opinion == "情况属实" and event.actor_role is CONFIRMER


def test_the_ending_rests_on_the_calculation_of_a_family_that_leaves(there):
    there.do(A.LEAVE, CONFIRMER, months=3)
    found = there.session.get_one(Finding, there.case.events[-1].finding_id)
    assert found.result["exit_money"] == {"months_min": 1, "months_max": 3}
    assert found.result["range"] == ["400.00", "1200.00"]
    assert found.result["reasons"][0]["code"] == "left_by_own_wish"


@pytest.mark.parametrize("months", [1, 3])
def test_one_month_and_three_are_within_the_rule(there, months):
    there.do(A.LEAVE, CONFIRMER, months=months)
    assert there.case.one_off_fen == months * 40_000


@pytest.mark.parametrize("months", [None, 4, -1])
def test_an_unanswered_question_and_four_months_are_refused(there, months):
    with pytest.raises(Refused) as refused:
        there.do(A.LEAVE, CONFIRMER, months=months)
    assert codes(refused) == ["exit_money_months"]


def test_no_exit_money_is_an_answer_and_leaves_nothing_to_pay(there):
    there.do(A.LEAVE, CONFIRMER, months=0)
    assert there.case.one_off_fen == 0 and there.case.waiting_role is None
    assert "exit_money" not in there.case.events[-1].data and there.case.events[-1].finding_id is None


def test_the_officer_does_not_grant_it_and_pays_it_out(there):
    with pytest.raises(Refused) as refused:
        there.do(A.LEAVE, R.TOWNSHIP_OFFICER, months=1)
    assert codes(refused) == ["confirmer_is"]
    there.do(A.LEAVE, CONFIRMER, months=1)
    assert there.case.waiting_role is R.TOWNSHIP_OFFICER
    there.do(A.RECORD_PAYMENT, R.TOWNSHIP_OFFICER)
    assert (there.case.paid_on, there.case.waiting_role, there.stage) == (there.day(), None, Stage.EXITED)
    assert there.case.events[-1].data == {"amount_fen": 40_000, "paid_on": there.day().isoformat()}


def test_it_is_paid_once(there):
    there.do(A.LEAVE, CONFIRMER, months=1).do(A.RECORD_PAYMENT)
    with pytest.raises(Refused) as refused:
        there.do(A.RECORD_PAYMENT)
    assert codes(refused) == ["exit_money_paid"]


def test_taking_the_leaving_back_takes_the_exit_money_back_and_pays_as_before(there):
    there.do(A.LEAVE, CONFIRMER, months=2).wait(29).do(A.UNDO_LEAVE, CONFIRMER)
    case = there.case
    assert there.day() == date(2026, 3, 31) and there.stage is Stage.ACTIVE
    assert (case.one_off_fen, case.monthly_fen, case.ended_on, case.reason) == (0, 40_000, None, "")
    assert case.review_due_on == there.day() and case.waiting_role is None


@pytest.mark.parametrize(("was", "until"), [(Stage.GRACE, date(2026, 8, 31)), (Stage.SUSPENDED, None)])
def test_a_leaving_taken_back_leads_to_where_the_case_stood_and_not_to_payment_without_an_end(there, was, until):
    home = factories.household(there.session, VILLAGE)
    there.case = factories.benefit(there.session, home, was, monthly_fen=40_000, decided_on=there.day(),
                                   grace_until=until)  # fmt: skip
    there.do(A.LEAVE).do(A.UNDO_LEAVE, CONFIRMER)
    assert (there.stage, there.case.grace_until, there.case.ended_on) == (was, until, None)
    assert there.case.events[-1].to_stage is was and there.case.review_due_on is None
    there.do(A.RESUME, CONFIRMER).do(A.LEAVE, CONFIRMER).do(A.UNDO_LEAVE, CONFIRMER)
    assert there.stage is Stage.ACTIVE


def test_from_the_first_of_the_next_month_the_leaving_holds(there):
    there.do(A.LEAVE, CONFIRMER, months=2).wait(30)
    with pytest.raises(Refused) as refused:
        there.do(A.UNDO_LEAVE, CONFIRMER)
    assert codes(refused) == ["leaving_in_force"]


def test_paid_exit_money_keeps_the_leaving(there):
    there.do(A.LEAVE, CONFIRMER, months=2).do(A.RECORD_PAYMENT)
    with pytest.raises(Refused) as refused:
        there.do(A.UNDO_LEAVE, CONFIRMER)
    assert codes(refused) == ["exit_money_paid"]


def test_a_family_that_has_applied_again_goes_on_with_that(there):
    there.do(A.LEAVE, CONFIRMER, months=2)
    left = there.case
    there.apply()
    there.case = left
    with pytest.raises(Refused) as refused:
        there.do(A.UNDO_LEAVE, CONFIRMER)
    assert codes(refused) == ["open_case"]


def test_an_end_that_was_decided_is_not_taken_back(there):
    there.case = factories.benefit(there.session, factories.household(there.session, VILLAGE), Stage.SUSPENDED)
    there.do(A.EXIT, CONFIRMER)
    with pytest.raises(Refused) as refused:
        there.do(A.UNDO_LEAVE, CONFIRMER)
    assert codes(refused) == ["not_left"]


def test_elsewhere_the_officer_records_the_leaving_and_nothing_is_given(session):
    driver = Driver(session).to_active()
    with pytest.raises(Refused) as refused:
        driver.do(A.LEAVE, months=1)
    assert codes(refused) == ["no_exit_money_here"]
    driver.do(A.LEAVE, months=None)
    assert driver.case.one_off_fen == 0 and driver.stage is Stage.EXITED
