"""Long work outside a request: a queue in the database, taken up by whichever process comes, and again after a kill.

A job is its kind and ids. Whoever works on it lets its heart beat; one that was not heard of for two minutes may be
taken by another process, so work is done in steps that may be repeated. Work that is one long transaction cannot write
its heart there: it tells elsewhere that it goes on. Work waits as long as it takes for what others hold.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Engine, or_, select, update
from sqlalchemy.orm import Session

from models import Job
from models.base import reading
from models.patience import patient
from policy.figures import Figures, MissingFigure
from workflows.faults import bare
from workflows.reason import Reason, Refused

SILENT = timedelta(minutes=2)
OPEN = ("waiting", "running")
Clock = Callable[[], datetime]
log = logging.getLogger("doudi")


class Work(NamedTuple):
    """What a job works with; ``progress(done, total)`` is called between transactions, never inside one."""

    engine: Engine
    figures: Figures
    clock: Clock
    progress: Callable[[int, int], None]


Kinds = Mapping[str, Callable[[Work, dict[str, Any]], None]]


def enqueue(session: Session, kind: str, arguments: dict[str, Any], user_id: int | None, now: datetime) -> Job:
    """Put work into the queue; the caller commits and sees to it that somebody works."""
    job = Job(kind=kind, arguments=arguments, user_id=user_id, created_at=now)
    session.add(job)
    session.flush()
    return job


def again(session: Session, job: Job, now: datetime, heard: datetime | None = None) -> bool:
    """Put a job back into the queue if it failed or was lost; whether it was. ``heard``: as in ``lost``."""
    if job.state != "failed" and not lost(job, now, heard):
        return False
    job.state, job.message, job.beat_at, job.ended_at = "waiting", None, None, None
    session.flush()
    return True


def lost(job: Job, now: datetime, heard: datetime | None = None) -> bool:
    """Whether nobody seems to work on a job that is not done; ``heard``: when it was last heard of elsewhere."""
    beat = job.beat_at or job.created_at
    return job.state in OPEN and max(beat, heard or beat) < now - SILENT


def waiting(session: Session, now: datetime) -> bool:
    """Whether there is work to take."""
    return session.scalar(select(Job.id).where(_free(now)).limit(1)) is not None


def work(engine: Engine, kinds: Kinds, figures: Callable[[], Figures], clock: Clock) -> int:
    """Do all that waits, oldest first; returns how many jobs ended well. What fails is noted with its reason."""
    done = 0
    with patient():
        while (taken := _take(engine, clock())) is not None:
            done += _do(engine, kinds, figures, clock, *taken)
    return done


def _do(
    engine: Engine,
    kinds: Kinds,
    figures: Callable[[], Figures],
    clock: Clock,
    job_id: int,
    kind: str,
    arguments: dict[str, Any],
) -> bool:
    beat = Beat(engine, job_id, clock)
    try:
        kinds[kind](Work(engine, figures(), clock, beat), arguments)
    except (Refused, MissingFigure) as error:
        _end(engine, job_id, clock(), "failed", _told(error))
        log.warning("job %s (%s) was refused: %s", job_id, kind, error)
        return False
    except Exception as error:
        _end(engine, job_id, clock(), "failed", type(error).__name__)
        log.error("job %s (%s) failed", job_id, kind, exc_info=bare(error))
        return False
    beat.last()
    _end(engine, job_id, clock(), "done", None)
    return True


def _told(error: Refused | MissingFigure) -> str:
    """Why a job was refused, kept as code and arguments: whoever reads it has a language."""
    if isinstance(error, MissingFigure):
        return json.dumps({"code": "figure_missing", "args": {"key": error.key}})
    reason = error.reasons[0]
    return json.dumps({"code": reason.code, "args": {name: str(value) for name, value in reason.args.items()}})


def why(message: str | None) -> Reason | str:
    """What a failed job said: a reason, or a text nobody foresaw."""
    try:
        told = json.loads(message or "")
        code, args = told["code"], told["args"]
        return Reason(code, **args)
    except (ValueError, KeyError, TypeError):
        return message or ""


class Beat:
    """Tells how far a job is, at most once a second of its clock."""

    def __init__(self, engine: Engine, job_id: int, clock: Clock) -> None:
        self.engine, self.job_id, self.clock = engine, job_id, clock
        self.at: datetime | None = None
        self.told: tuple[int, int] = (0, 0)

    def __call__(self, done: int, total: int) -> None:
        self.told, now = (done, total), self.clock()
        if self.at is None or now - self.at >= timedelta(seconds=1):
            self.at = now
            self.last()

    def last(self) -> None:
        """Write what was told last."""
        done, total = self.told
        with reading(False), Session(self.engine) as session, session.begin():
            values = {"done": done, "total": total, "beat_at": self.clock()}
            session.execute(update(Job).where(Job.id == self.job_id).values(values))


def _free(now: datetime) -> ColumnElement[bool]:
    silent = (Job.state == "running") & (Job.beat_at < now - SILENT)
    return or_(Job.state == "waiting", silent)


def _take(engine: Engine, now: datetime) -> tuple[int, str, dict[str, Any]] | None:
    with reading(False), Session(engine) as session, session.begin():
        job = session.scalars(select(Job).where(_free(now)).order_by(Job.id).limit(1).with_for_update()).first()
        if job is None or not (job.state == "waiting" or lost(job, now)):
            return None
        job.state, job.beat_at = "running", now
        return job.id, job.kind, dict(job.arguments)


def _end(engine: Engine, job_id: int, now: datetime, state: str, message: str | None) -> None:
    with reading(False), Session(engine) as session, session.begin():
        job = session.get_one(Job, job_id)
        job.state, job.message, job.ended_at = state, message, now
