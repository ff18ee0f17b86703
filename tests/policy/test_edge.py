"""低保边缘 and 刚性支出困难 families: between which lines they lie, and what puts them out."""

from datetime import date

import pytest

from policy.edge import assess_edge, assess_rigid
from policy.family import Conduct, Current, Estate, Person
from policy.figures import MissingFigure
from policy.vocabulary import Area, Outcome, SpendingKind, Subject
from tests.policy.codes import codes
from tests.policy.families import child, earns, sheet, spends

EDGE = {"edge.income_multiple": "1.5"}
RIGID = {
    **EDGE, "rigid.spending_percent": 60, "rigid.valid_months": 12, "income.disposable.rural": 24000,
    "income.disposable.urban": 40000,
}  # fmt: skip
NEW = date(2025, 3, 1)


def edge(yuan_a_year, **facts):
    """Two people under a standard of 500 a month; the head earns so much a year."""
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(yuan_a_year),))
    figures = {**EDGE, **facts.pop("figures", {})}
    return assess_edge(sheet(head, child("m2"), scheme=Subject.EDGE, figures=figures, **facts))


def rigid(yuan_a_year, spent, area=Area.RURAL, kind=SpendingKind.MEDICAL, **facts):
    """Two people who also spent so much in twelve months."""
    head = Person("m1", birth=date(1980, 1, 1), income=(earns(yuan_a_year),), spending=(spends(spent, kind),))
    figures = {**RIGID, **facts.pop("figures", {})}
    return assess_rigid(sheet(head, child("m2"), on=NEW, scheme=Subject.RIGID, figures=figures, area=area, **facts))


@pytest.mark.parametrize(
    ("year", "reasons"),
    [(11999, ["is_dibao"]), (12000, []), (12001, []), (17999, []), (18000, ["not_edge"]), (18001, ["not_edge"])],
)
def test_an_edge_family_lies_from_the_standard_up_to_below_its_multiple(year, reasons):
    found = edge(year)
    assert codes(found.reasons) == reasons
    assert found.outcome is (Outcome.NOT_ELIGIBLE if reasons else Outcome.ELIGIBLE)
    assert found.monthly_fen == 0


def test_a_family_below_the_standard_is_told_to_ask_for_dibao():
    assert codes(edge(6000).advice) == ["try_dibao"]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"property": Estate(companies=1), "figures": {"property.companies": 0}}, "property_companies"),
        ({"conduct": Conduct(authorised=False)}, "authorisation_missing"),
    ],
)
def test_property_and_conduct_bar_an_edge_family_as_they_bar_dibao(facts, reason):
    assert codes(edge(13000, **facts).reasons) == [reason]
    assert codes(edge(6000, **facts).reasons) == [reason]


def test_where_no_line_is_in_force_the_missing_figure_is_named():
    with pytest.raises(MissingFigure, match=r"edge.income_multiple"):
        assess_edge(sheet(scheme=Subject.EDGE))


@pytest.mark.parametrize(
    ("spent", "reasons"), [(14399, ["rigid_ratio"]), (14400, []), (14401, [])], ids=["below", "at", "above"]
)
def test_spending_must_reach_its_share_of_the_income(spent, reasons):
    found = rigid(24000, spent)
    assert (codes(found.reasons), found.valid_months) == (reasons, None if reasons else 12)


@pytest.mark.parametrize(("year", "reasons"), [(47998, []), (48000, ["rigid_income"]), (48002, ["rigid_income"])])
def test_income_a_person_must_be_below_last_years_disposable_income(year, reasons):
    assert codes(rigid(year, 40000).reasons) == reasons


def test_town_and_country_have_their_own_line():
    assert codes(rigid(60000, 40000).reasons) == ["rigid_income"]
    assert rigid(60000, 40000, Area.URBAN).outcome is Outcome.ELIGIBLE


@pytest.mark.parametrize(
    ("year", "reasons"),
    [(11999, ["is_dibao"]), (12000, ["is_edge"]), (17999, ["is_edge"]), (18000, [])],
)
def test_who_is_dibao_or_edge_is_no_rigid_expenditure_family(year, reasons):
    assert codes(rigid(year, 40000).reasons) == reasons


def test_who_is_tekun_is_none_either():
    assert codes(rigid(24000, 20000, current=Current("tekun")).reasons) == ["is_tekun"]


def test_property_that_bars_an_edge_family_bars_this_one_too():
    found = rigid(13000, 12000, property=Estate(companies=1), figures={"property.companies": 0})
    assert codes(found.reasons) == ["property_companies"]


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (SpendingKind.LIVING, Outcome.ELIGIBLE), (SpendingKind.EDUCATION, Outcome.ELIGIBLE),
        (SpendingKind.DISABILITY, Outcome.ELIGIBLE), (SpendingKind.WORK, Outcome.NOT_ELIGIBLE),
    ],
)  # fmt: skip
def test_living_schooling_and_rehabilitation_count_and_work_cost_does_not(kind, outcome):
    assert rigid(24000, 20000, kind=kind).outcome is outcome


def test_without_income_any_spending_is_over_the_share_and_none_is_not():
    nothing = {"figures": {"dibao.standard": 500, "property.companies": 0}, "property": Estate(companies=1)}
    assert codes(rigid(0, 100, **nothing).reasons) == ["property_companies"]
    assert codes(rigid(0, 0, **nothing).reasons) == ["property_companies", "rigid_ratio"]


def test_a_family_that_is_dibao_after_its_deductions_is_no_rigid_expenditure_family():
    assert codes(rigid(24000, 14400, figures={"deduct.rigid": "actual"}).reasons) == ["is_dibao"]


def test_the_lines_show_how_a_family_comes_below_the_standard_that_is_refused_for_it():
    found = rigid(24000, 14400, figures={"deduct.rigid": "actual"})
    lines = [(line["label"], line["formula"], line["value"]) for line in found.lines]
    assert ("扣减后人均月收入", "(24000.00 − 14400.00) ÷ 12 ÷ 2", "400.00") in lines
    assert ("与低保标准比较", "9600.00 < 500.00 × 12 × 2", "低于标准") in lines
    assert [row["text"] for row in found.reasons] == [
        "扣减刚性支出后人均月收入400.00元低于低保标准500.00元，符合低保条件"
    ]
    assert "扣减后人均月收入" not in [line["label"] for line in rigid(24000, 14400).lines], "nothing is taken off here"


def test_a_share_just_missed_is_not_shown_as_reached():
    line = next(line for line in rigid(24001, 14400).lines if line["label"] == "12个月刚性支出占收入")
    assert line["value"] == "59.99%"


def test_a_share_of_few_hundredths_keeps_its_noughts():
    line = next(line for line in rigid(24000, 15621).lines if line["label"] == "12个月刚性支出占收入")
    assert line["value"] == "65.08%"


def test_the_reason_tells_the_line_a_month():
    text = "人均月收入2000.00元，不低于上年本地人均可支配收入（每月2000.00元）"
    assert text in [row["text"] for row in rigid(48000, 40000).reasons]


def test_without_last_years_disposable_income_the_missing_figure_is_named():
    head = Person("m1", birth=date(1980, 1, 1))
    with pytest.raises(MissingFigure, match=r"income.disposable"):
        assess_rigid(sheet(head, on=NEW, scheme=Subject.RIGID, figures={"rigid.spending_percent": 60}))
