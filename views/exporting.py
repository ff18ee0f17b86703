"""What is seen can be taken along: a list as shown, or families, people and cases in the layout of their roster.

Whoever exports says what for; that, the filters, how many rows and whether numbers are in full go on record.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import (
    Blueprint,
    Flask,
    Response,
    redirect,
    render_template,
    request,
    send_file,
    stream_with_context,
    url_for,
)  # fmt: skip
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from models.base import reading
from views import export_jobs, places, work
from views.context import actor, now, own_transaction, read_through
from views.db import db
from views.export_asked import LISTS, asked_list, asked_roster
from views.export_rosters import BookWish, RosterWish, months
from views.export_tabs import TabWish
from views.export_wish import (
    CHARSETS,
    IN_A_ZIP,
    KINDS,
    LAYOUTS,
    LONGEST_PURPOSE,
    ListWish,
    Wish,
)  # fmt: skip
from views.export_words import ANY_MONTH, GROUPS, NAMES
from views.export_words import LISTS as SAID
from views.panel.asked import Asked
from views.permissions import allowed
from views.reasons import sentences
from workflows import audit
from workflows.exchange import export, files
from workflows.reason import Reason

bp = Blueprint("exporting", __name__, url_prefix="/export")
MANY = 10_000
"""Rows up to which they are counted before an export is recorded."""


@bp.get("/")
def index() -> ResponseReturnValue:
    """The rosters there are, with what each of them lists, and the large files that the reader had made."""
    groups = [(name, [(code, NAMES[code], SAID[code]) for code in codes]) for name, codes in GROUPS]
    return render_template("panel/rosters.html", groups=groups, made=export_jobs.recent())


@bp.get("/roster/<code>/")
def roster(code: str) -> ResponseReturnValue:
    """Ask for which place and month, what the file is for, and in which shape."""
    return _roster_page(asked_roster(code, {}))


@bp.post("/roster/<code>/")
def roster_download(code: str) -> ResponseReturnValue:
    """Record the export, then send the roster."""
    wish = asked_roster(code, request.form)
    if faults := wish.faults():
        return _roster_page(wish, sentences(faults)), 422
    return _sending(wish)


@bp.get("/<table>/")
def page(table: str) -> ResponseReturnValue:
    """Ask what the file is for, and in which shape."""
    return _page(asked_list(table, {"shape": "list"}))


@bp.post("/<table>/")
def download(table: str) -> ResponseReturnValue:
    """Record the export, then send the list."""
    wish = asked_list(table, request.form)
    faults = wish.faults()
    if request.form.get("numbers") == "full" and wish.may_see_full and not wish.full:
        faults.append(Reason("full_in_roster_alone"))
    if faults:
        return _page(wish, sentences(faults)), 422
    return _sending(wish)


def _sending(wish: Wish) -> ResponseReturnValue:
    """The file once it is on record: CSV while it is being read, a small .xlsx at once, a large one as a job."""
    large = _record(wish)
    db.session.commit()
    if wish.kind in CHARSETS:
        stream = stream_with_context(_sent(wish, large))
        disposition = f"attachment; filename=\"export.{wish.ending}\"; filename*=UTF-8''{quote(wish.file_name())}"
        media = "application/zip" if wish.ending == "zip" else "text/csv"
        return Response(stream, mimetype=media, headers={"Content-Disposition": disposition})
    if wish.count() > export_jobs.AT_ONCE:
        return _later(wish)
    with reading():
        made = files.book_file((lines, look) for _, lines, look in wish.tables())
        db.session.rollback()
    return send_file(made, mimetype=export_jobs.XLSX, as_attachment=True, download_name=wish.file_name(), max_age=0)


def _later(wish: Wish) -> ResponseReturnValue:
    """Have a large .xlsx made outside the request, and show how far it is."""
    job = export_jobs.begin(wish, request.query_string.decode("ascii", "ignore"))
    db.session.commit()
    work.set_off()
    return redirect(url_for("export_jobs.page", id=job.id), 303)


def _record(wish: Wish) -> bool:
    """Who takes what, and why; whether it is so large that its rows are noted when they have gone out."""
    streamed = wish.kind in CHARSETS
    rows = wish.count(MANY + 1 if streamed else None)
    told = wish.told() | {"rows": f"> {MANY}" if streamed and rows > MANY else rows}
    audit.record(db.session, actor(), now(), "export", reason=wish.purpose, table=wish.table, after=told)
    return streamed and rows > MANY


def _sent(wish: Wish, large: bool) -> Iterator[bytes]:
    """The CSV as it is read; of a large one the history keeps how many rows went out, and whether that was all."""
    tables = [(name, _Counted(lines)) for name, lines, _ in wish.tables()]
    whole = False
    try:
        yield from read_through(_csv(wish, tables))
        whole = True
    finally:
        if large:
            rows = sum(max(lines.count - 1, 0) for _, lines in tables)
            told = {"list": wish.told()["list"], "rows": rows, "whole": whole}
            with own_transaction() as own:
                audit.record(own, actor(), now(), "export", reason=wish.purpose, table=wish.table, after=told)


class _Counted:
    """Lines, and how many of them were taken."""

    def __init__(self, lines: Iterator[Sequence[str]]) -> None:
        self.lines, self.count = lines, 0

    def __iter__(self) -> Iterator[Sequence[str]]:
        for line in self.lines:
            self.count += 1
            yield line


def _csv(wish: Wish, tables: Sequence[tuple[str, _Counted]]) -> Iterator[bytes]:
    """One table as CSV; several as a zip, in which each is called as the whole is, and what it is."""
    charset, own = CHARSETS[wish.kind], wish.file_name().rpartition(".")[0]
    streams = [(f"{own}_{name}.csv", files.csv_stream(lines, charset)) for name, lines in tables]
    return files.zip_stream(streams) if wish.ending == "zip" else streams[0][1]


def _page(wish: ListWish | TabWish, errors: Sequence[str] = ()) -> str:
    counts, shapes = {wish.shape: wish.count()}, [("list", gettext("The list as it is shown"))]
    if isinstance(wish, ListWish) and wish.table in LAYOUTS:
        counts |= {one: replace(wish, shape=one).count() for one in ("roster", "list") if one not in counts}
        shapes = [(one, _called(wish, one, counts[one])) for one in ("list", "roster")]
    return _form(
        wish, errors, counts[wish.shape], shapes=shapes, shape=wish.shape, filters=wish.filters(), back=wish.back
    )


def _called(wish: ListWish, shape: str, count: int) -> str:
    """What a file in this shape is called, whom it lists, and how many rows that makes."""
    rows = f"{count:,}"
    if shape == "list":
        return gettext("The list as it is shown, whatever stands of their aid (%(rows)s)", rows=rows)
    name = NAMES[LAYOUTS[wish.table].code]
    return gettext("The roster %(name)s: of these, those whose allowance is in force (%(rows)s)", name=name, rows=rows)


def _roster_page(wish: RosterWish | BookWish, errors: Sequence[str] = ()) -> str:
    back = next((wish.address_of(code) for code in export.in_books(wish.code)), url_for("exporting.index"))
    parts = wish.parts if isinstance(wish, BookWish) else ()
    counted = [(part.address, NAMES[part.code], SAID[part.code], part.count(MANY + 1)) for part in parts]
    count = sum(part[-1] for part in counted) if parts else wish.count(MANY + 1)
    what = {"household": gettext("families"), "member": gettext("people"), "benefit": gettext("cases")}.get(wish.table)
    return _form(
        wish, errors, count, what=what, shapes=(), filters=(), said=SAID[wish.code], back=back, parts=counted,
        places=places.within(actor()), months=months(wish.month) if wish.monthly else (),
        any_month=ANY_MONTH.get(wish.code, ""),
        choose=url_for("exporting.roster", code=wish.code), earlier=isinstance(wish, RosterWish) and wish.earlier,
    )  # fmt: skip


def _form(wish: Wish, errors: Sequence[str], count: int, **more: Any) -> str:
    kinds = KINDS | IN_A_ZIP if isinstance(wish, BookWish) else KINDS
    return render_template(
        "panel/export.html", title=wish.title, wish=wish, errors=errors, kinds=list(kinds.items()), count=count,
        most=MANY, action=wish.address, longest=LONGEST_PURPOSE, **more,
    )  # fmt: skip


def export_url(view: Any, want: Asked) -> str:
    """Where a list is exported; nothing for a list that cannot be."""
    if getattr(view, "endpoint", "") not in LISTS or not allowed("exporting.page"):
        return ""
    return url_for("exporting.page", table=view.endpoint, **want.on_page(1).arguments(view.usual_sort(want.filters)))


def register(app: Flask) -> None:
    """Add the export pages."""
    app.register_blueprint(bp)
