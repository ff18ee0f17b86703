"""My round: a village's families group by group, each with its next visit and a way to say that something changed."""

from collections import defaultdict

from flask import Blueprint, Flask, render_template, request, url_for
from flask_babel import gettext

from views import places
from views.context import actor, today
from views.db import db
from views.permissions import allowed
from workflows import rounds
from workflows.rounds import Stop

bp = Blueprint("rounds", __name__, url_prefix="/round")


@bp.get("/")
def index() -> str:
    """The families of one village: those with a visit due, or all."""
    villages = places.villages(actor())
    asked = request.args.get("village", "")
    village = asked if asked in dict(villages) else villages[0][0] if villages else ""
    everybody = request.args.get("show") == "all"
    page = request.args.get("page", 1, type=int)
    shown = rounds.stops(db.session, actor(), village, today(), due_only=not everybody, page=page)
    where = {"village": village, **({"show": "all"} if everybody else {})}
    return render_template(
        "panel/round.html", groups=_grouped(shown.stops), shown=shown, where=where, villages=villages, village=village,
        everybody=everybody, places=places, today=today(), tabs=_tabs(village, everybody),
        may_tell=allowed("household_events.menu"),
    )  # fmt: skip


def _grouped(found: list[Stop]) -> list[tuple[str, list[Stop]]]:
    by_group: dict[int | None, list[Stop]] = defaultdict(list)
    for stop in found:
        by_group[stop.group].append(stop)
    return [(_named(group), stops) for group, stops in by_group.items()]


def _named(group: int | None) -> str:
    return gettext("No group in the address") if group is None else gettext("Group %(n)s", n=group)


def _tabs(village: str, everybody: bool) -> list[dict[str, object]]:
    return [
        {"label": gettext("Visits due"), "url": url_for("rounds.index", village=village), "current": not everybody},
        {"label": gettext("All families"), "url": url_for("rounds.index", village=village, show="all"),
         "current": everybody},
    ]  # fmt: skip


def register(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(bp)
