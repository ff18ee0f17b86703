"""单人户: who may enter alone by each place's classes, what stands against it, and how much is paid."""

from datetime import date

import pytest

from policy.dibao import assess_dibao
from policy.family import Current, Disability, Estate, Held, Kin, Person
from policy.vocabulary import DisabilityKind, Illness, IncomeKind, KinRelation, Outcome, Subject, Tag, Unit
from tests.policy.codes import codes
from tests.policy.families import child, earns, sheet, spends

BASE = {"dibao.rounding": "half_up_fen", "exempt.veteran_benefit": "exempt"}
LIMB_1 = Disability(DisabilityKind.LIMB, 1)
LEFT_OUT = earns(600, IncomeKind.VETERAN_BENEFIT)
ABLE = Kin(household_year_fen=3600000)


def alone(member, figures, yuan_a_year=18000, unit=Unit.SINGLE, others=(), **facts):
    """A family of two over the standard of 500 a month: a parent who earns so much a year, and a member."""
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(yuan_a_year),))
    return assess_dibao(sheet(head, member, *others, figures={**BASE, **figures}, unit=unit, **facts))


CLASSES = (
    ("severe_disability", child(disability=Disability(DisabilityKind.HEARING, 2)), True),
    ("severe_disability", child(disability=Disability(DisabilityKind.HEARING, 3)), False),
    ("intellectual_3", child(disability=Disability(DisabilityKind.INTELLECTUAL, 3)), True),
    ("intellectual_3", child(disability=Disability(DisabilityKind.INTELLECTUAL, 4)), False),
    ("intellectual_4", child(disability=Disability(DisabilityKind.INTELLECTUAL, 4)), True),
    ("mental_3", child(disability=Disability(DisabilityKind.INTELLECTUAL, 1)), False),
    ("major_illness", child(illness=Illness.MAJOR), True),
    ("major_illness", child(illness=Illness.CHRONIC), False),
    ("elderly", Person("m2", KinRelation.PARENT, birth=date(1961, 9, 1)), True),
    ("elderly", Person("m2", KinRelation.PARENT, birth=date(1961, 9, 2)), False),
    ("minor", child(birth=date(2003, 9, 2)), True),
    ("minor", child(birth=date(2003, 9, 1)), False),
    ("clergy", child(clergy_years_away=3), True),
    ("clergy", child(clergy_years_away=2), False),
    ("clergy", child(clergy_years_away=3, in_prison=True), False),
    ("jobless_severe_disability", child(birth=date(2003, 9, 1), disability=LIMB_1, employed=False), True),
    ("jobless_severe_disability", child(birth=date(2003, 9, 2), disability=LIMB_1, employed=False), False),
    ("jobless_severe_disability", child(birth=date(2000, 1, 1), disability=LIMB_1), False),
    ("jobless_severe_disability",
     child(birth=date(2000, 1, 1), disability=LIMB_1, employed=False, income=(earns(0), LEFT_OUT)), True),
    ("jobless_severe_disability",
     child(birth=date(2000, 1, 1), disability=LIMB_1, employed=False, income=(earns(1),)), False),
)  # fmt: skip


@pytest.mark.parametrize(("name", "member", "enters"), CLASSES)
def test_who_belongs_to_a_class_of_the_place_may_enter_alone(name, member, enters):
    found = alone(member, {"single.classes": name})
    assert found.outcome is (Outcome.ELIGIBLE if enters else Outcome.NOT_ELIGIBLE)
    assert codes(found.reasons) == ([] if enters else ["single_no_class"])
    assert (found.unit, found.monthly_fen) == (Unit.SINGLE, 50000 if enters else 0)


@pytest.mark.parametrize(
    ("name", "words"),
    [("limb_1", "肢体一级残疾人"), ("mental_3", "精神一至三级残疾人"), ("major_illness", "重特大疾病患者")],
)
def test_the_refusal_names_the_classes_of_the_place(name, words):
    assert [row["text"] for row in alone(child(), {"single.classes": name}).reasons] == [f"家庭中没有{words}"]


def test_a_place_without_the_rule_admits_nobody_alone():
    assert codes(alone(child(disability=LIMB_1), {}).reasons) == ["single_no_class"]


