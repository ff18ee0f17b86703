"""The standards' own checks: below, at and above the bound, per place and day."""

from datetime import date

import pytest

from policy.figures import Figures
from policy.standards import Rule, checks, warnings
from policy.vocabulary import Area, Mode

ON = date(2021, 12, 1)


def row(key, value, unit="yuan", first=date(2020, 1, 1), last=None):
    return {
        "key": key, "place": "533103", "unit": unit, "value": value, "from": first, "to": last, "cite": "文件 一",
    }  # fmt: skip


MULTIPLE = row("tekun.base_multiple", "1.3", "multiple")


def broken(*rows, on=ON):
    return [(c.rule, c.area, c.mode) for c in warnings(Figures.of(rows), "533103", on)]


@pytest.mark.parametrize(("basic", "low"), [("857.99", True), ("858.00", False), ("858.01", False)])
def test_basic_living_is_at_least_the_multiple_of_the_subsistence_standard(basic, low):
    found = broken(MULTIPLE, row("dibao.standard", 660), row("tekun.basic.home", basic))
    assert found == ([(Rule.TEKUN, None, Mode.HOME)] if low else [])


def test_the_bound_is_exact_and_not_rounded():
    rows = [MULTIPLE, row("dibao.standard", "660.01"), row("tekun.basic.home", 858)]
    (check,) = checks(Figures.of(rows), "533103", ON)
    assert (check.ok, check.bound * 10) == (False, 858013)


def test_town_and_country_are_each_checked():
    standards = (row("dibao.standard.urban", 660), row("dibao.standard.rural", 500))
    assert broken(MULTIPLE, *standards, row("tekun.basic.central", 700)) == [(Rule.TEKUN, Area.URBAN, Mode.CENTRAL)]


def test_the_standard_of_the_year_before_counts_where_the_place_says_so():
    rows = [
        MULTIPLE, row("dibao.standard", 600, last=date(2020, 12, 31)),
        row("dibao.standard", 660, first=date(2021, 1, 1)), row("tekun.basic.home", 780),
    ]  # fmt: skip
    assert broken(*rows) == [(Rule.TEKUN, None, Mode.HOME)]
    assert broken(*rows, row("tekun.base_year", "prior", "word")) == []


@pytest.mark.parametrize(("standard", "low"), [("559.99", True), ("560.00", False)])
def test_the_urban_standard_is_at_least_a_fifth_of_last_year_s_income(standard, low):
    rows = (
        row("check.urban_income_percent", 20, "percent"), row("income.disposable.urban", 33600),
        row("dibao.standard.urban", standard), row("dibao.standard.rural", 300),
    )  # fmt: skip
    assert broken(*rows) == ([(Rule.URBAN_INCOME, Area.URBAN, None)] if low else [])


@pytest.mark.parametrize(
    ("standard", "wrong"),
    [
        ("596.39", [(Rule.WAGE_LEAST, None, None)]),
        ("596.40", []),
        ("681.60", []),
        ("681.61", [(Rule.WAGE_MOST, None, None)]),
    ],
)
def test_the_standard_lies_between_42_and_48_percent_of_the_minimum_wage(standard, wrong):
    bounds = (row("check.wage_percent_min", 42, "percent"), row("check.wage_percent_max", 48, "percent"))
    assert broken(*bounds, row("wage.minimum", 1420), row("dibao.standard", standard)) == wrong


@pytest.mark.parametrize("left_out", range(3))
def test_a_missing_number_makes_no_check(left_out):
    rows = [row("check.wage_percent_min", 42, "percent"), row("wage.minimum", 1420), row("dibao.standard", 100)]
    assert broken(*(one for n, one in enumerate(rows) if n != left_out)) == []


def test_a_check_names_the_figures_it_compares():
    (check,) = checks(Figures.of([MULTIPLE, row("dibao.standard", 660), row("tekun.basic.home", 858)]), "533103", ON)
    assert (check.have.key, check.of.key, check.by.cite) == ("tekun.basic.home", "dibao.standard", "文件 一")


def test_the_shipped_figures_of_mangshi_keep_the_multiple_and_those_of_nanping_the_band():
    assert [check.ok for check in checks(Figures.shipped(), "533103", ON)] == [True] * 4
    assert {check.rule for check in checks(Figures.shipped(), "3507", ON)} == {Rule.WAGE_LEAST, Rule.WAGE_MOST}
    assert warnings(Figures.shipped(), "3507", ON) == []


def test_the_borrowed_standard_of_jilin_falls_short_of_a_fifth_of_the_income_until_2020_alone():
    assert [c.rule for c in warnings(Figures.shipped(), "2203", date(2020, 12, 31))] == [Rule.URBAN_INCOME]
    assert warnings(Figures.shipped(), "2203", date(2021, 1, 1)) == []
