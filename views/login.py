"""Coming in and going out: password, code, a first password to change, a second factor to set up, logout."""

from flask import Blueprint, Flask, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy import select

from models import County, User
from policy.vocabulary import Role
from views import account_words, known_browsers, who
from views.context import now
from views.db import db
from views.second_factor_picture import picture
from workflows import login as flow
from workflows import own_account
from workflows.office import SAMPLE_PASSWORD, normal_login, profile_of
from workflows.reason import Refused

bp = Blueprint("login", __name__)
# By the address of the connection: X-Forwarded-For is whatever a stranger writes. No other page has a limit.
limiter = Limiter(get_remote_address, storage_uri="memory://")
# Far above what a person types, far below what guessing needs; the count that matters is in the database.
PER_ADDRESS = "60 per minute"


@bp.route("/login", methods=("GET", "POST"), endpoint="index")
@limiter.limit(PER_ADDRESS, methods=["POST"])
def enter() -> ResponseReturnValue:
    """Login name and password."""
    target = who.local_path(request.values.get("next"), "")
    if request.method != "POST" and (person := who.here()):
        return redirect(url_for(who.STEPS[person.step]) if person.step else target or url_for("home.index"))
    if request.method != "POST":
        return _page(target)
    typed = request.form.get("login", "")[:200]
    attempt = flow.Attempt(
        typed, request.form.get("password", "")[:500], request.remote_addr or "", request.user_agent.string, now(),
        known_browsers.known_as(normal_login(typed)),
    )  # fmt: skip
    try:
        entry = flow.enter(db.session, attempt)
    except Refused as refused:
        return _page(target, account_words.sentences(refused), attempt.login)
    who.arrive(entry.token, entry.language)
    return _onward(target)


@bp.route("/login/code", methods=("GET", "POST"))
@limiter.limit(PER_ADDRESS, methods=["POST"])
def code() -> ResponseReturnValue:
    """The second step: six digits, or a recovery code."""
    person, target = _at("code"), who.local_path(request.values.get("next"), "")
    errors: list[str] = []
    if request.method == "POST":
        try:
            given = request.form.get("code", "")[:40]
            known = known_browsers.known_as(person.login)
            who.arrive(flow.give_code(db.session, person.session_id, given, request.remote_addr or "", now(), known))
            return _onward(target)
        except Refused as refused:
            errors = account_words.sentences(refused)
    return render_template("account/code.html", errors=errors, next=target), 422 if errors else 200


@bp.route("/login/password", methods=("GET", "POST"))
@limiter.limit(PER_ADDRESS, methods=["POST"])
def password() -> ResponseReturnValue:
    """A first or an old password must be changed before work begins."""
    person, target = _at("password"), who.local_path(request.values.get("next"), "")
    errors: list[str] = []
    if request.method == "POST":
        try:
            token = own_account.change_password(db.session, person.session_id, *typed_passwords(), now())
            who.arrive(token)
            flash(gettext("The password is changed. Other browsers have been logged out."))
            return _onward(target)
        except Refused as refused:
            errors = account_words.sentences(refused)
    profile = profile_of(db.session)
    page = render_template("account/first_password.html", errors=errors, next=target, profile=profile, person=person)
    return page, 422 if errors else 200


@bp.route("/login/second-factor", methods=("GET", "POST"))
@limiter.limit(PER_ADDRESS, methods=["POST"])
def enrol() -> ResponseReturnValue:
    """The county requires a second factor of this role: set it up now."""
    person, target = _at("enrol"), who.local_path(request.values.get("next"), "")
    errors: list[str] = []
    if request.method == "POST" and request.form.get("step") == "begin":
        own_account.begin_second_factor(db.session, person.session_id, now())
        db.session.commit()
        return redirect(url_for("login.enrol", next=target or None))
    if request.method == "POST":
        try:
            codes, token = own_account.turn_on_second_factor(
                db.session, person.session_id, request.form.get("code", "")[:40], now()
            )
            db.session.commit()
            who.arrive(token)
            return render_template("account/recovery_codes.html", codes=codes, go_on=target or url_for("home.index"))
        except Refused as refused:
            db.session.rollback()
            errors = account_words.sentences(refused)
    user = db.session.get_one(User, person.id)
    page = render_template("account/enrol.html", errors=errors, next=target, **picture(user))
    return page, 422 if errors else 200


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End this browser's session."""
    if person := who.here():
        flow.leave(db.session, person.session_id, now())
    who.depart()
    flash(gettext("You are logged out."))
    return redirect(url_for("login.index"))


def typed_passwords() -> tuple[str, str, str]:
    """The present password, the new one, and the new one once more."""
    current, new, again = (request.form.get(name, "")[:500] for name in ("current", "new", "again"))
    return current, new, again


def _at(step: str) -> who.Person:
    """The person of this session when this step is what is still missing; else send them where they belong."""
    person = who.here()
    if person is None:
        abort(redirect(url_for("login.index")))
    if person.step != step:
        abort(redirect(url_for(who.STEPS[person.step] if person.step else "home.index")))
    return person


def _onward(target: str) -> ResponseReturnValue:
    """To the next missing step, else to the page that was asked for."""
    g.pop("person", None)
    person = who.here()
    if person is not None and person.step != "code":
        known_browsers.remember(person.id, person.login)
    if person is not None and person.step:
        return redirect(url_for(who.STEPS[person.step], next=target or None))
    return redirect(target or url_for("home.index"))


def _page(target: str, errors: list[str] | None = None, typed: str = "") -> ResponseReturnValue:
    county = db.session.scalar(select(County))
    samples = _sample_logins() if county is not None and county.sample else []
    page = render_template(
        "account/login.html", county=county, samples=samples, sample_password=SAMPLE_PASSWORD if samples else "",
        errors=errors or [], typed=typed, next=target,
    )  # fmt: skip
    return page, 422 if errors else 200


def _sample_logins() -> list[User]:
    """One login for each role of the invented county, in the order of the roles."""
    first: dict[Role, User] = {}
    for user in db.session.scalars(select(User).where(User.active, User.role.is_not(None)).order_by(User.id)):
        first.setdefault(user.role, user)  # type: ignore[arg-type]
    return [first[role] for role in Role if role in first]


def register(app: Flask) -> None:
    """Give the app its login pages and their limit."""
    limiter.init_app(app)
    app.register_blueprint(bp)
