"""The sample county's subsidies and children's money: told by real steps on any day, and what the lists say of them."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit
from policy.figures import Figures
from policy.vocabulary import PERSONAL, Role, Scheme, Stage
from workflows import demo, entitlement
from workflows.actor import Actor
from workflows.demo import told_personal
from workflows.demo.teller import Teller
from workflows.entitlement import Why

FIGURES = Figures.shipped()
COUNTY = Actor(1, "县级", Role.COUNTY_REVIEWER, "511526")


@pytest.mark.parametrize("now", [datetime(2026, 3, 2, 20), datetime(2026, 10, 8, 9), datetime(2026, 11, 22, 12)])
def test_every_turn_of_the_path_is_there_on_any_day(session: Session, now: datetime) -> None:
    demo.fill(session, households=10, seed=1, on=now.date(), now=now)
    told_personal.tell(Teller(session, FIGURES, now.date()))
    session.commit()
    cases = session.scalars(select(Benefit).where(Benefit.scheme.in_(PERSONAL))).all()
    assert {case.scheme for case in cases} == set(PERSONAL)
    assert {Stage.APPLIED, Stage.REVIEW, Stage.APPROVAL, Stage.ACTIVE} <= {case.stage for case in cases}
    complained = [case for case in cases if case.complaint_open]
    assert [case.waiting_role for case in complained] == [Role.COUNTY_REVIEWER]
    assert all(case.step_due_on is not None for case in complained)
    lost = entitlement.page(session, COUNTY, FIGURES, now.date(), "lost").rows
    assert [(row.why, row.scheme) for row in lost] == [(Why.NOT_POOR, Scheme.LIVING_SUBSIDY)]
