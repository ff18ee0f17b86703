"""Hypothesis strategies for families: any household of any place, with trial values of the figures rules ask for."""

from datetime import date
from types import MappingProxyType

from hypothesis import strategies as st

from policy import vocabulary as words
from policy.family import (
    Conduct,
    Current,
    Disability,
    Estate,
    Family,
    Hardship,
    Income,
    Kin,
    Person,
    Prices,
    Spending,
    Study,
    Vehicle,
)

PLACES = ("511526", "220102", "341324101", "533103", "350702", "41")
DAYS = st.dates(date(2017, 10, 1), date(2026, 12, 31))
BIRTHS = st.none() | st.dates(date(1930, 1, 1), date(2017, 9, 30))
YEARLY = st.integers(0, 4_000_000) | st.sampled_from([0, 600_000, 1_200_000, 480_001])
MONTHLY = st.integers(0, 300_000)
TRUTH = st.booleans()


def maybe(strategy):
    """The strategy, or nothing told."""
    return st.none() | strategy


disabilities = st.builds(Disability, st.sampled_from(words.DisabilityKind), st.integers(1, 4))
incomes = st.lists(st.builds(Income, st.sampled_from(words.IncomeKind), YEARLY), max_size=2).map(tuple)
spendings = st.lists(st.builds(Spending, st.sampled_from(words.SpendingKind), YEARLY), max_size=2).map(tuple)
KNOWN_OF_A_PERSON = {
    "birth": BIRTHS, "cohabiting": TRUTH, "disability": maybe(disabilities), "income": incomes, "spending": spendings,
    "student": maybe(st.builds(Study, st.sampled_from(words.StudyLevel), TRUTH)),
    "illness": maybe(st.sampled_from(words.Illness)), "labour": maybe(st.sampled_from(words.Work)),
    "employed": maybe(TRUTH), "refused_work": st.integers(0, 4), "self_care_unmet": st.integers(0, 6),
    "needs_care": maybe(st.sampled_from(words.CareNeed)), "clergy_years_away": st.sampled_from([0, 0, 0, 2, 3]),
    "in_prison": st.sampled_from([False, False, False, True]), "mode": maybe(st.sampled_from(words.Mode)),
}  # fmt: skip


@st.composite
def households(draw, most=4):
    """A head and others, each with a ref; one may stay at home for another."""
    relations = draw(st.lists(st.sampled_from(words.KinRelation), max_size=most - 1))
    refs = [f"m{number}" for number in range(1, len(relations) + 2)]
    people = []
    for ref, relation in zip(refs, [words.KinRelation.HEAD, *relations], strict=True):
        others = st.sampled_from([other for other in refs if other != ref]) if len(refs) > 1 else st.none()
        known = draw(st.fixed_dictionaries({}, optional={**KNOWN_OF_A_PERSON, "cares_for": others}))
        people.append(Person(ref, relation, **known))
    return tuple(people)


obligors = st.builds(
    Kin, relation=st.sampled_from(words.KinRelation), household_year_fen=maybe(YEARLY),
    household_size=st.integers(1, 5), supports=st.integers(1, 3), age=maybe(st.integers(15, 95)),
    subject=maybe(st.sampled_from([words.Subject.DIBAO, words.Subject.TEKUN, words.Subject.EDGE])),
    disability=maybe(disabilities), property_ok=TRUTH, agreed_fen=maybe(MONTHLY), paid_fen=maybe(MONTHLY),
    able=maybe(TRUTH),
)  # fmt: skip
estates = st.just(Estate()) | st.builds(
    Estate, YEARLY, YEARLY, maybe(st.integers(0, 3)), maybe(st.integers(0, 200)),
    st.lists(st.builds(Vehicle, st.just("car"), st.integers(0, 20_000_000), TRUTH), max_size=2).map(tuple),
    st.integers(0, 1),
)  # fmt: skip
conducts = st.just(Conduct()) | st.builds(Conduct, TRUTH, TRUTH, TRUTH, maybe(DAYS))
events = st.builds(
    Hardship, st.sampled_from(words.EventKind), YEARLY, YEARLY, maybe(st.sampled_from(words.Degree)), TRUTH,
    maybe(YEARLY),
)  # fmt: skip
currents = st.builds(
    Current, st.sampled_from(words.Subject), MONTHLY, st.none(), maybe(st.sampled_from(words.RiseCause)), TRUTH
)
rises = maybe(st.integers(-900, 1500))
TRIALS = {
    "dibao.rounding": st.sampled_from(["up_yuan", "half_up_yuan", "half_up_fen", "none"]),
    "dibao.gap_floor_percent": st.integers(0, 50), "dibao.uplift.elderly.percent": st.integers(1, 50),
    "dibao.uplift.minor.amount": st.integers(1, 200), "dibao.uplift.severe_disability.percent": st.integers(1, 50),
    "dibao.uplift.stack": st.sampled_from(["highest", "sum"]), "deduct.work_cost.percent": st.integers(0, 60),
    "deduct.work_cost.cap": st.integers(0, 900), "deduct.rigid": st.sampled_from(["none", "actual"]),
    "deduct.rigid.cap": st.integers(0, 900), "impute.wage": st.integers(1, 2000),
    "support.formula": st.sampled_from(["none", "SC", "H", "D20", "D30", "R50", "L5040"]),
    "property.financial_months": st.integers(1, 48), "property.houses": st.integers(0, 2),
    "single.amount_rule": st.sampled_from(["gap", "full"]), "wage.minimum": st.integers(900, 2500),
}  # fmt: skip
trials = st.fixed_dictionaries({"dibao.standard": st.integers(100, 1500)}, optional=TRIALS)
by_tier = st.fixed_dictionaries({"dibao.amount_rule": st.just("tier"), "dibao.tier.B": st.integers(0, 1200)})


def families(scheme, **fixed):
    """Families asking for a scheme; ``fixed``: facts that every one of them has, as strategies."""
    known = {
        "place": st.sampled_from(PLACES), "on": DAYS, "area": st.sampled_from(words.Area),
        "unit": maybe(st.sampled_from(words.Unit)), "tier": maybe(st.just("B")), "members": households(),
        "figures": (trials | st.builds(lambda one, two: {**one, **two}, trials, by_tier)).map(MappingProxyType),
        "tags": st.frozensets(st.sampled_from(words.Tag), max_size=2),
        "obligors": st.lists(obligors, max_size=2).map(tuple), "property": estates, "conduct": conducts,
        "event": maybe(events), "current": maybe(currents), "prices": maybe(st.builds(Prices, rises, rises)),
        "alone": maybe(st.just("m1")),
    }  # fmt: skip
    return st.builds(Family, scheme=scheme if isinstance(scheme, st.SearchStrategy) else st.just(scheme),
                     **{**known, **fixed})  # fmt: skip


any_family = families(st.sampled_from(words.Subject))
