"""The wage imputed to whoever could work: to whom, how much beside own earnings, and who is spared for care."""

from datetime import date

import pytest

from policy.family import Study
from policy.figures import MissingFigure
from policy.vocabulary import CareNeed, IncomeKind, StudyLevel, Work
from tests.policy.families import DAY, child, earns
from tests.policy.incomes import WAGE, head, written, year

CARE = {**WAGE, "impute.exempt": "ill disabled elder infant", "impute.infant_under_years": 2}


def test_who_is_able_and_has_no_work_has_the_minimum_wage_counted():
    on = written(head(employed=False), figures=WAGE)
    assert on.income == [
        {"ref": "m1", "kind": "wage", "month": "1650.00", "counted": True,
         "why": "有劳动能力未就业，按每月1650.00元计", "clause": "试算值"}
    ]  # fmt: skip
    assert year(head(employed=False), figures=WAGE) == 1980000


@pytest.mark.parametrize(
    "person",
    [
        head(employed=None),
        head(employed=True),
        head(employed=False, birth=None),
        head(employed=False, labour=Work.PARTIAL),
        head(employed=False, labour=Work.NONE),
        head(employed=False, student=Study(StudyLevel.POSTGRADUATE)),
        head(employed=False, labour=Work.ABLE, birth=date(2003, 9, 2)),
        head(employed=False, labour=Work.ABLE, birth=date(1961, 9, 1)),
    ],
)
def test_nothing_is_imputed_to_others(person):
    assert year(person, figures=WAGE) == 0


@pytest.mark.parametrize("birth", [date(2003, 9, 1), date(1961, 9, 2)])
def test_a_wage_is_imputed_from_the_first_to_the_last_day_of_working_age(birth):
    assert year(head(employed=False, birth=birth), figures=WAGE) == 1980000


def test_without_a_figure_nothing_is_imputed():
    assert year(head(employed=False)) == 0


@pytest.mark.parametrize(
    ("earned", "expected", "rows"), [(0, 19800, 1), (19799, 19800, 2), (19800, 19800, 1), (19801, 19801, 1)]
)
def test_the_higher_of_imputed_wage_and_own_earnings_counts(earned, expected, rows):
    income = (earns(earned),) if earned else ()
    on = written(head(employed=False, income=income), figures=WAGE)
    assert on.lines[-1]["value"] == f"{expected}.00"
    assert len(on.income) == rows


@pytest.mark.parametrize(("earned", "formula"), [((), "1650.00 × 12"), ((earns(100),), "1650.00 × 12 − 100.00")])
def test_the_line_of_an_imputed_wage_shows_what_is_earned_already(earned, formula):
    on = written(head(employed=False, income=earned), figures=WAGE)
    assert (on.lines[0]["formula"], on.lines[0]["figure"]) == (formula, "impute.wage")


def test_other_income_stands_beside_the_imputed_wage():
    assert year(head(employed=False, income=(earns(1200, IncomeKind.TRANSFER),)), figures=WAGE) == 2100000


def test_more_earnings_never_lower_what_counts_beside_an_imputed_wage():
    figures = {**WAGE, "deduct.work_cost.percent": 30}
    found = [year(head(employed=False, income=(earns(earned),)), figures=figures) for earned in (0, 3000, 28000, 30000)]
    assert found == [1980000, 1980000, 1980000, 2100000]


@pytest.mark.parametrize("need", list(CareNeed))
@pytest.mark.parametrize("told_of", ["carer", "cared_for"])
def test_who_cares_for_somebody_helpless_has_no_wage_imputed(need, told_of):
    carer = head(employed=False, cares_for="m2", needs_care=need if told_of == "carer" else None)
    other = child(birth=date(2020, 1, 1), needs_care=need if told_of == "cared_for" else None)
    on = written(carer, other, figures=CARE)
    assert on.lines[-1]["value"] == "0.00"
    assert [(row["kind"], row["month"], row["counted"]) for row in on.income] == [("wage", "0.00", False)]
    assert year(carer, other, figures={**CARE, "impute.exempt": []}) == 1980000
    assert year(carer, other, figures=WAGE) == 1980000


@pytest.mark.parametrize("carer", [head(employed=False), head(employed=False, needs_care=CareNeed.ILL),
                                   head(employed=False, cares_for="m2")])  # fmt: skip
def test_the_exemption_needs_a_person_and_a_reason(carer):
    assert year(carer, child(birth=date(2020, 1, 1)), figures=CARE) == 1980000


@pytest.mark.parametrize(
    ("birth", "expected"),
    [(date(2019, 9, 2), 0), (date(2019, 9, 1), 0), (date(2019, 8, 31), 1980000), (date(2017, 9, 1), 1980000)],
)
def test_an_infant_spares_its_carer_up_to_the_second_birthday_itself(birth, expected):
    carer = head(employed=False, cares_for="m2", needs_care=CareNeed.INFANT)
    assert year(carer, child(birth=birth), figures=CARE) == expected


@pytest.mark.parametrize(("on", "expected"), [(date(2022, 3, 1), 0), (date(2022, 3, 2), 1980000)])
def test_an_infant_of_29_february_turns_two_on_1_march(on, expected):
    carer = head(employed=False, cares_for="m2", needs_care=CareNeed.INFANT)
    assert year(carer, child(birth=date(2020, 2, 29)), figures=CARE, on=on) == expected


def test_the_day_an_infant_no_longer_spares_its_carer_is_told():
    carer = head(employed=False, cares_for="m2", needs_care=CareNeed.INFANT)
    on = written(carer, child(birth=date(2020, 1, 1)), figures=CARE)
    assert [(row["on"], row["code"]) for row in on.dates] == [("2022-01-02", "infant_limit")]


@pytest.mark.parametrize("cared_for", ["m2", "m9"])
def test_an_infant_of_unknown_birth_spares_its_carer_and_the_row_says_so(cared_for):
    carer = head(employed=False, cares_for=cared_for, needs_care=CareNeed.INFANT)
    on = written(carer, child(), figures=CARE)
    assert on.lines[-1]["value"] == "0.00"
    assert "请核实" in on.income[0]["why"]


def test_the_age_of_an_infant_must_be_a_figure_in_force():
    carer = head(employed=False, cares_for="m2", needs_care=CareNeed.INFANT)
    with pytest.raises(MissingFigure, match=r"impute.infant_under_years"):
        year(carer, child(birth=DAY), figures={**WAGE, "impute.exempt": "infant"})
