"""Facts as JSON: read strictly, every refusal by its path, written so that they read the same again."""

import json
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import family as facts
from policy import vocabulary as words
from policy.facts_json import BadFacts, read_family, write_family
from policy.figures import BadFigure

DAY = date(2020, 7, 1)
LEAST = {"place": "511526", "on": "2020-07-01", "scheme": "dibao"}
WHOLE = {
    **LEAST,
    "area": "rural",
    "unit": "household",
    "figures": {"dibao.standard": 380, "single.classes": ["minor"]},
    "tags": ["fupin"],
    "tier": "B",
    "members": [
        {
            "ref": "m1",
            "relation": "head",
            "birth": "1965-03-02",
            "sex": "male",
            "cohabiting": True,
            "student": {"level": "bachelor", "full_time": True},
            "disability": {"kind": "limb", "level": 2},
            "illness": "major",
            "labour": "able",
            "employed": False,
            "refused_work": 0,
            "cares_for": "m3",
            "needs_care": "disabled",
            "self_care_unmet": 0,
            "in_prison": False,
            "missing": False,
            "clergy_years_away": 0,
            "compulsory_rehab": False,
            "mode": "home",
            "income": [{"kind": "wage", "amount": 9600, "per": "year"}],
            "spending": [{"kind": "medical", "amount": 3000, "per": "year"}],
        },
        {"ref": "m3", "relation": "parent"},
    ],
    "obligors": [
        {
            "relation": "child",
            "household_income": 4500,
            "per": "month",
            "household_size": 3,
            "supports": 2,
            "class": None,
            "age": 60,
            "disability": None,
            "property_ok": True,
            "agreed": None,
            "paid": None,
            "able": None,
        }
    ],
    "property": {
        "deposits": 0,
        "securities": 0,
        "houses": 1,
        "house_area": 80,
        "vehicles": [{"kind": "car", "value": 60000, "business": False}],
        "companies": 0,
    },
    "conduct": {"pledge": True, "authorised": True, "cooperates": True, "dishonest_until": None},
    "event": {
        "kind": "illness",
        "loss": 40000,
        "own_cost": 40000,
        "degree": "severe",
        "urgent": True,
        "requested": 3000,
    },
    "current": {
        "scheme": "dibao",
        "monthly": 480,
        "since": "2018-01",
        "income_rose_because": "work",
        "wants_to_leave": False,
    },
    "prices": {"cpi": "0.9", "food_cpi": "2.3"},
}


def member(**told):
    return {**LEAST, "members": [told]}


def first(**told):
    return read_family(member(**told)).members[0]


def refusal(given, path=""):
    with pytest.raises(BadFacts) as refused:
        read_family(given, path)
    return str(refused.value)


def test_place_day_and_scheme_are_enough():
    assert read_family(LEAST) == facts.Family(place="511526", on=DAY, scheme=words.Subject.DIBAO)


@pytest.mark.parametrize("key", LEAST)
def test_without_place_day_or_scheme_there_is_no_calculation(key):
    assert refusal({**LEAST, key: None}) == f"{key}: missing"
    assert refusal({name: LEAST[name] for name in LEAST if name != key}) == f"{key}: missing"


def test_every_key_of_the_documentation_is_read():
    family = read_family(WHOLE)
    head, obligor = family.members[0], family.obligors[0]
    assert (head.income[0].year_fen, head.spending[0].year_fen, head.cares_for) == (960000, 300000, "m3")
    assert (obligor.household_year_fen, obligor.supports, obligor.subject) == (5_400_000, 2, None)
    assert family.property.vehicles == (facts.Vehicle("car", 6_000_000, False),)
    assert family.current.since == date(2018, 1, 1) and family.event.requested_fen == 300000
    assert family.prices == facts.Prices(90, 230) and family.tags == {words.Tag.FUPIN} and family.tier == "B"
    assert family.figures == {"dibao.standard": 380, "single.classes": ("minor",)}


