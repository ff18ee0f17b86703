"""Large .xlsx files are made outside the request: a page says how far they are, and hands them to who asked, sealed."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, Flask, abort, current_app, g, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models import Job, User
from models.base import reading
from views import export_kept, work
from views.context import actor, now
from views.db import db
from views.export_asked import asked_list, asked_roster
from views.export_wish import Table, Wish
from views.panel.scoped import get_or_404
from views.progress import Progress, progress_of
from views.who import Person
from workflows import jobs
from workflows.exchange import files
from workflows.reason import Reason, Refused

bp = Blueprint("export_jobs", __name__, url_prefix="/export/made")
KIND = "export_list"
AT_ONCE = 5_000
"""Rows of .xlsx that are made within the request itself."""
LOOKED_AT = 500
"""The newest jobs of everybody among which a reader's files of the last day are looked for."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def begin(wish: Wish, query: str) -> Job:
    """Have a file made; the export itself is on record already. The caller commits and sets the work off."""
    told = {
        "query": query, "full": wish.full, "name": wish.file_name(), "stored": secrets.token_hex(16),
        "user_id": actor().id, "as": _as(), **wish.asked(),
    }  # fmt: skip
    return jobs.enqueue(db.session(), KIND, told, actor().id, now())


class Made(NamedTuple):
    """A file of the last day as the page of rosters lists it."""

    id: int
    name: str
    at: datetime
    ready: bool
    running: Progress


def recent() -> list[Made]:
    """The reader's files of the last day, the newest first; whoever closed the page of one finds the way back here."""
    newest = select(Job.id).order_by(Job.id.desc()).limit(LOOKED_AT)
    mine = Job.id.in_(newest), Job.kind == KIND, Job.user_id == actor().id, Job.created_at > now() - export_kept.KEPT
    found = db.session.scalars(select(Job).where(*mine).order_by(Job.id.desc())).all()
    return [
        Made(job.id, job.arguments["name"], job.created_at, job.state == "done", progress_of(job))
        for job in found if _still_theirs(job) and (job.state != "done" or _path(job).exists())
    ]  # fmt: skip


@bp.get("/<id>/")
def page(id: str) -> ResponseReturnValue:
    """How far a file is, or the file itself to download."""
    job = _own(id)
    done, kept = job.state == "done", _path(job).exists()
    return render_template(
        "panel/export_made.html", id=job.id, name=job.arguments["name"], running=progress_of(job),
        ready=done and kept, gone=done and not kept, size=_path(job).stat().st_size if done and kept else 0,
        back=_asked_at(job.arguments),
    )  # fmt: skip


def _asked_at(arguments: Mapping[str, Any]) -> str:
    """The page on which a file was asked for, with its place, month or filters."""
    code, table = arguments.get("roster"), arguments.get("table")
    page = url_for("exporting.roster", code=code) if code else url_for("exporting.page", table=table)
    return f"{page}?{arguments['query']}".rstrip("?")


@bp.post("/<id>/resume")
def resume(id: str) -> ResponseReturnValue:
    """Make a file anew that failed or was lost."""
    job = _own(id)
    work.go_on(job)
    return redirect(url_for("export_jobs.page", id=job.id), 303)


@bp.post("/<id>/file")
def file(id: str) -> ResponseReturnValue:
    """The file, for who asked for it, within a day; posted, so that the password can be asked for first."""
    db.session.rollback()  # whoever writes meanwhile is not kept waiting while it is opened
    with reading():
        job = _own(id)
        if job.state != "done" or not _path(job).exists():
            abort(404)
        name, data = job.arguments["name"], export_kept.opened(job.arguments["stored"])
    return send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def kinds() -> jobs.Kinds:
    """What the jobs of exports do."""
    return {KIND: _make}


def _own(id: str) -> Job:
    job: Job = get_or_404(Job, id, lambda query: query.where(Job.kind == KIND, Job.user_id == actor().id))
    return job if _still_theirs(job) else abort(404)


def _as() -> list[str]:
    """As what a file is asked for: the role, and the place whose people it holds."""
    return [str(actor().role), actor().division_code]


def _still_theirs(job: Job) -> bool:
    """Whether who asked for a file is still in the role and the place in which they might see what it holds."""
    return job.arguments.get("as") == _as()


def _path(job: Job) -> Path:
    return export_kept.path_of(job.arguments["stored"])


def _make(task: jobs.Work, arguments: dict[str, Any]) -> None:
    """Make the file as whoever asked for it: with their rights and filters as they are now."""
    with current_app.test_request_context("/", query_string=arguments["query"]), reading():
        user = db.session.get(User, arguments["user_id"])
        if user is None or not user.active:
            raise Refused([Reason("not_your_role", roles=())])
        g._login_user = _person(user)
        wish = _wish(arguments)
        made = files.book_file(_told(wish.tables(), wish.count(), task.progress))
        db.session.rollback()
    with made:
        export_kept.keep(arguments["stored"], made.read())


def _person(user: User) -> Person:
    """Whoever asked, as a request of theirs would see them."""
    return Person(
        id=user.id, login=user.login, name=user.name, role=user.role, division_code=user.division_code,
        language=user.language, session_id=0, verified=False,
        step=None,
    )  # fmt: skip


def _wish(arguments: dict[str, Any]) -> Wish:
    form = {"shape": arguments.get("shape", ""), "numbers": "full" if arguments["full"] else "masked"}
    wish: Wish = (
        asked_roster(arguments["roster"], form) if arguments.get("roster")
        else asked_list(arguments["table"], form)
    )  # fmt: skip
    return wish if wish.may_see_full else replace(wish, full=False)


def _told(
    tables: Iterable[Table], total: int, progress: Callable[[int, int], None]
) -> Iterator[tuple[Iterator[Sequence[str]], files.Look]]:
    done = 0

    def counted(lines: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
        nonlocal done
        for line in lines:
            if done % 500 == 0:
                progress(min(done, total), total)
            done += 1
            yield line

    for _, lines, look in tables:
        yield counted(lines), look
    progress(total, total)


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