@pytest.mark.parametrize(
    ("year", "outcome"),
    [(11999, Outcome.NOT_ELIGIBLE), (12000, Outcome.ELIGIBLE), (12001, Outcome.ELIGIBLE)],
    ids=["below the standard", "at it", "above it"],
)
def test_nobody_enters_alone_while_the_whole_household_qualifies(year, outcome):
    found = alone(child(disability=LIMB_1), {"single.classes": "limb_2"}, year)
    assert (found.outcome, "household_first" in codes(found.reasons)) == (outcome, outcome is not Outcome.ELIGIBLE)


def test_clergy_who_left_the_family_are_not_held_back_by_it():
    assert alone(child(clergy_years_away=3), {"single.classes": "clergy"}, 3000).outcome is Outcome.ELIGIBLE


@pytest.mark.parametrize(
    ("year", "outcome"),
    [(17999, Outcome.ELIGIBLE), (18000, Outcome.NOT_ELIGIBLE), (18001, Outcome.NOT_ELIGIBLE)],
    ids=["below", "at", "above"],
)
def test_the_family_must_be_below_the_line_of_low_income_where_there_is_one(year, outcome):
    found = alone(child(disability=LIMB_1), {"single.classes": "limb_2", "single.income_multiple": "1.5"}, year)
    assert (found.outcome, codes(found.reasons)) == (outcome, [] if outcome is Outcome.ELIGIBLE else ["single_income"])


def test_clergy_supported_as_extremely_poor_do_not_enter_beside_that():
    held = (Held(Subject.TEKUN, 80_000, ref="m2"),)
    found = alone(child(clergy_years_away=3), {"single.classes": "clergy"}, 3000, held=held)
    assert found.outcome is Outcome.NOT_ELIGIBLE


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("clergy", child(clergy_years_away=3)),
        ("jobless_severe_disability", child(birth=date(2000, 1, 1), disability=LIMB_1, employed=False)),
    ],
)
def test_clergy_and_jobless_disabled_adults_are_not_tied_to_a_poor_family(name, member):
    figures = {"single.classes": name, "single.income_multiple": "1.5"}
    assert alone(member, figures, 40000).outcome is Outcome.ELIGIBLE


@pytest.mark.parametrize(
    ("kin", "enters"),
    [
        ((), True), ((Kin(subject=Subject.DIBAO),), True), ((Kin(subject=Subject.EDGE),), True), ((ABLE,), False),
        ((Kin(able=False),), True), ((Kin(subject=Subject.TEKUN), ABLE), False),
    ],
)  # fmt: skip
def test_obligors_must_be_poor_or_unable_where_the_place_asks(kin, enters):
    figures = {"single.classes": "limb_2", "single.requires_obligor_test": "yes"}
    found = alone(child(disability=LIMB_1), figures, obligors=kin)
    assert codes(found.reasons) == ([] if enters else ["single_obligors_able"])


def test_and_need_not_be_where_it_does_not():
    assert alone(child(disability=LIMB_1), {"single.classes": "limb_2"}, obligors=(ABLE,)).monthly_fen == 50000


@pytest.mark.parametrize(
    ("kin", "enters"),
    [
        (Kin(KinRelation.SIBLING), True), (Kin(KinRelation.PARENT, age=60), True),
        (Kin(KinRelation.PARENT, age=59), False), (Kin(KinRelation.CHILD), False),
    ],
)  # fmt: skip
def test_siblings_and_old_parents_of_a_jobless_disabled_adult_are_not_asked(kin, enters):
    adult = child(birth=date(2000, 1, 1), disability=LIMB_1, employed=False)
    figures = {"single.classes": "jobless_severe_disability", "single.requires_obligor_test": "yes"}
    assert (alone(adult, figures, obligors=(kin,)).outcome is Outcome.ELIGIBLE) is enters


@pytest.mark.parametrize(
    ("tags", "reasons"),
    [({Tag.FUPIN}, []), ({Tag.FUPIN_OUT}, ["single_tag_missing"]), (set(), ["single_tag_missing"])],
)
def test_the_mark_of_the_registered_poor_is_needed_where_the_place_asks(tags, reasons):
    figures = {"single.classes": "severe_disability", "single.requires_tag": "fupin"}
    assert codes(alone(child(disability=LIMB_1), figures, tags=frozenset(tags)).reasons) == reasons


