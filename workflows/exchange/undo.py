"""Undoing a batch: what nobody touched since is set back or leaves again, what somebody touched stays and is named.

No record is deleted: a person leaves as entered by mistake, a family is dissolved, a case taken over is withdrawn by a
step of its own; all of it stands in the history. Only visits that were planned for its sake are called off. What stays
can be undone later, once what came after is undone.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Household, ImportBatch, ImportRow, Member
from policy.vocabulary import LeaveReason
from workflows import audit, desk, visiting
from workflows.actor import IMPORTERS, Actor
from workflows.exchange import rechecks, writing
from workflows.exchange.existing import chunks
from workflows.exchange.judging import Tell
from workflows.exchange.undo_plan import Plan, plan
from workflows.exchange.undo_rows import Staged
from workflows.reason import Reason, Refused
from workflows.takeback import take_back_many

STATES = ("applied", "undoing")


def undo_batch(
    session: Session,
    batch_id: int,
    actor: Actor,
    now: datetime,
    reason: str,
    *,
    expected: int | None = None,
    tell: Tell | None = None,
) -> ImportBatch:
    """Take back every row of an applied batch that nobody touched since, in the caller's transaction.

    Refused without a reason, when nothing is free, or when other than the ``expected`` number of rows would go.
    """
    batch = may_undo(session, batch_id, actor, reason)
    made = plan(session, batch, lock=True)
    if faults := _faults(made, expected):
        raise Refused(faults)
    audit.attribute(session, actor, now, reason.strip(), batch_id=batch.id)
    going = {row.home for row in made.free} - made.staying
    if refused := take_back_many(session, actor, now, reason.strip(), batch.id, going):
        raise Refused([why for reasons in refused.values() for why in reasons])
    visiting.call_off_many(session, going)
    called = rechecks.put_back(session, batch.counts.get("called") or {}, batch, made.staying, now)
    with audit.set_based(session):
        written = _set_back(session, [row for row in made.free if row.outcome == "changed"], tell)
        written |= _leave(session, batch, made, now)
        _record(session, batch, made, written)
    _close(session, batch, made, called, now)
    desk.recount(session)
    return batch


def may_undo(session: Session, batch_id: int, actor: Actor, reason: str) -> ImportBatch:
    """The batch, locked. Refused where it is not this actor's, not in force, or no reason is given."""
    batch = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.division_code != actor.division_code or actor.role not in IMPORTERS:
        raise Refused([Reason("not_your_import")])
    faults = [] if reason.strip() else [Reason("reason_missing")]
    faults += [] if batch.state in STATES else [Reason("import_not_applied", state=batch.state)]
    if faults:
        raise Refused(faults)
    return batch


def _faults(made: Plan, expected: int | None) -> list[Reason]:
    if made.left and not made.free:
        return [Reason("undo_nothing_free", n=len(made.left))]
    if expected is not None and expected != len(made.free):
        return [Reason("undo_differs", expected=expected, n=len(made.free))]
    return []


def _set_back(session: Session, rows: list[Staged], tell: Tell | None) -> set[str]:
    """The values that stood there before, on rows the batch had changed; returns the tables written."""
    written: set[str] = set()
    done = 0
    for part in chunks(rows):
        before = _before(session, [row.id for row in part])
        families, people = (
            {row.row_id or 0: before[row.id] for row in part if row.table == table} for table in ("household", "member")
        )
        writing.change_rows(session, Household, families)
        writing.change_rows(session, Member, people)
        written |= writing.change_details(session, families, people)
        writing.index_names(session, {i: values["name"] for i, values in people.items() if values.get("name")})
        written |= {name for name, found in (("household", families), ("member", people)) if found}
        renamed = {row.home for row in part if row.table == "member" and {"name", "relation"} & before[row.id].keys()}
        writing.settle_families(session, renamed)
        written |= {"household"} if renamed else set()
        done += len(part)
        if tell:
            tell(done, len(rows) + 1)
    return written


def _before(session: Session, ids: list[int]) -> dict[int, dict[str, Any]]:
    found = {}
    for row in session.scalars(select(ImportRow).where(ImportRow.id.in_(ids))):
        found[row.id] = json.loads(row.before) if row.before_sealed else {}
        session.expunge(row)
    return found


def _leave(session: Session, batch: ImportBatch, made: Plan, now: datetime) -> set[str]:
    """People whom the batch brought leave as entered by mistake; families it founded are dissolved."""
    homes = sorted({row.home for row in made.free} & made.founded)
    joined = [row for row in made.free if row.outcome == "new" and row.table == "member" and row.home not in homes]
    gone = {"left_on": now.date(), "leave_reason": LeaveReason.CORRECTION, "row_version": Member.row_version + 1}
    here = update(Member).where(Member.left_on.is_(None)).values(gone)
    dissolved = {"dissolved_on": now.date(), "row_version": Household.row_version + 1}
    for part in chunks(homes):
        _run(session, here.where(Member.household_id.in_(part), Member.batch_id == batch.id))
        _run(session, update(Household).where(Household.id.in_(part)).values(dissolved))
    for rows in chunks(joined):
        _run(session, here.where(Member.id.in_([row.row_id for row in rows])))
    writing.settle_families(session, {*homes, *(row.home for row in joined)})
    return {"household", "member"} if homes or joined else set()


def _run(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


def _record(session: Session, batch: ImportBatch, made: Plan, written: Iterable[str]) -> None:
    """One entry of the history for each table that was written, with the digest of its rows and how many stayed."""
    for table in sorted(written):
        own = table if table in ("household", "member") else None
        told = ({"of": f"{row.table}:{row.row_id}"} for row in made.free if own in (None, row.table))
        audit.bulk(session, table, told, action="undo", after={"batch": batch.id, "left": len(made.left)})


def _close(session: Session, batch: ImportBatch, made: Plan, called: dict[str, str | None], now: datetime) -> None:
    for rows in chunks(made.free):
        ids = [row.id for row in rows]
        _run(session, update(ImportRow).where(ImportRow.id.in_(ids)).values(undone_at=now))
    undone = Counter(batch.counts.get("undone", {})) + Counter(row.outcome for row in made.free)
    batch.counts = {**batch.counts, "called": called, "undone": dict(undone), "left": len(made.left)}
    batch.state, batch.undone_at = "applied" if made.left else "undone", now
    session.flush()
