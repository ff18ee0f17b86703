"""What a review comes to: grace or not, leaving by own wish, when to look again."""

from datetime import date

import pytest

from policy.dibao import assess_dibao
from policy.family import Conduct, Current, Disability, Estate, Person
from policy.vocabulary import DisabilityKind, IncomeKind, Outcome, RiseCause, Unit
from tests.policy.codes import codes
from tests.policy.families import DAY, child, earns, sheet

GRACE = {
    "dibao.rounding": "half_up_fen", "grace.months_min": 3, "grace.months_max": 12, "grace.income_cap_multiple": "2",
    "grace.cause": "work_or_aid",
}  # fmt: skip


def reviewed(yuan_a_year, cause=RiseCause.WORK, leaves=False, without=(), on=DAY, **facts):
    """Two people who receive 480 a month; the head now earns so much a year."""
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(yuan_a_year),))
    figures = {key: said for key, said in {**GRACE, **facts.pop("figures", {})}.items() if key not in without}
    current = Current("dibao", 48000, income_rose_because=cause, wants_to_leave=leaves)
    return assess_dibao(sheet(head, child("m2"), figures=figures, current=current, on=on, **facts))


@pytest.mark.parametrize(
    ("year", "outcome"),
    [
        (11999, Outcome.ELIGIBLE), (12000, Outcome.GRACE), (12001, Outcome.GRACE),
        (23999, Outcome.GRACE), (24000, Outcome.GRACE), (24001, Outcome.NOT_ELIGIBLE),
    ],
    ids=["below the standard", "at it", "above it", "below the cap", "at the cap", "above the cap"],
)  # fmt: skip
def test_grace_reaches_from_the_standard_to_the_cap_and_includes_both(year, outcome):
    assert reviewed(year).outcome is outcome


def test_grace_keeps_the_last_amount_and_ends_on_the_last_day_of_the_last_month():
    found = reviewed(20000, on=date(2020, 6, 15))
    assert found.grace == (3, 12, date(2021, 6, 30))
    assert (found.monthly_fen, found.unit, found.reasons) == (48000, Unit.HOUSEHOLD, [])


def test_without_a_shortest_time_grace_lasts_a_month_at_least():
    found = reviewed(20000, without={"grace.months_min"})
    assert found.grace and found.grace[:2] == (1, 12)
    assert any("1～12 个月" in line["formula"] for line in found.lines)


@pytest.mark.parametrize(("least", "words"), [(3, "3～12 个月"), (12, "自下月起 12 个月")])
def test_a_span_of_one_length_is_written_as_one_number(least, words):
    found = reviewed(20000, figures={"grace.months_min": least})
    assert any(words in line["formula"] for line in found.lines if line["label"] == "渐退期")


def test_over_the_cap_both_reasons_are_told():
    assert codes(reviewed(24001).reasons) == ["income_above_standard", "grace_over_cap"]


def test_without_a_cap_any_income_is_within_it():
    assert reviewed(90000, without={"grace.income_cap_multiple"}).outcome is Outcome.GRACE


def test_where_the_place_has_no_grace_there_is_none():
    assert codes(reviewed(20000, without={"grace.months_max"}).reasons) == ["income_above_standard"]


def test_a_family_of_which_nobody_counts_any_more_has_no_grace():
    head = Person("m1", birth=date(1980, 1, 1), in_prison=True)
    current = Current("dibao", 48000, income_rose_because=RiseCause.WORK)
    found = assess_dibao(sheet(head, figures=GRACE, current=current))
    assert (found.outcome, codes(found.reasons)) == (Outcome.NOT_ELIGIBLE, ["nobody_counted"])


def test_who_receives_nothing_yet_has_no_grace():
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(20000),))
    assert assess_dibao(sheet(head, child("m2"), figures=GRACE)).outcome is Outcome.NOT_ELIGIBLE


@pytest.mark.parametrize(
    ("rule", "cause", "outcome"),
    [
        ("work", RiseCause.WORK, Outcome.GRACE), ("work", RiseCause.ENTERPRISE, Outcome.GRACE),
        ("work", RiseCause.AID, Outcome.NOT_ELIGIBLE), ("work_or_aid", RiseCause.AID, Outcome.GRACE),
        ("work_or_aid", RiseCause.OTHER, Outcome.NOT_ELIGIBLE), ("any", RiseCause.OTHER, Outcome.GRACE),
        ("any", None, Outcome.GRACE), ("work", None, Outcome.INCOMPLETE),
    ],
)  # fmt: skip
def test_why_income_rose_decides_where_the_place_asks(rule, cause, outcome):
    assert reviewed(20000, cause, figures={"grace.cause": rule}).outcome is outcome


def test_a_cause_that_does_not_fit_and_one_that_is_not_told_are_different_reasons():
    assert codes(reviewed(20000, RiseCause.OTHER).reasons) == ["income_above_standard", "grace_cause"]
    assert codes(reviewed(20000, None).reasons) == ["grace_cause_missing"]


def test_over_the_cap_the_cause_needs_not_be_asked():
    assert reviewed(24001, None).outcome is Outcome.NOT_ELIGIBLE


