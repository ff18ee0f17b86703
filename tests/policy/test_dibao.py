"""低保 of a household: who is below the line, how much is missing, what is added, and when spending admits."""

from datetime import date

import pytest

from policy.dibao import assess_dibao
from policy.family import Conduct, Disability, Estate, Income, Person
from policy.vocabulary import DisabilityKind, Illness, IncomeKind, KinRelation, Outcome, Unit
from tests.policy.codes import codes
from tests.policy.families import DAY, HEAD, child, earns, sheet, spends

GAP = {"dibao.rounding": "half_up_fen"}


def family(yuan_a_year, persons=3, **facts):
    """So many people of working age, the head earning so much a year."""
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(yuan_a_year),))
    figures = {**GAP, **facts.pop("figures", {})}
    return sheet(head, *(child(f"m{n}") for n in range(2, persons + 1)), figures=figures, **facts)


def value(finding, label):
    return next(line["value"] for line in finding.lines if line["label"] == label)


def test_the_gap_is_standard_times_persons_less_income_and_never_a_rounded_average_times_persons():
    found = assess_dibao(family(1894 * 12, figures={"dibao.standard": 632, "dibao.rounding": "up_yuan"}))
    assert found.monthly_fen == 200  # 632 − 631 (1894 ÷ 3, rounded) would be 3 for three


@pytest.mark.parametrize(
    ("year", "outcome"),
    [(17999, Outcome.ELIGIBLE), (18000, Outcome.NOT_ELIGIBLE), (18001, Outcome.NOT_ELIGIBLE)],
    ids=["below", "at", "above"],
)
def test_a_household_is_admitted_only_below_the_standard(year, outcome):
    found = assess_dibao(family(year))
    assert found.outcome is outcome
    assert codes(found.reasons) == ([] if outcome is Outcome.ELIGIBLE else ["income_above_standard"])


def test_the_reason_says_how_much_and_against_which_line():
    assert [row["text"] for row in assess_dibao(family(18000)).reasons] == ["人均月收入500.00元不低于低保标准500.00元"]


def test_less_than_a_fen_a_month_below_the_standard_is_below():
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(17999),))
    found = assess_dibao(sheet(head, child("m2"), child("m3"), figures={**GAP, "dibao.standard": "499.98"}))
    assert (found.per_capita_fen, found.outcome) == (49997, Outcome.ELIGIBLE)


@pytest.mark.parametrize(
    ("rule", "fen"), [("up_yuan", 50100), ("half_up_yuan", 50000), ("half_up_fen", 50042), ("none", 50041)]
)
def test_the_gap_is_rounded_once_by_the_rule_of_the_place(rule, fen):
    found = assess_dibao(family(11995, figures={"dibao.rounding": rule}))  # 1500 − 999.5833…
    assert found.monthly_fen == fen


@pytest.mark.parametrize(("wage", "fen"), [(49951, 50000), (49950, 50100), (49949, 50100)])
def test_half_a_yuan_is_rounded_up_and_less_is_not(wage, fen):
    head = Person("m1", birth=date(1980, 1, 1), income=(Income(IncomeKind.WAGE, 12 * wage),))
    found = assess_dibao(sheet(head, child("m2"), figures={"dibao.rounding": "half_up_yuan"}))
    assert found.monthly_fen == fen


def test_the_line_shows_what_rounding_did():
    found = assess_dibao(family(11995, figures={"dibao.rounding": "half_up_yuan"}))
    assert value(found, "家庭补差") == "500.42 → 500.00"
    line = next(line for line in found.lines if line["label"] == "家庭补差")
    assert (line["formula"], line["figure"]) == ("500.00 × 3 − 999.58", "dibao.standard")


def test_rounding_up_never_pays_more_than_the_standard_for_each():
    found = assess_dibao(family(0, figures={"dibao.standard": "500.10", "dibao.rounding": "up_yuan"}))
    assert found.monthly_fen == 150030


