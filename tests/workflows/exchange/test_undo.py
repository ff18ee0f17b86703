"""Undoing an import around the rows that somebody touched since, on both engines; nothing is deleted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Asset, AuditEntry, Benefit, DeskSummary, Event, Household, ImportRow, Member, Visit
from policy.vocabulary import Action, AssetKind, LeaveReason, Role, Stage
from tests import factories
from tests.workflows import refusals
from tests.workflows.exchange import rosters, sheets
from tests.workflows.exchange.rosters import HEAD_ROW, HOUSEHOLD, NOW, SON_ROW, WIFE_ROW
from workflows import audit, visiting
from workflows.exchange.undo import undo_batch
from workflows.exchange.undo_plan import plan, touched_count
from workflows.exchange.undo_touched import told
from workflows.reason import Refused

pytestmark = pytest.mark.usefixtures("in_process")
LATER = NOW + timedelta(hours=1)
OTHER = sheets.id_no("19600101", 7)
OTHER_HOUSEHOLD = HOUSEHOLD | {
    "户主姓名": "王别", "户主身份证号": OTHER, "家庭成员姓名": "王别", "家庭成员身份证号": OTHER,
    "家庭人口": "1", "保障人口": "1",
}  # fmt: skip


def refused(session, batch, who, reason="试错"):
    found = refusals.refused(undo_batch, session, batch.id, who, NOW, reason)
    session.rollback()
    return found


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


def test_visits_planned_for_who_came_by_an_import_are_called_off_with_it_and_no_others(session_any):
    session = session_any
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.members(rosters.person(5)), reviewer)
    batch = rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    assert visiting.plan_quarter(session, NOW, rosters.FIGURES) == 2
    photo = factories.document(session, session.scalars(select(Visit).order_by(Visit.id.desc())).first())
    session.commit()
    undo_batch(session, batch.id, reviewer, LATER, "试错")
    session.commit()
    session.refresh(photo)
    assert photo.visit_id is None and photo.household_id != session.scalars(select(Visit.household_id)).one()
    assert [visit.household.head_name for visit in session.scalars(select(Visit))] == ["户主5"]
    desk = session.get(DeskSummary, (factories.VILLAGE, "visit", visiting.quarter_of(NOW.date())[1]))
    assert desk.n == 1 and audit.verify(session).sound


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


def touch(session, who, name, at=LATER, **changes):
    """Somebody edits a person by hand."""
    audit.attribute(session, who, at)
    person = session.scalars(select(Member).where(Member.name == name)).one()
    for field, value in changes.items():
        setattr(person, field, value)
    session.commit()
    return person


def left(session, batch):
    return [(one.row.label, one.why) for one in plan(session, batch).left]


def standing(session):
    return set(session.scalars(select(Member.name).where(Member.left_on.is_(None))))


def test_another_name_of_a_head_is_set_back_on_the_family_as_well(session_any):
    session = session_any
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    batch = rosters.applied(session, rosters.members(HEAD_ROW | {"姓名": "张新样"}), reviewer)
    assert session.scalars(select(Household.head_name)).one() == "张新样"
    undo_batch(session, batch.id, reviewer, NOW, "试错")
    session.commit()
    assert session.scalars(select(Household.head_name)).one() == "张样"
    undone = select(AuditEntry.table_name).where(AuditEntry.batch_id == batch.id, AuditEntry.action == "undo")
    assert set(session.scalars(undone)) >= {"household", "member"}


def test_rows_that_somebody_touched_are_named_and_left_and_the_rest_is_taken_back(session_any):
    session = session_any
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW, SON_ROW), reviewer)
    told = [row | {"备注": "新", "民族": "苗族"} for row in (HEAD_ROW, WIFE_ROW, SON_ROW)]
    batch = rosters.applied(session, rosters.members(*told), reviewer)
    wife = touch(session, reviewer, "李样", ethnicity="彝族")
    assert left(session, batch) == [("李样", "edited")]
    assert touched_count(session, batch) == 1
    undo_batch(session, batch.id, reviewer, LATER, "试错", expected=2)
    session.commit()
    session.expire_all()
    notes = dict(map(tuple, session.execute(select(Member.name, Member.note))))
    assert (notes["张样"], notes["张小样"], notes["李样"], wife.ethnicity) == ("", "", "新", "彝族")
    assert (batch.state, batch.counts["left"], batch.counts["undone"]) == ("applied", 1, {"changed": 2})
    undone = session.scalars(select(ImportRow.undone_at).where(ImportRow.batch_id == batch.id)).all()
    assert sorted(map(str, undone)) == sorted([str(LATER), str(LATER), "None"])
    assert audit.verify(session).sound


def test_a_family_the_batch_founded_stays_whole_when_one_of_its_people_was_touched(session, reviewer):
    alone = rosters.person(5)
    batch = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW, alone), reviewer)
    touch(session, reviewer, "李样", ethnicity="彝族")
    assert left(session, batch) == [("张样", "family"), ("李样", "edited")]
    undo_batch(session, batch.id, reviewer, LATER, "试错")
    session.commit()
    assert standing(session) == {"张样", "李样"}
    stages = dict(map(tuple, session.execute(select(Household.head_name, Benefit.stage).join(Benefit.household))))
    assert stages == {"张样": Stage.ACTIVE, alone["姓名"]: Stage.WITHDRAWN}


def test_when_nothing_is_free_an_undo_is_refused_and_says_so(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    touch(session, reviewer, "张样", ethnicity="彝族")
    assert refused(session, batch, reviewer) == ["undo_nothing_free"]
    assert session.scalars(select(Benefit.stage)).one() is Stage.ACTIVE


def test_a_later_import_holds_rows_until_it_is_undone_itself(session_any):
    session = session_any
    reviewer = rosters.actor(rosters.office(session)[Role.COUNTY_REVIEWER])
    first = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    second = rosters.applied(session, rosters.members(WIFE_ROW | {"备注": "新"}, SON_ROW), reviewer)
    assert left(session, first) == [("张样", "joined"), ("李样", "edited")]
    undo_batch(session, second.id, reviewer, LATER, "试错")
    session.commit()
    assert left(session, first) == []
    undo_batch(session, first.id, reviewer, LATER, "试错")
    session.commit()
    assert (standing(session), first.state) == (set(), "undone")


def test_what_was_left_is_taken_back_by_a_second_undo_once_it_is_free(session, reviewer):
    alone = rosters.person(5)
    first = rosters.applied(session, rosters.members(HEAD_ROW, alone), reviewer)
    second = rosters.applied(session, rosters.members(HEAD_ROW | {"备注": "新"}), reviewer)
    undo_batch(session, first.id, reviewer, LATER, "试错")
    session.commit()
    assert standing(session) == {"张样"}
    assert refused(session, first, reviewer) == ["undo_nothing_free"]
    undo_batch(session, second.id, reviewer, LATER, "试错")
    undo_batch(session, first.id, reviewer, LATER + timedelta(days=1), "试错")
    session.commit()
    assert (standing(session), first.state, first.counts["undone"]) == (set(), "undone", {"new": 2})


def test_somebody_who_joined_later_holds_the_family(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    rosters.applied(session, rosters.members(SON_ROW), reviewer)
    assert left(session, batch) == [("张样", "joined"), ("李样", "joined")]


def test_a_step_of_a_case_that_was_taken_over_holds_the_family(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    home = session.scalars(select(Household)).one()
    factories.benefit(session, home, Stage.EXITED)
    session.commit()
    assert left(session, batch) == [("张样", "step")]


def test_property_edited_by_hand_is_not_overwritten(session, reviewer):
    rosters.applied(session, rosters.households(HOUSEHOLD), reviewer)
    batch = rosters.applied(session, rosters.households(HOUSEHOLD | {"拥有产权住房套数": "2"}), reviewer)
    audit.attribute(session, reviewer, LATER)
    session.scalars(select(Asset).where(Asset.kind == AssetKind.HOUSE)).one().quantity = 5
    session.commit()
    assert left(session, batch) == [("张样", "details")]
    moved = HOUSEHOLD | {"家庭住址": "新址", "拥有产权住房套数": ""}
    other = rosters.applied(session, rosters.households(moved), reviewer)
    assert left(session, other) == []


def test_a_founded_family_whose_own_record_was_edited_stays(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW, WIFE_ROW), reviewer)
    audit.attribute(session, reviewer, LATER)
    session.scalars(select(Household)).one().address = "别处"
    session.commit()
    assert {why for _, why in left(session, batch)} == {"edited"}


def test_somebody_who_joined_a_case_that_was_worked_on_since_stays(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    batch = rosters.applied(session, rosters.members(WIFE_ROW, HEAD_ROW | {"备注": "新"}), reviewer)
    case = session.scalars(select(Benefit)).one()
    audit.attribute(session, reviewer, LATER)
    session.add(Event(
        benefit_id=case.id, action=Action.START_REVIEW, to_stage=case.stage, at=LATER, actor_id=reviewer.id,
        actor_name=reviewer.name, actor_role=reviewer.role, channel="web", monthly_before_fen=0, monthly_after_fen=0,
        township_code=case.township_code, village_code=case.village_code,
    ))  # fmt: skip
    session.commit()
    assert left(session, batch) == [("李样", "step")]


def test_who_touched_a_row_when_and_what_is_told(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    touch(session, reviewer, "张样", ethnicity="彝族")
    (one,) = plan(session, batch).left
    touch_ = told(session, batch, one)
    assert (touch_.who, touch_.at, touch_.how, touch_.what) == (reviewer.name, LATER, "update", ("ethnicity",))


def test_a_later_import_is_named_as_what_touched_a_row(session, reviewer):
    rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    batch = rosters.applied(session, rosters.members(HEAD_ROW | {"备注": "一"}), reviewer)
    rosters.applied(session, rosters.members(HEAD_ROW | {"备注": "二"}), reviewer)
    (one,) = plan(session, batch).left
    touch_ = told(session, batch, one)
    assert (touch_.how, touch_.what, touch_.at) == ("import", ("名册.csv",), NOW)


def test_an_undo_of_other_rows_than_were_shown_is_refused(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW, rosters.person(5)), reviewer)
    touch(session, reviewer, "张样", ethnicity="彝族")
    with pytest.raises(Refused) as found:
        undo_batch(session, batch.id, reviewer, LATER, "试错", expected=2)
    assert refusals.codes(found) == ["undo_differs"]


def test_the_recheck_that_an_import_called_for_is_not_taken_from_a_family_that_stays(session, reviewer):
    rosters.applied(session, rosters.households(HOUSEHOLD), reviewer)
    case = session.scalars(select(Benefit)).one()
    due = case.review_due_on
    told_ = HOUSEHOLD | {"户月保障金额(元)": "900", "合计(元)": "900", "家庭住址": "新址"}
    batch = rosters.applied(session, rosters.households(told_, OTHER_HOUSEHOLD), reviewer)
    assert case.review_due_on == NOW.date()
    audit.attribute(session, reviewer, LATER)
    session.scalars(select(Household).where(Household.head_name == "张样")).one().address = "别处"
    session.commit()
    undo_batch(session, batch.id, reviewer, LATER, "试错")
    session.commit()
    session.expire_all()
    assert due > NOW.date() and case.review_due_on == NOW.date()


def test_an_undo_needs_a_reason_and_its_own_office_and_happens_once(session, reviewer):
    batch = rosters.applied(session, rosters.members(HEAD_ROW), reviewer)
    assert refused(session, batch, reviewer, " ") == ["reason_missing"]
    other = reviewer.__class__(reviewer.id, "", Role.TOWNSHIP_OFFICER, "511526100")
    assert refused(session, batch, other) == ["not_your_import"]
    undo_batch(session, batch.id, reviewer, NOW, "试错")
    session.commit()
    assert refused(session, batch, reviewer) == ["import_not_applied"]
