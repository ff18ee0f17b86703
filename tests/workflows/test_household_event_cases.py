"""What an event in a family does to its open cases: rechecked, calculated anew, waiting or ended."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Event
from policy.calendar import add_months, add_working_days
from policy.vocabulary import Absence, Action, LeaveReason, Need, Role, Scheme, Sex, Stage, Unit
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.happening import NEIGHBOUR, H, R, family, happen, heads, refused, tasks
from tests.workflows.refusals import refused as codes
from workflows import calculating
from workflows.household_event_input import Newborn
from workflows.people import Person
from workflows.reason import Refused
from workflows.tick import tick


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
    head, spouse, _son = d.home.members
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


def alone(d, member, stage=Stage.ACTIVE):
    """低保 of one member who entered alone (单人户)."""
    return factories.benefit(d.session, d.home, stage, member=member, unit="single", persons=1, monthly_fen=30_000)


def test_a_case_of_one_person_is_rechecked_with_the_family_and_ends_with_the_death_of_that_person(d):
    son = d.home.members[2]
    case = alone(d, son)
    happen(d, H.BIRTH, newborn=Newborn("小满", Sex.MALE, R.GRANDCHILD))
    assert case.stage is Stage.RECHECK
    happen(d, H.DEATH, member=son.id)
    assert case.stage is Stage.EXITED


@pytest.mark.parametrize("scheme", [Scheme.LIVING_SUBSIDY, Scheme.CARE_SUBSIDY])
def test_a_birth_rechecks_the_family_and_no_subsidy_of_a_sibling_as_a_death_of_the_person_still_does(d, scheme):
    son = d.home.members[2]
    family_s, subsidy = factories.benefit(d.session, d.home, monthly_fen=90_000, persons=3), of(d, scheme, son)
    done = happen(d, H.BIRTH, newborn=Newborn("小满", Sex.MALE, R.SON))
    assert [(effect.benefit, effect.what) for effect in done.effects] == [(family_s, "recheck")]
    assert (subsidy.stage, family_s.stage, tasks(d)) == (Stage.ACTIVE, Stage.RECHECK, [])
    done = happen(d, H.DEATH, member=son.id)
    assert (subsidy, "ends") in [(effect.benefit, effect.what) for effect in done.effects]


def test_who_entered_dibao_alone_is_looked_for_before_it_ends_like_everybody_with_money_of_their_own(d):
    """57号 第三十条 asks for a change to be looked into; moving or marrying is no ground to stop by itself."""
    son = d.home.members[2]
    case = alone(d, son)
    done = happen(d, H.LEFT, member=son.id, reason=LeaveReason.MARRIAGE)
    assert [effect.what for effect in done.effects] == ["unsettled"]
    assert (case.stage, case.monthly_fen) == (Stage.ACTIVE, 30_000)
    due = tasks(d)[0].due_on
    assert due == add_working_days(d.day(), 5)
    tick(d.session, d.now + timedelta(days=(due - d.day()).days - 1), FIGURES)
    assert case.stage is Stage.ACTIVE
    tick(d.session, d.now + timedelta(days=(due - d.day()).days), FIGURES)
    assert case.stage is Stage.EXITED


def test_a_split_rechecks_what_stays_and_what_goes_along_and_edits_no_amount_of_any_open_case(d):
    head, _, son = d.home.members
    made = {
        "family": factories.benefit(d.session, d.home, Stage.ACTIVE, monthly_fen=90_000, persons=3),
        "living": of(d, Scheme.LIVING_SUBSIDY, son), "care": of(d, Scheme.CARE_SUBSIDY, son),
        "tekun": of(d, Scheme.TEKUN, son), "of who stays": of(d, Scheme.LIVING_SUBSIDY, head),
        "granted once": factories.benefit(d.session, d.home, scheme=Scheme.TEMPORARY, one_off_fen=90_000),
        "applied for": factories.benefit(d.session, d.home, Stage.REVIEW, scheme=Scheme.EDGE),
    }  # fmt: skip
    before = {name: (case.monthly_fen, case.one_off_fen, case.persons) for name, case in made.items()}
    done = happen(d, H.SPLIT, along={son.id: R.HEAD}, village_code=NEIGHBOUR, address="二组")
    become = {effect.benefit.id: effect.what for effect in done.effects}
    assert {name: become[case.id] for name, case in made.items()} == {
        "family": "recheck", "living": "recheck", "care": "recheck", "tekun": "recheck", "of who stays": "recheck",
        "granted once": "waits", "applied for": "calculate",
    }  # fmt: skip
    went = {name for name, case in made.items() if case.household_id != d.home.id}
    assert went == {"living", "care", "tekun"}
    assert {name: (case.monthly_fen, case.one_off_fen, case.persons) for name, case in made.items()} == before
    assert {(task.need, task.benefit_id) for task in tasks(d)} == {
        (Need.RECHECK, made["granted once"].id), (Need.CALCULATE, made["applied for"].id),
    }  # fmt: skip


def of(d, scheme, member):
    """Aid of one member in force."""
    return factories.benefit(
        d.session, d.home, scheme=scheme, member=member, unit="single", persons=1, monthly_fen=10_000
    )


def test_who_entered_dibao_alone_takes_it_along_at_a_split_and_is_rechecked_there(d):
    son = d.home.members[2]
    case = alone(d, son)
    happen(d, H.SPLIT, along={son.id: R.HEAD}, village_code=NEIGHBOUR, address="二组")
    assert (case.stage, case.monthly_fen, case.village_code) == (Stage.RECHECK, 30_000, NEIGHBOUR)
    assert case.member.present and case.household_id == case.member.household_id != d.home.id


def test_who_entered_dibao_alone_does_not_bring_it_into_a_family_that_receives_it_as_a_whole(d):
    son = d.home.members[2]
    case = alone(d, son)
    other = factories.household(d.session, NEIGHBOUR, head_name="邻居", members=2)
    whole = factories.benefit(d.session, other, monthly_fen=60_000)
    happen(d, H.MARRIAGE, other, people=(Person(son.name, son.id_no, R.CHILD_IN_LAW),))
    assert (case.stage, case.household_id, whole.stage) == (Stage.RECHECK, d.home.id, Stage.RECHECK)
    assert (case.monthly_fen, whole.monthly_fen) == (30_000, 60_000)


def test_a_family_does_not_merge_into_one_on_dibao_before_the_dibao_of_one_of_it_has_ended(d):
    alone(d, d.home.members[2])
    other = factories.household(d.session, NEIGHBOUR, head_name="邻居", members=2)
    along = {member.id: R.OTHER for member in d.home.members}
    factories.benefit(d.session, other, monthly_fen=60_000)
    assert refused(d, H.MERGE, home=other, other=d.home.id, along=along) == ["merge_two_cases"]


def test_several_of_one_family_may_enter_dibao_alone_and_nobody_beside_the_whole_family(d):
    """民发〔2021〕57号 第八条: each applies for themselves; 珙县 二(一)2: never counted twice."""
    _, spouse, son = d.home.members
    d.apply(member=son)
    assert codes(d.apply, member=son) == ["open_case"]
    first = d.case
    d.apply(member=spouse)
    assert (d.case.unit, d.case.member_id, first.member_id) == (Unit.SINGLE, spouse.id, son.id)
    assert codes(d.apply) == ["open_case"]


def test_nobody_enters_dibao_alone_from_a_family_that_has_a_case_as_a_whole(d):
    d.apply()
    assert codes(d.apply, member=d.home.members[2]) == ["open_case"]


@pytest.mark.parametrize(("days", "late"), [(89, False), (90, False), (91, True)])
def test_a_change_told_after_more_than_three_months_is_marked(d, days, late):
    assert happen(d, H.DEATH, member=d.home.members[1].id, on=d.day() - timedelta(days=days)).event.late is late