@pytest.mark.parametrize(
    ("year", "yuan"), [(16788, 101), (16800, 100), (16812, 100)], ids=["above the floor", "at it", "below it"]
)
def test_a_small_gap_is_lifted_to_the_floor(year, yuan):
    found = assess_dibao(family(year, figures={"dibao.gap_floor_percent": 20}))
    assert found.monthly_fen == yuan * 100
    assert ("补差保底" in [line["label"] for line in found.lines]) is (year > 16800)


def test_a_percentage_may_have_decimals():
    found = assess_dibao(family(17999, figures={"dibao.gap_floor_percent": "12.5"}))
    assert found.monthly_fen == 6250


def test_a_place_that_pays_by_tier_pays_the_rate_for_each_person():
    found = assess_dibao(family(6000, figures={"dibao.amount_rule": "tier", "dibao.tier.B": 330}, tier="B"))
    assert [(part.kind, part.fen) for part in found.parts] == [("tier", 99000)]


@pytest.mark.parametrize("tier", [None, "B", "Z"])
def test_a_tier_that_is_not_told_or_has_no_rate_leaves_the_finding_incomplete(tier):
    found = assess_dibao(family(6000, figures={"dibao.amount_rule": "tier", "dibao.tier.A": 380}, tier=tier))
    assert (found.outcome, codes(found.reasons), found.monthly_fen) == (Outcome.INCOMPLETE, ["tier_missing"], 0)


def test_a_tier_above_the_standard_pays_the_standard():
    found = assess_dibao(family(6000, figures={"dibao.amount_rule": "tier", "dibao.tier.A": 600}, tier="A"))
    assert found.monthly_fen == 150000


def uplifted(stack, **facts):
    old = Person("m1", birth=date(1961, 9, 1), disability=Disability(DisabilityKind.LIMB, 2), **facts)
    figures = {
        **GAP, "dibao.uplift.elderly.percent": 10, "dibao.uplift.severe_disability.amount": 80,
        "dibao.uplift.stack": stack,
    }  # fmt: skip
    return assess_dibao(sheet(old, figures=figures))


def test_of_several_uplifts_one_person_has_the_highest():
    assert [(part.kind, part.fen, part.ref) for part in uplifted("highest").parts] == [
        ("gap", 50000, None), ("uplift", 8000, "m1"),
    ]  # fmt: skip


def test_the_highest_uplift_is_found_whichever_class_it_is_of():
    old = Person("m1", birth=date(1961, 9, 1), disability=Disability(DisabilityKind.LIMB, 2))
    figures = {**GAP, "dibao.uplift.elderly.amount": 90, "dibao.uplift.severe_disability.amount": 80}
    assert assess_dibao(sheet(old, figures=figures)).monthly_fen == 59000


def test_a_total_is_written_where_there_is_something_to_add():
    assert value(uplifted("highest"), "每月合计") == "580.00"
    assert "每月合计" not in [line["label"] for line in assess_dibao(family(6000)).lines]


def test_or_all_of_them_where_the_place_adds_them_up():
    assert uplifted("sum").monthly_fen == 50000 + 5000 + 8000


@pytest.mark.parametrize(
    ("birth", "fen"), [(date(1961, 9, 2), 0), (date(1961, 9, 1), 5000)], ids=["day before 60", "60 today"]
)
def test_the_uplift_of_the_old_begins_on_the_birthday(birth, fen):
    found = assess_dibao(sheet(Person("m1", birth=birth), figures={**GAP, "dibao.uplift.elderly.percent": 10}))
    assert found.monthly_fen - 50000 == fen


@pytest.mark.parametrize(
    ("member", "key"),
    [
        (child("m2", date(2003, 9, 2)), "minor"),
        (child("m2", illness=Illness.MAJOR), "major_illness"),
        (child("m2", disability=Disability(DisabilityKind.MENTAL, 2)), "severe_disability"),
    ],
)
def test_each_class_has_its_uplift(member, key):
    found = assess_dibao(sheet(HEAD, member, figures={**GAP, f"dibao.uplift.{key}.percent": 10}))
    assert [part.ref for part in found.parts] == [None, "m2"]


