"""Columns of staged rows read as texts: in order, empty cells as nothing, and never out of step with one another."""

import pytest
from sqlalchemy import bindparam, update

from models import ImportRow
from policy.vocabulary import Role
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import person
from workflows.exchange.by_columns import COLUMN, columns, texts

pytestmark = pytest.mark.usefixtures("in_process")
NAMES = ("row_no", "outcome", "row_id", "village_code")


@pytest.fixture
def asked(session_any):
    reviewer = rosters.actor(rosters.office(session_any)[Role.COUNTY_REVIEWER])
    rosters.staged(session_any, rosters.members(*(person(n) for n in range(1, 13))), reviewer)
    return lambda size: columns(session_any, NAMES, "row_no", COLUMN.row_no > bindparam("after"), size)


def test_columns_come_in_the_order_of_the_rows_and_empty_cells_as_nothing(session_any, asked):
    numbers, outcomes, ids, villages = texts(session_any.connection(), asked(5), after=4)
    assert (numbers, outcomes, ids) == (["5", "6", "7", "8", "9"], ["new"] * 5, [""] * 5)
    assert len(set(villages)) == 1
    assert texts(session_any.connection(), asked(5), after=100) == []


def test_columns_that_would_be_out_of_step_are_refused(session_any, asked):
    connection = session_any.connection()
    short = columns(session_any, ("row_no", "person_hash"), "row_no", COLUMN.row_no > bindparam("after"), 5)
    connection.execute(update(ImportRow).where(COLUMN.row_no == 6).values(person_hash=None))
    with pytest.raises(ValueError, match="lacks"):
        texts(connection, short, after=4)
