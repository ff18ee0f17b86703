"""One person's entitlement from application to its end, through casework and the calculation."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Benefit, ChildParent, Member
from policy.figures import Figures
from policy.vocabulary import (
    Action,
    CareNeed,
    DisabilityKind,
    LeaveReason,
    ParentKind,
    ParentState,
    Role,
    Scheme,
    Stage,
    Unit,
)
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.refusals import refused
from workflows import casework
from workflows.calculating import calculate
from workflows.case_guard import taking
from workflows.facts import Given
from workflows.facts_personal import ParentTold
from workflows.tick import tick

NOW = datetime(2026, 3, 2, 9)
REVIEWER, APPROVER = Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER
LOST = (
    ParentTold(ParentKind.FATHER, ParentState.DEAD, date(2020, 1, 1)),
    ParentTold(ParentKind.MOTHER, ParentState.LOST_CONTACT, date(2025, 9, 2)),
)


class Person(Driver):
    """One member's case; ``do`` calculates for real before a step that needs it."""

    def __init__(self, session: Session, now: datetime = NOW, figures: Figures = FIGURES) -> None:
        super().__init__(session, now, persons=3)
        self.member: Member = self.home.members[1]

    def ask(self, scheme: Scheme) -> "Person":
        self.apply(scheme, member=self.member)
        return self

    def reckoned(self) -> "Person":
        calculate(self.session, self.case, self.actor(Role.TOWNSHIP_OFFICER), self.now, FIGURES)
        return self

    def judged(self, grants: bool = True) -> "Person":
        self.reckoned()
        fen = self.facts().finding.payable_fen or None  # type: ignore[union-attr]
        self.do(Action.GIVE_OPINION, grants=grants, amount_fen=fen, special="", special_clause="")
        return self

    def to_county(self) -> "Person":
        self.do(Action.ACCEPT)
        self.judged().do(Action.PASS_UP).do(Action.COUNTY_OPINION, REVIEWER)
        return self

    def granted(self) -> "Person":
        fen = self.facts().finding.payable_fen  # type: ignore[union-attr]
        self.do(Action.CONFIRM, APPROVER, amount_fen=fen, special="", special_clause="")
        return self


@pytest.fixture
def disabled(session: Session) -> Person:
    person = Person(session)
    person.member.disability_kind, person.member.disability_level = DisabilityKind.LIMB, 2
    person.member.needs_care = CareNeed.DISABLED
    dibao = factories.benefit(session, person.home, monthly_fen=90_000, persons=3)
    assert dibao.scheme is Scheme.DIBAO
    return person


@pytest.fixture
def child(session: Session) -> Person:
    person = Person(session)
    person.member.birth = date(2012, 3, 3)
    return person


def test_a_subsidy_goes_by_township_federation_and_county_to_monthly_money(disabled: Person) -> None:
    case = disabled.ask(Scheme.LIVING_SUBSIDY)
    assert case.stage is Stage.APPLIED
    assert case.case.waiting_role is Role.TOWNSHIP_OFFICER
    case.do(Action.ACCEPT)
    assert (case.stage, case.case.step_due_on) == (Stage.REVIEW, date(2026, 3, 23))
    case.judged().do(Action.PASS_UP)
    assert (case.stage, case.case.waiting_role) == (Stage.APPROVAL, REVIEWER)
    assert "county_opinion_missing" in refused(case.do, Action.CONFIRM, APPROVER)
    case.do(Action.COUNTY_OPINION, REVIEWER, by_name="县残联 周敏")
    assert case.case.waiting_role is APPROVER
    case = case.granted()
    assert (case.case.monthly_fen, case.case.pays_from) == (10_000, date(2026, 4, 1))
    assert (case.case.review_due_on, case.case.valid_until) == (date(2027, 3, 2), None)
    assert case.case.unit is Unit.SINGLE


@pytest.mark.parametrize(
    ("until", "due"),
    [
        (date(2026, 3, 2), date(2026, 3, 3)), (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2027, 3, 1), date(2027, 3, 2)),
        (date(2028, 5, 1), date(2027, 3, 2)),
    ],
)  # fmt: skip
def test_a_child_is_looked_at_again_the_day_after_a_parents_sentence_ends(
    child: Person, until: date, due: date
) -> None:
    child.ask(Scheme.UNSUPPORTED_CHILD).do(Action.ACCEPT)
    prison = ParentTold(ParentKind.MOTHER, ParentState.PRISON, date(2024, 1, 1), until)
    child.do(Action.RECORD_SURVEY, parents=(LOST[0], prison))
    child.judged().do(Action.PASS_UP).do(Action.COUNTY_OPINION, REVIEWER)
    assert child.granted().case.review_due_on == due


