"""Which families an import calls up for a recheck: those of which a row says that rights or money differ."""

import pytest
from sqlalchemy import select

from models import ImportRow, Member
from policy.vocabulary import Role
from tests import factories
from tests.workflows.exchange import rosters
from workflows import audit
from workflows.exchange import choosing, rechecks, staged
from workflows.exchange.staging import new_batch


@pytest.fixture
def here(session):
    """A batch without rows, a family and its head."""
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    home = factories.household(session)
    audit.attribute(session, reviewer, rosters.NOW)
    batch = new_batch(reviewer, rosters.NOW, "名册.csv", "0" * 64)
    session.add(batch)
    session.commit()
    return batch.id, home.id, session.scalars(select(Member.id).where(Member.household_id == home.id)).first()


def called(session, batch, **row):
    usual = {"row_no": 2, "outcome": "unchanged", "table_name": "household", "choice": "take", "problems": []}
    session.add(ImportRow(batch_id=batch, **{**usual, **row}))
    session.commit()
    return staged.called(session, batch, sorted(rechecks.CALLS), choosing.SKIP)


@pytest.mark.parametrize(
    ("marks", "is_called"),
    [
        *((f" {code} ", True) for code in sorted(rechecks.CALLS)),
        (" head_name_differs amount_differs ", True),
        (" amount_differs head_name_differs ", True),
        (" head_name_differs ", False),
        (" amount_differs_not ", False),
        ("  ", False),
        ("", False),
    ],
)
def test_a_family_is_called_by_the_codes_that_call_and_by_no_others(session, here, marks, is_called):
    batch, home, _ = here
    assert called(session, batch, row_id=home, marks=marks) == ([home] if is_called else [])


@pytest.mark.parametrize(
    ("outcome", "is_called"),
    [("new", True), ("changed", True), ("unchanged", True), ("refused", False), ("stale", False), ("missing", False)],
)
def test_a_row_calls_that_is_taken_or_changes_nothing_and_not_one_that_is_left(session, here, outcome, is_called):
    batch, home, _ = here
    found = called(session, batch, row_id=home, marks=" amount_differs ", outcome=outcome)
    assert found == ([home] if is_called else [])


def test_a_row_that_somebody_skips_calls_nobody(session, here):
    batch, home, _ = here
    assert called(session, batch, row_id=home, marks=" amount_differs ", choice=choosing.SKIP) == []


def test_a_row_of_a_person_calls_their_family(session, here):
    batch, home, member = here
    assert called(session, batch, row_id=member, table_name="member", marks=" tekun_amount_differs ") == [home]


def test_a_person_who_joins_calls_the_family_that_they_join(session, here):
    batch, home, _ = here
    row = {"outcome": "new", "table_name": "member", "home_id": home, "marks": " joins_open_case "}
    assert called(session, batch, row_id=None, **row) == [home]


def test_a_row_of_another_batch_calls_nobody_here(session, here):
    batch, home, _ = here
    called(session, batch, row_id=home, marks=" amount_differs ")
    assert staged.called(session, batch + 1, sorted(rechecks.CALLS), choosing.SKIP) == []


def test_a_family_that_nobody_knows_yet_is_not_called(session, here):
    batch, _, _ = here
    assert called(session, batch, row_id=None, outcome="new", marks=" amount_differs ") == []
