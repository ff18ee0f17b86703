"""Which papers a case has: each states an event, and can be printed once that event is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from models import Event
from policy.vocabulary import Action

A = Action


@dataclass(frozen=True)
class Kind:
    """A kind of paper: the actions it states, and whether it is served on the family (so that a receipt is signed)."""

    code: str
    title: Any
    actions: tuple[Action, ...]
    served: bool = True
    family: str = "letter"


@dataclass(frozen=True)
class Print:
    """A paper that can be printed now: the ``nth`` of its kind in the case, stating ``event``."""

    kind: Kind
    event: Event
    nth: int
    latest: bool

    @property
    def url(self) -> str:
        """Its address; an earlier one of its kind is named by its event."""
        which = {} if self.latest else {"event": self.event.id}
        return url_for("papers.page", id=self.event.benefit_id, kind=self.kind.code, **which)

    @property
    def delivery_url(self) -> str:
        """The address of its 送达回证; empty for what is served on nobody."""
        if not self.kind.served:
            return ""
        return url_for("papers.delivery", id=self.event.benefit_id, kind=self.kind.code, event=self.event.id)


_KINDS = (
    Kind("missing", _l("Missing-papers notice"), (A.TELL_MISSING,)),
    Kind("receipt", _l("Acceptance receipt"), (A.ACCEPT,)),
    Kind("survey", _l("Home survey form"), (A.START_REVIEW, A.START_RECHECK), served=False, family="form"),
    Kind("sheet", _l("Review and confirmation form"), (A.GIVE_OPINION,), served=False, family="form"),
    Kind("notice", _l("Public notice"), (A.POST_NOTICE,), served=False),
    Kind("decision", _l("Letter of confirmation"), (A.CONFIRM, A.PAY_FIRST)),
    Kind("refusal", _l("Letter of refusal"), (A.REFUSE,)),
    Kind("change", _l("Letter of change"), (A.RAISE, A.CUT)),
    Kind("grace", _l("Letter on the grace period"), (A.START_GRACE,)),
    Kind("suspension", _l("Letter of suspension"), (A.SUSPEND,)),
    Kind("resumption", _l("Letter on resumed payment"), (A.RESUME,)),
    Kind("exit", _l("Letter of exit"), (A.EXIT, A.END_GRACE, A.LEAVE, A.END_ON_DEATH)),
)
KINDS = {kind.code: kind for kind in _KINDS}
OF_ACTION = {action: kind for kind in _KINDS for action in kind.actions}


def available_papers(events: Iterable[Event]) -> list[Print]:
    """Every paper that the events of a case (in order) allow to print."""
    stated = [(OF_ACTION[event.action], event) for event in events if event.action in OF_ACTION]
    counts: dict[str, int] = {}
    found = []
    for place, (kind, event) in enumerate(stated):
        counts[kind.code] = counts.get(kind.code, 0) + 1
        latest = all(later is not kind for later, _ in stated[place + 1 :])
        found.append(Print(kind, event, counts[kind.code], latest))
    return found


def choose(events: Sequence[Event], kind: Kind, event_id: int | None) -> Print | None:
    """The paper of this kind that states the event, the latest where none is named; None where there is none."""
    found = [paper for paper in available_papers(events) if paper.kind is kind]
    if event_id is not None:
        found = [paper for paper in found if paper.event.id == event_id]
    return found[-1] if found else None