def test_both_subsidies_may_be_held_and_neither_twice(disabled: Person) -> None:
    disabled.ask(Scheme.LIVING_SUBSIDY).to_county().granted()
    assert refused(disabled.ask, Scheme.LIVING_SUBSIDY) == ["open_case"]
    case = disabled.ask(Scheme.CARE_SUBSIDY).to_county().granted()
    assert case.case.monthly_fen == 10_000


def test_of_two_subsidies_on_the_way_together_the_second_is_confirmed_on_the_calculation_it_has(
    disabled: Person,
) -> None:
    living = disabled.ask(Scheme.LIVING_SUBSIDY).to_county().case
    care = disabled.ask(Scheme.CARE_SUBSIDY).to_county().case
    for disabled.case in (living, care):
        disabled.granted()
    assert living.stage is care.stage is Stage.ACTIVE


def test_a_living_subsidy_is_calculated_anew_where_support_of_tekun_began_meanwhile(disabled: Person) -> None:
    disabled.ask(Scheme.LIVING_SUBSIDY).to_county()
    alone = {"member": disabled.member, "unit": Unit.SINGLE, "persons": 1}
    factories.benefit(disabled.session, disabled.home, scheme=Scheme.TEKUN, **alone)
    assert refused(disabled.granted) == ["calculation_stale"]


def adjusted(person: Person, benefit: Benefit) -> None:
    """A case pays 0.01 元 more from now on."""
    with taking(person.session, benefit):
        benefit.monthly_fen += 1
        person.session.flush()


def test_a_living_subsidy_is_confirmed_on_its_calculation_though_the_family_is_paid_another_amount_since(
    disabled: Person,
) -> None:
    disabled.ask(Scheme.LIVING_SUBSIDY).to_county()
    poor = disabled.session.scalars(select(Benefit).where(Benefit.scheme == Scheme.DIBAO)).one()
    adjusted(disabled, poor)
    assert disabled.granted().stage is Stage.ACTIVE


def test_what_tops_up_is_calculated_anew_where_the_family_is_paid_another_amount_since(child: Person) -> None:
    poor = factories.benefit(child.session, child.home, monthly_fen=40_000)
    child.ask(Scheme.UNSUPPORTED_CHILD).do(Action.ACCEPT).do(Action.RECORD_SURVEY, parents=LOST)
    child.judged().do(Action.PASS_UP).do(Action.COUNTY_OPINION, REVIEWER)
    adjusted(child, poor)
    assert refused(child.granted) == ["calculation_stale"]


def test_the_database_too_keeps_one_open_case_of_a_subsidy_for_a_person(disabled: Person) -> None:
    with pytest.raises(IntegrityError):
        for _ in range(2):
            factories.benefit(
                disabled.session, disabled.home, scheme=Scheme.CARE_SUBSIDY, unit=Unit.SINGLE,
                member_id=disabled.member.id, persons=1,
            )  # fmt: skip


def test_another_member_may_have_the_same_subsidy(disabled: Person) -> None:
    disabled.ask(Scheme.LIVING_SUBSIDY)
    disabled.member = disabled.home.members[2]
    assert disabled.ask(Scheme.LIVING_SUBSIDY).stage is Stage.APPLIED


def test_without_dibao_the_calculation_refuses_the_living_subsidy(disabled: Person) -> None:
    disabled.home = factories.household(disabled.session, members=2)
    disabled.member = disabled.home.members[1]
    disabled.member.disability_kind, disabled.member.disability_level = DisabilityKind.LIMB, 2
    case = disabled.ask(Scheme.LIVING_SUBSIDY)
    case.do(Action.ACCEPT)
    case.reckoned()
    assert case.facts().finding.payable_fen == 0  # type: ignore[union-attr]
    assert refused(case.do, Action.GIVE_OPINION, amount_fen=10_000, special="") == ["special_missing"]


def test_a_childs_parents_are_found_out_before_anybody_judges(child: Person) -> None:
    case = child.ask(Scheme.UNSUPPORTED_CHILD).do(Action.ACCEPT)
    assert case.case.step_due_on == date(2026, 3, 23)
    assert set(refused(case.do, Action.GIVE_OPINION)) == {"child_not_seen", "parents_not_found_out"}
    case.do(Action.RECORD_SURVEY, parents=LOST[:1])
    assert refused(case.do, Action.GIVE_OPINION) == ["parents_not_found_out"]
    case.do(Action.RECORD_SURVEY, parents=LOST[1:])
    child.judged().do(Action.PASS_UP)
    assert case.case.step_due_on == date(2026, 3, 23)
    case.do(Action.COUNTY_OPINION, REVIEWER)
    child.granted()
    assert (case.case.monthly_fen, case.case.pays_from) == (60_000, date(2026, 4, 1))
    assert case.case.valid_until == date(2030, 3, 2)


