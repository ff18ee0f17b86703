"""Recording a visit, on a phone at the door: who went, whom they met, what is as last time and what changed, photos."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from models import Attachment, Benefit, Household, User, Visit
from policy.division_codes import township_of
from policy.vocabulary import Action, Change, Paper, Stage, VisitKind
from views import places
from views.attachments import ACCEPT, onward, uploaded
from views.context import actor, instance, now, today
from views.db import afresh, db
from views.formats import label
from views.numbers import version_in
from views.once import Done, once, sent
from views.panel.scoped import get_or_404, parse_id
from views.permissions import WORKERS
from views.reasons import sentence, sentences
from workflows import attachments, keys, visit_settling, visiting
from workflows.attachments import Owner, Upload
from workflows.facts import Given, Surveyor
from workflows.machine import RULES
from workflows.reason import Reason, Refused, Stale

KINDS = (VisitKind.FOLLOW_UP, VisitKind.QUARTERLY, VisitKind.RECHECK)
PICTURES = ",".join(kind for kind in ACCEPT.split(",") if kind in (".jpg", ".jpeg", ".png", ".webp"))
FIELD_OF = {
    "surveyors_missing": "surveyors", "day_in_future": "day", "day_missing": "day", "visit_words_missing": "words",
    "changes_missing": "consistent", "consistent_missing": "consistent", "visit_belongs_to_case": "kind",
    "file_kind": "photos", "file_not_what_it_says": "photos", "file_too_large": "photos", "file_empty": "photos",
    "too_many_files": "photos",
}  # fmt: skip
RECHECKED = frozenset(s for rule in RULES if rule.action is Action.START_RECHECK for s in rule.schemes)
"""The schemes under which there is a recheck at all."""
bp = Blueprint("visiting", __name__)


@bp.route("/household/<id>/visit/", methods=("GET", "POST"))
def new(id: str) -> ResponseReturnValue:
    """A visit nobody had planned."""
    home = get_or_404(Household, id)
    return _form(home, None) if request.method != "POST" else _record(home, None)


@bp.route("/visit/<id>/record/", methods=("GET", "POST"))
def record(id: str) -> ResponseReturnValue:
    """A planned visit that is now made; one that was made before shows what was written then.

    One that was called off while somebody was on the way is kept as a visit that nobody had planned.
    """
    if request.method == "POST" and not db.session.get(Visit, parse_id(id) or 0):
        return _record(get_or_404(Household, request.form.get("home", "")), None)
    visit = get_or_404(Visit, id)
    if request.method == "POST":
        return _record(visit.household, visit)
    if visit.done_on is not None:
        return redirect(url_for("visit.page", id=visit.id))
    if visit.kind not in KINDS and visit.benefit_id:
        return redirect(url_for("case.page", id=visit.benefit_id))
    return _form(visit.household, visit)


@bp.post("/visit/<id>/nothing-needed")
def settle(id: str) -> ResponseReturnValue:
    """Note that what a visit found needs nothing of the township, and why."""
    visit = get_or_404(Visit, id)
    back = url_for("visit.page", id=visit.id)
    try:
        visit_settling.nothing_needed(
            db.session(), visit, request.form.get("words", "")[:400], actor(), now(), version_in(request.form)
        )
        db.session.commit()
    except (Stale, StaleDataError):
        db.session.rollback()
        flash(gettext("Somebody else changed this visit meanwhile; look at it, then decide."), "warn")
    except Refused as refused:
        db.session.rollback()
        flash(" ".join(sentences(refused.reasons)), "error")
    else:
        flash(gettext("Noted: nothing is needed. It stands in the history with your reason."))
    return redirect(back, 303)


def _record(home: Household, visit: Visit | None) -> ResponseReturnValue:
    numbers = home.id, visit.id if visit else None
    try:
        photos = uploaded("photos")
        body = sent(), [file.filename for file in request.files.getlist("photos")]
        usual = url_for("household.page", id=home.id)
        where = once(lambda: _write(home, visit, photos), usual, body)
    except (Stale, StaleDataError):
        return _again(numbers, [Reason("visit_done_before")], 409)
    except Refused as refused:
        return _again(numbers, refused.reasons, 422)
    return onward(where)


def _write(home: Household, visit: Visit | None, photos: Sequence[Upload]) -> Done:
    told, reasons = _told(home, visit)
    if visit is None and not reasons and (twin := _twin(home, told, photos)):
        return Done(url_for("visit.page", id=twin.id), gettext("This was done already and was not sent twice."))
    try:
        version = version_in(request.form) if visit else None
        made = visiting.record_visit(db.session, home, told, actor(), now(), visit, version)
    except Stale:
        raise
    except Refused as refused:
        raise Refused([*reasons, *_also(refused, reasons)]) from refused
    if reasons:
        raise Refused(reasons)
    if photos:
        attachments.store(db.session, actor(), now(), instance().uploads, Owner(home, visit=made), Paper.PHOTO, photos)
    return Done(url_for("visit.page", id=made.id), gettext("The visit was recorded."))


def _twin(home: Household, told: visiting.Told, photos: Sequence[Upload]) -> Visit | None:
    """The visit that was recorded from another window with all that is told here, photos too."""
    twin = visiting.told_before(db.session(), home, told, actor(), today())
    names = db.session.scalars(select(Attachment.name).where(Attachment.visit_id == twin.id)) if twin else ()
    return twin if {photo.name for photo in photos} <= set(names) else None


def _also(refused: Refused, reasons: Sequence[Reason]) -> list[Reason]:
    """What else stands in the way; words are asked for only once it is clear that something changed."""
    unsaid = any(reason.code == "consistent_missing" for reason in reasons)
    return [reason for reason in refused.reasons if not (unsaid and reason.code == "visit_words_missing")]


def _told(home: Household, visit: Visit | None) -> tuple[visiting.Told, list[Reason]]:
    """What the form says of the visit, and what is missing in it."""
    form, reasons = request.form, list[Reason]()
    kind = visit.kind if visit else next((k for k in KINDS if k.value == form.get("kind")), KINDS[0])
    day, at_home = _day(reasons), form.get("at_home") != "no"
    same = {"same": True, "changed": False}.get(form.get("consistent", "")) if at_home else None
    changes = tuple(c for c in Change if c.value in form.getlist("changes")) if same is False else ()
    if at_home and same is None:
        reasons.append(Reason("consistent_missing"))
    if same is False and not changes:
        reasons.append(Reason("changes_missing"))
    met = form.get("met", "").strip()[:50] if at_home else ""
    words = form.get("words", "").strip()[:2000] or (_usual(same, at_home))
    given = Given(words=words, day=day, met=met, at_home=at_home, surveyors=_surveyors(home))
    return visiting.Told(kind, given, changes, same), reasons


def _usual(same: bool | None, at_home: bool) -> str:
    """What stands for words where a tap said all: nobody there, or all as last time."""
    if not at_home:
        return gettext("Nobody was at home.")
    return gettext("All is as last time.") if same else ""


def _day(reasons: list[Reason]) -> date | None:
    text = request.form.get("day", "").strip()
    try:
        return date.fromisoformat(text) if text else today()
    except ValueError:
        reasons.append(Reason("day_missing"))
        return today()


def _surveyors(home: Household) -> tuple[Surveyor, ...]:
    names = dict(_people_of(home.village_code))
    chosen = set(request.form.getlist("surveyors"))
    ticked = [user_id for user_id in names if str(user_id) in chosen]
    typed = [name.strip()[:50] for name in request.form.getlist("surveyor_name") if name.strip()]
    return tuple(Surveyor(names[user_id], user_id) for user_id in ticked) + tuple(Surveyor(name) for name in typed)


def _people_of(place: str) -> list[tuple[int, str]]:
    """Who may have gone: people of the village, of its township, and of where the reader sits."""
    codes = {place, township_of(place), actor().division_code}
    query = select(User.id, User.name).where(User.active, User.role.in_(WORKERS), User.division_code.in_(codes))
    people = [(id, name) for id, name in db.session.execute(query.order_by(User.id))]
    return sorted(people, key=lambda person: person[0] != actor().id)[:30]


def _again(numbers: tuple[int, int | None], reasons: Sequence[Reason], status: int) -> ResponseReturnValue:
    with afresh():
        home = get_or_404(Household, str(numbers[0]))
        return _form(home, db.session.get(Visit, numbers[1]) if numbers[1] else None, reasons), status


def _form(home: Household, visit: Visit | None, reasons: Sequence[Reason] = ()) -> str:
    form, key = request.form or request.args, keys.new_key()
    errors = {FIELD_OF.get(reason.code, ""): sentence(reason) for reason in reasons}
    people = _people_of(home.village_code)
    typed = [name for name in form.getlist("surveyor_name") if name.strip()]
    page = render_template(
        "panel/visit_form.html", home=home, visit=visit, form=form, key=key, today=today(), places=places,
        last=visiting.last_visit(db.session, home.id), errors=errors, people=people,
        ticked=set(form.getlist("surveyors")) if request.form else {str(actor().id)}, names=[*typed, ""],
        kinds=[(kind.value, label(kind)) for kind in KINDS], changes=[(c.value, label(c)) for c in Change],
        summary=[{"text": sentence(r), "target": FIELD_OF.get(r.code, "")} for r in reasons], pictures=PICTURES,
    )  # fmt: skip
    db.session.rollback()
    return page


def to_recheck(visit: Visit) -> Sequence[Benefit]:
    """The cases for which a visit that found changes calls for a recheck, while they are still given as before."""
    if not visit.changes and visit.consistent is not False:
        return []
    query = select(Benefit).where(Benefit.household_id == visit.household_id, Benefit.stage == Stage.ACTIVE)
    rechecked = Benefit.scheme.in_(RECHECKED)
    return db.session.scalars(query.where(rechecked).order_by(Benefit.id)).all()


def register(app: Flask) -> None:
    """Add the form."""
    app.register_blueprint(bp)
