"""事实无人抚养儿童 and 孤儿: who of the parents counts, from how many months on, and what is paid beside other aid."""

from datetime import date

import pytest

from policy.assess import RULES
from policy.family import Current, Held, Parent, Person, Study
from policy.vocabulary import Mode, Outcome, ParentKind, ParentState, StudyLevel, Subject
from tests.policy.codes import reasons
from tests.policy.families import DAY, sheet

S = ParentState
CHILD, ORPHAN = Subject.UNSUPPORTED_CHILD, Subject.ORPHAN
NUMBERS = {
    "orphan.amount.home": 1000, "orphan.amount.institution": 1500, "unsupported_child.months_least": 6,
    "unsupported_child.parent_states": "dead missing disabled ill prison rehab restrained lost_contact",
}  # fmt: skip


def parent(kind, state, since=None, until=None):
    return Parent(ParentKind(kind), state, since, until)


def child(father, mother, birth=date(2012, 3, 1), **facts):
    return Person("m1", birth=birth, parents=(father, mother), **facts)


def found(person, scheme=CHILD, figures=None, **facts):
    page = sheet(person, scheme=scheme, figures={**NUMBERS, **(figures or {})}, **facts)
    return RULES[scheme](page)


def both(father, mother, **facts):
    return found(child(parent("father", father, date(2020, 1, 1)), parent("mother", mother, date(2020, 1, 1))), **facts)


@pytest.mark.parametrize("one", [S.DEAD, S.MISSING, S.DISABLED, S.ILL, S.PRISON, S.REHAB, S.RESTRAINED, S.LOST_CONTACT])
@pytest.mark.parametrize("other", [S.DISABLED, S.ILL, S.PRISON, S.REHAB, S.RESTRAINED, S.LOST_CONTACT])
def test_two_parents_in_the_list_leave_a_child_without_carers(one, other):
    answer = both(one, other)
    assert (answer.outcome, answer.monthly_fen) == (Outcome.ELIGIBLE, 100_000)


@pytest.mark.parametrize("other", [S.DEAD, S.DISABLED, S.PRISON, S.LOST_CONTACT])
def test_one_parent_who_can_raise_the_child_is_enough(other):
    assert reasons(both(S.ABLE, other)) == ["parent_able"]


@pytest.mark.parametrize("one", [S.DEAD, S.MISSING, S.NOT_FOUND])
def test_a_child_whose_parents_are_both_lost_is_an_orphan(one):
    assert reasons(both(one, S.DEAD)) == ["is_orphan"]
    assert both(one, S.DEAD, scheme=ORPHAN).monthly_fen == 100_000


def test_a_child_with_a_parent_in_prison_is_no_orphan():
    answer = both(S.DEAD, S.PRISON, scheme=ORPHAN)
    assert reasons(answer) == ["parent_not_lost"]
    assert [row["code"] for row in answer.advice] == ["try_unsupported_child"]


@pytest.mark.parametrize(
    ("since", "fits"), [(date(2021, 2, 28), True), (date(2021, 3, 1), True), (date(2021, 3, 2), False)]
)
def test_lost_contact_counts_from_six_months_on(since, fits):
    answer = found(child(parent("father", S.DEAD), parent("mother", S.LOST_CONTACT, since)))
    assert (answer.outcome is Outcome.ELIGIBLE) is fits


@pytest.mark.parametrize(
    ("until", "fits"), [(date(2021, 8, 31), False), (date(2021, 9, 1), True), (date(2021, 9, 2), True)]
)
@pytest.mark.parametrize("state", [S.PRISON, S.REHAB, S.RESTRAINED, S.LOST_CONTACT])
def test_a_time_that_is_over_keeps_no_parent_from_raising_the_child(state, until, fits):
    released = parent("mother", state, date(2020, 1, 1), until)
    assert (found(child(parent("father", S.DEAD), released)).outcome is Outcome.ELIGIBLE) is fits


