"""How support ends, when it is looked at again, and how it goes on for who was taken over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit
from policy.calendar import add_working_days, month_after
from policy.vocabulary import EndReason, LeaveReason, Mode, Scheme, Stage, StudyLevel
from tests.workflows.driver import FIGURES, START
from tests.workflows.refusals import refused
from tests.workflows.supporting import APPROVER, OFFICER, A, Support
from workflows import casework
from workflows.facts import Given
from workflows.takeover import OnRoster, take_over_many


def test_support_ends_by_own_wish_only_after_seven_days_of_notice_and_from_next_month(session: Session) -> None:
    case = Support(session).active()
    assert refused(case.do, A.POST_END_NOTICE, form_signed=False) == ["exit_form_missing"]
    assert refused(case.do, A.EXIT, APPROVER) == ["end_notice_missing"]
    case.ending()
    last_day = case.day() + timedelta(days=7)
    assert case.case.end_notice_until == case.case.step_due_on == last_day
    case.wait(7)
    assert case.tick() == {}
    assert refused(case.do, A.EXIT, APPROVER) == ["notice_not_over"]
    case.wait(1)
    assert case.tick() == {A.CLOSE_END_NOTICE: 1}
    assert case.case.waiting_role is APPROVER
    case.do(A.EXIT, APPROVER)
    assert (case.stage, case.last(A.EXIT).data["from_month"]) == (Stage.EXITED, month_after(case.day()).isoformat())
    assert case.last(A.EXIT).data["end_reason"] == "own_wish" and case.case.agreement_lacking_since is None


def test_an_objection_takes_the_notice_of_ending_down_and_it_hangs_anew(session: Session) -> None:
    case = Support(session).active().ending()
    case.wait(2).do(A.OBJECT)
    assert (case.stage, case.case.end_notice_until) == (Stage.RECHECK, None)
    assert case.case.step_due_on == add_working_days(case.day(), 15)
    assert refused(case.do, A.POST_END_NOTICE, end_reason=EndReason.MEANS) == ["opinion_missing"]
    case.do(A.RECORD_SURVEY).do(A.GIVE_OPINION, grants=False)
    case.ending(EndReason.MEANS)
    assert case.case.end_notice_until == case.day() + timedelta(days=7)


def test_means_over_the_rules_end_support_after_a_recheck_with_an_opinion_against(session: Session) -> None:
    case = Support(session).active()
    assert refused(case.ending, EndReason.MEANS) == ["end_needs_recheck"]
    case.wait(300).do(A.START_RECHECK).do(A.RECORD_SURVEY)
    case.do(A.GIVE_OPINION)
    assert refused(case.ending, EndReason.MEANS) == ["opinion_is_grant"]
    case.do(A.GIVE_OPINION, grants=False)
    case.ending(EndReason.MEANS).wait(8)
    case.tick()
    assert case.do(A.EXIT, APPROVER).stage is Stage.EXITED


def test_after_a_death_time_hangs_the_notice_out_and_ends_support(session: Session) -> None:
    case = Support(session).active()
    case.person.left_on, case.person.leave_reason = case.day(), LeaveReason.DEATH
    assert case.tick() == {A.POST_END_NOTICE: 1}
    assert case.tick() == {}
    case.wait(8)
    assert case.tick() == {A.CLOSE_END_NOTICE: 1, A.END_ON_DEATH: 1}
    assert case.stage is Stage.EXITED and case.tick() == {}


def test_support_is_looked_at_each_year(session: Session) -> None:
    case = Support(session).active()
    assert case.case.review_due_on == case.day().replace(year=2027)


def test_of_a_minor_the_review_falls_on_the_eighteenth_birthday(session: Session) -> None:
    case = Support(session, birth=date(2011, 2, 10))
    case.now = START.replace(year=2028, month=9)
    case.active()
    assert case.case.review_due_on == date(2029, 2, 10)


def test_of_a_pupil_of_eighteen_the_review_falls_on_the_end_of_the_school_year(session: Session) -> None:
    case = Support(session, birth=date(2011, 2, 10), study=StudyLevel.HIGH)
    case.now = START.replace(year=2028, month=9)
    case.active()
    case.now = START.replace(year=2029, month=2, day=10)
    case.do(A.START_RECHECK).do(A.RECORD_SURVEY).do(A.GIVE_OPINION).do(A.KEEP, APPROVER)
    assert case.case.review_due_on == date(2029, 9, 1)


# A case of 2026-03-02 that a roster brings is looked at by 2026-09-02; who is ripe before that, on that day.
@pytest.mark.parametrize("at_once", [False, True], ids=["by itself", "in one go"])
@pytest.mark.parametrize(
    ("birth", "study", "due"),
    [
        (date(2008, 9, 1), None, date(2026, 9, 1)),
        (date(2008, 9, 2), None, date(2026, 9, 2)),
        (date(2008, 9, 3), None, date(2026, 9, 2)),
        (date(2008, 3, 3), None, date(2026, 3, 3)),
        (date(2008, 3, 2), None, date(2026, 9, 2)),
        (date(2008, 3, 2), StudyLevel.HIGH, date(2026, 9, 1)),
        (date(1950, 6, 1), None, date(2026, 9, 2)),
    ],
)
def test_of_who_is_taken_over_coming_of_age_and_the_end_of_school_are_announced_beforehand(
    session: Session, birth: date, study: StudyLevel | None, due: date, at_once: bool
) -> None:
    case = Support(session, birth=birth, study=study)
    _taken_over(case, at_once)
    assert case.case.review_due_on == due and case.tick() == {}


def _taken_over(case: Support, at_once: bool = False) -> None:
    actor = case.actor(OFFICER)
    if at_once:
        home = case.home
        told = OnRoster(home.id, home.township_code, home.village_code, home.area, 1, 90_000, scheme=Scheme.TEKUN)
        assert take_over_many(case.session, [told], actor, case.now, FIGURES, "花名册接续").refused == {}
        case.case = case.session.scalars(select(Benefit)).one()
    else:
        given = Given(amount_fen=90_000)
        claim = casework.Claim(Scheme.TEKUN)
        case.case = casework.open_case(case.session, case.home, claim, A.TAKE_OVER, actor, given, case.now, FIGURES)


@pytest.mark.parametrize(
    ("months", "due"), [(-1, date(2026, 6, 1)), (0, date(2026, 6, 1)), (1, date(2026, 7, 1))],
    ids=["before the birthday", "on it", "told a month later"],
)  # fmt: skip
def test_a_birth_that_is_put_right_later_brings_the_review_forward_at_once(
    session: Session, months: int, due: date
) -> None:
    case = Support(session, birth=date(1950, 6, 1))
    _taken_over(case)
    case.person.birth, case.now = date(2008, 6, 1), START.replace(month=6 + months, day=1)
    assert case.tick() == {A.PLAN_REVIEW: 1}
    assert case.case.review_due_on == due and case.tick() == {}


def test_a_case_taken_over_is_rechecked_on_this_path(session: Session) -> None:
    case = Support(session)
    claim, given, officer = casework.Claim(Scheme.TEKUN), Given(amount_fen=60_000), case.actor(OFFICER)
    case.case = casework.open_case(session, case.home, claim, A.TAKE_OVER, officer, given, case.now, FIGURES)
    case.wait(30).do(A.START_RECHECK).do(A.RECORD_SURVEY).do(A.ASSESS_SELF_CARE).do(A.RECORD_WISH).calculated()
    found = case.facts().finding
    assert found is not None
    step = A.RAISE if found.payable_fen > 60_000 else A.CUT
    case.do(A.GIVE_OPINION).do(step, APPROVER)
    assert (case.stage, case.case.monthly_fen) == (Stage.ACTIVE, found.payable_fen)


def test_an_ending_by_own_wish_rests_on_no_calculation_of_before(session: Session) -> None:
    case = Support(session).active().ending()
    case.wait(8)
    case.tick()
    case.do(A.EXIT, APPROVER)
    assert case.last(A.EXIT).finding_id is None


@pytest.mark.parametrize(("mode", "lacks"), [(None, True), (Mode.HOME, True), (Mode.CENTRAL, False)])
def test_who_is_taken_over_at_home_lacks_an_agreement(session: Session, mode: Mode | None, lacks: bool) -> None:
    case = Support(session, support_mode=mode)
    family = OnRoster(
        case.home.id, case.home.township_code, case.home.village_code, case.home.area, 1, 90_000, scheme=Scheme.TEKUN
    )
    assert take_over_many(session, [family], case.actor(OFFICER), case.now, FIGURES, "花名册接续").refused == {}
    case.case = session.scalars(select(Benefit)).one()
    assert (case.case.agreement_lacking_since == case.day()) is lacks
    if lacks:
        case.do(A.SIGN_AGREEMENT)
        assert case.case.agreement_lacking_since is None
