"""A new figure of the county: entered, its effect on what is paid looked at, then saved. The look writes nothing."""

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from policy import standards
from policy.division_codes import in_township
from policy.figure_keys import KNOWN_KEYS, Measure, Status
from policy.figures import Figure, Figures, MissingFigure
from policy.standards import Check
from policy.vocabulary import MONTHLY
from views import figure_words
from views.context import actor, figures, forget_figures, now, today
from views.db import db
from views.figure_list import asked_place, choices_of_place, day_of, words
from views.formats import options
from workflows import county_figures, recalculation
from workflows.county_figures import Entry
from workflows.reason import Refused

bp = Blueprint("figure_entry", __name__, url_prefix="/figures")
KINDS = {Measure.FEN: "money", Measure.WORD: "text", Measure.WORDS: "text"}


class Effect(NamedTuple):
    """What a figure would change: the tally of the paid cases, what stands in the way, standards newly broken."""

    figure: Figure
    before: Figure | None
    on: date
    tally: Any
    missing: str
    broken: list[Check]

    @property
    def changed(self) -> int:
        """How many families' amounts go up or down."""
        return int(self.tally.up + self.tally.down) if self.tally else 0

    @property
    def difference_fen(self) -> int:
        """分 a month in all; what is over the line keeps its amount until a recheck."""
        return int(self.tally.after_fen - self.tally.before_fen) if self.tally else 0


@bp.get("/<key>/new")
def new(key: str) -> ResponseReturnValue:
    """The form; with ``look`` also what it would change."""
    return _form(key, request.args)


@bp.post("/<key>/add")
def add(key: str) -> ResponseReturnValue:
    """Save the figure."""
    entry = _entry(key, request.form)
    try:
        row = county_figures.add(db.session(), actor(), entry, now())
    except Refused as refused:
        db.session.rollback()
        return _form(key, request.form, refused), 422
    place, first = row.place_code, row.valid_from
    db.session.commit()
    forget_figures()
    flash(gettext("The figure is saved. Cases that are paid keep their amounts until they are recalculated."))
    return redirect(url_for("figures.page", key=key, place=place, on=max(first, today())))


def _form(key: str, given: Any, refused: Refused | None = None) -> str:
    if key not in KNOWN_KEYS:
        abort(404)
    entry, effect = _entry(key, given), None
    held = figures().find(key, place=entry.place, on=today())
    if held and held.unit in (Measure.WORD, Measure.WORDS) and "value" not in given and not given.get("look"):
        entry = replace(entry, value=held.text)
    if refused is None and given.get("look"):
        try:
            effect = effect_of(*county_figures.proposed(db.session(), actor(), entry))
        except Refused as error:
            refused = error
    return render_template(
        "panel/figure_entry.html", key=key, entry=entry, effect=effect, known=KNOWN_KEYS[key],
        kind=KINDS.get(KNOWN_KEYS[key].unit, "count"), choices=figure_words.choices(key), places=choices_of_place(),
        statuses=options(Status), unit=figure_words.unit_label(key),
        now_value=held,
        errors=[
            {"text": figure_words.sentence(reason), "target": figure_words.field_of(reason)}
            for reason in (refused.reasons if refused else ())
        ], **words(),
    )  # fmt: skip


def effect_of(figure: Figure, after: Figures) -> Effect:
    """What the figure would change on its first day, or today if that has passed; nothing is written."""
    before, on = figures(), max(figure.valid_from, today())
    if figure.valid_to is not None:
        on = min(on, figure.valid_to)
    known = {(check.rule, check.area, check.mode) for check in standards.warnings(before, figure.place, on)}
    broken = [
        check for check in standards.warnings(after, figure.place, on)
        if (check.rule, check.area, check.mode) not in known
    ]  # fmt: skip
    scope = figure.place if in_township(figure.place) else ""
    tally, missing = None, ""
    try:
        which = recalculation.Selection(scope, MONTHLY)
        tally = recalculation.preview(db.session(), after, on, which, before=before).total
    except MissingFigure as error:
        missing = gettext(error.message, **{**error.args_by_name, "key": figure_words.key_label(error.key)})
    return Effect(figure, before.find(figure.key, place=figure.place, on=on), on, tally, missing, broken)


def _entry(key: str, given: Any) -> Entry:
    value = " ".join(given.getlist("value")) if hasattr(given, "getlist") else ""
    status = given.get("status", Status.OFFICIAL.value)
    return Entry(
        key, asked_place(), value[:500], day_of(given.get("valid_from")), given.get("document", "")[:200],
        given.get("clause", "")[:200], day_of(given.get("valid_to")), status, given.get("note", "")[:500],
    )  # fmt: skip


def register(app: Flask) -> None:
    """Give the app the page of a new figure."""
    app.register_blueprint(bp)
