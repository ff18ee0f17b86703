"""What offices' words and the numbers of national standards mean: one of our codes, or none."""

import pytest

from policy.vocabulary import (
    Area,
    Cause,
    DisabilityKind,
    Employment,
    Health,
    Illness,
    Labour,
    Marital,
    Relation,
    Schooling,
    Sex,
)
from workflows.exchange import values, words
from workflows.exchange.values import BadCell


@pytest.mark.parametrize(
    ("table", "text", "meaning"),
    [
        (words.SEX, "女", Sex.FEMALE),
        (words.SEX, " 男性", Sex.MALE),
        (words.RELATION, "本人", Relation.HEAD),
        (words.RELATION, "妻", Relation.SPOUSE),
        (words.RELATION, "长子", Relation.SON),
        (words.RELATION, "之子", Relation.SON),
        (words.RELATION, "之妻", Relation.SPOUSE),
        (words.RELATION, "次女", Relation.DAUGHTER),
        (words.RELATION, "女", Relation.DAUGHTER),
        (words.RELATION, "父亲", Relation.PARENT),
        (words.RELATION, "媳", Relation.CHILD_IN_LAW),
        (words.RELATION, "外孙女", Relation.GRANDCHILD),
        (words.RELATION, "岳母", Relation.PARENT_IN_LAW),
        (words.RELATION, "侄儿", Relation.OTHER),
        (words.MARITAL, "离异", Marital.DIVORCED),
        (words.SCHOOLING, "中专/中技", Schooling.VOCATIONAL),
        (words.SCHOOLING, "无", Schooling.NONE),
        (words.EMPLOYMENT, "在校学生", Employment.STUDENT),
        (words.LABOUR, "部分丧失劳动能力", Labour.PARTIAL),
        (words.LABOUR, "完全丧失劳动能力", Labour.LOST),
        (words.LABOUR, "无", Labour.NONE),
        (words.AREA, "城市低保", Area.URBAN),
        (words.YES_NO, "是", True),
        (words.YES_NO, "否", False),
        (words.LEVELS, "Ⅱ级", 2),
        (words.LEVELS, "1级", 1),
        (words.LEVELS, "四级", 4),
        (words.LEVELS, "无", None),
        (words.MARITAL, "", None),
    ],
)
def test_offices_words_have_one_meaning(table, text, meaning):
    assert values.word(text, table) == meaning


@pytest.mark.parametrize("text", ["听力", "听力残疾", " 听 力"])
def test_a_disability_is_named_with_or_without_the_word(text):
    assert values.word(text, words.DISABILITY_KIND, "残疾") is DisabilityKind.HEARING


@pytest.mark.parametrize(
    ("table", "number", "meaning"),
    [
        (words.SEX, "1", Sex.MALE), (words.SEX, "２", Sex.FEMALE), (words.RELATION, "01", Relation.HEAD),
        (words.RELATION, "02", Relation.HEAD), (words.RELATION, "12", Relation.SPOUSE),
        (words.RELATION, "20", Relation.SON), (words.RELATION, "38", Relation.CHILD_IN_LAW),
        (words.RELATION, "51", Relation.PARENT), (words.RELATION, "55", Relation.PARENT_IN_LAW),
        (words.RELATION, "77", Relation.SIBLING), (words.RELATION, "99", Relation.OTHER),
        (words.MARITAL, "21", Marital.MARRIED), (words.MARITAL, "40", Marital.DIVORCED),
        (words.SCHOOLING, "81", Schooling.PRIMARY), (words.EMPLOYMENT, "27", Employment.FARMING),
        (words.DISABILITY_KIND, "4", DisabilityKind.LIMB), (words.DISABILITY_KIND, "7", DisabilityKind.MULTIPLE),
        (words.HEALTH, "1", Health.GOOD), (words.HEALTH, "64", Health.DISABLED),
    ],
)  # fmt: skip
def test_a_number_of_the_national_standard_has_its_meaning(table, number, meaning):
    assert values.word(number, table) == meaning


@pytest.mark.parametrize(
    ("table", "number"),
    [(words.SEX, "0"), (words.SEX, "9"), (words.RELATION, "1"), (words.RELATION, "2"), (words.SCHOOLING, "90"),
     (words.LABOUR, "1"), (words.DISABILITY_KIND, "8")],
)  # fmt: skip
def test_a_number_with_two_meanings_or_none_is_refused(table, number):
    with pytest.raises(BadCell) as caught:
        values.word(number, table)
    assert caught.value.code == "unknown_word"


def test_an_unknown_word_is_refused_with_the_known_ones():
    with pytest.raises(BadCell) as caught:
        values.word("远亲", words.SEX)
    assert (caught.value.code, caught.value.args_by_name) == ("unknown_word", {"accepted": ("男", "女")})


def test_causes_may_be_several():
    assert values.causes("疾病、残疾，因学;其他、疾病") == (
        Cause.ILLNESS,
        Cause.DISABILITY,
        Cause.SCHOOLING,
        Cause.OTHER,
    )


def test_lists_split_at_their_marks_and_at_blanks_only_without_marks():
    assert values.several("张 样、李样、") == ("张 样", "李样")
    assert values.several("张样 李样") == ("张样", "李样")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("尿毒症", Illness.MAJOR), ("恶性肿瘤", Illness.MAJOR), ("胃癌术后", Illness.MAJOR), ("高血压", Illness.CHRONIC)],
)
def test_grave_illnesses_are_told_from_chronic_ones(text, kind):
    assert words.illness_of(text) is kind


def test_every_word_we_export_reads_back_as_its_code():
    tables = {Sex: words.SEX, Relation: words.RELATION, Marital: words.MARITAL, Schooling: words.SCHOOLING} | {
        Employment: words.EMPLOYMENT,
        DisabilityKind: words.DISABILITY_KIND,
        Labour: words.LABOUR,
        Cause: words.CAUSE,
        Area: words.AREA,
    }
    for kind, table in tables.items():
        assert [table.read(words.spoken(code)) for code in kind] == list(kind)
    for relation in Relation:
        assert {words.RELATION.read(words.spoken_relation(relation, sex)) for sex in Sex} == {relation}


def test_the_offices_own_word_for_a_relation_depends_on_the_sex():
    assert words.spoken_relation(Relation.CHILD_IN_LAW, Sex.FEMALE) == "儿媳"
    assert words.spoken_relation(Relation.CHILD_IN_LAW, Sex.MALE) == "女婿"
    assert words.spoken_relation(Relation.SON, Sex.MALE) == "子"
