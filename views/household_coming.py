"""Somebody who left a family of another township for one of ours: entered here, or told not to come."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm.exc import StaleDataError

from models import HouseholdEvent, HouseholdTask
from policy.vocabulary import Happening, Need
from views import places
from views.context import actor, now
from views.db import afresh, db
from views.numbers import version_in
from views.once import Done, once
from views.panel.scoped import get_or_404
from views.reasons import sentences
from workflows import arrivals, keys
from workflows.household_reports import fields_of
from workflows.reason import Refused, Stale

bp = Blueprint("household_coming", __name__, url_prefix="/family-tasks/coming")


@bp.get("/<id>/")
def page(id: str) -> ResponseReturnValue:
    """Who comes to which family, with the way to enter them, and to say that nobody comes."""
    return _page(_task(id))


@bp.post("/<id>/not-coming")
def give_up(id: str) -> ResponseReturnValue:
    """Say that the person does not come; the other township reads on its desk what ends."""
    task, form = _task(id), request.form

    def give_it_up() -> Done:
        version = version_in(form)
        arrivals.give_up(db.session, task, form.get("words", "")[:400], actor(), now(), version)
        said = gettext("It is off the desk; cases of the person's own end where they lie.")
        return Done(url_for("household_tasks.index"), said)

    try:
        where = once(give_it_up)
    except (Stale, StaleDataError):
        return _again(id, [gettext("Somebody else answered this meanwhile; see below how it stands.")], 409)
    except Refused as refused:
        return _again(id, sentences(refused.reasons), 422)
    return redirect(where, 303)


def _task(id: str) -> HouseholdTask:
    task = get_or_404(HouseholdTask, id)
    return task if task.need is Need.ENTER and actor().sees_cases else abort(404)


def _page(task: HouseholdTask, errors: Sequence[str] = ()) -> str:
    report = task.report
    assert report is not None and report.member is not None and report.event_id is not None
    left = db.session.get_one(HouseholdEvent, report.event_id)
    kind = Happening(fields_of(report)["event"])
    form: dict[str, Any] = {"kind": kind.value, "on": left.happened_on.isoformat()}
    form["members-0-name"] = report.member.name
    return render_template(
        "panel/household_coming.html", task=task, home=task.household, who=report.member.name, kind=kind, left=left,
        enter=url_for("household_events.event", id=task.household_id, **form), places=places, key=keys.new_key(),
        may=not arrivals.may_give_up(task, actor()), errors=errors, typed=request.form,
    )  # fmt: skip


def _again(id: str, errors: list[str], status: int) -> ResponseReturnValue:
    with afresh():
        shown = _page(_task(id), errors)
    return shown, status


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
