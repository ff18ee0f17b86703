"""The figures of one place on one day: trial values first, the nearest place next, each told as it was used."""

from datetime import date

import pytest

from policy.book import Book, MissingFigure
from policy.figures import Figures
from policy.vocabulary import Area

DAY, BEFORE = date(2021, 7, 1), date(2020, 7, 1)


def row(key, unit, value, place="", start=date(2021, 1, 1), end=None):
    return {"key": key, "unit": unit, "value": value, "place": place, "from": start, "to": end, "cite": "某文件"}


def book(*rows, trial=None, place="511526"):
    return Book.open(Figures.of(list(rows)), place, DAY, trial)


def test_a_figure_is_told_with_its_place_its_day_its_document_and_whether_it_is_a_trial():
    one = book(
        row("age.adult", "years", 18), row("grace.months_max", "months", 12, "511526"), trial={"age.elderly": 60}
    )
    told = {key: one.used(one.get(key)) for key in ("age.adult", "grace.months_max", "age.elderly")}
    assert [told[key]["place"] for key in told] == ["全国", "511526", "511526"]
    assert [told[key]["trial"] for key in told] == [False, False, True]
    assert told["age.adult"] == {
        "value": "18", "place": "全国", "from": "2021-01-01", "cite": "某文件", "status": "official", "trial": False,
    }  # fmt: skip


def test_what_was_told_once_is_kept_and_another_figure_of_the_key_is_told_as_itself():
    last = row("wage.minimum", "yuan", 1000, start=date(2020, 1, 1), end=date(2020, 12, 31))
    one = book(last, row("wage.minimum", "yuan", 1200))
    today, before = one.get("wage.minimum"), one.get("wage.minimum", BEFORE)
    assert one.used(today) is one.used(today)
    assert [one.used(figure)["value"] for figure in (today, before, today)] == ["1200.00", "1000.00", "1200.00"]


def test_a_missing_figure_names_the_day_that_was_asked_for():
    for asked, told in ((None, "2021-07-01"), (BEFORE, "2020-07-01")):
        with pytest.raises(MissingFigure, match=told):
            book().get("wage.minimum", asked)


@pytest.mark.parametrize(
    ("rows", "area", "value"),
    [
        ([("dibao.standard.rural", 300, "511526"), ("dibao.standard", 500, "51")], Area.RURAL, 30000),
        ([("dibao.standard.rural", 300, "51"), ("dibao.standard", 500, "511526")], Area.RURAL, 50000),
        ([("dibao.standard.rural", 300, "51"), ("dibao.standard", 500, "51")], Area.RURAL, 50000),
        ([("dibao.standard.rural", 300, "51"), ("dibao.standard.urban", 300, "51")], None, 30000),
    ],
    ids=["the nearer place", "the nearer plain key", "the plain key of equals", "town and country alike"],
)
def test_of_town_country_and_plain_the_nearest_holds(rows, area, value):
    one = book(*(row(key, "yuan", amount, place) for key, amount, place in rows))
    assert one.by_area("dibao.standard", area).whole == value


def test_where_town_and_country_differ_and_nobody_said_which_the_figure_is_missing():
    one = book(row("dibao.standard.rural", "yuan", 300), row("dibao.standard.urban", "yuan", 500))
    with pytest.raises(MissingFigure):
        one.by_area("dibao.standard", None)
