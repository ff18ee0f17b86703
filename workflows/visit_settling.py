"""What a visit found to have changed waits on the township's desk until the right step began, or nothing is needed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models import Benefit, Event, HouseholdEvent, Visit
from policy.vocabulary import ENDED, Action, Happening, Role
from workflows import audit
from workflows.actor import Actor, within
from workflows.reason import LEAST_WORDS, Reason, Refused, unchanged

SETTLERS = (Role.TOWNSHIP_OFFICER,)
BEGINS = frozenset({Action.START_RECHECK, Action.APPLY})
"""Steps that look into a family anew; so does a dated event of a family, and the end of a case."""
TELLS_NOTHING = frozenset({Happening.ID_NUMBER, Happening.UNDONE})
"""Events that say nothing new of a family: a number is filled in, or an entry is taken back."""


def nothing_needed(
    session: Session, visit: Visit, words: str, actor: Actor, now: datetime, version: int | None
) -> None:
    """Note that what a visit found needs nothing, and why; raises Refused with every reason, or Stale."""
    found = [
        Reason("not_your_role", roles=SETTLERS) if actor.role not in SETTLERS else None,
        Reason("not_in_your_division") if not within(actor, visit.village_code) else None,
        Reason("visit_not_open") if visit.open_since is None else None,
        Reason("settle_words_missing") if len(words.strip()) < LEAST_WORDS else None,
    ]
    if reasons := [reason for reason in found if reason is not None]:
        raise Refused(reasons)
    unchanged(visit, version)
    audit.attribute(session, actor, now, words.strip())
    visit.open_since = None
    session.flush()


@event.listens_for(Session, "before_flush")
def _looked_into(session: Session, context: Any, instances: Any) -> None:
    homes = {home: row for row in session.new if (home := _home_of(row)) is not None}
    if not homes:
        return
    with session.no_autoflush:
        for visit in session.scalars(select(Visit).where(Visit.household_id.in_(homes), Visit.open_since.is_not(None))):
            _note(homes[visit.household_id], visit)
            visit.open_since = None


def _note(row: Any, visit: Visit) -> None:
    """Keep with an event which visit it settled, since when that had waited."""
    if isinstance(row, HouseholdEvent):
        since = visit.open_since.isoformat() if visit.open_since else None
        row.data = {**row.data, "visits": {**row.data.get("visits", {}), str(visit.id): since}}


def wait_again(session: Session, event: HouseholdEvent) -> None:
    """Visits that an entry had settled wait as before once it is taken back; not where a recheck began since."""
    step = select(Event.id).join(Benefit, Benefit.id == Event.benefit_id)
    looked = step.where(
        Benefit.household_id == event.household_id, Event.at >= event.at, Event.action.in_(BEGINS)
    ).limit(1)  # fmt: skip
    days = {int(id): date.fromisoformat(day) for id, day in event.data.get("visits", {}).items()}
    if not days or session.scalar(looked) is not None:
        return
    for visit in session.scalars(select(Visit).where(Visit.id.in_(days), Visit.open_since.is_(None))):
        visit.open_since = days[visit.id]
    session.flush()


def _home_of(row: Any) -> int | None:
    if isinstance(row, HouseholdEvent):
        return None if row.kind in TELLS_NOTHING else row.household_id
    if isinstance(row, Event) and row.benefit is not None and (row.action in BEGINS or row.to_stage in ENDED):
        return row.benefit.household_id
    return None
