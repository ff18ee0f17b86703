"""临时救助: emergency or spending beyond means, how much, who may confirm it, and what to tell besides."""

from datetime import date

import pytest

from policy.book import Book
from policy.family import Conduct, Current, Estate, Family, Hardship, Person
from policy.figures import Figures, MissingFigure
from policy.sheet import Sheet
from policy.temporary import assess_temporary
from policy.vocabulary import Area, Authority, EventKind, IncomeKind, KinRelation, Outcome, Subject
from tests.policy.codes import advised, reasons
from tests.policy.families import FIGURES, PLACE, earns

DAY = date(2021, 9, 1)
RULES = {
    **FIGURES, "income.disposable.rural": 12000, "delegate.temporary": "township", "temporary.township_limit": 3000,
    "decide.delegated": 20, "decide.working_days": 30, "temporary.papers_working_days": 5,
}  # fmt: skip
SICK = Hardship(EventKind.ILLNESS, own_cost_fen=4_000_000, requested_fen=200000)
FIRE = Hardship(EventKind.FIRE, urgent=True, requested_fen=200000)
HEAD = Person("m1", birth=date(1980, 1, 1))
WIFE = Person("m2", KinRelation.SPOUSE, date(1982, 1, 1))
PER_PERSON = {"temporary.amount_rule": "multiple_per_person", "temporary.standard_multiples.illness": "2.5"}


def found(event=SICK, figures=None, without=(), **facts):
    trial = {key: value for key, value in {**RULES, **(figures or {})}.items() if key not in without}
    facts = {"area": Area.RURAL, "members": (HEAD,), "event": event, "figures": trial, **facts}
    family = Family(PLACE, DAY, Subject.TEMPORARY, **facts)
    return assess_temporary(Sheet(family, Book.open(Figures.of([]), PLACE, DAY, trial)))


def earning(yuan):
    return (Person("m1", birth=HEAD.birth, income=(earns(yuan, IncomeKind.PROPERTY),)),)


# Who fits


def test_without_an_event_the_facts_are_incomplete():
    one = found(None)
    assert (one.outcome, reasons(one), one.one_off_fen) == (Outcome.INCOMPLETE, ["event_missing"], 0)


def test_spending_beyond_means_is_aided_once_and_not_monthly():
    one = found()
    assert (one.outcome, one.one_off_fen, one.monthly_fen, one.persons) == (Outcome.ELIGIBLE, 200000, 0, 1)
    assert one.deadlines == {"decide_working_days": 20}


@pytest.mark.parametrize(("yuan", "fits"), [(11999, True), (12000, False), (12001, False)])
def test_income_a_person_must_be_below_last_years_disposable_income(yuan, fits):
    one = found(members=earning(yuan))
    assert reasons(one) == ([] if fits else ["income_above_disposable"])
    assert (one.one_off_fen > 0) is fits
    assert f"{yuan // 12}." in "".join(line["formula"] for line in one.lines if "12000.00 ÷ 12" in line["formula"])


def test_income_is_counted_a_person():
    assert reasons(found(members=(*earning(23999), WIFE))) == []
    assert reasons(found(members=(*earning(24000), WIFE))) == ["income_above_disposable"]


def test_income_a_month_and_a_person_is_told_in_the_finding_and_in_the_refusal():
    one = found(members=(*earning(36000), WIFE))
    assert (one.income_month_fen, one.per_capita_fen) == (300000, 150000)
    assert [row["text"] for row in one.reasons] == ["人均月收入1500.00元，不低于上年人均可支配收入"]


def test_every_reason_against_spending_beyond_means_is_told_at_once():
    one = found(
        members=earning(20000),
        property=Estate(companies=1),
        conduct=Conduct(cooperates=False),
        figures={"property.companies": 0},
    )
    assert set(reasons(one)) == {"income_above_disposable", "refuses_check", "property_companies"}
    assert (one.outcome, one.one_off_fen, one.authority) == (Outcome.NOT_ELIGIBLE, 0, None)


def test_without_the_local_figure_income_is_not_tested_and_that_is_said():
    one = found(members=earning(10**6), without=["income.disposable.rural"])
    assert one.outcome is Outcome.ELIGIBLE and "enter_disposable" in advised(one)
    assert "未比较" in [line["value"] for line in one.lines]


@pytest.mark.parametrize(("scheme", "fits"), [(Subject.DIBAO, True), (Subject.TEKUN, True), (Subject.EDGE, False)])
def test_of_families_on_dibao_or_tekun_only_the_spending_is_looked_at(scheme, fits):
    one = found(members=earning(20000), current=Current(scheme))
    assert reasons(one) == ([] if fits else ["income_above_disposable"])


def test_an_emergency_is_not_held_up_by_income_property_or_papers():
    one = found(FIRE, members=earning(10**6), property=Estate(companies=9), conduct=Conduct(pledge=False),
                figures={"property.companies": 0})  # fmt: skip
    assert (one.outcome, one.one_off_fen) == (Outcome.ELIGIBLE, 200000)


def test_an_emergency_may_strike_somebody_of_whom_no_family_is_told_and_spending_may_not():
    assert found(FIRE, members=()).outcome is Outcome.ELIGIBLE
    one = found(members=())
    assert (one.outcome, reasons(one)) == (Outcome.INCOMPLETE, ["members_missing"])


# How much


@pytest.mark.parametrize(
    ("event", "fen"),
    [
        (Hardship(requested_fen=100, own_cost_fen=200, loss_fen=300), 100),
        (Hardship(own_cost_fen=200, loss_fen=300), 200),
        (Hardship(loss_fen=300), 300),
        (Hardship(requested_fen=0, loss_fen=300), 300),
    ],
)
def test_what_is_asked_for_comes_first_then_the_cost_then_the_loss(event, fen):
    assert found(event).one_off_fen == fen


