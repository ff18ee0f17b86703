"""What happens in a family: who is there afterwards, what its open cases get, what is refused or taken back."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, Event, HouseholdEvent, HouseholdTask, Member
from policy.calendar import add_months
from policy.vocabulary import (
    Absence,
    Action,
    Employment,
    Happening,
    LeaveReason,
    Marital,
    Need,
    Relation,
    Role,
    Sex,
    Stage,
    StudyLevel,
)
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from workflows import household_event_undo, household_events, household_reports
from workflows.actor import Actor
from workflows.household_events import Happened, Newborn
from workflows.people import Person
from workflows.reason import Refused, Stale

NEIGHBOUR = "511526100202"
H, R = Happening, Relation
NOW = datetime(2026, 3, 2, 9)
TODAY = NOW.date()
OFFICER = Actor(None, "李", Role.TOWNSHIP_OFFICER, factories.XUNCHANG)
WORKER = Actor(None, "王", Role.VILLAGE_WORKER, factories.VILLAGE)
ELSEWHERE = Actor(None, "赵", Role.TOWNSHIP_OFFICER, factories.XIAOER)


@pytest.fixture
def d(session) -> Driver:
    """A family of head, spouse and son, and the people of the office."""
    driver = Driver(session, NOW, persons=3)
    head, spouse, son = driver.home.members
    head.relation, spouse.relation, son.relation = R.HEAD, R.SPOUSE, R.SON
    session.flush()
    return driver


def happen(d, kind, home=None, on=None, actor=None, **given):
    happened = Happened(kind, on or d.day(), given.pop("words", "群众来办理"), **given)
    return household_events.happen(
        d.session, home or d.home, happened, actor or d.actor(Role.TOWNSHIP_OFFICER), d.now, FIGURES
    )


def refused(d, kind, **given) -> list[str]:
    with pytest.raises(Refused) as refusal:
        happen(d, kind, **given)
    return [reason.code for reason in refusal.value.reasons]


def present(home) -> list[Member]:
    return [m for m in home.members if m.present]


def heads(home) -> list[str]:
    return [m.name for m in present(home) if m.relation is R.HEAD]


def tasks(d, *, done=False) -> list[HouseholdTask]:
    query = select(HouseholdTask).order_by(HouseholdTask.id)
    return [task for task in d.session.scalars(query) if (task.done_on is not None) is done]


def person(name="新人", relation=R.CHILD_IN_LAW, birth=date(1990, 1, 1), **more) -> Person:
    return Person(name, factories.id_number(birth), relation, **more)


# --- what an event does to a case -------------------------------------------------------------------------------------


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
    from workflows import calculating

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


# --- who is there afterwards ------------------------------------------------------------------------------------------


def test_a_newborn_without_a_number_is_kept_with_a_mark_until_the_number_comes(d):
    happen(d, H.BIRTH, newborn=Newborn("小满", Sex.MALE, R.GRANDCHILD), on=date(2026, 2, 1))
    child = present(d.home)[-1]
    born = date(2026, 2, 1)
    assert (child.birth, child.joined_on, child.id_no_pending, d.home.persons) == (born, born, True, 4)
    number, wrong = factories.id_number(born, Sex.MALE), factories.id_number(born, Sex.FEMALE)
    assert refused(d, H.ID_NUMBER, member=child.id, id_no=factories.id_number(date(2026, 2, 2))) == ["birth_differs"]
    assert "id_says_sex" in refused(d, H.ID_NUMBER, member=child.id, id_no=wrong)
    mistyped = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert refused(d, H.ID_NUMBER, member=child.id, id_no=mistyped) == ["id_check_digit"]
    happen(d, H.ID_NUMBER, member=child.id, id_no=number)
    assert (child.id_no, child.id_no_pending) == (number, False)
    assert refused(d, H.ID_NUMBER, member=child.id, id_no=number) == ["id_number_known"]


def test_a_newborn_with_a_number_must_be_born_that_day_and_of_that_sex(d):
    number = factories.id_number(date(2026, 2, 1), Sex.MALE)
    wrong = refused(d, H.BIRTH, newborn=Newborn("小满", Sex.FEMALE, R.DAUGHTER, number), on=date(2026, 2, 2))
    assert wrong == ["birth_differs", "id_says_sex"]
    assert refused(d, H.BIRTH, newborn=Newborn("小满", Sex.MALE, R.HEAD)) == ["newborn_is_head"]
    assert refused(d, H.BIRTH) == ["newborn_missing"]


def test_the_dead_heads_spouse_is_widowed_and_relations_that_follow_need_not_be_said(d):
    head, spouse, son = d.home.members
    happen(d, H.DEATH, member=head.id, head=spouse.id)
    assert (spouse.relation, spouse.marital, son.relation) == (R.HEAD, Marital.WIDOWED, R.SON)
    assert d.home.head_name == spouse.name and d.home.persons == 2


def test_a_relation_that_does_not_follow_must_be_said(d):
    head, spouse, son = d.home.members
    grandchild = factories.member(d.session, d.home, relation=R.GRANDCHILD)
    assert refused(d, H.DEATH, member=head.id, head=son.id) == ["relations_missing"]
    happen(d, H.DEATH, member=head.id, head=son.id, relations={grandchild.id: R.SON})
    assert (spouse.relation, grandchild.relation, heads(d.home)) == (R.PARENT, R.SON, [son.name])


def test_a_bride_of_another_family_of_the_township_comes_with_all_that_is_known_of_her(d):
    other = factories.household(d.session, NEIGHBOUR, head_name="邻居", members=2)
    bride = other.members[1]
    bride.employment = Employment.FARMING
    theirs = factories.benefit(d.session, other, Stage.ACTIVE, monthly_fen=20_000)
    comes = Person(bride.name, bride.id_no, R.CHILD_IN_LAW)
    done = happen(d, H.MARRIAGE, people=(comes,))
    here = present(d.home)[-1]
    assert (here.employment, here.marital, here.relation) == (Employment.FARMING, Marital.MARRIED, R.CHILD_IN_LAW)
    assert (bride.left_on, bride.leave_reason, other.persons) == (d.day(), LeaveReason.MARRIAGE, 1)
    assert theirs.stage is Stage.RECHECK and done.event.other_id == other.id
    assert [e.id for e in household_events.history(d.session, other.id)] == [done.event.id]


def test_a_head_cannot_marry_away_from_a_family_that_would_have_no_head(d):
    other = factories.household(d.session, NEIGHBOUR, head_name="邻居", members=2)
    head = Person(other.members[0].name, other.members[0].id_no, R.CHILD_IN_LAW)
    assert refused(d, H.MARRIAGE, people=(head,)) == ["head_leaves_elsewhere"]
    assert refused(d, H.MARRIAGE) == ["nobody_joins"]


def test_who_is_registered_in_another_township_is_not_drawn_from_there(d):
    far = factories.household(d.session, factories.OTHER_VILLAGE, head_name="外乡", members=2)
    guest = Person(far.members[1].name, far.members[1].id_no, R.CHILD_IN_LAW)
    assert refused(d, H.MARRIAGE, people=(guest,)) == ["comes_from_elsewhere"]


def test_a_split_founds_a_family_with_its_own_head_and_both_are_told(d):
    d.to_active()
    head, spouse, son = d.home.members
    bride = factories.member(d.session, d.home, relation=R.CHILD_IN_LAW, name="媳妇")
    done = happen(
        d, H.SPLIT, along={son.id: R.HEAD, bride.id: R.SPOUSE}, village_code=NEIGHBOUR, address="新胜村二组"
    )
    new = done.households[1]
    assert (heads(new), new.persons, new.village_code, new.registered_on) == ([son.name], 2, NEIGHBOUR, d.day())
    assert (heads(d.home), d.home.persons, son.leave_reason) == ([head.name], 2, LeaveReason.SPLIT)
    assert d.stage is Stage.RECHECK and {m.village_code for m in new.members} == {NEIGHBOUR}
    assert {e.id for e in household_events.history(d.session, new.id)} == {done.event.id}


def test_a_split_needs_one_head_there_somebody_here_and_a_place(d):
    head, spouse, son = d.home.members
    place = {"village_code": factories.VILLAGE, "address": "三组"}
    everybody = {head.id: R.HEAD, spouse.id: R.SPOUSE, son.id: R.SON}
    assert refused(d, H.SPLIT, along=everybody, **place) == ["split_of_everybody"]
    assert refused(d, H.SPLIT, along={son.id: R.SON}, **place) == ["one_head"]
    assert refused(d, H.SPLIT, **place) == ["nobody_chosen"]
    assert refused(d, H.SPLIT, along={son.id: R.HEAD}) == ["village_missing", "address_missing"]
    assert refused(d, H.SPLIT, along={head.id: R.HEAD}, **place) == ["new_head_missing"]


def test_two_families_become_one_and_the_other_is_dissolved(d):
    d.to_active()
    other = factories.household(d.session, NEIGHBOUR, head_name="邻居", members=2)
    a, b = other.members
    assert refused(d, H.MERGE, other=other.id) == ["merge_relations_missing"]
    happen(d, H.MERGE, other=other.id, along={a.id: R.PARENT, b.id: R.PARENT})
    assert (d.home.persons, other.persons, other.dissolved_on, heads(d.home)) == (5, 0, d.day(), [d.home.head_name])
    assert d.stage is Stage.RECHECK and a.leave_reason is LeaveReason.MERGE


def test_two_open_cases_of_one_scheme_do_not_merge_and_one_alone_says_which_family_stays(d):
    other = factories.household(d.session, NEIGHBOUR, head_name="邻居", members=1)
    theirs = factories.benefit(d.session, other, Stage.ACTIVE, monthly_fen=20_000)
    along = {other.members[0].id: R.PARENT}
    assert refused(d, H.MERGE, other=other.id, along=along) == ["merge_other_way"]
    d.apply()
    assert refused(d, H.MERGE, other=other.id, along=along) == ["merge_two_cases"]
    assert theirs.stage is Stage.ACTIVE and other.persons == 1
    assert refused(d, H.MERGE, other=d.home.id) == ["merge_family_missing"]


def test_a_move_in_the_township_takes_every_row_along(d):
    d.to_active()
    happen(d, H.MOVED, village_code=NEIGHBOUR, address="二组5号")
    assert {d.home.village_code, d.case.village_code, *(m.village_code for m in d.home.members)} == {NEIGHBOUR}
    assert refused(d, H.MOVED, village_code=NEIGHBOUR, address="二组5号") == ["same_address"]
    assert "moves_to_other_township" in refused(d, H.MOVED, village_code=factories.OTHER_VILLAGE, address="一组")


def test_a_family_that_moves_out_of_the_county_leaves_and_its_case_ends(d):
    d.to_active()
    happen(d, H.MOVED_AWAY)
    assert d.stage is Stage.EXITED and d.home.dissolved_on == d.day() and present(d.home) == []
    assert refused(d, H.MOVED_AWAY) == ["household_dissolved", "nobody_there"]


def test_an_application_of_a_family_that_went_waits_to_be_closed(d):
    d.apply()
    done = happen(d, H.MOVED_AWAY)
    assert [(task.need, task.due_on) for task in tasks(d)] == [(Need.END, d.day())]
    assert d.stage is Stage.APPLIED and done.effects[0].what == "waits"
    d.do(Action.WITHDRAW)
    assert tasks(d) == []


def test_who_comes_back_is_as_before_or_a_new_stay(d):
    head, spouse, son = d.home.members
    happen(d, H.AWAY, member=son.id, absence=Absence.REHAB)
    assert refused(d, H.AWAY, member=son.id, absence=Absence.REHAB) == ["away_before"]
    happen(d, H.RETURNED, member=son.id)
    assert son.absence is None and refused(d, H.RETURNED, member=son.id) == ["not_away"]
    happen(d, H.LEFT, member=son.id, reason=LeaveReason.MOVE)
    assert refused(d, H.RETURNED, member=son.id) == ["relation_missing"]
    happen(d, H.RETURNED, member=son.id, relation=R.SON)
    assert [m.name for m in present(d.home)].count(son.name) == 1 and not son.present and d.home.persons == 3
    happen(d, H.DEATH, member=present(d.home)[-1].id)
    assert refused(d, H.RETURNED, member=d.home.members[-1].id, relation=R.SON) == ["cannot_return"]


def test_the_end_of_school_clears_study_and_says_what_somebody_does_now(d):
    son = d.home.members[2]
    assert refused(d, H.SCHOOL_END, member=son.id, employment=Employment.UNEMPLOYED) == ["not_at_school"]
    son.study, son.study_full_time, son.employment = StudyLevel.BACHELOR, True, Employment.STUDENT
    assert refused(d, H.SCHOOL_END, member=son.id, employment=Employment.STUDENT) == ["employment_missing"]
    happen(d, H.SCHOOL_END, member=son.id, employment=Employment.UNEMPLOYED)
    assert (son.study, son.study_full_time, son.employment) == (None, None, Employment.UNEMPLOYED)


def test_nobody_stays_at_home_for_somebody_who_is_gone(d):
    head, spouse, son = d.home.members
    spouse.cares_for_id = son.id
    happen(d, H.DEATH, member=son.id)
    assert spouse.cares_for_id is None


# --- who may, when ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TOWNSHIP_OFFICER}))
def test_only_the_township_records_events(d, role):
    actor = Actor(None, "某", role, factories.XUNCHANG)
    assert "not_your_role" in refused(d, H.DEATH, member=d.home.members[1].id, actor=actor)


def test_every_reason_at_once(d):
    tomorrow = d.day() + timedelta(days=1)
    found = refused(d, H.DEATH, member=d.home.members[0].id, actor=ELSEWHERE, on=tomorrow, words="")
    assert set(found) == {"not_in_your_division", "day_in_future", "words_missing", "new_head_missing"}


@pytest.mark.parametrize("days", [0, 1])
def test_nobody_leaves_before_joining(d, days):
    spouse = d.home.members[1]
    on = spouse.joined_on - timedelta(days=days)
    if days:
        assert refused(d, H.DEATH, member=spouse.id, on=on) == ["leaves_before_joining"]
    else:
        assert happen(d, H.DEATH, member=spouse.id, on=on)


def test_a_stale_form_records_nothing(d):
    happened = Happened(H.DEATH, d.day(), "群众来办理", member=d.home.members[1].id)
    with pytest.raises(Stale):
        household_events.happen(
            d.session, d.home, happened, OFFICER, d.now, FIGURES, version=d.home.row_version + 1
        )
    assert d.session.scalars(select(HouseholdEvent)).all() == []


def test_the_event_is_kept_for_ever_and_told_in_the_audit(d):
    done = happen(d, H.DEATH, member=d.home.members[1].id, evidence="死亡医学证明")
    d.session.commit()
    told = d.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "household_event")).one()
    assert told.household_id == d.home.id and told.after["evidence"] == "死亡医学证明"
    done.event.words = "改写"
    with pytest.raises(Exception, match="allows no UPDATE"):
        d.session.flush()


# --- taken back -------------------------------------------------------------------------------------------------------


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


def test_an_entry_on_which_something_rests_stays(d):
    d.to_active().wait(1)
    head, spouse, son = d.home.members
    first = happen(d, H.AWAY, member=son.id, absence=Absence.PRISON)
    second = happen(d, H.DEATH, member=spouse.id)
    with pytest.raises(Refused, match="event_later"):
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


# --- reported by a village --------------------------------------------------------------------------------------------


def tell(d, kind=H.DEATH, actor=None, on=None, words="昨晚去世", **more):
    worker = actor or d.actor(Role.VILLAGE_WORKER)
    return household_reports.report(d.session, d.home, kind, on or d.day(), words, worker, d.now, FIGURES, **more)


def test_a_villages_report_lies_on_the_townships_desk_until_it_is_carried_out(d):
    son = d.home.members[2]
    row = tell(d, member=son, fields={"name": "不属于此"})
    assert son.present and [task.need for task in tasks(d)] == [Need.CARRY_OUT] and row.due_on == date(2026, 6, 2)
    assert household_reports.fields_of(row) == {}
    happened = Happened(H.DEATH, row.happened_on, row.words, member=son.id)
    done = household_events.happen(
        d.session, d.home, happened, d.actor(Role.TOWNSHIP_OFFICER), d.now, FIGURES, report=row
    )
    assert tasks(d) == [] and (row.state, row.event_id) == ("done", done.event.id)


def test_a_report_is_turned_down_with_a_reason(d):
    row = tell(d, member=d.home.members[2])
    for actor, reason in ((d.actor(Role.VILLAGE_WORKER), "不属实"), (d.actor(Role.TOWNSHIP_OFFICER), " ")):
        with pytest.raises(Refused):
            household_reports.turn_down(d.session, row, reason, actor, d.now)
    household_reports.turn_down(d.session, row, "本人在家", d.actor(Role.TOWNSHIP_OFFICER), d.now)
    assert (row.state, row.reason, tasks(d)) == ("refused", "本人在家", [])
    with pytest.raises(Refused, match="report_answered"):
        household_reports.turn_down(d.session, row, "本人在家", d.actor(Role.TOWNSHIP_OFFICER), d.now)


@pytest.mark.parametrize(("given", "code"), [
    ({"on": TODAY + timedelta(days=1)}, "day_in_future"), ({"words": ""}, "words_missing"),
    ({"actor": ELSEWHERE}, "not_in_your_division"), ({"kind": H.ID_NUMBER}, "event_kind_missing"),
    ({}, "event_member_missing"),
])  # fmt: skip
def test_a_report_that_tells_too_little_is_refused(d, given, code):
    with pytest.raises(Refused, match=code):
        tell(d, **given)
