"""残疾人两项补贴: of which families, from which level, beside which other aid."""

import pytest

from policy.assess import RULES
from policy.family import Disability, Held, Person
from policy.vocabulary import CareNeed, DisabilityKind, Outcome, Subject, Tag
from tests.policy.codes import reasons
from tests.policy.families import sheet

LIVING, CARE = Subject.LIVING_SUBSIDY, Subject.CARE_SUBSIDY
NUMBERS = {
    "living_subsidy.amount": 80, "living_subsidy.families": "dibao", "care_subsidy.amount": 60,
    "care_subsidy.disabilities": "severe_disability", "care_subsidy.long_care": "yes", "orphan.amount.home": 1000,
}  # fmt: skip
POOR = Held(Subject.DIBAO, 90_000, 3)


def disabled(level=2, kind=DisabilityKind.LIMB, ref="m1", **facts):
    return Person(ref, disability=Disability(kind, level), **facts)


def found(scheme, *people, figures=None, **facts):
    page = sheet(*people, scheme=scheme, figures={**NUMBERS, **(figures or {})}, **facts)
    return RULES[scheme](page)


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_the_disabled_of_a_dibao_family_have_the_living_subsidy_at_any_level(level):
    assert found(LIVING, disabled(level), held=(POOR,)).monthly_fen == 8_000


def test_without_dibao_only_where_the_place_has_widened_it():
    edge, tags = Held(Subject.EDGE), frozenset({Tag.WATCH})
    assert reasons(found(LIVING, disabled(), held=(edge,))) == ["not_poor_family"]
    assert found(LIVING, disabled(), held=(edge,), figures={"living_subsidy.families": "dibao edge"}).monthly_fen
    assert reasons(found(LIVING, disabled(), tags=tags)) == ["not_poor_family"]
    assert found(LIVING, disabled(), tags=tags, figures={"living_subsidy.families": "dibao watch"}).monthly_fen


def test_the_single_persons_dibao_of_another_member_is_not_the_familys():
    assert reasons(found(LIVING, disabled(), held=(Held(Subject.DIBAO, 50_000, ref="m2"),))) == ["not_poor_family"]
    assert found(LIVING, disabled(), held=(Held(Subject.DIBAO, 50_000, ref="m1"),)).monthly_fen == 8_000


def test_no_certificate_no_subsidy():
    assert reasons(found(LIVING, Person("m1"), held=(POOR,), alone="m1")) == ["no_disability"]
    assert reasons(found(CARE, Person("m1"), alone="m1")) == ["no_disability"]
    assert found(LIVING, Person("m1")).outcome is Outcome.INCOMPLETE


@pytest.mark.parametrize(("level", "paid"), [(1, 6_000), (2, 6_000), (3, 0)])
def test_the_care_subsidy_is_for_levels_one_and_two(level, paid):
    assert found(CARE, disabled(level, needs_care=CareNeed.DISABLED)).monthly_fen == paid


def test_the_place_may_widen_it_to_mental_and_intellectual_levels():
    wide = {"care_subsidy.disabilities": "severe_disability intellectual_3 mental_4"}
    need = {"needs_care": CareNeed.DISABLED}
    assert found(CARE, disabled(3, DisabilityKind.INTELLECTUAL, **need), figures=wide).monthly_fen == 6_000
    assert found(CARE, disabled(4, DisabilityKind.MENTAL, **need), figures=wide).monthly_fen == 6_000
    assert reasons(found(CARE, disabled(4, DisabilityKind.INTELLECTUAL, **need), figures=wide)) == ["not_severe"]


def test_a_level_may_have_an_amount_of_its_own():
    levels = {"care_subsidy.amount.1": 100}
    need = {"needs_care": CareNeed.DISABLED}
    assert found(CARE, disabled(1, **need), figures=levels).monthly_fen == 10_000
    assert found(CARE, disabled(2, **need), figures=levels).monthly_fen == 6_000


def test_long_need_of_care_must_be_found_where_the_place_asks_for_it():
    unknown = found(CARE, disabled())
    assert (unknown.outcome, reasons(unknown)) == (Outcome.INCOMPLETE, ["care_need_unknown"])
    assert found(CARE, disabled(self_care_unmet=1)).monthly_fen == 6_000
    assert found(CARE, disabled(), figures={"care_subsidy.long_care": "no"}).monthly_fen == 6_000


def test_both_may_be_held_at_once():
    person = disabled(needs_care=CareNeed.DISABLED)
    assert found(CARE, person, held=(POOR, Held(LIVING, 8_000, ref="m1"))).monthly_fen == 6_000
    assert found(LIVING, person, held=(POOR, Held(CARE, 6_000, ref="m1"))).monthly_fen == 8_000


@pytest.mark.parametrize("scheme", [LIVING, CARE])
def test_neither_beside_support_as_tekun(scheme):
    answer = found(scheme, disabled(self_care_unmet=2), held=(POOR, Held(Subject.TEKUN, 80_000, ref="m1")))
    assert reasons(answer) == ["has_tekun"]


@pytest.mark.parametrize(("monthly", "paid"), [(99_900, 8_000), (100_000, 0), (100_100, 0)])
def test_a_disabled_child_on_the_full_rate_has_no_living_subsidy(monthly, paid):
    held = POOR, Held(Subject.UNSUPPORTED_CHILD, monthly, ref="m1")
    answer = found(LIVING, disabled(), held=held)
    assert answer.monthly_fen == paid
    assert reasons(answer) == ([] if paid else ["has_child_support"])


def test_an_orphan_has_the_care_subsidy_but_not_the_living_subsidy():
    held = POOR, Held(Subject.ORPHAN, 100_000, ref="m1")
    assert reasons(found(LIVING, disabled(), held=held)) == ["has_orphan"]
    assert found(CARE, disabled(self_care_unmet=1), held=held).monthly_fen == 6_000


def test_whoever_of_the_family_fits_is_told_apart():
    answer = found(LIVING, disabled(), Person("m2"), disabled(4, ref="m3"), held=(POOR,))
    assert [(part.ref, part.fen) for part in answer.parts] == [("m1", 8_000), ("m3", 8_000)]
