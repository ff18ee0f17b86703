"""People who log in: the list, a new account, and one person's page with what each administrator may do."""

import importlib
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import Select, func, or_, select

from models import Division, User
from policy.division_codes import is_village
from policy.vocabulary import Role
from views import account_words, places
from views.browsers import browser_name
from views.case_words import noted
from views.context import actor, now
from views.db import db
from views.numbers import whole
from views.panel.scoped import LARGEST_ID
from workflows import accounts, attempts, office, second_factor, sessions
from workflows.reason import Refused

bp = Blueprint("users", __name__, url_prefix="/users")
SIZE = 50


@bp.get("/")
def index() -> ResponseReturnValue:
    """The accounts the administrator sees, by login name."""
    asked = {name: request.args.get(name, "").strip()[:40] for name in ("q", "role", "state")}
    query = _filtered(office.people(actor()), **asked)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    last = max(1, -(-total // SIZE))
    page = min(_page_number(request.args.get("page", "")), last)
    people = db.session.scalars(query.order_by(User.login).limit(SIZE).offset((page - 1) * SIZE)).all()
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return render_template(
        "account/users.html", people=people, asked=asked, total=total, page=page, pages=last, states=_states(),
        chips=_chips(kept), roles=list(Role), where=places.where,
        shut=attempts.shut(db.session, [user.login for user in people], now()),
        here=lambda number: url_for("users.index", **kept, page=number),
    )  # fmt: skip


@bp.route("/new", methods=("GET", "POST"))
def new() -> ResponseReturnValue:
    """Make an account; its one-use password is shown once."""
    typed = {name: request.form.get(name, "") for name in ("login", "name", "division")}
    errors: list[str] = []
    if request.method == "POST":
        try:
            user, password = accounts.create_user(
                db.session, actor(), typed["login"], typed["name"], typed["division"], now()
            )
            db.session.commit()
            return render_template("account/one_use.html", user=user, password=password, made=True)
        except Refused as refused:
            db.session.rollback()
            errors = account_words.sentences(refused)
    page = render_template("account/new_user.html", typed=typed, errors=errors, divisions=divisions())
    return page, 422 if errors else 200


@bp.get("/<int:id>/")
def page(id: int) -> ResponseReturnValue:
    """One account."""
    return show(id)


def show(id: int, act: str = "", refused: Refused | None = None) -> ResponseReturnValue:
    """One account's page; after a refusal with the dialog open, what was typed in it, and every reason."""
    db.session.rollback()
    user = person_or_404(id)
    at = now()
    errors = [{"text": text} for text in account_words.sentences(refused)] if refused else []
    body = render_template(
        "account/user.html", user=user, act=act, errors=errors, typed=request.form if refused else {},
        opened=[(row, browser_name(row.agent)) for row in sessions.opened(db.session, user.id, at)],
        shut=attempts.shut(db.session, [user.login], at).get(user.login), required=_required(user),
        mine=actor().id == user.id, role=actor().role, roles=roles_for(user), divisions=divisions(user.role),
    )  # fmt: skip
    return body, 422 if refused else 200


def person_or_404(id: int) -> User:
    """The account of this number, when the administrator may see it."""
    if id > LARGEST_ID:
        abort(404)
    try:
        return office.person(db.session, actor(), id)
    except Refused:
        abort(404)


def divisions(role: Role | None = None) -> Sequence[tuple[str, str]]:
    """(code, name) of the divisions somebody may work in: in the county, or containing it; of a role's level."""
    own = office.county(db.session).code
    above = [own[:length] for length in (2, 4)]
    query = select(Division).where(or_(Division.code.startswith(own), Division.code.in_(above))).order_by(Division.code)
    rows = db.session.scalars(query).all()
    names = {row.code: row.name for row in rows}
    fitting = [row for row in rows if role is None or len(row.code) in accounts.LEVELS[role]]
    return [(row.code, _placed(row, names)) for row in fitting]


def roles_for(user: User) -> list[Role]:
    """The roles that stand at the level of the person's division."""
    return [role for role, levels in accounts.LEVELS.items() if len(user.division_code) in levels]


def _placed(row: Division, names: dict[str, str]) -> str:
    township = names.get(row.parent_code or "", "") if is_village(row.code) else ""
    return noted(f"{township}{row.name}", row.code)


def _required(user: User) -> bool:
    return second_factor.required(office.county(db.session), user)


def _filtered(query: Select[User], q: str, role: str, state: str) -> Select[User]:
    if q:
        query = query.where(
            or_(User.name.contains(q, autoescape=True), User.login.contains(q.lower(), autoescape=True))
        )
    if role in set(Role):
        query = query.where(User.role == Role(role))
    if role == "none":
        query = query.where(User.role.is_(None))
    if state in ("active", "disabled"):
        query = query.where(User.active if state == "active" else ~User.active)
    return query


def _states() -> list[tuple[str, str]]:
    return [("active", gettext("Account active")), ("disabled", gettext("Account disabled"))]


def _chips(kept: dict[str, Any]) -> list[dict[str, Any]]:
    words = {role.value: gettext(role.label) for role in Role} | dict(_states()) | {"none": gettext("No role yet")}
    return [
        {
            "label": words.get(value, value),
            "url": url_for("users.index", **{k: v for k, v in kept.items() if k != name}),
        }
        for name, value in kept.items()
    ]


def _page_number(text: str) -> int:
    return min(whole(text) or 1, 10_000)


def register(app: Flask) -> None:
    """Give the app the pages of people, what is done to their accounts, and the rules of login."""
    importlib.import_module("views.user_acts")  # adds its routes to this blueprint
    app.register_blueprint(bp)
