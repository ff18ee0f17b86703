"""Papers for print: letters and forms of a case, each once its event is there.

Before it is issued a paper is a draft; from then on what was printed is what is shown. The papers themselves are
Chinese, whatever language the page around them speaks.
"""

from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from models import IssuedPaper, PaperTemplate
from models.base import reading
from policy.letter_fields import WORDED
from policy.vocabulary import Action
from views import (
    papers_aside,
    papers_kept,
    papers_lists,
    papers_many,
    papers_notice,
    papers_numbering,
    papers_register,
    papers_templates,
    papers_words,
)
from views.base import add_view
from views.case_file import CaseFile, open_file
from views.context import actor, figures, now, today
from views.db import db
from views.formats import label
from views.i18n import CHINESE
from views.panel.masked import WHY
from views.panel.scoped import parse_id
from views.papers_bar import Bar
from views.papers_kinds import KINDS, Kind, Print, choose
from views.papers_made import draft, open_number, render_of, sheet_of
from views.papers_text import letter, name_of
from views.reasons import sentence
from workflows import audit, issuing, paper_templates, setting_aside
from workflows.machine import RULES
from workflows.reason import Refused, Stale

bp = Blueprint("papers", __name__)
_PARTS = (
    papers_notice, papers_kept, papers_lists, papers_many, papers_aside, papers_numbering, papers_templates,
    papers_words,
)  # fmt: skip
for part in _PARTS:
    part.add_routes(bp)


@bp.get("/case/<id>/paper/<kind>/")
def page(id: str, kind: str) -> ResponseReturnValue:
    """A paper of a case as it was issued, else (or with ``?draft=1``) a draft of it; numbers of people masked."""
    file, kind_ = _open(id, kind)
    paper = _chosen(file, kind_)
    if paper is None:
        return _not_yet(file, kind_)
    kept = issuing.latest(db.session, paper.key)
    if kept is not None and "draft" not in request.args:
        return papers_kept.show(kept, _bar(file, paper, kept))
    return _draft(file, paper, kept)


@bp.post("/case/<id>/paper/<kind>/issue/")
def issue(id: str, kind: str) -> ResponseReturnValue:
    """Issue a paper: number and day are given, what is printed is kept; again with a reason, after a correction."""
    file, kind_ = _open(id, kind)
    paper = _chosen(file, kind_)
    if paper is None:
        return _not_yet(file, kind_)
    after, why = parse_id(request.form.get("after", "")), request.form.get("why", "")[: issuing.LONGEST_WHY]
    template = _template(file, kind_) if request.form.get("word") else None
    try:
        issuing.issue(db.session, actor(), now(), sheet_of(file, paper), render_of(file, paper, template), after, why)
        db.session.commit()
    except Stale:
        return _refused(gettext("Somebody else issued it again meanwhile; look at that paper first."), paper.url, 409)
    except Refused as refused:
        return _refused(" ".join(str(sentence(one)) for one in refused.reasons), f"{_again_url(paper)}")
    return redirect(_url(paper) + ("" if template else "#print"), 303)


@bp.post("/case/<id>/paper/<kind>/full/")
def full(id: str, kind: str) -> ResponseReturnValue:
    """A form with whole numbers, for a stated reason, on record."""
    file, kind_ = _open(id, kind)
    if not kind_.numbers:
        abort(404)
    paper, why = _chosen(file, kind_), request.form.get("reason", "")
    if paper is None:
        return _not_yet(file, kind_)
    if why not in dict(WHY):
        return _refused(gettext("Say why the full numbers are needed."), paper.url)
    told = {"field": "id_no", "paper": kind_.code, "persons": len([m for m in file.members if m.present])}
    audit.record(db.session, actor(), now(), "reveal", file.benefit, reason=why, after=told)
    db.session.commit()
    file, paper = _again(id, kind_)
    kept = issuing.latest(db.session, paper.key)
    bar = Bar(url_for("case.page", id=file.benefit.id))
    return papers_kept.show(kept, bar, full=True) if kept else _page(file, paper, bar, full=True)


