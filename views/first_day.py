"""The guided first day on the sample county: five things to look at for each role, remembered, put away at will."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select

from models import County, FirstDay
from policy.vocabulary import Role
from views.context import actor
from views.db import db
from views.permissions import allowed
from views.rendering import Once, macros
from workflows import first_day

bp = Blueprint("first_day", __name__, url_prefix="/first-day")
FRESH_SECONDS = 60


class Step(NamedTuple):
    """One thing to look at: what, where, and why it is worth it."""

    key: str
    label: Any
    endpoint: str
    arguments: tuple[tuple[str, Any], ...] = ()

    @property
    def url(self) -> str:
        """Where it is."""
        return url_for(self.endpoint, **dict(self.arguments))


def _step(key: str, label: Any, endpoint: str, **arguments: str) -> Step:
    return Step(key, label, endpoint, tuple(arguments.items()))


QUEUE = _step("queue", _l("Open what waits for you, and take the first case's next step"), "desk.queue")
APPLY = _step("apply", _l("Begin an application and keep it as a draft"), "application.index")
TRIAL = _step("trial", _l("Calculate an example family and change one fact"), "trial.index")
FIGURES = _step(
    "figures", _l("See which figures are placeholders and must be entered"), "figures.index", show="placeholder"
)
STAGES = _step("stages", _l("See the whole way of a case and who does what"), "help.machine")
APPROVAL = _step("approval", _l("See the cases that wait for a decision"), "benefit.index_view", stage="approval")
ACCOUNT = _step("account", _l("Set a second factor and the language"), "account.index")
FAMILIES = _step("families", _l("Open a family and read its history"), "household.index_view")
BULK = _step("bulk", _l("Tick some cases and preview a step for all of them"), "benefit.index_view", stage="active")
VISITS = _step("visits", _l("See which visits are due"), "visit.index_view", due="soon")
LEADS = _step("leads", _l("See the leads of your village"), "leads.index")
NOTICES = _step("notices", _l("Print the notice of a village"), "papers.notice")
IMPORT = _step("import", _l("Bring a roster in as far as the preview"), "importing.index")
MATCH = _step("match", _l("See how a department's list is matched"), "matching.index")
ADJUST = _step("adjust", _l("See what new figures would change"), "recalculation.index")
SIMULATE = _step("simulate", _l("Try a scenario without changing anything"), "simulation.index")
AUDIT = _step("audit", _l("Read the record of who did what"), "audit.index_view")
COMPARE = _step("compare", _l("Compare the rules of five places"), "comparison.index")
USERS = _step("users", _l("See the people and their roles"), "users.index")
NEW_USER = _step("new_user", _l("Make an account"), "users.new")
DIVISIONS = _step("divisions", _l("See townships and villages"), "division.index_view")
DESK = _step("desk", _l("Read the desk: every number opens its list"), "desk.index")
SEARCH = _step("search", _l("Find something with / or Ctrl+K"), "search.page")

FIVE: Mapping[Role, Sequence[Step]] = {
    Role.VILLAGE_WORKER: (VISITS, FAMILIES, LEADS, APPLY, STAGES),
    Role.TOWNSHIP_OFFICER: (QUEUE, APPLY, TRIAL, BULK, NOTICES),
    Role.TOWNSHIP_APPROVER: (QUEUE, APPROVAL, TRIAL, FAMILIES, STAGES),
    Role.COUNTY_REVIEWER: (QUEUE, IMPORT, MATCH, BULK, FIGURES),
    Role.COUNTY_APPROVER: (QUEUE, APPROVAL, ADJUST, SIMULATE, FIGURES),
    Role.SUPERVISOR: (FIGURES, FAMILIES, ADJUST, AUDIT, SEARCH),
    Role.AUDITOR: (AUDIT, FAMILIES, COMPARE, FIGURES, STAGES),
    Role.SYSTEM_ADMIN: (USERS, NEW_USER, DIVISIONS, ACCOUNT, STAGES),
    Role.SECURITY_ADMIN: (USERS, ACCOUNT, DESK, SEARCH, STAGES),
}


def card(once: Once) -> Markup:
    """The guide as the desk shows it; nothing outside the sample county, or once it was laid aside."""
    me, kept = actor(), _kept()
    role = me.role
    if role is None or not _sample(kept) or (row := _of_reader(kept, me.id))["aside"]:
        return Markup()
    seen = frozenset(row["done"])
    return once(lambda: macros("panel/first_day.html").card(_guide(role, seen)), "first_day", role, seen)


def _guide(role: Role, seen: frozenset[str]) -> dict[str, Any]:
    steps = [step for step in FIVE[role] if allowed(step.endpoint)]
    done = [step.key in seen for step in steps]
    return {"steps": list(zip(steps, done, strict=True)), "done": sum(done), "of": len(steps)}


@bp.post("/go")
def go() -> ResponseReturnValue:
    """Remember a step and go there."""
    steps = {step.key: step for step in FIVE.get(role, ())} if (role := actor().role) else {}
    step = steps.get(request.form.get("step", ""))
    if step is None or not allowed(step.endpoint):
        return redirect(url_for("desk.index"), 303)
    _write(lambda session, me: first_day.note(session, me, step.key))
    return redirect(step.url, 303)


@bp.post("/lay-aside")
def lay_aside() -> ResponseReturnValue:
    """Put the guide away."""
    _write(first_day.lay_aside)
    return redirect(url_for("desk.index"), 303)


@bp.post("/again")
def again() -> ResponseReturnValue:
    """Begin the guide anew."""
    _write(lambda session, me: first_day.lay_aside(session, me, False))
    return redirect(url_for("desk.index"), 303)


def _write(work: Any) -> None:
    work(db.session(), actor().id)
    db.session.commit()
    _kept().pop(actor().id, None)


def _kept() -> dict[Any, Any]:
    found: dict[Any, Any] = current_app.extensions.setdefault("doudi_first_day", {})
    return found


def held(app: Flask, me: int | None) -> object | None:
    """What the card rests on, where it was looked up within the minute."""
    kept = app.extensions.get("doudi_first_day", {})
    if kept.get("sample") is False:
        return kept
    until, told = kept.get(me, (0.0, None))
    return told if time.monotonic() < until else None


def _sample(kept: dict[Any, Any]) -> bool:
    """Whether this is the sample county; that never changes while the panel runs."""
    if "sample" not in kept:
        kept["sample"] = bool(db.session.scalar(select(County.sample)))
    return bool(kept["sample"])


def _of_reader(kept: dict[Any, Any], me: int | None) -> dict[str, Any]:
    """How far the reader is, looked up at most once a minute."""
    if me not in kept or kept[me][0] < time.monotonic():
        row = db.session.execute(select(FirstDay.done, FirstDay.laid_aside).where(FirstDay.user_id == me)).first()
        told = {"done": row[0] if row else [], "aside": bool(row and row[1])}
        kept[me] = time.monotonic() + FRESH_SECONDS, told
    found: dict[str, Any] = kept[me][1]
    return found


def register(app: Flask) -> None:
    """Add the guide."""
    app.register_blueprint(bp)
