"""What is seen can be taken along: a list as shown, or families and people in the layout of their roster.

Whoever exports says what for; that, the filters, how many rows and whether numbers are in full go on record.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    send_file,
    stream_with_context,
    url_for,
)  # fmt: skip
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Date, DateTime, Integer, func, select

from models.base import reading
from policy.vocabulary import Role
from views import export_jobs, labels, work
from views.base import PanelView
from views.case_words import headed
from views.context import actor, now, own_transaction, read_through, today
from views.db import db
from views.formats import NOTHING
from views.import_page import LAYOUT_NAMES
from views.panel import asked
from views.panel.asked import Asked
from views.permissions import allowed
from views.reasons import sentence
from workflows import audit
from workflows.exchange import export, files
from workflows.reason import Reason

bp = Blueprint("exporting", __name__, url_prefix="/export")
LISTS = ("household", "member", "benefit", "owed_paper", "watch", "visit", "audit", "issued_paper")
LAYOUTS = {"household": export.HOUSEHOLDS, "member": export.MEMBERS}
FULL = frozenset({Role.COUNTY_REVIEWER, Role.SUPERVISOR})
KINDS = {
    "xlsx": _l(".xlsx (numbers of people and accounts as text, amounts and days as such)"),
    "csv": _l("CSV (UTF-8 with byte order mark)"), "gb18030": _l("CSV (GB18030, for older programs)"),
}  # fmt: skip
CHARSETS = {"csv": "utf-8", "gb18030": "gb18030"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_PURPOSE = 200
MANY = 10_000
"""Rows up to which they are counted before an export is recorded."""
IDS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Wish:
    """What is to be exported: which list with which filters, in which shape, and why."""

    view: PanelView
    want: Asked
    shape: str
    kind: str
    full: bool
    purpose: str

    @property
    def ids(self) -> Any:
        """The query for the rows' numbers, in the order of the list."""
        query = self.view.scope(select(self.view.model.id).where(*self.view.clauses(self.want)))
        return query.order_by(*self.view.order(self.want.sort))

    def count(self, most: int | None = None) -> int:
        """How many rows it has; counted no further than ``most``."""
        counted = self.ids.order_by(None).limit(most).subquery()
        return int(db.session.scalar(select(func.count()).select_from(counted)) or 0)

    def faults(self) -> list[Reason]:
        """Why it is refused."""
        faults = [] if len(self.purpose) > 1 else [Reason("purpose_missing")]
        return faults + ([Reason("full_not_allowed")] if self.full and not _may_see_full(self.view) else [])

    def lines(self) -> Iterator[Sequence[str]]:
        """Headers, then the rows."""
        numbers = db.session.connection().execute(self.ids, execution_options={"yield_per": IDS_AT_ONCE}).scalars()
        if self.shape == "roster":
            layout = LAYOUTS[self.view.endpoint]
            yield export.headers(layout)
            yield from self.roster.rows(layout, numbers)
            return
        yield [str(label) for _, label in self.view._list_columns]
        for part in export.growing(numbers):
            for row in self.view.load(part):
                yield [_text(self.view.show(row, name)) for name, _ in self.view._list_columns]
            db.session.expunge_all()


    @property
    def roster(self) -> export.Export:
        """What reads the rows of a roster."""
        return export.Export(db.session(), self.full, today())

    @property
    def look(self) -> files.Look:
        """How the workbook looks."""
        if self.shape == "roster":
            return self.roster.look(LAYOUTS[self.view.endpoint])
        columns = self.view.table.__table__.columns
        return files.Look([_kind(name, columns.get(name)) for name, _ in self.view._list_columns])


def _kind(name: str, column: Any) -> str:
    """Whether a column of a list holds amounts, counts or days; what is shown otherwise stays text all the same."""
    if name.endswith("_fen"):
        return "money"
    if column is None:
        return "text"
    types = {DateTime: "moment", Date: "date", Integer: "count"}
    return next((kind for type_, kind in types.items() if isinstance(column.type, type_)), "text")


def _text(value: Any) -> str:
    text = value.striptags() if isinstance(value, Markup) else str(value)
    return "" if text == NOTHING else text


@bp.get("/<table>/")
def page(table: str) -> ResponseReturnValue:
    """Ask what the file is for, and in which shape."""
    view = _view(table)
    return _page(Wish(view, _want(view), "roster" if table in LAYOUTS else "list", "xlsx", False, ""))


