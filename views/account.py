"""One's own account: password, second factor, open sessions, language."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from models import User
from views import account_words, known_browsers, who
from views.browsers import browser_name
from views.context import now
from views.db import db
from views.i18n import normalise
from views.login import typed_passwords
from views.second_factor_picture import picture
from workflows import known_browsers as known
from workflows import login, office, own_account, second_factor, sessions
from workflows.reason import Refused

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("/")
def index() -> ResponseReturnValue:
    """Everything of one's own account on one page."""
    return _page()


@bp.post("/password")
def password() -> ResponseReturnValue:
    """Change the password; the other browsers are logged out."""
    try:
        token = own_account.change_password(db.session, current_user.session_id, *typed_passwords(), now())
    except Refused as refused:
        return _page("password", refused)
    who.arrive(token)
    if person := who.here():
        known_browsers.remember(person.id, person.login)
    flash(gettext("The password is changed. Other browsers have been logged out."))
    return redirect(url_for("account.index"))


@bp.post("/second-factor")
def begin_second_factor() -> ResponseReturnValue:
    """Make a secret and show its picture."""
    try:
        own_account.begin_second_factor(db.session, current_user.session_id, now())
    except Refused as refused:
        return _page("second_factor", refused)
    db.session.commit()
    return redirect(url_for("account.index", _anchor="second-factor"))


@bp.post("/second-factor/on")
def turn_on() -> ResponseReturnValue:
    """Switch the second factor on with a first code; shows the recovery codes, once."""
    try:
        codes, token = own_account.turn_on_second_factor(db.session, current_user.session_id, _code(), now())
    except Refused as refused:
        return _page("second_factor", refused)
    db.session.commit()
    who.arrive(token)
    return _recovery_codes(codes)


@bp.post("/second-factor/off")
def turn_off() -> ResponseReturnValue:
    """Switch the second factor off with a last code."""
    try:
        own_account.turn_off_second_factor(
            db.session, current_user.session_id, _code(), request.remote_addr or "", now()
        )
    except Refused as refused:
        return _page("second_factor", refused)
    db.session.commit()
    flash(gettext("The second factor is off."))
    return redirect(url_for("account.index"))


@bp.post("/second-factor/recovery-codes")
def recovery_codes() -> ResponseReturnValue:
    """Eight new recovery codes for a code; shown once."""
    try:
        codes = own_account.new_recovery_codes(
            db.session, current_user.session_id, _code(), request.remote_addr or "", now()
        )
    except Refused as refused:
        return _page("second_factor", refused)
    db.session.commit()
    return _recovery_codes(codes)


@bp.post("/sessions/<int(max=2147483647):id>/end")
def end_session(id: int) -> ResponseReturnValue:
    """Log another of one's own browsers out."""
    try:
        own_account.end_session(db.session, current_user.session_id, id, now())
    except Refused as refused:
        return _page("sessions", refused, 404)
    db.session.commit()
    flash(gettext("That browser is logged out."))
    return redirect(url_for("account.index", _anchor="sessions"))


@bp.post("/browsers/<int(max=2147483647):id>/forget")
def forget_browser(id: int) -> ResponseReturnValue:
    """Make a browser strange in which one came in before."""
    try:
        own_account.forget_browsers(db.session, current_user.session_id, now(), id)
    except Refused as refused:
        return _page("browsers", refused, 404)
    db.session.commit()
    flash(gettext("That browser is forgotten."))
    return redirect(url_for("account.index", _anchor="browsers"))


@bp.post("/browsers/forget")
def forget_browsers() -> ResponseReturnValue:
    """Make every browser strange in which one came in before, this one too."""
    own_account.forget_browsers(db.session, current_user.session_id, now())
    db.session.commit()
    flash(gettext("All your browsers are forgotten."))
    return redirect(url_for("account.index", _anchor="browsers"))


@bp.post("/language")
def language() -> ResponseReturnValue:
    """Choose the language for now and for the next logins."""
    chosen = normalise(request.form.get("lang"))
    own_account.choose_language(db.session, current_user.session_id, chosen, now())
    db.session.commit()
    session["lang"] = chosen
    return redirect(url_for("account.index"))


def _page(section: str = "", refused: Refused | None = None, status: int = 422) -> ResponseReturnValue:
    db.session.rollback()
    user = db.session.get_one(User, current_user.id)
    county, here, whose = office.county(db.session), known_browsers.marks(), (db.session(), user.id, now())
    context: dict[str, Any] = {
        "user": user,
        "profile": office.profile_of(db.session),
        "required": second_factor.required(county, user),
        "too_old": login.password_too_old(user, county, now()),
        "sessions": [(row, browser_name(row.agent)) for row in sessions.opened(db.session, user.id, now())],
        "browsers": [(row, browser_name(row.agent), known.is_of(row, here)) for row in known.known(*whose)],
        "known_days": known.DAYS,
        "errors": {section: account_words.sentences(refused)} if refused else {},
        **({} if user.totp_on else picture(user)),
    }
    return render_template("account/account.html", **context), status if refused else 200


def _recovery_codes(codes: list[str]) -> ResponseReturnValue:
    return render_template("account/recovery_codes.html", codes=codes, go_on=url_for("account.index"))


def _code() -> str:
    return request.form.get("code", "")[:40]


def register(app: Flask) -> None:
    """Give the app the account page."""
    app.register_blueprint(bp)
