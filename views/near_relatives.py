"""近亲属备案: the register, kept by the county reviewer and read by everybody who handles cases under them."""

from collections.abc import Sequence

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy import Select, func, select

from models import Division, NearRelative
from policy.division_codes import is_village
from policy.masking import mask_id
from views import places, reasons, relatives_pasted
from views.context import actor, figures, now, today
from views.db import db
from views.formats import options
from views.numbers import day_of, version_in
from views.panel.scoped import parse_id
from workflows import near_relatives
from workflows.reason import Reason, Refused, Stale

bp = Blueprint("near_relative", __name__, url_prefix="/near-relatives")
SIZE = 50
MOST_LINES = 500


@bp.get("/")
def index() -> ResponseReturnValue:
    """Relatives in the register under the reader's division, newest first."""
    return _page()


@bp.post("/add")
def add() -> ResponseReturnValue:
    """Enter a relative."""
    form = request.form
    relation = next((word for word in near_relatives.NEAR if word.value == form.get("relation")), None)
    entry = near_relatives.Entry(
        form.get("name", "")[:50], form.get("id_no", "")[:40], relation,
        form.get("staff_name", "")[:50], form.get("staff_post", "")[:80], form.get("division_code", "")[:12],
    )  # fmt: skip
    try:
        row = near_relatives.register(db.session, actor(), entry, now(), figures())
    except Refused as refused:
        return _page("add", refused)
    said = gettext(
        "%(name)s is in the register; the county visits the family before a case is confirmed.", name=row.name
    )
    return _done(said)


@bp.post("/paste")
def paste() -> ResponseReturnValue:
    """Enter a list that was copied from a sheet: every line, or none and what is wrong with each."""
    entries, odd = relatives_pasted.read(request.form.get("lines", "")[:200_000], _divisions())
    if len(entries) > MOST_LINES:
        odd = [(entries[MOST_LINES][0], Reason("lines_too_many", have=len(entries), most=MOST_LINES))]
    if not odd and entries:
        wrong = near_relatives.register_all(db.session, actor(), [entry for _, entry in entries], now(), figures())
        odd = [(entries[at][0], reason) for at, found in wrong for reason in found]
    if not entries and not odd:
        odd = [(0, Reason("lines_missing"))]
    if odd:
        return _page("paste", Refused([reason for _, reason in odd]), lines=[line + 1 for line, _ in odd])
    return _done(
        ngettext("%(num)s relative is in the register now.", "%(num)s relatives are in the register now.", len(entries))
    )


@bp.post("/<int:row_id>/strike")
def strike(row_id: int) -> ResponseReturnValue:
    """End an entry, with a reason."""
    row = db.session.get(NearRelative, row_id)
    if row is None or not row.division_code.startswith(actor().division_code) or row.valid_to is not None:
        abort(404)
    try:
        version, last = version_in(request.form), day_of(request.form.get("last", ""))
        near_relatives.strike(db.session, actor(), row, request.form.get("reason", "")[:200], version, now(), last)
    except Stale as stale:
        return _page(f"strike-{row_id}", stale, 409)
    except Refused as refused:
        return _page(f"strike-{row_id}", refused)
    return _done(gettext("The entry has ended."))


def _done(said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said)
    return redirect(url_for("near_relative.index"))


def _page(
    act: str = "", refused: Refused | None = None, status: int = 422, lines: Sequence[int] = ()
) -> ResponseReturnValue:
    db.session.rollback()
    who = actor()
    ended = request.args.get("ended") == "1"
    query = select(NearRelative).where(NearRelative.valid_to.is_not(None) if ended else NearRelative.valid_to.is_(None))
    query = query.where(NearRelative.division_code.startswith(who.division_code))
    total = int(db.session.scalar(select(func.count()).select_from(query.subquery())) or 0)
    last = max(1, -(-total // SIZE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    may_keep = who.role in near_relatives.KEEPERS
    body = render_template(
        "panel/near_relatives.html", rows=_rows(query, page), page=page, last=last, total=total, act=act, mask=mask_id,
        relations=options(near_relatives.NEAR),
        divisions=_divisions(), where=places.where, may_keep=may_keep,
        ending=_named(act.removeprefix("strike-") or request.args.get("end", "")) if may_keep else None,
        errors=_errors(refused, lines), ended=ended, today=today(), most=MOST_LINES,
        typed=request.form if refused else {},
    )  # fmt: skip
    return body, status if refused else 200


def _rows(query: Select[NearRelative], page: int) -> Sequence[NearRelative]:
    """A page of the register, newest first."""
    return db.session.scalars(query.order_by(NearRelative.id.desc()).limit(SIZE).offset((page - 1) * SIZE)).all()


def _named(number: str) -> NearRelative | None:
    """The entry that is about to be ended, if it stands in the register under the reader."""
    row = db.session.get(NearRelative, id) if (id := parse_id(number)) else None
    mine = row is not None and row.division_code.startswith(actor().division_code) and row.valid_to is None
    return row if mine else None


def _errors(refused: Refused | None, lines: Sequence[int]) -> list[dict[str, str]]:
    """Every reason as a sentence, with its line where a list was pasted."""
    said = [reasons.sentence(reason) for reason in refused.reasons] if refused else []
    if lines:
        said = [gettext("Line %(n)s: %(text)s", n=n, text=text) for n, text in zip(lines, said, strict=True)]
    return [{"text": text} for text in said]


def _divisions() -> list[tuple[str, str]]:
    """The divisions under the reader, a village after the name of its township."""
    under = select(Division.code, Division.name).where(Division.code.startswith(actor().division_code))
    rows = db.session.execute(under.order_by(Division.code))
    return [(code, places.where(code) if is_village(code) else name) for code, name in rows]


def register(app: Flask) -> None:
    """Give the app the register's pages."""
    app.register_blueprint(bp)