@bp.post("/<table>/")
def download(table: str) -> ResponseReturnValue:
    """Record the export, then send it; CSV while it is being read."""
    wish = _wish(_view(table))
    if faults := wish.faults():
        return _page(wish, [sentence(reason) for reason in faults]), 422
    large = _record(wish)
    db.session.commit()
    name = f"{wish.view.title}{today():%Y%m%d}.{'csv' if wish.kind in CHARSETS else 'xlsx'}"
    if wish.kind in CHARSETS:
        stream = stream_with_context(_sent(wish, large))
        disposition = f"attachment; filename=\"export.csv\"; filename*=UTF-8''{quote(name)}"
        return Response(stream, mimetype="text/csv", headers={"Content-Disposition": disposition})
    if wish.count() > export_jobs.AT_ONCE:
        return _later(wish, name)
    with reading():
        made = files.xlsx_file(wish.lines(), look=wish.look)
        db.session.rollback()
    return send_file(made, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def _later(wish: Wish, name: str) -> ResponseReturnValue:
    """Have a large .xlsx made outside the request, and show how far it is."""
    job = export_jobs.begin(wish, name, request.query_string.decode("ascii", "ignore"))
    db.session.commit()
    work.set_off()
    return redirect(url_for("export_jobs.page", id=job.id), 303)


def _view(table: str) -> PanelView:
    """The list of this name, when the reader may see it."""
    if table not in LISTS:
        abort(404)
    if not allowed(f"{table}.index_view"):
        abort(403)
    views = current_app.extensions["admin"][0]._views
    found: PanelView = next(view for view in views if view.endpoint == table)
    return found


def _want(view: PanelView) -> Asked:
    return asked.read(request.args, view.sortable, view.usual_sort, view.filters)


def _wish(view: PanelView) -> Wish:
    form = request.form
    shape = "roster" if form.get("shape") == "roster" and view.endpoint in LAYOUTS else "list"
    kind = form.get("kind", "") if form.get("kind") in KINDS else "xlsx"
    full = form.get("numbers") == "full" and shape == "roster"
    return Wish(view, _want(view), shape, kind, full, form.get("purpose", "").strip()[:LONGEST_PURPOSE])


def _may_see_full(view: PanelView) -> bool:
    return view.endpoint in LAYOUTS and current_user.role in FULL


def _record(wish: Wish) -> bool:
    """Who takes what, and why; whether it is so large that its rows are noted when they have gone out."""
    streamed = wish.kind in CHARSETS
    rows = wish.count(MANY + 1 if streamed else None)
    told = {
        "list": wish.view.endpoint, "filters": dict(wish.want.filters), "sort": wish.want.sort,
        "rows": f"> {MANY}" if streamed and rows > MANY else rows,
        "shape": wish.shape, "kind": wish.kind, "masked": not wish.full,
    }  # fmt: skip
    table = wish.view.table.__tablename__
    audit.record(db.session, actor(), now(), "export", reason=wish.purpose, table=table, after=told)
    return streamed and rows > MANY


def _sent(wish: Wish, large: bool) -> Iterator[bytes]:
    """The CSV as it is read; of a large one the history keeps how many rows went out, and whether that was all."""
    lines, whole = _Counted(wish.lines()), False
    try:
        yield from read_through(files.csv_stream(lines, CHARSETS[wish.kind]))
        whole = True
    finally:
        if large:
            told = {"list": wish.view.endpoint, "rows": max(lines.count - 1, 0), "whole": whole}
            table = wish.view.table.__tablename__
            with own_transaction() as own:
                audit.record(own, actor(), now(), "export", reason=wish.purpose, table=table, after=told)


class _Counted:
    """Lines, and how many of them were taken."""

    def __init__(self, lines: Iterator[Sequence[str]]) -> None:
        self.lines, self.count = lines, 0

    def __iter__(self) -> Iterator[Sequence[str]]:
        for line in self.lines:
            self.count += 1
            yield line


def _page(wish: Wish, errors: Sequence[str] = ()) -> str:
    view, table = wish.view, wish.view.endpoint
    shapes = [("list", gettext("The list as it is shown"))]
    if table in LAYOUTS:
        shapes.insert(0, ("roster", gettext("The roster %(name)s", name=LAYOUT_NAMES[LAYOUTS[table].code])))
    return render_template(
        "panel/export.html", title=view.title, wish=wish, errors=errors, count=wish.count(), shapes=shapes,
        kinds=list(KINDS.items()), filters=_filters(wish), may_see_full=_may_see_full(view),
        back=url_for(f"{table}.index_view", **wish.want.arguments(view.usual_sort(wish.want.filters))),
        action=url_for("exporting.download", table=table, **wish.want.arguments(view.usual_sort(wish.want.filters))),
        longest=LONGEST_PURPOSE,
    )  # fmt: skip


def _filters(wish: Wish) -> list[str]:
    """The filters in use, in words."""
    used = wish.want.filters
    return [headed(one.label, one.shown(used[one.name], used)) for one in wish.view.filters if one.name in used]


def export_url(view: Any, want: Asked) -> str:
    """Where a list is exported; nothing for a list that cannot be."""
    if getattr(view, "endpoint", "") not in LISTS or not allowed("exporting.page"):
        return ""
    return url_for("exporting.page", table=view.endpoint, **want.on_page(1).arguments(view.usual_sort(want.filters)))


def register(app: Flask) -> None:
    """Add the export pages, and ``export_url`` for the lists."""
    app.register_blueprint(bp)
    app.jinja_env.globals["export_url"] = export_url
    labels.COLUMNS.update(EXPORT_COLUMNS)


EXPORT_COLUMNS: dict[str, Any] = {
    "list": _l("List"), "filters": _l("Filters"), "sort": _l("Order"), "shape": _l("Shape"), "masked": _l("Masked"),
    "batch": _l("Import number"), "digest": _l("Digest of the rows"), "whole": _l("Sent whole"),
}  # fmt: skip
