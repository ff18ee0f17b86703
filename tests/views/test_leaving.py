"""Leaving 低保 by own wish in the browser where the place gives exit money: asked, shown, printed, paid, taken back."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models import CountyFigure
from policy.calendar import add_months
from policy.figure_keys import Measure, Status
from policy.vocabulary import Action, Stage
from tests import factories
from tests.clock import START
from tests.views.case_papers import told
from tests.views.clerks import APPROVER, OFFICER, Clerks, reasons
from views.db import db
from workflows import audit
from workflows.actor import SYSTEM

A = Action
ONE_AND_THREE = {"exit.money_months_min": "1", "exit.money_months_max": "3"}


@pytest.fixture
def generous(app, clerks) -> Clerks:
    """A paid family in a county whose own document gives one to three months."""
    clerks.to_active()
    with app.app_context(), Session(db.engine) as session:
        audit.attribute(session, SYSTEM, clerks.clock())
        for key, value in ONE_AND_THREE.items():
            session.add(
                CountyFigure(
                    key=key,
                    place_code=factories.COUNTY,
                    measure=Measure.MONTHS,
                    value=value,
                    valid_from=date(2026, 1, 1),
                    document="珙民发〔2026〕3号",
                    clause="第二条",
                    status=Status.OFFICIAL,
                    added_at=START,
                )
            )
        session.commit()
    clerks.wait(1)
    return clerks


def test_the_dialog_offers_none_or_so_many_months_each_with_its_sum(generous):
    page = generous.browser(APPROVER).get(generous.url(A.LEAVE)).get_data(as_text=True)
    assert "不给予退出补助" in page and "1个月，一次性790.00元" in page and "3个月，一次性2,370.00元" in page


def test_a_dialog_elsewhere_asks_nothing_of_exit_money(clerks):
    clerks.to_active()
    assert "退出补助" not in clerks.browser(OFFICER).get(clerks.url(A.LEAVE)).get_data(as_text=True)


def test_unanswered_it_is_asked_for(generous):
    answer = generous.press(APPROVER, A.LEAVE)
    assert answer.status_code == 422 and "请选择是否给予退出补助" in reasons(answer)[0]


def test_granted_it_stands_on_the_case_and_in_the_letter_then_it_is_paid(generous):
    assert generous.press(APPROVER, A.LEAVE, exit_months="2").status_code == 303
    assert generous.stage is Stage.EXITED and generous.row().one_off_fen == 158_000
    page = generous.page(OFFICER)
    assert "退出补助" in page and "1,580.00" in page
    letter = told(generous, "exit")
    assert "珙民发〔2026〕3号第二条" in letter and "一次性发给2个月的最低生活保障金，共计1,580.00元" in letter
    assert "退出一次性补助" in letter
    generous.do((A.RECORD_PAYMENT, OFFICER))
    assert generous.row().paid_on == generous.clock().date()


def test_taken_back_the_family_is_paid_again_and_told_so(generous):
    generous.press(APPROVER, A.LEAVE, exit_months="2")
    generous.do((A.UNDO_LEAVE, APPROVER))
    row = generous.row()
    assert (row.stage, row.one_off_fen, row.monthly_fen) == (Stage.ACTIVE, 0, 79_000)
    assert "撤销退出，继续发放" in told(generous, "resumption")


def test_what_was_held_back_before_the_leaving_stays_so_and_the_letter_says_no_other(generous):
    with generous.app.app_context(), Session(db.engine) as session:
        home = factories.household(session)
        held = factories.benefit(session, home, Stage.SUSPENDED, monthly_fen=79_000, decided_on=factories.JOINED)
        session.commit()
        generous.id = held.id
    assert generous.press(OFFICER, A.LEAVE, exit_months="0").status_code == 303
    generous.do((A.UNDO_LEAVE, APPROVER))
    assert generous.stage is Stage.SUSPENDED
    letter = told(generous, "resumption")
    assert "撤销退出最低生活保障告知书" in letter and "仍按原决定停发" in letter and "发放" not in letter


def test_the_letter_to_who_is_in_grace_again_says_until_when(generous):
    with generous.app.app_context(), Session(db.engine) as session:
        home, until = factories.household(session), add_months(generous.clock().date(), 6)
        eased = {"monthly_fen": 79_000, "decided_on": factories.JOINED, "grace_until": until}
        generous.id = factories.benefit(session, home, Stage.GRACE, **eased).id
        session.commit()
    assert generous.press(OFFICER, A.LEAVE, exit_months="0").status_code == 303
    generous.do((A.UNDO_LEAVE, APPROVER))
    letter, day = told(generous, "resumption"), f"{until.year}年{until.month}月{until.day}日"
    assert "撤销退出，继续发放" in letter and f"渐退期仍至{day}止，期满后退出最低生活保障" in letter