def test_what_is_found_out_later_replaces_what_was_known(child: Person) -> None:
    case = child.ask(Scheme.UNSUPPORTED_CHILD).do(Action.ACCEPT).do(Action.RECORD_SURVEY, parents=LOST)
    case.do(Action.RECORD_SURVEY, parents=(ParentTold(ParentKind.MOTHER, ParentState.ABLE),))
    rows = child.session.scalars(select(ChildParent).order_by(ChildParent.kind)).all()
    assert [(row.kind, row.state, row.since) for row in rows] == [
        (ParentKind.FATHER, ParentState.DEAD, date(2020, 1, 1)), (ParentKind.MOTHER, ParentState.ABLE, None),
    ]  # fmt: skip
    child.reckoned()
    assert case.facts().finding.payable_fen == 0  # type: ignore[union-attr]


def test_nothing_of_a_childs_case_is_ever_put_on_notice(child: Person) -> None:
    case = child.ask(Scheme.UNSUPPORTED_CHILD).do(Action.ACCEPT).do(Action.RECORD_SURVEY, parents=LOST)
    child.judged()
    assert refused(case.do, Action.POST_NOTICE) == ["not_in_this_stage"]


@pytest.mark.parametrize(("day", "ends"), [(datetime(2030, 3, 2, 8), False), (datetime(2030, 3, 3, 8), True)])
def test_the_money_of_a_child_ends_by_itself_on_the_eighteenth_birthday(
    child: Person, day: datetime, ends: bool
) -> None:
    case = child.ask(Scheme.UNSUPPORTED_CHILD).do(Action.ACCEPT).do(Action.RECORD_SURVEY, parents=LOST)
    child.judged().do(Action.PASS_UP).do(Action.COUNTY_OPINION, REVIEWER)
    child.granted()
    done = tick(child.session, day, FIGURES)
    assert (done.get(Action.EXPIRE, 0), case.stage) == ((1, Stage.EXITED) if ends else (0, Stage.ACTIVE))


def test_whoever_dies_has_the_subsidy_no_longer(disabled: Person) -> None:
    case = disabled.ask(Scheme.LIVING_SUBSIDY).to_county().granted()
    factories.leave(case.session, case.member, date(2026, 3, 1), LeaveReason.DEATH)
    tick(case.session, datetime(2026, 3, 2, 20), FIGURES)
    assert case.stage is Stage.EXITED


def test_a_child_topped_up_beside_the_familys_dibao(child: Person) -> None:
    factories.benefit(child.session, child.home, monthly_fen=90_000, persons=3)
    case = child.ask(Scheme.UNSUPPORTED_CHILD).do(Action.ACCEPT).do(Action.RECORD_SURVEY, parents=LOST)
    child.judged()
    assert case.facts().opinion.amount_fen == 30_000  # type: ignore[union-attr]


def test_a_recheck_asks_for_the_parents_again_and_keeps_or_ends(child: Person) -> None:
    case = child.ask(Scheme.UNSUPPORTED_CHILD).do(Action.ACCEPT).do(Action.RECORD_SURVEY, parents=LOST)
    child.judged().do(Action.PASS_UP).do(Action.COUNTY_OPINION, REVIEWER)
    child.granted().wait(360).do(Action.START_RECHECK)
    assert set(refused(case.do, Action.GIVE_OPINION)) == {"child_not_seen", "parents_not_found_out"}
    case.do(Action.RECORD_SURVEY, parents=LOST)
    child.judged().do(Action.KEEP, APPROVER, special="", special_clause="")
    assert case.case.review_due_on == date(2028, 2, 25)


def test_an_application_for_a_person_names_that_person(child: Person) -> None:
    given = Given()
    who = child.actor(Role.TOWNSHIP_OFFICER)
    claim = casework.Claim(Scheme.ORPHAN, child.member)
    case = casework.open_case(child.session, child.home, claim, Action.APPLY, who, given, child.now, FIGURES)
    assert (case.unit, case.member_id, case.persons) == (Unit.SINGLE, child.member.id, 1)
