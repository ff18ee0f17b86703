"""Figures: the right one for a place and a day, and rows that cannot become one."""

from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.figure_keys import KNOWN_KEYS, Measure, Status
from policy.figures import PROVINCES, BadFigure, Figures, MissingFigure, prefixes, read_pages

DAY = date(2020, 6, 1)
NATIONAL = {
    "key": "notice.days",
    "unit": "days",
    "from": date(2020, 1, 1),
    "to": date(2020, 12, 31),
    "value": 7,
    "cite": "第十九条",
}
COUNTY = {**NATIONAL, "place": "511526", "value": 10}
TOWN = {**NATIONAL, "place": "511526102", "value": 12, "from": date(2020, 6, 1)}
LIMIT = {**NATIONAL, "key": "temporary.township_limit", "unit": "yuan", "value": "860.50"}
CAP = {**NATIONAL, "key": "grace.income_cap_multiple", "unit": "multiple", "value": "1.50"}
WHO = {**NATIONAL, "key": "delegate.dibao", "unit": "word", "value": "township"}


def value_of(rows, key="notice.days", place="511526102", on=DAY):
    return Figures.of(rows).get(key, place=place, on=on).value


def code_of(*rows):
    with pytest.raises(BadFigure) as refused:
        Figures.of(rows)
    assert refused.value.message % refused.value.args_by_name == str(refused.value)
    return refused.value.code


@pytest.mark.parametrize(
    ("place", "value"),
    [("511526102201", 12), ("511526102", 12), ("511526103", 10), ("511526", 10), ("5115", 7), ("22", 7), ("", 7)],
)
def test_the_longest_division_prefix_wins(place, value):
    assert value_of([NATIONAL, COUNTY, TOWN], place=place) == value


def test_a_longer_prefix_not_in_force_that_day_gives_way_to_a_shorter_one():
    assert value_of([NATIONAL, COUNTY, TOWN], on=date(2020, 5, 31)) == 10


@pytest.mark.parametrize(
    ("on", "in_force"),
    [
        (date(2019, 12, 31), False),
        (date(2020, 1, 1), True),
        (date(2020, 12, 31), True),
        (date(2021, 1, 1), False),
    ],
)
def test_a_figure_holds_from_its_first_to_its_last_day(on, in_force):
    assert (Figures.of([NATIONAL]).find("notice.days", place="", on=on) is not None) is in_force


def test_a_figure_without_a_last_day_holds_on():
    assert value_of([{**NATIONAL, "to": None}], on=date(2099, 1, 1)) == 7


def test_rows_that_follow_each_other_day_by_day_do_not_overlap():
    later = {**NATIONAL, "from": date(2021, 1, 1), "to": None, "value": 9}
    assert value_of([later, NATIONAL], on=date(2021, 1, 1)) == 9


def test_a_missing_figure_names_key_place_and_day():
    with pytest.raises(MissingFigure) as missing:
        Figures.of([COUNTY]).get("notice.days", place="22", on=DAY)
    assert (missing.value.key, missing.value.place, missing.value.on) == ("notice.days", "22", DAY)
    assert str(missing.value) == "No figure “notice.days” is in force for place “22” on 2020-06-01."


def test_asking_for_a_key_nobody_knows_is_a_mistake_not_an_absence():
    with pytest.raises(BadFigure, match=r"notice.dayz"):
        Figures.of([NATIONAL]).find("notice.dayz", place="", on=DAY)


def test_a_county_s_own_row_wins_over_a_shipped_one_of_the_same_place():
    figures = Figures.of([COUNTY]).with_rows([{**COUNTY, "value": 11, "from": DAY}])
    assert figures.get("notice.days", place="511526", on=DAY).value == 11
    assert figures.get("notice.days", place="511526", on=date(2020, 5, 31)).value == 10


def test_a_shipped_row_of_the_township_wins_over_the_county_s_own_row():
    assert Figures.of([TOWN]).with_rows([COUNTY]).get("notice.days", place="511526102", on=DAY).value == 12


def test_adding_rows_leaves_the_first_figures_as_they_were():
    shipped = Figures.shipped()
    shipped.with_rows([{**COUNTY, "from": date(2026, 1, 1), "to": None}])
    assert shipped.get("notice.days", place="511526", on=date(2026, 2, 1)).value == 7


def test_rows_added_twice_are_checked_together():
    with pytest.raises(BadFigure, match="two rows"):
        Figures.of([]).with_rows([COUNTY]).with_rows([COUNTY])


