"""特困: three conditions person by person, what is paid and by which mode, who keeps it and until when."""

from datetime import date

import pytest

from policy.assess import assess
from policy.family import Conduct, Current, Disability, Estate, Family, Income, Kin, Person, Study
from policy.figures import Figures, MissingFigure
from policy.vocabulary import DisabilityKind, IncomeKind, KinRelation, Mode, Outcome, StudyLevel, Subject, Work
from tests.policy.codes import reasons
from tests.policy.families import PLACE, earns
from tests.policy.supported import DAY, KEEP, OLD, RECEIVES, RULES, found, row

# Who fits


def test_an_old_person_alone_without_income_is_supported_with_basic_living_and_care():
    one = found(OLD)
    assert (one.outcome, one.persons, one.monthly_fen) == (Outcome.ELIGIBLE, 1, 75000)
    assert [(part.kind, part.fen, part.ref) for part in one.parts] == [("basic", 70000, "m1"), ("care", 5000, "m1")]
    assert (one.review_months, one.authority, one.deadlines) == (12, "county", {"decide_working_days": 30})
    assert one.members == [{
        "ref": "m1", "counted": True, "labour": "none", "self_care": "full",
        "why": "无劳动能力、无生活来源、无有能力的法定义务人", "clause": "民发〔2021〕43号 第四条",
    }]  # fmt: skip


@pytest.mark.parametrize(
    ("birth", "fits"),
    [(date(1961, 9, 1), True), (date(1961, 9, 2), False), (date(2005, 9, 1), False), (date(2005, 9, 2), True)],
)
def test_the_sixtieth_birthday_and_the_day_before_the_sixteenth_make_the_age(birth, fits):
    assert (reasons(found(Person("m1", birth=birth))) == []) is fits


@pytest.mark.parametrize(
    ("kind", "level", "on", "fits"),
    [
        ("intellectual", 3, DAY, True),
        ("intellectual", 4, DAY, False),
        ("limb", 2, DAY, True),
        ("limb", 3, DAY, False),
        ("vision", 1, DAY, True),
        ("vision", 2, DAY, False),
        ("hearing", 1, DAY, False),
    ],
)
def test_disabilities_of_the_list_take_the_ability_to_work(kind, level, on, fits):
    one = found(Person("m1", birth=date(1980, 1, 1), disability=Disability(DisabilityKind(kind), level)), on=on)
    assert reasons(one) == ([] if fits else ["tekun_labour"])


@pytest.mark.parametrize(("yuan", "fits"), [(5999, True), (6000, False), (6001, False)])
def test_own_income_must_be_below_the_standard(yuan, fits):
    one = found(Person("m1", birth=OLD.birth, income=(earns(yuan, IncomeKind.PROPERTY),)))
    assert reasons(one) == ([] if fits else ["tekun_source"])
    assert one.income_month_fen == (yuan * 100 + 6) // 12


def test_one_fen_a_year_below_the_standard_is_below_with_and_without_an_obligor_who_pays_nothing():
    just = Person("m1", birth=OLD.birth, income=(Income(IncomeKind.PROPERTY, 599_999),))
    assert reasons(found(just)) == reasons(found(just, obligors=(Kin(able=False),))) == []


def test_income_a_month_and_a_person_is_told_in_the_finding_and_in_the_refusal():
    rich = Person("m1", birth=OLD.birth, income=(earns(9600, IncomeKind.PROPERTY),))
    one = found(rich, Person("m2", KinRelation.SIBLING, OLD.birth, income=(earns(7200, IncomeKind.PROPERTY),)))
    assert (one.income_month_fen, one.per_capita_fen) == (140000, 70000)
    assert "m1：本人月收入800.00元，不低于低保标准500.00元" in [row["text"] for row in one.reasons]


def test_basic_pension_is_no_source_of_living():
    pension = (earns(60000, IncomeKind.PENSION_BASIC), earns(500, IncomeKind.PENSION_OTHER))
    one = found(Person("m1", birth=OLD.birth, income=pension))
    assert one.outcome is Outcome.ELIGIBLE
    assert [(line["kind"], line["counted"]) for line in one.income] == [
        ("pension_basic", False),
        ("pension_other", True),
    ]


def test_every_reason_is_told_at_once():
    one = found(
        Person("m1", birth=OLD.birth, income=(earns(9000),)),
        obligors=(Kin(),),
        property=Estate(companies=1),
        conduct=Conduct(pledge=False),
        figures={"property.companies": 0},
    )
    assert one.outcome is Outcome.NOT_ELIGIBLE and one.monthly_fen == 0
    assert set(reasons(one)) == {"tekun_source", "tekun_obligor", "property_companies", "pledge_missing"}
    assert "try_dibao" in [line["code"] for line in one.advice]


