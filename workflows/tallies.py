"""What a recalculation finds, added up: one case beside what it would be, sums by place and by class of people."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import NamedTuple

from policy.family import Trial
from policy.figures import Figures

OUTCOMES = ("up", "down", "same", "over", "back", "in", "grace", "special", "incomplete")
"""``over``: paid now, and not any more by the new figures; ``back``: over the line by the old figures, not by the new;
``in``: refused before, and would be let in; ``grace``: in its grace period, where the amount stays; ``special``: needs
a decision on the single case; ``incomplete``: the facts do not tell."""
EASED = "grace"
"""Stands among the reasons of a case over the line that a grace period would carry."""
CLASSES = ("elderly", "minor", "severe_disability", "major_illness")


class Change(NamedTuple):
    """One case as it would be: amounts in 分 a month; ``reasons``: codes of what stands against it."""

    benefit_id: int
    row_version: int
    township_code: str
    village_code: str
    persons: int
    outcome: str
    before_fen: int
    after_fen: int
    income_month_fen: int | None
    standard_fen: int | None
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Cases of a place or class: how many of each outcome, their people, and 分 a month before and after.

    Those over the line are in ``after_fen`` with what they are paid now; ``over_fen`` says how much of it that is.
    """

    families: int = 0
    people: int = 0
    up: int = 0
    down: int = 0
    same: int = 0
    over: int = 0
    eased: int = 0
    back: int = 0
    in_: int = 0
    grace: int = 0
    special: int = 0
    incomplete: int = 0
    before_fen: int = 0
    after_fen: int = 0
    over_fen: int = 0

    def count(self, change: Change, people: int | None = None) -> None:
        """Add a case; ``people``: how many of it count here, all of them if left out."""
        self.families += 1
        self.people += change.persons if people is None else people
        name = _FIELD.get(change.outcome, change.outcome)
        setattr(self, name, getattr(self, name) + 1)
        self.before_fen += change.before_fen
        self.after_fen += change.after_fen
        if change.outcome == "over":
            self.over_fen += change.before_fen
            self.eased += EASED in change.reasons

    def add(self, other: "Tally") -> None:
        """Add up two tallies of different cases."""
        for name in TALLIED:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_json(self) -> dict[str, int]:
        """Names and numbers, as they are kept."""
        return {name.rstrip("_"): getattr(self, name) for name in TALLIED}


TALLIED = tuple(one.name for one in fields(Tally))
_FIELD = {"in": "in_"}  # a word of the language cannot name a field


@dataclass(slots=True)
class Preview:
    """What new figures would change: sums in all, by township, by class of people, and every case that changes.

    A family stands under each class that one of its people belongs to; ``people`` there counts those people.
    """

    on: date
    scope: str
    total: Tally = field(default_factory=Tally)
    townships: dict[str, Tally] = field(default_factory=dict)
    classes: dict[str, Tally] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def add(self, change: Change, people: Mapping[str, int] | None = None) -> None:
        """Count a case; ``people``: how many of it are of which class."""
        self.total.count(change)
        self.townships.setdefault(change.township_code, Tally()).count(change)
        for name, number in (people or {}).items():
            self.classes.setdefault(name, Tally()).count(change, number)
        if change.outcome != "same":
            self.changes.append(change)

    def join(self, other: "Preview") -> None:
        """Take up another part of the same county."""
        self.total.add(other.total)
        for mine, theirs in ((self.townships, other.townships), (self.classes, other.classes)):
            for name, tally in theirs.items():
                mine.setdefault(name, Tally()).add(tally)
        self.changes += other.changes


@dataclass(frozen=True)
class Plan:
    """Figures to calculate with, and trial values (元 as people write them) that win over them."""

    figures: Figures
    trial: Trial = field(default_factory=dict)
