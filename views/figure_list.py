"""Figures for a page: which place and day are asked for, what is in force there, and how sure each is."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import request

from policy.division_codes import is_county, is_township, township_of
from policy.figure_keys import KNOWN_KEYS, Status
from policy.figures import Figure, shipped_places
from policy.vocabulary import Role
from views import figure_words, places
from views.context import actor, figures, today
from views.db import db
from workflows import county_figures, office

Checked = Mapping[tuple[str, str, date], date]
FIRST_YEAR, LAST_YEAR = 1990, 2100
SHOWN = ("placeholder", "stale", "own", "missing")


class Row(NamedTuple):
    """A figure on the page; ``figure`` None: nothing is in force for the key."""

    key: str
    figure: Figure | None
    own: bool = False
    checked: date | None = None
    stale: bool = False


def rows_of(place: str, on: date) -> list[Row]:
    """Every figure the rules may ask for, as it stands in a place on a day."""
    known, checked = figures(), county_figures.checks(db.session())
    return [row_of(key, known.find(key, place=place, on=on), checked) for key in KNOWN_KEYS]


def row_of(key: str, figure: Figure | None, checked: Checked) -> Row:
    """A figure with when it was last compared with its document."""
    if figure is None:
        return Row(key, None)
    when = checked.get((key, figure.place, figure.valid_from))
    return Row(key, figure, figures().is_own(figure), when, is_stale(when))


def is_stale(checked: date | None) -> bool:
    """Whether a figure was never compared with its document, or longer than a year ago."""
    return checked is None or today() - checked > timedelta(days=county_figures.FRESH_DAYS)


def fits(row: Row, show: str) -> bool:
    """Whether a row belongs to a selection: one of SHOWN, or "" for all that is in force."""
    figure = row.figure
    if show == "missing" or figure is None:
        return show == "missing" and figure is None
    return {
        "placeholder": figure.status is Status.PLACEHOLDER,
        "stale": row.stale and figure.status is not Status.PLACEHOLDER,
        "own": row.own,
    }.get(show, True)


def words() -> dict[str, Any]:
    """What every template of figures needs."""
    return {
        "say_key": figure_words.key_label, "say_value": figure_words.value_text, "say_place": place_name,
        "say_warning": figure_words.warning, "tones": figure_words.TONES, "today": today(),
        "keeper": actor().role is Role.SUPERVISOR,
    }  # fmt: skip


def place_name(code: str) -> str:
    """The name of a division that figures hold for: the office's own name for it, else the shipped one."""
    return places.names().get(code) or shipped_places().get(code) or code


def choices_of_place() -> list[tuple[str, str]]:
    """The county and its townships."""
    return [(code, name) for code, name in places.names().items() if is_county(code) or is_township(code)]


def asked_place() -> str:
    """The division asked for, else the reader's own."""
    known = dict(choices_of_place())
    asked = request.values.get("place", "")
    mine = township_of(actor().division_code)
    return asked if asked in known else mine if mine in known else office.county(db.session()).code


def asked_day() -> date:
    """The day asked for, else today."""
    return day_of(request.values.get("on")) or today()


def day_of(text: str | None) -> date | None:
    """A day that somebody typed; None for anything else, and outside the years that figures are about."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
