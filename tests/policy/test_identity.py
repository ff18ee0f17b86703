"""ID numbers and disability certificates: what is read, what is refused and why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.identity import (
    BadIdNumber,
    age_on,
    check_digit,
    clean_number,
    disability_certificate,
    parse_id_number,
)
from policy.vocabulary import DisabilityKind, Sex

births = st.dates(date(1900, 1, 1), date(2026, 11, 21))


def number_of(birth=date(1990, 1, 1), order="001", area="990000"):
    first17 = f"{area}{birth:%Y%m%d}{order}"
    return first17 + check_digit(first17)


GOOD = number_of()
WITH_X = next(number for n in range(1, 99) if (number := number_of(order=f"{n:03d}")).endswith("X"))


@st.composite
def numbers(draw):
    return number_of(draw(births), f"{draw(st.integers(1, 999)):03d}", f"{draw(st.integers(110000, 999999))}")


def code_of(value, read=parse_id_number, **more):
    with pytest.raises(BadIdNumber) as refused:
        read(value, **more)
    assert refused.value.message % refused.value.args_by_name == str(refused.value)
    return refused.value.code


def test_the_check_digit_is_that_of_the_standard_s_own_examples():
    assert check_digit("11010519491231002") == "X"
    assert check_digit("44052418800101001") == "4"


def test_a_number_gives_birth_sex_and_area():
    found = parse_id_number("11010519491231002X")
    assert (found.birth, found.sex, found.area) == (date(1949, 12, 31), Sex.FEMALE, "110105")
    assert parse_id_number(GOOD).sex is Sex.MALE


def test_a_small_x_is_the_same_number():
    assert parse_id_number(WITH_X.lower()).number == WITH_X


@pytest.mark.parametrize(
    "written",
    [
        "\t{}",
        "'{}",
        "’{}",
        "‘{}",
        " {} ",
        "\u3000{}",
        "{}\u200b",
        "\ufeff{}",
        "{}\r\n",
        "\u202d{}\u202c",
    ],
)
def test_what_copying_adds_is_taken_off(written):
    assert parse_id_number(written.format(GOOD)).number == GOOD


def test_full_width_digits_and_inner_spaces_are_read():
    wide = WITH_X.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789X"})
    assert clean_number(wide[:6] + " " + wide[6:14] + "\u00a0" + wide[14:]) == WITH_X


@pytest.mark.parametrize("value", ["", "  ", "\t'", None, date(1990, 1, 1)])
def test_an_empty_cell_is_no_number(value):
    assert code_of(value) == "empty"


@pytest.mark.parametrize(
    "value",
    [
        9.93326201302274e17,
        993326201302274000,  # its last digit happens to fit, so only its being a number gives it away
        "9.93326201302274e+17",
        "9.93E+17",
        "5.13E17",
        "993326201302274000.0",
        "993326201302275000",
    ],
)
def test_a_number_ruined_by_a_spreadsheet_is_refused_and_never_guessed(value):
    assert code_of(value) == "excel_float"


def test_a_true_number_may_end_in_three_zeros():
    order = next(f"{n}00" for n in range(1, 10))
    births_in_order = (
        date.fromordinal(day) for day in range(date(1990, 1, 1).toordinal(), date(1991, 1, 1).toordinal())
    )
    number = next(n for birth in births_in_order if (n := number_of(birth, order)).endswith("000"))
    assert parse_id_number(number).number == number


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (GOOD[:17], "length"),
        (GOOD + "1", "length"),
        ("130503670401001", "old_15"),
        ("无", "characters"),
        (GOOD[:10] + "O" + GOOD[11:], "characters"),
        (GOOD[:10] + "X" + GOOD[11:], "characters"),
        (GOOD[:17] + "A", "characters"),
        (GOOD[:10] + "٣" + GOOD[11:], "characters"),
        ("990000" + "19900230" + "0019", "birth"),
        ("990000" + "19901301" + "0019", "birth"),
        ("990000" + "00000101" + "0019", "birth"),
        ("990000" + "18791231" + "0019", "birth"),
    ],
)
def test_a_malformed_number_is_refused_with_its_reason(value, code):
    assert code_of(value) == code


def test_a_wrong_length_is_told():
    assert "this one has 17" in str(BadIdNumber("length", have=17))


def test_leap_days_are_births_in_leap_years_only():
    assert parse_id_number(number_of(date(2024, 2, 29))).birth == date(2024, 2, 29)
    assert code_of("990000" + "20230229" + "0019") == "birth"


def test_a_birth_after_the_day_is_refused():
    assert code_of(GOOD, on=date(1989, 12, 31)) == "future"


@pytest.mark.parametrize("on", [date(1990, 1, 1), date(1990, 1, 2), None])
def test_a_birth_on_or_before_the_day_is_read(on):
    assert parse_id_number(GOOD, on=on).number == GOOD


@pytest.mark.parametrize("area", ["990000", "000000", "123456", "810000", "820000", "830000", "911526"])
def test_no_area_is_refused(area):
    assert parse_id_number(number_of(area=area)).area == area


@given(numbers())
def test_every_well_formed_number_is_read_back(number):
    found = parse_id_number(number)
    assert found.number == number
    assert f"{found.birth:%Y%m%d}" == number[6:14]
    assert (found.sex is Sex.MALE) == (number[16] in "13579")


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_always_found(number, place, sign):
    wrong = number[:place] + sign + number[place + 1 :]
    if wrong != number:
        assert code_of(wrong) in {"check_digit", "birth", "characters", "excel_float"}


@given(numbers(), st.integers(0, 16))
def test_two_swapped_neighbours_are_always_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert code_of(swapped) in {"check_digit", "birth", "characters", "excel_float"}


@given(st.text(max_size=25))
def test_no_text_breaks_the_reader_and_no_refusal_repeats_it(text):
    try:
        parse_id_number(text)
    except BadIdNumber as refused:
        assert len(clean_number(text)) < 6 or clean_number(text) not in str(refused)


def test_a_number_is_not_printed_whole_in_logs():
    assert GOOD not in repr(parse_id_number(GOOD))
    assert GOOD not in repr(disability_certificate(GOOD + "43"))


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2008, 6, 14), 17), (date(2008, 6, 15), 18), (date(2008, 6, 16), 18), (date(1990, 6, 15), 0)],
)
def test_age_is_in_full_years_from_the_birthday_on(day, age):
    assert age_on(date(1990, 6, 15), day) == age


@pytest.mark.parametrize(("day", "age"), [(date(2025, 2, 28), 0), (date(2025, 3, 1), 1), (date(2028, 2, 29), 4)])
def test_a_leap_day_child_is_older_on_the_first_of_march(day, age):
    assert age_on(date(2024, 2, 29), day) == age


def test_nobody_has_an_age_before_birth():
    with pytest.raises(ValueError, match="before the birth"):
        age_on(date(1990, 6, 15), date(1990, 6, 14))


@pytest.mark.parametrize(
    ("digits", "kind", "level"),
    [("11", DisabilityKind.VISION, 1), ("43", DisabilityKind.LIMB, 3), ("74", DisabilityKind.MULTIPLE, 4)],
)
def test_a_certificate_gives_owner_kind_and_level(digits, kind, level):
    found = disability_certificate(GOOD + digits, id_number=GOOD)
    assert (found.id_number, found.kind, found.level) == (GOOD, kind, level)


def test_a_reissued_certificate_is_the_same_certificate():
    assert disability_certificate(f" {WITH_X.lower()}43b1") == disability_certificate(WITH_X + "43")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (GOOD + "03", "kind"),
        (GOOD + "83", "kind"),
        (GOOD + "40", "level"),
        (GOOD + "45", "level"),
        (GOOD + "4", "certificate_length"),
        (GOOD + "432", "certificate_length"),
        (GOOD + "43B", "certificate_length"),
        (GOOD[:17] + ("0" if GOOD[17] != "0" else "1") + "43", "check_digit"),
        ("", "empty"),
        (9.9e19, "excel_float"),
    ],
)
def test_a_malformed_certificate_is_refused_with_its_reason(value, code):
    assert code_of(value, disability_certificate) == code


def test_a_certificate_of_somebody_else_is_refused():
    assert code_of(GOOD + "43", disability_certificate, id_number=WITH_X) == "owner"
