"""How much of numbers and names is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.masking import STAND_IN, mask_account, mask_id, mask_phone, printed_id

NUMBER = "990000199001010019"


def test_beside_a_birth_date_only_the_last_four_are_shown():
    assert mask_id(NUMBER) == "**************0019"


def test_a_stand_in_for_a_number_is_shown_to_nobody():
    assert mask_id(f"{STAND_IN}20270220A1B2C3D4") == printed_id(f"{STAND_IN}20270220A1B2C3D4", full=True) == ""
    assert printed_id(NUMBER, full=True) == NUMBER and printed_id(NUMBER, full=False) == mask_id(NUMBER)


@pytest.mark.parametrize(
    ("number", "shown"), [("13812341234", "138****1234"), ("0831-4312345", "********2345"), ("12345", "*****")]
)
def test_a_phone_shows_its_ends(number, shown):
    assert mask_phone(number) == shown


@given(st.text("0123456789", max_size=30))
def test_an_account_keeps_its_length_and_never_shows_more_than_four(number):
    masked = mask_account(number)
    assert len(masked) == len(number)
    assert len(masked.strip("*")) <= 4 and (len(number) >= 8 or masked == "*" * len(number))
