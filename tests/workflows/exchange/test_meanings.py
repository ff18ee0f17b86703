"""A column that is read all at once says what each of its cells says by itself."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policy.identity import BadIdNumber, check_digit, identities, parse_id_number
from workflows.exchange import values
from workflows.exchange.cleaning import ACCOUNT, DIGITS, NAME, Field, text
from workflows.exchange.list_rows import KINDS, TEKUN
from workflows.exchange.meanings import Meanings, People
from workflows.exchange.values import BadCell

ON = date(2026, 11, 22)
PLAIN = [NAME, ACCOUNT, DIGITS, text("address"), text("party")]
CELLS = st.text("张珙一019", max_size=60) | st.sampled_from(
    (*values.EMPTY, "张 三", "'12", "１２", "62*", "a\tb", "12\n34")
)


def one_by_one(field: Field, texts: list[str]) -> list[object]:
    """What the cells say, read each by itself."""
    alone = Meanings(field.read, field.empty)
    return [_plain(alone[text]) for text in texts]


def _plain(value: object) -> object:
    return (value.code, value.args_by_name) if isinstance(value, BadCell) else value


@pytest.mark.parametrize("field", PLAIN)
@given(texts=st.lists(CELLS, min_size=1, max_size=6))
@example(texts=["", "NULL"])
@example(texts=["—", "张"])
def test_any_column_says_what_its_cells_say(field, texts):
    told = Meanings(field.read, field.empty, field.plain).column(texts)
    assert list(map(_plain, told)) == one_by_one(field, texts)


def test_texts_that_many_rows_say_are_kept_once():
    told, sheet = Meanings(NAME.read, NAME.empty, NAME.plain), "张样 李样 张样\n李样 张样".splitlines()
    (zhang, li, again), (other, last) = (told.column(line.split()) for line in sheet)
    assert zhang is again is last
    assert li is other


@pytest.mark.parametrize(
    ("field", "sign", "length", "plain"),
    [
        (NAME, "张", 50, True), (NAME, "张", 51, False), (ACCOUNT, "6", 5, False), (ACCOUNT, "6", 6, True),
        (ACCOUNT, "6", 7, True), (ACCOUNT, "6", 29, True), (ACCOUNT, "6", 30, True), (ACCOUNT, "6", 31, False),
        (DIGITS, "6", 1, True), (DIGITS, "6", 30, True), (DIGITS, "6", 31, False), (text("party"), "党", 19, True),
        (text("party"), "党", 20, True), (text("party"), "党", 21, False), (NAME, "A", 1, False),
    ],
)  # fmt: skip
def test_a_column_is_plain_within_its_length_and_signs(field, sign, length, plain):
    texts = ["", sign * length, sign * 10]
    assert field.plain.holds(texts) is plain
    assert list(map(_plain, Meanings(field.read, field.empty, field.plain).column(texts))) == one_by_one(field, texts)


def test_an_empty_cell_of_a_plain_column_says_nothing():
    plain = [field for kind in (*KINDS.values(), TEKUN) for field in kind.fields.values() if field.plain]
    assert plain and {field.empty for field in plain} == {""}


def number(first17: str) -> str:
    """With its last digit."""
    return first17 + check_digit(first17)


GOOD = [number(f"99000119{year}0615{order:03d}") for year in range(40, 80) for order in (1, 12, 123)]
BAD = {
    "check_digit": GOOD[0][:17] + ("1" if GOOD[0][17] != "1" else "2"), "birth": number("99000119500230001"),
    "future": number("99000120261123001"), "old_15": "990001500615001", "empty": "",
}  # fmt: skip


def test_many_numbers_are_read_as_each_is():
    assert identities(GOOD, ON) == [parse_id_number(one, on=ON) for one in GOOD]


@pytest.mark.parametrize("born", ["20261121", "20261122"])
def test_somebody_born_by_that_day_is_read_among_many(born):
    assert len(identities([*GOOD, number(f"990001{born}001")], ON)) == len(GOOD) + 1


@pytest.mark.parametrize(("code", "bad"), BAD.items())
def test_with_one_doubtful_number_none_is_read_at_once(code, bad):
    with pytest.raises(BadIdNumber) as refused:
        parse_id_number(bad, on=ON)
    assert refused.value.code == code
    assert identities([*GOOD, bad], ON) == []
    assert identities([bad, *GOOD], ON) == []


def test_no_number_at_all_is_nobody():
    assert identities([], ON) == []


@given(st.lists(st.sampled_from([*GOOD, *BAD.values(), f" {GOOD[0]}", "１", "x"]), min_size=1, max_size=8))
def test_people_of_a_column_are_those_of_its_cells(texts):
    alone = Meanings(lambda text: values.person(text, ON), None)
    people = People(ON)
    assert list(map(_plain, people.column(texts))) == [_plain(alone[text]) for text in texts]
    assert list(map(_plain, people.column(texts))) == [_plain(alone[text]) for text in texts]


def test_more_people_than_are_kept_are_read_all_the_same(monkeypatch):
    monkeypatch.setattr("workflows.exchange.meanings.MOST_KNOWN", 5)
    people = People(ON)
    for start in range(0, len(GOOD), 4):
        some = GOOD[start : start + 4]
        assert [one.number for one in people.column(some)] == some
        assert len(people) <= 5
    assert [one.number for one in people.column(GOOD)] == GOOD
