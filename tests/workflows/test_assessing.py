"""Facts of a calculation out of the tables: what a row means, and that one family and many read the same."""

from datetime import date

import pytest
from sqlalchemy import event, select

from models import Asset, Benefit, HouseholdTag, IncomeLine, Obligor, SpendingLine
from policy.family import Current, Disability, Estate, Income, Kin, Spending, Study, Vehicle
from policy.vocabulary import (
    Absence,
    Area,
    AssetKind,
    CareNeed,
    Degree,
    DisabilityKind,
    Employment,
    EventKind,
    Illness,
    IncomeKind,
    KinRelation,
    Labour,
    LeaveReason,
    Mode,
    Relation,
    RiseCause,
    Scheme,
    Schooling,
    SpendingKind,
    Stage,
    StudyLevel,
    Subject,
    Tag,
    Unit,
    Work,
)
from tests import factories
from workflows.assessing import families, family_of

ON = date(2021, 8, 3)


@pytest.fixture
def home(session):
    factories.places(session)
    return factories.household(session, members=3)


def _both(session, benefit, **asked):
    """The facts of a case, read alone and in bulk; they are the same."""
    session.expire_all()
    alone = family_of(benefit, ON, **asked)
    [(_, among_many)] = families(session, [benefit.id], ON, **asked)
    assert among_many == alone
    return alone