@pytest.mark.parametrize(("own", "enters"), [(5999, True), (6000, False), (6001, False)])
def test_the_own_income_must_be_below_the_standard(own, enters):
    found = alone(child(disability=LIMB_1, income=(earns(own),)), {"single.classes": "limb_2"})
    assert codes(found.reasons) == ([] if enters else ["single_income"])


@pytest.mark.parametrize(
    ("figures", "fen"),
    [
        ({}, 40000),
        ({"single.amount_rule": "gap"}, 40000),
        ({"single.amount_rule": "full"}, 50000),
        ({"single.amount_rule": "percent", "single.percent": 80}, 40000),
        ({"single.amount_rule": "split", "single.percent": 50, "single.split_multiple": "2"}, 50000),
        ({"dibao.amount_rule": "tier", "dibao.tier.A": 380}, 38000),
        ({"dibao.amount_rule": "tier", "dibao.tier.A": 380, "single.amount_rule": "full"}, 50000),
    ],
)
def test_the_amount_follows_the_rule_of_the_place(figures, fen):
    member = child(disability=LIMB_1, income=(earns(1200),))
    found = alone(member, {"single.classes": "limb_2", **figures}, tier="A")
    assert [(part.kind, part.ref, part.fen) for part in found.parts] == [("single", "m2", fen)]


def test_who_enters_alone_by_tier_needs_one():
    found = alone(child(disability=LIMB_1), {"single.classes": "limb_2", "dibao.amount_rule": "tier"})
    assert (found.outcome, found.monthly_fen, codes(found.reasons)) == (Outcome.INCOMPLETE, 0, ["tier_missing"])


@pytest.mark.parametrize(
    ("year", "fen"), [(23999, 50000), (24000, 25000), (24001, 25000)], ids=["below", "at", "above"]
)
def test_a_split_pays_all_below_its_line_and_a_part_from_it_on(year, fen):
    figures = {
        "single.classes": "limb_2", "single.amount_rule": "split", "single.percent": 50, "single.split_multiple": "2",
    }  # fmt: skip
    assert alone(child(disability=LIMB_1), figures, year).monthly_fen == fen


def test_no_uplift_for_who_enters_alone():
    figures = {"single.classes": "limb_2", "dibao.uplift.severe_disability.percent": 20}
    assert alone(child(disability=LIMB_1), figures).monthly_fen == 50000


def test_property_that_bars_the_family_bars_the_member():
    figures = {"single.classes": "limb_2", "property.companies": 0}
    found = alone(child(disability=LIMB_1), figures, property=Estate(companies=1))
    assert (found.outcome, codes(found.reasons)) == (Outcome.NOT_ELIGIBLE, ["property_companies"])


def two(unit):
    dear = child("m2", disability=LIMB_1, income=(earns(1200),))
    poor = child("m3", illness=Illness.MAJOR)
    return alone(dear, {"single.classes": "limb_2 major_illness"}, 40000, unit, others=(poor,))


def test_of_several_the_one_with_most_is_proposed_and_the_others_are_told():
    found = two(None)
    assert (found.unit, found.parts[0].ref, found.monthly_fen) == (Unit.SINGLE, "m3", 50000)
    assert "single_too" in codes(found.advice)
    assert sum(line["label"] == "单人户补差" for line in found.lines) == 1


def test_a_whole_household_refused_is_advised_of_its_members_who_may_enter_alone():
    found = two(Unit.HOUSEHOLD)
    assert (found.outcome, codes(found.advice).count("try_single")) == (Outcome.NOT_ELIGIBLE, 2)


def test_when_the_unit_is_left_open_a_household_below_the_line_enters_whole():
    found = alone(child(disability=LIMB_1), {"single.classes": "limb_2"}, 6000, None)
    assert (found.unit, found.persons, found.reasons) == (Unit.HOUSEHOLD, 2, [])


