"""The one door: each scheme answers, says who may confirm and by when, and what else to tell the family."""

from dataclasses import replace
from datetime import date

import pytest

from policy.assess import RULES, assess
from policy.book import Book
from policy.deadlines import authority_and_deadlines
from policy.family import Current, Disability, Estate, Family, Hardship, Kin, Person, Study
from policy.figures import Figures
from policy.vocabulary import (
    Area,
    Authority,
    CareNeed,
    DisabilityKind,
    EventKind,
    Illness,
    KinRelation,
    Outcome,
    SpendingKind,
    StudyLevel,
    Subject,
    Tag,
)  # fmt: skip
from tests.policy.codes import advised
from tests.policy.families import DAY, FIGURES, PLACE, child, earns, sheet, spends

NOTHING = Figures.of([])


def asked(*members, figures=None, on=DAY, scheme=Subject.DIBAO, **facts):
    """The finding of a family under trial values alone."""
    trial = {**FIGURES, "dibao.rounding": "half_up_fen", **(figures or {})}
    return assess(Family(PLACE, on, scheme, members=members, figures=trial, **facts), NOTHING)


def over(yuan_a_year=14000, **head):
    """Two people of 500 a month each who earn more than that."""
    return Person("m1", birth=date(1980, 1, 1), income=(earns(yuan_a_year),), **head), child("m2")


def test_every_subject_has_its_rules():
    assert set(RULES) == set(Subject)


def test_the_same_facts_give_the_same_finding_whether_a_book_is_kept_or_not():
    family = Family(PLACE, DAY, Subject.DIBAO, members=over(6000), figures=FIGURES)
    book = Book.open(NOTHING, PLACE, DAY, FIGURES)
    first, second = assess(family, NOTHING, book), assess(family, NOTHING, book)
    assert first.as_json() == second.as_json() == assess(family, NOTHING).as_json()


def test_the_order_of_the_members_changes_no_amount():
    head, other = over(6000)
    old = Person("m3", KinRelation.PARENT, birth=date(1940, 1, 1))
    figures = {"dibao.uplift.elderly.percent": 20}
    amounts = {asked(*order, figures=figures).monthly_fen for order in [(head, other, old), (old, head, other)]}
    assert len(amounts) == 1


@pytest.mark.parametrize(
    ("word", "days"), [("township", {"decide_working_days": 20}), ("county", {"decide_working_days": 30})]
)
def test_who_confirms_and_by_when_comes_from_the_figures(word, days):
    found = asked(*over(6000), figures={"delegate.dibao": word, "decide.delegated": 20, "decide.working_days": 30})
    assert (found.authority, found.deadlines) == (Authority(word), days)


def test_without_a_rule_nobody_is_named():
    assert (asked(*over(6000)).authority, asked(*over(6000)).deadlines) == (None, {})


TEMPORARY = {"delegate.temporary": "township", "temporary.township_limit": 3000, "temporary.ceiling": 10000}


def confirms(amount_fen, figures=None, **facts):
    return authority_and_deadlines(
        sheet(scheme=Subject.TEMPORARY, figures={**TEMPORARY, **(figures or {})}, **facts), amount_fen
    )[0]


@pytest.mark.parametrize(
    ("fen", "level"),
    [
        (None, "township"), (299999, "township"), (300000, "township"), (300001, "county"),
        (1000000, "county"), (1000001, "county_government"),
    ],
)  # fmt: skip
def test_temporary_aid_rises_from_township_to_county_to_county_government(fen, level):
    assert confirms(fen) is Authority(level)


def test_without_delegation_the_county_confirms_small_amounts_too():
    assert confirms(1, {"delegate.temporary": "county"}) is Authority.COUNTY