@pytest.mark.parametrize(
    "member",
    [
        child("m2", date(2003, 9, 1)),
        child("m2", illness=Illness.CHRONIC),
        child("m2", disability=Disability(DisabilityKind.MENTAL, 3)),
    ],
)
def test_who_is_just_outside_a_class_has_no_uplift(member):
    figures = {f"dibao.uplift.{key}.percent": 10 for key in ("minor", "major_illness", "severe_disability")}
    found = assess_dibao(sheet(HEAD, member, figures={**GAP, **figures}))
    assert [part.kind for part in found.parts] == ["gap"]


def test_every_reason_against_is_told_at_once():
    conduct = Conduct(pledge=False, authorised=False, cooperates=False, dishonest_until=DAY)
    estate = Estate(companies=2)
    found = assess_dibao(family(20000, conduct=conduct, property=estate, figures={"property.companies": 1}))
    assert set(codes(found.reasons)) == {
        "pledge_missing", "authorisation_missing", "refuses_check", "dishonest_until", "property_companies",
        "income_above_standard",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("until", "outcome"),
    [(date(2021, 8, 31), Outcome.ELIGIBLE), (DAY, Outcome.NOT_ELIGIBLE), (date(2021, 9, 2), Outcome.NOT_ELIGIBLE)],
    ids=["over", "last day", "still running"],
)
def test_dishonesty_bars_up_to_and_including_its_last_day(until, outcome):
    assert assess_dibao(family(0, conduct=Conduct(dishonest_until=until))).outcome is outcome


def test_a_family_without_members_is_incomplete():
    bare = sheet()
    bare.family = bare.family.__class__(bare.family.place, DAY, bare.family.scheme, figures=bare.family.figures)
    found = assess_dibao(bare)
    assert (found.outcome, codes(found.reasons)) == (Outcome.INCOMPLETE, ["members_missing"])


def test_a_family_in_which_nobody_counts_is_refused_and_says_so():
    found = assess_dibao(sheet(Person("m1", in_prison=True), figures=GAP))
    assert (found.outcome, codes(found.reasons), found.per_capita_fen) == (
        Outcome.NOT_ELIGIBLE, ["nobody_counted"], None,
    )  # fmt: skip
    assert [line["formula"] for line in found.lines if line["label"] == "计算在内的家庭成员"] == ["无"]


def spending(spent, admits="household", percent=60, year=24000, **facts):
    ill = Person("m1", birth=date(1980, 1, 1), income=(earns(year),), spending=(spends(spent),))
    figures = {**GAP, "expenditure.admits": admits, "expenditure.percent": percent}
    return assess_dibao(sheet(ill, child("m2"), child("m3"), figures=figures, **facts))


@pytest.mark.parametrize(
    ("spent", "outcome"),
    [(14399, Outcome.NOT_ELIGIBLE), (14400, Outcome.ELIGIBLE), (14401, Outcome.ELIGIBLE)],
    ids=["below", "at", "above"],
)
def test_a_household_over_the_line_is_admitted_by_its_spending_from_the_share_of_the_place(spent, outcome):
    assert spending(spent).outcome is outcome


def test_its_gap_is_counted_after_the_spending():
    found = spending(14400)
    assert (found.monthly_fen, found.per_capita_fen) == (70000, 66667)  # 1500 − (24000 − 14400) ÷ 12


def test_spending_above_the_income_leaves_nothing_of_it():
    ill = Person("m1", birth=date(1980, 1, 1), income=(earns(24000),), spending=(spends(30000),))
    figures = {"dibao.rounding": "none", "expenditure.admits": "household", "expenditure.percent": 60}
    assert assess_dibao(sheet(ill, child("m2"), child("m3"), figures=figures)).monthly_fen == 150000


def test_spending_admits_nobody_whose_income_is_over_the_line_even_after_it():
    assert spending(60000, year=90000).outcome is Outcome.NOT_ELIGIBLE


