"""Who confirms and by when: by place, scheme, amount and date, each limit below, at and above."""

from datetime import date

import pytest

from policy.authority import (
    confirming,
    decide_by,
    grace_months,
    term_key,
    township_limit,
    who_confirms,
    working_days_after,
)
from policy.figures import Figures
from policy.vocabulary import Authority, Scheme

DAY = date(2020, 6, 1)
GONGXIAN, NANPING = "511526", "350702"
TOWNSHIP, COUNTY = Authority.TOWNSHIP, Authority.COUNTY
SHIPPED = Figures.shipped()


@pytest.mark.parametrize(
    ("scheme", "place", "on", "fen", "who"),
    [
        (Scheme.DIBAO, GONGXIAN, date(2020, 4, 30), None, COUNTY),
        (Scheme.DIBAO, GONGXIAN, date(2020, 5, 1), None, TOWNSHIP),
        (Scheme.DIBAO, GONGXIAN, date(2020, 5, 1), 999_999, TOWNSHIP),
        (Scheme.TEKUN, GONGXIAN, date(2020, 5, 1), None, COUNTY),
        (Scheme.TEKUN, NANPING, date(2021, 5, 25), None, COUNTY),
        (Scheme.TEKUN, NANPING, date(2021, 5, 26), None, TOWNSHIP),
        (Scheme.TEMPORARY, GONGXIAN, date(2020, 5, 1), 299_999, TOWNSHIP),
        (Scheme.TEMPORARY, GONGXIAN, date(2020, 5, 1), 300_000, TOWNSHIP),
        (Scheme.TEMPORARY, GONGXIAN, date(2020, 5, 1), 300_001, COUNTY),
        (Scheme.TEMPORARY, GONGXIAN, date(2020, 4, 30), 1, COUNTY),
        (Scheme.TEMPORARY, NANPING, date(2021, 5, 26), 1, COUNTY),
        (Scheme.EDGE, NANPING, date(2021, 7, 1), None, COUNTY),
    ],
)
def test_who_confirms_goes_by_place_scheme_amount_and_day(scheme, place, on, fen, who):
    assert who_confirms(SHIPPED, scheme, place, on, fen) is who


@pytest.mark.parametrize(
    ("level", "limited", "limit", "fen", "who"),
    [
        (TOWNSHIP, True, None, 1, COUNTY), (TOWNSHIP, True, 0, None, TOWNSHIP), (TOWNSHIP, True, 0, 1, COUNTY),
        (TOWNSHIP, False, None, 1, TOWNSHIP), (TOWNSHIP, True, 10, 10, TOWNSHIP), (COUNTY, True, 10, 1, COUNTY),
        (COUNTY, False, None, None, COUNTY),
    ],
)  # fmt: skip
def test_a_township_confirms_a_limited_scheme_only_within_its_limit(level, limited, limit, fen, who):
    assert confirming(level, limited, limit, fen) is who


def test_a_place_without_a_limit_has_none():
    assert township_limit(SHIPPED, GONGXIAN, date(2020, 5, 1)) == 300_000
    assert township_limit(SHIPPED, GONGXIAN, date(2020, 4, 30)) is None


@pytest.mark.parametrize(
    ("place", "on", "months"),
    [
        (GONGXIAN, date(2020, 4, 30), None), (GONGXIAN, date(2020, 5, 1), (3, 12)),
        ("341324101", date(2020, 4, 6), (12, 12)), ("533103", date(2021, 11, 11), (6, 12)),
        ("41", date(2022, 10, 19), None), ("41", date(2022, 10, 20), (1, 6)),
    ],
)  # fmt: skip
def test_months_of_grace_go_by_place_and_day(place, on, months):
    assert grace_months(SHIPPED, place, on) == months


def test_without_a_shortest_grace_it_is_a_month():
    row = {"key": "grace.months_max", "unit": "months", "value": 6, "place": "41", "from": DAY, "cite": "县里文件"}
    assert grace_months(Figures.of([row]), "41", DAY) == (1, 6)


@pytest.mark.parametrize(
    ("who", "special", "key", "last"),
    [
        (COUNTY, False, "decide.working_days", date(2022, 12, 2)),
        (COUNTY, True, "decide.special", date(2022, 12, 23)),
        (TOWNSHIP, False, "decide.delegated", date(2022, 11, 18)),
        (TOWNSHIP, True, "decide.special", date(2022, 12, 23)),
    ],
)
def test_the_term_of_a_case_goes_by_who_confirms_and_whether_it_is_special(who, special, key, last):
    assert term_key(who, special) == key
    assert decide_by(SHIPPED, "41", date(2022, 10, 21), who, special) == last


@pytest.mark.parametrize(("special", "key", "last"), [
    (False, "decide.rigid", date(2026, 4, 14)), (True, "decide.rigid.special", date(2026, 5, 8)),
])  # fmt: skip
def test_rigid_expenditure_families_have_a_term_of_their_own_whoever_confirms(special, key, last):
    """《刚性支出困难家庭认定办法》: thirty and forty-five working days; twenty where delegated are of 低保 alone."""
    assert term_key(TOWNSHIP, special, "rigid") == key
    assert decide_by(SHIPPED, "41", date(2026, 3, 2), TOWNSHIP, special, "rigid") == last
    assert decide_by(SHIPPED, "41", date(2026, 3, 2), TOWNSHIP, False, "edge") == date(2026, 3, 30)


def test_a_term_in_working_days_starts_the_day_after():
    assert working_days_after(SHIPPED, "survey.start_working_days", "41", date(2022, 10, 21)) == date(2022, 10, 26)
