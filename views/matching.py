"""比对: a department's list is matched, its hits are settled one by one, and the match is closed."""

from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import tuple_

from models import MatchLine, MatchRun
from policy.calendar import add_working_days
from views import matching_page as page_of
from views import matching_words as words
from views import work
from views.context import actor, figures, instance, now, today
from views.db import afresh, db
from views.importing import batch_of
from views.numbers import version_in
from views.once import Done, once, sent
from views.panel.scoped import get_or_404
from views.reasons import answered, sentences
from workflows import keys
from workflows.actor import scoped
from workflows.exchange import kept_file, steps
from workflows.exchange.reading import LIMITS, Unreadable
from workflows.matching import running, settling, working
from workflows.matching.kinds import KINDS
from workflows.matching.lists import read_list
from workflows.office import name_of, names_of
from workflows.reason import Reason, Refused

bp = Blueprint("matching", __name__, url_prefix="/matching")
RECENT = 30
LAST_PAGE = 10_000


@bp.get("/")
def index() -> ResponseReturnValue:
    """Choose a list; the matches of before."""
    return _index()


@bp.post("/")
def upload() -> ResponseReturnValue:
    """Read a list and match it; it may also be a file that was handed in to be imported."""
    form = request.form
    kind = form.get("kind", "") if form.get("kind") in KINDS else ""
    try:
        name, data = _file()
        db.session.rollback()  # nobody waits for a lock while the file is read
        if not name:
            raise Refused([Reason("file_missing")])
        due, digest = _day(form.get("due_on", "")), sha256(data).hexdigest()
        listed = read_list(data, name, today(), kind) if len(data) <= working.READ_AT_ONCE else None
        if listed is None or listed.rows > working.AT_ONCE:
            return _later(data, name=name, sha256=digest, kind=kind, due_on=due)

        def match() -> str:
            made = running.run(db.session, actor(), listed, now(), file_name=name, sha256=digest, due_on=due)
            _no_import()
            return url_for("matching.page", id=made.id)

        return _done(match, gettext("The list was matched; see the hits below."), (digest, sent()))
    except Unreadable as bad:
        return _index([words.unreadable(bad)])
    except Refused as refused:
        return _index(sentences(refused.reasons))


def _file() -> tuple[str, bytes]:
    """Name and content of the list: the file chosen here, or the one that an import has kept."""
    if id := request.form.get("batch"):
        batch = batch_of(id)
        return batch.file_name, kept_file.read(instance().imports, batch.stored)
    file = request.files.get("file")
    return (file.filename or "", file.stream.read(LIMITS.bytes + 1)) if file else ("", b"")


def _no_import() -> None:
    """Lay the import aside whose file is matched instead."""
    if id := request.form.get("batch"):
        steps.give_up(db.session, batch_of(id), actor(), now())


