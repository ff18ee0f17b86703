"""What happens in a family: who is there afterwards, who may tell it, and when."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, HouseholdEvent, ImportBatch
from policy.vocabulary import Absence, Action, Employment, LeaveReason, Marital, Need, Role, Sex, Stage, StudyLevel
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.happening import ELSEWHERE, NEIGHBOUR, H, R, family, happen, heads, present, refused, tasks
from workflows import household_event_undo, household_events
from workflows.actor import Actor
from workflows.household_event_input import Happened, Newborn
from workflows.people import Person
from workflows.reason import Reason, Refused, Stale

OFFICER = Actor(None, "李", Role.TOWNSHIP_OFFICER, factories.XUNCHANG)


@pytest.fixture
def d(session) -> Driver:
    return family(session)


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
    for never in (R.HEAD, R.SPOUSE, R.PARENT):
        assert refused(d, H.BIRTH, newborn=Newborn("小满", Sex.MALE, never)) == ["newborn_relation"]
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
    head, _spouse, son = d.home.members
    bride = factories.member(d.session, d.home, relation=R.CHILD_IN_LAW, name="媳妇")
    done = happen(d, H.SPLIT, along={son.id: R.HEAD, bride.id: R.SPOUSE}, village_code=NEIGHBOUR, address="新胜村二组")
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
    _head, _spouse, son = d.home.members
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
    _head, spouse, son = d.home.members
    spouse.cares_for_id = son.id
    happen(d, H.DEATH, member=son.id)
    assert spouse.cares_for_id is None


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TOWNSHIP_OFFICER}))
def test_only_the_township_records_events(d, role):
    actor = Actor(None, "某", role, factories.XUNCHANG)
    assert "not_your_role" in refused(d, H.DEATH, member=d.home.members[1].id, actor=actor)


def test_every_reason_at_once(d):
    tomorrow = d.day() + timedelta(days=1)
    found = refused(d, H.DEATH, member=d.home.members[0].id, actor=ELSEWHERE, on=tomorrow, words="")
    assert set(found) == {"not_in_your_division", "day_in_future", "event_words_missing", "new_head_missing"}


@pytest.mark.parametrize("days", [0, 1])
def test_nobody_leaves_before_joining(d, days):
    spouse = d.home.members[1]
    on = spouse.joined_on - timedelta(days=days)
    if days:
        assert refused(d, H.DEATH, member=spouse.id, on=on) == ["leaves_before_joining"]
    else:
        assert happen(d, H.DEATH, member=spouse.id, on=on)


@pytest.mark.parametrize(("kind", "more"), [(H.DEATH, {}), (H.LEFT, {"reason": LeaveReason.MOVE})])
def test_who_came_by_a_sheet_may_have_gone_before_it_but_not_before_being_born(d, kind, more):
    spouse = d.home.members[1]
    batch = ImportBatch(
        layout="plain", file_name="a.xlsx", charset="", sha256="", division_code="511526", on=d.day(), created_at=d.now
    )
    d.session.add(batch)
    d.session.flush()
    joined, spouse.batch_id = spouse.joined_on, batch.id
    assert refused(d, kind, member=spouse.id, on=spouse.birth - timedelta(days=1), **more) == ["leaves_before_joining"]
    gone = joined - timedelta(days=40)
    told = happen(d, kind, member=spouse.id, on=gone, **more)
    assert (spouse.joined_on, spouse.left_on) == (gone, gone)
    household_event_undo.undo(d.session, told.event, "登记有误", d.actor(Role.TOWNSHIP_OFFICER), d.now, FIGURES)
    assert (spouse.joined_on, spouse.left_on) == (joined, None)


@pytest.mark.parametrize(("days", "lawful"), [(11, False), (10, True), (9, True)])
@pytest.mark.parametrize("why", [LeaveReason.MOVE, LeaveReason.CORRECTION])
def test_who_came_by_a_sheet_has_not_gone_before_leaving_another_family(d, days, lawful, why):
    spouse = d.home.members[1]
    batch = ImportBatch(
        layout="plain", file_name="a.xlsx", charset="", sha256="", division_code="511526", on=d.day(), created_at=d.now
    )
    d.session.add(batch)
    d.session.flush()
    joined, spouse.batch_id = spouse.joined_on, batch.id
    old = factories.household(d.session, factories.VILLAGE, head_name="旧户", members=2).members[1]
    old.id_no, old.joined_on, old.leave_reason = spouse.id_no, joined - timedelta(days=900), why
    old.left_on = joined - timedelta(days=10)
    d.session.flush()
    on = joined - timedelta(days=days)
    if lawful or why is LeaveReason.CORRECTION:
        assert happen(d, H.DEATH, member=spouse.id, on=on)
    else:
        with pytest.raises(Refused) as caught:
            happen(d, H.DEATH, member=spouse.id, on=on)
        assert caught.value.reasons == (Reason("id_stay_until", until=old.left_on),)


def test_a_stale_form_records_nothing(d):
    happened = Happened(H.DEATH, d.day(), "群众来办理", member=d.home.members[1].id)
    with pytest.raises(Stale):
        household_events.happen(d.session, d.home, happened, OFFICER, d.now, FIGURES, version=d.home.row_version + 1)
    assert d.session.scalars(select(HouseholdEvent)).all() == []


def test_the_event_is_kept_for_ever_and_told_in_the_audit(d):
    done = happen(d, H.DEATH, member=d.home.members[1].id, evidence="死亡医学证明")
    d.session.commit()
    told = d.session.scalars(select(AuditEntry).where(AuditEntry.table_name == "household_event")).one()
    assert told.household_id == d.home.id and told.after["evidence"] == "死亡医学证明"
    done.event.words = "改写"
    with pytest.raises(Exception, match="allows no UPDATE"):
        d.session.flush()