def test_null_is_as_if_it_were_left_out():
    bare = {key: None for key in WHOLE if key not in LEAST}
    assert read_family({**LEAST, **bare}) == read_family(LEAST)


@pytest.mark.parametrize(("per", "year_fen"), [("week", 520000), ("month", 120000), ("year", 10000), (None, 120000)])
def test_income_and_spending_are_kept_by_the_year_and_told_by_the_month_if_nothing_else_is_said(per, year_fen):
    line = {"amount": "100.00", "per": per}
    one = first(income=[{"kind": "wage", **line}], spending=[{"kind": "work", **line}])
    assert one.income[0].year_fen == one.spending[0].year_fen == year_fen


def test_what_is_received_already_is_what_is_asked_about_unless_another_is_told():
    assert read_family({**LEAST, "current": {"monthly": 480}}).current.scheme == "dibao"
    assert read_family({**LEAST, "current": {"scheme": "tekun"}}).current.scheme == "tekun"


def test_members_without_a_ref_are_numbered():
    assert [one.ref for one in read_family({**LEAST, "members": [{}, {"ref": "wife"}, {}]}).members] == [
        "m1",
        "wife",
        "m3",
    ]


@pytest.mark.parametrize(("given", "kept"), [("0.9", 90), ("-1.25", -125), ("-0.05", -5), (3, 300), ("3.5", 350)])
def test_rises_of_prices_are_hundredths_of_a_percent(given, kept):
    assert read_family({**LEAST, "prices": {"cpi": given}}).prices.cpi == kept


@pytest.mark.parametrize("place", ["51", "5115", "511526", "511526102", "511526102201"])
def test_a_place_has_the_digits_of_a_division(place):
    assert read_family({**LEAST, "place": place}).place == place


@pytest.mark.parametrize("place", ["", "5", "511", "51152", "5115261022011", "51152x", "５１１５２６", 511526])
def test_anything_else_is_no_place(place):
    assert refusal({**LEAST, "place": place}) == "place: not a division code of 2, 4, 6, 9 or 12 digits"


@pytest.mark.parametrize("day", ["20200701", "2020-W27-3", "2020-7-1", "2020-02-30", "yesterday", 20200701, 1.5])
def test_only_year_month_day_with_dashes_is_a_date(day):
    assert refusal({**LEAST, "members": [{}, {}, {"birth": day}]}) == "members[2].birth: not a date"


@pytest.mark.parametrize("month", ["2018", "2018-13", "2018-01-01", "201801", 2018])
def test_since_when_is_a_month(month):
    assert refusal({**LEAST, "current": {"since": month}}) == "current.since: not a month"


