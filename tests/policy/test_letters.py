"""Names, numbers and remedies of letters, as they stood on the day of the decision."""

from datetime import date

import pytest

from policy import letters
from policy.vocabulary import Authority, Scheme

T, C, G = Authority.TOWNSHIP, Authority.COUNTY, Authority.COUNTY_GOVERNMENT


@pytest.mark.parametrize(
    ("decider", "on", "organ"),
    [
        (C, date(2023, 12, 31), "珙县人民政府或者宜宾市民政局"),
        (C, date(2024, 1, 1), "珙县人民政府"),
        (C, date(2024, 1, 2), "珙县人民政府"),
        (T, date(2023, 12, 31), "珙县人民政府"),
        (T, date(2024, 1, 1), "珙县人民政府"),
        (G, date(2023, 12, 31), "宜宾市人民政府"),
        (G, date(2024, 1, 1), "宜宾市人民政府"),
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
    [
        (T, "巡场镇", "珙县巡场镇人民政府"),
        (T, "城关街道", "珙县城关街道办事处"),
        (C, "巡场镇", "珙县民政局"),
        (G, "巡场镇", "珙县人民政府"),
    ],
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


AID = "《民政部、财政部关于进一步加强和改进临时救助工作的意见》"


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        ("民发〔2021〕57号 第十三条", "《最低生活保障审核确认办法》（民发〔2021〕57号）第十三条"),
        ("国务院令第649号 第十三条", "《社会救助暂行办法》（国务院令第649号）第十三条"),
        ("国令第649号 第十五条", "《社会救助暂行办法》（国务院令第649号）第十五条"),
        ("民发〔2018〕23号 支出型救助", f"{AID}（民发〔2018〕23号）关于支出型救助的规定"),
        ("民发〔2018〕23号 三（二）先行救助", f"{AID}（民发〔2018〕23号）三（二）关于先行救助的规定"),
        ("民发〔2018〕23号 一事一议", f"{AID}（民发〔2018〕23号）关于一事一议的规定"),
        ("国办发〔2010〕54号 二", "《国务院办公厅关于加强孤儿保障工作的意见》（国办发〔2010〕54号）二"),
        (
            "国办发〔2023〕39号 参照民发〔2021〕57号 第十九条",
            (
                "《关于加强低收入人口动态监测做好分层分类社会救助工作的意见》（国办发〔2023〕39号），"
                "参照《最低生活保障审核确认办法》（民发〔2021〕57号）第十九条"
            ),
        ),
        (
            "民发〔2021〕57号 第三十二条；国令第649号 第十条",
            "《最低生活保障审核确认办法》（民发〔2021〕57号）第三十二条、《社会救助暂行办法》（国务院令第649号）第十条",
        ),
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


def test_what_a_countys_government_decided_goes_before_the_intermediate_court():
    assert letters.remedies(G, "珙县", "宜宾市", date(2026, 3, 2)).court == "宜宾市中级人民法院"


@pytest.mark.parametrize(
    ("scheme", "money"),
    [(Scheme.DIBAO, "最低生活保障金"), (Scheme.CARE_SUBSIDY, "重度残疾人护理补贴"), (Scheme.ORPHAN, "孤儿基本生活费")],
)
def test_the_money_of_a_scheme_has_the_name_people_use(scheme, money):
    assert letters.money_name(scheme) == money
    assert letters.title_of("suspension", scheme) == f"{money}停发告知书"


def test_a_form_does_not_call_a_family_one_twice():
    assert letters.title_of("survey", Scheme.EDGE) == "最低生活保障边缘家庭入户调查表"
    assert letters.title_of("survey", Scheme.DIBAO) == "最低生活保障家庭入户调查表"
