"""The register of near relatives: who may keep it, and what an entry does to a running case."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from models import Obligor
from policy.vocabulary import Relation, Role
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from workflows.near_relatives import Entry, register, strike
from workflows.reason import Refused, Stale


@pytest.fixture
def case(session: Session) -> Driver:
    return Driver(session).to_review()


@pytest.fixture
def entry(case: Driver) -> Entry:
    head = case.home.members[0]
    return Entry(head.name, head.id_no, Relation.SIBLING, "王干部", "低保经办", factories.XUNCHANG)


def codes(case: Driver, entry: Entry, role: Role = Role.COUNTY_REVIEWER) -> set[str]:
    with pytest.raises(Refused) as refused:
        register(case.session, case.actor(role), entry, case.now, FIGURES)
    return {reason.code for reason in refused.value.reasons}


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


def test_an_entry_of_somebody_bound_to_support_the_family_marks_its_case_too(case: Driver) -> None:
    number = factories.id_number()
    case.session.add(Obligor(household_id=case.home.id, name="王样", id_no=number, relation=Relation.SON))
    entry = Entry("王样", number, Relation.SON, "王干部", "低保经办", factories.XUNCHANG)
    register(case.session, case.actor(Role.COUNTY_REVIEWER), entry, case.now, FIGURES)
    assert case.case.near_relative


def test_only_the_county_reviewer_keeps_the_register(case: Driver, entry: Entry) -> None:
    assert codes(case, entry, Role.TOWNSHIP_OFFICER) == {"not_your_role"}


def test_everything_wrong_with_an_entry_is_said_at_once(case: Driver, entry: Entry) -> None:
    wrong = replace(entry, id_no="990101200001010000", staff_post=" ", division_code="511527100")
    assert codes(case, wrong) == {"relative_bad_id", "relative_incomplete", "not_in_your_division"}


def test_nobody_is_registered_twice_until_the_first_entry_has_ended(case: Driver, entry: Entry) -> None:
    reviewer = case.actor(Role.COUNTY_REVIEWER)
    row = register(case.session, reviewer, entry, case.now, FIGURES)
    assert codes(case, entry) == {"relative_registered"}
    with pytest.raises(Stale):
        strike(case.session, reviewer, row, "已离职", row.row_version + 1, case.now)
    strike(case.session, reviewer, row, "已离职", row.row_version, case.now)
    assert register(case.session, reviewer, entry, case.now, FIGURES).id != row.id
