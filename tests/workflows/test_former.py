"""Applications accepted before 2021-07-01 keep the clocks and checks of 民发〔2012〕220号."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit, CountyCheck, Crosscheck
from policy.authority import review_months
from policy.calendar import add_months, add_working_days
from policy.vocabulary import Action, Area, ReviewClass, Role, Scheme, Source, Stage
from tests import factories
from tests.workflows.driver import FIGURES, Driver
from tests.workflows.refusals import refused
from workflows.clocks_former import county_due_on
from workflows.evidence_former import former_facts
from workflows.evidence_round import Round
from workflows.facts import Answer

LAST, FIRST = datetime(2021, 6, 30, 9), datetime(2021, 7, 1, 9)
REVIEWER, TOWNSHIP = Role.COUNTY_REVIEWER, Role.TOWNSHIP_APPROVER


def another(first: Driver, now: datetime = LAST) -> Driver:
    """Another family of the same county."""
    driver = object.__new__(Driver)
    driver.session, driver.office, driver.now = first.session, first.office, now
    driver.home = factories.household(first.session, members=2)
    return driver


def surveyed(driver: Driver) -> Driver:
    return driver.to_review().do(Action.RECORD_SURVEY).do(Action.RECORD_CROSSCHECK)


def test_the_last_day_of_the_old_rule_asks_for_a_democratic_review_the_first_of_the_new_does_not(
    session: Session,
) -> None:
    old = surveyed(Driver(session, LAST)).calculated()
    assert refused(old.do, Action.GIVE_OPINION) == ["review_meeting_missing"]
    old.do(Action.REVIEW_MEETING).do(Action.GIVE_OPINION)
    new = surveyed(another(old, FIRST)).calculated()
    assert new.do(Action.GIVE_OPINION).facts().opinion is not None
    assert refused(new.do, Action.REVIEW_MEETING) == ["review_meeting_not_asked"]


@pytest.mark.parametrize(
    ("place", "accepted", "asked"),
    [
        ("350702100201", date(2021, 5, 25), True), ("350702100201", date(2021, 5, 26), False),
        ("350702100201", date(2021, 6, 30), False), ("511526100201", date(2021, 6, 30), True),
        ("220102001001", date(2021, 6, 30), True), ("341324101201", date(2021, 6, 30), True),
        ("533103100201", date(2021, 6, 30), True), ("533103100201", date(2021, 7, 1), False),
    ],
)  # fmt: skip
def test_nanping_reviews_only_what_is_disputed_from_its_notice_on_though_the_old_rule_still_holds(
    place: str, accepted: date, asked: bool
) -> None:
    case = Benefit(scheme=Scheme.DIBAO, stage=Stage.REVIEW, village_code=place, accepted_on=accepted)
    facts = former_facts(case, Round(), FIGURES, date(2021, 7, 5))
    assert (facts.meeting_asked, facts.second_notice) == (asked, accepted < FIRST.date())


def test_a_case_accepted_before_keeps_the_old_rule_afterwards(session: Session) -> None:
    case = surveyed(Driver(session, LAST)).wait(5).calculated()
    assert case.day() > FIRST.date()
    assert refused(case.do, Action.GIVE_OPINION) == ["review_meeting_missing"]


def test_an_objection_calls_for_a_democratic_review_by_the_present_rule_too(session: Session) -> None:
    case = Driver(session).to_notice().do(Action.OBJECT).do(Action.RECORD_SURVEY)
    case.do(Action.REVIEW_MEETING)
    assert case.facts().former.meeting_held


@pytest.mark.parametrize(("present", "delegates", "fits"), [(9, 5, False), (9, 6, True), (9, 7, True), (10, 6, False)])
def test_two_of_three_who_review_are_delegates(session: Session, present: int, delegates: int, fits: bool) -> None:
    case = surveyed(Driver(session, LAST))
    if fits:
        case.do(Action.REVIEW_MEETING, present=present, delegates=delegates)
    else:
        step = lambda: case.do(Action.REVIEW_MEETING, present=present, delegates=delegates)  # noqa: E731
        assert refused(step) == ["review_meeting_delegates"]


def test_the_survey_takes_ten_working_days_and_the_review_five_more(session: Session) -> None:
    case = Driver(session, datetime(2021, 6, 1, 9)).to_review()
    assert case.case.step_due_on == date(2021, 6, 16)  # 端午 on the 14th
    case.wait(7).do(Action.RECORD_SURVEY)
    assert case.case.step_due_on == date(2021, 6, 16)
    case.do(Action.RECORD_CROSSCHECK)
    assert (case.day(), case.case.step_due_on) == (date(2021, 6, 8), date(2021, 6, 16))
    case.do(Action.REVIEW_MEETING)
    assert case.case.step_due_on == case.case.decide_by


@pytest.mark.parametrize(("now", "days"), [(LAST, 5), (FIRST, 10)])
def test_the_county_has_five_working_days_by_the_old_rule_and_ten_by_the_new(
    session: Session, now: datetime, days: int
) -> None:

    case = Driver(session, now).to_approval()
    assert county_due_on(case.case, FIGURES) == add_working_days(case.case.stage_since, days)


def test_whoever_confirms_posts_a_second_notice_and_confirms_after_it(session: Session) -> None:
    case = Driver(session, LAST).to_approval()
    if case.facts().former.drawn:
        case.do(Action.COUNTY_VISIT, REVIEWER)
    assert "second_notice_missing" in refused(case.do, Action.CONFIRM, TOWNSHIP)
    assert refused(case.do, Action.POST_NOTICE, REVIEWER) == ["second_notice_by"]
    case.do(Action.POST_NOTICE)
    assert (case.stage, case.case.notice_until) == (Stage.NOTICE, date(2021, 7, 15))
    case.wait(8).do(Action.CLOSE_NOTICE, None)
    assert refused(case.do, Action.POST_NOTICE) == ["second_notice_was_held"]
    assert refused(case.do, Action.CONFIRM, TOWNSHIP) == ["calculation_by_former_rule"]
    assert case.calculated().do(Action.CONFIRM, TOWNSHIP).stage is Stage.ACTIVE


def test_what_began_by_the_old_rule_names_it_in_every_step_and_the_decision_names_the_rule_in_force(
    session: Session,
) -> None:
    case = Driver(session, LAST).to_approval()
    if case.facts().former.drawn:
        case.do(Action.COUNTY_VISIT, REVIEWER, clause="")
    case.do(Action.POST_NOTICE, clause="").wait(8).do(Action.CLOSE_NOTICE, None, clause="")
    assert case.day() > FIRST.date()
    posted, closed = case.case.events[-2:]
    assert (posted.at.date() >= FIRST.date(), posted.clause, closed.clause) == (True, *["民发〔2012〕220号"] * 2)
    case.calculated().do(Action.CONFIRM, TOWNSHIP, clause="")
    assert case.case.events[-1].clause == "民发〔2021〕57号 第二十、二十一条"
    case.wait(180).do(Action.START_RECHECK, clause="")
    assert case.case.events[-1].clause.startswith("民发〔2021〕57号")


def test_an_objection_to_the_second_notice_begins_the_review_anew(session: Session) -> None:
    case = Driver(session, LAST).to_approval()
    if case.facts().former.drawn:
        case.do(Action.COUNTY_VISIT, REVIEWER)
    case.do(Action.POST_NOTICE).do(Action.OBJECT)
    assert case.stage is Stage.REVIEW
    facts = case.facts()
    assert not (facts.notice_held or facts.former.second_held or facts.former.meeting_held)


def test_by_the_new_rule_one_notice_is_enough(session: Session) -> None:
    case = Driver(session, FIRST).to_approval()
    assert "second_notice_not_asked" in refused(case.do, Action.POST_NOTICE)
    assert case.do(Action.CONFIRM, TOWNSHIP).stage is Stage.ACTIVE


def test_the_county_draws_at_least_three_of_ten_homes_and_visits_them_before_anything_is_confirmed(
    session: Session,
) -> None:
    first = Driver(session, LAST)
    cases = [another(first).to_approval() for _ in range(7)]
    rows = session.scalars(select(CountyCheck)).all()
    assert len(rows) == 7
    assert sum(row.picked for row in rows) * 10 >= 7 * 3
    drawn = next(case for case in cases if case.facts().former.drawn)
    assert drawn.case.waiting_role is REVIEWER
    assert "county_visit_missing" in refused(drawn.do, Action.CONFIRM, TOWNSHIP)
    drawn.do(Action.COUNTY_VISIT, REVIEWER)
    assert "county_visit_missing" not in refused(drawn.do, Action.CONFIRM, TOWNSHIP)


def test_a_doubtful_answer_forces_the_visit_whatever_the_lot(session: Session) -> None:
    first = Driver(session, LAST)
    for _ in range(4):
        case = another(first).to_review().do(Action.RECORD_SURVEY)
        case.do(Action.RECORD_CROSSCHECK, answers=(Answer(Source.BANK, case.day(), doubtful=True),))
        assert session.scalars(select(Crosscheck.doubtful).where(Crosscheck.benefit_id == case.case.id)).one()
        case.do(Action.REVIEW_MEETING).do(Action.GIVE_OPINION).do(Action.POST_NOTICE)
        assert case.wait(8).do(Action.CLOSE_NOTICE, None).facts().former.drawn


def test_by_the_new_rule_nothing_is_drawn(session: Session) -> None:
    Driver(session, FIRST).to_approval()
    assert session.scalars(select(CountyCheck)).all() == []


@pytest.mark.parametrize(
    ("now", "area", "review_class", "due"),
    [
        (datetime(2020, 8, 24, 9), Area.RURAL, ReviewClass.STABLE, date(2021, 8, 24)),
        (datetime(2020, 8, 24, 9), Area.RURAL, ReviewClass.HALF_YEARLY, date(2021, 2, 24)),
        (datetime(2020, 8, 24, 9), Area.RURAL, ReviewClass.CHANGING, date(2020, 11, 24)),
        (datetime(2020, 8, 24, 9), Area.URBAN, ReviewClass.CHANGING, date(2020, 9, 24)),
        (datetime(2020, 8, 25, 9), Area.URBAN, ReviewClass.CHANGING, date(2021, 2, 25)),
        (datetime(2021, 7, 1, 9), Area.URBAN, ReviewClass.HALF_YEARLY, date(2022, 1, 1)),
    ],
)
def test_reviews_fall_due_by_class_area_and_day(
    session: Session, now: datetime, area: Area, review_class: ReviewClass, due: date
) -> None:

    months = review_months(FIGURES, review_class, area, "511526100201", now.date())
    assert add_months(now.date(), months) == due