def test_property_alone_is_reason_enough():
    rich = found(property=Estate(companies=1), figures={"property.companies": 0})
    assert (reasons(rich), rich.outcome) == (["property_companies"], Outcome.NOT_ELIGIBLE)
    assert reasons(found(property=Estate(companies=1), figures={"property.companies": 1})) == []


def test_conduct_alone_is_reason_enough():
    silent = found(conduct=Conduct(cooperates=False))
    assert (reasons(silent), silent.outcome) == (["refuses_check"], Outcome.NOT_ELIGIBLE)


@pytest.mark.parametrize("facts", [{"in_prison": True}, {"missing": True}])
def test_nobody_in_prison_or_declared_missing_is_supported(facts):
    assert reasons(found(Person("m1", birth=OLD.birth, **facts))) == ["tekun_away"]


def test_whoever_leaves_by_their_own_wish_is_not_kept():
    left = found(current=Current(Subject.TEKUN, wants_to_leave=True))
    assert (reasons(left), left.outcome, left.parts) == (["left_by_own_wish"], Outcome.NOT_ELIGIBLE, [])
    assert reasons(found(current=Current(Subject.DIBAO, wants_to_leave=True))) == []


def test_without_members_the_facts_are_incomplete():
    one = assess(Family(PLACE, DAY, Subject.TEKUN, figures=RULES), Figures.of([]))
    assert one.outcome is Outcome.INCOMPLETE and reasons(one) == ["members_missing"]


# Minors


@pytest.mark.parametrize(
    ("birth", "study", "current", "fits"),
    [
        (date(2005, 9, 1), None, None, False),  # sixteen that day: too old to enter
        (date(2003, 9, 2), None, RECEIVES, True),  # seventeen
        (date(2003, 9, 1), None, RECEIVES, False),  # eighteen
        (date(2003, 9, 1), StudyLevel.HIGH, RECEIVES, True),
        (date(2003, 9, 1), StudyLevel.VOCATIONAL, RECEIVES, True),
        (date(2003, 9, 1), StudyLevel.BACHELOR, RECEIVES, False),
        (date(2003, 9, 1), StudyLevel.HIGH, None, False),
        (date(2003, 9, 1), StudyLevel.HIGH, Current(Subject.DIBAO), False),
    ],
)
def test_who_was_supported_as_a_minor_keeps_it_to_eighteen_and_while_in_school(birth, study, current, fits):
    one = found(Person("m1", birth=birth, student=study and Study(study)), current=current, figures=KEEP)
    assert reasons(one) == ([] if fits else ["tekun_labour"])


def test_a_place_may_take_minors_in_up_to_eighteen():
    boy = Person("m1", birth=date(2004, 1, 1))
    assert reasons(found(boy)) == ["tekun_labour"]
    assert reasons(found(boy, figures={"tekun.minor_age": 18})) == []


@pytest.mark.parametrize(("figures", "day"), [({}, "2026-01-01"), (KEEP, "2028-01-01")])
def test_the_birthday_that_ends_support_as_a_minor_is_noted(figures, day):
    one = found(Person("m1", birth=date(2010, 1, 1)), figures=figures)
    assert (day, "tekun_minor_end") in [(row["on"], row["code"]) for row in one.dates]


@pytest.mark.parametrize(("on", "ends"), [(date(2022, 8, 31), "2022-09-01"), (date(2022, 9, 1), "2023-09-01")])
def test_of_a_pupil_kept_beyond_eighteen_the_end_of_the_school_year_is_noted(on, ends):
    pupil, year = Person("m1", birth=date(2004, 3, 1), student=Study(StudyLevel.HIGH)), {"tekun.school_review_month": 9}
    one = found(pupil, on=on, current=RECEIVES, figures=KEEP | year)
    assert one.outcome is Outcome.ELIGIBLE
    assert (ends, "tekun_school_end") in [(row["on"], row["code"]) for row in one.dates]


def test_who_is_grown_up_has_no_such_day_but_is_looked_at_again():
    assert [(row["on"], row["code"]) for row in found(OLD).dates] == [("2022-09-01", "review_due")]
    pupil = Person("m1", birth=date(2003, 9, 1), student=Study(StudyLevel.HIGH))
    assert [row["code"] for row in found(pupil, current=RECEIVES, figures=KEEP).dates] == ["review_due"]


# Money


