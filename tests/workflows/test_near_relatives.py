"""The register of near relatives: who may keep it, and what an entry does to a running case."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import NearRelative, Obligor
from policy.vocabulary import Action, Relation, Role, Scheme, Stage
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.refusals import refused
from workflows.near_relatives import NEAR, Entry, register, register_all, strike, sweep
from workflows.reason import Refused, Stale


@pytest.fixture
def case(session: Session) -> Driver:
    return Driver(session).to_review()


@pytest.fixture
def entry(case: Driver) -> Entry:
    head = case.home.members[0]
    return Entry(head.name, head.id_no, Relation.SIBLING, "王干部", "低保经办", factories.XUNCHANG)


def reasons(case: Driver, entry: Entry, role: Role = Role.COUNTY_REVIEWER) -> set[str]:
    return set(refused(register, case.session, case.actor(role), entry, case.now, FIGURES))


def test_an_entry_marks_the_running_case_of_the_family(case: Driver, entry: Entry) -> None:
    register(case.session, case.actor(Role.COUNTY_REVIEWER), entry, case.now, FIGURES)
    assert case.case.near_relative


def test_a_case_that_waits_for_the_township_goes_to_the_county_for_its_visit(session: Session) -> None:
    case = Driver(session).to_approval()
    assert case.case.waiting_role is Role.TOWNSHIP_APPROVER
    head = case.home.members[0]
    relative = Entry(head.name, head.id_no, Relation.SIBLING, "王干部", "低保经办", factories.XUNCHANG)
    register(session, case.actor(Role.COUNTY_REVIEWER), relative, case.now, FIGURES)
    session.commit()
    assert case.case.waiting_role is Role.COUNTY_REVIEWER


@pytest.mark.parametrize("scheme", [Scheme.DIBAO, Scheme.TEMPORARY, Scheme.EDGE, Scheme.RIGID])
def test_whoever_stands_in_the_register_is_marked_with_the_application(session: Session, scheme: Scheme) -> None:
    case = Driver(session)
    head = case.home.members[0]
    relative = Entry(head.name, head.id_no, Relation.SIBLING, "王干部", "低保经办", factories.XUNCHANG)
    register(session, case.actor(Role.COUNTY_REVIEWER), relative, case.now, FIGURES)
    assert case.apply(scheme).case.near_relative and case.stage is Stage.APPLIED


def test_an_entry_of_somebody_bound_to_support_the_family_marks_its_case_too(case: Driver) -> None:
    number = factories.id_number()
    case.session.add(Obligor(household_id=case.home.id, name="王样", id_no=number, relation=Relation.SON))
    entry = Entry("王样", number, Relation.SON, "王干部", "低保经办", factories.XUNCHANG)
    register(case.session, case.actor(Role.COUNTY_REVIEWER), entry, case.now, FIGURES)
    assert case.case.near_relative


def test_only_the_county_reviewer_keeps_the_register(case: Driver, entry: Entry) -> None:
    assert reasons(case, entry, Role.TOWNSHIP_OFFICER) == {"not_your_role"}


def test_everything_wrong_with_an_entry_is_said_at_once(case: Driver, entry: Entry) -> None:
    wrong = replace(entry, id_no="990101200001010000", staff_post=" ", division_code="511527100")
    assert reasons(case, wrong) == {"relative_bad_id", "relative_incomplete", "not_in_your_division"}


def test_nobody_is_registered_twice_until_the_first_entry_has_ended(case: Driver, entry: Entry) -> None:
    reviewer = case.actor(Role.COUNTY_REVIEWER)
    row = register(case.session, reviewer, entry, case.now, FIGURES)
    assert reasons(case, entry) == {"relative_registered"}
    with pytest.raises(Stale):
        strike(case.session, reviewer, row, "已离职", row.row_version + 1, case.now)
    strike(case.session, reviewer, row, "已离职", row.row_version, case.now)
    assert register(case.session, reviewer, entry, case.now, FIGURES).id != row.id


def number_of(case: Driver, n: int = 0) -> str:
    number = case.home.members[n].id_no
    assert number is not None
    return number


@pytest.mark.parametrize("relation", [Relation.CHILD_IN_LAW, Relation.PARENT_IN_LAW, Relation.OTHER, Relation.HEAD])
def test_only_near_relatives_of_the_rule_are_registered(case: Driver, entry: Entry, relation: Relation) -> None:
    assert reasons(case, replace(entry, relation=relation)) == {"relation_not_near"}


@pytest.mark.parametrize("relation", NEAR)
def test_each_near_relation_of_the_rule_may_be_registered(case: Driver, entry: Entry, relation: Relation) -> None:
    row = register(case.session, case.actor(Role.COUNTY_REVIEWER), replace(entry, relation=relation), case.now, FIGURES)
    assert (row.name, row.relation) == (entry.name, relation)


def test_a_relative_who_is_found_at_the_next_step_forces_the_county_visit(session: Session) -> None:
    case = Driver(session).to_opinion()
    number = factories.id_number()
    entry = Entry("王样", number, Relation.SON, "王干部", "低保经办", factories.XUNCHANG)
    register(session, case.actor(Role.COUNTY_REVIEWER), entry, case.now, FIGURES)
    session.add(Obligor(household_id=case.home.id, name="王样", id_no=number, relation=Relation.SON))
    session.flush()
    assert not case.case.near_relative
    case.do(Action.POST_NOTICE).wait(8).do(Action.CLOSE_NOTICE, None)
    assert case.case.near_relative
    assert case.case.waiting_role is Role.COUNTY_REVIEWER


def test_time_finds_relatives_who_joined_since_and_puts_the_case_on_the_right_desk(session: Session) -> None:
    case = Driver(session).to_approval()
    number = factories.id_number()
    entry = Entry("王样", number, Relation.SON, "王干部", "低保经办", factories.XUNCHANG)
    register(session, case.actor(Role.COUNTY_REVIEWER), entry, case.now, FIGURES)
    assert case.case.waiting_role is Role.TOWNSHIP_APPROVER
    session.add(Obligor(household_id=case.home.id, name="王样", id_no=number, relation=Relation.SON))
    session.flush()
    assert sweep(session, case.now, FIGURES) == 1
    assert (case.case.near_relative, case.case.waiting_role) == (True, Role.COUNTY_REVIEWER)
    assert sweep(session, case.now, FIGURES) == 0


def test_a_case_in_payment_is_marked_too_so_that_its_recheck_waits_for_the_county(session: Session) -> None:
    case = Driver(session).to_active()
    entry = Entry("某人", number_of(case), Relation.SIBLING, "王干部", "低保经办", factories.XUNCHANG)
    register(session, case.actor(Role.COUNTY_REVIEWER), entry, case.now, FIGURES)
    assert (case.case.near_relative, case.case.waiting_role) == (True, None)


def test_a_list_goes_in_whole_or_not_at_all_with_what_is_wrong_by_line(case: Driver, entry: Entry) -> None:
    reviewer = case.actor(Role.COUNTY_REVIEWER)
    second = replace(entry, name="李样", id_no=factories.id_number())
    twice, wrong = replace(second, name="又"), replace(entry, id_no=factories.id_number(), staff_name=" ")
    found = register_all(case.session, reviewer, [entry, second, twice, wrong], case.now, FIGURES)
    assert [(line, [r.code for r in reasons]) for line, reasons in found] == [
        (2, ["relative_twice"]), (3, ["relative_incomplete"]),
    ]  # fmt: skip
    assert case.session.scalars(select(NearRelative)).all() == []
    assert register_all(case.session, reviewer, [entry, second], case.now, FIGURES) == []
    assert len(case.session.scalars(select(NearRelative)).all()) == 2


def test_an_entry_ends_on_a_day_between_its_first_and_today_and_stays(case: Driver, entry: Entry) -> None:
    reviewer = case.actor(Role.COUNTY_REVIEWER)
    row = register(case.session, reviewer, entry, case.now, FIGURES)
    case.wait(10)
    first = row.valid_from
    for day in (first - timedelta(days=1), case.day() + timedelta(days=1)):
        with pytest.raises(Refused):
            strike(case.session, reviewer, row, "已离职", row.row_version, case.now, day)
    strike(case.session, reviewer, row, "已离职", row.row_version, case.now, first)
    assert case.session.get(NearRelative, row.id).valid_to == first  # type: ignore[union-attr]


@pytest.mark.parametrize("to", ["to_active", "to_grace"])
def test_a_complaint_of_a_case_in_payment_lies_with_the_county_for_fifteen_days(session: Session, to: str) -> None:
    case: Driver = getattr(Driver(session), to)()
    assert case.case.waiting_role is None
    case.wait(2).do(Action.RECORD_COMPLAINT)
    assert case.case.waiting_role is Role.COUNTY_REVIEWER
    assert case.case.step_due_on == case.day() + timedelta(days=15)
    case.wait(3).do(Action.RECORD_COMPLAINT)
    assert case.case.step_due_on == case.day() + timedelta(days=12)
    case.do(Action.COUNTY_VISIT, Role.COUNTY_REVIEWER).do(Action.ANSWER_COMPLAINT, Role.COUNTY_REVIEWER)
    assert case.case.waiting_role is None
