"""调标: what new figures make of every family that is paid: looked at first, carried out as one batch, undone."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models import Job, Recalculation
from models.base import reading
from policy.calendar import add_months, month_after
from policy.division_codes import county_of, is_county
from policy.vocabulary import MONTHLY, Scheme
from views import places, work
from views import recalculation_page as page_of
from views.context import actor, figures, now, today
from views.db import db
from views.export_wish import KINDS
from views.formats import options
from views.once import Done, once
from views.panel.scoped import get_or_404
from views.reasons import sentences
from workflows import keys, recalculation_apply, recalculation_staging
from workflows.actor import ADJUSTERS, PREVIEWERS
from workflows.office import name_of, names_of
from workflows.reason import Reason, Refused
from workflows.recalculation_staging import MONTHS_AHEAD, visible

bp = Blueprint("recalculation", __name__, url_prefix="/recalculation")
RECENT = 30
SAID = {
    "staged": _l("The preview is being calculated."), "applied": _l("The adjustment is being carried out."),
    "undone": _l("The adjustment is being undone."),
}  # fmt: skip


@bp.get("/")
def index() -> ResponseReturnValue:
    """Begin a preview; those of before."""
    return _index()


@bp.post("/")
def begin() -> ResponseReturnValue:
    """Have a preview calculated."""
    form = request.form

    def work_on() -> Recalculation:
        month = month_of(form.get("month", ""))
        return recalculation_staging.begin(
            db.session, actor(), now(), scope=form.get("scope", ""), month=month, title=form.get("title", ""),
            scheme=scheme_of(form.get("scheme", "")),
        )  # fmt: skip

    return begun(work_on, gettext("The preview is being calculated."), _index)


def month_of(text: str) -> date:
    """The first day of a month as a form sends it ("2027-01"); Refused for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Refused([Reason("month_missing")]) from None


def scheme_of(text: str) -> Scheme:
    """The scheme a form names, 低保 where it names none; Refused for anything else."""
    try:
        return Scheme(text or Scheme.DIBAO.value)
    except ValueError:
        raise Refused([Reason("recalculation_scheme")]) from None


def schemes() -> list[tuple[str, str]]:
    """The schemes that pay each month, by code and name."""
    return options(MONTHLY)


@bp.get("/<id>/")
def page(id: str) -> ResponseReturnValue:
    """What a batch would change, or what it did; while it is worked on, how far that is."""
    return _page(batch_or_404(id))


@bp.post("/<id>/apply")
def apply(id: str) -> ResponseReturnValue:
    """Confirm a preview, to be carried out outside this request."""
    batch = batch_or_404(id)
    return _step(batch, lambda: recalculation_apply.begin_apply(db.session, batch.id, actor(), now(), figures()),
                 gettext("The adjustment is being carried out."))  # fmt: skip


@bp.post("/<id>/undo")
def undo(id: str) -> ResponseReturnValue:
    """Take a batch back, with a reason."""
    batch, words = batch_or_404(id), request.form.get("reason", "")[:200]
    return _step(batch, lambda: recalculation_apply.begin_undo(db.session, batch.id, actor(), now(), words),
                 gettext("The adjustment is being undone."))  # fmt: skip


@bp.post("/<id>/drop")
def drop(id: str) -> ResponseReturnValue:
    """Lay a preview aside."""
    batch = batch_or_404(id)
    return _step(batch, lambda: recalculation_apply.drop(db.session, batch.id, actor(), now()),
                 gettext("The preview was laid aside; nothing was changed."))  # fmt: skip


@bp.post("/<id>/resume")
def resume(id: str) -> ResponseReturnValue:
    """Go on with work that failed or was lost."""
    batch = batch_or_404(id)
    work.go_on(db.session.get(Job, batch.job_id) if batch.job_id else None)
    return redirect(url_for(f"{_family(batch)}.page", id=batch.id), 303)


def batch_or_404(id: str, kind: str = "adjust") -> Recalculation:
    """A batch under the reader's division; answers 404 for every other."""
    batch: Recalculation = get_or_404(Recalculation, id, lambda query: _narrow(query, kind))
    return batch


def _narrow(query: Any, kind: str) -> Any:
    return query.where(Recalculation.id.in_(visible(actor(), kind).with_only_columns(Recalculation.id).order_by(None)))


def _family(batch: Recalculation) -> str:
    return "simulation" if batch.kind == "simulate" else "recalculation"


