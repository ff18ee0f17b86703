"""What the machine looks at beside the shared facts in a case of 低保: what a place gives to who leaves by own wish."""

from dataclasses import dataclass
from datetime import date

from policy.vocabulary import Stage


@dataclass(frozen=True)
class LeavingFacts:
    """Exit money as its rules see it; ``months``: least and most months of aid that the place gives, if it does."""

    months: tuple[int, int] | None = None
    left_on: date | None = None
    """The day on which the family left by its own wish, while that holds."""
    granted_fen: int = 0
    paid: bool = False
    left_from: Stage | None = None
    """Where the case stood when the family left."""
