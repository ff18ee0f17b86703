"""One step being taken, as what it writes sees it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy.orm import Session

from models import Benefit
from models.base import Scoped
from policy.figures import Figures
from policy.vocabulary import Action
from workflows.actor import Actor
from workflows.facts import Facts, Given

R = TypeVar("R", bound=Scoped)


class After(NamedTuple):
    """A step of another case that follows from one, taken by the system in the same transaction."""

    benefit: Benefit
    action: Action
    given: Given
    wanted: Callable[[Benefit], bool]
    """Whether it is still to be taken, asked once the case is locked: somebody may have moved it meanwhile."""


@dataclass
class Step:
    """One step being taken; an effect may add to ``data``, which the event keeps."""

    session: Session
    benefit: Benefit
    facts: Facts
    given: Given
    actor: Actor
    now: datetime
    figures: Figures
    data: dict[str, Any]
    after: list[After] = field(default_factory=list)
    rests_on: int | None = None
    """The calculation that the step itself made, where it made one."""

    @property
    def on(self) -> date:
        return self.now.date()

    @property
    def place(self) -> str:
        return self.benefit.village_code

    def figure(self, key: str) -> int:
        """A figure's number for this place today."""
        return self.figures.get(key, place=self.place, on=self.on).whole

    def place_row(self, row: R) -> R:
        """Give a new row of this case the case's division codes."""
        row.township_code, row.village_code = self.benefit.township_code, self.benefit.village_code
        return row


Effect = Callable[[Step], None]
"""What an action writes beside the stage and its event."""
