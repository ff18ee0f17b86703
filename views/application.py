"""The application form of a window clerk or a village worker: one long page, kept as a draft whenever they want."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from models import Draft, Household
from models.base import reading
from policy.masking import mask_id
from policy.vocabulary import PERSONAL, Unit
from views import application_fields as fields
from views import places
from views.context import actor, figures, now, today
from views.db import afresh, db
from views.once import Done, once, sent
from views.panel.masked import mask
from workflows import application, drafts, keys
from workflows import application_sheet as sheets
from workflows.application_filling import fill_from_family, fill_from_numbers
from workflows.application_input import Problem, Problems
from workflows.application_reading import SCHEMES, read
from workflows.application_sheet import Sheet
from workflows.reason import Refused

KIND = "application"
bp = Blueprint("application", __name__, url_prefix="/apply")


@bp.route("/", methods=("GET", "POST"))
def index() -> ResponseReturnValue:
    """The form (GET), or what a button of it does (POST): rows, a family, a draft, or the sending."""
    if request.method != "POST":
        return _begin()
    sheet, act = sheets.posted(request.form.items(multi=True)), request.form.get("act", "")
    if act == "submit":
        return _submit(sheet)
    if act == "save":
        return _save(sheet)
    fill_from_numbers(sheet)
    with reading():
        _change(sheet, act)
        return _page(sheet, find=request.form.get("find", "") if act == "find" else None)


@bp.post("/draft/<id>/remove/")
def remove_draft(id: str) -> ResponseReturnValue:
    """Throw one's own draft away."""
    if not drafts.drop(db.session, actor(), KIND, id):
        abort(404)
    db.session.commit()
    flash(gettext("The draft was thrown away."))
    return redirect(url_for("application.index"))


def _begin() -> ResponseReturnValue:
    sheet, id = sheets.fresh(), request.args.get("draft", "")
    if id:
        draft = drafts.find(db.session, actor(), KIND, id)
        if draft is None:  # as after the browser's Back button
            flash(gettext("That draft is not open: it was sent or thrown away, or begun where you worked before."))
            return redirect(url_for("application.index"))
        return _page(sheets.loads(draft.content or ""), draft=draft)
    if wanted := request.args.get("household", ""):
        family = application.choose_family(db.session, actor(), wanted)
        if family is None:
            abort(404)
        fill_from_family(sheet, family)
        _ask_for(sheet, request.args.get("scheme", ""), request.args.get("member", ""))
        sheet.one["follows"] = request.args.get("follows", "")
    villages = places.villages(actor())
    if len(villages) == 1:
        sheet.one["village"] = villages[0][0]
    return _page(sheet)


def _ask_for(sheet: Sheet, scheme: str, member: str) -> None:
    """Begin with what a list of people who seem entitled asks for: which scheme, which member of the family."""
    if scheme in {word.value for word in SCHEMES}:
        sheet.one["scheme"] = scheme
    if scheme in {word.value for word in PERSONAL}:
        sheet.one |= {"scheme": scheme, "unit": Unit.SINGLE.value}
        sheet.one["single"] = f"m{member}" if member.isascii() and member.isdecimal() and len(member) < 10 else ""


def _change(sheet: Sheet, act: str) -> None:
    """What a small button does to the sheet."""
    group, _, at = request.form.get("remove_row", "").partition("-")
    sheet.add_row(request.form.get("add_row", ""))
    if at.isdecimal() and len(at) < 6:
        sheet.remove_row(group, int(at))
    if act == "unchoose":
        _forget_family(sheet)
    if wanted := request.form.get("choose", ""):
        family = application.choose_family(db.session, actor(), wanted)
        if family is None:
            abort(404)
        fill_from_family(sheet, family)


def _forget_family(sheet: Sheet) -> None:
    sheet.one |= {"household": "", "seen": ""}
    for group in ("income", "spending"):
        sheet.rows[group] = [line for line in sheet.of(group) if not line.get("whose", "").startswith("m")]
    sheet.rows["obligors"] = [row for row in sheet.of("obligors") if not row.get("row")]
    if not sheet.of("members"):
        sheet.rows["members"] = sheets.fresh().of("members")


def _save(sheet: Sheet) -> ResponseReturnValue:
    fill_from_numbers(sheet)
    try:
        where = once(lambda: _keep(sheet), url_for("application.index"), _body())
    except Refused:  # the key was used already; the draft is kept all the same
        where, said = _keep(sheet)
        db.session.commit()
        flash(said)
    return redirect(where, 303)


