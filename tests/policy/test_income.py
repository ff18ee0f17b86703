"""Net income of a family a year: what counts and what is taken off."""

from datetime import date
from fractions import Fraction

import pytest

from policy.deductions import rigid_spending
from policy.family import Income, Kin, Person
from policy.income import household_income, income_before_rigid, person_income
from policy.people import counted
from policy.vocabulary import IncomeKind, KinRelation, SpendingKind, Subject
from tests.policy.families import PLACE, child, earns, sheet, spends
from tests.policy.incomes import BIRTH, WAGE, head, labels, row_of, written, year

PENSION = IncomeKind.PENSION_BASIC


# What counts


def test_all_income_of_all_counted_members_adds_up_exactly():
    kinds = [earns(1001), earns(300, IncomeKind.BUSINESS), earns(70, IncomeKind.PROPERTY), earns(5, IncomeKind.OTHER)]
    wife = Person("m2", KinRelation.SPOUSE, income=(earns(10000, IncomeKind.TRANSFER),))
    assert year(head(income=tuple(kinds)), wife) == 1137600


def test_a_family_without_income_has_none():
    assert year(head()) == 0


def test_who_does_not_count_brings_no_income_and_the_row_says_so():
    away = Person("m2", KinRelation.SPOUSE, in_prison=True, income=(earns(12000),))
    on = written(head(income=(earns(1200),)), away)
    assert household_income(on, counted(on)) == 120000
    assert on.income[1] == {
        "ref": "m2", "kind": "wage", "month": "1000.00", "counted": False,
        "why": "本人不计入共同生活的家庭成员", "clause": "民发〔2021〕57号 第七条",
    }  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    [
        PENSION, IncomeKind.VETERAN_BENEFIT, IncomeKind.BIRTH_POLICY_AWARD, IncomeKind.SCHOLARSHIP,
        IncomeKind.HERO_AWARD, IncomeKind.GOVERNMENT_AID, IncomeKind.RELIEF, IncomeKind.GRAIN_SUBSIDY,
        IncomeKind.VOLUNTEER_SUBSIDY,
    ],
)  # fmt: skip
def test_a_kind_is_left_out_only_where_a_figure_says_exempt(kind):
    person = head(income=(earns(1260, kind),))
    assert year(person) == 126000
    assert year(person, figures={f"exempt.{kind}": "counted"}) == 126000
    assert year(person, figures={f"exempt.{kind}": "exempt"}) == 0


def test_only_the_basic_part_of_a_pension_is_exempt():
    person = head(income=(earns(1260, PENSION), earns(2400, IncomeKind.PENSION_OTHER)))
    assert year(person, figures={"exempt.pension_basic": "exempt"}) == 240000


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2020, 12, 31), 126000), (date(2021, 1, 1), 0), (date(2025, 12, 31), 0), (date(2026, 1, 1), 126000)],
)
def test_an_exemption_holds_from_its_first_to_its_last_day(on, expected):
    row = row_of("exempt.pension_basic", PLACE, "word", "exempt")
    rows = [{**row, "from": date(2021, 1, 1), "to": date(2025, 12, 31)}]
    assert year(head(income=(earns(1260, PENSION),)), on=on, rows=rows) == expected


@pytest.mark.parametrize("kind", [PENSION, IncomeKind.VETERAN_BENEFIT])
@pytest.mark.parametrize(("on", "expected"), [(date(2021, 6, 30), 126000), (date(2021, 7, 1), 0)])
def test_for_extreme_poverty_support_basic_pension_and_veteran_benefit_never_count_since_july_2021(kind, on, expected):
    person = head(income=(earns(1260, kind),))
    assert year(person, on=on, scheme=Subject.TEKUN, figures={f"exempt.{kind}": "counted"}) == expected
    assert year(person, on=on) == 126000


def test_a_row_shows_the_month_rounded_half_up_and_the_clause():
    on = written(head(income=(earns(1260, PENSION), earns(4), earns(8))), figures={"exempt.pension_basic": "exempt"})
    assert on.income == [
        {"ref": "m1", "kind": "pension_basic", "month": "105.00", "counted": False, "why": "不计入收入",
         "clause": "试算值"},
        {"ref": "m1", "kind": "wage", "month": "0.33", "counted": True, "why": "计入收入",
         "clause": "民发〔2021〕57号 第十三条"},
        {"ref": "m1", "kind": "wage", "month": "0.67", "counted": True, "why": "计入收入",
         "clause": "民发〔2021〕57号 第十三条"},
    ]  # fmt: skip


