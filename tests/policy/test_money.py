"""元 outside, 分 inside, nothing in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.money import BadMoney, parse_yuan, yuan


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("860", 86000),
        ("860.5", 86050),
        ("860.05", 86005),
        ("860.050", 86005),
        ("1,234,567.89", 123456789),
        (" ８６０．５０ 元", 86050),
        ("￥860", 86000),
        (860, 86000),
        ("0", 0),
        ("2.5万", 2500000),
        ("1.2345 万元", 1234500),
        ("0.000001万", 1),
    ],
)
def test_an_amount_written_in_yuan_is_exact_in_fen(written, fen):
    assert parse_yuan(written) == fen


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        ("元", "empty"),
        ("-5", "negative"),
        (-5, "negative"),
        ("0.001", "below_fen"),
        ("1,23", "not_money"),
        ("万", "not_money"),
        ("12万万", "not_money"),
        ("0.0000001万", "below_fen"),
        ("2万5", "not_money"),
        ("9" * 16, "not_money"),
        ("9" * 5000, "not_money"),
        ("1e3", "not_money"),
        ("--5", "not_money"),
        ("٣", "not_money"),
        (".5", "not_money"),
        (860.5, "float"),
        (True, "float"),
        (None, "float"),
    ],
)
def test_what_is_no_exact_amount_is_refused(written, code):
    with pytest.raises(BadMoney) as refused:
        parse_yuan(written)
    assert refused.value.code == code
    assert refused.value.message % refused.value.args_by_name == str(refused.value)


@given(st.integers(0, 10**12), st.booleans())
def test_what_is_shown_is_read_back(fen, grouped):
    assert parse_yuan(yuan(fen, grouped=grouped)) == fen


@pytest.mark.parametrize(("fen", "shown"), [(0, "0.00"), (5, "0.05"), (123456789, "1,234,567.89"), (-5, "-0.05")])
def test_amounts_show_two_decimals_and_groups(fen, shown):
    assert yuan(fen, grouped=True) == shown
