"""The desk: what must I do today. Every number opens a list that holds as many."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from policy.vocabulary import Role
from views import case_queue, first_day, leads, papers_many, places
from views.case_queue import GROUPS, Waiting
from views.context import actor, figures, today
from views.db import db
from views.desk_admin import admin_desk
from views.desk_places import below, by_place
from views.desk_tiles import QUEUED, counted, tiles
from views.desk_warnings import written_warnings
from views.nav import open_to_reader
from views.numbers import whole
from views.panel.asked import LAST_PAGE
from views.rendering import Once, macros
from workflows.actor import Actor
from workflows.desk import Count
from workflows.office import ADMINS

bp = Blueprint("desk", __name__, url_prefix="/desk")
SHOWN, SIZE = 10, 50


@bp.get("/")
def index() -> ResponseReturnValue:
    """What waits for the reader today; administrators see people and backups, no case."""
    role = actor().role
    if role is None or role in ADMINS:
        guide = first_day.card(Once())
        return render_template("panel/desk_admin.html", today=today(), guide=guide, **admin_desk(role))
    who, on, once = actor(), today(), Once()
    beneath = below(who)
    counts, of_places = counted(who, on, beneath)
    return render_template(
        "panel/desk.html",
        today=on,
        tiles=_tiles(counts, role, once),
        guide=first_day.card(once),
        main=_main(counts, who, on, once),
        warnings=written_warnings(counts, who, on, once),
        apply_url=_apply_url(),
        by_place=by_place(beneath, of_places, once),
    )


def _tiles(counts: dict[str, Count], role: Role, once: Once) -> Markup:
    letters = papers_many.to_issue()

    def write() -> Any:
        shown = [*tiles(counts, role), *leads.tile(counts["lead"]), *papers_many.tile(letters)]
        return macros("panel/kit.html").tiles(shown)

    return once(write, "tiles", role, letters, *counts.items())


def _main(counts: dict[str, Count], who: Actor, on: date, once: Once) -> Markup:
    """The cases or visits that wait for the reader, those with the least time left first."""
    lines: Any = macros("panel/desk_rows.html")
    if who.role in QUEUED:
        rows = case_queue.page_of(db.session, who, figures(), on, 1, SHOWN)
        total = counts.get(f"waiting:{who.role}", Count()).total
        found: Markup = lines.waiting(_written(rows, on, once), total) if rows else lines.nothing()
        return found
    due = case_queue.visits_due(db.session, who, on, SHOWN) if who.role is Role.VILLAGE_WORKER else []
    return lines.visits_due(due, on) if due else Markup()


def _written(rows: Iterable[Waiting], on: date, once: Once) -> Markup:
    """The rows of these cases, each by what it shows."""
    line = macros("panel/desk_rows.html").row
    return Markup().join(
        once(
            lambda row=row: line(row, on), "waiting", row.benefit.id, row.head_name, row.benefit.persons,
            row.benefit.scheme, row.benefit.stage, row.action, places.name(row.benefit.village_code),
            row.benefit.step_due_on, on,
        )
        for row in rows
    )  # fmt: skip


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """Every case that waits for the reader, grouped by when it is due, each with its next verb."""
    counts = case_queue.group_counts(db.session, actor(), today())
    group = request.args.get("group", "")
    group = group if group in GROUPS else ""
    total = counts[group] if group else sum(counts.values())
    last = max(1, -(-total // SIZE))
    page = min(_number(request.args.get("page", "")), last)
    rows = case_queue.page_of(db.session, actor(), figures(), today(), page, SIZE, group)
    return render_template(
        "panel/desk_queue.html",
        rows=rows,
        groups=_grouped(rows, today()),
        counts=counts,
        words=group_words(),
        tabs=_tabs(counts, group),
        total=total,
        page=page,
        last=last,
        here=lambda n: _address(group, n),
    )


def _grouped(rows: list[Waiting], on: date) -> list[tuple[str, Markup]]:
    """The page's rows under the groups that have any; the queue's own order keeps them together."""
    once = Once()
    return [(name, _written(mine, on, once)) for name in GROUPS if (mine := [row for row in rows if row.group == name])]


def group_words() -> dict[str, str]:
    """What the groups of the queue are called."""
    words = (gettext("Overdue"), gettext("Today"), gettext("This week"), gettext("Later"))
    return dict(zip(GROUPS, words, strict=True))


def _tabs(counts: dict[str, int], group: str) -> list[dict[str, Any]]:
    words = {"": gettext("All"), **group_words()}
    return [
        {
            "label": text,
            "url": _address(name, 1),
            "current": name == group,
            "tone": "over" if name == "overdue" else "",
            "count": counts[name] if name else sum(counts.values()),
        }
        for name, text in words.items()
        if not name or counts[name]
    ]


def _address(group: str, page: int) -> str:
    return url_for("desk.queue", group=group or None, page=page if page > 1 else None)


def _number(text: str) -> int:
    return min(whole(text) or 1, LAST_PAGE)


def _apply_url() -> str:
    return url_for("application.index") if open_to_reader("application.index") else ""


def register(app: Flask) -> None:
    """Add the desk."""
    app.register_blueprint(bp)
