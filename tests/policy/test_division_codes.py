"""The code of a place tells its level, and the places it lies in."""

import pytest

from policy.division_codes import county_of, in_township, is_county, is_township, is_village, township_of

VILLAGE, TOWNSHIP, COUNTY, PREFECTURE = "511526100201", "511526100", "511526", "5115"


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        (VILLAGE, (False, False, True, True)),
        (TOWNSHIP, (False, True, False, True)),
        (COUNTY, (True, False, False, False)),
        (PREFECTURE, (False, False, False, False)),
    ],
)
def test_a_code_tells_the_level_of_its_place(code: str, levels: tuple[bool, ...]) -> None:
    assert (is_county(code), is_township(code), is_village(code), in_township(code)) == levels


def test_a_place_lies_in_the_township_and_county_that_its_code_begins_with() -> None:
    assert (township_of(VILLAGE), county_of(VILLAGE), county_of(TOWNSHIP)) == (TOWNSHIP, COUNTY, COUNTY)


def test_a_place_that_lies_in_no_township_or_county_stays_what_it_is() -> None:
    assert (township_of(COUNTY), county_of(PREFECTURE)) == (COUNTY, PREFECTURE)
