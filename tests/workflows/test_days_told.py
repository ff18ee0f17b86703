"""What is told of a day must be possible: no answer before the family authorised it, whatever the scheme."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Crosscheck
from policy.vocabulary import Action, Scheme, Source
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
