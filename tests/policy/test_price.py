"""价格临时补贴: when prices start it, who has it, and how much."""

from datetime import date

import pytest

from policy.assess import assess
from policy.book import Book
from policy.family import Current, Family, Person, Prices
from policy.figures import Figures, MissingFigure
from policy.price import assess_price_subsidy
from policy.sheet import Sheet
from policy.vocabulary import Area, KinRelation, Outcome, Subject, Unit
from tests.policy.codes import reasons
from tests.policy.families import FIGURES, PLACE

DAY = date(2021, 12, 1)
RULES = {
    **FIGURES, "price.cpi_trigger": "3.5", "price.food_trigger": 6, "price.amount_rule": "cpi",
    "price.schemes": "dibao tekun",
}  # fmt: skip
COUPLE = (Person("m1"), Person("m2", KinRelation.SPOUSE))


def found(cpi=None, food=None, figures=None, without=(), **facts):
    trial = {key: value for key, value in {**RULES, **(figures or {})}.items() if key not in without}
    facts = {"members": COUPLE, "prices": Prices(cpi, food), "figures": trial, **facts}
    family = Family(PLACE, DAY, Subject.PRICE_SUBSIDY, **facts)
    return assess_price_subsidy(Sheet(family, Book.open(Figures.of([]), PLACE, DAY, trial)))


@pytest.mark.parametrize(
    ("cpi", "food", "starts"),
    [
        (349, 599, False),
        (350, 0, True),
        (351, 0, True),
        (100, 600, True),
        (349, 600, True),
        (350, None, True),
        (349, None, False),
        (-50, 599, False),
    ],
)
def test_either_index_at_its_line_starts_the_subsidy(cpi, food, starts):
    one = found(cpi, food)
    assert one.outcome is (Outcome.ELIGIBLE if starts else Outcome.NOT_ELIGIBLE)
    assert (one.one_off_fen > 0) is starts and set(reasons(one)) == (set() if starts else {"cpi_below"})


def test_a_refusal_says_how_far_both_indices_rose():
    assert [row["text"] for row in found(349, 599).reasons] == [
        "居民消费价格同比涨幅3.49%，低于启动线3.5%",
        "食品价格同比涨幅5.99%，低于启动线6%",
    ]
    assert "-0.05% < 3.5%" in [line["formula"] for line in found(-5, 0).lines]


def test_each_person_has_the_rise_of_the_standard_once_rounded_at_the_end():
    one = found(355)
    assert (one.one_off_fen, one.persons, one.monthly_fen, one.standard_fen) == (3550, 2, 0, 50000)
    assert ("500.00 × 2 × 3.55%", "35.50") in [(line["formula"], line["value"]) for line in one.lines]
    assert found(355, figures={"dibao.standard": "444.63"}).one_off_fen == 3157  # 31.568…
    assert found(355, unit=Unit.SINGLE).one_off_fen == 1775


def test_food_may_start_it_while_the_consumer_index_tells_how_much():
    assert found(120, 800).one_off_fen == 1200
    assert found(120, 800, figures={"price.amount_rule": "trigger"}).one_off_fen == 8000
    assert found(400, 800, figures={"price.amount_rule": "trigger"}).one_off_fen == 4000
    assert found(-100, 800).one_off_fen == 0


def test_without_prices_or_without_the_one_the_amount_is_found_by_the_facts_are_incomplete():
    assert reasons(found()) == ["prices_missing"] and found().outcome is Outcome.INCOMPLETE
    assert reasons(found(prices=None)) == ["prices_missing"]
    assert (found(food=800).outcome, reasons(found(food=800))) == (Outcome.INCOMPLETE, ["prices_missing"])
    assert found(food=800, figures={"price.amount_rule": "trigger"}).one_off_fen == 8000


def test_without_members_the_facts_are_incomplete():
    assert reasons(found(400, members=())) == ["members_missing"]


@pytest.mark.parametrize(
    ("scheme", "fits"),
    [(Subject.DIBAO, True), (Subject.TEKUN, True), (Subject.EDGE, False), (Subject.PRICE_SUBSIDY, True)],
)
def test_only_who_receives_a_scheme_of_the_list_has_it_and_who_tells_none_is_taken_to(scheme, fits):
    one = found(400, current=Current(scheme))
    assert reasons(one) == ([] if fits else ["price_scheme"])
    assert (one.outcome is Outcome.ELIGIBLE, one.one_off_fen) == (fits, 4000 if fits else 0)


def test_both_reasons_are_told_at_once():
    assert reasons(found(100, 100, current=Current(Subject.EDGE))) == ["price_scheme", "cpi_below", "cpi_below"]


def test_edge_families_have_it_where_the_list_of_the_day_names_them():
    assert reasons(found(400, current=Current(Subject.EDGE), figures={"price.schemes": "dibao tekun edge"})) == []


def test_a_place_without_any_line_is_told_which_figure_it_lacks():
    with pytest.raises(MissingFigure) as missing:
        found(400, without=["price.cpi_trigger", "price.food_trigger"])
    assert missing.value.key == "price.cpi_trigger"


@pytest.mark.parametrize(
    ("on", "cpi", "starts"),
    [
        (date(2022, 8, 31), 349, False),
        (date(2022, 9, 1), 300, True),
        (date(2022, 9, 1), 299, False),
        (date(2023, 3, 31), 300, True),
        (date(2023, 4, 1), 300, False),
        (date(2023, 4, 1), 350, True),
    ],
)
def test_the_line_was_three_percent_from_september_2022_to_march_2023(on, cpi, starts):
    family = Family(
        PLACE, on, Subject.PRICE_SUBSIDY, members=COUPLE, prices=Prices(cpi, 0), figures={"dibao.standard": 500}
    )
    one = assess(family, Figures.shipped())
    assert (one.outcome is Outcome.ELIGIBLE) is starts
    assert (one.authority, one.deadlines) == (None, {})


@pytest.mark.parametrize(
    ("on", "own", "cpi", "starts"),
    [
        (date(2022, 8, 31), "3.5", 349, False), (date(2022, 8, 31), "4.0", 350, True),
        (date(2022, 9, 1), "3.5", 299, False), (date(2022, 9, 1), "3.5", 300, True),
        (date(2023, 3, 31), "3.5", 300, True), (date(2023, 4, 1), "3.5", 349, False),
        (date(2022, 9, 1), "2.5", 250, True), (date(2022, 9, 1), "2.5", 249, False),
    ],
)  # fmt: skip
def test_a_place_may_start_it_sooner_and_never_later_than_the_nation(on, own, cpi, starts):
    """发改价格〔2021〕1553号; from 2022-09 to 2023-03 the nation's line was 3.0 %."""
    line = {
        "key": "price.cpi_trigger", "place": "51", "unit": "percent", "value": own, "from": date(2020, 1, 1),
        "cite": "某省规定",
    }  # fmt: skip
    figures = Figures.shipped().with_rows([line])
    family = Family("511526100201", on, Subject.PRICE_SUBSIDY, Area.RURAL, members=COUPLE, prices=Prices(cpi, 0))
    answer = assess_price_subsidy(Sheet(family, Book.open(figures, family.place, on)))
    assert (answer.outcome is Outcome.ELIGIBLE) is starts
