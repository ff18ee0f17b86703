"""What papers say of a calculation: the stored finding that a step rests on, as it was, never calculated anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from models import Event, Finding
from policy.vocabulary import Action
from views.case_file import CaseFile
from views.db import db

ATTACHED = frozenset({"decision", "refusal", "change", "grace", "exit", "survey"})
"""Papers to which the calculation is attached, line by line."""


@dataclass(frozen=True)
class Told:
    """A finding for print: ``result`` as it was stored, names by ``ref``, the decision on the single case if any."""

    result: Mapping[str, Any]
    names: Mapping[str, Any]
    special: Mapping[str, Any] | None = None
    day: Any = None
    doubtful: list[str] = field(default_factory=list)
    """Keys of placeholders it rests on."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What it was made of, as it was stored."""

    @property
    def whole(self) -> bool:
        """Whether it has anything to say line by line."""
        return bool(self.result.get("lines"))


def told_of(file: CaseFile, event: Event) -> Told | None:
    """The finding that a step rests on; for a survey form the one its round came to. None where there is none."""
    special = event.data.get("special_decision")
    found = finding_of(file, event.finding_id or _later(file, event))
    if found is None:
        return None
    used = found.result.get("figures_used") or {}
    doubtful = [key for key, figure in used.items() if figure.get("status") == "placeholder"]
    return Told(found.result, found.names or {}, special, found.at.date(), doubtful, found.facts)


def finding_of(file: CaseFile, id: int | None) -> Finding | None:
    """A stored finding of this case."""
    if id is None:
        return None
    known = next((row for row in file.findings if row.id == id), None)
    return known or db.session.get(Finding, id)


def _later(file: CaseFile, event: Event) -> int | None:
    """Of a survey that began a round: what the round came to, or has been calculated so far."""
    if event.action not in (Action.START_REVIEW, Action.START_RECHECK):
        return None
    for later in (one for one in file.events if one.id > event.id):
        if later.action is Action.START_RECHECK:
            return None
        if later.finding_id is not None:
            return later.finding_id
    seen = file.facts.finding
    return seen.id if seen else None


def per_capita(events: Iterable[Event]) -> dict[int, str]:
    """By finding, the income a head a month (元) that cases on notice were calculated with."""
    ids = {event.finding_id for event in events if event.finding_id is not None}
    if not ids:
        return {}
    query = select(Finding.id, Finding.result["per_capita"].as_string()).where(Finding.id.in_(ids))
    return {id: text for id, text in db.session.execute(query) if text is not None}
