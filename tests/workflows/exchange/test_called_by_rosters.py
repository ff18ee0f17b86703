"""A roster that takes families on file over calls up what rests on it; undone, nobody need look at that any more."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models import Benefit, Event, Household
from policy.vocabulary import Action, Relation, Role, Scheme, Sex, Stage, Unit
from tests import factories
from tests.workflows.exchange import rosters, sheets
from tests.workflows.exchange.rosters import HEAD_ROW, HOUSEHOLD, NOW, WIFE_ROW
from workflows import audit, case_guard
from workflows.exchange.apply import apply_batch
from workflows.exchange.undo import undo_batch

pytestmark = pytest.mark.usefixtures("in_process")
DUE, LATER = NOW.date() + timedelta(days=365), NOW + timedelta(hours=1)


@pytest.fixture
def reviewer(session_any):
    return rosters.actor(rosters.office(session_any)[Role.COUNTY_REVIEWER])


@pytest.fixture
def child(session_any, reviewer):
    """The money of somebody whose family is on file and gets nothing yet, next looked at in a year."""
    audit.attribute(session_any, reviewer, NOW)
    home = factories.household(session_any, members=0, persons=1, head_name="张样")
    head = factories.member(
        session_any, home, name="张样", id_no=sheets.HEAD, birth=date(1941, 2, 27), sex=Sex.MALE, relation=Relation.HEAD
    )
    case = factories.benefit(
        session_any, home, scheme=Scheme.UNSUPPORTED_CHILD, member=head, unit=Unit.SINGLE, review_due_on=DUE
    )
    session_any.commit()
    return case


def said(session, case):
    query = select(Event.opinion).where(Event.benefit_id == case.id, Event.action == Action.PLAN_REVIEW)
    session.expire_all()
    return list(session.scalars(query.order_by(Event.id)))


def apply(session, sheet, who, now=NOW):
    batch = rosters.staged(session, sheet, who)
    apply_batch(session, batch.id, who, now, rosters.FIGURES)
    session.commit()
    return batch


def undo(session, batch, who, now=LATER):
    undo_batch(session, batch.id, who, now, "试错")
    session.commit()
    return batch.state


def test_a_child_s_money_is_called_up_by_a_roster_and_by_its_undoing_no_longer(session_any, reviewer, child):
    batch = apply(session_any, rosters.households(HOUSEHOLD), reviewer)
    taken = session_any.scalars(select(Benefit).where(Benefit.taken_over)).one()
    assert said(session_any, child) == [f"本户最低生活保障（案号{taken.case_no}）已确认，须重新核查。"]
    assert child.review_due_on == NOW.date()
    assert undo(session_any, batch, reviewer) == "undone"
    assert said(session_any, child)[1:] == ["导入已撤回，复核日期恢复原定。"]
    assert (child.review_due_on, taken.stage) == (DUE, Stage.WITHDRAWN)
    assert audit.verify(session_any).first_bad is None


def test_what_a_later_import_called_up_does_not_keep_an_earlier_one_once_it_is_undone(session_any, reviewer, child):
    first = apply(session_any, rosters.members(WIFE_ROW), reviewer)
    second = apply(session_any, rosters.households(HOUSEHOLD), reviewer, LATER)
    assert len(said(session_any, child)) == 1
    assert undo(session_any, second, reviewer, LATER) == "undone"
    assert undo(session_any, first, reviewer, LATER) == "undone"


@pytest.mark.parametrize(
    ("scheme", "hours", "stays"),
    [(Scheme.TEKUN, 1, True), (Scheme.TEKUN, -1, False), (Scheme.CARE_SUBSIDY, 1, False)],
)
def test_what_another_decision_since_needs_looked_at_stays_due_when_a_sheet_is_undone(
    session_any, reviewer, scheme, hours, stays
):
    apply(session_any, rosters.members(HEAD_ROW), reviewer)
    apply(session_any, rosters.households(HOUSEHOLD), reviewer)
    case = session_any.scalars(select(Benefit)).one()
    due = case.review_due_on
    other = HOUSEHOLD | {"户月保障金额(元)": "900", "合计(元)": "900", "家庭住址": "新址"}
    batch = apply(session_any, rosters.households(other), reviewer)
    session_any.refresh(case)
    assert (case.review_due_on, due > NOW.date()) == (NOW.date(), True)
    audit.attribute(session_any, reviewer, LATER)
    who = {"member": case.household.members[0], "unit": Unit.SINGLE}
    beside = factories.benefit(session_any, case.household, scheme=scheme, **who)
    session_any.add(Event(
        benefit=beside, action=Action.CONFIRM, from_stage=Stage.APPROVAL, to_stage=Stage.ACTIVE,
        actor_name="某", data={}, at=NOW + timedelta(hours=hours), monthly_before_fen=0,
        monthly_after_fen=beside.monthly_fen, township_code=beside.township_code, village_code=beside.village_code,
    ))  # fmt: skip
    session_any.commit()
    assert undo(session_any, batch, reviewer, LATER + timedelta(hours=1)) == "undone"
    session_any.refresh(case)
    assert case.review_due_on == (NOW.date() if stays else due)


def test_what_was_looked_at_since_keeps_its_day_when_the_roster_is_undone(session_any, reviewer, child):
    batch = apply(session_any, rosters.households(HOUSEHOLD), reviewer)
    assert batch.counts["called"] == {str(child.id): DUE.isoformat()}
    audit.attribute(session_any, reviewer, LATER)
    other = DUE + timedelta(days=30)
    with case_guard.taking(session_any, child):
        child.review_due_on = other
        session_any.flush()
    session_any.commit()
    undo(session_any, batch, reviewer)
    assert (len(said(session_any, child)), child.review_due_on) == (1, other)


@pytest.mark.parametrize(
    ("scheme", "stage", "covers", "called"),
    [
        (Scheme.EDGE, Stage.ACTIVE, 1, True),
        (Scheme.RIGID, Stage.ACTIVE, 1, True),
        (Scheme.EDGE, Stage.RECHECK, 1, True),
        (Scheme.EDGE, Stage.APPROVAL, 1, False),
        (Scheme.EDGE, Stage.EXITED, 1, False),
        (Scheme.EDGE, Stage.ACTIVE, 2, False),
    ],
)
def test_who_joins_a_recognised_family_by_a_roster_calls_its_recognition_up_until_that_is_undone(
    session_any, reviewer, scheme, stage, covers, called
):
    apply(session_any, rosters.members(HEAD_ROW | {"户月保障金额": "", "合计": ""}), reviewer)
    audit.attribute(session_any, reviewer, NOW)
    home = session_any.scalars(select(Household)).one()
    case = factories.benefit(session_any, home, stage, scheme=scheme, persons=covers, review_due_on=None)
    session_any.commit()
    batch = apply(session_any, rosters.members(WIFE_ROW), reviewer)
    session_any.refresh(case)
    assert (case.review_due_on, home.persons) == (NOW.date() if called else None, 2)
    assert undo(session_any, batch, reviewer) == "undone"
    session_any.refresh(case)
    assert case.review_due_on is None