@pytest.mark.parametrize(("fen", "month"), [(5, "0.00"), (6, "0.01"), (17, "0.01"), (18, "0.02")])
def test_half_a_fen_a_month_is_shown_as_one(fen, month):
    assert written(head(income=(Income(IncomeKind.WAGE, fen),))).income[0]["month"] == month


def test_the_clause_of_extreme_poverty_support_is_its_own():
    on = written(head(income=(earns(12), earns(12, PENSION))), scheme=Subject.TEKUN)
    assert [row["clause"] for row in on.income] == ["民发〔2021〕43号 第六条"] * 2
    earlier = written(head(income=(earns(12),)), scheme=Subject.TEKUN, on=date(2021, 6, 30))
    assert earlier.income[0]["clause"] == "民发〔2016〕178号"


# Work cost


def test_work_cost_in_percent_comes_off_wages_and_business_alone():
    person = head(income=(earns(9600), earns(400, IncomeKind.BUSINESS), earns(1000, IncomeKind.TRANSFER)))
    assert year(person, figures={"deduct.work_cost.percent": 30}) == 1100000 - 300000


def test_work_cost_in_percent_stays_exact():
    assert year(head(income=(earns(1),)), figures={"deduct.work_cost.percent": "33.33"}) == Fraction(6667, 100)


def test_actual_work_cost_comes_off_up_to_what_is_earned():
    person = head(income=(earns(1000), earns(500, IncomeKind.PROPERTY)), spending=(spends(600, SpendingKind.WORK),))
    figures = {"deduct.work_cost": "actual"}
    assert year(person, figures=figures) == 90000
    dear = head(income=person.income, spending=(spends(1001, SpendingKind.WORK), spends(50)))
    assert year(dear, figures=figures) == 50000


@pytest.mark.parametrize(("cap", "cost"), [("99.99", 119988), (100, 120000), ("100.01", 120000)])
def test_work_cost_stops_at_the_monthly_cap(cap, cost):
    figures = {"deduct.work_cost.percent": 30, "deduct.work_cost.cap": cap}
    assert year(head(income=(earns(4000),)), figures=figures) == 400000 - cost


def test_each_earner_has_a_cap_of_their_own():
    figures = {"deduct.work_cost.percent": 30, "deduct.work_cost.cap": 100}
    wife = Person("m2", KinRelation.SPOUSE, income=(earns(8000),))
    assert year(head(income=(earns(8000),)), wife, figures=figures) == 1600000 - 240000


@pytest.mark.parametrize("figures", [{}, {"deduct.work_cost": "none"}, {"deduct.work_cost.cap": 100}])
def test_without_a_rule_no_work_cost_comes_off(figures):
    assert year(head(income=(earns(1000),), spending=(spends(600, SpendingKind.WORK),)), figures=figures) == 100000


@pytest.mark.parametrize(
    ("none_at", "percent_at", "expected"), [("51", "511526", 700), ("511526", "51", 1000), ("51", "51", 700)]
)
def test_the_nearer_place_decides_between_a_percentage_and_no_deduction(none_at, percent_at, expected):
    rows = [row_of("deduct.work_cost", none_at, "word", "none"),
            row_of("deduct.work_cost.percent", percent_at, "percent", 30)]  # fmt: skip
    assert year(head(income=(earns(1000),)), rows=rows) == expected * 100


def test_trying_no_deduction_wins_over_the_percentage_in_force():
    rows = [row_of("deduct.work_cost.percent", PLACE, "percent", 30)]
    assert year(head(income=(earns(1000),)), rows=rows, figures={"deduct.work_cost": "none"}) == 100000


def test_a_percentage_goes_before_the_actual_cost():
    figures = {"deduct.work_cost.percent": 30, "deduct.work_cost": "actual"}
    assert year(head(income=(earns(1000),), spending=(spends(1, SpendingKind.WORK),)), figures=figures) == 70000


def test_the_line_of_work_cost_shows_how_and_from_which_figure():
    on = written(head(income=(earns(9600),)), figures={"deduct.work_cost.percent": 30, "deduct.work_cost.cap": 200})
    assert on.lines[0] == {
        "label": "扣减就业成本（年，m1）", "formula": "9600.00 × 30%，以每月200.00元为限", "value": "2400.00",
        "clause": "试算值", "figure": "deduct.work_cost.percent", "source": "试算值", "trial": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("earned", "spent", "how"),
    [(100, 100, "实际支出 100.00"), (99, 100, "实际支出 100.00，以收入为限"), (5000, 1200, "实际支出 1200.00"),
     (5000, 1201, "实际支出 1201.00，以每月100.00元为限")],
)  # fmt: skip
def test_a_line_says_so_only_where_a_limit_was_reached(earned, spent, how):
    person = head(income=(earns(earned),), spending=(spends(spent, SpendingKind.WORK),))
    on = written(person, figures={"deduct.work_cost": "actual", "deduct.work_cost.cap": 100})
    assert on.lines[0]["formula"] == how


