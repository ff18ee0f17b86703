"""What waits because families changed: tasks of a place, villages' reports, families that move between townships."""

from itertools import islice
from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from models import HouseholdReport, HouseholdTask
from policy.vocabulary import Action, Happening, Need, ReportState
from views import household_event_words as words
from views import places
from views.context import actor, figures, now, today
from views.db import afresh, db
from views.formats import label
from views.numbers import version_in
from views.once import Done, once
from views.panel.scoped import parse_id
from views.permissions import allowed
from views.reasons import sentences
from workflows import household_moves, household_reports, keys
from workflows.actor import within
from workflows.application import present
from workflows.household_moves import head_then
from workflows.household_reports import fields_of
from workflows.household_scope import open_cases
from workflows.household_tasks import waiting
from workflows.reason import Refused, Stale

bp = Blueprint("household_tasks", __name__, url_prefix="/family-tasks")
SIZE = 50
ANSWERED_SHOWN, LOOKED_AT = 20, 100
DECIDED = {
    "accept": _l("The family is accepted and is with your township now."),
    "refuse": _l("The proposal was turned down; the other township reads why."),
    "withdraw": _l("Done; the family stays where it is."),
}
"""What is told to who answers a proposal."""


@bp.get("/")
def index() -> ResponseReturnValue:
    """What is to be done here because families changed, due first; and how one's own reports were answered."""
    query = waiting(actor())
    total = int(db.session.scalar(select(func.count()).select_from(query.subquery())) or 0)
    last = max(1, -(-total // SIZE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    rows = db.session.scalars(query.limit(SIZE).offset((page - 1) * SIZE)).all()
    return render_template(
        "panel/household_tasks.html", rows=[_row(task) for task in rows], total=total, page=page, last=last,
        answered=[(row, _head(row)) for row in _answered()], today=today(), places=places,
    )  # fmt: skip


def _row(task: HouseholdTask) -> dict[str, Any]:
    url, link = _where(task)
    why = task.event or task.report
    mine = within(actor(), task.household.village_code) and allowed("household.page")
    return {
        "home": url_for("household.page", id=task.household_id) if mine else "",
        "need": label(task.need), "note": words.to_do(task), "due": task.due_on, "url": url, "link": link,
        "head": task.household.head_name, "place": places.where(task.household.village_code),
        "why": label(why.kind if why else Action.REFER), "day": why.happened_on if why else task.since,
        "case": task.benefit.case_no if task.benefit else "", "late": bool(task.event and task.event.late),
        "said": _said(task),
        "refused": task.report is not None and task.report.state is ReportState.REFUSED,
    }  # fmt: skip


def _said(task: HouseholdTask) -> str:
    """What the list tells of why: of who comes the name, else the words of the report or whom the event is about."""
    if task.need is Need.ENTER and task.report is not None and task.report.member is not None:
        return task.report.member.name
    return task.report.words if task.report else task.event.names if task.event else ""


def _where(task: HouseholdTask) -> tuple[str, str]:
    """Where the task is done, and what the link says."""
    if task.need in (Need.ACCEPT, Need.AWAIT):
        text = gettext("Decide") if task.need is Need.ACCEPT else gettext("See how it stands")
        return url_for(".move", id=task.report_id), text
    if task.need is Need.ENTER:
        return url_for("household_coming.page", id=task.id), gettext("Enter the person")
    if task.need is Need.CARRY_OUT:
        return url_for(".report", id=task.report_id), gettext("Look at the report")
    return url_for("case.page", id=task.benefit_id), gettext("To the case")


def _answered() -> list[HouseholdReport]:
    """The reports and moves this reader proposed for families of the place where they work now, the latest first."""
    mine = select(HouseholdReport).where(HouseholdReport.proposed_by_id == actor().id)
    rows = db.session.scalars(mine.order_by(HouseholdReport.id.desc()).limit(LOOKED_AT))
    return list(islice((row for row in rows if within(actor(), _proposed_for(row))), ANSWERED_SHOWN))


def _head(row: HouseholdReport) -> str:
    """Whose family it is, as far as it concerns the reader: of one that went elsewhere, as it was when it went."""
    if within(actor(), row.village_code):
        return row.household.head_name
    return head_then(row) if _is_move(row) else row.member.name if row.member else ""


def _proposed_for(row: HouseholdReport) -> str:
    """The place for which a report was made: of a move the township that proposed it, wherever the family is now."""
    if _is_move(row):
        return row.from_code
    return (household_reports.asked_by(db.session, row) or row).village_code


@bp.get("/moves/<id>/")
def move(id: str) -> ResponseReturnValue:
    """A family that is to go over to another township, as both townships see it."""
    return _move(_report(id, moves=True))


@bp.post("/moves/<id>/<act>")
def decide(id: str, act: str) -> ResponseReturnValue:
    """Accept the family, turn the proposal down, or take it back."""
    row, form = _report(id, moves=True), request.form
    if act not in ("accept", "refuse", "withdraw"):
        abort(404)
    reason = form.get("reason", "")[:400]
    try:
        where = once(lambda: _decided(row, act, reason, version_in(form)), url_for(".index"))
    except (Stale, StaleDataError):
        return _move_again(id, [gettext("Somebody else answered this meanwhile; see below how it stands.")], 409, act)
    except Refused as refused:
        return _move_again(id, sentences(refused.reasons), 422, act)
    return redirect(where, 303)


def _decided(row: HouseholdReport, act: str, reason: str, version: int) -> Done:
    if act == "accept":
        done = household_moves.accept(db.session, row, actor(), now(), figures(), version)
        return Done(url_for("household_events.done", id=done.event.household_id, number=done.event.id), DECIDED[act])
    if act == "refuse":
        household_moves.refuse(db.session, row, reason, actor(), now(), version)
    else:
        household_moves.withdraw(db.session, row, actor(), now(), version)
    return Done(url_for(".index"), DECIDED[act])


@bp.get("/reports/<id>/")
def report(id: str) -> ResponseReturnValue:
    """What a village reported, with the way to carry it out and to turn it down."""
    return _report_page(_report(id))


@bp.post("/reports/<id>/turn-down")
def turn_down(id: str) -> ResponseReturnValue:
    """Say why a report is not carried out."""
    row, form = _report(id), request.form

    def turn_it_down() -> Done:
        household_reports.turn_down(db.session, row, form.get("reason", "")[:400], actor(), now(), version_in(form))
        return Done(url_for(".index"), gettext("The village reads why it was not carried out."))

    try:
        where = once(turn_it_down)
    except (Stale, StaleDataError):
        return _report_again(id, [gettext("Somebody else answered this meanwhile; see below how it stands.")], 409)
    except Refused as refused:
        return _report_again(id, sentences(refused.reasons), 422)
    return redirect(where, 303)


def _report(id: str, moves: bool = False) -> HouseholdReport:
    """The report under the reader; a move also where the family is to come to."""
    number, code = parse_id(id), actor().division_code
    row = db.session.get(HouseholdReport, number) if number else None
    if row is None or not actor().sees_cases or (_is_move(row) is not moves):
        abort(404)
    reach = (row.village_code, *((row.from_code, row.to_code) if moves else ()))
    return row if any(place.startswith(code) for place in reach) else abort(404)


def _is_move(row: HouseholdReport) -> bool:
    return row.kind is Happening.HANDOVER and row.from_code != row.to_code


def _move(row: HouseholdReport, errors: Any = (), act: str = "") -> str:
    to, home = fields_of(row), row.household
    receiver = row.to_code.startswith(actor().division_code) and actor().role in household_moves.DECIDERS
    sender = home.township_code.startswith(actor().division_code) and actor().role in household_moves.DECIDERS
    ours = home.village_code.startswith(actor().division_code)
    shown = ours or row.state is ReportState.OPEN  # once it is answered, the family is its own township's alone
    return render_template(
        "panel/household_move.html", row=row, home=home, to=to, places=places, errors=errors, act=act, shown=shown,
        head=home.head_name if ours else head_then(row),
        cases=open_cases(db.session, home.id), people=present(home), key=keys.new_key(), typed=request.form,
        receives=receiver and row.state is ReportState.OPEN, ours=ours,
        sends=sender and row.state in (ReportState.OPEN, ReportState.REFUSED) and _waits(row), today=today(),
    )  # fmt: skip


def _waits(row: HouseholdReport) -> bool:
    """Whether its own township still has it on the desk."""
    task = select(HouseholdTask.id).where(HouseholdTask.report_id == row.id, HouseholdTask.done_on.is_(None))
    return db.session.scalar(task.limit(1)) is not None


def _move_again(id: str, errors: list[str], status: int, act: str) -> ResponseReturnValue:
    with afresh():
        page = _move(_report(id, moves=True), errors, act)
    return page, status


def _report_page(row: HouseholdReport, errors: Any = ()) -> str:
    settles = actor().role in household_reports.SETTLERS and row.state is ReportState.OPEN
    return render_template(
        "panel/household_report.html", row=row, home=row.household, told=fields_of(row), places=places, errors=errors,
        settles=settles, key=keys.new_key(), typed=request.form, labels=words.TOLD, today=today(),
    )  # fmt: skip


def _report_again(id: str, errors: list[str], status: int) -> ResponseReturnValue:
    with afresh():
        page = _report_page(_report(id), errors)
    return page, status


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
