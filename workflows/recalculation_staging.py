"""A recalculation as a batch: begun by a person, counted outside the request, kept row by row until it is applied."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from models import Division, Event, Job, Recalculation, RecalculationRow
from models.base import reading
from policy.calendar import add_months
from policy.division_codes import county_of, in_township, is_county, is_township
from policy.figures import Figures
from policy.vocabulary import MONTHLY, Scheme
from workflows import audit, jobs
from workflows.actor import PREVIEWERS, SYSTEM, Actor
from workflows.reason import LEAST_WORDS, Reason, Refused
from workflows.recalculation import Selection, preview
from workflows.tallies import Change, Preview

MONTHS_AHEAD = 12
AT_ONCE = 5_000


def begin(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    scope: str,
    month: date,
    title: str,
    kind: str = "adjust",
    scenarios: Iterable[dict[str, Any]] = (),
    scheme: Scheme = Scheme.DIBAO,
) -> Recalculation:
    """Have the paid cases of a scheme under a division counted by the figures of the first day of a month.

    Refused for who may not look ahead, for a division elsewhere, for a month gone by or too far off, without words,
    for a scheme that pays nothing each month. The caller commits.
    """
    scope, month, title = scope or actor.division_code, month.replace(day=1), title.strip()
    faults = [] if actor.role in PREVIEWERS and within(session, actor, scope) else [Reason("not_your_recalculation")]
    faults += _unfit_month(month, now.date()) if kind == "adjust" else []
    faults += [] if scheme in MONTHLY else [Reason("recalculation_scheme")]
    faults += [] if len(title) >= LEAST_WORDS else [Reason("words_missing")]
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, title)
    batch = Recalculation(
        kind=kind, scheme=scheme, state="counting", title=title[:200], division_code=scope, on=month, user_id=actor.id,
        scenarios=list(scenarios), counts={}, rows=0, created_at=now,
    )  # fmt: skip
    session.add(batch)
    session.flush()
    set_job(session, batch, "simulate" if kind == "simulate" else "recalculate", actor, now)
    return batch


def _unfit_month(month: date, today: date) -> list[Reason]:
    first = today.replace(day=1)
    last = add_months(first, MONTHS_AHEAD)
    if first <= month <= last:
        return []
    return [Reason("recalculation_month", first=f"{first:%Y-%m}", last=f"{last:%Y-%m}")]


def within(session: Session, actor: Actor, scope: str) -> bool:
    """Whether a division (county or township) of this county lies under the actor."""
    known = (is_county(scope) or is_township(scope)) and session.get(Division, scope) is not None
    return known and scope.startswith(county_of(actor.division_code)) and scope.startswith(actor.division_code)


def set_job(session: Session, batch: Recalculation, kind: str, actor: Actor, now: datetime) -> Job:
    """Queue the next work on a batch."""
    job = jobs.enqueue(session, kind, {"recalculation": batch.id, "user": actor.id}, actor.id, now)
    batch.job_id = job.id
    session.flush()
    return job


def stage(work: jobs.Work, arguments: dict[str, Any]) -> None:
    """Count a batch and keep every case that changes; begun anew, it replaces what was kept."""
    with reading(), Session(work.engine) as session:
        batch = session.get_one(Recalculation, arguments["recalculation"])
        if batch.state != "counting":
            return
        last_event = session.scalar(select(func.max(Event.id)))
        found = preview(
            session, work.figures, batch.on, Selection(county_or(batch.division_code), (batch.scheme,)),
            progress=work.progress,
        )  # fmt: skip
        mark = figures_mark(work.figures, batch.division_code)
    with Session(work.engine) as session, session.begin():
        audit.attribute(session, SYSTEM, work.clock())
        batch = session.get_one(Recalculation, arguments["recalculation"], with_for_update=True)
        if batch.state != "counting":
            return  # laid aside, or counted by another process, meanwhile
        keep(session, batch, [found])
        batch.counts = {**batch.counts, "last_event": last_event}
        batch.state, batch.counted_at, batch.figures_mark = "staged", work.clock(), mark


def keep(session: Session, batch: Recalculation, previews: list[Preview]) -> None:
    """Keep what was found, each plan's changes under its number."""
    session.execute(delete(RecalculationRow).where(RecalculationRow.recalculation_id == batch.id))
    rows = [_row(batch.id, n, change) for n, found in enumerate(previews) for change in found.changes]
    for start in range(0, len(rows), AT_ONCE):
        session.execute(insert(RecalculationRow), rows[start : start + AT_ONCE])
    batch.rows = len(rows)
    batch.counts = {"plans": [sums(found) for found in previews]}


def sums(found: Preview) -> dict[str, Any]:
    """The sums of a preview as they are kept."""
    return {
        "total": found.total.as_json(), "townships": {code: t.as_json() for code, t in found.townships.items()},
        "classes": {name: t.as_json() for name, t in found.classes.items()},
    }  # fmt: skip


def _row(batch_id: int, scenario: int, change: Change) -> dict[str, Any]:
    return {**change._asdict(), "recalculation_id": batch_id, "scenario": scenario, "reasons": list(change.reasons)}


def county_or(code: str) -> str:
    """The scope of a query: a database is one county, so its own code asks for every row."""
    return code if in_township(code) else ""


def figures_mark(figures: Figures, place: str) -> str:
    """A digest of every figure that may hold in a division: when it differs, the preview is of other rules."""
    county = county_of(place)
    told = sorted(
        (f.key, f.place, f.valid_from.isoformat(), f.valid_to.isoformat() if f.valid_to else "", f.text)
        for f in figures if f.place.startswith(county) or county.startswith(f.place)
    )  # fmt: skip
    return sha256(repr(told).encode()).hexdigest()


def visible(actor: Actor, kind: str) -> Any:
    """The batches of a kind under an actor, newest first."""
    query = select(Recalculation).where(Recalculation.kind == kind).order_by(Recalculation.id.desc())
    code = actor.division_code
    if not actor.sees_cases:
        return query.where(Recalculation.id < 0)
    return query.where(Recalculation.division_code.startswith(code, autoescape=True)) if in_township(code) else query


def locked(session: Session, batch_id: int) -> Recalculation:
    """An adjustment, kept from everybody else until the transaction ends; Refused where there is none."""
    batch = session.get(Recalculation, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.kind != "adjust":
        raise Refused([Reason("not_your_recalculation")])
    return batch
