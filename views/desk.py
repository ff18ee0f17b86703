"""The desk: what must I do today. Every number opens a list that holds as many."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from flask import Blueprint, Flask, current_app, g, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup, escape
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from models import Visit
from models.ready import APART
from models.written import LETTERS, marks_in
from policy.vocabulary import Role
from views import case_queue, first_day, papers_many, places
from views.case_queue import GROUPS, Waiting
from views.context import actor, figures, figures_held, place_mark, today
from views.db import db
from views.desk_admin import admin_desk
from views.desk_places import Rows, below
from views.desk_tiles import QUEUED, counted, tiles
from views.desk_warnings import written_warnings
from views.numbers import whole
from views.panel.asked import LAST_PAGE
from views.permissions import allowed
from views.rendering import Once, macros
from views.sent_again import offer
from views.shell import frame
from workflows.actor import Actor
from workflows.desk import Count, Told
from workflows.office import ADMINS

bp = Blueprint("desk", __name__, url_prefix="/desk")
SHOWN, SIZE = 10, 50
MOST_KEPT = 200
"""Desks kept, one for each reader and language."""


class Kept(NamedTuple):
    """A desk as it was read when its place had this ``mark``, on that day, by these figures and names of places."""

    mark: str | None
    on: date
    beside: tuple[Any, ...]
    counts: dict[str, Count]
    pieces: dict[str, Markup]
    pages: dict[Any, list[str]]
    """The whole page by what stands in its guide, as ``Once`` keeps it."""


class Read(NamedTuple):
    """What a desk tells, as it was read: all of one state."""

    places: Rows
    cases: list[Waiting]
    visits: list[Visit]
    letters: int
    counts: Told


@bp.get("/")
def index() -> ResponseReturnValue:
    """What waits for the reader today; administrators see people and backups, no case."""
    who, on, once = actor(), today(), Once()
    if who.role is None or who.role in ADMINS:
        guide = first_day.card(once)
        return render_template("panel/desk_admin.html", today=on, guide=guide, **admin_desk(who.role))
    offer(on, figures_held, places.held, partial(first_day.held, me=who.id))
    guide, found = first_day.card(once), _of_county(who, on, once)
    g.menu_counts = found.counts

    def write(**pieces: Markup) -> str:
        return render_template("panel/desk.html", today=on, apply_url=_apply_url(), **pieces)

    def fill() -> str:
        pieces = {**found.pieces, "guide": guide, "written_frame": frame(once)["written_frame"]}
        return once(write, "desk", who, on, bool(pieces["warnings"]), **pieces)

    if "_flashes" in session:  # a message is shown once, so this page is not kept
        return write(**found.pieces, guide=guide)
    return once.again(found.pages, fill, guide.replace(once.token, ""))


def _of_county(who: Actor, on: date, once: Once) -> Kept:
    """What the desk tells of the county; kept for each reader until something that it shows is written."""
    kept: dict[Any, Kept] = current_app.extensions.setdefault("doudi_desks", {})
    key, beside = (who, once.where), (figures(), places.names())
    now, found = place_mark(), kept.get(key)
    same = found is not None and all(a is b for a, b in zip(found.beside, beside, strict=True))
    if found is None or not same or now is None or (now, on) != (found.mark, found.on):
        if len(kept) >= MOST_KEPT:
            kept.clear()
        told = _of_one_state(now, who, on, once)
        found = kept[key] = Kept(now, on, beside, told.counts.own, _pieces(told, who, on, once), {})
    return found


def _of_one_state(mark: str | None, who: Actor, on: date, once: Once) -> Read:
    """What the desk tells: asked outside of any transaction, and where somebody wrote meanwhile, again in one."""
    if mark is not None:
        with db.engine.connect() as reader:  # a plain connection: the request's session costs more
            try:
                found = _read(reader.execution_options(**{APART: True}), who, on, once)
                if found.counts.mark == mark:
                    return found
            except Exception:  # noqa: BLE001, S110 - facts of two states need not fit; a true fault is raised by the next reading
                pass
        case_queue.forget_verbs()
    with db.engine.connect() as reader:
        return _read(reader, who, on, once)


def _read(reader: Connection, who: Actor, on: date, once: Once) -> Read:
    marks = marks_in(reader, who.division_code)  # first: what is kept must not be older than its mark
    places = Rows(below(who), marks, on, once)
    cases, visits = list[Waiting](), list[Visit]()
    if who.role in QUEUED:
        cases = case_queue.page_of(reader, who, figures(), on, 1, SHOWN)
    elif who.role is Role.VILLAGE_WORKER:
        with Session(reader) as session:
            visits = case_queue.visits_due(session, who, on, SHOWN)
    letters = papers_many.to_issue(reader, marks.get(f"{who.division_code}{LETTERS}"))
    return Read(places, cases, visits, letters, counted(reader, who, on, places.stale))  # last: it tells the mark


def _pieces(found: Read, who: Actor, on: date, once: Once) -> dict[str, Markup]:
    lines, counts = macros("panel/desk_rows.html"), found.counts.own
    assert who.role is not None
    return {
        "tiles": tiles(counts, who.role, found.letters, once),
        "main": _main(found, lines, who, on, once),
        "warnings": written_warnings(counts, who, on, once),
        "by_place": found.places.written(found.counts.below, lines),
    }


def _main(found: Read, lines: Any, who: Actor, on: date, once: Once) -> Markup:
    """The cases or visits that wait for the reader, those with the least time left first."""
    if who.role not in QUEUED:
        return lines.visits_due(found.visits, on) if found.visits else Markup()
    total = found.counts.own.get(f"waiting:{who.role}", Count()).total
    if not found.cases:
        return once(lines.nothing, "nothing waits")
    rows = _written(found.cases, lines, who, on, once)
    return once(lambda rows: lines.waiting(rows, total), "queue", total, rows=rows)


def _written(rows: Iterable[Waiting], lines: Any, who: Actor, on: date, once: Once) -> Markup:
    """The rows of these cases, each by what it shows; ``lines``: the macros of rows."""
    written = []
    for row in rows:
        case, place = row.benefit, places.near(row.benefit.village_code, who.division_code)
        alike = case.persons, case.scheme, case.stage, row.action, case.step_due_on
        line = partial(_line, row, place, partial(lines.row, row, on), once, ("of a kind", on, *alike))
        written.append(once(line, "waiting", on, case.id, row.head_name, place, *alike))
    return Markup("".join(written))  # noqa: S704 (each is markup)


def _line(row: Waiting, place: str, line: Any, once: Once, key: tuple[Any, ...]) -> Markup:
    """The row of a case: rows that differ only in case, name and place are rendered once, with gaps for these."""
    id, step = row.benefit.id, row.action and url_for("case.step", id=row.benefit.id, action=row.action.value)
    where = {"url": url_for("case.page", id=id), "step_url": step or "", "place": place}
    return once(line, *key, name=escape(row.head_name), **{name: escape(said) for name, said in where.items()})


@bp.get("/queue")
def queue() -> ResponseReturnValue:
    """Every case that waits for the reader, grouped by when it is due, each with its next verb."""
    counts = case_queue.group_counts(db.session, actor(), today())
    group = request.args.get("group", "")
    group = group if group in GROUPS else ""
    total = counts[group] if group else sum(counts.values())
    last = max(1, -(-total // SIZE))
    page = min(_number(request.args.get("page", "")), last)
    rows = case_queue.page_of(db.session.connection(), actor(), figures(), today(), page, SIZE, group)
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
    once, lines = Once(), macros("panel/desk_rows.html")
    return [
        (name, _written(mine, lines, actor(), on, once))
        for name in GROUPS
        if (mine := [row for row in rows if row.group == name])
    ]


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
    return url_for("application.index") if allowed("application.index") else ""


def register(app: Flask) -> None:
    """Add the desk."""
    app.register_blueprint(bp)
