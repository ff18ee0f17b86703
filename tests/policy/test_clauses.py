"""Which national rule is cited on which day, and the clauses a decision may be rested on."""

from datetime import date

import pytest

from policy.clauses import TERMS, Clause, common, in_force, law, law_tekun, term_clause, whole_case
from policy.vocabulary import PERSONAL, Scheme, Stage


@pytest.mark.parametrize(
    ("on", "dibao", "tekun"),
    [
        (date(2021, 6, 30), "民发〔2012〕220号", "民发〔2016〕178号"),
        (date(2021, 7, 1), "民发〔2021〕57号 第七条", "民发〔2021〕43号 第七条"),
    ],
)
def test_the_rule_of_the_day_is_cited_with_its_article_where_we_know_it(on, dibao, tekun):
    assert (law(on, "第七条"), law_tekun(on, "第七条")) == (dibao, tekun)


@pytest.mark.parametrize(
    ("clause", "before", "since"),
    [
        ("民发〔2021〕57号 第二十一条", "民发〔2012〕220号", "民发〔2021〕57号 第二十一条"),
        ("国务院令第649号 第十三条", "国务院令第649号 第十三条", "国务院令第649号 第十三条"),
    ],
)
def test_a_step_of_before_july_2021_does_not_cite_a_rule_that_was_not_there_yet(clause, before, since):
    assert (in_force(clause, date(2021, 6, 30)), in_force(clause, date(2021, 7, 1))) == (before, since)


def test_a_rule_may_be_cited_whole():
    assert law(date(2022, 1, 1)) == "民发〔2021〕57号"
    assert law_tekun(date(2022, 1, 1)) == "民发〔2021〕43号"


def test_refusals_endings_and_temporary_aid_rest_on_their_own_clauses():
    assert Clause.NO_LONGER not in common(Scheme.DIBAO)
    assert Clause.MEMBERS in common(Scheme.DIBAO)
    assert common(Scheme.DIBAO, ends=True)[0] is Clause.NO_LONGER
    assert common(Scheme.TEMPORARY, ends=True) == common(Scheme.TEMPORARY)
    assert common(Scheme.TEMPORARY)[0] is Clause.URGENT
    assert all(clause.value.startswith("民发〔2018〕23号") for clause in common(Scheme.TEMPORARY))


@pytest.mark.parametrize(
    ("stage", "article"),
    [
        ("accepted", "第十五条"), ("review", "第二十二条"), ("notice", "第十九条"), ("approval", "第二十、二十二条"),
        ("recheck", "第三十一条"), ("refused", "第二十一条"), ("grace", "第三十三条"),
    ],
)  # fmt: skip
def test_the_term_of_a_stage_rests_on_its_article(stage, article):
    assert len(TERMS) == 7
    assert TERMS[Stage(stage)] == f"民发〔2021〕57号 {article}"


@pytest.mark.parametrize("scheme", PERSONAL)
@pytest.mark.parametrize("ends", [False, True])
def test_a_subsidy_or_childrens_money_is_refused_and_ended_by_its_own_rule_alone(scheme, ends):
    offered = common(scheme, ends)
    children = {Scheme.UNSUPPORTED_CHILD: "民发〔2019〕62号", Scheme.ORPHAN: "国办发〔2010〕54号"}
    rule = children.get(scheme, "国发〔2015〕52号")
    assert offered and all(clause.value.startswith(rule) for clause in offered)
    told = [term_clause(scheme, stage) for stage in (Stage.REVIEW, Stage.APPROVAL, Stage.RECHECK)]
    assert all(clause.startswith(rule) for clause in (*told, whole_case(scheme)))
