"""Taking running cases over from rosters, and taking that back."""

from policy.clauses import LAW23, LAW57
from policy.vocabulary import Scheme
from workflows import checks as c
from workflows.rules.rule import TAKERS, A, Rule, S
from workflows.rules.temporary import TEMPORARY

ROSTERED = (Scheme.DIBAO, Scheme.TEKUN)
"""Schemes whose running cases are taken over from rosters."""

# fmt: off
ROSTERS: tuple[Rule, ...] = (
    # schemes, from, action, to, by whom, clause, what must be true, what must be given
    Rule(TEMPORARY, (None,), A.TAKE_OVER, S.EXITED, TAKERS, LAW23 + "三（二）", (),
         (c.amount_given,)),
    Rule(ROSTERED, (None,), A.TAKE_OVER, S.ACTIVE, TAKERS, LAW57 + "第三十一条",
         (c.no_open_case,), (c.amount_given,)),
    Rule(TEMPORARY, (S.EXITED,), A.TAKE_BACK, S.WITHDRAWN, TAKERS, LAW23 + "三（二）",
         (c.was_taken_over, c.untouched), (c.import_named, c.words_given), in_batch=True),
    Rule(ROSTERED, (S.ACTIVE,), A.TAKE_BACK, S.WITHDRAWN, TAKERS, LAW57 + "第三十一条",
         (c.was_taken_over, c.untouched), (c.import_named, c.words_given), in_batch=True),
)
# fmt: on
