"""Who counts as a member, who can work and who can look after themselves."""

from datetime import date, timedelta

import pytest

from policy.family import Disability, Person, Study
from policy.figures import MissingFigure
from policy.people import (
    counted,
    is_elderly,
    is_minor,
    is_severe,
    labour,
    labour_for_tekun,
    matches,
    self_care,
)
from policy.vocabulary import DisabilityKind, Illness, KinRelation, StudyLevel, Subject, Work
from tests.policy.families import DAY, HEAD, child, sheet

ADULT = date(1995, 5, 5)
APART = {"cohabiting": False}


def refs(*members, **options):
    return [person.ref for person in counted(sheet(*members, **options))]


def years_ago(years, days=0):
    return DAY.replace(year=DAY.year - years) + timedelta(days=days)


@pytest.mark.parametrize(
    "person",
    [
        Person("m2", KinRelation.SPOUSE, **APART),
        child(birth=years_ago(18, 1), **APART),
        child(birth=ADULT, labour=Work.NONE, **APART),
        child(birth=ADULT, illness=Illness.MAJOR, **APART),
        child(birth=ADULT, disability=Disability(DisabilityKind.MENTAL, 2), **APART),
        child(birth=ADULT, student=Study(StudyLevel.BACHELOR), **APART),
        child(birth=ADULT, student=Study(StudyLevel.VOCATIONAL), **APART),
    ],
)
def test_spouse_minor_child_and_dependent_child_count_wherever_they_live(person):
    assert refs(HEAD, person) == ["m1", "m2"]


@pytest.mark.parametrize(
    "person",
    [
        child(birth=years_ago(18), **APART),
        child(birth=None, **APART),
        child(birth=ADULT, labour=Work.PARTIAL, **APART),
        child(birth=ADULT, illness=Illness.CHRONIC, **APART),
        child(birth=ADULT, disability=Disability(DisabilityKind.MENTAL, 3), **APART),
        child(birth=ADULT, disability=Disability(DisabilityKind.HEARING, 1), **APART),
        child(birth=ADULT, student=Study(StudyLevel.POSTGRADUATE), **APART),
        child(birth=ADULT, student=Study(StudyLevel.BACHELOR, full_time=False), **APART),
        child(birth=date(1950, 1, 1), **APART),
    ],
)
def test_a_child_who_can_live_on_their_own_counts_only_at_home(person):
    assert refs(HEAD, person) == ["m1"]


@pytest.mark.parametrize("relation", [one for one in KinRelation if one not in (KinRelation.HEAD, KinRelation.SPOUSE)])
def test_other_kin_count_while_living_together_and_others_never(relation):
    at_home = Person("m2", relation, birth=ADULT)
    away = Person("m2", relation, birth=ADULT, cohabiting=False)
    assert refs(HEAD, at_home) == (["m1"] if relation is KinRelation.OTHER else ["m1", "m2"])
    assert refs(HEAD, away) == ["m1"]


def test_an_adult_child_at_home_counts():
    assert refs(HEAD, child(birth=ADULT)) == ["m1", "m2"]


@pytest.mark.parametrize("away", [{"in_prison": True}, {"missing": True}, {"compulsory_rehab": True},
                                  {"clergy_years_away": 3}, {"clergy_years_away": 4}])  # fmt: skip
def test_prisoners_the_missing_those_in_rehabilitation_and_clergy_of_three_years_do_not_count(away):
    on = sheet(HEAD, Person("m2", KinRelation.SPOUSE, **away), child("m3", birth=DAY, **away))
    assert [person.ref for person in counted(on)] == ["m1"]
    assert [row["counted"] for row in on.members] == [True, False, False]
    assert len({row["why"] for row in on.members}) == 2


def test_clergy_of_two_years_still_count():
    assert refs(HEAD, Person("m2", KinRelation.SPOUSE, clergy_years_away=2)) == ["m1", "m2"]


def test_each_member_gets_a_row_in_the_order_given_with_reason_and_clause():
    on = sheet(HEAD, child(birth=years_ago(5), self_care_unmet=4), Person("m3", KinRelation.OTHER))
    counted(on)
    assert on.members == [
        {"ref": "m1", "counted": True, "labour": "able", "self_care": "full", "why": "申请人（户主）",
         "clause": "民发〔2021〕57号 第七条"},
        {"ref": "m2", "counted": True, "labour": "none", "self_care": "none", "why": "未成年子女",
         "clause": "民发〔2021〕57号 第七条"},
        {"ref": "m3", "counted": False, "labour": "able", "self_care": "full", "why": "无法定赡养、抚养、扶养义务关系",
         "clause": "民发〔2021〕57号 第七条"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "clause"), [(date(2021, 6, 30), "民发〔2012〕220号"), (date(2021, 7, 1), "民发〔2021〕57号 第七条")]
)
def test_the_rule_of_the_day_is_cited(on, clause):
    day = sheet(on=on)
    counted(day)
    assert day.members[0]["clause"] == clause


