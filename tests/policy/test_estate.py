"""Property beyond the rules bars; exactly at the limit does not."""

from datetime import date

import pytest

from policy.estate import property_ok
from policy.family import Disability, Estate, Person, Vehicle
from policy.people import counted
from policy.vocabulary import DisabilityKind, Illness, KinRelation, Subject
from tests.policy.families import HEAD, child, sheet

SIXIAN = {
    "property.financial_months": "36",
    "property.financial_months_hardship": "48",
    "property.vehicle_value": 80000,
}
LIMIT = 500_00 * 36
"""分 a person under 泗县's rule with a standard of 500."""


def looked_at(*members, figures=SIXIAN, **options):
    """(ok, sheet) of a family's property."""
    estate = Estate(**{key: options.pop(key) for key in list(options) if key in Estate.__slots__})
    on = sheet(*members, figures=figures, property=estate, **options)
    return property_ok(on, counted(on)), on


def fits(*members, **options):
    return looked_at(*members, **options)[0]


@pytest.mark.parametrize(("more", "ok"), [(-1, True), (0, True), (1, False)])
def test_financial_property_bars_above_36_monthly_standards_a_person(more, ok):
    assert fits(deposits_fen=LIMIT + more) is ok
    assert fits(deposits_fen=LIMIT - 100, securities_fen=100 + more) is ok
    assert fits(HEAD, child(), child("m3"), deposits_fen=3 * LIMIT + more) is ok


@pytest.mark.parametrize(
    "facts",
    [
        {"illness": Illness.MAJOR},
        {"disability": Disability(DisabilityKind.HEARING, 2)},
    ],
)
@pytest.mark.parametrize(("more", "ok"), [(0, True), (1, False)])
def test_major_illness_or_severe_disability_raises_the_limit_to_48(facts, more, ok):
    hard = 2 * 500_00 * 48 + more
    assert fits(HEAD, child(**facts), deposits_fen=hard) is ok


@pytest.mark.parametrize(
    "person",
    [
        child(illness=Illness.CHRONIC),
        child(disability=Disability(DisabilityKind.LIMB, 3)),
    ],
)
def test_lighter_illness_or_disability_leaves_the_limit_alone(person):
    assert fits(HEAD, person, deposits_fen=2 * LIMIT)
    assert not fits(HEAD, person, deposits_fen=2 * LIMIT + 1)


def test_only_members_who_count_are_heads_and_hardships_of_the_limit():
    away = Person("m2", KinRelation.SPOUSE, missing=True, illness=Illness.MAJOR)
    assert fits(HEAD, away, deposits_fen=LIMIT)
    assert not fits(HEAD, away, deposits_fen=LIMIT + 1)


def test_where_only_the_common_limit_is_set_it_holds_in_hardship_too():
    figures = {"property.financial_months": "12"}
    ill = Person("m1", illness=Illness.MAJOR)
    assert fits(ill, figures=figures, deposits_fen=600000)
    assert not fits(ill, figures=figures, deposits_fen=600001)
    assert fits(figures={"property.financial_months_hardship": "12"}, deposits_fen=600001)


@pytest.mark.parametrize(("illness", "allowed"), [(Illness.MAJOR, 5600000), (Illness.CHRONIC, 600000)])
def test_an_amount_may_be_left_aside_in_major_illness(illness, allowed):
    figures = {"property.financial_months": "12", "property.financial_exempt_illness": 50000}
    person = Person("m1", illness=illness, disability=Disability(DisabilityKind.LIMB, 1))
    assert fits(person, figures=figures, deposits_fen=allowed)
    assert not fits(person, figures=figures, deposits_fen=allowed + 1)


@pytest.mark.parametrize(("value", "ok"), [(7999999, True), (8000000, True), (8000001, False)])
def test_a_vehicle_that_earns_nothing_bars_above_80000(value, ok):
    assert fits(vehicles=(Vehicle(value_fen=1), Vehicle(value_fen=value))) is ok
    assert fits(vehicles=(Vehicle(value_fen=value, business=True),))


def test_two_vehicles_are_looked_at_one_by_one():
    assert fits(vehicles=(Vehicle(value_fen=5000000), Vehicle(value_fen=5000000)))


@pytest.mark.parametrize(("value", "ok"), [(1199999, True), (1200000, True), (1200001, False)])
def test_a_vehicle_may_be_measured_in_monthly_standards(value, ok):
    assert fits(vehicles=(Vehicle(value_fen=value),), figures={"property.vehicle_months": "24"}) is ok