@pytest.mark.parametrize(
    ("until", "fits"), [(date(2021, 12, 31), False), (date(2022, 1, 1), True), (date(2024, 1, 1), True)]
)
def test_a_sentence_counts_by_its_whole_length(until, fits):
    prison = parent("mother", S.PRISON, date(2021, 7, 1), until)
    assert (found(child(parent("father", S.DEAD), prison)).outcome is Outcome.ELIGIBLE) is fits


def test_a_time_whose_beginning_nobody_knows_does_not_count():
    answer = found(child(parent("father", S.DEAD), parent("mother", S.LOST_CONTACT)))
    assert reasons(answer) == ["parent_able"]


def test_a_parent_of_whom_nothing_was_found_out_leaves_it_open():
    answer = found(Person("m1", birth=date(2012, 3, 1), parents=(parent("father", S.DEAD),)))
    assert (answer.outcome, reasons(answer)) == (Outcome.INCOMPLETE, ["parent_not_told"])


@pytest.mark.parametrize(
    ("birth", "fits"), [(date(2003, 9, 2), True), (date(2003, 9, 1), False), (date(2003, 8, 31), False)]
)
def test_money_ends_on_the_eighteenth_birthday(birth, fits):
    answer = found(child(parent("father", S.DEAD), parent("mother", S.ILL), birth))
    assert (answer.outcome is Outcome.ELIGIBLE) is fits
    assert ("of_age" in reasons(answer)) is not fits


def test_a_pupil_who_receives_keeps_it_where_the_place_says_so():
    pupil = child(parent("father", S.DEAD), parent("mother", S.ILL), date(2003, 1, 1), student=Study(StudyLevel.HIGH))
    school = {"children.keep_in_school": "high vocational"}
    assert found(pupil, figures=school, current=Current(CHILD.value)).outcome is Outcome.ELIGIBLE
    assert reasons(found(pupil, figures=school)) == ["of_age"]
    assert reasons(found(pupil, current=Current(CHILD.value))) == ["of_age"]


@pytest.mark.parametrize(
    ("held", "paid"),
    [
        (Held(Subject.DIBAO, 90_000, 3), 70_000),
        (Held(Subject.TEKUN, 99_900, ref="m1"), 100),
        (Held(Subject.TEKUN, 100_000, ref="m1"), 0),
        (Held(Subject.TEKUN, 100_100, ref="m1"), 0),
        (Held(Subject.LIVING_SUBSIDY, 10_000, ref="m1"), 90_000),
        (Held(Subject.LIVING_SUBSIDY, 10_000, ref="m2"), 100_000),
        (Held(Subject.CARE_SUBSIDY, 10_000, ref="m1"), 100_000),
    ],
)
def test_beside_other_basic_aid_only_what_lacks_to_the_rate_is_paid(held, paid):
    answer = both(S.DEAD, S.ILL, held=(held,))
    assert answer.monthly_fen == paid
    assert reasons(answer) == ([] if paid else ["enough_already"])


def test_an_orphan_in_an_institution_has_the_higher_rate():
    lost = parent("father", S.DEAD), parent("mother", S.NOT_FOUND)
    assert found(child(*lost, mode=Mode.CENTRAL), ORPHAN).monthly_fen == 150_000
    assert found(child(*lost, mode=Mode.HOME), ORPHAN).monthly_fen == 100_000


def test_a_place_may_pay_unsupported_children_a_rate_of_their_own():
    assert both(S.DEAD, S.ILL, figures={"unsupported_child.amount": 900}).monthly_fen == 90_000


def test_an_orphans_money_leaves_no_room_for_the_other():
    assert reasons(both(S.DEAD, S.ILL, held=(Held(ORPHAN, 100_000, ref="m1"),))) == ["has_orphan"]


def test_the_day_of_coming_of_age_is_told():
    assert {"2030-03-01"} == {row["on"] for row in both(S.DEAD, S.ILL).dates}
    assert DAY.year == 2021
