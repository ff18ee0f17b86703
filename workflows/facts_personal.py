"""What the machine looks at beside the shared facts where one person is entitled."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from policy.vocabulary import ParentKind, ParentState


@dataclass(frozen=True)
class PersonalFacts:
    """``parents``: of whom it was found out in this round; ``valid_until``: the last day before coming of age."""

    parents: frozenset[ParentKind] = frozenset()
    valid_until: date | None = None


class ParentTold(NamedTuple):
    """What a check found out of a parent: why they do not raise the child, from when until when."""

    kind: ParentKind
    state: ParentState
    since: date | None = None
    until: date | None = None
    note: str = ""
