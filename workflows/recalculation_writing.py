"""Carrying a recalculation out: every case calculated once more, given a finding and an event, chunk by chunk.

A chunk is one transaction, so a kill loses nothing and the next run goes on where the last one stopped. A case that
changed since the preview is left and shown as such. Nobody over the line is cut: the case falls due for a recheck.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from models import Benefit, Event, Finding, Recalculation, RecalculationRow
from policy.facts_json import write_family
from policy.vocabulary import Action, Scheme, Stage
from workflows import audit, desk, jobs, recalculation_calling
from workflows.actor import Actor
from workflows.assessing import Case, families
from workflows.comparing import Standing, compared
from workflows.facts import Facts, Given
from workflows.machine import Move, decide
from workflows.office import who_began
from workflows.reason import Refused
from workflows.recalculation_staging import locked
from workflows.reckoning_slice import Assessor
from workflows.tallies import Plan

CHUNK = 500
WRITTEN = ("up", "down", "over")
_rows = cast(Table, RecalculationRow.__table__)
_cases = cast(Table, Benefit.__table__)


class By(NamedTuple):
    """Who carries a batch out or undoes it, when, and with which words: what every step of it says."""

    batch: Recalculation
    actor: Actor
    now: datetime
    words: str


def apply(work: jobs.Work, arguments: dict[str, Any]) -> None:
    """Apply a confirmed batch, or go on with it."""
    _through(work, arguments, "applying", "staged", WRITTEN, _apply_some, "applied")


def undo(work: jobs.Work, arguments: dict[str, Any]) -> None:
    """Undo an applied batch, or go on with that."""
    _through(work, arguments, "undoing", "applied", WRITTEN, _undo_some, "undone")


def _through(
    work: jobs.Work, arguments: dict[str, Any], state: str, of_state: str, outcomes: Sequence[str], some: Any, then: str
) -> None:
    """Chunk after chunk, each in a transaction of its own, until none is left."""
    total = done = 0
    while True:
        with Session(work.engine) as session, session.begin():
            batch = locked(session, arguments["recalculation"])
            if batch.state != state:
                return
            actor = who_began(session, arguments["user"])
            where = (_rows.c.recalculation_id == batch.id, _rows.c.state == of_state, _rows.c.outcome.in_(outcomes))
            if not total:
                total = session.scalar(select(func.count()).select_from(_rows).where(*where)) or 0
            rows = session.execute(select(_rows).where(*where).order_by(_rows.c.id).limit(CHUNK)).all()
            if not rows:
                _close(session, batch, actor, work.clock(), then)
                return
            some(session, work, batch, actor, rows)
            done += len(rows)
        work.progress(done, total)


def _close(session: Session, batch: Recalculation, actor: Actor, now: datetime, then: str) -> None:
    counted = select(_rows.c.state, func.count()).where(_rows.c.recalculation_id == batch.id).group_by(_rows.c.state)
    audit.attribute(session, actor, now, _undo_words(batch) if then == "undone" else batch.title)
    batch.counts = {**batch.counts, "states": dict(map(tuple, session.execute(counted)))}
    batch.state = then
    if then == "undone":
        batch.undone_at = now
        recalculation_calling.put_back(session, batch, now)


def _undo_words(batch: Recalculation) -> str:
    return str(batch.counts.get("undo_words", batch.title))


def _apply_some(session: Session, work: jobs.Work, batch: Recalculation, actor: Actor, rows: Sequence[Any]) -> None:
    by, staged = By(batch, actor, work.clock(), batch.title), {row.benefit_id: row for row in rows}
    due = _lock_cases(session, list(staged))
    audit.attribute(session, actor, by.now, by.words)
    assessor, written, states = Assessor(batch.on, [Plan(work.figures)], None), [], {}
    standing = Standing(session, list(staged))
    called = recalculation_calling.called_since(session, dict.fromkeys(staged, batch.counts.get("last_event")))
    for case, family in families(session, list(staged), batch.on, chunk=CHUNK):
        row = staged[case.id]
        finding = assessor.assess(family, 0) if standing.knows(case, family) else None
        now_found = compared(case, finding, special=case.id in standing.special)
        if finding is None or not _same(row, now_found, called[case.id]):
            states[row.id] = "stale"
            continue
        move = _move(Action.RECALCULATE, case, by, amount_fen=now_found.after_fen)
        if move is None:
            states[row.id] = "refused"
            continue
        stored = {
            "benefit_id": case.id, "at": by.now, "facts": write_family(family), "result": finding.as_json(),
            "names": dict(case.names), "monthly_fen": finding.monthly_fen, "actor_id": actor.id,
        }  # fmt: skip
        written.append((row, case, move, stored))
    states |= {row.id: "stale" for row in rows if row.benefit_id not in due}
    if written:
        _write(session, by, written, due)
    _mark(session, [{"of_row": id, "is": state, "version": None, "due": None, "event": None}
                    for id, state in states.items()])  # fmt: skip


def _same(row: Any, found: Any, called: int) -> bool:
    """Whether a case is what the preview showed: untouched (but called up so often), and its sums the same."""
    names = ("outcome", "before_fen", "after_fen", "income_month_fen", "standard_fen", "persons")
    alike = all(getattr(row, name) == getattr(found, name) for name in names)
    return alike and found.row_version == row.row_version + called


def _write(
    session: Session, by: By, written: list[tuple[Any, Case, Move, dict[str, Any]]], due: dict[int, date | None]
) -> None:
    batch, today, marks = by.batch, by.now.date(), []
    with audit.set_based(session):
        query = insert(Finding).returning(Finding.id, sort_by_parameter_order=True)
        findings = list(session.scalars(query, [stored for *_, stored in written]))
        events = [
            _event(by, move, row, case, (row.before_fen, row.after_fen), finding)
            for (row, case, move, _), finding in zip(written, findings, strict=True)
        ]
        event_ids = _insert_events(session, events)
        changes = []
        for (row, case, *_), event_id in zip(written, event_ids, strict=True):
            recheck = row.outcome == "over" and case.stage == Stage.ACTIVE
            was = due[case.id]
            changes.append({"of": case.id, "fen": row.after_fen, "due": min(was or today, today) if recheck else was})
            marks.append({"of_row": row.id, "is": "applied", "version": case.row_version + 1, "due": was,
                          "event": event_id})  # fmt: skip
        _change_cases(session, changes)
        told = [{"id": c["of"], "monthly_fen": c["fen"], "review_due_on": c["due"]} for c in changes]
        after = {"recalculation": batch.id, "from_month": batch.on.isoformat()}
        batch.digest = audit.bulk(session, "benefit", told, action="recalculate", after=after)
        audit.bulk(session, "finding", ({"id": id} for id in findings), action="recalculate", after=after)
    recalculation_calling.call_up(session, batch, [(row, case) for row, case, _, _ in written], by.now)
    _mark(session, marks)
    desk.recount(session, {case.township_code for _, case, _, _ in written})


def _undo_some(session: Session, work: jobs.Work, batch: Recalculation, actor: Actor, rows: Sequence[Any]) -> None:
    by = By(batch, actor, work.clock(), _undo_words(batch))
    _lock_cases(session, [row.benefit_id for row in rows])
    audit.attribute(session, actor, by.now, by.words)
    query = select(_cases).where(_cases.c.id.in_([row.benefit_id for row in rows]))
    cases, states, done = {case.id: case for case in session.execute(query)}, {}, []
    called = recalculation_calling.called_since(session, {row.benefit_id: row.event_id for row in rows})
    for row in rows:
        case = cases[row.benefit_id]
        own = case.row_version == row.applied_version + called[case.id]
        move = _move(Action.UNDO_RECALCULATION, case, by, recalculated=own)
        states[row.id] = "undone" if move else "touched"
        if move:
            due = case.review_due_on if called[case.id] else row.review_due_before
            done.append((row, case, move, due))
    if done:
        _write_back(session, by, done)
    table = update(_rows).where(_rows.c.id == bindparam("of_row")).values(state=bindparam("is"))
    session.execute(table, [{"of_row": id, "is": state} for id, state in states.items()])


def _write_back(session: Session, by: By, done: list[tuple[Any, Any, Move, date | None]]) -> None:
    """Set the amounts of before, and the review days; whom a later decision called up stays due."""
    with audit.set_based(session):
        _insert_events(session, [
            _event(by, move, row, case, (row.after_fen, row.before_fen))
            for row, case, move, _ in done
        ])  # fmt: skip
        changes = [{"of": case.id, "fen": row.before_fen, "due": due} for row, case, _, due in done]
        _change_cases(session, changes)
        told = [{"id": c["of"], "monthly_fen": c["fen"], "review_due_on": c["due"]} for c in changes]
        audit.bulk(session, "benefit", told, action="undo_recalculation", after={"recalculation": by.batch.id})
    recalculation_calling.call_up_again(session, by.batch, [(row, case) for row, case, *_ in done], by.now)
    desk.recount(session, {row.township_code for row, *_ in done})


def _move(
    action: Action, case: Any, by: By, *, amount_fen: int | None = None, recalculated: bool = False
) -> Move | None:
    """The machine's leave for a step on a case; None where it refuses."""
    facts = Facts(
        scheme=Scheme(case.scheme), stage=Stage(case.stage), on=by.now.date(), place=case.village_code,
        monthly_fen=case.monthly_fen, recalculated=recalculated, undo_until=by.batch.undo_until,
    )  # fmt: skip
    try:
        given = Given(by.words, amount_fen=amount_fen, recalculation_id=by.batch.id)
        return decide(facts, action, by.actor, given)
    except Refused:
        return None


