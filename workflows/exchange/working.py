"""Long work on an import, outside a request: judging a large sheet, and writing it, each in one transaction.

How far it is stands in a file beside the sheet, since nothing else may be written while the one transaction runs.
Killed at any moment it has done nothing, and the batch still says what was to be done; taken up again it does it once.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models import ImportBatch, Job
from workflows import audit, jobs
from workflows.actor import IMPORTERS, Actor
from workflows.exchange import kept_file, steps, undo
from workflows.exchange.apply import apply_batch
from workflows.exchange.asked import Asked
from workflows.exchange.judging import Tell
from workflows.exchange.reading import BY_COMMAND, LIMITS, Unreadable, read_sheet
from workflows.office import who_began
from workflows.reason import Reason, Refused

APPLY_AT_ONCE = 1_000
"""Rows that are written within the request itself."""
CHECK_AT_ONCE = 300_000
"""Bytes of a file that is judged within the request itself."""
OFTEN = 500
AT_WORK = ("checking", "applying", "undoing")
"""States in which a job works on an import."""


def kinds(folder: Path) -> jobs.Kinds:
    """What the jobs of imports do with the sheets kept in ``folder``."""
    return {
        "check_import": partial(_check, folder), "apply_import": partial(_apply, folder),
        "undo_import": partial(_undo, folder),
    }  # fmt: skip


def begin_check(session: Session, batch: ImportBatch, actor: Actor, now: datetime, asked: Asked) -> None:
    """Have a kept file judged by a job. Refused once it is applied."""
    steps.remember(session, batch, actor, now, asked)
    _begin(session, batch, "checking", "check_import", actor, now)


def begin_apply(session: Session, batch_id: int, actor: Actor, now: datetime) -> ImportBatch:
    """Have a staged batch written by a job. Refused when it is not staged, or not this actor's to apply."""
    batch = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.division_code != actor.division_code or actor.role not in IMPORTERS:
        raise Refused([Reason("not_your_import")])
    if batch.state != "staged":
        raise Refused([Reason("import_not_staged", state=batch.state)])
    audit.attribute(session, actor, now, batch.file_name, batch_id=batch.id)
    _begin(session, batch, "applying", "apply_import", actor, now)
    return batch


def begin_undo(
    session: Session, batch_id: int, actor: Actor, now: datetime, reason: str, expected: int | None
) -> ImportBatch:
    """Have an applied batch taken back by a job. Refused as the undoing itself would be, but for what is free."""
    batch = undo.may_undo(session, batch_id, actor, reason)
    audit.attribute(session, actor, now, reason.strip(), batch_id=batch.id)
    _begin(session, batch, "undoing", "undo_import", actor, now, reason=reason.strip(), expected=expected)
    return batch


def resume(session: Session, folder: Path, batch: ImportBatch, now: datetime) -> bool:
    """Put the work on a batch back into the queue where it failed or was lost; whether there was such work."""
    job = session.get(Job, batch.job_id) if batch.job_id else None
    if job is None or batch.state not in AT_WORK:
        return False
    return jobs.again(session, job, now, kept_file.heard(folder, batch.stored))


def _begin(
    session: Session, batch: ImportBatch, state: str, kind: str, actor: Actor, now: datetime, **more: Any
) -> None:
    batch.state, batch.counts = state, {name: told for name, told in batch.counts.items() if name != "refusals"}
    batch.job_id = jobs.enqueue(session, kind, {"batch": batch.id, **more}, actor.id, now).id
    session.flush()


def _check(folder: Path, work: jobs.Work, arguments: dict[str, Any]) -> None:
    """Read and judge a file that waits for it; what cannot be read goes back to be asked about."""
    with Session(work.engine) as session:
        batch = session.get_one(ImportBatch, arguments["batch"])
        if batch.state != "checking":
            return
        name, stored, asked = batch.file_name, batch.stored or "", Asked.of(batch.options)
        user = session.get_one(Job, batch.job_id).user_id
    tell = _teller(folder, stored, work)
    bad = sheet = None
    try:
        limits = replace(LIMITS, memory=BY_COMMAND.memory)
        sheet = read_sheet(kept_file.read(folder, stored), name, limits=limits, asked=asked, on=work.clock().date())
    except Unreadable as error:
        bad = error
    with Session(work.engine) as session, session.begin():
        batch = session.get_one(ImportBatch, arguments["batch"], with_for_update=True)
        if batch.state != "checking":
            return
        actor = who_began(session, user)
        try:
            if sheet is not None:
                steps.check(session, batch, actor, work.clock(), sheet, tell)
        except Unreadable as error:
            bad = error
        if bad is not None:
            audit.attribute(session, actor, work.clock())
            batch.state, batch.counts = "received", {"unreadable": [bad.code, bad.args_by_name]}


def _apply(folder: Path, work: jobs.Work, arguments: dict[str, Any]) -> None:
    """Write a batch that waits for it, all or nothing; a refusal leaves the preview as it was, with its reasons."""

    def write(session: Session, actor: Actor, tell: Tell) -> None:
        apply_batch(session, arguments["batch"], actor, work.clock(), work.figures, tell)

    _in_one(folder, work, arguments, "applying", "staged", write)


def _undo(folder: Path, work: jobs.Work, arguments: dict[str, Any]) -> None:
    """Take a batch back that waits for it; a refusal leaves it in force, with its reasons."""

    def write(session: Session, actor: Actor, tell: Tell) -> None:
        undo.undo_batch(
            session, arguments["batch"], actor, work.clock(), arguments["reason"], expected=arguments["expected"],
            tell=tell,
        )  # fmt: skip

    _in_one(folder, work, arguments, "undoing", "applied", write)


def _in_one(
    folder: Path,
    work: jobs.Work,
    arguments: dict[str, Any],
    state: str,
    otherwise: str,
    write: Callable[[Session, Actor, Tell], None],
) -> None:
    """Write a batch in one transaction while it is in this state; refused, it is in the other one, with its reasons."""
    with Session(work.engine) as session:
        batch = session.get_one(ImportBatch, arguments["batch"])
        stored, user = batch.stored or f"{batch.id:032x}", session.get_one(Job, batch.job_id).user_id
    tell = _teller(folder, stored, work)
    try:
        with Session(work.engine) as session, session.begin():
            batch = session.get_one(ImportBatch, arguments["batch"], with_for_update=True)
            if batch.state == state:
                write(session, who_began(session, user), tell)
    except Refused as refused:
        _back(work, arguments["batch"], user, refused, otherwise)


def _back(work: jobs.Work, batch_id: int, user: int | None, refused: Refused, state: str) -> None:
    with Session(work.engine) as session, session.begin():
        batch = session.get_one(ImportBatch, batch_id, with_for_update=True)
        audit.attribute(session, who_began(session, user), work.clock())
        told = [[reason.code, {name: str(value) for name, value in reason.args.items()}] for reason in refused.reasons]
        batch.state, batch.counts = state, {**batch.counts, "refusals": told}


def _teller(folder: Path, stored: str, work: jobs.Work) -> Tell:
    told = -OFTEN

    def tell(done: int, total: int) -> None:
        nonlocal told
        if done - told >= OFTEN or done >= total:
            told = done
            kept_file.note_progress(folder, stored, done, total, work.clock())

    return tell
