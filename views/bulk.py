"""One step for many cases: chosen on the list, previewed, carried out case by case, and told case by case."""

from collections.abc import Callable, Sequence
from functools import partial

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from wtforms import Form

from models import Benefit, BulkLine, BulkRun, Job
from policy.vocabulary import Action
from views import bulk_form, places, work
from views.bulk_form import Choice, by_reason
from views.context import actor, figures, now, today
from views.db import db
from views.once import Done, once, sent
from views.panel.scoped import get_or_404
from views.progress import Progress
from views.reasons import sentences
from workflows import bulk, jobs, kept_reasons, keys
from workflows.actor import scoped
from workflows.bulk import MOST
from workflows.reason import Reason, Refused

bp = Blueprint("bulk", __name__, url_prefix="/bulk")
SHOWN = 200


@bp.get("/")
def index() -> ResponseReturnValue:
    """Which step, and for which of the chosen cases it is possible."""
    return _page(bulk_form.choice(), bulk_form.action())


@bp.post("/")
def take() -> ResponseReturnValue:
    """Carry a previewed step out, once; anything that changed since the preview is shown again first."""
    choice, action = bulk_form.choice(), bulk_form.action()
    if action is None:
        return redirect(url_for("bulk.index", **choice.arguments))
    form, begun = bulk_form.form_of(action)(request.form), list[Callable[[], None]]()
    valid = form.validate()

    def begin() -> Done:
        run = _begin(choice, action, form, valid)
        begun.append(_what_follows(run))
        return Done(url_for("bulk.page", id=run.id))

    try:
        where = once(begin, url_for("benefit.index_view"), (action.value, choice.arguments, sent()))
    except Refused as refused:
        db.session.rollback()
        return _page(choice, action, form, sentences(refused.reasons), 422)
    for follow in begun:
        follow()
    return redirect(where, 303)


def _begin(choice: Choice, action: Action, form: Form, valid: bool) -> BulkRun:
    """Write the run down; Refused for wrong fields, and for what nobody has seen yet."""
    given = bulk_form.given_in(form) if valid else bulk_form.probe()
    weighed = bulk.weigh(db.session, actor(), choice.ids[:MOST], action, given, figures(), today())
    if not valid:
        raise Refused([])
    if request.form.get("seen") != bulk_form.mark(weighed):
        raise Refused([Reason("bulk_changed")])
    if all(one.reasons for one in weighed):
        raise Refused([Reason("bulk_nothing")])
    run = bulk.begin(db.session, actor(), now(), action, given, weighed)
    if sum(not one.reasons for one in weighed) > bulk.AT_ONCE:
        _queue(run)
    return run


def _what_follows(run: BulkRun) -> Callable[[], None]:
    """What carries a run out once it is written down: a few cases here, many by the job that waits for it."""
    if run.job_id:
        return work.set_off
    here = jobs.Work(db.engine, figures(), now, lambda done, total: None)
    return partial(bulk.carry_out, here, {"run": run.id})


@bp.get("/<id>/")
def page(id: str) -> ResponseReturnValue:
    """How far a run is and what became of each case, for whoever began it."""
    run = _own(id)
    job = db.session.get(Job, run.job_id) if run.job_id else None
    counts = _counts(run)
    idle = job is None or job.state in ("failed", "done") or jobs.lost(job, now())
    running = Progress(sum(counts.values()) - counts["waiting"], sum(counts.values()), "", False, idle)
    refused = [(line.benefit, map(kept_reasons.read, line.reasons)) for line in _lines(run, "refused", MOST)]
    return render_template(
        "panel/bulk_run.html", run=run, counts=counts, total=running.total, running=running, refused=by_reason(refused),
        done=_lines(run, "done", SHOWN), shown=SHOWN, places=places,
    )  # fmt: skip


@bp.post("/<id>/resume")
def resume(id: str) -> ResponseReturnValue:
    """Go on with a run that was cut off."""
    run = _own(id)
    _queue(run)
    db.session.commit()
    work.set_off()
    return redirect(url_for("bulk.page", id=run.id), 303)


def kinds() -> jobs.Kinds:
    """What the job of a run does."""
    return {bulk.KIND: bulk.carry_out}


def _queue(run: BulkRun) -> None:
    run.job_id = jobs.enqueue(db.session(), bulk.KIND, {"run": run.id}, actor().id, now()).id


def _own(id: str) -> BulkRun:
    run: BulkRun = get_or_404(BulkRun, id, lambda query: query.where(BulkRun.user_id == actor().id))
    return run


def _page(
    choice: Choice, action: Action | None, form: Form | None = None, errors: Sequence[str] = (), status: int = 200
) -> ResponseReturnValue:
    ids = choice.ids
    given = bulk_form.probe()
    weighed = bulk.weigh(db.session, actor(), ids[:MOST], action, given, figures(), today()) if action else []
    ready = [one.benefit for one in weighed if not one.reasons]
    page = render_template(
        "panel/bulk.html", choice=choice, count=min(len(ids), MOST), too_many=len(ids) > MOST, most=MOST, action=action,
        ask=bulk_form.ask_of(action) if action else None, offered=bulk_form.offered(), errors=errors,
        form=form if form is not None or action is None else bulk_form.form_of(action)(), ready=ready,
        refused=by_reason((one.benefit, one.reasons) for one in weighed if one.reasons), mark=bulk_form.mark(weighed),
        not_ready=len(weighed) - len(ready), key=keys.new_key(), shown=SHOWN, places=places,
        back=url_for("benefit.index_view", **choice.list_arguments),
    )  # fmt: skip
    return page, status


def _counts(run: BulkRun) -> dict[str, int]:
    query = select(BulkLine.outcome, func.count()).where(BulkLine.bulk_run_id == run.id).group_by(BulkLine.outcome)
    found = db.session.execute(scoped(query, BulkLine, actor()))
    return {"waiting": 0, "done": 0, "refused": 0, **{row[0]: row[1] for row in found}}


def _lines(run: BulkRun, outcome: str, most: int) -> list[BulkLine]:
    home = joinedload(BulkLine.benefit).joinedload(Benefit.household)
    query = select(BulkLine).where(BulkLine.bulk_run_id == run.id, BulkLine.outcome == outcome).options(home)
    query = scoped(query, BulkLine, actor())  # who began it may work elsewhere by now
    return list(db.session.scalars(query.order_by(BulkLine.id).limit(most)))


def register(app: Flask) -> None:
    """Add the pages of steps in bulk."""
    app.register_blueprint(bp)
