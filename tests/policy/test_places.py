"""The shipped figures: what each place's documents say, below, at and above each date."""

from datetime import date

import pytest

from policy.book import Book
from policy.figure_keys import Status
from policy.figures import Figures, MissingFigure
from policy.vocabulary import Area

GONGXIAN, XUNCHANG = "511526", "511526100"
TODAY = date(2026, 11, 21)


def shown(key, place, on):
    return Figures.shipped().get(key, place=place, on=date.fromisoformat(on)).text


@pytest.mark.parametrize(
    ("key", "place", "on", "value"),
    [
        ("delegate.dibao", GONGXIAN, "2020-04-30", "county"),
        ("delegate.dibao", GONGXIAN, "2020-05-01", "township"),
        ("delegate.dibao", XUNCHANG, "2026-11-21", "township"),
        ("delegate.temporary", GONGXIAN, "2020-04-30", "county"),
        ("delegate.temporary", GONGXIAN, "2020-05-01", "township"),
        ("temporary.township_limit", XUNCHANG, "2020-05-01", "3000.00"),
        ("grace.months_min", GONGXIAN, "2020-05-01", "3"),
        ("grace.months_max", GONGXIAN, "2020-05-01", "12"),
        ("grace.months_max", GONGXIAN, "2022-10-20", "12"),
        ("grace.income_cap_multiple", GONGXIAN, "2020-05-01", "2"),
        ("visit.per_quarter", GONGXIAN, "2020-05-01", "1"),
        ("tekun.base_multiple", "220102", "2017-09-22", "1.3"),
        ("grace.months_min", "341324101", "2020-04-06", "12"),
        ("grace.months_max", "341324101", "2020-04-06", "12"),
        ("grace.months_min", "533103", "2021-11-11", "6"),
        ("grace.months_max", "533103", "2021-11-11", "12"),
        ("delegate.dibao", "350702", "2021-05-25", "county"),
        ("delegate.dibao", "350702", "2021-05-26", "township"),
        ("delegate.tekun", "350702", "2021-05-26", "township"),
        ("delegate.tekun", "220102", "2021-05-26", "county"),
        ("review_meeting.required", "350702", "2021-05-25", "yes"),
        ("review_meeting.required", "350702", "2021-05-26", "no"),
        ("review_meeting.required", "350702", "2021-07-01", "no"),
        ("review_meeting.required", "220102", "2021-06-30", "yes"),
        ("review_meeting.required", "220102", "2021-07-01", "no"),
        ("notice.days", "", "2021-06-30", "7"),
        ("notice.days", "", "2021-07-01", "7"),
        ("decide.working_days", "", "2021-06-30", "30"),
        ("decide.working_days", "", "2021-07-01", "30"),
        ("decide.special", "", "2021-06-30", "30"),
        ("decide.special", "", "2021-07-01", "45"),
        ("decide.delegated", "", "2022-10-19", "30"),
        ("decide.delegated", "", "2022-10-20", "20"),
        ("survey.start_working_days", "", "2021-06-30", "10"),
        ("survey.start_working_days", "", "2021-07-01", "3"),
        ("county.working_days", "", "2021-06-30", "5"),
        ("county.working_days", "", "2021-07-01", "10"),
        ("refusal.tell_working_days", "", "2021-07-01", "3"),
        ("review.months.stable", "", "2021-07-01", "12"),
        ("review.months.changing", "", "2020-08-24", "3"),
        ("review.months.changing", "", "2020-08-25", "6"),
        ("review.months.changing", "", "2021-07-01", "6"),
        ("review.months.tekun", "", "2021-07-01", "12"),
        ("grace.months_max", "22", "2022-10-20", "6"),
        ("pay.by_day", "", "2021-07-01", "10"),
        ("temporary.papers_working_days", "", "2021-07-01", "5"),
        # who may enter alone
        ("single.classes", "22", "2021-07-01", "severe_disability intellectual_3 mental_3 major_illness clergy"),
        (
            "single.classes",
            "22",
            "2022-10-20",
            "severe_disability intellectual_3 mental_3 major_illness clergy jobless_severe_disability",
        ),
        ("single.classes", GONGXIAN, "2020-05-01", "severe_disability major_illness elderly minor"),
        ("single.requires_obligor_test", GONGXIAN, "2020-05-01", "yes"),
        ("single.classes", "341324101", "2020-04-06", "severe_disability major_illness"),
        ("single.requires_tag", "341324101", "2020-04-06", "fupin"),
        ("single.classes", "533103", "2021-11-10", "severe_disability intellectual_3 mental_3 major_illness clergy"),
        ("single.classes", "533103", "2021-11-11", "severe_disability intellectual_4 mental_4 major_illness"),
        ("single.income_multiple", "22", "2021-07-01", "1.5"),
        ("edge.income_multiple", "", "2021-07-01", "1.5"),
        # income
        ("exempt.pension_basic", "", "2020-12-31", "counted"),
        ("exempt.pension_basic", "", "2021-01-01", "exempt"),
        ("exempt.pension_basic", "", "2025-12-31", "exempt"),
        ("exempt.pension_basic", "", "2026-01-01", "counted"),
        ("exempt.pension_basic", "533103", "2025-12-31", "exempt"),
        ("exempt.scholarship", "", "2017-09-22", "exempt"),
        ("deduct.work_cost", "", "2021-06-30", "none"),
        ("deduct.work_cost", "", "2021-07-01", "actual"),
        ("deduct.work_cost", GONGXIAN, "2020-04-30", "none"),
        ("deduct.work_cost", GONGXIAN, "2020-05-01", "actual"),
        ("deduct.rigid", GONGXIAN, "2020-05-01", "actual"),
        ("deduct.rigid", "22", "2017-09-22", "none"),
        ("impute.exempt", GONGXIAN, "2020-05-01", "ill disabled elder infant"),
        ("impute.infant_under_years", GONGXIAN, "2020-05-01", "2"),
        # property of 泗县, in which 墩集镇 lies
        ("property.financial_months", "341324101", "2020-04-06", "36"),
        ("property.financial_months_hardship", "341324", "2020-04-06", "48"),
        ("property.vehicle_value", "341324101201", "2020-04-06", "80000.00"),
        # extreme poverty
        ("tekun.minor_age", GONGXIAN, "2020-04-30", "16"),
        ("tekun.minor_age", GONGXIAN, "2020-05-01", "18"),
        ("tekun.minor_age", "533103", "2021-11-10", "16"),
        ("tekun.minor_age", "533103", "2021-11-11", "18"),
        ("tekun.minor_age", "22", "2017-09-22", "16"),
        ("tekun.minor_age", "341324101", "2020-04-06", "16"),
        ("tekun.minor_keep_until", "", "2021-07-01", "18"),
        ("tekun.labour.disabilities", "", "2021-06-30", "intellectual_2 mental_2 limb_1"),
        ("tekun.labour.disabilities", "", "2021-07-01", "intellectual_3 mental_3 limb_2 vision_1"),
        ("tekun.obligor.income_age", "", "2021-07-01", "70"),
        ("tekun.self_care_partial", "", "2021-07-01", "1"),
        ("tekun.self_care_none", "", "2021-07-01", "4"),
        ("tekun.base_year", "2203", "2017-09-21", "same"),
        ("tekun.base_year", "2203", "2017-09-22", "prior"),
        ("tekun.basic.home", "533103", "2021-06-30", "832.00"),
        ("tekun.basic.home", "533103", "2021-07-01", "858.00"),
        # grace, leaving, work
        ("grace.cause", GONGXIAN, "2020-05-01", "work_or_aid"),
        ("grace.cause", "341324101", "2020-04-06", "any"),
        ("grace.cause", "533103", "2021-11-11", "work"),
        ("exit.money_months_min", "341324101", "2020-04-06", "1"),
        ("exit.money_months_max", "341324101", "2020-04-06", "3"),
        ("work.refusals", "22", "2017-09-22", "3"),
        # checks, prices, the class of rigid spending
        ("check.urban_income_percent", "2203", "2020-12-31", "20"),
        ("check.wage_percent_min", "350702", "2021-05-26", "42"),
        ("check.wage_percent_max", "350702", "2021-05-26", "48"),
        ("price.cpi_trigger", "", "2022-08-31", "3.5"),
        ("price.cpi_trigger", "", "2022-09-01", "3"),
        ("price.cpi_trigger", "", "2023-03-31", "3"),
        ("price.cpi_trigger", "", "2023-04-01", "3.5"),
        ("price.food_trigger", "", "2022-09-01", "6"),
        ("price.schemes", "", "2022-08-31", "dibao tekun"),
        ("price.schemes", "", "2022-09-01", "dibao tekun edge"),
        ("price.schemes", "", "2023-04-01", "dibao tekun"),
        ("rigid.valid_months", "", "2025-01-01", "12"),
        ("temporary.while_pending", "341324101", "2020-04-06", "yes"),
        ("temporary.at_place", "533103", "2021-11-11", "yes"),
        ("income.disposable.urban", "", "2018-01-01", "36396.00"),
        ("income.disposable.rural", "", "2025-01-01", "23119.00"),
    ],
)
def test_the_figure_in_force_is_the_one_the_documents_give(key, place, on, value):
    assert shown(key, place, on) == value