def test_spending_already_taken_off_income_is_not_taken_off_twice():
    ill = Person("m1", birth=date(1980, 1, 1), income=(earns(30000),), spending=(spends(18000),))
    figures = {
        **GAP, "expenditure.admits": "household", "expenditure.percent": 60, "deduct.rigid": "actual",
        "deduct.rigid.cap": 500,
    }  # fmt: skip
    found = assess_dibao(sheet(ill, child("m2"), child("m3"), figures=figures))
    assert (found.income_month_fen, found.monthly_fen) == (200000, 50000)  # 1500 − (30000 − 18000) ÷ 12


def test_spending_may_admit_its_causer_alone():
    ill = child("m2", date(1998, 1, 1), spending=(spends(20000),))
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(24000),))
    figures = {**GAP, "expenditure.admits": "causer", "expenditure.percent": 60}
    found = assess_dibao(sheet(head, ill, figures=figures))
    assert (found.unit, found.persons, found.parts[0].ref, found.monthly_fen) == (Unit.SINGLE, 1, "m2", 50000)


def test_spending_admits_no_causer_whose_own_income_is_over_the_line():
    ill = child("m2", date(1998, 1, 1), income=(earns(6000),), spending=(spends(40000),))
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(24000),))
    figures = {**GAP, "expenditure.admits": "causer", "expenditure.percent": 60}
    assert assess_dibao(sheet(head, ill, figures=figures)).outcome is Outcome.NOT_ELIGIBLE


def test_who_spends_nothing_is_not_admitted_by_spending():
    figures = {**GAP, "expenditure.admits": "causer", "expenditure.percent": 0}
    found = assess_dibao(sheet(HEAD, child("m2", income=(earns(24000),)), figures=figures))
    assert found.outcome is Outcome.NOT_ELIGIBLE


def test_property_beyond_the_rules_is_not_outweighed_by_spending():
    assert spending(20000, property=Estate(companies=1)).outcome is Outcome.ELIGIBLE
    figures = {**GAP, "expenditure.admits": "household", "expenditure.percent": 60, "property.companies": 0}
    ill = Person("m1", birth=date(1980, 1, 1), income=(earns(24000),), spending=(spends(20000),))
    found = assess_dibao(sheet(ill, child("m2"), child("m3"), figures=figures, property=Estate(companies=1)))
    assert found.outcome is Outcome.NOT_ELIGIBLE


@pytest.mark.parametrize(("refusals", "fen"), [(2, 100000), (3, 66667), (4, 66667)])
def test_who_refuses_work_three_times_in_a_row_loses_their_own_share(refusals, fen):
    idle = Person("m2", KinRelation.SPOUSE, birth=date(1985, 1, 1), refused_work=refusals)
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(6000),))
    found = assess_dibao(sheet(head, idle, child("m3"), figures={**GAP, "work.refusals": 3}))
    assert (found.outcome, found.monthly_fen) == (Outcome.ELIGIBLE, fen)
    formulas = [line["formula"] for line in found.lines if line["label"] == "停发拒绝就业者本人份额"]
    assert formulas == ([] if refusals < 3 else ["1000.00 × 2 ÷ 3"])


def test_who_cannot_work_refuses_nothing():
    helpless = Person("m1", birth=date(1950, 1, 1), refused_work=3)
    assert assess_dibao(sheet(helpless, figures={**GAP, "work.refusals": 3})).monthly_fen == 50000


def test_a_tier_is_paid_without_the_refuser():
    idle = Person("m2", KinRelation.SPOUSE, birth=date(1985, 1, 1), refused_work=3)
    figures = {"dibao.amount_rule": "tier", "dibao.tier.A": 380, "work.refusals": 3}
    assert assess_dibao(sheet(HEAD, idle, figures=figures, tier="A")).monthly_fen == 38000


def test_more_income_never_brings_more_money():
    figures = {"dibao.rounding": "up_yuan"}
    paid = [assess_dibao(family(year, figures=figures)).monthly_fen for year in range(0, 19000, 333)]
    assert paid == sorted(paid, reverse=True)


def test_the_amounts_shown_are_rounded_half_up_to_the_fen():
    found = assess_dibao(family(10000))
    assert (found.income_month_fen, found.per_capita_fen) == (83333, 27778)
