"""What a case of 特困 alone has: care, wishes, the county's draw, a reported change, the notice of ending."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from policy.vocabulary import EndReason, HomeGround, Mode


@dataclass(frozen=True)
class TekunFacts:
    """A case of 特困 as the rules see it on a day; people are named by the number of the member."""

    assessed: frozenset[int] = frozenset()
    """Whose self-care was assessed by the six items."""
    wishes: Mapping[int, Mode] = field(default_factory=dict)
    """Who wished to be supported how."""
    to_check: bool = False
    """Drawn for the county's own visit, and not decided yet."""
    assess_by: date | None = None
    """By when a reported change of self-care must be assessed; None where none is open."""
    changed: bool = False
    """Whether care or wish changed since the amount was last decided."""
    in_home: frozenset[int] = frozenset()
    referred: frozenset[int] = frozenset()
    """Who was referred to another institution, and has not moved into a home since."""
    home_bar: frozenset[HomeGround] = frozenset()
    """What a home here may not take in."""
    end_reason: EndReason | None = None
    end_until: date | None = None
    """The last day of the notice of ending; None where none was posted, or it was taken down."""
    end_held: bool = False
    """Whether that notice has hung for its full term without an objection."""
    review_due_on: date | None = None
    to_ask: frozenset[int] = frozenset()
    """Who left a home after having chosen one, and was not asked since where to be supported."""