@pytest.mark.parametrize(("unmet", "tier", "care"), [(0, "full", 5000), (1, "partial", 10000), (3, "partial", 10000),
                                                     (4, "none", 20000), (6, "none", 20000)])  # fmt: skip
def test_care_goes_by_how_many_of_the_six_items_are_unmet(unmet, tier, care):
    one = found(Person("m1", birth=OLD.birth, self_care_unmet=unmet))
    assert (one.members[0]["self_care"], one.parts[1].fen) == (tier, care)


def test_the_mode_is_the_persons_own_choice_and_asked_for_where_it_is_not_known():
    central = found(Person("m1", birth=OLD.birth, mode=Mode.CENTRAL))
    assert [part.fen for part in central.parts] == [80000, 9000]
    assert "mode_wish" not in [line["code"] for line in central.advice]
    assert "mode_wish" in [line["code"] for line in found(OLD).advice]


@pytest.mark.parametrize(("local", "paid"), [(649, 65000), (650, 65000), (651, 65100)])
def test_basic_living_is_never_below_its_multiple_of_the_standard(local, paid):
    one = found(OLD, figures={"tekun.basic.home": local, "tekun.base_multiple": "1.3"})
    assert one.parts[0].fen == paid
    own = any(line["figure"] == "tekun.basic.home" for line in one.lines)
    assert own is (local >= 650)


def test_without_an_amount_of_its_own_the_place_pays_the_multiple_and_parts_of_a_fen_go_up():
    figures = {"dibao.standard": "444.63", "tekun.base_multiple": "1.3"}
    one = found(OLD, figures=figures, without=["tekun.basic.home"])
    assert one.parts[0].fen == 57802  # 578.019
    assert any(line["formula"] == "444.63 × 1.3" for line in one.lines)


def test_without_amount_and_multiple_the_missing_figure_is_named():
    with pytest.raises(MissingFigure) as missing:
        found(OLD, without=["tekun.basic.home"])
    assert missing.value.key == "tekun.basic.home"


def test_care_may_be_a_percentage_of_the_minimum_wage():
    figures = {"tekun.care_percent.home.none": "12.5", "wage.minimum": "1420.05"}
    one = found(OLD, figures=figures, without=["tekun.care.home.none"])
    assert one.parts[1].fen == 17751  # 177.50625
    with pytest.raises(MissingFigure) as missing:
        found(OLD, without=["tekun.care.home.none"])
    assert missing.value.key == "tekun.care_percent.home.none"


def test_a_trial_percentage_of_care_wins_over_a_dated_amount_and_the_amount_over_a_dated_percentage():
    trial = {"tekun.care_percent.home.none": 10, "wage.minimum": 1000}
    rows = [row("tekun.care.home.none", "yuan", 50, date(2020, 1, 1))]
    assert found(OLD, figures=trial, rows=rows, without=["tekun.care.home.none"]).parts[1].fen == 10000
    dated = [row("tekun.care_percent.home.none", "percent", 10, date(2020, 1, 1))]
    assert found(OLD, rows=dated).parts[1].fen == 5000


def test_last_years_standard_and_wage_hold_where_the_place_says_so():
    rows = [
        row("dibao.standard.rural", "yuan", 400, date(2020, 1, 1), date(2020, 12, 31)),
        row("dibao.standard.rural", "yuan", 500, date(2021, 1, 1)),
        row("wage.minimum", "yuan", 900, date(2020, 1, 1), date(2020, 12, 30)),
        row("wage.minimum", "yuan", 1000, date(2020, 12, 31), date(2020, 12, 31)),
        row("wage.minimum", "yuan", 2000, date(2021, 1, 1)),
    ]
    figures = {"tekun.base_multiple": "1.3", "tekun.care_percent.home.none": 10}
    without = ["dibao.standard", "tekun.basic.home", "tekun.care.home.none"]
    same = found(OLD, figures=figures, rows=rows, without=without)
    prior = {**figures, "tekun.base_year": "prior", "tekun.care_year": "prior"}
    last = found(OLD, figures=prior, rows=rows, without=without)
    assert [part.fen for part in same.parts] == [65000, 20000]
    assert [part.fen for part in last.parts] == [52000, 10000]
    assert last.figures_used["dibao.standard.rural"]["last_year"]["value"] == "400.00"
    assert last.figures_used["wage.minimum"]["value"] == "1000.00"


def test_who_is_said_to_be_able_is_not_supported_and_who_is_said_not_to_be_is():
    assert reasons(found(Person("m1", birth=OLD.birth, labour=Work.PARTIAL))) == ["tekun_labour"]
    assert reasons(found(Person("m1", birth=date(1980, 1, 1), labour=Work.NONE))) == []
