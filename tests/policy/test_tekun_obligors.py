"""特困: who owes support, whether they are able to, and what they pay, outside the family and in it."""

from datetime import date

import pytest

from policy.family import Current, Disability, Kin, Person
from policy.vocabulary import DisabilityKind, IncomeKind, KinRelation, Outcome, Subject
from tests.policy.codes import reasons
from tests.policy.families import earns
from tests.policy.supported import ABLE, BEFORE, OLD, found, with_kin


def test_an_obligor_of_whom_nothing_is_known_is_able():
    one = found(obligors=(Kin(),))
    assert reasons(one) == ["tekun_obligor"] and [line["able"] for line in one.obligors] == [True]
    assert one.obligors[0]["clause"] == "民发〔2021〕43号 第八条"
    assert one.obligors[0]["why"] == "未见无履行义务能力的情形，视为有能力"
    assert one.obligors[0]["support_month"] == "0.00"
    assert [row["text"] for row in one.reasons] == ["户外法定义务人有履行义务能力"]
    assert found(obligors=(Kin(subject=Subject.TEKUN),)).obligors[0]["why"] == "义务人是特困人员"


@pytest.mark.parametrize(
    ("kin", "able"),
    [
        (Kin(able=False), False),
        (Kin(able=True, subject=Subject.TEKUN), True),
        (Kin(subject=Subject.TEKUN), False),
        (Kin(subject=Subject.DIBAO, age=60), False),
        (Kin(subject=Subject.DIBAO, age=59), True),
        (Kin(subject=Subject.DIBAO), True),
        (Kin(subject=Subject.EDGE, age=60), True),
        (Kin(age=69, household_year_fen=0), True),
        (Kin(age=70, household_year_fen=0), False),
        (Kin(age=70), False),
        (Kin(age=70, property_ok=False), True),
        (Kin(age=70, household_year_fen=2_399_999, household_size=2), False),
        (Kin(age=70, household_year_fen=2_400_000, household_size=2), True),
        (Kin(disability=Disability(DisabilityKind.HEARING, 2)), False),
        (Kin(disability=Disability(DisabilityKind.HEARING, 3)), True),
        (Kin(disability=Disability(DisabilityKind.MENTAL, 3)), False),
        (Kin(disability=Disability(DisabilityKind.MENTAL, 3), household_year_fen=1_200_000), True),
    ],
)
def test_an_obligor_is_without_ability_in_the_cases_of_the_rule(kin, able):
    assert with_kin(kin) == (["tekun_obligor"] if able else [])


@pytest.mark.parametrize(
    ("kin", "able"),
    [
        (Kin(age=75), True),
        (Kin(disability=Disability(DisabilityKind.LIMB, 1)), True),
        (Kin(disability=Disability(DisabilityKind.LIMB, 1), subject=Subject.DIBAO), False),
        (Kin(subject=Subject.DIBAO, age=60), False),
        (Kin(subject=Subject.DIBAO, age=60, property_ok=False), True),
    ],
)
def test_before_july_2021_only_the_old_or_severely_disabled_on_dibao_were_without_ability(kin, able):
    old = {"tekun.obligor.disabilities": "severe_disability"}
    assert with_kin(kin, on=BEFORE, figures=old, without=["tekun.obligor.income_age"]) == (
        ["tekun_obligor"] if able else []
    )


@pytest.mark.parametrize(("on", "able"), [(BEFORE, True), (date(2021, 7, 1), False)])
def test_the_first_of_july_2021_is_the_first_day_on_which_income_is_looked_at(on, able):
    lame = Kin(disability=Disability(DisabilityKind.LIMB, 1), household_year_fen=0)
    assert with_kin(lame, on=on) == (["tekun_obligor"] if able else [])


def test_where_no_disposable_income_is_known_it_is_not_held_against_anybody_and_told():
    rich = Kin(age=70, household_year_fen=10**9)
    one = found(obligors=(rich, rich), without=["income.disposable.rural"])
    assert reasons(one) == [] and [line["code"] for line in one.advice].count("enter_disposable") == 1


def test_one_able_obligor_among_unable_ones_is_enough():
    assert with_kin(Kin(able=False)) == []
    assert reasons(found(obligors=(Kin(able=False), Kin(able=True), Kin(able=False)))) == ["tekun_obligor"]


@pytest.mark.parametrize(("paid", "fits"), [(49999, True), (50000, False)])
def test_what_an_unable_obligor_pays_all_the_same_is_income(paid, fits):
    assert with_kin(Kin(able=False, paid_fen=paid)) == ([] if fits else ["tekun_source"])


def test_support_listed_as_income_and_told_of_the_obligor_counts_once():
    listed = Person("m1", birth=OLD.birth, income=(earns(3600, IncomeKind.SUPPORT),))
    assert found(listed, obligors=(Kin(able=False, paid_fen=40000),)).income_month_fen == 40000
    assert found(listed, obligors=(Kin(able=False, paid_fen=20000),)).income_month_fen == 30000


# Obligors inside


def test_an_able_wife_keeps_an_old_man_out_and_two_old_spouses_are_both_supported():
    assert "m1：家庭成员m2是法定义务人，有履行义务能力" in [row["text"] for row in found(OLD, ABLE).reasons]
    wife = Person("m2", KinRelation.SPOUSE, date(1955, 1, 1))
    one = found(OLD, wife)
    assert (one.persons, one.monthly_fen) == (2, 150000)


def test_an_able_brother_or_child_in_law_owes_nothing():
    brother = Person("m2", KinRelation.SIBLING, date(1970, 1, 1))
    wed = Person("m3", KinRelation.CHILD_IN_LAW, date(1980, 1, 1))
    one = found(OLD, brother, wed)
    assert (one.outcome, one.persons) == (Outcome.ELIGIBLE, 1)
    assert [line["counted"] for line in one.members] == [True, False, False]


def test_a_minor_child_owes_nothing_and_an_able_father_owes_the_child():
    minor = Person("m2", KinRelation.CHILD, date(2006, 1, 1))
    father = Person("m1", birth=date(1980, 1, 1))
    assert found(OLD, minor).persons == 2
    assert reasons(found(father, minor)) == ["tekun_labour", "tekun_obligor"]


def test_a_grown_child_in_prison_owes_nothing():
    grown = Person("m2", KinRelation.CHILD, date(1990, 1, 1))
    assert found(OLD, grown).persons == 0
    assert found(OLD, Person("m2", KinRelation.CHILD, date(1990, 1, 1), in_prison=True)).persons == 1


def test_an_old_wife_with_her_own_pension_owes_support_but_not_at_seventy_with_little():
    def wife(birth, yuan):
        income = (earns(yuan, IncomeKind.PENSION_OTHER),)
        return Person("m2", KinRelation.SPOUSE, birth, income=income)

    assert found(OLD, wife(date(1960, 1, 1), 7000)).persons == 0
    assert found(OLD, wife(date(1951, 9, 1), 7000)).persons == 1
    assert found(OLD, wife(date(1951, 9, 1), 12000)).persons == 0


def test_a_wife_of_sixty_in_a_family_on_dibao_owes_no_support():
    income = (earns(7000, IncomeKind.PENSION_OTHER),)
    wife = Person("m2", KinRelation.SPOUSE, date(1961, 9, 1), income=income)
    assert found(OLD, wife).persons == 0
    assert found(OLD, wife, current=Current(Subject.DIBAO)).persons == 1
    assert found(OLD, wife, current=Current(Subject.TEMPORARY)).persons == 0
