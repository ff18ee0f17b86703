"""Numbers of papers: written as offices write them, and no two offices' alike."""

import pytest

from policy.paper_numbers import Number, gaps, lawful_word, usual_word

NAMES = {"511526": "珙县", "511526100": "巡场镇", "511526101": "珙泉镇", "511526102": "上罗镇", "511526103": "上坝乡",
         "511526104": "城关街道", "511526100201": "新胜村"}  # fmt: skip


def test_a_number_has_hexagonal_brackets_and_no_leading_zeros():
    assert str(Number("巡民救", 2021, 12)) == "巡民救〔2021〕12号"


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("511526", "珙民救"),
        ("511526100", "巡民救"),
        ("511526101", "珙泉民救"),
        ("511526102", "上罗民救"),
        ("511526103", "上坝民救"),
        ("511526104", "城民救"),
    ],
)
def test_an_office_that_chose_no_word_has_one_of_its_own(code, word):
    assert usual_word(code, NAMES) == word


def test_no_two_offices_have_the_same_usual_word():
    words = [usual_word(code, NAMES) for code in NAMES if len(code) in (6, 9)]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("word", ["巡民救", "巡府", "珙县民政救助办公室发文字", "㐂民救"])
def test_a_word_is_two_to_twelve_chinese_characters(word):
    assert lawful_word(word)


@pytest.mark.parametrize(
    "word", ["", "巡", "珙县民政局社会救助中心发文字", "巡民救〔2021〕", "巡民救12", "巡 民", "xun"]
)
def test_anything_else_is_no_word(word):
    assert not lawful_word(word)


@pytest.mark.parametrize(("serials", "missing"), [([], []), ([1], []), ([1, 2, 3], []), ([3, 1], [2]), ([2], [1])])
def test_a_gap_in_a_register_is_found(serials, missing):
    assert gaps(serials) == missing
