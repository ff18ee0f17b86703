"""How far long work is, as every page of such work shows it; why it stopped, in a sentence."""

from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext

from models import Job
from views.context import now
from views.db import db
from views.reasons import sentence
from workflows import jobs


class Progress(NamedTuple):
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


def progress_with(
    job_id: int | None, told: tuple[int, int] | None = None, heard: datetime | None = None
) -> Progress | None:
    """The progress of the job with this id, None where there is none; ``told`` and ``heard`` as in ``progress_of``."""
    job = db.session.get(Job, job_id) if job_id else None
    return None if job is None else progress_of(job, told, heard)


def progress_of(job: Job, told: tuple[int, int] | None = None, heard: datetime | None = None) -> Progress:
    """The progress of a job.

    ``told``: how far it is, ``heard``: when it was last heard of; both where its own row cannot say. What was heard
    before this job came is an earlier one's, and says nothing of it.
    """
    if heard is not None and heard < job.created_at:
        told, heard = (0, 0), None
    done, total = told if told is not None else (job.done, job.total)
    failed = job.state == "failed"
    return Progress(done, total, why(job), failed, failed or jobs.lost(job, now(), heard))


def why(job: Job) -> str:
    """Why a job failed: its reason as a sentence, or the kind of a fault nobody foresaw; empty where it did not."""
    told = jobs.why(job.message)
    if not isinstance(told, str):
        return sentence(told)
    return gettext("an unforeseen fault (%(kind)s); the server's log tells more.", kind=told) if told else ""
