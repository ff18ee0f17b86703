"""五地对照: the rules of five places side by side on a day, from the figures themselves, each with its clause."""

from datetime import date
from typing import NamedTuple

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue

from policy.figure_keys import KNOWN_KEYS, Status
from policy.figures import Figure, Figures, shipped_places
from views import figure_words
from views.context import figures
from views.figure_list import asked_day, words

bp = Blueprint("comparison", __name__, url_prefix="/comparison")
FIVE = ("511526", "22", "341324101", "533103", "3507")
"""珙县, 吉林省, 泗县墩集镇, 芒市, 南平市."""


RULES_FIRST = (*range(1, len(figure_words.TOPICS)), 0)
"""The standards, which differ everywhere, come after the rules."""


class Compared(NamedTuple):
    """One rule in every place: figures in the order of the places, None where a place has no such rule."""

    key: str
    cells: tuple[Figure | None, ...]

    @property
    def local(self) -> bool:
        """Whether some place has a rule of its own."""
        return any(figure is not None and figure.place for figure in self.cells)

    @property
    def differs(self) -> bool:
        """Whether the places do not all say the same."""
        return len({figure and figure.value for figure in self.cells}) > 1


def compare(known: Figures, on: date, whole: bool) -> list[Compared]:
    """The rules in which the places differ, or (``whole``) every one that holds in any of them."""
    rows = [Compared(key, tuple(known.find(key, place=place, on=on) for place in FIVE)) for key in KNOWN_KEYS]
    return [row for row in rows if any(row.cells) and (whole or (row.local and row.differs))]


def first_days(known: Figures) -> list[tuple[str, date]]:
    """On which day each place's own rules first held: the days worth looking at."""
    found = []
    for place in FIVE:
        days = [figure.valid_from for figure in known if figure.place == place and _is_rule(figure)]
        if days:
            found.append((place, max(set(days), key=days.count)))
    return found


def _is_rule(figure: Figure) -> bool:
    """Whether a figure is a rule: standards, statistics and placeholders begin on days that say nothing about rules."""
    return figure.status is not Status.PLACEHOLDER and figure_words.topic_of(figure.key) != 0


@bp.get("/")
def index() -> ResponseReturnValue:
    """The five places, rule by rule."""
    on, whole = asked_day(), bool(request.args.get("whole"))
    rows = compare(figures(), on, whole)
    topics = [
        (figure_words.TOPICS[n][0], found) for n in RULES_FIRST
        if (found := [row for row in rows if figure_words.topic_of(row.key) == n])
    ]  # fmt: skip
    names = shipped_places()
    return render_template(
        "panel/comparison.html", on=on, whole=whole, topics=topics, places=[(code, names[code]) for code in FIVE],
        days=first_days(figures()), names=names, **words(),
    )  # fmt: skip


def register(app: Flask) -> None:
    """Give the app the comparison."""
    app.register_blueprint(bp)
