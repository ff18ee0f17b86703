"""An event entered by mistake is taken back, unless something rests on it."""

import pytest

from models import Visit
from policy.vocabulary import Absence, Action, LeaveReason, Need, ReportState, Role, Sex, Stage, VisitKind
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.happening import NEIGHBOUR, H, R, family, happen, heads, tasks
from workflows import household_event_undo, household_events, household_reports
from workflows.household_event_input import Happened, Newborn
from workflows.reason import Refused


@pytest.fixture
def d(session) -> Driver:
    return family(session)


def undo(d, event, actor=None):
    officer = actor or d.actor(Role.TOWNSHIP_OFFICER)
    return household_event_undo.undo(d.session, event, "登记有误", officer, d.now, FIGURES)


def stand(home) -> list[tuple]:
    return [(m.id, m.relation, m.left_on, m.marital, m.absence) for m in home.members if m.leave_reason != "correction"]


def test_a_wrong_entry_is_taken_back_and_the_family_stands_as_before(d):
    d.to_active().wait(1)
    head, spouse, son = d.home.members
    before = stand(d.home)
    for given in (
        {"kind": H.DEATH, "member": head.id, "head": spouse.id},
        {"kind": H.LEFT, "member": son.id, "reason": LeaveReason.MOVE},
        {"kind": H.BIRTH, "newborn": Newborn("小满", Sex.MALE, R.SON)},
        {"kind": H.SPLIT, "along": {son.id: R.HEAD}, "village_code": NEIGHBOUR, "address": "二组"},
        {"kind": H.NEW_HEAD, "head": son.id},
        {"kind": H.AWAY, "member": son.id, "absence": Absence.PRISON},
    ):
        done = happen(d, **given)
        assert stand(d.home) != before, given
        undo(d, done.event)
        assert (stand(d.home), d.home.persons, d.home.dissolved_on) == (before, 3, None), given
        assert heads(d.home) == [head.name] and d.home.head_name == head.name
        assert d.stage is Stage.RECHECK
    with pytest.raises(Refused, match="event_undone_before"):
        undo(d, done.event)


def test_a_merge_taken_back_gives_the_other_family_its_people_again(d):
    other = factories.household(d.session, NEIGHBOUR, head_name="邻居", members=2)
    a, b = other.members
    done = happen(d, H.MERGE, other=other.id, along={a.id: R.PARENT, b.id: R.OTHER})
    undo(d, done.event)
    assert (other.persons, other.dissolved_on, heads(other), d.home.persons) == (2, None, [a.name], 3)


def test_before_an_entry_that_stays_nothing_is_taken_back_and_nobody_is_sent_to_take_that_back_first(d):
    first = happen(d, H.AWAY, member=d.home.members[2].id, absence=Absence.PRISON)
    moved = happen(d, H.MOVED, village_code=NEIGHBOUR, address="二组8号")
    happen(d, H.DEATH, member=d.home.members[1].id)
    with pytest.raises(Refused, match="event_later_lasts"):
        undo(d, first.event)
    with pytest.raises(Refused, match="event_lasts"):
        undo(d, moved.event)


def test_an_entry_on_which_something_rests_stays(d):
    d.to_active().wait(1)
    _head, spouse, son = d.home.members
    first = happen(d, H.AWAY, member=son.id, absence=Absence.PRISON)
    second = happen(d, H.DEATH, member=spouse.id)
    with pytest.raises(Refused, match=r"event_later\b"):
        undo(d, first.event)
    undo(d, second.event)
    d.wait(1).do(Action.RECORD_SURVEY, Role.VILLAGE_WORKER)
    with pytest.raises(Refused, match="event_case_went_on"):
        undo(d, first.event)


def test_who_was_entered_in_another_family_since_is_not_brought_back_into_two(d):
    son = d.home.members[2]
    done = happen(d, H.LEFT, member=son.id, reason=LeaveReason.MOVE)
    other = factories.household(d.session, NEIGHBOUR, members=1)
    factories.member(d.session, other, birth=son.birth, id_no=son.id_no, joined_on=d.day())
    with pytest.raises(Refused, match="event_person_elsewhere"):
        undo(d, done.event)


def test_a_case_that_ended_with_the_event_is_not_brought_back(d):
    d.to_active().wait(1)
    done = happen(d, H.MOVED_AWAY)
    with pytest.raises(Refused, match="event_case_went_on"):
        undo(d, done.event)


def test_what_only_waited_is_off_the_desk_when_the_entry_is_taken_back(d):
    d.to_grace().wait(1)
    done = happen(d, H.DEATH, member=d.home.members[2].id)
    assert len(tasks(d)) == 1
    undo(d, done.event)
    assert tasks(d) == []


def found(d, **more) -> Visit:
    """A visit that found something changed, and waits for the township."""
    codes = {"township_code": d.home.township_code, "village_code": d.home.village_code}
    usual = {"kind": VisitKind.FOLLOW_UP, "done_on": d.day(), "consistent": False, "open_since": d.day()}
    return factories.keep(d.session, Visit(household=d.home, **codes, **usual, **more))


def test_what_a_visit_found_waits_again_when_the_entry_that_settled_it_is_taken_back(d):
    visit = found(d)
    since = visit.open_since
    done = happen(d.wait(3), H.DEATH, member=d.home.members[2].id)
    assert visit.open_since is None
    undo(d.wait(2), done.event)
    assert visit.open_since == since


def test_what_a_visit_found_waits_no_more_where_a_recheck_looks_into_it(d):
    visit = found(d.to_active().wait(1))
    done = happen(d, H.DEATH, member=d.home.members[2].id)
    undo(d.wait(1), done.event)
    assert (visit.open_since, d.stage) == (None, Stage.RECHECK)


def test_neither_an_entry_taken_back_nor_a_number_filled_in_settles_what_a_visit_found(d):
    done = happen(d, H.DEATH, member=d.home.members[2].id)
    visit = found(d.wait(1))
    undo(d, done.event)
    assert visit.open_since == d.day()
    nameless = factories.member(d.session, d.home, id_no_pending=True)
    happen(d, H.ID_NUMBER, member=nameless.id, id_no=factories.id_number())
    assert visit.open_since == d.day()


def test_the_report_that_an_entry_carried_out_waits_again_once_that_is_taken_back(d):
    village = d.actor(Role.VILLAGE_WORKER)
    told = household_reports.Told(H.DEATH, d.day(), "村民病故", d.home.members[2])
    row = household_reports.report(d.session, d.home, told, village, d.now, FIGURES)
    wrong = Happened(H.DEATH, d.day(), "登记错了人", member=d.home.members[1].id)
    officer = d.actor(Role.TOWNSHIP_OFFICER)
    done = household_events.happen(d.session, d.home, wrong, officer, d.wait(1).now, FIGURES, report=row)
    assert (row.state, tasks(d)) == (ReportState.DONE, [])
    undo(d.wait(1), done.event)
    assert (row.state, row.event_id, row.settled_at) == (ReportState.OPEN, None, None)
    [task] = tasks(d)
    assert (task.report_id, task.need) == (row.id, Need.CARRY_OUT)
    happen(d, H.DEATH, member=d.home.members[2].id)
    household_reports.turn_down(d.session, row, "已直接登记", officer, d.now)
    assert tasks(d) == []
