"""What administrators do to an account: each step asks why, is recorded, and ends the person's sessions."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from policy.vocabulary import Role
from views import account_words
from views.context import actor, now
from views.db import db
from views.users import bp, person_or_404, show
from workflows import accounts, login_rules, office
from workflows.reason import Refused

Step = Callable[[int, str], str]


def disable(id: int, why: str) -> str:
    """Shut the account."""
    user = accounts.disable(db.session, actor(), id, why, now())
    return gettext("%(name)s's account is disabled, and they are logged out everywhere.", name=user.name)


def enable(id: int, why: str) -> str:
    """Open it again."""
    user = accounts.enable(db.session, actor(), id, why, now())
    return gettext("%(name)s's account is active again.", name=user.name)


def unlock(id: int, why: str) -> str:
    """Let them try again before the time is over."""
    user = accounts.unlock(db.session, actor(), id, why, now())
    return gettext("%(name)s may try to log in again.", name=user.name)


def move(id: int, why: str) -> str:
    """Another division."""
    user = accounts.move(db.session, actor(), id, request.form.get("division", ""), why, now())
    return gettext("%(name)s now works in %(place)s.", name=user.name, place=user.division.name)


MANAGE: dict[str, Step] = {"disable": disable, "enable": enable, "unlock": unlock, "move": move}


@bp.post("/<int:id>/<any(disable, enable, unlock, move):act>")
def manage(id: int, act: str) -> ResponseReturnValue:
    """What the system administrator does to an account."""
    return _do(id, act, MANAGE[act])


@bp.post("/<int:id>/reset")
def reset(id: int) -> ResponseReturnValue:
    """A new one-use password, shown once."""
    person_or_404(id)
    db.session.rollback()
    try:
        user, password = accounts.reset_password(db.session, actor(), id, _why(), now())
    except Refused as refused:
        return show(id, "reset", refused)
    db.session.commit()
    return render_template("account/one_use.html", user=user, password=password, made=False)


@bp.post("/<int:id>/role")
def grant(id: int) -> ResponseReturnValue:
    """Grant a role, or take it away."""
    return _do(id, "role", _grant)


@bp.post("/<int:id>/second-factor")
def reset_second_factor(id: int) -> ResponseReturnValue:
    """Forget a lost telephone."""
    return _do(id, "second-factor", _reset_second_factor)


@bp.post("/<int:id>/sessions")
def end_sessions(id: int) -> ResponseReturnValue:
    """Log a person out everywhere."""
    return _do(id, "sessions", _end_sessions)


@bp.route("/rules", methods=("GET", "POST"))
def rules() -> ResponseReturnValue:
    """Which roles need a second factor, and what passwords must be."""
    county, errors = office.county(db.session), []
    typed = {"roles": county.second_factor_roles, "profile": county.password_profile, "reason": ""}
    if request.method == "POST":
        typed = {"roles": request.form.getlist("roles"), "profile": request.form.get("profile", ""), "reason": _why()}
        roles = [role for role in Role if role.value in typed["roles"]]
        try:
            login_rules.set_rules(db.session, actor(), roles, str(typed["profile"]), _why(), now())
            db.session.commit()
            flash(gettext("The rules of login are changed; they hold from the next request on."))
            return redirect(url_for("users.rules"))
        except Refused as refused:
            db.session.rollback()
            errors = account_words.sentences(refused)
    page = render_template("account/rules.html", typed=typed, errors=errors, roles=list(Role))
    return page, 422 if errors else 200


def _grant(id: int, why: str) -> str:
    wanted = request.form.get("role", "")
    role = Role(wanted) if wanted in set(Role) else None
    user = accounts.grant_role(db.session, actor(), id, role, why, now())
    if role is None:
        return gettext("%(name)s no longer has a role and sees nothing.", name=user.name)
    return gettext("%(name)s is now %(role)s.", name=user.name, role=gettext(role.label))


def _reset_second_factor(id: int, why: str) -> str:
    user = accounts.reset_second_factor(db.session, actor(), id, why, now())
    return gettext("%(name)s's second factor is forgotten; they set up a new one after login.", name=user.name)


def _end_sessions(id: int, why: str) -> str:
    ended = accounts.end_sessions(db.session, actor(), id, why, now())
    return ngettext("%(num)s session was ended.", "%(num)s sessions were ended.", ended)


def _do(id: int, act: str, step: Step) -> ResponseReturnValue:
    person_or_404(id)
    try:
        said = step(id, _why())
    except Refused as refused:
        return show(id, act, refused)
    db.session.commit()
    flash(said)
    return redirect(url_for("users.page", id=id))


def _why() -> str:
    return request.form.get("reason", "").strip()[:200]
