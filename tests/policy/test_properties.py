"""What holds for every family: bounds, order, repetition, and that a finding can be found again from what it kept."""

import json
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policy.assess import assess
from policy.facts_json import read_family, write_family
from policy.family import Conduct, Current, Estate, Income
from policy.figure_keys import KNOWN_KEYS, Measure
from policy.figures import Figures, MissingFigure
from policy.money import parse_yuan
from policy.vocabulary import IncomeKind, Outcome, RiseCause, Subject, Unit
from tests.policy.arbitrary import MONTHLY, YEARLY, any_family, families

SHIPPED = Figures.shipped()
PAID = (Outcome.ELIGIBLE, Outcome.GRACE)
FEW = settings(max_examples=30)


def found(family, figures=SHIPPED):
    """The finding; families for which a place lacks a figure are passed over."""
    try:
        return assess(family, figures)
    except MissingFigure:
        assume(False)


def standard_of(finding):
    return finding.standard_fen or 0


@FEW
@given(any_family)
def test_nothing_is_negative_and_only_who_fits_is_paid(family):
    finding = found(family)
    amounts = [part.fen for part in finding.parts] + [finding.one_off_fen, *(finding.one_off_range or ())]
    assert min(amounts, default=0) >= 0
    assert finding.monthly_fen == 0 or finding.outcome in PAID
    assert finding.monthly_fen == 0 or not finding.reasons or finding.outcome is Outcome.GRACE
    assert finding.outcome in (*PAID, Outcome.SPECIAL_DECISION) or finding.one_off_fen == 0
    assert finding.outcome is not Outcome.NOT_ELIGIBLE or finding.reasons


@FEW
@given(any_family)
def test_parts_sum_to_the_month_and_every_line_has_a_clause_or_a_figure(family):
    told = found(family).as_json()
    assert parse_yuan(told["monthly"]) == sum(parse_yuan(part["amount"]) for part in told["parts"])
    assert [line for line in told["lines"] if not (line["clause"] or line["figure"])] == []
    rows = told["reasons"] + told["members"] + told["income"] + told["obligors"] + told["property"]
    assert [row for row in rows if not row["clause"]] == []
    assert {line["figure"] for line in told["lines"] if line["figure"]} <= set(told["figures_used"])
    assert json.loads(json.dumps(told)) == told


@FEW
@given(families(Subject.DIBAO))
def test_never_above_the_standard_for_each_person_plus_uplifts(family):
    finding = found(family)
    assume(finding.outcome is Outcome.ELIGIBLE)
    whole = [part.fen for part in finding.parts if part.kind != "uplift"]
    assert sum(whole) <= standard_of(finding) * finding.persons
    assert len(whole) == 1
    uplifted = [part.ref for part in finding.parts if part.kind == "uplift"]
    assert len(set(uplifted)) == len(uplifted) <= finding.persons
    assert finding.unit is Unit.HOUSEHOLD or (finding.persons == 1 and not uplifted)


@st.composite
def risen(draw):
    """A family on 低保 whose head now earns well, with nothing else in its way."""
    current = st.builds(Current, st.just(Subject.DIBAO), MONTHLY, st.none(), st.just(RiseCause.WORK))
    family = draw(families(Subject.DIBAO, unit=st.just(Unit.HOUSEHOLD), current=current, property=st.just(Estate()),
                           conduct=st.just(Conduct())))  # fmt: skip
    wage = Income(IncomeKind.WAGE, draw(st.integers(500_000, 9_000_000)))
    return replace(family, members=(replace(family.members[0], income=(wage,)), *family.members[1:]))


@FEW
@given(risen())
def test_grace_goes_on_with_the_last_amount_within_its_months(family):
    finding = found(family)
    if finding.outcome is not Outcome.GRACE:
        assert finding.grace is None
        return
    least, most, until = finding.grace
    assert finding.monthly_fen == family.current.monthly_fen
    assert 1 <= least <= most and until > family.on and (until + timedelta(days=1)).day == 1


@st.composite
def earning_more(draw, scheme, unit):
    """A family, and the same with more wage for one member; no grace, exit or admission by spending between them."""
    poor = draw(families(scheme, unit=st.just(unit), current=st.none()))
    index = draw(st.integers(0, len(poor.members) - 1))
    more = Income(IncomeKind.WAGE, draw(YEARLY))
    person = poor.members[index]
    richer = replace(person, income=(*person.income, more))
    return poor, replace(poor, members=(*poor.members[:index], richer, *poor.members[index + 1 :]))


@FEW
@given(earning_more(Subject.DIBAO, Unit.HOUSEHOLD))
def test_more_income_never_brings_a_household_more(pair):
    poor, rich = (found(family) for family in pair)
    assert rich.monthly_fen <= poor.monthly_fen
    assert poor.outcome is not Outcome.NOT_ELIGIBLE or rich.outcome is Outcome.NOT_ELIGIBLE


@FEW
@given(earning_more(Subject.DIBAO, Unit.SINGLE))
def test_more_income_never_brings_a_single_person_more_once_the_household_is_over_the_line(pair):
    poor, rich = (found(family) for family in pair)
    assume("household_first" not in [row["code"] for row in poor.reasons])
    assert rich.monthly_fen <= poor.monthly_fen


@FEW
@given(earning_more(Subject.TEKUN, None))
def test_more_income_never_brings_more_extreme_poverty_support(pair):
    poor, rich = (found(family) for family in pair)
    assert rich.monthly_fen <= poor.monthly_fen


@FEW
@given(any_family, st.randoms(use_true_random=False))
def test_the_order_of_members_and_obligors_changes_nothing(family, chance):
    members, obligors = list(family.members), list(family.obligors)
    chance.shuffle(members)
    chance.shuffle(obligors)
    one, other = found(family), found(replace(family, members=tuple(members), obligors=tuple(obligors)))
    assert (one.outcome, one.unit, one.persons, one.income_month_fen) == (
        other.outcome, other.unit, other.persons, other.income_month_fen,
    )  # fmt: skip
    assert (one.monthly_fen, one.one_off_fen, one.one_off_range) == (
        other.monthly_fen, other.one_off_fen, other.one_off_range,
    )  # fmt: skip
    assert sorted(row["code"] for row in one.reasons) == sorted(row["code"] for row in other.reasons)


@FEW
@given(any_family)
def test_the_same_facts_find_the_same_and_read_back_from_what_is_stored(family):
    first = found(family).as_json()
    stored = json.loads(json.dumps(write_family(family)))
    assert assess(family, SHIPPED).as_json() == first == assess(read_family(stored), SHIPPED).as_json()


def kept(finding):
    """The figures a finding kept, as figures again: nothing else is in force."""
    rows = []
    for key, used in finding.figures_used.items():
        rows.append(row_of(key, used))
        if before := used.get("last_year"):
            last = date.fromisoformat(used["from"]) - timedelta(days=1)
            rows.append({**row_of(key, before), "to": last})
    return Figures.of(rows)


def row_of(key, used):
    measure = KNOWN_KEYS[key].unit
    return {
        "key": key, "unit": "yuan" if measure is Measure.FEN else measure.value, "value": used["value"],
        "place": "" if used["place"] == "全国" else used["place"], "from": date.fromisoformat(used["from"]),
        "cite": used["cite"], "status": used["status"],
    }  # fmt: skip


@FEW
@given(any_family)
def test_a_finding_is_found_again_from_the_figures_it_kept(family):
    first = found(family)
    again = assess(family, kept(first))
    assert again.as_json() == first.as_json()