def _keep(sheet: Sheet) -> Done:
    was, title = request.form.get("draft", ""), _title(sheet)
    draft = drafts.save(db.session, actor(), KIND, was, title, sheet.dumps(), now())
    said = gettext("The draft was kept. It is listed below the form until you send it.")
    return Done(url_for("application.index", draft=draft.id), said)


def _title(sheet: Sheet) -> str:
    family = application.choose_family(db.session, actor(), sheet["household"])
    named = [row.get("name", "") for row in sheet.of("members") if row.get("name")]
    return family.head_name if family else (named[0] if named else gettext("Nobody named yet"))


def _submit(sheet: Sheet) -> ResponseReturnValue:
    fill_from_numbers(sheet)
    family = application.choose_family(db.session, actor(), sheet["household"])
    on_file = [m.id for m in application.present(family)] if family else []

    def submit() -> Done:
        given, problems = read(sheet, today(), on_file)
        if given is None:
            raise Problems(problems)
        benefit = application.submit(db.session, actor(), now(), figures(), given)
        drafts.drop(db.session, actor(), KIND, request.form.get("draft", ""))
        registered = application.registered(db.session, benefit)
        return Done(url_for("case.page", id=benefit.id, done=registered.id))

    try:
        return redirect(once(submit, url_for("application.index"), _body()), 303)
    except Problems as wrong:
        return _again(sheet, wrong.problems)
    except Refused as refused:
        return _again(sheet, [Problem("", reason) for reason in refused.reasons])


def _body() -> list[tuple[str, str]]:
    """What was filled in: a family looked for on the way changes nothing of it."""
    return [field for field in sent() if field[0] != "find"]


def _again(sheet: Sheet, problems: Sequence[Problem]) -> ResponseReturnValue:
    """The page as it was typed, with every problem beside its field; nothing of it was written."""
    with afresh():
        if any(problem.reason.code == "family_changed" for problem in problems):
            family = application.choose_family(db.session, actor(), sheet["household"])
            sheet.one["seen"] = application.state_of(family) if family else ""
        return _page(sheet, problems), 422


def _page(sheet: Sheet, problems: Sequence[Problem] = (), find: str | None = None, draft: Draft | None = None) -> str:
    family = application.choose_family(db.session, actor(), sheet["household"])
    if family is None and sheet["household"]:
        _forget_family(sheet)
    if draft is None and request.method == "POST":
        draft = drafts.find(db.session, actor(), KIND, request.form.get("draft", ""))
    key = keys.new_key()
    kept = f"{draft.id}-{draft.saved_at:%m%d%H%M%S}" if draft else "new"
    found = application.find_families(db.session, actor(), find) if find and find.strip() else []
    page = render_template(
        "panel/application.html", sheet=sheet, family=family, people=application.present(family) if family else [],
        errors=fields.beside(problems), summary=fields.summary(problems), choices=fields.choices(),
        whose=fields.whose(sheet, family), labels=fields.LABELS, villages=_villages(), find=find, found=found,
        drafts=drafts.of(db.session, actor(), KIND), closed=drafts.closed(db.session, actor(), KIND), draft=draft,
        key=key, today=today(), places=places,
        draft_key="apply-" + (kept if request.method != "POST" else key[:8]), mask=mask_id,
        first={"members": {}, **sheets.FIRST}, is_open=_is_open, kept=_kept(family),
    )  # fmt: skip
    db.session.rollback()
    return page


def _kept(family: Household | None) -> dict[str, str]:
    """The numbers on file, masked."""
    numbers = {name: getattr(family, name) for name in ("phone", "account", "one_card")} if family else {}
    return {name: mask(name, number) for name, number in numbers.items() if number}


def _is_open(row: Any, at: Any, names: Sequence[str], errors: dict[str, str], group: str = "members") -> bool:
    """Whether further fields are shown from the start: something stands there, or is wrong there."""
    return any(row.get(name) or f"{group}-{at}-{name}" in errors for name in names)


def _villages() -> list[tuple[str, str]]:
    one_township = len(places.townships(actor())) == 1
    return [(c, name if one_township else places.where(c)) for c, name in places.villages(actor())]


def register(app: Flask) -> None:
    """Add the application form."""
    app.register_blueprint(bp)
