"""What offices write in one cell, and what it means: accepted exactly, or refused with a code."""

from datetime import date

import pytest

from tests.workflows.exchange.sheets import HEAD, ON, id_no
from workflows.exchange import guessing, values
from workflows.exchange.layouts import CHANGES, HOUSEHOLDS, MEMBERS
from workflows.exchange.values import BadCell


def code(read, *args) -> str:
    """The code with which a cell is refused."""
    with pytest.raises(BadCell) as caught:
        read(*args)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("760", 76_000),
        ("1920.0", 192_000),
        ("1,234.50", 123_450),
        ("１２３４", 123_400),
        ("¥ 380 元", 38_000),
        ("￥380元/月", 38_000),
        ("1.2万", 1_200_000),
        ("3万元", 3_000_000),
        ("0.5萬圓", 500_000),
        ("0.01", 1),
        ("100.100", 10_010),
        ("100000000", 10_000_000_000),
        ("", None),
        ("-", None),
        ("无", None),
    ],
)
def test_money_is_read_exactly(text, fen):
    assert values.money(text) == fen


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-500", "negative"),
        ("-0.01", "negative"),
        ("100000000.01", "absurd"),
        ("0.001", "too_precise"),
        ("1,26", "bad_money"),
        ("三百", "bad_money"),
        ("1e3", "excel_float"),
        ("1e999999", "excel_float"),
        ("NaN", "bad_money"),
        ("\x1a1e+17", "excel_float"),
        ("#REF!", "excel_error"),
        ("9" * 31, "bad_money"),
    ],
)
def test_money_that_is_none_is_refused(text, expected):
    assert code(values.money, text) == expected


@pytest.mark.parametrize(
    ("text", "fen"), [("3133.3333333333", 313_333), ("0.005", 1), ("-5", None), ("约三千", None), ("", None)]
)
def test_income_per_head_is_derived_and_never_spoils_a_row(text, fen):
    assert values.rounded_money(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "2020-06-30",
        "2020/6/30",
        "2020.6.30",
        "2020年6月30日",
        "20200630",
        "2020-06-30 00:00:00",
        "2020/6/30 0:00",
        "2020-06-30T00:00",
        "２０２０-6-30 ",
    ],
)
def test_dates_are_read_in_every_form_offices_use(text):
    assert values.day(text, ON) == date(2020, 6, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020/6/31", "impossible_date"),
        ("20190229", "impossible_date"),
        ("0044-01-01", "impossible_date"),
        ("1879-12-31", "impossible_date"),
        ("2020-07-02", "future_date"),
        ("2020年6月", "bad_date"),
        ("44012", "bad_date"),
        ("2020-6/30", "bad_date"),
        ("30.6.2020", "bad_date"),
    ],
)
def test_dates_that_are_none_are_refused_and_never_rolled(text, expected):
    assert code(values.day, text, ON) == expected


def test_midnight_behind_a_day_takes_no_digit_of_it():
    assert values.day("1960/5/10 0:00", ON) == date(1960, 5, 10)


def test_today_is_not_the_future():
    assert values.day("2020-07-01", ON) == ON and values.day("1880-01-01", ON) == date(1880, 1, 1)


@pytest.mark.parametrize("text", ["2013-04", "2013年4月", "2013年04月", "201304", "2013/4", "2013.4", "2013-04-15"])
def test_months_are_their_first_day(text):
    assert values.month(text, ON) == date(2013, 4, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2013.1", "ambiguous_month"), ("2013-13", "impossible_date"), ("4月", "bad_month"), ("2020-08", "future_date")],
)
def test_months_that_are_none_are_refused(text, expected):
    assert code(values.month, text, ON) == expected


@pytest.mark.parametrize(
    "text",
    [
        HEAD,
        f"\t{HEAD}",
        f"'{HEAD}",
        f'="{HEAD}"',
        f" {HEAD[:6]} {HEAD[6:]}\u200b",
        HEAD.translate({48 + i: 0xFF10 + i for i in range(10)}),
    ],
)
def test_an_id_number_is_freed_of_what_copying_adds(text):
    assert values.person(text, ON).number == HEAD


