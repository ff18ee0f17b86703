"""临时救助: paying first in an emergency, and its papers afterwards (民发〔2018〕23号)."""

from policy.vocabulary import Scheme
from workflows import checks as c
from workflows.rules.rule import LAW23, OFFICER, SYSTEM, A, R, Rule, S

TEMPORARY = (Scheme.TEMPORARY,)

# fmt: off
RULES: tuple[Rule, ...] = (
    # schemes, from, action, to, by whom, clause, what must be true, what must be given
    Rule(TEMPORARY, (S.APPLIED,), A.PAY_FIRST, S.ACTIVE, (R.TOWNSHIP_APPROVER,), LAW23 + "三（二）先行救助",
         (c.urgent, c.not_own_review), (c.amount_given, c.within_township_limit, c.words_given)),
    Rule(TEMPORARY, (S.APPLIED,), A.REFUSE, S.REFUSED, (R.TOWNSHIP_APPROVER,), LAW23 + "三（二）", (c.not_own_review,),
         (c.words_given, c.clause_given)),
    Rule(TEMPORARY, (S.ACTIVE,), A.RECORD_PAYMENT, S.EXITED, OFFICER, LAW23 + "三（二）", (), (c.day_given,)),
    Rule(TEMPORARY, (S.ACTIVE, S.EXITED), A.FILE_PAPER, None, OFFICER, LAW23 + "三（二）补齐手续",
         (c.papers_are_owed,), (c.papers_filed,)),
    Rule(TEMPORARY, (S.ACTIVE, S.EXITED), A.PAPERS_OVERDUE, None, SYSTEM, LAW23 + "三（二）补齐手续",
         (c.debt_is_overdue, c.debt_not_noted), by_time=True),
)
# fmt: on