@pytest.mark.parametrize(("kin", "unit"), [((), Unit.HOUSEHOLD), ((Kin(subject=Subject.DIBAO),), Unit.SINGLE)])
def test_a_child_or_old_person_is_proposed_only_when_poor_obligors_are_known(kin, unit):
    figures = {"single.classes": "minor", "single.requires_obligor_test": "yes"}
    found = alone(child(birth=date(2010, 1, 1)), figures, unit=None, obligors=kin)
    assert (found.unit, "try_single" in codes(found.advice)) == (unit, unit is Unit.HOUSEHOLD)


def test_when_it_is_left_open_the_reasons_of_household_and_member_are_told_together():
    figures = {"single.classes": "limb_2", "single.income_multiple": "1.5"}
    assert codes(alone(child(disability=LIMB_1), figures, 40000, None).reasons) == [
        "income_above_standard", "single_income",
    ]  # fmt: skip


def test_rigid_spending_lowers_the_own_income_where_the_place_takes_it_off():
    member = child(disability=LIMB_1, income=(earns(6600),), spending=(spends(1200),))
    figures = {"single.classes": "limb_2", "deduct.rigid": "actual"}
    assert alone(member, figures).monthly_fen == 5000


@pytest.mark.parametrize("rule", ["gap", "full", "percent"])
def test_who_enters_alone_and_refuses_work_three_times_is_paid_nothing(rule):
    monk = child(birth=date(1990, 1, 1), clergy_years_away=5, refused_work=3)
    figures = {"single.classes": "clergy", "single.amount_rule": rule, "single.percent": 80, "work.refusals": 3}
    assert alone(monk, figures).monthly_fen == 0


@pytest.mark.parametrize(("own", "outcome"), [(12000, Outcome.GRACE), (12001, Outcome.NOT_ELIGIBLE)])
def test_grace_of_a_single_person_looks_at_the_higher_of_own_and_family_income(own, outcome):
    ill = child(disability=LIMB_1, income=(earns(own),))
    figures = {"single.classes": "limb_2", "grace.months_max": 12, "grace.income_cap_multiple": "2"}
    assert alone(ill, figures, 7000, current=Current("dibao", 30000)).outcome is outcome


def test_of_equal_amounts_the_first_member_is_proposed():
    others = (child("m3", disability=LIMB_1),)
    found = alone(child("m2", disability=LIMB_1), {"single.classes": "limb_2"}, 40000, None, others)
    assert found.parts[0].ref == "m2"


def test_no_grace_for_a_single_person_with_something_else_in_the_way():
    ill = child(disability=LIMB_1, income=(earns(6001),))
    figures = {"single.classes": "limb_2", "single.requires_tag": "fupin", "grace.months_max": 12}
    found = alone(ill, figures, current=Current("dibao", 30000))
    assert codes(found.reasons) == ["single_tag_missing", "single_income"]


def test_a_member_s_own_case_is_answered_for_that_member_alone():
    from policy.assess import assess
    from policy.facts_json import read_family
    from policy.figures import Figures

    told = {
        "place": "350702", "on": "2022-01-01", "scheme": "dibao", "area": "rural", "unit": "single",
        "figures": {"dibao.standard": 500},
        "members": [
            {"ref": "a", "relation": "head", "birth": "1970-01-01", "income": [{"kind": "wage", "amount": 2100}]},
            {"ref": "b", "relation": "child", "birth": "1990-01-01", "disability": {"kind": "limb", "level": 2},
             "income": [{"kind": "wage", "amount": 100}]},
            {"ref": "c", "relation": "child", "birth": "1992-01-01", "disability": {"kind": "limb", "level": 2}},
        ],
    }  # fmt: skip
    answers = {alone: assess(read_family({**told, "alone": alone}), Figures.shipped()) for alone in ("b", "c", None)}
    assert [(part.ref, part.fen) for part in answers["b"].parts] == [("b", 40000)]
    assert [(part.ref, part.fen) for part in answers["c"].parts] == [("c", 50000)]
    assert [(part.ref, part.fen) for part in answers[None].parts] == [("c", 50000)]
    refused = assess(read_family({**told, "alone": "a"}), Figures.shipped())
    assert [reason["code"] for reason in refused.reasons] == ["single_no_class"]
