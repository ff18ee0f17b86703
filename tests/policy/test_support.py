"""What obligors outside the household give, or are taken to be able to give."""

from datetime import date
from fractions import Fraction

import pytest

from policy.family import Kin
from policy.figures import MissingFigure
from policy.support import support_month, unable
from policy.vocabulary import KinRelation, Subject
from tests.policy.families import sheet

FEN = 1200
"""分 a year of one 元 a month."""


def kin(month=None, **facts):
    """An obligor whose household of one has so many 元 a month."""
    return Kin(household_year_fen=None if month is None else month * FEN, **facts)


def month(*obligors, formula=None, **options):
    on = sheet_of(*obligors, formula=formula, **options)
    return support_month(on)


def sheet_of(*obligors, formula=None, figures=None, **options):
    figures = {**(figures or {}), **({"support.formula": formula} if formula else {})}
    return sheet(obligors=obligors, figures=figures, **options)


@pytest.mark.parametrize(
    ("formula", "income", "expected"),
    [
        ("SC", 1000, 0),
        ("SC", 1004, 1),
        ("SC", 1400, 100),
        ("H", 1000, 0),
        ("H", 1002, 1),
        ("H", 1400, 200),
        ("D20", 1000, 0),
        ("D20", 1005, 1),
        ("D20", 1400, 80),
        ("D30", 750, 0),
        ("D30", 760, 3),
        ("D30", 1400, 195),
        ("R50", 500, 0),
        ("R50", 502, 1),
        ("R50", 1400, 450),
        ("L5040", 500, 0),
        ("L5040", 502, 1),
        ("L5040", 1400, 450),
    ],
)
def test_a_formula_gives_nothing_up_to_its_line_and_a_share_above(formula, income, expected):
    options = {"formula": formula, "figures": {"edge.income_multiple": "1.5"}}
    assert month(kin(income), **options) == expected * 100
    assert month(kin(0), **options) == 0


@pytest.mark.parametrize(
    ("formula", "expected"), [("SC", 125), ("H", 250), ("D20", 300), ("D30", 1125), ("R50", 1125), ("L5040", 375)]
)
def test_a_formula_takes_size_and_people_supported_into_account(formula, expected):
    # Three people with 2,000 each; two to support; the standard is 500.
    obligor = Kin(household_year_fen=6000 * FEN, household_size=3, supports=2)
    assert month(obligor, formula=formula, figures={"edge.income_multiple": "1.5"}) == expected * 100


def test_at_the_line_the_row_says_that_nothing_is_owed():
    on = sheet_of(kin(500), formula="R50")
    support_month(on)
    assert on.obligors[0]["why"] == "义务人家庭收入未超过规定的线，不计赡养费：（500.00 − 500.00 × 1）× 50%"
    assert on.lines == []


def test_a_single_fen_above_the_line_is_owed():
    assert month(Kin(household_year_fen=12 * 50002), formula="R50") == 1


@pytest.mark.parametrize(
    ("obligor", "why"),
    [
        (Kin(able=False), "认定为无赡养、抚养、扶养能力，不计赡养费"),
        (Kin(able=False, paid_fen=100), "认定为无赡养、抚养、扶养能力；按实际给付计"),
        (Kin(subject=Subject.DIBAO), "义务人家庭是低保家庭，不计赡养费"),
        (Kin(agreed_fen=100), "按判决或协议计"),
        (Kin(agreed_fen=100, paid_fen=100), "按判决或协议计"),
        (Kin(agreed_fen=100, paid_fen=101), "实际给付1.01元高于应付1.00元，按实际给付计"),
        (Kin(household_year_fen=600 * FEN), "按公式推算：（600.00 − 500.00）× 50%"),
    ],
)
def test_the_row_says_why_so_much_is_counted(obligor, why):
    on = sheet_of(obligor, formula="L5040")
    support_month(on)
    assert on.obligors[0]["why"] == why


def test_a_formula_stays_exact():
    obligor = Kin(household_year_fen=700_001, household_size=1, supports=3)
    assert month(obligor, formula="R50") == Fraction(100_001, 72)


