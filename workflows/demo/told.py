"""Cases of the further schemes, told by the office's own steps.

To add a scheme: a module with ``tell(teller)`` and its line in ``TELLERS``. Only the sample of a first start has them:
a step costs a thousand times what a row does.
"""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from policy.figures import Figures
from workflows.demo import told_aid, told_leaving, told_personal, told_tekun
from workflows.demo.teller import Teller

TELLERS: tuple[Callable[[Teller], None], ...] = (
    told_tekun.tell, told_aid.tell, told_personal.tell, told_leaving.tell,
)  # fmt: skip


def tell_all(session: Session, figures: Figures, on: date) -> None:
    """Tell every scheme's cases as they stand on a day, in the caller's transaction."""
    for tell in TELLERS:
        tell(Teller(session, figures, on))