@pytest.mark.parametrize(
    ("key", "place", "on"),
    [
        ("temporary.township_limit", GONGXIAN, "2020-04-30"),
        ("temporary.township_limit", "22", "2026-11-21"),
        ("temporary.ceiling", GONGXIAN, "2026-11-21"),
        ("grace.months_max", "22", "2022-10-19"),
        ("grace.months_max", GONGXIAN, "2020-04-30"),
        ("grace.months_min", "341324", "2020-04-06"),
        ("grace.months_min", "533103", "2021-11-10"),
        ("grace.income_cap_multiple", "341324101", "2026-11-21"),
        ("visit.per_quarter", "", "2026-11-21"),
        ("notice.days", "", "2012-12-11"),
        ("exit.money_months_max", GONGXIAN, "2026-11-21"),
        ("exit.money_months_max", "341324", "2020-04-06"),
        ("property.financial_months", GONGXIAN, "2026-11-21"),
        ("expenditure.percent", GONGXIAN, "2026-11-21"),
        ("rigid.spending_percent", "", "2024-12-31"),
        ("tekun.minor_keep_until", "", "2021-06-30"),
        ("tekun.obligor.income_age", "", "2021-06-30"),
        ("check.urban_income_percent", "2203", "2021-01-01"),
        ("watchlist.after_refusal", "341324", "2020-04-06"),
        ("single.requires_tag", "22", "2017-09-22"),
        ("dibao.standard", "110101", "2026-11-21"),
        ("dibao.standard.urban", "110101", "2026-11-21"),
    ],
)
def test_what_no_document_says_is_missing_and_not_invented(key, place, on):
    with pytest.raises(MissingFigure):
        shown(key, place, on)


def test_whatever_is_not_official_explains_itself():
    assert [f.key for f in Figures.shipped() if f.status is not Status.OFFICIAL and not f.note] == []


PLACES_OF_THE_DOCUMENTS = ["511526", "22", "341324101", "533103", "3507"]


@pytest.mark.parametrize("place", PLACES_OF_THE_DOCUMENTS)
@pytest.mark.parametrize("area", list(Area))
def test_a_standard_that_no_document_gave_is_there_and_says_so(place, area):
    figure = Book.open(Figures.shipped(), place, TODAY).by_area("dibao.standard", area)
    assert figure.status is Status.PLACEHOLDER and "请填" in figure.note


def test_only_placeholders_ask_to_be_replaced():
    asking = [figure for figure in Figures.shipped() if figure.status is Status.OFFICIAL and "请填" in figure.note]
    assert asking == []


def test_a_guessed_term_for_papers_is_marked_as_a_placeholder():
    figure = Figures.shipped().get("temporary.papers_working_days", place=GONGXIAN, on=TODAY)
    assert figure.status is Status.PLACEHOLDER


def test_the_shipped_figures_are_read_once():
    assert Figures.shipped() is Figures.shipped()