def test_all_figures_can_be_listed_own_ones_first():
    figures = Figures.of([NATIONAL]).with_rows([TOWN, COUNTY])
    assert [figure.place for figure in figures] == ["511526", "511526102", ""]


@pytest.mark.parametrize(("written", "fen"), [("860.50", 86050), ("860.5", 86050), (3000, 300000), ("0", 0)])
def test_money_written_in_yuan_is_kept_in_fen(written, fen):
    figure = Figures.of([{**LIMIT, "value": written}]).get("temporary.township_limit", place="", on=DAY)
    assert (figure.whole, figure.unit) == (fen, Measure.FEN)


def test_money_may_come_in_fen_from_the_county_s_table():
    assert value_of([{**LIMIT, "unit": "fen", "value": 86050}], "temporary.township_limit") == 86050


def test_a_multiple_is_exact():
    figure = Figures.of([CAP]).get("grace.income_cap_multiple", place="", on=DAY)
    assert (figure.multiple, figure.text) == (Fraction(3, 2), "1.5")


def test_a_word_is_one_of_those_its_key_allows():
    assert Figures.of([WHO]).get("delegate.dibao", place="", on=DAY).word == "township"
    assert code_of({**WHO, "value": "village"}) == "word"


def test_a_figure_asked_for_as_the_wrong_thing_is_a_mistake():
    (cap,), (who,) = Figures.of([CAP]), Figures.of([WHO])
    for wrong in (lambda: cap.whole, lambda: cap.word, lambda: who.whole, lambda: who.multiple):
        with pytest.raises(TypeError):
            wrong()


@pytest.mark.parametrize(
    ("row", "text"), [(LIMIT, "860.50"), (NATIONAL, "7"), (WHO, "township"), ({**CAP, "value": "2"}, "2")]
)
def test_a_figure_reads_as_people_enter_it(row, text):
    assert [figure.text for figure in Figures.of([row])] == [text]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({**NATIONAL, "key": "notice.dayz"}, "unknown_key"),
        ({"unit": "days"}, "unknown_key"),
        ({**NATIONAL, "form": DAY}, "unknown_field"),
        ({**NATIONAL, "unit": "months"}, "unit"),
        ({**NATIONAL, "unit": "yuan"}, "unit"),
        ({**NATIONAL, "unit": None}, "unit"),
        ({**NATIONAL, "value": 7.0}, "float"),
        ({**LIMIT, "value": 860.5}, "float"),
        ({**LIMIT, "value": "860.505"}, "value"),
        ({**LIMIT, "unit": "fen", "value": "860.50"}, "value"),
        ({**NATIONAL, "value": True}, "value"),
        ({**NATIONAL, "value": None}, "value"),
        ({**NATIONAL, "value": "seven"}, "value"),
        ({**NATIONAL, "value": -7}, "value"),
        ({**NATIONAL, "value": "7.5"}, "value"),
        ({**NATIONAL, "value": "７"}, "value"),
        ({**CAP, "value": "0"}, "value"),
        ({**NATIONAL, "key": "pay.by_day", "unit": "day_of_month", "value": 0}, "value"),
        ({**NATIONAL, "key": "pay.by_day", "unit": "day_of_month", "value": 29}, "value"),
        ({**NATIONAL, "from": None}, "from"),
        ({**NATIONAL, "from": "2020-01-01"}, "from"),
        ({**NATIONAL, "from": datetime(2020, 1, 1)}, "from"),
        ({**NATIONAL, "to": "2020-12-31"}, "to"),
        ({**NATIONAL, "to": date(2019, 12, 31)}, "dates"),
        ({**NATIONAL, "cite": "  "}, "cite"),
        ({**NATIONAL, "cite": None}, "cite"),
        ({**NATIONAL, "status": "guess"}, "status"),
        ({**NATIONAL, "note": 7}, "note"),
        ({**NATIONAL, "place": "51152"}, "place"),
        ({**NATIONAL, "place": "珙县"}, "place"),
        ({**NATIONAL, "place": 511526}, "place"),
    ],
)
def test_a_row_that_is_no_figure_is_refused_with_its_reason(row, code):
    assert code_of(row) == code


def test_the_last_day_may_be_the_first():
    assert value_of([{**NATIONAL, "from": DAY, "to": DAY}]) == 7


def test_the_28th_is_the_latest_day_of_the_month_every_month_has():
    assert value_of([{**NATIONAL, "key": "pay.by_day", "unit": "day_of_month", "value": 28}], "pay.by_day") == 28


@pytest.mark.parametrize(
    ("first", "code"),
    [(date(2020, 12, 31), "overlap"), (date(2020, 1, 1), "duplicate"), (date(2019, 1, 1), "overlap")],
)
def test_two_rows_for_one_place_and_day_are_refused(first, code):
    assert code_of(NATIONAL, {**NATIONAL, "from": first}) == code


