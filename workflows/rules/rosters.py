"""Taking running cases over from rosters, and taking that back."""

from policy.clauses import LAW23, LAW43, LAW57
from policy.vocabulary import Scheme
from workflows import checks as c
from workflows import inputs as g
from workflows.rules.rule import TAKERS, A, Rule, S
from workflows.rules.temporary import TEMPORARY

_LOOKED_AT = {Scheme.DIBAO: LAW57 + "第三十一条", Scheme.TEKUN: LAW43 + "第二十五条"}
ROSTERED = tuple(_LOOKED_AT)
"""Schemes whose running cases are taken over from rosters, to be looked at again by the clause of each."""

# fmt: off
ROSTERS: tuple[Rule, ...] = (
    # schemes, from, action, to, by whom, clause, what must be true, what must be given
    Rule(TEMPORARY, (None,), A.TAKE_OVER, S.EXITED, TAKERS, LAW23 + "三（二）", (),
         (g.amount_given,)),
    *(Rule((of,), (None,), A.TAKE_OVER, S.ACTIVE, TAKERS, clause, (c.no_open_case,), (g.amount_given,))
      for of, clause in _LOOKED_AT.items()),
    Rule(TEMPORARY, (S.EXITED,), A.TAKE_BACK, S.WITHDRAWN, TAKERS, LAW23 + "三（二）",
         (c.was_taken_over, c.untouched), (g.import_named, g.words_given), in_batch=True),
    *(Rule((of,), (S.ACTIVE,), A.TAKE_BACK, S.WITHDRAWN, TAKERS, clause,
           (c.was_taken_over, c.untouched), (g.import_named, g.words_given), in_batch=True)
      for of, clause in _LOOKED_AT.items()),
)
# fmt: on
