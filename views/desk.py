"""The desk: what must I do today. Every number opens a list that holds as many."""

from typing import Any

from flask import Blueprint, Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from policy.vocabulary import Role
from views import case_queue, leads, papers_many, places
from views.case_queue import GROUPS, Waiting
from views.context import actor, figures, today
from views.db import db
from views.desk_admin import admin_desk
from views.desk_places import by_place
from views.desk_tiles import QUEUED, counted, tiles
from views.desk_warnings import warnings
from views.nav import open_to_reader
from views.numbers import whole
from views.panel.asked import LAST_PAGE
from workflows.desk import Count
from workflows.office import ADMINS

bp = Blueprint("desk", __name__, url_prefix="/desk")
SHOWN, SIZE = 10, 50


@bp.get("/")
def index() -> ResponseReturnValue:
    """What waits for the reader today; administrators see people and backups, no case."""
    role = actor().role
    if role is None or role in ADMINS:
        return render_template("panel/desk_admin.html", today=today(), **admin_desk(role))
    counts = counted(actor(), today())
    rows = case_queue.page_of(db.session, actor(), figures(), today(), 1, SHOWN) if role in QUEUED else []
    return render_template(
        "panel/desk.html",
        today=today(),
        tiles=[*tiles(counts, role), *leads.tile(counts["lead"]), *papers_many.tile()],
        rows=rows,
        places=places,
        waiting=counts.get(f"waiting:{role}", Count()) if role in QUEUED else None,
        warnings=warnings(counts, actor(), today()),
        visits=case_queue.visits_due(db.session, actor(), today(), SHOWN) if role is Role.VILLAGE_WORKER else [],
        apply_url=_apply_url(),
        by_place=by_place(actor(), today()),
    )


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
        groups=_grouped(rows),
        counts=counts,
        words=group_words(),
        tabs=_tabs(counts, group),
        total=total,
        page=page,
        last=last,
        here=lambda n: _address(group, n),
        today=today(),
        places=places,
    )


def _grouped(rows: list[Waiting]) -> list[tuple[str, list[Waiting]]]:
    """The page's rows under the groups that have any; the queue's own order keeps them together."""
    return [(name, mine) for name in GROUPS if (mine := [row for row in rows if row.group == name])]


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
