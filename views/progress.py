"""How far long work is, as every page of such work shows it; why it stopped, in a sentence."""

from dataclasses import dataclass
from datetime import datetime

from models import Job
from views.context import now
from views.db import db
from views.reasons import sentence
from workflows import jobs


@dataclass(frozen=True)
class Progress:
    """How far a job is; ``lost``: it failed, or nobody seems to work on it."""

    done: int
    total: int
    message: str
    failed: bool
    lost: bool

    @property
    def percent(self) -> int:
        """Of a hundred, rounded down."""
        return 100 * self.done // self.total if self.total else 0


def progress_of(
    job_id: int | None, told: tuple[int, int] | None = None, heard: datetime | None = None
) -> Progress | None:
    """The progress of a job, or None where there is none; how far it is, and when, where the job itself cannot say."""
    job = db.session.get(Job, job_id) if job_id else None
    if job is None:
        return None
    done, total = told if told is not None else (job.done, job.total)
    failed = job.state == "failed"
    return Progress(done, total, why(job), failed, failed or jobs.lost(job, now(), heard))


def why(job: Job) -> str:
    """Why a job failed: its reason as a sentence, or the kind of a fault nobody foresaw; empty where it did not."""
    told = jobs.why(job.message)
    return told if isinstance(told, str) else sentence(told)
