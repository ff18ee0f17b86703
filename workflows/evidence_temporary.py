"""Reads the facts of temporary aid out of the events of its case; no further statement is asked for."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policy.authority import temporary_ceiling
from policy.figures import Figures
from policy.vocabulary import Action
from workflows.facts_temporary import Instalment, Minutes, TemporaryFacts


@dataclass
class Folded:
    """What still counts of the events so far; an objection or a return takes the minutes back."""

    minutes: Minutes | None = None
    home_told: bool = False
    outsider: bool = False
    spending_only: bool = False
    plan: list[dict[str, Any]] = field(default_factory=list)

    def add(self, action: Action, data: dict[str, Any]) -> None:
        """Fold one event in, in the order they happened."""
        match action:
            case Action.APPLY:
                self.outsider = bool(data.get("home_place"))
            case Action.ACCEPT:
                self.spending_only = bool(data.get("spending_only"))
            case Action.OBJECT | Action.RETURN:
                self.minutes = None
            case Action.RECORD_MINUTES:
                self.minutes = Minutes(data["grants"], data.get("amount_fen"))
            case Action.NOTIFY_HOME:
                self.home_told = True
            case Action.CONFIRM:
                self.plan = [dict(one) for one in data.get("instalments", ())]
            case Action.PAY_INSTALMENT | Action.RECORD_PAYMENT if data.get("nth"):
                self.plan[data["nth"] - 1]["paid"] = True
            case Action.STOP_INSTALMENTS:
                for one in self.plan:
                    one["stopped"] = not one.get("paid")


def temporary_facts(benefit: Any, folded: Folded, figures: Figures, place: str, on: date) -> TemporaryFacts:
    """The facts of a case of temporary aid at a place and day."""
    plan = tuple(
        Instalment(
            date.fromisoformat(one["due_on"]), one["amount_fen"], bool(one.get("paid")), bool(one.get("stopped"))
        )
        for one in folded.plan
    )
    return TemporaryFacts(
        requested_fen=benefit.requested_fen or 0, ceiling_fen=temporary_ceiling(figures, place, on),
        at_place=allows(figures, "at_place", place, on), staged=allows(figures, "staged", place, on),
        outsider=folded.outsider, home_told=folded.home_told, spending_only=folded.spending_only,
        own_cost_known=bool(getattr(benefit, "own_cost_fen", None)), minutes=folded.minutes, plan=plan,
    )  # fmt: skip


def allows(figures: Figures, what: str, place: str, on: date) -> bool:
    """Whether a place allows a way of temporary aid on a day: at_place, staged, while_pending."""
    figure = figures.find(f"temporary.{what}", place=place, on=on)
    return figure is not None and figure.word == "yes"
