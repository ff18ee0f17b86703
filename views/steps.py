"""The dialogs of a case: one page for each step, which asks what the step needs and takes it once."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError
from wtforms import Form

from models import AuditEntry, Benefit
from policy.vocabulary import Action
from views.case_file import open_file
from views.case_words import headed
from views.clearing import FIELDS as FIELD_OF
from views.context import actor, figures, now, today
from views.db import afresh, db
from views.numbers import version_in
from views.once import Done, once, sent
from views.panel import history
from views.panel.scoped import parse_id
from views.reasons import Said
from views.step_asks import ask_of, asked_of
from views.step_fields import GIVEN_NAMES
from views.step_sheet import Sheet
from workflows import casework, keys
from workflows.facts import Given
from workflows.machine import decide
from workflows.reason import Reason, Refused, Stale

NOT_SENT = frozenset({"row_version", "seen", "opened"})


def step(id: str, action: str) -> ResponseReturnValue:
    """Ask for what a step needs (GET), or take it (POST): once, lawful, and on what the reader has seen."""
    wanted = next((known for known in Action if known.value == action and asked_of(known)), None)
    if wanted is None:
        abort(404)
    if request.method != "POST":
        return _page(_sheet(id, wanted))
    return _take(id, wanted)


def _sheet(id: str, action: Action) -> Sheet:
    file = open_file(db.session, actor(), id, figures(), today())
    if ask_of(file.benefit.scheme, action) is None:
        abort(404)
    return Sheet(file, action)


def _take(id: str, action: Action) -> ResponseReturnValue:
    _hold(id)
    sheet = _sheet(id, action)
    form, benefit = sheet.form(request.form), sheet.file.benefit
    valid, was_due = form.validate(), benefit.step_due_on

    def step() -> Done:
        version = version_in(request.form)
        if request.form.get("seen") != str(sheet.file.last_event_id):
            raise Stale(version, benefit.row_version)
        given = _given(form)
        if not valid:
            raise Refused(_all_reasons(sheet, form, given))
        event = casework.take(db.session, benefit, action, actor(), given, now(), figures(), version)
        return Done(url_for("case.page", id=benefit.id, done=event.id, due=was_due))

    try:
        return redirect(once(step, url_for("case.page", id=id), _body()), 303)
    except (Stale, StaleDataError):
        return _again(id, action, [Reason("stale")], 409)
    except Refused as refused:
        return _again(id, action, refused.reasons, 422)


def _hold(id: str) -> None:
    """Nobody else takes a step of this case until the transaction ends; what is read now is what is decided on."""
    number = parse_id(id)
    db.session.execute(select(Benefit.id).where(Benefit.id == number).with_for_update())


def _body() -> list[tuple[str, str]]:
    """What was decided: a form that was opened anew with the same key decides the same."""
    return [field for field in sent() if field[0] not in NOT_SENT]


def _given(form: Form) -> Given:
    values = {GIVEN_NAMES.get(field.name, field.name): field.data for field in form if not field.errors}
    if "grants" in values:
        values["grants"] = {"yes": True, "no": False}.get(values["grants"])
    return Given(**{name: value for name, value in values.items() if value is not None})


def _all_reasons(sheet: Sheet, form: Form, given: Given) -> list[Reason]:
    """What the machine would say besides the wrong fields, so that everything is told at once."""
    try:
        decide(sheet.facts, sheet.action, actor(), given)
    except Refused as refused:
        wrong = set(form.errors)
        return [reason for reason in refused.reasons if FIELD_OF.get(reason.code) not in wrong]
    return []


def _again(id: str, action: Action, reasons: Any, status: int) -> ResponseReturnValue:
    """The page as it was typed, with every reason; nothing of the step is kept."""
    with afresh():
        sheet = _sheet(id, action)
        form = sheet.form(request.form)
        form.validate()
        return _page(sheet, form, sheet.said(reasons), status)


def _page(sheet: Sheet, form: Form | None = None, said: Any = (), status: int = 200) -> ResponseReturnValue:
    blocked = sheet.said(sheet.reasons) if form is None else []
    form = form or sheet.form()
    wrong = [Said(headed(f.label.text, error), f"#{f.name}", target=f.name) for f in form for error in f.errors]
    for reason in said:
        if reason.target in form:
            form[reason.target].errors = [*form[reason.target].errors, reason.text]
    page = render_template(
        "panel/step.html",
        sheet=sheet,
        ask=sheet.ask,
        form=form,
        benefit=sheet.file.benefit,
        blocked=blocked,
        errors=[*wrong, *said],
        submit=sheet.ask.submit(_shown_amount(form)),
        key=keys.new_key(),
        opened=now(),
        opinion=sheet.file.last(Action.GIVE_OPINION, Action.COUNTY_OPINION),
        meanwhile=_meanwhile(sheet) if status == 409 else None,
    )
    return page, status


def _shown_amount(form: Form) -> int | None:
    return form["amount"].data if "amount" in form else None


def _meanwhile(sheet: Sheet) -> dict[str, Any]:
    """What others did to the case since the page was opened: steps, and corrections of its records."""
    seen = request.form.get("seen", "")
    last = parse_id(seen)
    steps = [event for event in sheet.file.events if last and event.id > last]
    return {"steps": steps, "changes": _corrections(sheet)}


def _corrections(sheet: Sheet) -> list[Any]:
    try:
        since = datetime.fromisoformat(request.form.get("opened", ""))
    except ValueError:
        return []
    corrected = (AuditEntry.benefit_id == sheet.file.benefit.id) & (AuditEntry.table_name == "benefit")
    entries, _ = history.read(corrected & (AuditEntry.at >= since) & (AuditEntry.action == "update"))
    return entries


def add_to(bp: Blueprint) -> None:
    """Give the blueprint of the case page its dialogs."""
    bp.add_url_rule("/<id>/<action>/", "step", step, methods=("GET", "POST"))
