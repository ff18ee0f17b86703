"""Townships and villages: their names and codes, kept by the system administrator."""

from collections import Counter

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from models import Division, User
from views import account_words, places
from views.context import actor, now
from views.db import db
from workflows import divisions, office
from workflows.reason import Refused

bp = Blueprint("division", __name__, url_prefix="/divisions")


@bp.get("/")
def index_view() -> ResponseReturnValue:
    """The county's townships."""
    return _page(office.county(db.session).code)


@bp.get("/<code>/")
def page(code: str) -> ResponseReturnValue:
    """One township and its villages."""
    return _page(code)


@bp.post("/<code>/add")
def add(code: str) -> ResponseReturnValue:
    """A new township or village."""
    form = request.form
    try:
        row = divisions.add(db.session, actor(), code, form.get("code", "").strip(), form.get("name", ""), now())
    except Refused as refused:
        return _page(code, "add", refused)
    return _done(gettext("%(name)s is added.", name=row.name), code)


@bp.post("/<code>/rename")
def rename(code: str) -> ResponseReturnValue:
    """Another name, with a reason."""
    form = request.form
    try:
        row = divisions.rename(db.session, actor(), code, form.get("name", ""), form.get("reason", "")[:200], now())
    except Refused as refused:
        return _page(code, "rename", refused)
    return _done(gettext("It is now called %(name)s.", name=row.name), code)


def _done(said: str, code: str) -> ResponseReturnValue:
    db.session.commit()
    places.forget()
    flash(said)
    return redirect(url_for("division.page", code=code))


def _page(code: str, act: str = "", refused: Refused | None = None) -> ResponseReturnValue:
    db.session.rollback()
    county = office.county(db.session).code
    row = db.session.get(Division, code) if len(code) <= 12 and code.startswith(county) else None
    if row is None:
        abort(404)
    parts = db.session.scalars(select(Division).where(Division.parent_code == code).order_by(Division.code)).all()
    below = db.session.scalars(select(Division.code).where(Division.code.startswith(code))).all()
    working = db.session.scalars(select(User.division_code).where(User.active, User.division_code.startswith(code)))
    length = divisions.LONGER.get(len(code), len(code))
    body = render_template(
        "account/divisions.html", row=row, county=county, parts=parts, act=act, digits=divisions.LONGER.get(len(code)),
        villages=Counter(c[:length] for c in below if len(c) == 12), people=Counter(c[:length] for c in working),
        errors=[{"text": text} for text in account_words.sentences(refused)] if refused else [],
        typed=request.form if refused else {},
    )  # fmt: skip
    return body, 422 if refused else 200


def register(app: Flask) -> None:
    """Give the app the pages of divisions."""
    app.register_blueprint(bp)
