"""Undoing a batch while nobody touched its rows: what was changed is set back, what was brought in leaves again.

Nothing is deleted: a person leaves as entered by mistake, a family is dissolved, a case taken over is withdrawn by a
step of its own; all of it stands in the history.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Benefit, Event, Household, ImportBatch, ImportRow, Member, Visit
from policy.vocabulary import LeaveReason
from workflows import audit, desk
from workflows.actor import Actor
from workflows.exchange import rechecks, writing
from workflows.exchange.apply import read_rows
from workflows.exchange.judging import IMPORTERS
from workflows.reason import Reason, Refused
from workflows.takeover import take_back_many

SHOWN = 5


def undo_batch(session: Session, batch_id: int, actor: Actor, now: datetime, reason: str) -> ImportBatch:
    """Undo an applied batch in the caller's transaction; Refused naming the rows that somebody touched since."""
    batch = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.division_code != actor.division_code or actor.role not in IMPORTERS:
        raise Refused([Reason("not_your_import")])
    faults = [] if reason.strip() else [Reason("reason_missing")]
    faults += _blocked(session, batch)
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, reason.strip(), batch_id=batch.id)
    refused = take_back_many(session, actor, now, reason.strip(), batch.id)
    if refused:
        raise Refused([why for reasons in refused.values() for why in reasons])
    rechecks.put_back(session, batch.counts.get("called") or {}, batch.id)
    with audit.set_based(session):
        _set_back(session, batch)
        _leave(session, batch, now)
    batch.state, batch.undone_at = "undone", now
    session.flush()
    desk.recount(session)
    return batch


def blocking(session: Session, batch: ImportBatch) -> list[Reason]:
    """Why a batch can no longer be undone; empty while it can."""
    return _blocked(session, batch)


def _blocked(session: Session, batch: ImportBatch) -> list[Reason]:
    if batch.state != "applied":
        return [Reason("import_not_applied", state=batch.state)]
    touched = _touched_rows(session, batch) + _touched_families(session, batch)
    return [Reason("import_row_touched", row=number, name=name) for number, name in sorted(set(touched))[:SHOWN]]


def _touched_rows(session: Session, batch: ImportBatch) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for model in (Household, Member):
        query = select(ImportRow.row_no, ImportRow.label).outerjoin(model, model.id == ImportRow.row_id).where(
            ImportRow.batch_id == batch.id, ImportRow.table_name == model.__tablename__,
            ImportRow.outcome.in_(("new", "changed")), model.row_version.is_distinct_from(ImportRow.row_version),
        )  # fmt: skip
        found += [(number, name) for number, name in session.execute(query.limit(SHOWN))]
    return found


def _touched_families(session: Session, batch: ImportBatch) -> list[tuple[int, str]]:
    """Families the batch founded where something happened since: a step, a visit, somebody who joined later."""
    mine = select(Household.id, Household.head_name).where(Household.batch_id == batch.id)
    steps = select(Event.id).join(Benefit, Benefit.id == Event.benefit_id).where(
        Benefit.household_id == Household.id, Event.batch_id.is_distinct_from(batch.id)
    )  # fmt: skip
    visits = select(Visit.id).where(Visit.household_id == Household.id, Visit.done_on.is_not(None))
    joined = select(Member.id).where(
        Member.household_id == Household.id, Member.batch_id.is_distinct_from(batch.id),
        Member.leave_reason.is_distinct_from(LeaveReason.CORRECTION),
    )  # fmt: skip
    touched = mine.where(steps.exists() | visits.exists() | joined.exists()).limit(SHOWN)
    return [(0, name) for _, name in session.execute(touched)]


def _set_back(session: Session, batch: ImportBatch) -> None:
    """The values that stood there before, on rows the batch had changed."""
    before = _before(session, batch)
    families = {row_id: values for (table, row_id), values in before.items() if table == "household"}
    people = {row_id: values for (table, row_id), values in before.items() if table == "member"}
    writing.change_rows(session, Household, families)
    writing.change_rows(session, Member, people)
    written = writing.change_details(session, families, people)
    writing.index_names(session, {i: values["name"] for i, values in people.items() if values.get("name")})
    written |= {name for name, rows in (("household", families), ("member", people)) if rows}
    told = [{"of": f"{table}:{row_id}"} for table, row_id in before]
    for table in sorted(written):
        audit.bulk(session, table, told, action="undo", after={"batch": batch.id})


def _before(session: Session, batch: ImportBatch) -> dict[tuple[str, int], dict[str, Any]]:
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.outcome == "changed")
    return {
        (row.table_name, row.row_id or 0): json.loads(row.before) if row.before_sealed else {}
        for row in session.scalars(query.order_by(ImportRow.row_no))
    }


def _leave(session: Session, batch: ImportBatch, now: datetime) -> None:
    """People whom the batch brought leave as entered by mistake; families it founded are dissolved."""
    families = set(session.scalars(select(Member.household_id).where(Member.batch_id == batch.id).distinct()))
    people = update(Member).where(Member.batch_id == batch.id, Member.left_on.is_(None))
    gone = {"left_on": now.date(), "leave_reason": LeaveReason.CORRECTION, "row_version": Member.row_version + 1}
    session.execute(people.values(gone).execution_options(synchronize_session=False))
    homes = update(Household).where(Household.batch_id == batch.id)
    dissolved = {"dissolved_on": now.date(), "row_version": Household.row_version + 1}
    session.execute(homes.values(dissolved).execution_options(synchronize_session=False))
    writing.settle_families(session, families)
    told = [{"of": f"member:{row.row_id}"} for row in read_rows(session, batch.id, ("new",))]
    for table in ("household", "member"):
        audit.bulk(session, table, told, action="undo", after={"batch": batch.id})
