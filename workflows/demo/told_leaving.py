"""Families that leave 低保 by their own wish in a township that gives exit money: one waits for it, one has it.

None of the sample's documents gives exit money (墩集's does); the county's supervisor enters it for one township here.
"""

from datetime import date

from policy.figure_keys import Status
from policy.vocabulary import Action, Relation, Role, Scheme, Sex
from workflows import county_figures
from workflows.county_figures import Entry
from workflows.demo.divisions import YUHE
from workflows.demo.teller import Teller, Told

A, R = Action, Role
XINSHENG, HONGXING = f"{YUHE}201", f"{YUHE}202"
APART = 700
"""People of other tellers may be born on the same day; their numbers differ all the same."""
DOCUMENT = "样本县虚构文件：自愿退出低保补助"


def tell(teller: Teller) -> None:
    """The figures first, then the families."""
    teller.serial += APART
    _entered(teller)
    for village, name, ago, paid in ((XINSHENG, "项文贵", 3, False), (HONGXING, "杨阿朵", 12, True)):
        _left(teller, village, name, ago, paid)


def _entered(teller: Teller) -> None:
    """One to three months, as 墩政〔2020〕48号 二(二) has it for its own town."""
    since = teller.terms.ago(120)
    supervisor = teller.who(R.SUPERVISOR, YUHE)
    for key, months in (("exit.money_months_min", "1"), ("exit.money_months_max", "3")):
        entry = Entry(key, YUHE, months, since, DOCUMENT, "第二条", status=Status.OFFICIAL.value)
        county_figures.add(teller.session, supervisor, entry, teller.at(since, R.SUPERVISOR))
    teller.figures = county_figures.read(teller.session)


def _left(teller: Teller, village: str, name: str, ago: int, paid: bool) -> None:
    """On the roster of before; signs that it wants to leave, and is given two months of its aid."""
    begun, day = teller.terms.ago(60), teller.terms.ago(ago)
    head: Told = (name, Relation.HEAD, date(begun.year - 44, 3, 9), Sex.MALE, {})
    teller.taken_over(Scheme.DIBAO, village, begun, head, 41_500)
    words = "子女外出务工，收入稳定，自愿申请退出"
    teller.do(A.LEAVE, day, R.TOWNSHIP_APPROVER, form_signed=True, months=2, words=words)
    if paid:
        day = teller.terms.ago(ago - 2)
        teller.do(A.RECORD_PAYMENT, day, day=day, words="")
