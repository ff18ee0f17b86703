"""What the machine looks at beside the shared facts in a case of temporary aid."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Minutes(NamedTuple):
    """What a meeting of the county government decided (一事一议): for or against, and 分 once."""

    grants: bool
    amount_fen: int | None = None


@dataclass(frozen=True)
class Instalment:
    """One payment of a plan: its day, its 分, and whether it was paid or stopped."""

    due_on: date
    amount_fen: int
    paid: bool = False
    stopped: bool = False

    @property
    def open(self) -> bool:
        """Whether it still waits to be paid."""
        return not self.paid and not self.stopped


@dataclass(frozen=True)
class TemporaryFacts:
    """A case of temporary aid as its rules see it; ``outsider``: the family is registered elsewhere."""

    requested_fen: int = 0
    ceiling_fen: int | None = None
    at_place: bool = False
    """Whether people from elsewhere are helped here."""
    staged: bool = False
    """Whether staged payments are allowed here."""
    outsider: bool = False
    home_told: bool = False
    spending_only: bool = False
    """The family receives 低保 or 特困: only its spending is checked."""
    own_cost_known: bool = False
    minutes: Minutes | None = None
    plan: tuple[Instalment, ...] = ()

    @property
    def left(self) -> tuple[Instalment, ...]:
        """The payments that still wait."""
        return tuple(one for one in self.plan if one.open)
