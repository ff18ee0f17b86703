"""What rests on many cases that are decided at once falls due to be looked at that day, written as a set.

As ``called_up`` does for one: each by its own step of the system, with a sentence that names the case.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from models import Benefit, Event
from policy.vocabulary import Action, Scheme
from workflows import audit, desk
from workflows.actor import SYSTEM
from workflows.called_up import rests_on, said, touched, waits
from workflows.facts import Facts, Given
from workflows.loading import Known, parts
from workflows.machine import decide

HOMES = 500
_cases = cast(Table, Benefit.__table__)
_ASKED = (
    "id", "scheme", "stage", "household_id", "member_id", "review_due_on", "row_version", "monthly_fen",
    "township_code", "village_code",
)  # fmt: skip


class Decided(NamedTuple):
    """One of many cases of which something was decided."""

    id: int
    case_no: str
    scheme: Scheme
    household_id: int
    member_id: int | None = None


class Called(NamedTuple):
    """A case that was called up: the day of its next look before, and the version it has since."""

    before: date | None
    version: int


def call_up_many(
    session: Session,
    decided: Iterable[Decided],
    became: str,
    now: datetime,
    *,
    turned: bool,
    batch_id: int | None = None,
    of: Mapping[str, int] | None = None,
) -> dict[int, Called]:
    """Let what rests on these cases fall due today, in the caller's transaction; returns what was called up, by case.

    ``turned``: their aid began or ended; else they only pay another amount. ``of``: what the history names as the work
    that decided it.
    """
    causes: dict[int, list[Decided]] = defaultdict(list)
    for one in decided:
        if touched(one.scheme, turned):
            causes[one.household_id].append(one)
    schemes = {scheme for ones in causes.values() for one in ones for scheme in touched(one.scheme, turned)}
    found: list[tuple[Any, date | None, str]] = []
    for part in parts(sorted(causes), HOMES):
        query = _held().where(Benefit.household_id.in_(part), Benefit.scheme.in_(schemes), waits(now.date()))
        for case in session.execute(query):
            if cause := next((one for one in causes[case.household_id] if rests_on(case, one, turned)), None):
                found.append((case, now.date(), said(cause, became)))
    _write(session, found, now, "plan", batch_id, of)
    return {case.id: Called(case.review_due_on, case.row_version + 1) for case, _, _ in found}


def put_back(
    session: Session,
    days: Mapping[int, date | None],
    words: str,
    now: datetime,
    batch_id: int | None = None,
    of: Mapping[str, int] | None = None,
) -> None:
    """Give cases that were called up the day of their next look of before; what called them up was taken back."""
    found: list[tuple[Any, date | None, str]] = []
    for part in parts(sorted(days), HOMES):
        rows = session.execute(_held().where(Benefit.id.in_(part)))
        found += [(case, days[case.id], words) for case in rows]
    _write(session, found, now, "unplan", batch_id, of)


def _held() -> Any:
    """Cases that nobody else changes from here on, always in one order: two that ask for the same wait in turn."""
    query = select(*(_cases.c[name] for name in _ASKED)).order_by(Benefit.household_id, Benefit.id)
    return query.with_for_update(key_share=True)


def _write(
    session: Session,
    found: list[tuple[Any, date | None, str]],
    now: datetime,
    action: str,
    batch_id: int | None,
    of: Mapping[str, int] | None,
) -> None:
    if not found:
        return
    clauses = Known(partial(_clause, now.date()))
    events = [
        {"benefit_id": case.id, "action": Action.PLAN_REVIEW, "from_stage": case.stage, "to_stage": case.stage,
         "at": now, "actor_id": SYSTEM.id, "actor_name": SYSTEM.name, "actor_role": SYSTEM.role,
         "channel": SYSTEM.channel, "opinion": words, "clause": clauses[case.scheme, case.stage, case.village_code],
         "monthly_before_fen": case.monthly_fen, "monthly_after_fen": case.monthly_fen, "data": {},
         "batch_id": batch_id, "township_code": case.township_code, "village_code": case.village_code}
        for case, _, words in found
    ]  # fmt: skip
    due = [{"of": case.id, "due": day} for case, day, _ in found]
    change = update(_cases).where(_cases.c.id == bindparam("of"))
    with audit.done_by(session, SYSTEM), audit.set_based(session):
        session.execute(insert(Event), events)
        session.execute(
            change.values(review_due_on=bindparam("due"), row_version=_cases.c.row_version + 1), due
        )  # fmt: skip
        told = ({"id": case.id, "review_due_on": day} for case, day, _ in found)
        audit.bulk(session, "benefit", told, action=action, after=of)
    desk.recount(session, {case.township_code for case, _, _ in found})


def _clause(on: date, told: tuple[Any, Any, str]) -> str:
    """The clause by which the machine lets the system plan a review of a case of this scheme, stage and place."""
    scheme, stage, village = told
    facts = Facts(scheme=scheme, stage=stage, on=on, place=village)
    return decide(facts, Action.PLAN_REVIEW, SYSTEM, Given("called up")).rule.clause
