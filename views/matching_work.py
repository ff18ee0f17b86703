"""How far the matching of a long list is, for who handed it in; then the match itself."""

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Job
from views import matching_words as words
from views import work
from views.context import actor, instance
from views.db import db
from views.panel.scoped import get_or_404
from views.progress import Progress, progress_of, why
from workflows import jobs
from workflows.exchange import kept_file
from workflows.exchange.reading import Unreadable
from workflows.matching import working
from workflows.reason import Reason

bp = Blueprint("matching_work", __name__, url_prefix="/matching/jobs")


@bp.get("/<id>/")
def page(id: str) -> ResponseReturnValue:
    """The progress, or the match that came of it."""
    job = _own(id)
    made = working.made_by(db.session(), job.arguments) if job.state == "done" else None
    if made is not None:
        return redirect(url_for("matching.page", id=made.id))
    return render_template(
        "panel/matching_work.html", id=job.id, name=job.arguments["name"], running=_progress(job), why=_why(job)
    )


@bp.post("/<id>/resume")
def resume(id: str) -> ResponseReturnValue:
    """Go on with work that failed or was lost."""
    job = _own(id)
    work.go_on(job, kept_file.heard(instance().imports, job.arguments["stored"]))
    return redirect(url_for("matching_work.page", id=job.id), 303)


def _progress(job: Job) -> Progress:
    beside = instance().imports, job.arguments["stored"]
    return progress_of(job, kept_file.progress(*beside), kept_file.heard(*beside))


def _why(job: Job) -> str:
    """Why a list could not be matched, in a sentence."""
    reason = jobs.why(job.message)
    if isinstance(reason, Reason) and reason.code == "list_unreadable":
        args = dict(reason.args)
        return words.unreadable(Unreadable(args.pop("because"), **args))
    return why(job)


def _own(id: str) -> Job:
    job: Job = get_or_404(Job, id, lambda query: query.where(Job.kind == working.KIND, Job.user_id == actor().id))
    return job


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