def _later(data: bytes, **told: Any) -> ResponseReturnValue:
    """Have a long list matched outside the request, and show how far that is."""

    def enqueue() -> str:
        if len(data) > LIMITS.bytes:
            raise Unreadable("too_large", limit_mb=LIMITS.bytes // 1_000_000)
        job = working.begin(db.session(), actor(), now(), instance().imports, data, **told)
        _no_import()
        return url_for("matching_work.page", id=job.id)

    answer = _done(enqueue, gettext("The list is being matched."), (told["sha256"], sent()))
    work.set_off()
    return answer


@bp.get("/<id>/")
def page(id: str) -> ResponseReturnValue:
    """A match: its hits, its leads, and the rows that could not be looked up."""
    return _page(page_of.run_of(id))


@bp.post("/<id>/close")
def close(id: str) -> ResponseReturnValue:
    """Close a match whose hits are all settled."""
    run = page_of.run_of(id)

    def closed() -> str:
        settling.close(db.session, actor(), run, now(), version_in(request.form))
        return url_for("matching.page", id=run.id)

    try:
        return _done(closed, gettext("The match is closed."))
    except Refused as refused:
        return _again(lambda errors: _page(page_of.run_of(id), errors), refused)


@bp.get("/line/<id>/")
def line(id: str) -> ResponseReturnValue:
    """A hit: our record beside what the list says, and how it is settled."""
    return _line_page(_line(id))


@bp.post("/line/<id>/")
def settle(id: str) -> ResponseReturnValue:
    """Settle a hit with an outcome and a reason."""
    row, form = _line(id), request.form

    def settled() -> str:
        told = settling.Settlement(form.get("outcome", ""), form.get("reason", "")[:400], form.get("clause", "")[:120])
        settling.settle(db.session, actor(), row, told, now(), figures(), version_in(form))
        return _next(row)

    person = row.member or row.lead
    return _on_line(id, settled, gettext("The hit on %(name)s is settled.", name=person.name if person else ""))


@bp.post("/line/<id>/authorisation")
def authorise(id: str) -> ResponseReturnValue:
    """Record that the family has signed the cross-check authorisation."""
    row = _line(id)

    def authorised() -> str:
        day = _day(request.form.get("signed_on", ""))
        if day is None:
            raise Refused([Reason("day_missing")])
        settling.authorise(db.session, actor(), row, day, now())
        return url_for("matching.line", id=row.id)

    return _on_line(id, authorised, gettext("The authorisation is on file; what the list says is shown below."))


def _on_line(id: str, do: Callable[[], str], said: str) -> ResponseReturnValue:
    try:
        return _done(do, said)
    except Refused as refused:
        return _again(lambda errors: _line_page(_line(id), errors), refused)


def _done(do: Callable[[], str], said: str, body: Any = None) -> ResponseReturnValue:
    """Do what was posted once and go where it leads."""
    return redirect(once(lambda: Done(do(), said), url_for("matching.index"), body), 303)


def _again(show: Callable[[list[str]], str], refused: Refused) -> ResponseReturnValue:
    errors, status = answered(refused)
    with afresh():
        return show(errors), status


def _next(row: MatchLine) -> str:
    """The next hit of the run to settle after this one, else the first that was passed over, else the run."""
    query = settling.lines_of(actor(), row.run).where(MatchLine.outcome.is_(None))
    place = (MatchLine.due_on, MatchLine.id)
    after = tuple_(*place) > (row.due_on, row.id)
    following = db.session.scalars(query.order_by(after.desc(), *place).limit(1)).first()
    if following is None:
        return url_for("matching.page", id=row.match_run_id)
    return url_for("matching.line", id=following.id)


def _line(id: str) -> MatchLine:
    found: MatchLine = get_or_404(MatchLine, id, lambda query: scoped(query, MatchLine, actor()))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused([Reason("day_missing")]) from None


def _index(errors: Sequence[str] = ()) -> ResponseReturnValue:
    with afresh():
        runs = db.session.scalars(settling.visible_runs(actor()).limit(RECENT)).all()
        body = render_template(
            "panel/matching.html", runs=[(run, page_of.counts(run)) for run in runs], errors=errors,
            key=keys.new_key(), names=names_of(db.session, {run.user_id for run in runs}),
            words=words, kinds=words.choices(), typed=request.form,
            may_run=actor().role in running.RUNNERS, today=today(),
            due=add_working_days(today(), running.WORKING_DAYS).isoformat(),
        )  # fmt: skip
    return (body, 422) if errors else body


def _page(run: MatchRun, errors: Sequence[str] = ()) -> str:
    found = page_of.counts(run)
    tab = page_of.chosen(request.args.get("tab", ""), found)
    asked = min(request.args.get("page", 1, int), LAST_PAGE)
    return render_template(
        "panel/matching_run.html", run=run, errors=errors, key=keys.new_key(), of=page_of, words=words, today=today(),
        tiles=page_of.tiles(run, found), tabs=page_of.tabs(run, found, tab), found=found,
        shown=page_of.shown(run, tab, asked, found[tab]), facts=page_of.facts(run, name_of(db.session, run.user_id)),
        may_close=run.state == "open" and page_of.own(run) and actor().role in settling.SETTLERS,
    )  # fmt: skip


def _line_page(row: MatchLine, errors: Sequence[Any] = ()) -> str:
    may = actor().role in settling.SETTLERS
    offered = settling.offered(row) if may else ()
    return render_template(
        "panel/matching_line.html", row=row, run=row.run, hit=page_of.hit(row), errors=errors,
        key=keys.new_key(), words=words, today=today(), typed=request.form,
        choices=[(code, words.CHOICES[code]) for code in offered], may=may,
        death_url=page_of.death_url(row, row.run), dead=page_of.perhaps_dead(row, row.run),
        may_authorise=may and not settling.authorised(row),
    )  # fmt: skip


def register(app: Flask) -> None:
    """Add the pages and their words."""
    app.register_blueprint(bp)
