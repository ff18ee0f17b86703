"""The watch list (潜在救助对象): families refused though difficulty remains, looked at again until it is over.

墩政〔2020〕48号 二(一): 核对后不符合条件但存在一定困难的，列为潜在救助对象; 国办发〔2023〕39号: 其他困难人员.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Watch
from policy.calendar import add_months
from policy.figures import Figures
from policy.vocabulary import WatchEnd
from workflows import audit
from workflows.actor import FIELD, Actor, within
from workflows.reason import LEAST_WORDS, Reason, Refused, unchanged

"""Who looks at the families of the list."""


def next_look(figures: Figures, place: str, on: date) -> date | None:
    """The day on which a family is to be looked at again, counted from today; None where no figure says."""
    figure = figures.find("watchlist.check_months", place=place, on=on)
    return None if figure is None else add_months(on, figure.whole)


def look(
    session: Session,
    actor: Actor,
    watch: Watch,
    found: str,
    next_on: date | None,
    outcome: WatchEnd | None,
    now: datetime,
    version: int | None = None,
) -> None:
    """Write down what a look at the family told: it stays on the list until ``next_on``, or leaves it by ``outcome``.

    Raises Refused with every reason, or Stale.
    """
    on, words = now.date(), found.strip()
    faults = _may(actor, watch)
    faults += [Reason("words_missing")] if len(words) < LEAST_WORDS else []
    if outcome is None:
        faults += [Reason("day_missing")] if next_on is None else []
        faults += [Reason("day_not_ahead", day=next_on)] if next_on is not None and next_on <= on else []
    if faults:
        raise Refused(faults)
    unchanged(watch, version)
    audit.attribute(session, actor, now, words)
    watch.checked_on, watch.found = on, words
    if outcome is None:
        assert next_on is not None
        watch.next_on = next_on
    else:
        _settle(watch, outcome, actor, on)
    session.flush()


def applied_again(session: Session, household_id: int, actor: Actor, on: date) -> None:
    """A new application takes the family off the list."""
    open_ones = select(Watch).where(Watch.household_id == household_id, Watch.settled_on.is_(None))
    for watch in session.scalars(open_ones):
        _settle(watch, WatchEnd.APPLIED, actor, on)


def _settle(watch: Watch, outcome: WatchEnd, actor: Actor, on: date) -> None:
    watch.outcome, watch.settled_on, watch.settled_by = outcome, on, actor.name


def _may(actor: Actor, watch: Watch) -> list[Reason]:
    found: Sequence[Reason | None] = (
        None if actor.role in FIELD else Reason("not_your_role", roles=FIELD),
        None if within(actor, watch.village_code) else Reason("not_in_your_division"),
        Reason("watch_settled") if watch.settled_on is not None else None,
    )
    return [reason for reason in found if reason is not None]
