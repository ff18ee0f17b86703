"""Who joins or leaves a family, who heads it, where it lives: one small page for each, done once, with what follows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.exc import StaleDataError

from models import Household, Member
from models.base import reading
from policy.vocabulary import LeaveReason, Relation
from views import application_fields as fields
from views import places
from views.context import actor, now, today
from views.db import db
from views.formats import label
from views.panel.scoped import get_or_404
from views.reasons import sentence
from workflows import keys, registry
from workflows.application import present
from workflows.application_input import Problem
from workflows.application_reading import fill_from_numbers, read_person
from workflows.application_sheet import GROUPS, Row, Sheet
from workflows.reason import Reason, Refused, Stale

WHY_JOINED = {"birth": _l("A birth"), "marriage": _l("Marriage"), "move": _l("Moved in"), "other": _l("Another reason")}
LEAVING = (
    LeaveReason.DEATH,
    LeaveReason.MARRIAGE,
    LeaveReason.SPLIT,
    LeaveReason.MOVE,
    LeaveReason.PRISON,
    LeaveReason.CORRECTION,
)
FIELD_OF = {
    "leave_reason_missing": "reason", "leaves_before_joining": "on", "head_not_there": "head", "head_already": "head",
    "relations_missing": "relations", "village_missing": "village", "address_missing": "address",
    "move_across_townships": "village", "day_missing": "on", "joins_before_birth": "on", "id_stay_until": "on",
    "id_elsewhere": "members-0-id_no", "id_in_this_household": "members-0-id_no",
    "id_in_other_household": "members-0-id_no", "second_head": "members-0-relation", "day_in_future": "on",
}  # fmt: skip
bp = Blueprint("people", __name__)


@bp.route("/household/<id>/join/", methods=("GET", "POST"))
def join(id: str) -> ResponseReturnValue:
    """Somebody joins the family: by birth, by marriage, or by moving in."""
    home = get_or_404(Household, id)
    if request.method == "GET":
        return _page("member_join", home, row={"cohabiting": "yes"})
    row = _person_row()
    person, problems = read_person(row, today())

    def act() -> None:
        if person is None:
            raise Refused([])
        why = WHY_JOINED.get(request.form.get("why", ""), WHY_JOINED["other"])
        registry.join(db.session, actor(), now(), home, person, _day(), str(why), _version())

    return _do(home.id, act, "member_join", problems, row=row)


@bp.route("/member/<id>/leave/", methods=("GET", "POST"))
def leave(id: str) -> ResponseReturnValue:
    """Somebody leaves the family, or has died; a new head may be named at once."""
    member = get_or_404(Member, id)
    if request.method == "GET":
        return _page("member_leave", member.household, member, asked=request.args)

    def act() -> None:
        reason = next((r for r in LEAVING if r.value == request.form.get("reason")), None)
        head, why = _chosen(member.household), request.form.get("why", "").strip()[:400]
        registry.leave(db.session, actor(), now(), member, _day(), reason, head, why, _version())

    return _do(member.household_id, act, "member_leave", member_id=member.id)


@bp.route("/household/<id>/head/", methods=("GET", "POST"))
def head(id: str) -> ResponseReturnValue:
    """Another member heads the family; the others are related to the new head."""
    home = get_or_404(Household, id)
    if request.method == "GET":
        return _page("member_head", home)

    def act() -> None:
        chosen = _chosen(home)
        if chosen is None:
            raise Refused([Reason("head_not_there")])
        said = {m.id: request.form.get(f"relation-{m.id}", "") for m in present(home)}
        relations = {id: Relation(text) for id, text in said.items() if text in set(Relation)}
        registry.name_head(
            db.session, actor(), now(), home, chosen, relations, request.form.get("why", "")[:400], _version()
        )

    return _do(home.id, act, "member_head")


@bp.route("/household/<id>/move/", methods=("GET", "POST"))
def move(id: str) -> ResponseReturnValue:
    """The family lives at another address."""
    home = get_or_404(Household, id)
    if request.method == "GET":
        return _page("member_move", home)

    def act() -> None:
        village, address = request.form.get("village", "") or home.village_code, request.form.get("address", "")[:200]
        registry.move_address(
            db.session, actor(), now(), home, address, village, request.form.get("why", "")[:400], _version()
        )

    return _do(home.id, act, "member_move")


@bp.get("/household/<id>/after/")
def after(id: str) -> ResponseReturnValue:
    """What a change in the family calls for: a recheck, an end after death, a head to be named."""
    home = get_or_404(Household, id)
    headless = bool(present(home)) and not any(m.relation is Relation.HEAD for m in present(home))
    offers = registry.called_for(db.session, home)
    return render_template("panel/member_after.html", home=home, offers=offers, headless=headless, places=places)


def _do(
    home_id: int, act: Callable[[], None], page: str, problems: Sequence[Problem] = (), member_id: int = 0, **more: Any
) -> ResponseReturnValue:
    """Take the step once and show what follows, or show the page again with every problem."""
    done = url_for("people.after", id=home_id)
    try:
        body = sorted((n, v) for n, v in request.form.items(multi=True) if n not in ("csrf_token", "key"))
        if not keys.claim(db.session, request.form.get("key", ""), actor().id, now(), repr((request.path, body))).first:
            flash(gettext("This was done already and was not sent twice."))
            return redirect(done, 303)
        act()
        keys.finish(db.session, request.form["key"], done)
        db.session.commit()
    except (Stale, StaleDataError):
        return _again(page, home_id, member_id, [Problem("", Reason("family_changed"))], 409, more)
    except Refused as refused:
        found = [*problems, *(Problem(FIELD_OF.get(r.code, ""), r) for r in refused.reasons)]
        return _again(page, home_id, member_id, found, 422, more)
    flash(gettext("It was recorded."))
    return redirect(done, 303)


def _again(
    page: str, home_id: int, member_id: int, problems: Sequence[Problem], status: int, more: dict[str, Any]
) -> ResponseReturnValue:
    db.session.rollback()
    with reading():
        home = get_or_404(Household, str(home_id))
        return _page(page, home, get_or_404(Member, str(member_id)) if member_id else None, problems, **more), status


def _page(
    page: str, home: Household, member: Member | None = None, problems: Sequence[Problem] = (), row: Row | None = None,
    asked: Mapping[str, str] | None = None,
) -> str:
    errors = {problem.field: sentence(problem.reason) for problem in problems}
    shown = render_template(
        f"panel/{page}.html", home=home, member=member, people=present(home),
        form=asked or request.form, key=keys.new_key(), errors=errors,
        summary=[{"text": sentence(p.reason), "target": p.field} for p in problems], row=row,
        choices=fields.choices(), labels=fields.LABELS, today=today(), places=places, sheet=Sheet(), whose=[],
        reasons=[(reason.value, label(reason)) for reason in LEAVING], version=(member or home).row_version,
        villages=places.villages(actor(), home.township_code), why_joined=[(c, str(w)) for c, w in WHY_JOINED.items()],
        is_open=lambda row, at, names, errors: any(row.get(n) or f"members-{at}-{n}" in errors for n in names),
        relations=fields.options(relation for relation in Relation if relation is not Relation.HEAD),
    )  # fmt: skip
    db.session.rollback()
    return shown


def _person_row() -> Row:
    names = {name: request.form.get(f"members-0-{name}", "").strip()[:2000] for name in GROUPS["members"]}
    sheet = Sheet(rows={"members": [names]})
    fill_from_numbers(sheet)
    return sheet.of("members")[0]


def _chosen(home: Household) -> Member | None:
    text = request.form.get("head", "")
    return next((m for m in present(home) if str(m.id) == text), None)


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("on", ""))
    except ValueError:
        raise Refused([Reason("day_missing")]) from None


def _version() -> int:
    text = request.form.get("row_version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
