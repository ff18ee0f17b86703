"""The law of leaving 低保 by own wish: exit money where it is given (墩政〔2020〕48号 二(二)), and the way back."""

from datetime import date, timedelta
from typing import Any

from policy.vocabulary import Action as A
from policy.vocabulary import Role as R
from policy.vocabulary import Scheme as Sch
from policy.vocabulary import Stage as S
from tests.workflows.law_row import Law
from workflows.facts_dibao import LeavingFacts

ON = date(2026, 3, 2)
DIBAO = (Sch.DIBAO,)
OFFICER, CONFIRMERS = (R.TOWNSHIP_OFFICER,), (R.TOWNSHIP_APPROVER, R.COUNTY_APPROVER)
NOWHERE, HERE = LeavingFacts(), LeavingFacts((1, 3))
LEFT = LeavingFacts(left_on=date(2026, 3, 1), granted_fen=150_000)

# fmt: off
LAW = (
    Law(DIBAO, (S.ACTIVE, S.RECHECK), A.LEAVE, S.EXITED, OFFICER,
        ("exit money is decided here", "exit money where there is none", "form not signed", "no words")),
    Law(DIBAO, (S.ACTIVE, S.RECHECK), A.LEAVE, S.EXITED, CONFIRMERS,
        ("no exit money here", "wrong level", "exit money not told", "exit money for too long", "form not signed",
         "no words")),
    Law(DIBAO, (S.GRACE, S.SUSPENDED), A.LEAVE, S.EXITED, OFFICER,
        ("exit money where there is none", "form not signed", "no words")),
    Law(DIBAO, (S.EXITED,), A.UNDO_LEAVE, S.ACTIVE, CONFIRMERS,
        ("open case", "did not leave", "first day of the next month", "exit money paid", "wrong level", "nobody left",
         "no words")),
    Law(DIBAO, (S.EXITED,), A.RECORD_PAYMENT, None, OFFICER,
        ("no exit money", "exit money paid", "no day", "future day")),
)
# fmt: on

WRONGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "exit money is decided here": ("confirmer_is", {"leaving": HERE}, {"months": 1}),
    "exit money where there is none": ("no_exit_money_here", {}, {"months": 1}),
    "no exit money here": ("officer_records", {"leaving": NOWHERE}, {"months": 0}),
    "exit money not told": ("exit_money_months", {}, {"months": None}),
    "exit money for too long": ("exit_money_months", {}, {"months": 4}),
    "did not leave": ("not_left", {"leaving": NOWHERE}, {}),
    "first day of the next month": (
        "leaving_in_force", {"leaving": LeavingFacts(left_on=ON.replace(day=1) - timedelta(days=1))}, {},
    ),
    "exit money paid": ("exit_money_paid", {"leaving": LeavingFacts(None, ON, 150_000, True)}, {}),
    "no exit money": ("no_exit_money", {"leaving": LeavingFacts(left_on=ON)}, {}),
}  # fmt: skip


def good_facts(law: Law, scheme: Sch, role: R | None) -> dict[str, Any]:
    """What stands well beside the shared facts: exit money is given here only where a confirmer takes the step."""
    if scheme is not Sch.DIBAO:
        return {}
    if law.action is A.LEAVE:
        return {"leaving": HERE if role in CONFIRMERS else NOWHERE}
    return {"leaving": LEFT} if law.action in (A.UNDO_LEAVE, A.RECORD_PAYMENT) else {}


def good_given(law: Law) -> dict[str, Any]:
    """No exit money, which is an answer everywhere."""
    return {"months": 0} if law.action is A.LEAVE else {}
