"""The register of near relatives: who may keep it, and what an entry does to a running case."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from policy.vocabulary import Relation, Role
from tests import factories
from tests.workflows.driver import Driver
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
        register(case.session, case.actor(role), entry, case.now)
    return {reason.code for reason in refused.value.reasons}


def test_an_entry_marks_the_running_case_of_the_family(case: Driver, entry: Entry) -> None:
    register(case.session, case.actor(Role.COUNTY_REVIEWER), entry, case.now)
    assert case.case.near_relative


def test_only_the_county_reviewer_keeps_the_register(case: Driver, entry: Entry) -> None:
    assert codes(case, entry, Role.TOWNSHIP_OFFICER) == {"not_your_role"}


def test_everything_wrong_with_an_entry_is_said_at_once(case: Driver, entry: Entry) -> None:
    wrong = replace(entry, id_no="990101200001010000", staff_post=" ", division_code="511527100")
    assert codes(case, wrong) == {"relative_bad_id", "relative_incomplete", "not_in_your_division"}


def test_nobody_is_registered_twice_until_the_first_entry_has_ended(case: Driver, entry: Entry) -> None:
    reviewer = case.actor(Role.COUNTY_REVIEWER)
    row = register(case.session, reviewer, entry, case.now)
    assert codes(case, entry) == {"relative_registered"}
    with pytest.raises(Stale):
        strike(case.session, reviewer, row, "已离职", row.row_version + 1, case.now)
    strike(case.session, reviewer, row, "已离职", row.row_version, case.now)
    assert register(case.session, reviewer, entry, case.now).id != row.id