def _event(
    by: By, move: Move, row: Any, case: Any, amounts: tuple[int, int], finding_id: int | None = None
) -> dict[str, Any]:
    """The event of a case (with its row of the batch) that pays the second of the amounts in place of the first, 分."""
    actor = by.actor
    return {
        "benefit_id": row.benefit_id, "action": move.rule.action, "from_stage": Stage(case.stage),
        "to_stage": move.to, "at": by.now,
        "actor_id": actor.id, "actor_name": actor.name, "actor_role": actor.role, "channel": actor.channel,
        "opinion": by.words, "clause": move.rule.clause, "monthly_before_fen": amounts[0],
        "monthly_after_fen": amounts[1], "finding_id": finding_id, "batch_id": None,
        "data": {"recalculation": by.batch.id, "from_month": by.batch.on.isoformat(), "outcome": row.outcome},
        "township_code": row.township_code, "village_code": row.village_code,
    }  # fmt: skip


def _insert_events(session: Session, events: list[dict[str, Any]]) -> list[int]:
    query = insert(Event).returning(Event.id, sort_by_parameter_order=True)
    return list(session.scalars(query, events))


def _change_cases(session: Session, changes: list[dict[str, Any]]) -> None:
    values: dict[str, Any] = {"monthly_fen": bindparam("fen"), "review_due_on": bindparam("due"),
              "row_version": _cases.c.row_version + 1}  # fmt: skip
    session.execute(update(_cases).where(_cases.c.id == bindparam("of")).values(values), changes)


def _mark(session: Session, marks: list[dict[str, Any]]) -> None:
    """Tell each staged row what became of it."""
    if marks:
        values: dict[str, Any] = {"state": bindparam("is"), "applied_version": bindparam("version"),
                  "review_due_before": bindparam("due"), "event_id": bindparam("event")}  # fmt: skip
        session.execute(update(_rows).where(_rows.c.id == bindparam("of_row")).values(values), marks)


def _lock_cases(session: Session, ids: Iterable[int]) -> dict[int, date | None]:
    """Keep everybody else from these cases until the transaction ends; their present review days."""
    query = select(_cases.c.id, _cases.c.review_due_on).where(_cases.c.id.in_(list(ids))).order_by(_cases.c.id)
    return dict(map(tuple, session.execute(query.with_for_update(key_share=True))))
