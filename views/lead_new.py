"""A family in need that somebody met, handed in with four fields: who, where, what is the matter, a phone number."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from models.base import reading
from views import places
from views.context import actor, figures, now
from views.db import db
from views.formats import day
from views.once import Done, once
from views.reasons import sentence
from workflows import keys, leads
from workflows.reason import Reason, Refused

FIELD_OF = {
    "lead_name_missing": "name", "lead_village_missing": "village", "lead_words_missing": "words",
    "lead_phone_wrong": "phone",
}  # fmt: skip


def new() -> ResponseReturnValue:
    """The form (GET), and what it says written down once (POST)."""
    if request.method != "POST":
        return _form()
    form = request.form
    found = leads.Found(*(form.get(name, "") for name in ("name", "village", "address", "words", "phone")))

    def hand_in() -> Done:
        lead = leads.hand_in(db.session, actor(), found, now(), figures())
        told = {"name": lead.name, "day": day(lead.due_on)}
        return Done(url_for("leads.index"), gettext("%(name)s was handed in; to be looked into by %(day)s.", **told))

    try:
        where = once(hand_in)
    except Refused as refused:
        db.session.rollback()
        with reading():
            return _form(refused.reasons), 422
    return redirect(where, 303)


def _form(reasons: Sequence[Reason] = ()) -> str:
    villages = [(code, places.where(code)) for code, _ in places.villages(actor())]
    page = render_template(
        "panel/lead_new.html", form=request.form, key=keys.new_key(), villages=villages,
        village=request.form.get("village") or request.args.get("village", ""),
        errors={FIELD_OF.get(reason.code, ""): sentence(reason) for reason in reasons},
        summary=[{"text": sentence(reason), "target": FIELD_OF.get(reason.code, "")} for reason in reasons],
    )  # fmt: skip
    db.session.rollback()
    return page