def test_urgent_aid_has_a_term_for_its_papers_and_none_for_the_decision():
    figures = {**TEMPORARY, "temporary.papers_working_days": 5, "decide.delegated": 20, "decide.working_days": 30}
    urgent, slow = Hardship(urgent=True), Hardship()
    terms = [
        authority_and_deadlines(sheet(scheme=Subject.TEMPORARY, figures=figures, event=event), 1)[1]
        for event in (urgent, slow)
    ]
    assert terms == [{"papers_working_days": 5}, {"decide_working_days": 20}]


@pytest.mark.parametrize(("year", "told"), [(12000, True), (17999, True), (18000, False)])
def test_who_is_just_over_the_line_is_told_of_the_edge(year, told):
    assert ("try_edge" in advised(asked(*over(year), figures={"edge.income_multiple": "1.5"}))) is told


def test_who_is_over_the_edge_too_but_spends_most_of_it_is_told_of_the_rigid_class():
    figures = {
        "edge.income_multiple": "1.5", "rigid.spending_percent": 60, "income.disposable.rural": 24000,
    }  # fmt: skip
    spent = {"spending": (spends(15000),)}
    assert "try_rigid" in advised(asked(*over(24000, **spent), figures=figures, area=Area.RURAL))
    assert "try_rigid" not in advised(asked(*over(24000), figures=figures, area=Area.RURAL))
    del figures["income.disposable.rural"]
    assert "try_rigid" not in advised(asked(*over(24000, **spent), figures=figures, area=Area.RURAL))


RIGID = {"rigid.spending_percent": 60, "income.disposable.rural": 24000}


@pytest.mark.parametrize(
    ("figures", "spent", "year", "told"),
    [
        (RIGID, 28799, 47998, True), (RIGID, 28800, 48000, False), (RIGID, 14399, 24000, False),
        (RIGID, 14400, 24000, True), ({"income.disposable.rural": 24000}, 14400, 24000, False),
        ({**RIGID, "property.companies": 0}, 14400, 24000, False),
        ({**RIGID, "rigid.spending_percent": 0}, 0, 24000, False),
    ],
    ids=["below the income", "at it", "below the share", "at it", "no rule yet", "property bars", "spends nothing"],
)  # fmt: skip
def test_the_rigid_class_is_told_only_to_whom_it_fits(figures, spent, year, told):
    family = over(year, spending=(spends(spent),))
    found = asked(*family, figures=figures, area=Area.RURAL, property=Estate(companies=1))
    assert ("try_rigid" in advised(found)) is told


@pytest.mark.parametrize(
    ("facts", "watched"),
    [
        ({}, False), ({"tags": frozenset({Tag.WATCH})}, True), ({"event": Hardship(EventKind.FIRE)}, True),
        ({"figures": {"edge.income_multiple": "1.5"}}, True),
    ],
)  # fmt: skip
def test_a_refused_family_in_difficulty_goes_on_the_watch_list_of_the_place(facts, watched):
    figures = {"watchlist.after_refusal": "yes", **facts.pop("figures", {})}
    assert ("watch_list" in advised(asked(*over(), figures=figures, **facts))) is watched
    assert "watch_list" not in advised(asked(*over(), figures={**figures, "watchlist.after_refusal": "no"}, **facts))


def test_illness_of_a_refused_family_is_difficulty():
    figures = {"watchlist.after_refusal": "yes"}
    assert "watch_list" in advised(asked(*over(illness=Illness.MAJOR), figures=figures))
    assert "watch_list" in advised(asked(*over(disability=Disability(DisabilityKind.LIMB, 2)), figures=figures))


@pytest.mark.parametrize(
    ("spent", "watched"), [((spends(100),), True), ((spends(100, SpendingKind.WORK),), False), ((spends(0),), False)]
)
def test_rigid_spending_of_a_refused_family_is_difficulty_and_work_cost_is_not(spent, watched):
    found = asked(*over(spending=spent), figures={"watchlist.after_refusal": "yes"})
    assert ("watch_list" in advised(found)) is watched


def test_an_admitted_family_is_not_watched():
    figures = {"watchlist.after_refusal": "yes"}
    assert "watch_list" not in advised(asked(*over(6000), figures=figures, tags=frozenset({Tag.WATCH})))


