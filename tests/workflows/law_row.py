"""One row of the law as the tests tell it; each scheme has a table of its own."""

from dataclasses import dataclass

from policy.vocabulary import Action as A
from policy.vocabulary import Role as R
from policy.vocabulary import Scheme as Sch
from policy.vocabulary import Stage as S


@dataclass(frozen=True)
class Law:
    """Schemes, stages it starts from, action, stage afterwards (None: unchanged), roles, the ways it goes wrong."""

    schemes: tuple[Sch, ...]
    from_: tuple[S | None, ...]
    action: A
    to: S | None
    roles: tuple[R, ...]
    wrongs: tuple[str, ...] = ()
    by_time: bool = False