@pytest.mark.parametrize(
    ("birth", "found"),
    [
        (years_ago(18, 1), Work.NONE),
        (years_ago(18), Work.ABLE),
        (years_ago(60, 1), Work.ABLE),
        (years_ago(60), Work.NONE),
        (None, Work.ABLE),
    ],
)
def test_labour_runs_from_the_eighteenth_to_the_sixtieth_birthday(birth, found):
    person = Person("m1", birth=birth)
    assert labour(person, sheet(person)) is found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"disability": Disability(DisabilityKind.LIMB, 2)}, Work.NONE),
        ({"disability": Disability(DisabilityKind.LIMB, 3)}, Work.PARTIAL),
        ({"disability": Disability(DisabilityKind.HEARING, 1)}, Work.PARTIAL),
        ({"disability": Disability(DisabilityKind.SPEECH, 2)}, Work.PARTIAL),
        ({"disability": Disability(DisabilityKind.HEARING, 1), "illness": Illness.MAJOR}, Work.NONE),
        ({"illness": Illness.MAJOR}, Work.NONE),
        ({"illness": Illness.CHRONIC}, Work.PARTIAL),
        ({"disability": Disability(DisabilityKind.LIMB, 1), "labour": Work.ABLE}, Work.ABLE),
        ({"labour": Work.PARTIAL}, Work.PARTIAL),
    ],
)
def test_disability_and_illness_take_labour_unless_it_is_stated(facts, found):
    person = Person("m1", birth=ADULT, **facts)
    assert labour(person, sheet(person)) is found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"birth": years_ago(16, 1)}, Work.NONE),
        ({"birth": years_ago(16)}, Work.ABLE),
        ({"birth": years_ago(60, 1)}, Work.ABLE),
        ({"birth": years_ago(60)}, Work.NONE),
        ({"birth": ADULT, "illness": Illness.MAJOR}, Work.ABLE),
        ({"birth": ADULT, "disability": Disability(DisabilityKind.MENTAL, 3)}, Work.NONE),
        ({"birth": ADULT, "disability": Disability(DisabilityKind.MENTAL, 4)}, Work.ABLE),
        ({"birth": ADULT, "disability": Disability(DisabilityKind.HEARING, 1)}, Work.ABLE),
        ({"disability": Disability(DisabilityKind.LIMB, 2)}, Work.NONE),
        ({}, Work.ABLE),
        ({"birth": years_ago(70), "labour": Work.ABLE}, Work.ABLE),
    ],
)
def test_extreme_poverty_support_has_its_own_list_of_those_without_labour(facts, found):
    person = Person("m1", **facts)
    assert labour(person, sheet(person, scheme=Subject.TEKUN)) is found
    assert labour_for_tekun(person, sheet(person)) is found


@pytest.mark.parametrize(
    ("kind", "level", "words", "found"),
    [
        ("limb", 1, ("limb_2",), True),
        ("limb", 2, ("limb_2",), True),
        ("limb", 3, ("limb_2",), False),
        ("mental", 2, ("limb_2",), False),
        ("mental", 4, ("limb_2", "mental_4"), True),
        ("hearing", 2, ("severe_disability",), True),
        ("hearing", 3, ("severe_disability",), False),
        ("limb", 1, (), False),
    ],
)
def test_a_word_of_a_figure_means_a_kind_up_to_a_level(kind, level, words, found):
    assert matches(Disability(DisabilityKind(kind), level), words) is found


def test_nobody_without_a_certificate_matches():
    assert matches(None, ("severe_disability", "limb_4")) is False


@pytest.mark.parametrize(("level", "found"), [(1, True), (2, True), (3, False)])
def test_levels_one_and_two_are_severe(level, found):
    assert is_severe(Person("m1", disability=Disability(DisabilityKind.HEARING, level))) is found
    assert is_severe(Person("m1")) is False


@pytest.mark.parametrize(
    ("birth", "minor", "elderly"),
    [
        (years_ago(18, 1), True, False),
        (years_ago(18), False, False),
        (years_ago(60, 1), False, False),
        (years_ago(60), False, True),
        (None, False, False),
    ],
)
def test_minors_and_the_elderly_are_told_by_the_day(birth, minor, elderly):
    person = Person("m1", birth=birth)
    assert (is_minor(person, sheet(person)), is_elderly(person, sheet(person))) == (minor, elderly)


@pytest.mark.parametrize(("unmet", "found"), [(0, "full"), (1, "partial"), (3, "partial"), (4, "none"), (6, "none")])
def test_self_care_falls_with_the_unmet_items(unmet, found):
    person = Person("m1", self_care_unmet=unmet)
    assert self_care(person, sheet(person)) == found
    assert self_care(Person("m1", self_care_unmet=1), sheet(figures={"tekun.self_care_partial": 2})) == "full"


def test_the_age_of_an_adult_must_be_a_figure_in_force():
    on = sheet()
    del on.book.trial["age.adult"]
    with pytest.raises(MissingFigure, match=r"age.adult"):
        counted(on)