def _set(session, row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    return factories.keep(session, row)


def test_a_case_tells_place_area_unit_and_what_is_received(session, home):
    benefit = factories.benefit(session, home, monthly_fen=48_000, first_month=date(2018, 1, 1))
    family = _both(session, benefit)
    assert (family.place, family.on, family.scheme, family.area) == (factories.VILLAGE, ON, Subject.DIBAO, Area.RURAL)
    assert family.unit is Unit.HOUSEHOLD
    assert family.current == Current("dibao", 48_000, date(2018, 1, 1))
    assert _both(session, benefit, current=False).current is None


def test_an_application_receives_nothing_and_must_have_signed(session, home):
    benefit = factories.benefit(session, home, Stage.REVIEW, pledged_on=ON)
    family = _both(session, benefit)
    assert family.current is None
    assert (family.conduct.pledge, family.conduct.authorised) == (True, False)
    assert _both(session, factories.benefit(session, factories.household(session))).conduct.authorised


@pytest.mark.parametrize(
    ("relation", "said"),
    [(Relation.SON, KinRelation.CHILD), (Relation.DAUGHTER, KinRelation.CHILD), (Relation.OTHER, KinRelation.OTHER)],
)
def test_sons_and_daughters_are_children(session, home, relation, said):
    _set(session, home.members[1], relation=relation)
    assert _both(session, factories.benefit(session, home)).members[1].relation is said


@pytest.mark.parametrize(
    ("employment", "employed"),
    [(Employment.UNEMPLOYED, False), (Employment.FARMING, True), (Employment.SELF_EMPLOYED, True),
     (Employment.STUDENT, None), (Employment.NONE, None), (None, None)],
)  # fmt: skip
def test_only_who_is_said_to_be_unemployed_has_no_work(session, home, employment, employed):
    _set(session, home.members[0], employment=employment)
    assert _both(session, factories.benefit(session, home)).members[0].employed is employed


@pytest.mark.parametrize(
    ("labour", "illness", "work"),
    [
        (Labour.LOST, None, Work.NONE), (Labour.PARTIAL, None, Work.PARTIAL), (Labour.ABLE, Illness.CHRONIC, Work.ABLE),
        (Labour.ABLE, None, None), (Labour.NONE, None, None), (None, None, None),
    ],
)  # fmt: skip
def test_labour_on_file_wins_where_it_says_more_than_age_and_health(session, home, labour, illness, work):
    _set(session, home.members[0], labour=labour, illness=illness)
    assert _both(session, factories.benefit(session, home)).members[0].labour is work


def test_a_student_without_a_level_attends_what_is_on_file_as_schooling(session, home):
    _set(session, home.members[1], employment=Employment.STUDENT, schooling=Schooling.COLLEGE)
    _set(session, home.members[2], study=StudyLevel.HIGH, study_full_time=False)
    members = _both(session, factories.benefit(session, home)).members
    assert [member.student for member in members] == [
        None, Study(StudyLevel.BACHELOR, True), Study(StudyLevel.HIGH, False)
    ]  # fmt: skip


def test_the_further_facts_of_a_member_are_told(session, home):
    head, son, other = home.members
    _set(session, head, cares_for_id=other.id, refused_work=2, disability_kind=DisabilityKind.LIMB, disability_level=2)
    _set(session, son, absence=Absence.PRISON, support_mode=Mode.CENTRAL, clergy_years_away=3)
    _set(session, other, needs_care=CareNeed.INFANT, self_care_unmet=4, cohabiting=False)
    first, second, third = _both(session, factories.benefit(session, home)).members
    assert (first.cares_for, first.refused_work) == (third.ref, 2)
    assert first.disability == Disability(DisabilityKind.LIMB, 2)
    assert (second.in_prison, second.missing, second.compulsory_rehab) == (True, False, False)
    assert (second.mode, second.clergy_years_away) == (Mode.CENTRAL, 3)
    assert (third.needs_care, third.self_care_unmet, third.cohabiting) == (CareNeed.INFANT, 4, False)


def test_who_left_is_not_of_the_family_nor_is_their_income(session, home):
    gone = home.members[2]
    factories.keep(session, IncomeLine(member_id=gone.id, kind=IncomeKind.WAGE, year_fen=1))
    factories.leave(session, gone, ON, LeaveReason.MARRIAGE)
    assert len(_both(session, factories.benefit(session, home)).members) == 2


def test_income_and_spending_stand_a_year_in_the_order_of_the_file(session, home):
    id = home.members[0].id
    factories.keep(
        session, IncomeLine(member_id=id, kind=IncomeKind.WAGE, year_fen=960_001),
        IncomeLine(member_id=id, kind=IncomeKind.PENSION_BASIC, year_fen=126_000),
        SpendingLine(member_id=id, kind=SpendingKind.MEDICAL, year_fen=5),
    )  # fmt: skip
    head = _both(session, factories.benefit(session, home)).members[0]
    assert head.income == (Income(IncomeKind.WAGE, 960_001), Income(IncomeKind.PENSION_BASIC, 126_000))
    assert head.spending == (Spending(SpendingKind.MEDICAL, 5),)


def test_property_is_summed_by_kind(session, home):
    for kind, sizes in (
        (AssetKind.DEPOSIT, {"value_fen": 10}), (AssetKind.DEPOSIT, {"value_fen": 5}),
        (AssetKind.INSURANCE, {"value_fen": 7}), (AssetKind.HOUSE, {"area_m2": 80}),
        (AssetKind.HOUSE, {"quantity": 2}), (AssetKind.COMPANY, {}), (AssetKind.LIVESTOCK, {"value_fen": 99}),
        (AssetKind.VEHICLE, {"value_fen": 6_000_000, "business": True}), (AssetKind.VEHICLE, {"quantity": 0}),
    ):  # fmt: skip
        factories.keep(session, Asset(household_id=home.id, kind=kind, **sizes))
    estate = _both(session, factories.benefit(session, home)).property
    assert estate == Estate(15, 7, 3, 80, (Vehicle("car", 6_000_000, True),), 1)


def test_an_obligor_tells_means_age_and_what_binds(session, home):
    factories.keep(session, Obligor(
        household_id=home.id, name="王", relation=Relation.SON, household_size=3, income_month_fen=450_000, supports=2,
        birth=date(1961, 8, 4), receives=Subject.DIBAO, disability_kind=DisabilityKind.LIMB, disability_level=3,
        property_ok=False, agreed_month_fen=8_500, pays_month_fen=100, able=True,
    ))  # fmt: skip
    factories.keep(session, Obligor(household_id=home.id, name="李", relation=Relation.DAUGHTER))
    assert _both(session, factories.benefit(session, home)).obligors == (
        Kin(KinRelation.CHILD, 5_400_000, 3, 2, Subject.DIBAO, 59, Disability(DisabilityKind.LIMB, 3), False, 8_500,
            100, True),
        Kin(KinRelation.CHILD),
    )  # fmt: skip


def test_marks_are_told_and_a_registered_poor_member_is_one(session, home):
    factories.keep(session, HouseholdTag(household_id=home.id, tag=Tag.WATCH))
    _set(session, home.members[1], registered_poor=True)
    assert _both(session, factories.benefit(session, home)).tags == {Tag.WATCH, Tag.FUPIN}


def test_a_family_marked_as_out_of_registered_poverty_is_not_registered_by_its_roster(session, home):
    factories.keep(session, HouseholdTag(household_id=home.id, tag=Tag.FUPIN_OUT))
    _set(session, home.members[1], registered_poor=True)
    assert _both(session, factories.benefit(session, home)).tags == {Tag.FUPIN_OUT}


def test_what_struck_a_family_why_income_rose_and_the_tier_stand_on_the_case(session, home):
    benefit = factories.benefit(
        session, home, tier="B", rise_cause=RiseCause.WORK, event_kind=EventKind.FIRE, event_degree=Degree.SEVERE,
        loss_fen=4_000_000, own_cost_fen=10, urgent=True, requested_fen=300_000,
    )  # fmt: skip
    family = _both(session, benefit)
    assert family.tier == "B" and family.current is not None
    assert family.current.income_rose_because is RiseCause.WORK
    struck = family.event
    assert struck is not None and (struck.kind, struck.degree) == (EventKind.FIRE, Degree.SEVERE)
    assert (struck.loss_fen, struck.own_cost_fen, struck.urgent, struck.requested_fen) == (4_000_000, 10, True, 300_000)


def test_place_scheme_and_trial_figures_may_be_others(session, home):
    benefit = factories.benefit(session, home)
    family = _both(session, benefit, place="341324101", scheme=Subject.EDGE, figures={"dibao.standard": 700})
    assert (family.place, family.scheme, family.figures) == ("341324101", Subject.EDGE, {"dibao.standard": 700})


def test_many_families_come_in_order_with_their_names(session, home):
    first = factories.benefit(session, home)
    second = factories.benefit(session, factories.household(session, members=2), Stage.APPLIED)
    factories.keep(session, Obligor(household_id=home.id, name="王五", relation=Relation.SON))
    found = list(families(session, [second.id, 999, first.id], ON, chunk=1))
    assert [case.id for case, _ in found] == [second.id, first.id]
    case, family = found[1]
    assert case.names == {**{f"m{m.id}": m.name for m in home.members}, "obligors": ["王五"]}
    assert (case.head_name, case.monthly_fen, case.township_code) == (home.head_name, 0, factories.XUNCHANG)
    every = select(Benefit.id).order_by(Benefit.id)
    assert [case.id for case, _ in families(session, every, ON)] == [first.id, second.id]
    assert family.scheme is Subject.DIBAO and case.scheme == Scheme.DIBAO


def test_a_thousand_families_cost_as_many_statements_as_one(session, home):
    ids = [factories.benefit(session, factories.household(session)).id for _ in range(5)]
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *said: statements.append(said[2]))
    assert len(list(families(session, ids, ON))) == 5
    assert len(statements) == 8


def test_a_single_person_s_case_names_whose_it_is(session, home):
    own = factories.benefit(session, home, unit=Unit.SINGLE, member=home.members[1], persons=1)
    assert _both(session, own).alone == f"m{home.members[1].id}"
