"""Ctrl+K: one field for pages, people and what may be done here; without script the page of the search.

Pages and steps are handed over once and looked through in the browser; people are asked for by POST, like every
search, so that no number enters an address.
"""

import re
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Flask, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import NotFound

from models import Benefit, Household, Member
from models.base import reading
from policy.masking import mask_id
from policy.vocabulary import Happening
from views import nav, places, search
from views.case_acts import acts
from views.case_file import open_file
from views.context import actor, figures, today
from views.db import db
from views.formats import label
from views.links import case_url
from views.panel.scoped import get_or_404
from views.permissions import allowed
from views.saved_views import offered
from workflows import names
from workflows.actor import scoped

bp = Blueprint("palette", __name__, url_prefix="/palette")
MOST = 8
OF_A_CASE = re.compile(r"/case/([1-9][0-9]{0,9})/")
OF_A_FAMILY = re.compile(r"/household/([1-9][0-9]{0,9})/")
Entry = dict[str, Any]


@bp.get("/")
def entries() -> ResponseReturnValue:
    """Everything that can be gone to from here without asking for somebody: what may be done here, pages, views."""
    at = request.args.get("at", "")
    found = [*steps(at), *of_the_family(at), *pages()]
    return jsonify(entries=found, people=allowed("palette.find"))


@bp.post("/")
def find() -> ResponseReturnValue:
    """People and cases that fit what was typed, at most eight, masked; posted, and it only reads."""
    typed = request.form.get("q", "")[: search.LONGEST].replace("\x00", "")
    with reading():
        return jsonify(entries=[*_cases(typed), *_people(typed)])


def pages() -> list[Entry]:
    """The pages of the reader's menu, their account, and their saved views."""
    found = [
        _entry(str(item["label"]), item["url"], str(group["label"])) for group in nav.menu() for item in group["items"]
    ]
    found.append(_entry(gettext("My account"), url_for("account.index"), gettext("Office")))
    if allowed("saved_views.index"):
        found += [_entry(view.name, view.url, gettext("Saved views")) for view in offered()]
    return found


def steps(at: str) -> list[Entry]:
    """The lawful steps of the case whose page it is; nothing elsewhere."""
    case = OF_A_CASE.match(at)
    if case is None or not allowed("case.step"):
        return []
    try:
        file = open_file(db.session, actor(), case[1], figures(), today())
    except NotFound:
        return []
    possible = acts(file.benefit, file.facts, actor())
    where = gettext("Steps of this case")
    return [_entry(button.label, button.url, where) for button in (*possible.main, *possible.aside)]


def of_the_family(at: str) -> list[Entry]:
    """What may be begun for the family whose page it is: an application, a visit, what happened; nothing elsewhere."""
    number = OF_A_FAMILY.match(at)
    try:
        home = get_or_404(Household, number[1]) if number and allowed("household.page") else None
    except NotFound:
        return []
    if home is None or home.dissolved_on is not None:
        return []
    begun = [
        (gettext("New application"), "application.index", {"household": home.id}),
        (gettext("Record a visit"), "visiting.new", {"id": home.id}),
        *((label(kind), "household_events.event", {"id": home.id, "kind": kind.value}) for kind in _events(home)),
    ]
    where = gettext("For this family")
    return [_entry(name, url_for(page, **words), where) for name, page, words in begun if allowed(page)]


def _events(home: Household) -> list[Happening]:
    from views import household_events

    offered = household_events.offered(home)
    return [kind for kind in household_events.KINDS.values() if kind in offered]


def _entry(name: str, url: str, group: str, note: str = "") -> Entry:
    keys = " ".join(names.initials(name)) if re.search("[\u4e00-\u9fff]", name) else ""
    return {"label": name, "url": url, "group": group, "note": note, "keys": keys.lower()}


def _cases(typed: str) -> Iterable[Entry]:
    found = names.shape(typed)
    if found.kind != "case_no":
        return
    query = scoped(select(Benefit).where(Benefit.case_no == found.term), Benefit, actor())
    for case in db.session.scalars(query.options(joinedload(Benefit.household))):
        yield _entry(case.case_no, case_url(case.id), gettext("Cases"), case.household.head_name)


def _people(typed: str) -> Iterable[Entry]:
    query = search.members(typed)
    if query is None:
        return
    ids = db.session.scalars(query.order_by(Member.left_on.is_not(None), Member.id).limit(MOST)).all()
    rows = {row.id: row for row in db.session.scalars(select(Member).where(Member.id.in_(ids)))}
    for row in (rows[id] for id in ids):
        url = url_for("household.page", id=row.household_id, _anchor=f"member-{row.id}")
        number = mask_id(row.id_no) if row.id_no else ""
        yield _entry(row.name, url, gettext("People"), f"{places.name(row.village_code)} {number}".strip())


def register(app: Flask) -> None:
    """Add the palette."""
    app.register_blueprint(bp)
