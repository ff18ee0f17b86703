"""What is told of a day must be possible: no answer before the family authorised it, whatever the scheme."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Crosscheck
from policy.vocabulary import Action, Role, Scheme, Source, Stage
from tests.workflows.driver import Driver
from tests.workflows.refusals import refused
from workflows.facts import Answer


@pytest.mark.parametrize("scheme", [Scheme.DIBAO, Scheme.TEKUN, Scheme.TEMPORARY, Scheme.EDGE, Scheme.RIGID])
@pytest.mark.parametrize(("days", "reasons"), [(-400, True), (-1, True), (0, False), (1, False)])
def test_an_answer_counts_from_the_day_on_which_the_family_authorised_the_cross_check(
    session: Session, scheme: Scheme, days: int, reasons: bool
) -> None:
    case = Driver(session)
    signed = case.day()
    case.apply(scheme).do(Action.ACCEPT).do(Action.START_REVIEW).wait(3)
    answers = (Answer(Source.BANK, case.day()), Answer(Source.TAX, signed + timedelta(days=days)))
    if reasons:
        step = lambda: case.do(Action.RECORD_CROSSCHECK, answers=answers)  # noqa: E731
        assert refused(step) == ["answer_before_authorisation"]
        assert session.scalars(select(Crosscheck)).all() == []
    else:
        case.do(Action.RECORD_CROSSCHECK, answers=answers)
        assert case.facts().sources_back == {Source.BANK, Source.TAX}


@pytest.mark.parametrize(("days", "reasons"), [(-1, ["before_decision"]), (0, []), (1, ["day_in_future"])])
def test_a_refusal_is_told_from_the_day_of_its_decision_on(session: Session, days: int, reasons: list[str]) -> None:
    case = Driver(session).to_opinion(grants=False).do(Action.SUBMIT_REFUSAL)
    case.do(Action.REFUSE, Role.TOWNSHIP_APPROVER)
    told = case.day() + timedelta(days=days)
    if reasons:
        assert refused(case.do, Action.TELL_REFUSAL, day=told) == reasons
    else:
        assert case.do(Action.TELL_REFUSAL, day=told).facts().refusal_told


@pytest.mark.parametrize(("urgent", "days", "fits"), [(True, -1, True), (False, -1, False), (False, 0, True)])
def test_aid_is_paid_from_the_day_of_its_decision_on_but_for_an_emergency(
    session: Session, urgent: bool, days: int, fits: bool
) -> None:
    case = Driver(session).apply(Scheme.TEMPORARY, urgent=urgent, requested_fen=40_000)
    if urgent:
        case.do(Action.PAY_FIRST, Role.TOWNSHIP_APPROVER)
    else:
        case.do(Action.ACCEPT).do(Action.START_REVIEW).do(Action.RECORD_SURVEY).do(Action.RECORD_CROSSCHECK)
        case.do(Action.GIVE_OPINION).do(Action.POST_NOTICE).wait(8).do(Action.CLOSE_NOTICE, None)
        case.do(Action.CONFIRM, Role.TOWNSHIP_APPROVER)
    paid = case.day() + timedelta(days=days)
    if fits:
        assert case.do(Action.RECORD_PAYMENT, day=paid).stage is Stage.EXITED
    else:
        assert refused(case.do, Action.RECORD_PAYMENT, day=paid) == ["before_decision"]


@pytest.mark.parametrize(("days", "fits"), [(-1, True), (0, True), (1, False)])
def test_a_democratic_review_is_not_told_before_it_was_held(session: Session, days: int, fits: bool) -> None:
    case = Driver(session, datetime(2021, 6, 28, 9)).to_review().do(Action.RECORD_SURVEY).do(Action.RECORD_CROSSCHECK)
    day = case.day() + timedelta(days=days)
    if fits:
        assert case.do(Action.REVIEW_MEETING, day=day).facts().former.meeting_held
    else:
        assert refused(case.do, Action.REVIEW_MEETING, day=day) == ["day_in_future"]


@pytest.mark.parametrize(("days", "taken"), [(-1, True), (0, False), (200, False)])
@pytest.mark.parametrize("scheme", [Scheme.DIBAO, Scheme.TEKUN, Scheme.EDGE, Scheme.RIGID])
def test_no_application_is_taken_until_the_term_for_dishonest_acts_is_over(
    session: Session, scheme: Scheme, days: int, taken: bool
) -> None:
    """南平 三(五): 年内不受理其申请."""
    case = Driver(session)
    case.home.dishonest_until = case.day() + timedelta(days=days)
    if taken:
        assert case.apply(scheme).stage is Stage.APPLIED
    else:
        assert refused(case.apply, scheme) == ["barred_until"]


def test_an_emergency_is_helped_whatever_was_done_before(session: Session) -> None:
    case = Driver(session)
    case.home.dishonest_until = case.day() + timedelta(days=200)
    assert case.apply(Scheme.TEMPORARY, urgent=True).stage is Stage.APPLIED
