"""Names, numbers and remedies of letters, as they stood on the day of the decision."""

from datetime import date

import pytest

from policy import letters
from policy.vocabulary import Authority, Scheme

T, C = Authority.TOWNSHIP, Authority.COUNTY


@pytest.mark.parametrize(
    ("decider", "on", "organ"),
    [
        (C, date(2023, 12, 31), "珙县人民政府或者宜宾市民政局"),
        (C, date(2024, 1, 1), "珙县人民政府"),
        (C, date(2024, 1, 2), "珙县人民政府"),
        (T, date(2023, 12, 31), "珙县人民政府"),
        (T, date(2024, 1, 1), "珙县人民政府"),
    ],
)
def test_the_organ_of_review_is_that_of_the_day_of_the_decision(decider, on, organ):
    assert letters.remedies(decider, "珙县", "宜宾市", on).organ == organ


@pytest.mark.parametrize(("on", "months"), [(date(2015, 4, 30), 3), (date(2015, 5, 1), 6), (date(2026, 3, 2), 6)])
def test_the_term_to_go_to_court_is_that_of_the_day_of_the_decision(on, months):
    found = letters.remedies(C, "珙县", "宜宾市", on)
    assert (found.days, found.months, found.court) == (60, months, "珙县人民法院")


@pytest.mark.parametrize(
    ("decider", "township", "office"),
    [(T, "巡场镇", "珙县巡场镇人民政府"), (T, "城关街道", "珙县城关街道办事处"), (C, "巡场镇", "珙县民政局")],
)
def test_the_office_is_named_in_full(decider, township, office):
    assert letters.office_of(decider, "珙县", township) == office


@pytest.mark.parametrize(
    ("name", "others", "short"),
    [
        ("巡场镇", ["巡场镇", "孝儿镇"], "巡"),
        ("上罗镇", ["上罗镇", "上坝乡"], "上罗"),
        ("上罗镇", ["上罗镇", "上罗乡"], "上罗镇"),
        ("巡", ["巡", "巡场镇"], "巡"),
        ("巡场镇", [], "巡"),
    ],
)
def test_the_short_name_of_a_township_is_shared_with_no_other(name, others, short):
    assert letters.short_name(name, others) == short


def test_no_two_kinds_of_letters_of_a_case_share_a_number():
    words = {letters.document_word(kind, decider, "珙", "巡") for kind in letters.MARKS for decider in (T, C)}
    assert len(words) == 2 * len(letters.MARKS)
    assert set(letters.TITLES_OF) == set(letters.MARKS)
    assert "巡民救受" in words and "珙民救巡确" in words


@pytest.mark.parametrize(
    ("case_no", "found"),
    [("511526100-2021-00012", (2021, 12)), ("DB51152610000012", None), ("", None), ("511526100-2021-", None)],
)
def test_a_letter_takes_year_and_number_from_the_case_without_zeros_before(case_no, found):
    assert letters.case_number(case_no) == found


@pytest.mark.parametrize(("nth", "text"), [(0, ""), (1, ""), (2, "之二"), (10, "之十"), (11, "之11")])
def test_a_further_letter_of_the_same_kind_says_which_it_is(nth, text):
    assert letters.repeated(nth) == text


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        ("民发〔2021〕57号 第十三条", "《最低生活保障审核确认办法》（民发〔2021〕57号）第十三条"),
        ("国务院令第649号 第十三条", "《社会救助暂行办法》（国务院令第649号）第十三条"),
        (" 县办法第三条 ", "县办法第三条"),
        ("", ""),
    ],
)
def test_a_clause_is_cited_with_the_title_of_its_decree(clause, text):
    assert letters.full_title(clause) == text


@pytest.mark.parametrize(
    ("text", "sentence"), [("收入高", "收入高。"), ("收入高。", "收入高。"), (" 高！ ", "高！"), ("", "")]
)
def test_a_remark_becomes_a_sentence(text, sentence):
    assert letters.ended(text) == sentence


def test_every_scheme_has_its_formal_name():
    assert set(letters.FORMAL_NAME) == set(Scheme)
    assert letters.title_of("receipt", Scheme.DIBAO) == "最低生活保障申请受理通知书"
