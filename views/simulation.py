"""政策模拟: one or two scenarios of trial values over every family that is paid, with no case written."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models import Job, Recalculation
from models.base import reading
from policy.calendar import month_after
from views import places, work
from views import recalculation_page as page_of
from views import simulation_page as sums_of
from views.context import actor, now, own_transaction, today
from views.db import db
from views.export_jobs import XLSX
from views.export_wish import KINDS
from views.finding_words import figure_name
from views.recalculation import batch_or_404, begun, month_of, scheme_of, schemes, scopes
from workflows import audit, keys, simulation
from workflows.actor import PREVIEWERS
from workflows.exchange import files
from workflows.office import name_of, names_of
from workflows.recalculation_staging import visible

bp = Blueprint("simulation", __name__, url_prefix="/simulation")
RECENT = 20


@bp.get("/")
def index() -> ResponseReturnValue:
    """Write scenarios down; those of before."""
    return _index()


@bp.post("/")
def begin() -> ResponseReturnValue:
    """Have the scenarios counted."""
    if request.form.get("add_row") is not None:
        return _index()
    scenarios = typed()

    def work_on() -> Recalculation:
        month = month_of(request.form.get("month", ""))
        scope = request.form.get("scope", "") or actor().division_code
        return simulation.begin_simulation(
            db.session, actor(), now(), scope=scope, month=month, scenarios=scenarios,
            scheme=scheme_of(request.form.get("scheme", "")),
        )  # fmt: skip

    return begun(work_on, gettext("The simulation is being calculated."), _index)


def typed() -> list[dict[str, Any]]:
    """The scenarios of the form; of a key named twice the last value counts."""
    form, found = request.form, []
    for n in range(simulation.MOST_SCENARIOS):
        pairs = zip(form.getlist(f"key-{n}"), form.getlist(f"value-{n}"), strict=False)
        values = {key: value.strip() for key, value in pairs if key and value.strip()}
        found.append({"name": form.get(f"name-{n}", "").strip() or _named(values), "figures": values})
    return found


def _named(values: dict[str, str]) -> str:
    """A scenario that nobody named, by its values."""
    return gettext("; ").join(f"{figure_name(key)} {value}" for key, value in values.items())[:80]


@bp.get("/<id>/")
def page(id: str) -> ResponseReturnValue:
    """What the scenarios come to, side by side."""
    batch = batch_or_404(id, "simulate")
    asked = request.args
    scenario = min(max(asked.get("scenario", 0, int), 0), len(batch.scenarios) - 1)
    running, shown = page_of.progress(batch), None
    if batch.counts:
        tab = asked.get("tab", "") or sums_of.side_of(batch, scenario)
        shown = page_of.shown(batch, tab, asked.get("township", ""), asked.get("page", 1, int),
                              scenario)  # fmt: skip
    return render_template(
        "panel/simulation_result.html", batch=batch, running=running, shown=shown, of=page_of, sums=sums_of,
        key=keys.new_key(), may_begin=actor().role in PREVIEWERS, who=name_of(db.session, batch.user_id),
        kinds=[(kind, KINDS[kind]) for kind in ("xlsx", "csv")], places=places,
    )  # fmt: skip


@bp.post("/<id>/resume")
def resume(id: str) -> ResponseReturnValue:
    """Go on with a simulation that failed or was lost."""
    batch = batch_or_404(id, "simulate")
    work.go_on(db.session.get(Job, batch.job_id) if batch.job_id else None)
    return redirect(url_for("simulation.page", id=batch.id), 303)


@bp.get("/<id>/sums.<any(xlsx, csv):kind>")
def export(id: str, kind: str) -> ResponseReturnValue:
    """The sums as a sheet; no family is named in it."""
    batch = batch_or_404(id, "simulate")
    if "plans" not in batch.counts:
        abort(404)
    lines = simulation.lines(batch, places.names(), sums_of.words())
    with own_transaction() as own:
        audit.record(own, actor(), now(), "export", table="recalculation", after={"recalculation": batch.id})
    name = f"{gettext('Policy simulation')}{today():%Y%m%d}.{kind}"
    if kind == "csv":
        disposition = f"attachment; filename=\"export.csv\"; filename*=UTF-8''{quote(name)}"
        return Response(files.csv_stream(lines), mimetype="text/csv", headers={"Content-Disposition": disposition})
    made = files.xlsx_file(lines)
    return send_file(made, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _index(errors: Sequence[str] = ()) -> ResponseReturnValue:
    with reading():
        batches = db.session.scalars(visible(actor(), "simulate").limit(RECENT)).all()
        body = render_template(
            "panel/simulation.html", batches=batches, errors=errors, key=keys.new_key(),
            names=names_of(db.session, {batch.user_id for batch in batches}),
            may_begin=actor().role in PREVIEWERS, scopes=scopes(), schemes=schemes(),
            states=page_of.STATES, place=places.name,
            rows=sums_of.rows(request.form), choices=sums_of.choices(),
            month=request.form.get("month") or f"{_usual_month():%Y-%m}", typed=request.form,
        )  # fmt: skip
        db.session.rollback()
    return (body, 422) if errors else body


def _usual_month() -> date:
    return month_after(today())


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)


SENTENCES = {
    "scenario_missing": _l("Write at least one scenario down: choose a figure and give it another value."),
    "scenario_empty": _l("The scenario “%(name)s” has no value; choose a figure and give it another value."),
    "trial_value": _l("“%(value)s” is no value for “%(key)s”; amounts in yuan, percents and months as numbers."),
}
