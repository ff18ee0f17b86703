"""What an event in a family does to its open cases: rechecked, calculated anew, waiting or ended."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Event
from policy.calendar import add_months
from policy.vocabulary import Absence, Action, LeaveReason, Need, Role, Sex, Stage
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.happening import H, R, family, happen, heads, refused, tasks
from workflows import calculating
from workflows.household_events import Newborn
from workflows.reason import Refused


@pytest.fixture
def d(session) -> Driver:
    return family(session)


def test_a_death_begins_the_recheck_of_the_case_names_its_event_and_changes_no_amount(d):
    d.to_active()
    amount, persons = d.case.monthly_fen, d.case.persons
    done = happen(d, H.DEATH, member=d.home.members[2].id)
    assert d.stage is Stage.RECHECK and (d.case.monthly_fen, d.case.persons) == (amount, persons)
    assert [(effect.benefit, effect.what) for effect in done.effects] == [(d.case, "recheck")]
    step = d.session.scalars(select(Event).where(Event.action == Action.START_RECHECK)).one()
    assert step.data["household_event"] == done.event.id and "死亡" in step.opinion
    assert (step.monthly_before_fen, step.monthly_after_fen) == (amount, amount)


@pytest.mark.parametrize(("decision", "fen"), [(Action.KEEP, 40_000), (Action.RAISE, 50_000), (Action.CUT, 30_000)])
def test_who_is_counted_follows_the_decision_of_the_recheck_and_not_the_event(d, decision, fen):
    d.to_active()
    assert d.case.persons == 3
    happen(d, H.DEATH, member=d.home.members[2].id)
    assert d.case.persons == 3
    d.do(Action.RECORD_SURVEY, Role.VILLAGE_WORKER).calculated(fen).do(Action.GIVE_OPINION, amount_fen=fen)
    d.do(decision, Role.TOWNSHIP_APPROVER, **({} if decision is Action.KEEP else {"amount_fen": fen}))
    assert d.stage is Stage.ACTIVE and d.case.persons == 2


def test_who_serves_a_sentence_is_in_the_family_but_not_counted_when_the_recheck_is_decided(d):
    d.to_active()
    happen(d, H.AWAY, member=d.home.members[2].id, absence=Absence.PRISON, words="判决书送达")
    d.do(Action.RECORD_SURVEY, Role.VILLAGE_WORKER)
    found = calculating.calculate(d.session, d.case, d.actor(Role.TOWNSHIP_OFFICER), d.now, FIGURES)
    d.do(Action.GIVE_OPINION, amount_fen=found.monthly_fen)
    decision = Action.RAISE if found.monthly_fen > d.case.monthly_fen else Action.CUT
    d.do(decision, Role.TOWNSHIP_APPROVER, amount_fen=found.monthly_fen)
    assert (d.home.persons, d.case.persons) == (3, 2)


def test_the_death_of_the_last_person_ends_the_case(d):
    d.to_active()
    head, spouse, son = d.home.members
    for member in (spouse, son):
        happen(d, H.LEFT, member=member.id, reason=LeaveReason.MOVE)
    done = happen(d, H.DEATH, member=head.id)
    assert d.stage is Stage.EXITED and [effect.what for effect in done.effects] == ["ends"]
    assert d.home.dissolved_on == d.day() and d.home.persons == 0


@pytest.mark.parametrize("stage", [Stage.GRACE, Stage.SUSPENDED])
def test_where_no_recheck_can_begin_it_waits_on_the_desk_with_its_day_and_is_done_with_the_step(d, stage):
    d.to_grace() if stage is Stage.GRACE else d.to_recheck().do(Action.SUSPEND, Role.TOWNSHIP_APPROVER)
    head, spouse, son = d.home.members
    assert refused(d, H.DEATH, member=head.id) == ["new_head_missing"]
    done = happen(d, H.DEATH, member=head.id, head=spouse.id, on=d.day() - timedelta(days=10))
    assert heads(d.home) == [spouse.name] and d.stage is stage
    (task,) = tasks(d)
    assert (task.need, task.benefit_id, task.event_id) == (Need.RECHECK, d.case.id, done.event.id)
    assert task.due_on == add_months(d.day() - timedelta(days=10), 3)
    d.wait(1).do(Action.RESUME, Role.TOWNSHIP_APPROVER)
    assert tasks(d) == [task]
    d.do(Action.START_RECHECK)
    assert tasks(d) == [] and tasks(d, done=True) == [task]


def test_an_application_must_be_calculated_anew_and_the_opinion_given_again(d):
    d.to_opinion()
    assert d.facts().finding and d.facts().opinion
    d.wait(1)
    done = happen(d, H.BIRTH, newborn=Newborn("小满", Sex.FEMALE, R.DAUGHTER))
    assert [effect.what for effect in done.effects] == ["calculate"]
    assert d.facts().finding is None and d.facts().opinion is None
    assert [task.need for task in tasks(d)] == [Need.CALCULATE]
    with pytest.raises(Refused, match="not_calculated"):
        d.take(Action.GIVE_OPINION, Role.TOWNSHIP_OFFICER, d.good(Action.GIVE_OPINION))
    d.calculated()
    assert tasks(d) == [] and d.facts().finding
    note = d.session.scalars(select(Event).where(Event.action == Action.FAMILY_CHANGED)).one()
    assert note.data["household_event"] == done.event.id and "小满" in note.opinion


def test_a_running_recheck_takes_the_change_in_and_its_opinion_back(d):
    d.to_recheck().wait(1)
    done = happen(d, H.DEATH, member=d.home.members[2].id)
    assert [effect.what for effect in done.effects] == ["rechecking"] and tasks(d) == []
    assert d.facts().opinion is None and d.facts().finding is None and d.facts().visited


def test_a_case_of_one_person_ends_when_that_person_goes_and_waits_for_a_recheck_otherwise(d):
    son = d.home.members[2]
    case = factories.benefit(d.session, d.home, Stage.ACTIVE, member=son, unit="single", persons=1, monthly_fen=30_000)
    happen(d, H.BIRTH, newborn=Newborn("小满", Sex.MALE, R.GRANDCHILD))
    assert case.stage is Stage.RECHECK
    happen(d, H.LEFT, member=son.id, reason=LeaveReason.MARRIAGE)
    assert case.stage is Stage.EXITED


@pytest.mark.parametrize(("days", "late"), [(89, False), (90, False), (91, True)])
def test_a_change_told_after_more_than_three_months_is_marked(d, days, late):
    assert happen(d, H.DEATH, member=d.home.members[1].id, on=d.day() - timedelta(days=days)).event.late is late
