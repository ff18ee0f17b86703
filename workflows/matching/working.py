"""Long lists are matched outside a request: the list waits sealed, and is matched in one transaction, or not at all."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import Job, MatchRun
from models.base import reading
from workflows import jobs
from workflows.actor import Actor
from workflows.exchange import kept_file
from workflows.exchange.reading import BY_COMMAND, LIMITS, Unreadable
from workflows.matching import running
from workflows.matching.lists import read_list
from workflows.office import who_began
from workflows.reason import Reason, Refused

KIND = "match_list"
AT_ONCE = 1_000
"""Rows that are matched within the request itself."""
READ_AT_ONCE = 300_000
"""Bytes of a list that is read within the request itself."""


def kinds(folder: Path) -> jobs.Kinds:
    """What the jobs of matches do with the lists kept in ``folder``."""
    return {KIND: partial(_match, folder)}


def begin(
    session: Session,
    actor: Actor,
    now: datetime,
    folder: Path,
    data: bytes,
    *,
    name: str,
    sha256: str,
    kind: str,
    due_on: date | None,
) -> Job:
    """Keep a list and have it matched; the caller commits. Refused as the match itself would be."""
    running.may_run(actor, now, due_on)
    told = {
        "stored": kept_file.keep(folder, data), "name": name, "sha256": sha256, "kind": kind, "user": actor.id,
        "due_on": due_on.isoformat() if due_on else None, "asked_at": now.isoformat(),
    }  # fmt: skip
    return jobs.enqueue(session, KIND, told, actor.id, now)


def made_by(session: Session, arguments: dict[str, Any]) -> MatchRun | None:
    """The match that came of a job."""
    query = select(MatchRun).where(
        MatchRun.user_id == arguments["user"], MatchRun.sha256 == arguments["sha256"],
        MatchRun.created_at >= datetime.fromisoformat(arguments["asked_at"]),
    )  # fmt: skip
    return session.scalars(query.order_by(MatchRun.id).limit(1)).first()


def _alone(session: Session, stored: str) -> None:
    """Let two processes that took up the same list wait for one another; SQLite's writers do so anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"{KIND} {stored}"})


def _match(folder: Path, work: jobs.Work, arguments: dict[str, Any]) -> None:
    """Match a list that waits for it; taken up again after a kill it is matched once."""
    stored = arguments["stored"]
    with reading(), Session(work.engine) as session:
        if made_by(session, arguments) is not None:  # killed after the match was made; its list may be gone
            kept_file.forget(folder, stored)
            return
    try:
        limits = replace(LIMITS, memory=BY_COMMAND.memory)
        day = work.clock().date()
        listed = read_list(kept_file.read(folder, stored), arguments["name"], day, arguments["kind"], limits)
    except Unreadable as bad:
        raise Refused([Reason("list_unreadable", because=bad.code, **bad.args_by_name)]) from bad

    def tell(done: int, total: int) -> None:
        kept_file.note_progress(folder, stored, done, total, work.clock())

    due = date.fromisoformat(arguments["due_on"]) if arguments["due_on"] else None
    with Session(work.engine) as session, session.begin():
        _alone(session, stored)
        if made_by(session, arguments) is None:
            actor = who_began(session, arguments["user"])
            running.run(
                session, actor, listed, work.clock(), file_name=arguments["name"], sha256=arguments["sha256"],
                due_on=due, tell=tell,
            )  # fmt: skip
    work.progress(listed.rows, listed.rows)
    kept_file.forget(folder, stored)