@pytest.mark.parametrize(
    "facts",
    [
        {"conduct": Conduct(cooperates=False)},
        {"property": Estate(companies=1), "figures": {"property.companies": 0}},
    ],
)
def test_property_or_conduct_that_bars_leaves_no_grace(facts):
    assert reviewed(20000, **facts).outcome is Outcome.NOT_ELIGIBLE


EXIT = {"exit.money_months_min": 1, "exit.money_months_max": 3}


def test_who_leaves_by_own_wish_may_have_some_months_money_and_no_grace():
    found = reviewed(20000, leaves=True, figures=EXIT)
    assert (found.outcome, codes(found.reasons), found.grace) == (
        Outcome.NOT_ELIGIBLE, ["left_by_own_wish"], None,
    )  # fmt: skip
    assert (found.exit_money, found.one_off_range, found.monthly_fen) == ((1, 3), (48000, 144000), 0)


@pytest.mark.parametrize(("unit", "told"), [(None, Unit.HOUSEHOLD), (Unit.SINGLE, Unit.SINGLE)])
def test_who_leaves_is_told_as_what_was_received(unit, told):
    assert reviewed(20000, leaves=True, unit=unit).unit is told


def test_where_the_place_gives_no_exit_money_there_is_none():
    found = reviewed(20000, leaves=True)
    assert (found.exit_money, found.one_off_range) == (None, None)


def test_who_would_still_fit_is_told_before_leaving():
    assert "still_fits" in codes(reviewed(6000, leaves=True).advice)
    assert "still_fits" not in codes(reviewed(20000, leaves=True).advice)


def test_a_single_person_over_the_line_of_income_has_grace_too():
    ill = child("m2", disability=Disability(DisabilityKind.LIMB, 1), income=(earns(6001),))
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(7000),))
    current = Current("dibao", 30000, income_rose_because=RiseCause.WORK)
    figures = {**GRACE, "single.classes": "limb_2"}
    found = assess_dibao(sheet(head, ill, figures=figures, current=current, unit=Unit.SINGLE))
    assert (found.outcome, found.unit, found.monthly_fen, found.parts[0].ref) == (
        Outcome.GRACE, Unit.SINGLE, 30000, "m2",
    )  # fmt: skip


MONTHS = {"review.months.stable": 12, "review.months.changing": 6, "dibao.rounding": "half_up_fen"}


@pytest.mark.parametrize(
    ("head", "months"),
    [
        (Person("m1", birth=date(1950, 1, 1)), 12),
        (Person("m1", birth=date(1980, 1, 1)), 6),
        (Person("m1", birth=date(1950, 1, 1), employed=True), 6),
        (Person("m1", birth=date(1950, 1, 1), income=(earns(100),)), 6),
        (Person("m1", birth=date(1950, 1, 1), income=(earns(0), earns(100, IncomeKind.PENSION_OTHER))), 12),
    ],
    ids=["nobody can work", "able to work", "has work", "earns", "has a pension"],
)
def test_the_review_comes_sooner_where_somebody_can_work_or_earns(head, months):
    found = assess_dibao(sheet(head, figures=MONTHS))
    assert found.review_months == months
    assert ("2022-09-01" if months == 12 else "2022-03-01", "review_due") in [
        (row["on"], row["code"]) for row in found.dates
    ]


def test_one_who_can_work_is_enough_for_the_sooner_review():
    old = Person("m1", birth=date(1950, 1, 1))
    assert assess_dibao(sheet(old, child("m2", date(1980, 1, 1)), figures=MONTHS)).review_months == 6


@pytest.mark.parametrize("birth", [date(1961, 9, 1), date(2003, 9, 1)], ids=["60 today", "18 today"])
def test_a_birthday_reached_is_not_told_again(birth):
    assert codes(assess_dibao(sheet(Person("m1", birth=birth), figures=MONTHS)).dates) == ["review_due"]


def test_the_review_of_a_single_person_looks_at_that_person_alone():
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(18000),))
    helpless = child("m2", date(2010, 1, 1), disability=Disability(DisabilityKind.LIMB, 1))
    found = assess_dibao(sheet(head, helpless, figures={**MONTHS, "single.classes": "limb_2"}))
    assert (found.unit, found.review_months) == (Unit.SINGLE, 12)
    assert codes(found.dates) == ["review_due", "turns_18"]


def test_the_day_a_child_comes_of_age_is_told():
    found = assess_dibao(sheet(Person("m1", birth=date(1980, 1, 1)), child("m2", date(2008, 2, 29)), figures=MONTHS))
    assert ("2026-03-01", "turns_18") in [(row["on"], row["code"]) for row in found.dates]


@pytest.mark.parametrize(
    ("birth", "told"), [(date(1963, 9, 1), True), (date(1963, 9, 2), False)], ids=["in two years", "a day later"]
)
def test_the_sixtieth_birthday_is_told_when_it_is_near(birth, told):
    found = assess_dibao(sheet(Person("m1", birth=birth), figures=MONTHS))
    assert ("turns_60" in codes(found.dates)) is told


def test_a_refused_family_has_no_review():
    assert reviewed(24001, figures=MONTHS).review_months is None
