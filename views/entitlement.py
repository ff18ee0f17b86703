"""应享未享: who seems entitled to a subsidy or to children's money, and who receives though no longer entitled."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from policy.masking import mask_id
from views import places
from views.context import actor, figures, now, read_through, today
from views.db import db
from views.export_wish import LONGEST_PURPOSE
from views.formats import label
from views.member_words import age
from views.permissions import allowed
from views.reasons import sentence
from workflows import audit, entitlement
from workflows.entitlement import LISTS, Row
from workflows.exchange import files
from workflows.reason import Reason

bp = Blueprint("entitlement", __name__, url_prefix="/entitlement")
TABS = {
    "living": _l("Without the living subsidy"),
    "care": _l("Without the care subsidy"),
    "children": _l("Children without a parent in the home"),
    "lost": _l("Receiving though no longer entitled"),
}
HELP = {
    "living": _l("Disabled people of families on allowance who have no open case of the living subsidy."),
    "care": _l("Severely disabled people who have no open case of the care subsidy; find out whether they need care."),
    "children": _l("Children under 18 with no parent living in the home and no open case; find out where they are."),
    "lost": _l("Cases in payment whose ground is gone by what is on file: begin a recheck, the case decides."),
}


@bp.get("/")
def index() -> ResponseReturnValue:
    """One of the lists under the reader, by place."""
    return _page()


@bp.post("/export")
def export() -> ResponseReturnValue:
    """Record the export and what for, then send every row of the list as a sheet."""
    which, place = _which(request.form), _place(request.form)
    purpose = request.form.get("purpose", "").strip()[:LONGEST_PURPOSE]
    if len(purpose) < 2:
        return _page([sentence(Reason("purpose_missing"))], which, place), 422
    told = {"list": which, "place": place}
    audit.record(db.session, actor(), now(), "export", reason=purpose, table="member", after=told)
    db.session.commit()
    name = f"{TABS[which]}{today():%Y%m%d}.csv"
    disposition = f"attachment; filename=\"export.csv\"; filename*=UTF-8''{quote(name)}"
    stream = read_through(files.csv_stream(list(_lines(which, place))))
    return Response(stream, mimetype="text/csv", headers={"Content-Disposition": disposition})


def _lines(which: str, place: str) -> Iterator[Sequence[str]]:
    yield [
        gettext("Township"), gettext("Village or community"), gettext("Name"), gettext("Age"), gettext("Disability"),
        gettext("Head"), gettext("Scheme"), gettext("Why"), gettext("Case number"),
    ]  # fmt: skip
    for row in entitlement.everybody(db.session, actor(), figures(), today(), which, place):
        member = row.member
        yield [
            places.name(member.township_code), places.name(member.village_code), member.name,
            str(age(member)), _disability(row), row.head_name, label(row.scheme), label(row.why),
            row.case_no,
        ]  # fmt: skip


def _page(errors: Sequence[str] = (), which: str = "", place: str = "") -> str:
    which, place = which or _which(request.args), place or _place(request.args)
    found = entitlement.page(
        db.session, actor(), figures(), today(), which, place, request.args.get("after", "")[:60]
    )  # fmt: skip
    return render_template(
        "panel/entitlement.html", rows=found.rows, after=found.after, which=which, place=place, errors=errors,
        tabs=_tabs(which, place), help=HELP[which], choices=places.within(actor()), where=places.where,
        disability=_disability, mask=mask_id, may_apply=allowed("application.index"),
        next_url=url_for("entitlement.index", list=which, place=place or None, after=found.after),
        first_url=url_for("entitlement.index", list=which, place=place or None), further="after" in request.args,
    )  # fmt: skip


def _which(given: Any) -> str:
    which = given.get("list", "")
    return which if which in LISTS else LISTS[0]


def _place(given: Any) -> str:
    """A township or village under the reader; nothing for the whole of it."""
    code = given.get("place", "")
    return code if code in dict(places.within(actor())) else ""


def _tabs(which: str, place: str) -> list[dict[str, Any]]:
    return [
        {"label": text, "count": None, "current": code == which, "tone": "",
         "url": url_for("entitlement.index", list=code, place=place or None)}
        for code, text in TABS.items()
    ]  # fmt: skip


def _disability(row: Row) -> str:
    member = row.member
    if member.disability_kind is None:
        return ""
    return gettext("%(kind)s, level %(level)s", kind=label(member.disability_kind), level=member.disability_level)


def register(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(bp)