def test_a_refused_family_with_an_event_is_told_of_temporary_aid():
    assert "try_temporary" in advised(asked(*over(), event=Hardship(EventKind.FIRE)))
    assert "try_temporary" not in advised(asked(*over()))


def test_who_stays_at_home_to_care_for_somebody_is_not_referred_to_work():
    carer = Person("m1", birth=date(1980, 1, 1), employed=False, cares_for="m2", needs_care=CareNeed.DISABLED)
    sick = Person("m2", KinRelation.CHILD, birth=date(2001, 1, 1), disability=Disability(DisabilityKind.MENTAL, 1))
    assert "refer_employment" not in advised(asked(carer, sick))
    assert "refer_employment" in advised(asked(replace(carer, cares_for=None), sick))


@pytest.mark.parametrize(("kin", "told"), [((), True), ((Kin(able=False),), True), ((Kin(),), False)])
def test_an_admitted_family_without_work_or_obligors_is_told_of_tekun(kin, told):
    old = Person("m1", birth=date(1940, 1, 1))
    assert ("try_tekun" in advised(asked(old, obligors=kin))) is told
    assert "try_tekun" not in advised(asked(*over(0), obligors=kin))
    assert "try_tekun" not in advised(asked(old, child("m2", date(1980, 1, 1)), obligors=kin))


@pytest.mark.parametrize(
    ("member", "facts", "code"),
    [
        (Person("m1", illness=Illness.CHRONIC), {}, "refer_medical"),
        (Person("m1", student=Study(StudyLevel.HIGH)), {}, "refer_education"),
        (Person("m1"), {"property": Estate(houses=0)}, "refer_housing"),
        (Person("m1"), {"event": Hardship(EventKind.DISASTER)}, "refer_housing"),
        (Person("m1", birth=date(1980, 1, 1), employed=False), {}, "refer_employment"),
    ],
)
def test_special_aid_is_named_by_what_the_family_needs(member, facts, code):
    assert code in advised(asked(member, **facts))
    assert code in advised(asked(member, Person("m2", KinRelation.SPOUSE), **facts))
    assert code not in advised(asked(Person("m1"), property=Estate(houses=1)))


def test_placeholders_are_named_for_the_office_to_replace():
    rows = [{"key": "dibao.standard", "unit": "yuan", "value": 500, "place": PLACE, "from": date(2021, 1, 1),
             "cite": "占位", "status": "placeholder"}]  # fmt: skip
    trial = {key: said for key, said in FIGURES.items() if key != "dibao.standard"}
    family = Family(PLACE, DAY, Subject.DIBAO, members=over(6000), figures=trial)
    told = [row["text"] for row in assess(family, Figures.of(rows)).advice if row["code"] == "enter_figure"]
    assert len(told) == 1 and "dibao.standard" in told[0]
    assert "enter_figure" not in advised(assess(replace(family, figures=FIGURES), NOTHING))


def test_what_is_received_already_alone_makes_no_grace():
    found = asked(*over(), figures={"grace.months_max": 12}, current=Current("tekun", 80000))
    assert found.outcome is Outcome.NOT_ELIGIBLE


def test_only_placeholders_that_a_line_rests_on_are_to_be_entered():
    from policy.facts_json import read_family
    from policy.figures import Figures

    told = {
        "place": "511526", "on": "2020-07-01", "scheme": "dibao", "area": "rural",
        "members": [{"ref": "a", "birth": "1940-01-01"}],
    }  # fmt: skip
    by_own = assess(read_family({**told, "figures": {"dibao.standard": 400}}), Figures.shipped())
    assert [row["code"] for row in by_own.advice if row["code"] == "enter_figure"] == []
    shipped = assess(read_family(told), Figures.shipped())
    [advice] = [row["text"] for row in shipped.advice if row["code"] == "enter_figure"]
    assert advice.endswith("：dibao.standard.rural")
