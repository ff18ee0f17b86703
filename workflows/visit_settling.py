"""What a visit found to have changed waits on the township's desk until the right step began, or nothing is needed."""

from datetime import datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models import Event, HouseholdEvent, Visit
from policy.vocabulary import ENDED, Action, Role
from workflows import audit
from workflows.actor import Actor, within
from workflows.reason import LEAST_WORDS, Reason, Refused, unchanged

SETTLERS = (Role.TOWNSHIP_OFFICER,)
BEGINS = frozenset({Action.START_RECHECK, Action.APPLY})
"""Steps that look into a family anew; so does every dated event of a family, and the end of a case."""


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
    homes = {home for row in session.new if (home := _home_of(row)) is not None}
    if not homes:
        return
    with session.no_autoflush:
        for visit in session.scalars(select(Visit).where(Visit.household_id.in_(homes), Visit.open_since.is_not(None))):
            visit.open_since = None


def _home_of(row: Any) -> int | None:
    if isinstance(row, HouseholdEvent):
        return row.household_id
    if isinstance(row, Event) and row.benefit is not None and (row.action in BEGINS or row.to_stage in ENDED):
        return row.benefit.household_id
    return None
