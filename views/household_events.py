"""What happened in a family: a page for each event, its effects before it is recorded, what comes next after."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models import Household, Member
from models.base import reading
from policy.vocabulary import Happening, LeaveReason
from views import household_event_form as forms
from views import household_event_words as words
from views import places
from views.context import actor, figures, now, today
from views.db import afresh, db
from views.formats import label
from views.household_event_page import begun_by_report, form_page, open_report
from views.household_event_story import entry_of, next_steps
from views.numbers import version_in
from views.once import Done, once
from views.panel.scoped import get_or_404
from views.reasons import sentence, sentences
from workflows import household_event_undo, household_events, household_moves, household_reports, keys
from workflows.application import present
from workflows.application_input import Problem, Problems
from workflows.household_event_input import Effect, Happened
from workflows.household_events import KEEPERS
from workflows.reason import Reason, Refused, Stale

bp = Blueprint("household_events", __name__)
H = Happening
T = TypeVar("T")
KINDS = {kind.value: kind for _, kinds in words.GROUPS for kind in kinds}
LEAVING = {LeaveReason.DEATH.value: H.DEATH}


@bp.get("/household/<id>/happen/")
def menu(id: str) -> ResponseReturnValue:
    """Everything that can happen in a family, to choose from."""
    home = get_or_404(Household, id)
    member = request.args.get("member", "")
    return render_template(
        "panel/household_happen.html", home=home, groups=words.GROUPS, about=words.ABOUT, places=places,
        offered=offered(home), member=member if member.isdecimal() else None,
    )  # fmt: skip


@bp.get("/member/<id>/leave/")
def leave(id: str) -> ResponseReturnValue:
    """The event with which this person leaves: a death where that is asked for, else any to choose from."""
    member = get_or_404(Member, id)
    kind = LEAVING.get(request.args.get("reason", ""))
    if kind is None:
        return redirect(url_for("household_events.menu", id=member.household_id, member=member.id))
    asked = {"member": member.id, "on": request.args.get("on")}
    return redirect(url_for("household_events.event", id=member.household_id, kind=kind.value, **asked))


@bp.route("/household/<id>/happen/<kind>/", methods=("GET", "POST"))
def event(id: str, kind: str) -> ResponseReturnValue:
    """One event: asked for, looked at with its effects, recorded once."""
    home, what = get_or_404(Household, id), KINDS.get(kind)
    if what is None:
        abort(404)
    if request.method != "POST":
        return form_page(home, what, {**begun_by_report(home), **request.args})
    act = request.form.get("act", "record")
    if act in ("edit", "find"):
        with reading():
            return form_page(home, what, request.form)
    if actor().role not in KEEPERS:
        return _report(home, what)
    if act == "ask_elsewhere" and what in household_reports.ASKED_WORDS:
        return _ask(home, what)
    return _look(home, what) if act == "look" and what is not H.HANDOVER else _record(home, what)


def _look(home: Household, kind: Happening) -> ResponseReturnValue:
    """Try the event and forget it again: what it would do, or why it cannot be."""
    try:
        done = _happen(home, kind)
        seen = [_seen(effect, home.id) for effect in done.effects]
        late = done.event.late
    except (Stale, StaleDataError, IntegrityError):
        return _again(home.id, kind, [Problem("", Reason("family_changed"))], 409)
    except Refused as refused:
        return _again(home.id, kind, _problems(refused, kind), 422)
    with afresh():
        home = get_or_404(Household, str(home.id))
        return form_page(home, kind, request.form, seen=seen, late=late)


def _seen(effect: Effect, home_id: int) -> dict[str, Any]:
    """An effect as the preview tells it, after the transaction in which it was tried is gone."""
    benefit = effect.benefit
    due = effect.task.due_on if effect.task else None
    scheme, what = words.whose(benefit, home_id), str(words.what_happens(effect))
    return {"scheme": scheme, "case_no": benefit.case_no, "what": what,
            "amount": benefit.monthly_fen, "due": due, "ends": effect.what == "ends"}  # fmt: skip


def _record(home: Household, kind: Happening) -> ResponseReturnValue:
    number = home.id
    usual = url_for("household.page", id=number)
    try:
        where = once(lambda: Done(_propose(home) if kind is H.HANDOVER else _done_at(_happen(home, kind).event)), usual)
    except (Stale, StaleDataError, IntegrityError):
        return _again(number, kind, [Problem("", Reason("family_changed"))], 409)
    except Refused as refused:
        return _again(number, kind, _problems(refused, kind), 422)
    return redirect(where, 303)


def _happen(home: Household, kind: Happening) -> Any:
    happened, problems = forms.read(kind, request.form, home)
    if happened is None:
        raise Problems(problems)
    return _with_all_told(kind, problems, lambda: household_events.happen(
        db.session, home, happened, actor(), now(), figures(), version_in(request.form), open_report(home, request.form)
    ))  # fmt: skip


def _with_all_told(kind: Happening, problems: Sequence[Problem], do: Callable[[], T]) -> T:
    """What a verb returns; a field that cannot be read is told with all that the verb refuses, and nothing stays."""
    try:
        done = do()
    except Stale:
        raise
    except Refused as refused:
        raise Problems([*problems, *_problems(refused, kind)]) from refused
    if problems:
        raise Problems(problems)
    return done


def _propose(home: Household) -> str:
    form = request.form
    on, problems = forms.day_of(form.get("on", ""))
    told = Happened(
        H.HANDOVER, on or today(), form.get("words", "")[:400], village_code=form.get("village", ""),
        address=form.get("address", "")[:200],
    )  # fmt: skip
    row = _with_all_told(H.HANDOVER, problems, lambda: household_moves.propose(
        db.session, home, told, actor(), now(), figures(), version_in(form), open_report(home, form),
    ))  # fmt: skip
    return url_for("household_tasks.move", id=row.id)


def _ask(home: Household, kind: Happening) -> ResponseReturnValue:
    """Ask the township in which somebody is on file to record that they left; it finds the request on its desk."""
    number, where = home.id, url_for("household.page", id=home.id)
    try:
        happened, problems = forms.read(kind, request.form, home)
        if problems or happened is None or not happened.people:
            raise Problems(problems)
        who, on = happened.people[0], happened.on

        def ask() -> Done:
            household_reports.ask_elsewhere(db.session, home, who, kind, on, actor(), now(), figures())
            return Done(where, gettext(
                "The other township was asked. When it has recorded the leaving, record this event here again."
            ))  # fmt: skip

        once(ask, where)
    except Refused as refused:
        return _again(number, kind, _problems(refused, kind), 422)
    return redirect(where, 303)


def _report(home: Household, kind: Happening) -> ResponseReturnValue:
    """What a village worker tells: kept for the township, which carries it out."""
    number, form = home.id, request.form

    def report() -> Done:
        on, problems = forms.day_of(form.get("on", ""))
        member = next((m for m in home.members if str(m.id) == form.get("member")), None)
        told = household_reports.Told(kind, on or today(), form.get("words", "")[:400], member, form)
        _with_all_told(
            kind, problems, lambda: household_reports.report(db.session, home, told, actor(), now(), figures())
        )
        return Done(url_for("household_tasks.index"), gettext("The township has your report on its desk."))

    try:
        return redirect(once(report), 303)
    except Refused as refused:
        return _again(number, kind, _problems(refused, kind), 422)


@bp.get("/household/<id>/happened/<int:number>/")
def done(id: str, number: int) -> ResponseReturnValue:
    """What an event did, and what comes next."""
    home = get_or_404(Household, id)
    row = next((one for one in household_events.history(db.session, home.id) if one.id == number), None)
    if row is None:
        abort(404)
    headless = bool(present(home)) and not any(m.relation == "head" for m in present(home))
    return render_template(
        "panel/household_event_done.html", home=home, entry=entry_of(row), steps=next_steps(db.session, row),
        headless=headless, places=places, row=row, other=_in_reach(row.other) if row.other_id != home.id else None,
        against=sentences(household_event_undo.why_not(db.session, row, actor())),
        undone=row.kind is H.UNDONE, key=keys.new_key(), errors=[],
    )  # fmt: skip


@bp.post("/household/<id>/happened/<int:number>/undo")
def undo(id: str, number: int) -> ResponseReturnValue:
    """Take an entry back that was made by mistake."""
    home, form = get_or_404(Household, id), request.form
    row = next((one for one in household_events.history(db.session, home.id) if one.id == number), None)
    if row is None:
        abort(404)

    def take_back() -> Done:
        text = form.get("words", "")[:400]
        return Done(_done_at(household_event_undo.undo(db.session, row, text, actor(), now(), figures()).event))

    try:
        where = once(take_back, url_for("household.page", id=home.id))
    except (Refused, StaleDataError, IntegrityError) as error:
        db.session.rollback()
        for reason in error.reasons if isinstance(error, Refused) else (Reason("family_changed"),):
            flash(sentence(reason), "bad")
        return redirect(url_for("household_events.done", id=id, number=number), 303)
    return redirect(where, 303)


def _problems(refused: Refused, kind: Happening) -> list[Problem]:
    if isinstance(refused, Problems):
        return list(refused.problems)
    return [Problem(words.field_of(reason.code, kind), reason) for reason in refused.reasons]


def _again(number: int, kind: Happening, problems: Sequence[Problem], status: int) -> ResponseReturnValue:
    with afresh():
        home = get_or_404(Household, str(number))
        page = form_page(home, kind, request.form, problems, stale=status == 409)
    return page, status


def offered(home: Household) -> set[Happening]:
    """The events that this reader may record, or report, of this family."""
    if home.dissolved_on is not None:
        return set()
    mine = set(KINDS.values()) if actor().role in KEEPERS else set(household_reports.REPORTABLE)
    if not any(member.id_no_pending for member in present(home)):
        mine.discard(H.ID_NUMBER)
    return mine


def _done_at(row: Any) -> str:
    flash(gettext("Recorded: %(what)s.", what=label(row.kind)))
    return url_for("household_events.done", id=row.household_id, number=row.id)


def _in_reach(home: Household | None) -> Household | None:
    """The other family of an event, where it lies under the reader."""
    return home if home is not None and home.village_code.startswith(actor().division_code) else None


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(bp)
