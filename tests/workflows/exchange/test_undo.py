"""Undoing an import while nobody touched its rows, on both engines; nothing is deleted."""

import pytest
from sqlalchemy import select

from models import Benefit, Household, Member
from policy.vocabulary import LeaveReason, Role, Stage
from tests import factories
from tests.workflows.exchange import rosters
from tests.workflows.exchange.rosters import HEAD_ROW, HOUSEHOLD, NOW, SON_ROW, WIFE_ROW
from workflows import audit
from workflows.exchange.undo import blocking, undo_batch
from workflows.reason import Refused

pytestmark = pytest.mark.usefixtures("in_process")


@pytest.fixture
def reviewer(session):
    return rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])


def refused(session, batch, who, reason="试错"):
    with pytest.raises(Refused) as found:
        undo_batch(session, batch.id, who, NOW, reason)
    session.rollback()
    return [reason.code for reason in found.value.reasons]


def test_what_an_import_brought_leaves_again_and_stays_on_record(session_any):
    session = session_any
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    batch = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    undo_batch(session, batch.id, reviewer, NOW, "试错")
    session.commit()
    home, case = session.scalars(select(Household)).one(), session.scalars(select(Benefit)).one()
    assert (home.dissolved_on, case.stage) == (NOW.date(), Stage.WITHDRAWN)
    assert {(m.left_on, m.leave_reason) for m in session.scalars(select(Member))} == {
        (NOW.date(), LeaveReason.CORRECTION)
    }
    assert (batch.state, audit.verify(session).sound) == ("undone", True)


def test_what_an_import_changed_is_set_back(session_any):
    session = session_any
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.households(HOUSEHOLD), reviewer)
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    told = HOUSEHOLD | {"联系电话": "10600000002", "申请原因": "残疾", "拥有产权住房套数": "2"}
    batch = rosters.applied(session, rosters.households(told), reviewer)
    home = session.scalars(select(Household)).one()
    assert (home.phone, home.causes[0].cause.value) == ("10600000002", "disability")
    undo_batch(session, batch.id, reviewer, NOW, "试错")
    session.commit()
    session.expire_all()
    houses = [asset.quantity for asset in home.assets if asset.kind.value == "house"]
    assert (home.phone, home.causes[0].cause.value, houses) == ("10600000001", "illness", [1])


def test_an_import_can_be_brought_in_again_after_it_was_undone(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    undo_batch(session, batch.id, reviewer, NOW, "试错")
    session.commit()
    again = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    assert again.counts["applied"] == {"new": 2}


def test_a_row_that_somebody_touched_blocks_and_is_named(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    assert blocking(session, batch) == []
    audit.attribute(session, reviewer, NOW)
    session.scalars(select(Member).where(Member.name == "李样")).one().ethnicity = "彝族"
    session.commit()
    assert [(reason.code, reason.args["name"]) for reason in blocking(session, batch)] == [
        ("import_row_touched", "李样")
    ]
    assert refused(session, batch, reviewer) == ["import_row_touched"]


def test_somebody_who_joined_later_blocks(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    rosters.applied(session, rosters.members(SON_ROW), reviewer)
    assert "import_row_touched" in refused(session, batch, reviewer)


def test_a_step_of_a_case_that_was_taken_over_blocks(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    home = session.scalars(select(Household)).one()
    factories.benefit(session, home, Stage.EXITED)
    session.commit()
    assert "import_row_touched" in refused(session, batch, reviewer)


def test_an_undo_needs_a_reason_and_its_own_office_and_happens_once(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    assert refused(session, batch, reviewer, " ") == ["reason_missing"]
    other = reviewer.__class__(reviewer.id, "", Role.TOWNSHIP_OFFICER, "511526100")
    assert refused(session, batch, other) == ["not_your_import"]
    undo_batch(session, batch.id, reviewer, NOW, "试错")
    session.commit()
    assert refused(session, batch, reviewer) == ["import_not_applied"]
