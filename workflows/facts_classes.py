"""What the machine looks at beside the shared facts where a family is recognised for a term."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ClassFacts:
    """``valid_until``: the last day of the term; ``longest_months``: the longest one that may be given here."""

    valid_until: date | None = None
    longest_months: int | None = None