def test_nobody_is_born_after_the_day_of_the_calculation():
    assert refusal(member(birth="2020-07-02")) == "members[0].birth: after the day of the calculation"
    assert first(birth="2020-07-01").birth == DAY


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "not an object"),
        ({**LEAST, "memebrs": []}, "memebrs: not a known key"),
        (member(brith="1965-03-02"), "members[0].brith: not a known key"),
        (member(income=[{"kind": "wage", "amount": 1, "from": 2}]), "members[0].income[0].from: not a known key"),
        ({**LEAST, "per": "month"}, "per: not a known key"),
        ({**LEAST, "members": {}}, "members: not a list"),
        ({**LEAST, "members": ["m1"]}, "members[0]: not an object"),
        ({**LEAST, "tags": "fupin"}, "tags: not a list"),
        ({**LEAST, "tags": ["rich"]}, "tags[0]: “rich” is none of: fupin, fupin_out, watch, disaster, covid"),
        ({**LEAST, "scheme": "dole"},
         ("scheme: “dole” is none of: dibao, tekun, temporary, edge, rigid, price_subsidy, living_subsidy, "
          "care_subsidy, unsupported_child, orphan")),
        ({**LEAST, "tier": "E"}, "tier: “E” is none of: A, B, C, D"),
        ({**LEAST, "area": 1}, "area: not a text"),
        (member(ref=""), "members[0].ref: not a text"),
        (member(cohabiting=1), "members[0].cohabiting: not true or false"),
        (member(refused_work=True), "members[0].refused_work: not a whole number"),
        (member(refused_work=-1), "members[0].refused_work: below 0"),
        (member(self_care_unmet=7), "members[0].self_care_unmet: above 6"),
        (member(disability={"kind": "limb", "level": 0}), "members[0].disability.level: below 1"),
        (member(disability={"kind": "limb", "level": 5}), "members[0].disability.level: above 4"),
        (member(disability={"kind": "limb"}), "members[0].disability.level: missing"),
        (member(student={"full_time": True}), "members[0].student.level: missing"),
        (member(income=[{"kind": "wage"}]), "members[0].income[0].amount: missing"),
        (member(income=[{"amount": 5}]), "members[0].income[0].kind: missing"),
        (member(income=[{"kind": "wage", "amount": "-1"}]), "members[0].income[0].amount: below zero"),
        (member(income=[{"kind": "wage", "amount": -1}]), "members[0].income[0].amount: below zero"),
        (member(income=[{"kind": "wage", "amount": "1.005"}]), "members[0].income[0].amount: finer than one fen"),
        (member(income=[{"kind": "wage", "amount": 1, "per": "day"}]),
         "members[0].income[0].per: “day” is none of: week, month, year"),
        ({**LEAST, "obligors": [{"class": "rigid"}]}, "obligors[0].class: “rigid” is none of: dibao, tekun, edge"),
        ({**LEAST, "obligors": [{"household_size": 0}]}, "obligors[0].household_size: below 1"),
        ({**LEAST, "obligors": [{"supports": 0}]}, "obligors[0].supports: below 1"),
        ({**LEAST, "property": {"vehicles": [{"value": "much"}]}},
         "property.vehicles[0].value: not an amount in yuan, as text or a whole number"),
        ({**LEAST, "prices": {"cpi": "0.123"}},
         "prices.cpi: not a percentage with at most two decimals, as text or a whole number"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_refused_by_its_path(given, said):
    assert refusal(given) == said


@pytest.mark.parametrize("path", ["property.deposits", "event.loss", "current.monthly", "prices.cpi"])
@pytest.mark.parametrize("value", [0.5, True, [], {}])
def test_floats_and_other_types_are_no_amounts(path, value):
    outer, inner = path.split(".")
    assert refusal({**LEAST, outer: {inner: value}}).startswith(f"{path}: not a")


def test_two_members_cannot_share_a_ref_and_nobody_cares_for_a_stranger_or_themselves():
    twins = {**LEAST, "members": [{"ref": "a"}, {"ref": "b"}, {"ref": "a"}]}
    assert refusal(twins) == "members[2].ref: “a” names two members"
    assert refusal({**LEAST, "members": [{"ref": "m2"}, {}]}) == "members[1].ref: “m2” names two members"
    assert refusal(member(ref="a", cares_for="b")) == "members[0].cares_for: “b” names no other member"
    assert refusal(member(ref="a", cares_for="a")) == "members[0].cares_for: “a” names no other member"


@pytest.mark.parametrize(
    ("key", "value"),
    [("dibao.standard", 3.5), ("dibao.standard", "-1"), ("dibao.standard", None), ("dibao.standrad", 380),
     ("dibao.rounding", "down"), ("grace.months_max", True), ("single.classes", ["all"])],
)  # fmt: skip
def test_a_trial_value_that_is_none_is_refused_by_the_key_of_its_figure(key, value):
    with pytest.raises(BadFacts, match=rf"^figures\.{key}: ") as refused:
        read_family({**LEAST, "figures": {key: value}})
    assert isinstance(refused.value.__cause__, BadFigure)


def test_in_an_array_the_path_begins_with_the_place_in_it():
    assert refusal(member(birth="x"), "[1]") == "[1].members[0].birth: not a date"
    assert refusal({**LEAST, "figures": {"no.such": 1}}, "[0]").startswith("[0].figures.no.such: ")
    assert refusal(7, "[2]") == "[2]: not an object"


def test_reading_and_writing_pass_through_json_text():
    family = read_family(json.loads(json.dumps(WHOLE)))
    assert read_family(json.loads(json.dumps(write_family(family)))) == family


def test_defaults_are_not_written_and_amounts_are_text():
    assert write_family(read_family(LEAST)) == LEAST
    told = write_family(read_family(WHOLE))
    assert told["members"][0]["income"] == [{"kind": "wage", "amount": "9600.00", "per": "year"}]
    assert told["obligors"][0]["household_income"] == "54000.00" and told["obligors"][0]["per"] == "year"
    assert told["current"]["since"] == "2018-01" and told["prices"] == {"cpi": "0.90", "food_cpi": "2.30"}


def maybe(strategy):
    return st.none() | strategy


fen = st.integers(0, 10**12)
days = st.dates(date(1900, 1, 1), DAY)
counts = st.integers(0, 9)
disabilities = st.builds(facts.Disability, st.sampled_from(words.DisabilityKind), st.integers(1, 4))
incomes = st.builds(facts.Income, st.sampled_from(words.IncomeKind), fen)
spendings = st.builds(facts.Spending, st.sampled_from(words.SpendingKind), fen)
people = st.builds(
    facts.Person, ref=st.text(min_size=1, max_size=5).filter(str.strip), birth=maybe(days),
    sex=maybe(st.sampled_from(words.Sex)), disability=maybe(disabilities), cares_for=st.none(), refused_work=counts,
    self_care_unmet=st.integers(0, 6), clergy_years_away=counts, income=st.lists(incomes, max_size=3).map(tuple),
    spending=st.lists(spendings, max_size=3).map(tuple),
)  # fmt: skip
obligors = st.builds(
    facts.Kin, household_year_fen=maybe(fen), household_size=st.integers(1, 9), supports=st.integers(1, 9),
    subject=maybe(st.sampled_from([words.Subject.DIBAO, words.Subject.TEKUN, words.Subject.EDGE])),
    age=maybe(st.integers(0, 120)), disability=maybe(disabilities), agreed_fen=maybe(fen), paid_fen=maybe(fen),
)  # fmt: skip
vehicles = st.builds(facts.Vehicle, st.sampled_from(["car", "ship"]), fen, st.booleans())
estates = st.builds(
    facts.Estate, fen, fen, maybe(counts), maybe(st.integers(0, 500)), st.lists(vehicles, max_size=2).map(tuple), counts
)
events = st.builds(
    facts.Hardship, st.sampled_from(words.EventKind), fen, fen, maybe(st.sampled_from(words.Degree)), st.booleans(),
    maybe(fen),
)  # fmt: skip
currents = st.builds(
    facts.Current, st.sampled_from(words.Subject), fen, maybe(days.map(lambda day: day.replace(day=1))),
    maybe(st.sampled_from(words.RiseCause)), st.booleans(),
)  # fmt: skip
trials = st.fixed_dictionaries(
    {}, optional={"dibao.standard": st.integers(1, 9999), "edge.income_multiple": st.just("1.5"),
                  "single.classes": st.just(("minor", "elderly"))},
)  # fmt: skip
rises = maybe(st.integers(-9999, 9999))
families = st.builds(
    facts.Family, place=st.sampled_from(["22", "511526", "341324101"]), on=st.just(DAY),
    figures=trials.map(MappingProxyType), tags=st.frozensets(st.sampled_from(words.Tag)),
    tier=maybe(st.sampled_from("ABCD")),
    members=st.lists(people, max_size=3, unique_by=lambda one: one.ref).map(tuple),
    obligors=st.lists(obligors, max_size=2).map(tuple), property=estates,
    conduct=st.builds(facts.Conduct, dishonest_until=maybe(days)), event=maybe(events), current=maybe(currents),
    prices=maybe(st.builds(facts.Prices, rises, rises)),
)  # fmt: skip


@given(families)
def test_facts_that_were_written_read_the_same_again(family):
    assert read_family(json.loads(json.dumps(write_family(family)))) == family
