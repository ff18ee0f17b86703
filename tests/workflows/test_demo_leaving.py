"""The sample's families that leave with exit money: one waits for it on the officer's desk, one was paid."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Benefit
from policy.figures import Figures
from policy.vocabulary import Role, Stage
from workflows import audit
from workflows.actor import SYSTEM
from workflows.demo import told_leaving
from workflows.demo.divisions import make_office
from workflows.demo.teller import Teller

NOW = datetime(2026, 3, 10, 9)


@pytest.fixture
def told(session: Session) -> list[Benefit]:
    audit.attribute(session, SYSTEM, NOW)
    make_office(session, date(2024, 10, 1), NOW)
    told_leaving.tell(Teller(session, Figures.shipped(), NOW.date()))
    return list(session.scalars(select(Benefit).order_by(Benefit.id)))


def test_two_families_left_with_two_months_of_their_aid_and_one_still_waits_for_it(told: list[Benefit]) -> None:
    assert [case.stage for case in told] == [Stage.EXITED] * 2
    assert [case.one_off_fen for case in told] == [83_000] * 2
    assert [(case.paid_on is None, case.waiting_role) for case in told] == [
        (True, Role.TOWNSHIP_OFFICER), (False, None),
    ]  # fmt: skip


def test_what_it_rests_on_is_told_as_the_samples_own(told: list[Benefit]) -> None:
    cites = {case.events[-1 if case.paid_on is None else -2].data["exit_money"]["cite"] for case in told}
    assert cites == {"样本县虚构文件：自愿退出低保补助 第二条"}