@bp.get("/case/<id>/paper/<kind>/delivery/")
def delivery(id: str, kind: str) -> ResponseReturnValue:
    """The 送达回证 of a letter, to be filled in by hand when it is handed over."""
    file, kind_ = _open(id, kind)
    if not kind_.served:
        abort(404)
    paper = _chosen(file, kind_)
    if paper is None:
        return _not_yet(file, kind_)
    kept = issuing.latest(db.session, paper.key)
    number = str(issuing.number_of(kept)) if kept else open_number(file, paper)
    with force_locale(CHINESE):
        told = letter(file, paper)
        return render_template("papers/delivery.html", bar=_markup(Bar(paper.url)), family="letter", number=number,
                               printed=_printed(file), **told)  # fmt: skip


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


def _url(paper: Print) -> str:
    return url_for("papers.page", id=paper.event.benefit_id, kind=paper.kind.code, event=paper.event.id)


def _again_url(paper: Print) -> str:
    return url_for("papers.page", id=paper.event.benefit_id, kind=paper.kind.code, event=paper.event.id, draft=1)


def _draft(file: CaseFile, paper: Print, kept: IssuedPaper | None) -> str:
    may = not issuing.faults_of(actor(), sheet_of(file, paper))
    aside = setting_aside.find(db.session, paper.key) if kept is None else None
    address = url_for("papers.issue", id=file.benefit.id, kind=paper.kind.code, event=paper.event.id)
    bar = _bar(file, paper, None, address if may and aside is None else "", kept.id if kept else None)
    if may and kept is None and aside is None and paper.kind.served:
        bar = bar._replace(links=[*bar.links, (gettext("Do not issue"), url_for("papers.aside", paper=paper.key))])
    return _page(file, paper, bar._replace(aside=aside, may_take_back=may))


def _template(file: CaseFile, kind: Kind) -> PaperTemplate | None:
    return paper_templates.active(db.session, kind.code, file.benefit.scheme) if kind.code in WORDED else None


def _page(file: CaseFile, paper: Print, bar: Bar, full: bool = False) -> str:
    return draft(file, paper, full, bar=_markup(bar), printed=_printed(file), title=_title(file, paper))


def _title(file: CaseFile, paper: Print) -> str:
    with force_locale(CHINESE):
        return f"{name_of(paper, file.benefit.scheme)} {file.household.head_name}"


def _printed(file: CaseFile) -> dict[str, Any]:
    return {"case_no": file.benefit.case_no, "by": actor().name, "at": now()}


def _markup(bar: Bar) -> Any:
    return bar.markup()


def _bar(file: CaseFile, paper: Print, kept: IssuedPaper | None, issue_url: str = "", after: int | None = None) -> Bar:
    links = [(gettext("Proof of delivery"), paper.delivery_url)] if paper.kind.served else []
    if paper.kind.code == "notice":
        links.append((gettext("All on notice in the village"),
                      url_for("papers.notice", village=paper.event.village_code)))  # fmt: skip
    if kept is not None:
        links.append((gettext("Issue again after a correction"), _again_url(paper)))
    which: dict[str, Any] = {} if paper.latest else {"event": paper.event.id}
    ask = url_for("papers.full", id=paper.event.benefit_id, kind=paper.kind.code, **which) if paper.kind.numbers else ""
    word = issue_url if issue_url and _template(file, paper.kind) else ""
    return Bar(url_for("case.page", id=file.benefit.id), links, ask, issue_url, after, kept=kept, word=word)


def _refused(message: Any, back: str, status: int = 422) -> ResponseReturnValue:
    db.session.rollback()
    with reading():
        return render_template("panel/refused.html", message=message, back=back), status


def _not_yet(file: CaseFile, kind: Kind) -> ResponseReturnValue:
    possible = {rule.action for rule in RULES if file.benefit.scheme in rule.schemes}
    steps = [label(action) for action in kind.actions if action in possible and _plain(kind, action)]
    return render_template("papers/not_yet.html", title=kind.title, steps=steps, benefit=file.benefit), 409


def _plain(kind: Kind, action: Action) -> bool:
    """Whether this step is one that people know the paper by; the meeting is held when somebody objects."""
    return kind.code != "meeting" or action is Action.OBJECT


def register(app: Flask) -> None:
    """Add the papers and their register."""
    app.register_blueprint(bp)
    add_view(app, papers_register.IssuedView)
