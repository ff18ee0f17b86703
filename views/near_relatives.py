"""近亲属备案: the register, kept by the county reviewer and read by everybody who handles cases under them."""

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from models import Division, NearRelative
from policy.masking import mask_id
from policy.vocabulary import Relation
from views import places, reasons
from views.context import actor, figures, now
from views.db import db
from views.formats import label
from workflows import near_relatives
from workflows.reason import Refused, Stale

bp = Blueprint("near_relative", __name__, url_prefix="/near-relatives")
PAGE = 100
RELATIONS = tuple(word for word in Relation if word is not Relation.HEAD)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Relatives in the register under the reader's division, newest first."""
    return _page()


@bp.post("/add")
def add() -> ResponseReturnValue:
    """Enter a relative."""
    form = request.form
    relation = next((word for word in RELATIONS if word.value == form.get("relation")), None)
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


@bp.post("/<int:row_id>/strike")
def strike(row_id: int) -> ResponseReturnValue:
    """End an entry, with a reason."""
    row = db.session.get(NearRelative, row_id)
    if row is None or not row.division_code.startswith(actor().division_code) or row.valid_to is not None:
        abort(404)
    version = request.form.get("row_version", 0, int)
    try:
        near_relatives.strike(db.session, actor(), row, request.form.get("reason", "")[:200], version, now())
    except Stale as stale:
        return _page(f"strike-{row_id}", stale, 409)
    except Refused as refused:
        return _page(f"strike-{row_id}", refused)
    return _done(gettext("The entry has ended."))


def _done(said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said)
    return redirect(url_for("near_relative.index"))


def _page(act: str = "", refused: Refused | None = None, status: int = 422) -> ResponseReturnValue:
    db.session.rollback()
    who = actor()
    query = select(NearRelative).where(NearRelative.valid_to.is_(None))
    query = query.where(NearRelative.division_code.startswith(who.division_code)).order_by(NearRelative.id.desc())
    rows = db.session.scalars(query.limit(PAGE)).all()
    body = render_template(
        "panel/near_relatives.html", rows=rows, act=act, mask=mask_id,
        relations=[(word.value, label(word)) for word in RELATIONS],
        divisions=_divisions(), where=places.where, may_keep=who.role in near_relatives.KEEPERS, limit=PAGE,
        errors=[{"text": reasons.sentence(reason)} for reason in refused.reasons] if refused else [],
        typed=request.form if refused else {},
    )  # fmt: skip
    return body, status if refused else 200


def _divisions() -> list[tuple[str, str]]:
    """The divisions under the reader, a village after the name of its township."""
    under = select(Division.code, Division.name).where(Division.code.startswith(actor().division_code))
    rows = db.session.execute(under.order_by(Division.code))
    return [(code, places.where(code) if len(code) == 12 else name) for code, name in rows]


def register(app: Flask) -> None:
    """Give the app the register's pages."""
    app.register_blueprint(bp)