def test_of_two_limits_for_vehicles_the_lower_holds():
    figures = {"property.vehicle_months": "24", "property.vehicle_value": 11000}
    passed, on = looked_at(vehicles=(Vehicle(value_fen=1100001),), figures=figures)
    assert not passed
    assert [line["figure"] for line in on.lines] == ["property.vehicle_value"]
    figures["property.vehicle_value"] = 13000
    assert looked_at(figures=figures)[1].lines[0]["figure"] == "property.vehicle_months"


@pytest.mark.parametrize(("houses", "ok"), [(0, True), (1, True), (2, False)])
def test_more_houses_than_allowed_bar(houses, ok):
    assert fits(houses=houses, figures={"property.houses": 1}) is ok


@pytest.mark.parametrize(("area", "ok"), [(59, True), (60, True), (61, False)])
def test_living_space_a_person_bars_above_the_limit(area, ok):
    passed, on = looked_at(HEAD, child(), house_area=area, figures={"property.house_area": 30})
    assert passed is ok
    assert (on.lines[0]["formula"], on.lines[0]["value"]) == ("30 × 2", "60")


@pytest.mark.parametrize(("companies", "ok"), [(0, True), (1, False)])
def test_a_company_bars_where_none_is_allowed(companies, ok):
    assert fits(companies=companies, figures={"property.companies": 0}) is ok


@pytest.mark.parametrize("rule", ["houses", "house_area"])
def test_what_is_not_known_bars_nobody_and_is_told(rule):
    passed, on = looked_at(figures={f"property.{rule}": 1})
    assert passed
    assert [(row["rule"], row["ok"]) for row in on.estate] == [(rule, True)]
    assert "未填" in on.estate[0]["why"]


@pytest.mark.parametrize(
    ("options", "clause"),
    [
        ({}, "民发〔2021〕57号 第十四条"),
        ({"on": date(2021, 6, 30)}, "民发〔2012〕220号"),
        ({"scheme": Subject.TEKUN}, "民发〔2021〕43号 第七条"),
        ({"scheme": Subject.TEKUN, "on": date(2021, 6, 30)}, "民发〔2016〕178号"),
    ],
)
def test_where_the_place_has_no_rule_nothing_bars_and_one_row_says_so(options, clause):
    rich = {"deposits_fen": 10**12, "houses": 9, "companies": 9, "vehicles": (Vehicle(value_fen=10**12),)}
    passed, on = looked_at(figures={}, **rich, **options)
    assert passed
    assert on.estate == [{"rule": "none", "ok": True, "why": "本地未设家庭财产限额", "clause": clause}]
    assert (on.reasons, on.lines) == ([], [])


def test_every_rule_that_bars_is_told_at_once_with_row_reason_and_line():
    figures = {**SIXIAN, "property.houses": 1, "property.house_area": 30, "property.companies": 0}
    passed, on = looked_at(
        figures=figures, deposits_fen=LIMIT + 1, houses=2, house_area=31, companies=1,
        vehicles=(Vehicle(value_fen=8000001),),
    )  # fmt: skip
    assert not passed
    codes = ["financial", "vehicle", "houses", "house_area", "companies"]
    assert [row["rule"] for row in on.estate] == codes
    assert [row["ok"] for row in on.estate] == [False] * 5
    assert [row["code"] for row in on.reasons] == [f"property_{code}" for code in codes]
    assert on.reasons[0] == {
        "code": "property_financial", "text": "金融资产18000.01元，超过18000.00元", "clause": "试算值",
    }  # fmt: skip
    assert on.reasons[2]["text"] == "住房套数2，超过1"
    assert [line["formula"] for line in on.lines[2:]] == ["1", "30", "0"]
    assert (on.lines[0]["formula"], on.lines[0]["value"]) == ("500.00 × 36 × 1", "18000.00")
    assert on.estate[0]["why"] == on.reasons[0]["text"]


def test_a_rule_that_is_kept_is_told_too():
    passed, on = looked_at(deposits_fen=LIMIT)
    assert passed
    assert [(row["rule"], row["ok"], row["why"]) for row in on.estate] == [
        ("financial", True, "金融资产18000.00元，未超过18000.00元"),
        ("vehicle", True, "非经营性车辆价值0.00元，未超过80000.00元"),
    ]
    assert on.reasons == []
