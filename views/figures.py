"""政策参数: the figures in force in a place on a day, where each comes from, its history, and what to do about it."""

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from models import CountyFigure
from policy import standards
from policy.figure_keys import KNOWN_KEYS
from views import figure_line, figure_words
from views.context import actor, figures, forget_figures, now
from views.db import db
from views.figure_list import SHOWN, asked_day, asked_place, choices_of_place, fits, row_of, rows_of, words
from views.numbers import version_in
from workflows import county_figures
from workflows.office import names_of
from workflows.reason import Refused, Stale

bp = Blueprint("figures", __name__, url_prefix="/figures")


@bp.get("/")
def index() -> ResponseReturnValue:
    """Figures in force, by topic."""
    place, on, show = asked_place(), asked_day(), request.args.get("show", "")
    rows = rows_of(place, on)
    kept = [row for row in rows if fits(row, show)]
    topics = [
        (label, found) for n, (label, _) in enumerate(figure_words.TOPICS)
        if (found := [row for row in kept if figure_words.topic_of(row.key) == n])
    ]  # fmt: skip
    counts = {name: sum(fits(row, name) for row in rows) for name in ("", *SHOWN)}
    return render_template(
        "panel/figures.html", place=place, on=on, show=show, counts=counts, topics=topics, places=choices_of_place(),
        checks=standards.warnings(figures(), place, on), **words(),
    )  # fmt: skip


@bp.get("/<key>/")
def page(key: str) -> ResponseReturnValue:
    """One figure: its value on the day, its history as a dated line, the county's own rows."""
    return _page(key)


@bp.post("/confirm")
def confirm() -> ResponseReturnValue:
    """The ticked figures were compared with their documents and still hold."""
    place, on = asked_place(), asked_day()
    keys = [key for key in dict.fromkeys(request.form.getlist("figure")) if key in KNOWN_KEYS]
    found = [figure for key in keys if (figure := figures().find(key, place=place, on=on))]
    try:
        for figure in found:
            county_figures.confirm(db.session(), actor(), figure, now())
    except Refused as refused:
        db.session.rollback()
        flash(figure_words.sentence(refused.reasons[0]), "bad")
    else:
        db.session.commit()
        flash(_told(len(found)), "ok" if found else "warn")
    if request.form.get("back") and keys:
        return redirect(url_for("figures.page", key=keys[0], place=place, on=on))
    return redirect(url_for("figures.index", place=place, on=on, show=request.form.get("show")))


@bp.post("/own/<int:row_id>/withdraw")
def withdraw(row_id: int) -> ResponseReturnValue:
    """Take a wrongly entered figure out of use, with a reason."""
    row = db.session.get(CountyFigure, row_id)
    if row is None or row.withdrawn_at is not None:
        abort(404)
    key = row.key
    try:
        version, reason = version_in(request.form), request.form.get("reason", "")[:200]
        county_figures.withdraw(db.session(), actor(), row, reason, version, now())
    except Refused as refused:
        db.session.rollback()
        return _page(key, f"withdraw-{row_id}", refused), 409 if isinstance(refused, Stale) else 422
    db.session.commit()
    forget_figures()
    flash(gettext("The figure is withdrawn. What was decided with it stays as it is."))
    return redirect(url_for("figures.page", key=key, place=asked_place(), on=asked_day()))


def _told(count: int) -> str:
    if not count:
        return gettext("Nothing was ticked.")
    return ngettext("%(num)s figure is noted as compared today.", "%(num)s figures are noted as compared today.", count)


def _page(key: str, act: str = "", refused: Refused | None = None) -> str:
    if key not in KNOWN_KEYS:
        abort(404)
    place, on = asked_place(), asked_day()
    spans = figures().over_time(key, place=place)
    row = row_of(key, figures().find(key, place=place, on=on), county_figures.checks(db.session()))
    own = county_figures.history(db.session(), key, place)
    people = names_of(db.session, {mine.added_by_id for mine in own})
    return render_template(
        "panel/figure.html", key=key, place=place, on=on, row=row, spans=spans, line=figure_line.line(spans, on),
        size=(figure_line.WIDTH, figure_line.BAR, figure_line.TOP), places=choices_of_place(), act=act,
        own=own, who=lambda mine: people.get(mine.added_by_id, ""), say_own=figure_words.own_text,
        errors=[{"text": figure_words.sentence(reason)} for reason in refused.reasons] if refused else [],
        typed=request.form if refused else {}, **words(),
    )  # fmt: skip


def register(app: Flask) -> None:
    """Give the app the pages of figures."""
    app.register_blueprint(bp)