# Rigid spending


SPENT = tuple(spends(100, kind) for kind in SpendingKind)


def test_rigid_spending_is_medical_disability_and_education():
    assert rigid_spending([head(spending=SPENT), child(spending=SPENT)]) == 60000


def test_rigid_spending_of_counted_members_comes_off_where_the_place_says_so():
    away = Person("m2", KinRelation.SPOUSE, missing=True, spending=SPENT)
    family = (head(income=(earns(1000),), spending=SPENT), away)
    assert year(*family, figures={"deduct.rigid": "actual"}) == 70000
    assert year(*family, figures={"deduct.rigid": "none"}) == 100000
    assert year(*family) == 100000


@pytest.mark.parametrize(("cap", "taken"), [("24.99", 29988), (25, 30000), (26, 30000)])
def test_rigid_spending_stops_at_the_monthly_cap_of_the_family(cap, taken):
    person = head(income=(earns(1000),), spending=SPENT)
    assert year(person, figures={"deduct.rigid": "actual", "deduct.rigid.cap": cap}) == 100000 - taken


def test_rigid_spending_never_takes_income_below_nothing():
    assert year(head(income=(earns(299),), spending=SPENT), figures={"deduct.rigid": "actual"}) == 0


def test_a_rigid_expenditure_family_has_its_spending_compared_and_not_taken_off():
    person = head(income=(earns(1000),), spending=SPENT)
    assert year(person, figures={"deduct.rigid": "actual"}, scheme=Subject.RIGID) == 100000


def test_income_before_rigid_spending_can_be_asked_without_writing():
    on = sheet(head(income=(earns(1000),), spending=SPENT), figures={"deduct.rigid": "actual"})
    people = counted(on)
    assert income_before_rigid(on, people) == 100000
    assert (on.income, on.lines) == ([], [])


# Support


def listed(yuan):
    return head(income=(earns(yuan, IncomeKind.SUPPORT),))


@pytest.mark.parametrize(
    ("yuan", "expected", "counts"), [(1199, 120000, False), (1200, 120000, True), (1201, 120100, True)]
)
def test_support_that_members_list_and_obligors_owe_counts_once_the_larger(yuan, expected, counts):
    on = written(listed(yuan), obligors=(Kin(agreed_fen=6000), Kin(agreed_fen=4000)))
    assert on.lines[-1]["value"] == f"{expected // 100}.00"
    assert on.income[0]["counted"] is counts
    assert "赡养费（年）" in labels(on)


def test_support_from_one_side_alone_counts_in_full():
    assert year(listed(1000)) == 100000
    assert year(head(), obligors=(Kin(agreed_fen=10000),)) == 120000
    assert year(listed(1000), obligors=(Kin(able=False),)) == 100000
    assert "赡养费（年）" not in labels(written(listed(1000), obligors=(Kin(able=False),)))


# The sum


def test_the_last_line_adds_up_to_the_income_of_the_year():
    figures = {"deduct.work_cost.percent": 30, "deduct.rigid": "actual", **WAGE}
    wife = Person("m2", KinRelation.SPOUSE, birth=BIRTH, employed=False)
    person = head(income=(earns(10000),), spending=(spends(500),))
    on = written(person, wife, figures=figures, obligors=(Kin(agreed_fen=10000),))
    assert on.lines[-1] == {
        "label": "家庭年净收入", "formula": "10000.00 + 1200.00 + 19800.00 − 3000.00 − 500.00", "value": "27500.00",
        "clause": "民发〔2021〕57号 第十三条", "figure": None, "source": None, "trial": False,
    }  # fmt: skip
    assert written(head()).lines[-1]["formula"] == "0.00"


def test_one_members_income_can_be_asked_without_writing():
    wife = Person("m2", KinRelation.SPOUSE, income=(earns(9000), earns(100, IncomeKind.SUPPORT)))
    on = sheet(head(income=(earns(500),)), wife, figures={"deduct.work_cost.percent": 10})
    assert person_income(on, wife) == 820000
    assert (on.income, on.lines) == ([], [])
    assert "deduct.work_cost.percent" in on.figures_used