def begun(work_on: Callable[[], Recalculation], said: str, again: Any) -> ResponseReturnValue:
    """Do what was posted once, start the process that works on it, and show the batch."""

    def begin_it() -> Done:
        batch = work_on()
        return Done(url_for(f"{_family(batch)}.page", id=batch.id), said)

    try:
        where = once(begin_it, request.path)
    except Refused as refused:
        db.session.rollback()
        answer: ResponseReturnValue = again(sentences(refused.reasons))
        return answer
    work.set_off()
    return redirect(where, 303)


def _step(batch: Recalculation, work_on: Callable[[], Recalculation], said: str) -> ResponseReturnValue:
    id = str(batch.id)
    return begun(work_on, said, lambda errors: (page_with(batch_or_404(id), errors), 422))


def page_with(batch: Recalculation, errors: Sequence[str]) -> str:
    """The page of a batch as it stands, with why something was refused; nothing was done."""
    number = str(batch.id)
    db.session.rollback()
    with reading():
        body = _page(batch_or_404(number), errors)
        db.session.rollback()
    return body


def _index(errors: Sequence[str] = ()) -> ResponseReturnValue:
    with reading():
        batches = db.session.scalars(visible(actor(), "adjust").limit(RECENT)).all()
        first = today().replace(day=1)
        body = render_template(
            "panel/recalculation.html", batches=batches, errors=errors, key=keys.new_key(), states=page_of.STATES,
            tones=page_of.TONES, names=names_of(db.session, {batch.user_id for batch in batches}),
            may_begin=actor().role in PREVIEWERS, scopes=scopes(),
            schemes=schemes(),
            month=request.form.get("month") or f"{month_after(today()):%Y-%m}", first=f"{first:%Y-%m}",
            last=f"{add_months(first, MONTHS_AHEAD):%Y-%m}", typed=request.form, plan_of=page_of.plan_of,
            signed=page_of.signed, place=places.name,
        )  # fmt: skip
        db.session.rollback()
    return (body, 422) if errors else body


def scopes() -> list[tuple[str, str]]:
    """The county and its townships, as far as they lie under the reader."""
    mine = actor().division_code
    county = [(county_of(mine), places.name(county_of(mine)))] if is_county(mine) else []
    return county + places.townships(actor())


def _page(batch: Recalculation, errors: Sequence[Any] = ()) -> str:
    running = page_of.progress(batch)
    asked = request.args
    shown = None
    if batch.counts:
        shown = page_of.shown(batch, asked.get("tab", ""), asked.get("township", ""), asked.get("page", 1, int))
    return render_template(
        "panel/recalculation_batch.html", batch=batch, errors=errors, key=keys.new_key(), running=running, shown=shown,
        state=page_of.STATES[batch.state], tone=page_of.TONES.get(batch.state, "warn"), of=page_of,
        may_apply=actor().role in ADJUSTERS, may_begin=actor().role in PREVIEWERS,
        undoable=batch.state == "applied" and batch.undo_until is not None and today() <= batch.undo_until,
        who=name_of(db.session, batch.user_id), places=places,
        kinds=[(kind, KINDS[kind]) for kind in ("xlsx", "csv")],
    )  # fmt: skip


def register(app: Flask) -> None:
    """Add the pages and their refusals."""
    app.register_blueprint(bp)


SENTENCES = {
    "not_recalculated": _l("This case was not adjusted by that batch, or something happened to it since."),
    "recalculation_paid": _l("The new amounts were paid after %(until)s; what was paid is not undone. Start again."),
    "recalculation_missing": _l("Amounts are adjusted to new figures for many families at once, on its own page."),
    "not_your_recalculation": _l("This is done by the county for its own division; choose a place in yours."),
    "recalculation_month": _l("Choose a month from %(first)s to %(last)s."),
    "recalculation_state": _l("This batch is not in the state for that any more; reload the page to see where it is."),
    "recalculation_early": _l("Amounts change when the batch is confirmed: confirm it from %(first)s on, not sooner."),
    "recalculation_late": _l("The month of this preview, %(month)s, is over; recalculate it for a later one."),
    "figures_changed": _l("The figures were changed since this preview; recalculate it to see what they give now."),
    "recalculation_scheme": _l("Choose a scheme that pays each month."),
    "month_missing": _l("Choose the month from which the new amounts hold."),
}
