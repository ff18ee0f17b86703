"""The shipped figures: what each place's documents say, below, at and above each date."""

from datetime import date

import pytest

from policy.figure_keys import Status
from policy.figures import Figures, MissingFigure

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
    ],
)
def test_what_no_document_says_is_missing_and_not_invented(key, place, on):
    with pytest.raises(MissingFigure):
        shown(key, place, on)


def test_whatever_is_not_official_explains_itself():
    assert [f.key for f in Figures.shipped() if f.status is not Status.OFFICIAL and not f.note] == []


def test_a_guessed_term_for_papers_is_marked_as_a_placeholder():
    figure = Figures.shipped().get("temporary.papers_working_days", place=GONGXIAN, on=TODAY)
    assert figure.status is Status.PLACEHOLDER


def test_the_shipped_figures_are_read_once():
    assert Figures.shipped() is Figures.shipped()