@pytest.mark.parametrize(("children", "each"), [(1, 50), (2, 50), (3, 40)])
def test_with_more_than_two_children_each_gives_two_fifths(children, each):
    parents = [Kin(KinRelation.PARENT, able=False)] * 2
    assert month(*[kin(600)] * children, *parents, formula="L5040") == children * each * 100


def test_the_low_income_line_of_d30_must_be_a_figure_in_force():
    with pytest.raises(MissingFigure, match=r"edge.income_multiple"):
        month(kin(2000), formula="D30")


@pytest.mark.parametrize("subject", [Subject.DIBAO, Subject.TEKUN, Subject.EDGE])
def test_an_obligor_who_is_poor_too_gives_nothing(subject):
    obligor = kin(9000, subject=subject)
    assert unable(obligor)
    assert month(obligor, formula="R50") == 0


def test_an_obligor_found_unable_gives_nothing_unless_they_pay():
    obligor = kin(9000, able=False, agreed_fen=50000)
    assert unable(obligor)
    assert month(obligor, formula="R50") == 0
    assert month(kin(9000, able=False, agreed_fen=50000, paid_fen=100), formula="R50") == 100


@pytest.mark.parametrize("facts", [{}, {"able": True}, {"subject": Subject.RIGID}])
def test_others_are_able(facts):
    assert unable(kin(502, **facts)) is None
    assert month(kin(502, **facts), formula="R50") == 100


@pytest.mark.parametrize("agreed", [0, 100, 90000])
def test_a_judgment_or_agreement_goes_before_the_formula(agreed):
    assert month(kin(1400, agreed_fen=agreed), formula="R50") == agreed


@pytest.mark.parametrize(("paid", "expected"), [(0, 45000), (44999, 45000), (45000, 45000), (45001, 45001)])
def test_what_is_actually_paid_counts_where_it_is_more(paid, expected):
    assert month(kin(1400, paid_fen=paid), formula="R50") == expected
    assert month(kin(agreed_fen=45000, paid_fen=paid)) == expected


@pytest.mark.parametrize("formula", [None, "none"])
def test_without_a_formula_only_agreement_and_payment_count(formula):
    assert month(kin(9000), formula=formula) == 0
    assert month(kin(9000, paid_fen=10000), kin(agreed_fen=20000), formula=formula) == 30000


def test_an_obligor_of_unknown_income_gives_nothing_and_the_row_says_so():
    on = sheet_of(kin(), formula="R50")
    assert support_month(on) == 0
    assert on.obligors[0]["why"] == "义务人家庭收入未填，无法推算"
    assert month(kin(paid_fen=10000), formula="R50") == 10000


def test_all_obligors_add_up_and_each_has_a_row():
    on = sheet_of(kin(502), kin(9000, able=False), kin(500), kin(agreed_fen=333), formula="R50")
    assert support_month(on) == 433
    assert [(row["able"], row["support_month"], row["clause"]) for row in on.obligors] == [
        (True, "1.00", "试算值"),
        (False, "0.00", "民发〔2021〕57号 第十三条"),
        (True, "0.00", "试算值"),
        (True, "3.33", "民发〔2021〕57号 第十三条"),
    ]
    assert on.obligors[0]["why"] == "按公式推算：（502.00 − 500.00 × 1）× 50%"


def test_the_line_shows_the_formula_with_its_numbers_and_its_figure():
    on = sheet_of(Kin(household_year_fen=4500 * FEN, household_size=3, supports=2), formula="SC")
    support_month(on)
    assert on.lines == [
        {"label": "义务人应付赡养费（月）", "formula": "（1500.00 − 500.00 × 2）× 25% ÷ 2", "value": "62.50",
         "clause": "试算值", "figure": "support.formula", "source": "试算值", "trial": True}
    ]  # fmt: skip


def test_the_rule_of_the_day_is_cited_for_obligors():
    on = sheet_of(kin(able=False), on=date(2021, 6, 30))
    support_month(on)
    assert on.obligors[0]["clause"] == "民发〔2012〕220号"


def test_without_obligors_there_is_nothing():
    assert month(formula="R50") == 0
