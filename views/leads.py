"""线索: people who may need aid and receive none, for the village and township they live in to look into."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from models import Lead
from policy.division_codes import in_township
from policy.masking import mask_id
from views import lead_new, places
from views import matching_words as words
from views.context import actor, now, today
from views.db import afresh, db
from views.formats import NOTHING
from views.matching_page import in_line, told
from views.numbers import version_in
from views.once import Done, once
from views.panel.scoped import get_or_404
from views.permissions import FIELD, allowed
from views.reasons import answered
from workflows import keys
from workflows.actor import scoped
from workflows.desk import Count
from workflows.leads import FOUND, PHONE, WORDS
from workflows.matching import settling
from workflows.reason import Refused

bp = Blueprint("leads", __name__, url_prefix="/leads")
bp.add_url_rule("/new", "new", lead_new.new, methods=("GET", "POST"))
SIZE = 50
LAST_PAGE = 10_000
ASKED = {WORDS: _l("What is the matter"), PHONE: _l("Phone")}
"""What the form of a lead asks, by the headers under which the answers are kept."""


@bp.get("/")
def index() -> ResponseReturnValue:
    """The leads under the reader, those to look into first."""
    return _page()


@bp.post("/<id>/settle")
def settle(id: str) -> ResponseReturnValue:
    """Say what became of a lead."""
    lead, form = get_or_404(Lead, id), request.form
    state, reason = form.get("state", ""), form.get("reason", "")[:400]

    def settle_it() -> Done:
        settling.settle_lead(db.session, actor(), lead, state, reason, now(), version_in(form))
        return Done(url_for("leads.index"), gettext("%(name)s is settled.", name=lead.name))

    try:
        where = once(settle_it)
    except Refused as refused:
        return _again(id, *answered(refused))
    return redirect(where, 303)


def _again(id: str, errors: Sequence[str], status: int) -> ResponseReturnValue:
    with afresh():
        body = _page(errors, f"settle-{id}")
    return body, status


def _page(errors: Sequence[Any] = (), act: str = "") -> str:
    tab, found = state_asked(), _counts()
    last = max(1, -(-found.get(tab, 0) // SIZE))
    page = min(max(request.args.get("page", 1, int), 1), last, LAST_PAGE)
    rows = db.session.scalars(in_state(tab).limit(SIZE).offset((page - 1) * SIZE)).all()
    return render_template(
        "panel/leads.html", rows=rows, tab=tab, page=page, last=last, count=found.get(tab, 0), errors=errors, act=act,
        tabs=_tabs(found, tab), words=words, where=place_of, mask=number_of, told=detail_of, today=today(),
        key=keys.new_key(), typed=request.form if errors else {},
        may_settle=actor().role in settling.LEAD_SETTLERS, may_apply=allowed("application.index"),
        states=[(code, words.LEAD_STATES[code]) for code in settling.LEAD_STATES],
    )  # fmt: skip


def state_asked() -> str:
    """The tab that the address asks for."""
    asked = request.args.get("state", "open")
    return asked if asked in words.LEAD_STATES else "open"


def in_state(state: str) -> Any:
    """The query for the leads in a state under the reader, those to look into first."""
    return scoped(select(Lead).where(Lead.state == state), Lead, actor()).order_by(Lead.due_on, Lead.id)


def _counts() -> dict[str, int]:
    query = scoped(select(Lead.state, func.count()).group_by(Lead.state), Lead, actor())
    return {state: int(n) for state, n in db.session.execute(query)}


def tile(open_ones: Count) -> list[dict[str, Any]]:
    """The tile of the desk for whoever goes to see families: how many leads wait there; none where none does."""
    if actor().role not in FIELD or not open_ones.total:
        return []
    shown = f"{open_ones.total:,}"
    return [{"label": gettext("Leads to look into"), "count": shown, "url": url_for("leads.index"), "tone": ""}]


def _tabs(found: dict[str, int], current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "count": f"{found.get(code, 0):,}", "current": code == current, "tone": "",
         "url": url_for("leads.index", state=code)}
        for code, label in words.LEAD_STATES.items() if found.get(code) or code == "open"
    ]  # fmt: skip


def number_of(lead: Lead) -> str:
    """The ID number as far as it may be shown; a dash where it is not known."""
    return mask_id(lead.id_no) if lead.id_no else NOTHING


def detail_of(lead: Lead) -> str:
    """What a list says under its own headers, or what a worker saw under those of our form."""
    found = told(lead.detail)
    return in_line([(str(ASKED.get(header, header)), text) for header, text in found] if lead.why == FOUND else found)


def place_of(lead: Lead) -> str:
    """Village and address, as far as they are known."""
    if not in_township(lead.village_code):
        return lead.address or gettext("place not known")
    return places.home(lead.village_code, lead.address)


def register(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(bp)