def test_where_nothing_tells_how_much_the_facts_are_incomplete():
    one = found(Hardship())
    assert (one.outcome, reasons(one), one.one_off_fen) == (Outcome.INCOMPLETE, ["amount_missing"], 0)


def test_standards_by_the_kind_of_event_and_a_person_where_the_place_counts_people():
    whole = {**PER_PERSON, "temporary.amount_rule": "multiple"}
    assert "500.00 × 2.5" in [line["formula"] for line in found(figures=whole, members=(HEAD, WIFE)).lines]
    assert found(figures=whole, members=(HEAD, WIFE)).one_off_fen == 125000
    one = found(figures=PER_PERSON, members=(HEAD, WIFE))
    assert one.one_off_fen == 250000
    assert "500.00 × 2.5 × 2" in [line["formula"] for line in one.lines]


def test_a_kind_of_event_without_its_figure_is_named():
    with pytest.raises(MissingFigure) as missing:
        found(Hardship(EventKind.FIRE), figures=PER_PERSON)
    assert missing.value.key == "temporary.standard_multiples.fire"


def test_parts_of_a_fen_are_rounded_once_at_the_end():
    figures = {**PER_PERSON, "dibao.standard": "444.63", "temporary.standard_multiples.illness": "1.5"}
    assert found(figures=figures).one_off_fen == 66695  # 666.945


@pytest.mark.parametrize(("asked", "paid"), [(49999, 50000), (50000, 50000), (100000, 100000), (150001, 150000)])
def test_the_places_range_of_standards_holds_at_both_ends(asked, paid):
    one = found(Hardship(requested_fen=asked), figures={"temporary.multiple_min": "1", "temporary.multiple_max": "3"})
    assert (one.one_off_fen, one.one_off_range) == (paid, (50000, 150000))
    bounds = [line for line in one.lines if line["label"] in ("临时救助下限", "临时救助上限")]
    assert len(bounds) == (asked != paid)


def test_a_least_amount_alone_makes_no_range_and_a_most_begins_at_nothing():
    least = found(Hardship(requested_fen=100), figures={"temporary.multiple_min": "1"})
    most = found(Hardship(requested_fen=100), figures={"temporary.multiple_max": "3"})
    assert (least.one_off_fen, least.one_off_range) == (50000, None)
    assert (most.one_off_fen, most.one_off_range) == (100, (0, 150000))


@pytest.mark.parametrize(
    ("asked", "paid", "outcome", "authority"),
    [
        (999999, 999999, Outcome.ELIGIBLE, Authority.COUNTY),
        (1000000, 1000000, Outcome.ELIGIBLE, Authority.COUNTY),
        (1000001, 1000000, Outcome.SPECIAL_DECISION, Authority.COUNTY_GOVERNMENT),
    ],
)
def test_more_than_the_ceiling_needs_a_decision_on_the_single_case(asked, paid, outcome, authority):
    one = found(Hardship(requested_fen=asked), figures={"temporary.ceiling": 10000})
    assert (one.one_off_fen, one.outcome, one.authority) == (paid, outcome, authority)
    assert ("special_decision" in advised(one)) is (outcome is Outcome.SPECIAL_DECISION)
    assert ("临时救助最高限额" in [line["label"] for line in one.lines]) is (asked > paid)


def test_what_the_rule_gives_or_the_cost_shows_is_cut_at_the_ceiling_and_its_range_too():
    figures = {**PER_PERSON, "temporary.ceiling": 1000, "temporary.multiple_max": "12"}
    one = found(Hardship(EventKind.ILLNESS), figures=figures)
    assert (one.outcome, one.one_off_fen, one.one_off_range) == (Outcome.ELIGIBLE, 100000, (0, 100000))
    assert found(Hardship(own_cost_fen=10**8), figures={"temporary.ceiling": 1000}).one_off_fen == 100000


# Who confirms, and what else


@pytest.mark.parametrize(("asked", "authority"), [(299999, "township"), (300000, "township"), (300001, "county")])
def test_the_township_confirms_up_to_its_limit(asked, authority):
    assert found(Hardship(requested_fen=asked)).authority == authority


def test_in_an_emergency_aid_comes_first_and_the_papers_after():
    one = found(FIRE)
    assert one.deadlines == {"papers_working_days": 5}
    assert [row["text"] for row in one.advice if row["code"] == "pay_first"] == [
        "乡镇（街道）在3000.00元以内可先行救助，5个工作日内补齐手续"
    ]
    assert "pay_first" not in advised(found())
    bare = found(FIRE, without=["temporary.township_limit", "temporary.papers_working_days"])
    assert [row["text"] for row in bare.advice if row["code"] == "pay_first"] == ["可先行救助，事后补齐手续"]


@pytest.mark.parametrize("name", ["staged", "at_place", "while_pending"])
@pytest.mark.parametrize(("word", "told"), [("yes", True), ("no", False), (None, False)])
def test_what_the_place_allows_besides_is_told(name, word, told):
    figures = {f"temporary.{name}": word} if word else {}
    assert (name in advised(found(figures=figures))) is told


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("illness", "refer_medical"),
        ("accident", "refer_medical"),
        ("education", "refer_education"),
        ("fire", "refer_housing"),
        ("disaster", "refer_disaster"),
        ("job_loss", "refer_employment"),
    ],
)
def test_the_event_names_the_special_aid_to_refer_to(kind, code):
    assert code in advised(found(Hardship(EventKind(kind), requested_fen=100)))


def test_another_event_refers_nowhere():
    assert advised(found(Hardship(requested_fen=100))) == []