PAGE = {"place": "511526", "name": "珙县", "figure": [{key: value for key, value in COUNTY.items() if key != "place"}]}


def test_a_file_of_figures_gives_each_row_its_place():
    rows, names = read_pages([("a.toml", PAGE), ("b.toml", {**PAGE, "place": "", "name": "全国"})])
    assert [row["place"] for row in rows] == ["511526", ""]
    assert names == {"511526": "珙县", "": "全国"}


@pytest.mark.parametrize(
    "page",
    [
        {**PAGE, "place": "991526"},
        {**PAGE, "place": "51152"},
        {**PAGE, "place": 511526},
        {**PAGE, "name": ""},
        {**PAGE, "figures": []},
        {"place": "511526", "name": "珙县"},
    ],
)
def test_a_file_of_a_division_that_does_not_exist_is_refused_by_its_name(page):
    with pytest.raises(BadFigure, match=r"county.toml") as refused:
        read_pages([("county.toml", page)])
    assert refused.value.code == "file"


def test_two_files_may_not_speak_for_one_division():
    with pytest.raises(BadFigure, match=r"b.toml"):
        read_pages([("a.toml", PAGE), ("b.toml", PAGE)])


def test_a_row_after_one_without_a_last_day_is_refused():
    assert code_of({**NATIONAL, "to": None}, {**NATIONAL, "from": date(2030, 1, 1), "to": None}) == "overlap"


def test_a_status_other_than_official_is_kept():
    (figure,) = Figures.of([{**NATIONAL, "status": "placeholder", "note": " 暂用 "}])
    assert (figure.status, figure.note) == (Status.PLACEHOLDER, "暂用")


def test_every_key_is_dotted_lower_case_english_and_words_go_with_the_word_unit():
    for key, known in KNOWN_KEYS.items():
        assert key == known.key and "." in key and key.isascii()
        assert key == key.lower() or key.startswith("dibao.tier.")
        assert bool(known.words) == (known.unit in (Measure.WORD, Measure.WORDS))


@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_place_lies_in_each_division_above_it_and_in_the_nation(code):
    assert list(prefixes(code)) == [code, code[:9], code[:6], code[:4], code[:2], ""]


days = st.dates(date(2012, 1, 1), date(2030, 1, 1))


@given(st.lists(days, min_size=2, max_size=8, unique=True).map(sorted), days)
def test_rows_that_end_where_the_next_begins_answer_each_day_with_exactly_one(firsts, on):
    ends = [date.fromordinal(day.toordinal() - 1) for day in firsts[1:]] + [None]
    rows = [
        {**NATIONAL, "from": first, "to": end, "value": n}
        for n, (first, end) in enumerate(zip(firsts, ends, strict=True))
    ]
    found = Figures.of(reversed(rows)).find("notice.days", place="511526", on=on)
    assert (found.value if found else -1) == sum(first <= on for first in firsts) - 1


def spans_of(*rows, place="511526"):
    spans = Figures.of(rows).over_time("notice.days", place=place)
    return [(str(s.first), str(s.last), s.figure and s.figure.value) for s in spans]


def test_over_time_a_nearer_place_takes_over_and_gives_back():
    nation = {**NATIONAL, "to": None}
    county = {**COUNTY, "from": date(2020, 5, 1), "to": date(2020, 6, 30)}
    assert spans_of(nation, county) == [
        ("2020-01-01", "2020-04-30", 7), ("2020-05-01", "2020-06-30", 10), ("2020-07-01", "None", 7),
    ]  # fmt: skip


def test_over_time_a_gap_is_told_and_the_time_after_the_last_is_not():
    later = {**NATIONAL, "from": date(2021, 3, 1), "to": date(2021, 3, 31), "value": 9}
    assert spans_of(NATIONAL, later) == [
        ("2020-01-01", "2020-12-31", 7), ("2021-01-01", "2021-02-28", None), ("2021-03-01", "2021-03-31", 9),
    ]  # fmt: skip


def test_over_time_a_figure_that_a_nearer_place_never_lets_hold_is_not_told():
    county = {**COUNTY, "from": date(2019, 1, 1), "to": None}
    assert spans_of(NATIONAL, county) == [("2019-01-01", "None", 10)]
    assert spans_of() == []


def test_a_place_lies_in_one_of_the_provinces_and_nowhere_else():
    regions = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), (71, 81, 82))
    assert {str(code) for region in regions for code in region} == PROVINCES
