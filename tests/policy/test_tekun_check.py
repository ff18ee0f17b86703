"""The county's lot on 特困 cases: below the share always drawn, else by the lot alone."""

from fractions import Fraction

import pytest

from policy.tekun_check import is_drawn

LEAST = Fraction(3, 10)


@pytest.mark.parametrize(
    ("before", "picked", "drawn"),
    [(0, 0, True), (2, 1, False), (3, 1, True), (9, 3, False), (9, 2, True)],
)
def test_a_case_is_drawn_where_the_share_would_else_fall_short(before: int, picked: int, drawn: bool) -> None:
    assert is_drawn(9_999, before, picked, LEAST) is drawn


@pytest.mark.parametrize(("lot", "drawn"), [(2_999, True), (3_000, False), (3_001, False)])
def test_where_the_share_is_reached_the_lot_decides(lot: int, drawn: bool) -> None:
    assert is_drawn(lot, 9, 9, LEAST) is drawn
