"""Folds the events of a 特困 case into what its rules ask."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models import Benefit, Event
from policy.figures import Figures
from policy.vocabulary import IN_FORCE, Action, EndReason, HomeGround, Mode, Stage
from workflows.facts_tekun import TekunFacts

A = Action
AMOUNT_DECIDED = frozenset({A.CONFIRM, A.KEEP, A.RAISE, A.CUT, A.CHANGE_SUPPORT, A.TAKE_OVER})
HANDED_UP = frozenset({A.CLOSE_NOTICE, A.SUBMIT_REFUSAL})
MAKES_FINDINGS_OLD = frozenset({A.ASSESS_SELF_CARE, A.RECORD_WISH})
"""After these, only a new calculation counts: they change what is paid."""


@dataclass
class TekunRound:
    """What still counts of the steps so far; a recheck takes none of it back."""

    person: int | None = None
    """The one person of the case, who has another number in each family they came to; None where it is a family's."""
    assessed: set[int] = field(default_factory=set)
    wishes: dict[int, Mode] = field(default_factory=dict)
    in_home: set[int] = field(default_factory=set)
    to_ask: set[int] = field(default_factory=set)
    referred: set[int] = field(default_factory=set)
    to_check: bool = False
    assess_by: date | None = None
    reported: int | None = None
    """Whose change of self-care was reported last."""
    changed: bool = False
    end_reason: EndReason | None = None
    end_until: date | None = None
    end_held: bool = False

    def add(self, event: Event) -> bool:
        """Fold one event in, in the order they happened; True where calculations from before it count no more."""
        self._decisions(event)
        self._support(event)
        ending = event.action in (A.OBJECT, A.RETURN) and event.from_stage in IN_FORCE
        return ending or event.action in MAKES_FINDINGS_OLD

    @property
    def ends_uncalculated(self) -> bool:
        """Whether an ending is announced that rests on no calculation: after a death, or by own wish."""
        return self.end_reason in (EndReason.DEATH, EndReason.OWN_WISH)

    def keep(self, there: Collection[int]) -> None:
        """Of a family's case: nobody assesses, asks or looks for who is no more there."""
        for whose in (self.assessed, self.in_home, self.to_ask, self.referred):
            whose.intersection_update(there)
        self.wishes = {who: mode for who, mode in self.wishes.items() if who in there}
        if self.reported not in (None, *there):
            self.assess_by, self.reported = None, None

    def _support(self, event: Event) -> None:
        match event.action:
            case A.ASSESS_SELF_CARE:
                self.assessed.add(self._who(event.data))
                if self.reported in (None, self._who(event.data)):
                    self.assess_by, self.reported = None, None
                self.changed = event.from_stage is Stage.ACTIVE
            case A.RECORD_WISH:
                self._wish(event.data)
                self.changed = self.changed or event.from_stage is Stage.ACTIVE
                self.to_ask.discard(self._who(event.data))
            case A.PLACE_IN_HOME:
                self.in_home.add(self._who(event.data))
                self.to_ask.discard(self._who(event.data))
                self.referred.discard(self._who(event.data))
            case A.REFER_ELSEWHERE:
                self.referred.add(self._who(event.data))
            case A.LEAVE_HOME:
                self.in_home.discard(self._who(event.data))
                if self.wishes.get(self._who(event.data)) is Mode.CENTRAL:
                    self.to_ask.add(self._who(event.data))
            case A.REPORT_CHANGE:
                self.assess_by = date.fromisoformat(event.data["assess_by"])
                self.reported = self._who(event.data)
            case A.POST_END_NOTICE:
                self.end_reason = EndReason(event.data["end_reason"])
                self.end_until, self.end_held = date.fromisoformat(event.data["until"]), False
            case A.CLOSE_END_NOTICE:
                self.end_held = True

    def _decisions(self, event: Event) -> None:
        if event.action in HANDED_UP:
            self.to_check = bool(event.data.get("picked"))
        elif event.action in (A.CONFIRM, A.REFUSE):
            self.to_check = False
        elif event.action in (A.OBJECT, A.RETURN) and event.from_stage in IN_FORCE:
            self.end_reason, self.end_until, self.end_held = None, None, False
        if event.action in AMOUNT_DECIDED:
            self.changed = False

    def _who(self, data: Mapping[str, Any]) -> int:
        return self.person or int(data["person"])

    def _wish(self, data: Mapping[str, Any]) -> None:
        self.wishes[self._who(data)] = Mode(data["mode"])


def tekun_facts(benefit: Benefit, now: TekunRound, figures: Figures, on: date) -> TekunFacts:
    """The facts of 特困 alone; what a home may not take in is a figure of the place (墩政〔2020〕48号 二(三))."""
    bar = figures.find("tekun.home_bar", place=benefit.village_code, on=on)
    return TekunFacts(
        frozenset(now.assessed), dict(now.wishes), now.to_check, now.assess_by, now.changed, frozenset(now.in_home),
        frozenset(now.referred), frozenset(HomeGround(word) for word in bar.words) if bar else frozenset(),
        now.end_reason, now.end_until, now.end_held, benefit.review_due_on,
        frozenset(now.to_ask),
    )  # fmt: skip
