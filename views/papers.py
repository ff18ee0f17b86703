"""Papers for print: letters and forms of a case, each once its event is there.

The papers themselves are Chinese, whatever language the page around them speaks.
"""

from typing import Any

from flask import Blueprint, Flask, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from policy import letters
from views import papers_notice
from views.case_file import CaseFile, open_file
from views.context import actor, figures, now, today
from views.db import db
from views.formats import label
from views.i18n import CHINESE
from views.panel.masked import WHY
from views.panel.scoped import parse_id
from views.papers_finding import told_of
from views.papers_kinds import KINDS, Kind, Print, available_papers, choose
from views.papers_notice import bar_of
from views.papers_sheet import sheet
from views.papers_survey import survey
from views.papers_text import letter, title_of, where
from workflows import audit
from workflows.machine import RULES

bp = Blueprint("papers", __name__)
bp.add_url_rule("/papers/notice/", "notice", papers_notice.notice)


@bp.get("/case/<id>/paper/<kind>/")
def page(id: str, kind: str) -> ResponseReturnValue:
    """A paper of a case; numbers of people stand in it masked."""
    file, kind_ = _open(id, kind)
    paper = _chosen(file, kind_)
    return _paper(file, paper) if paper else _not_yet(file, kind_)


@bp.post("/case/<id>/paper/<kind>/full/")
def full(id: str, kind: str) -> ResponseReturnValue:
    """The survey form with whole numbers, for a stated reason, on record."""
    file, kind_ = _open(id, kind)
    if kind_.code != "survey":
        abort(404)
    paper, why = _chosen(file, kind_), request.form.get("reason", "")
    if paper is None:
        return _not_yet(file, kind_)
    if why not in dict(WHY):
        message = gettext("Say why the full numbers are needed.")
        return render_template("panel/refused.html", message=message, back=paper.url), 422
    told = {"field": "id_no", "paper": kind_.code, "persons": len([m for m in file.members if m.present])}
    audit.record(db.session, actor(), now(), "reveal", file.benefit, reason=why, after=told)
    db.session.commit()
    return _paper(*_again(id, kind_), full=True)


@bp.get("/case/<id>/paper/<kind>/delivery/")
def delivery(id: str, kind: str) -> ResponseReturnValue:
    """The 送达回证 of a letter, to be filled in by hand when it is handed over."""
    file, kind_ = _open(id, kind)
    if not kind_.served:
        abort(404)
    paper = _chosen(file, kind_)
    if paper is None:
        return _not_yet(file, kind_)
    return _print("delivery", paper, file, back=paper.url, **letter(file, paper))


def _open(id: str, kind: str) -> tuple[CaseFile, Kind]:
    return open_file(db.session, actor(), id, figures(), today()), KINDS.get(kind) or abort(404)


def _again(id: str, kind: Kind) -> tuple[CaseFile, Print]:
    file = open_file(db.session, actor(), id, figures(), today())
    return file, _chosen(file, kind) or abort(404)


def _chosen(file: CaseFile, kind: Kind) -> Print | None:
    named = request.args.get("event")
    if named is None:
        return choose(file.events, kind, None)
    return choose(file.events, kind, parse_id(named) or 0) or abort(404)


def _paper(file: CaseFile, paper: Print, full: bool = False) -> str:
    with force_locale(CHINESE):
        told = letter(file, paper) if paper.kind.family == "letter" else _form(file, paper, full)
    return _print(paper.kind.code, paper, file, **told)


def _form(file: CaseFile, paper: Print, full: bool) -> dict[str, Any]:
    place = where(file.benefit.village_code)
    same = {"scheme": letters.FORMAL_NAME[file.benefit.scheme], "benefit": file.benefit, "event": paper.event}
    if paper.kind.code == "sheet":
        return {**place, **sheet(file, paper.event), **same}
    return {**place, **survey(file, full), "calculated": told_of(file, paper.event), **same}


def _print(template: str, paper: Print, file: CaseFile, back: str = "", **told: Any) -> str:
    printed = {"case_no": file.benefit.case_no, "by": actor().name, "at": now()}
    bar = bar_of(
        back or url_for("case.page", id=file.benefit.id), _others(template, paper), _asks(template, paper, told)
    )
    with force_locale(CHINESE):
        return render_template(f"papers/{template}.html", bar=bar, printed=printed, family=paper.kind.family,
                               nth=letters.repeated(paper.nth), **told)  # fmt: skip


def _others(template: str, paper: Print) -> list[tuple[str, str]]:
    if template == "notice":
        village = paper.event.village_code
        return [(gettext("All on notice in the village"), url_for("papers.notice", village=village))]
    return [(gettext("Proof of delivery"), paper.delivery_url)] if paper.kind.served and template != "delivery" else []


def _asks(template: str, paper: Print, told: dict[str, Any]) -> str:
    """Where to ask for whole numbers, if the paper has any and they are not there already."""
    if template != "survey" or told.get("full"):
        return ""
    return url_for("papers.full", id=paper.event.benefit_id, kind="survey")


def _not_yet(file: CaseFile, kind: Kind) -> ResponseReturnValue:
    possible = {rule.action for rule in RULES if file.benefit.scheme in rule.schemes}
    steps = [label(action) for action in kind.actions if action in possible]
    return render_template("papers/not_yet.html", title=kind.title, steps=steps, benefit=file.benefit), 409


def register(app: Flask) -> None:
    """Add the papers, and tell templates which ones a case has."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(available_papers=available_papers, paper_title=title_of)