def test_a_small_x_is_the_last_digit_ten():
    number = next(n for order in range(100) if (n := id_no("19500101", order)).endswith("X"))
    assert values.person(number.lower(), ON).number == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "empty"),
        ("-", "empty"),
        ("5.13E+17", "excel_float"),
        ("513525E12", "excel_float"),
        ("\x1a9.93326201302274e+17", "excel_float"),
        ("\x1a" + HEAD, "excel_float"),
        ("993326201302275000", "excel_float"),
        ("990001410227117", "old_15"),
        (HEAD[:17], "length"),
        (HEAD + "1", "length"),
        (HEAD[:-1] + ("0" if HEAD[-1] != "0" else "1"), "check_digit"),
        (HEAD[:10] + "1331" + HEAD[14:], "birth"),
        ("51****1173", "masked"),
        ("**************1173", "masked"),
        ("无身份证", "characters"),
        ("#N/A", "excel_error"),
        (id_no("20200702", 1), "future"),
    ],
)
def test_an_id_number_that_is_none_is_refused_and_never_guessed(text, expected):
    assert code(values.person, text, ON) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9.99906655234155E+18", "excel_float"), ("\x1a9999066552341547000", "excel_float"), ("****7558", "masked")]
    + [("12345", "bad_account"), ("62-AB-123", "bad_account"), ("1" * 31, "bad_account")],
)
def test_an_account_that_is_none_is_refused(text, expected):
    assert code(values.account, text) == expected


def test_an_account_keeps_its_leading_zeros():
    assert values.account("\t0062 2800 1234 5678 901") == "0062280012345678901"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("黄样 ", "黄样"),
        ("张　样", "张样"),
        ("阿布·样例", "阿布·样例"),
        ("Anna  Example", "Anna Example"),
        ("'王样", "王样"),
    ]
    + [('=HYPERLINK("http://127.0.0.1","x")', '=HYPERLINK("http://127.0.0.1","x")'), ("样" * 50, "样" * 50)],
)
def test_a_name_is_kept_as_its_bearer_writes_it(text, clean):
    assert values.name(text) == clean


@pytest.mark.parametrize(
    ("text", "expected"), [("样" * 51, "long"), ("张\x07样", "control"), ("张*", "masked"), ("欧**娜", "masked")]
)
def test_a_name_that_is_none_is_refused(text, expected):
    assert code(values.name, text) == expected


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("汉", "汉族"),
        (" 苗 ", "苗族"),
        ("汉族", "汉族"),
        ("土家", "土家族"),
        ("穿青人", "穿青人"),
        ("", ""),
        ("无", "无"),
    ],
)
def test_a_people_goes_with_and_without_the_word(text, clean):
    assert values.nation(text) == clean


def test_lines_within_a_cell_become_one():
    assert values.line("南村1组\n1号") == "南村1组 1号"


@pytest.mark.parametrize(("text", "number"), [("5", 5), ("5人", 5), ("1.0", 1), ("", None), ("99", 99)])
def test_counts_are_small_whole_numbers(text, number):
    assert values.count(text) == number


def test_counts_that_are_none_are_refused():
    assert [code(values.count, text) for text in ("1.5", "-1", "100", "五")] == [
        "bad_count",
        "bad_count",
        "absurd",
        "bad_count",
    ]


def test_floor_space_is_in_whole_square_metres():
    assert [values.area(text) for text in ("104", "86.49㎡", "86.50平方米", "无")] == [104, 86, 87, None]
    assert code(values.area, "很大") == "bad_area"


@pytest.mark.parametrize("text", ["10600000001", "0831-4030000", "10600000001/10600000002", "+86 10600000001"])
def test_telephone_numbers_are_kept_as_written(text):
    assert values.phone(text) == text


def test_telephone_numbers_that_are_none_are_refused():
    assert [code(values.phone, text) for text in ("106****0001", "问邻居", "123")] == [
        "masked",
        "bad_phone",
        "bad_phone",
    ]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["巡场镇", "孝儿镇"], "township"), (["玉和苗族乡", "巡场镇"], "township"), (["新胜村", "龙茶社区"], "village"),
        (["张三", "李四"], "name"),
    ],
)  # fmt: skip
def test_a_column_of_places_is_not_taken_for_names(cells, kind):
    assert guessing.kind_of(cells) == kind


def test_a_column_of_numbers_does_not_show_what_it_is():
    assert guessing.kind_of(["1", "2", "1", "2"]) == ""


@pytest.mark.parametrize(
    ("layout", "taken", "header", "field"),
    [
        (HOUSEHOLDS, (), "户主名字", "head_name"),
        (HOUSEHOLDS, ("head_name",), "户主姓名", None),
        (HOUSEHOLDS, ("head_name",), "联系人", None),
        (HOUSEHOLDS, (), "卡上的名字", "account_name"),
        (MEMBERS, ("name",), "户主姓名", None),
        (MEMBERS, (), "户主姓名", None),
        (MEMBERS, ("head_id_no",), "户主姓名", None),
        (MEMBERS, (), "人员", "name"),
        (MEMBERS, ("name",), "户名", "account_name"),
        (CHANGES[1], (), "户主名字", "name"),
    ],
)
def test_a_column_of_names_goes_to_the_head_or_an_account_only_where_its_header_says_so(layout, taken, header, field):
    found = guessing.by_values({0: ["张样", "李样", "王样"]}, layout, taken, (header,))
    assert found == ({field: 0} if field else {})
