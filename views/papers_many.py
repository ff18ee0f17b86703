"""Many papers at once: what is still to be handed over, ticked, issued together and printed as one page."""

from collections.abc import Collection
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup
from sqlalchemy import Connection, Select, bindparam, exists, func, select
from sqlalchemy.orm import joinedload, undefer

from models import Benefit, Event, IssuedPaper, SetAsidePaper
from policy.division_codes import is_village
from policy.vocabulary import Action, Role, Unit
from views import papers_kept, places
from views.case_file import CaseFile, open_file
from views.context import actor, figures, now, today
from views.db import afresh, db
from views.i18n import CHINESE
from views.panel.scoped import parse_id
from views.papers_bar import Bar
from views.papers_kinds import KINDS, OF_ACTION, Kind, Print, choose
from views.papers_made import render_of, sheet_of
from views.papers_text import addressee, decider_of, name_of, office_code
from views.reasons import sentence
from workflows import household_moves, issuing, setting_aside
from workflows.actor import Actor, scoped, within
from workflows.issuing import Sheet
from workflows.reason import Refused

RECENT, OWED = timedelta(days=60), timedelta(days=365)
"""How far back the list goes: of those issued, and of those owed. Without an end it would look at every letter ever."""
MOST_COUNTED, MOST_AT_ONCE = 300, 100
STATES = ("todo", "done", "aside")
LETTERS = tuple(action for action, kinds in OF_ACTION.items() if any(kind.served for kind in kinds))
TILE_FOR = frozenset({Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER})


class Choice(NamedTuple):
    """Which papers are offered: of a place, of one kind or of all letters; to be issued, issued or set aside."""

    place: str
    kind: Kind | None
    state: str

    @property
    def back(self) -> timedelta:
        """How far back they go."""
        return RECENT if self.state == "done" else OWED

    @property
    def exact(self) -> bool:
        """Whether each event stands for just one paper, so that events counted are papers counted."""
        return not (self.kind and (self.kind.when or self.kind.schemes))

    def address(self, page: int) -> str:
        """A page of the same choice."""
        kind = self.kind.code if self.kind else None
        return url_for("papers.many", place=self.place or None, kind=kind, state=self.state, page=page)


def add_routes(bp: Blueprint) -> None:
    """The addresses of many papers at once."""
    bp.add_url_rule("/papers/many/", "many", many)
    bp.add_url_rule("/papers/many/", "issue_many", issue_many, methods=["POST"])
    bp.add_url_rule("/papers/together/", "together", together)


def many() -> ResponseReturnValue:
    """The papers of a year under the reader that are owed, or were set aside, or those of two months that went out."""
    want = _choice()
    query = _query(want)
    total = int(db.session.scalar(select(func.count()).select_from(query.subquery())) or 0)
    last = max(1, -(-total // MOST_AT_ONCE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    found = _found(query, want, page)
    keys = [paper.key for _, paper in found]
    kept, aside = issuing.latest_of(db.session, keys), setting_aside.among(db.session, keys)
    rows = [_row(benefit, paper, kept.get(paper.key), aside.get(paper.key)) for benefit, paper in found]
    rows = [row for row in rows if row["state"] == want.state]
    return render_template(
        "papers/many.html", rows=rows, want=want, places=_places(), most=MOST_AT_ONCE,
        days=want.back.days,
        kinds=[(kind.code, kind.title) for kind in KINDS.values()],
        states=[("todo", gettext("Still to be issued")), ("done", gettext("Issued")), ("aside", gettext("Set aside"))],
        page=page, last=last, total=total if want.exact else None,
    )  # fmt: skip


def issue_many() -> ResponseReturnValue:
    """Issue every ticked paper in one go, all or none, and show them as one page to print.

    Of those that are to be set aside instead, the preview is shown.
    """
    asked = list(dict.fromkeys(request.form.getlist("paper")))[: MOST_AT_ONCE + 1]
    if not asked or len(asked) > MOST_AT_ONCE:
        return again(gettext("Tick at least one paper, and at most %(most)s at once.", most=MOST_AT_ONCE))
    if "aside" in request.form:
        return redirect(url_for("papers.aside", paper=asked), 303)
    papers = in_order(asked)
    try:
        rows = [
            issuing.issue(db.session, actor(), now(), sheet_of(file, paper), render_of(file, paper))
            for file, paper in papers
        ]  # fmt: skip
        db.session.commit()
    except Refused as refused:
        return again(" ".join(str(sentence(one)) for one in refused.reasons))
    ids = [row.id for row in rows]
    flash(ngettext("%(num)s paper is issued.", "%(num)s papers are issued.", len(ids)))
    return redirect(f"{url_for('papers.together', id=ids)}#print", 303)


def together() -> ResponseReturnValue:
    """Issued papers one after the other, each on a sheet of its own, as they were printed."""
    ids = [number for text in request.args.getlist("id")[:MOST_AT_ONCE] if (number := parse_id(text))]
    query = scoped(select(IssuedPaper).where(IssuedPaper.id.in_(ids)), IssuedPaper, actor())
    found = {row.id: row for row in db.session.scalars(query.options(undefer(IssuedPaper.body_sealed)))}
    rows = [found[id] for id in dict.fromkeys(ids) if id in found] or abort(404)
    # A page has one style sheet: those printed with another one are printed singly, or they would not look the same.
    same = [row for row in rows if row.style == rows[-1].style and not row.template_id]
    links = [(f"{row.title} {row.addressee}", url_for("papers.issued", id=row.id)) for row in rows if row not in same]
    bar = Bar(url_for("papers.many"), links).markup()
    with force_locale(CHINESE):
        return render_template(
            "papers/together.html", bar=bar,
            rows=[(row, Markup(row.body), papers_kept.printed(row)) for row in same],  # noqa: S704 - as it was printed
            style_url=papers_kept.style_url(rows[-1]),
        )  # fmt: skip


def to_issue(reader: Connection, mark: str | None) -> int:
    """How many letters of a year nobody issued yet, for the township's desk; one more than it shows.

    The same as before while the township's letters have the same ``mark``.
    """
    who, since = actor(), today() - OWED
    if who.role not in TILE_FOR:
        return 0
    kept = current_app.extensions.setdefault("doudi_letters", {})
    found, same = kept.get(who.division_code), (mark, since)
    if mark is None or found is None or found[0] != same:
        count = int(reader.scalar(_counting(who.role, who.division_code), {"since": since}) or 0)
        found = kept[who.division_code] = same, count
    return found[1]


@lru_cache(maxsize=256)
def _counting(role: Role | None, code: str) -> Any:
    """The statement of ``to_issue``, put together once for a place."""
    query = _of_events(LETTERS, Actor(None, "", role, code), bindparam("since"))
    query = query.where(~_issued("letter"), ~_aside())
    return select(func.count()).select_from(query.limit(MOST_COUNTED + 1).subquery())


def tile(count: int) -> list[dict[str, Any]]:
    """The tile of the township's desk that tells of letters to issue; none where none waits."""
    told = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)  # a desk waits for no count of thousands
    url = url_for("papers.many")
    return [{"label": gettext("Papers to issue"), "count": told, "url": url, "tone": ""}] if count else []


def _choice() -> Choice:
    place, state = request.args.get("place", ""), request.args.get("state", "todo")
    known = place in places.names() and place.startswith(actor().division_code) and len(place) in (9, 12)
    return Choice(place if known else "", KINDS.get(request.args.get("kind", "")), state if state in STATES else "todo")


def _query(want: Choice) -> Select[int]:
    """Events of a year that state a letter, or a paper of one kind: owed, or set aside, or issued lately."""
    query = _of_events(want.kind.actions if want.kind else LETTERS, actor(), today() - OWED)
    if want.place:
        query = query.where((Event.village_code if is_village(want.place) else Event.township_code) == want.place)
    issued = _issued(*(("letter",) if want.kind is None else ("", want.kind.code)))
    if want.state == "done":
        return query.where(issued.where(IssuedPaper.on >= today() - RECENT))
    aside = _aside(want.kind.code if want.kind else "")
    return query.where(aside) if want.state == "aside" else query.where(~issued, ~aside)


def _of_events(actions: Collection[Action], actor: Actor, since: Any) -> Select[int]:
    """Steps taken here: a case that was taken over or imported states no letter that this office would owe."""
    return scoped(select(Event.id), Event, actor).where(Event.at >= since, Event.action.in_(actions))


def _issued(family: str, kind: str = "") -> Any:
    """Of an event in a query: a paper of this kind was issued on it, or any of the family."""
    same = IssuedPaper.kind == kind if kind else IssuedPaper.family == family
    return exists().where(IssuedPaper.benefit_id == Event.benefit_id, IssuedPaper.event_id == Event.id, same)


def _aside(kind: str = "") -> Any:
    """Of an event in a query: a paper of this kind, or any, was set aside."""
    return exists().where(SetAsidePaper.event_id == Event.id, *([SetAsidePaper.kind == kind] if kind else []))


def _found(query: Select[int], want: Choice, page: int) -> list[tuple[Benefit, Print]]:
    """The papers that a page of these events states, latest first."""
    ids = query.order_by(Event.at.desc(), Event.id.desc()).limit(MOST_AT_ONCE).offset((page - 1) * MOST_AT_ONCE)
    home = joinedload(Event.benefit)
    page_of = select(Event).where(Event.id.in_(db.session.scalars(ids).all()))
    page_of = page_of.options(home.joinedload(Benefit.household), home.joinedload(Benefit.member))
    events = db.session.scalars(page_of.order_by(Event.at.desc(), Event.id.desc())).all()
    kinds = (want.kind,) if want.kind else tuple(kind for kind in KINDS.values() if kind.served)
    return [(e.benefit, Print(kind, e, 1, False)) for e in events for kind in kinds if kind.states(e)]


def _row(
    benefit: Benefit, paper: Print, kept: IssuedPaper | None, aside: SetAsidePaper | None
) -> dict[str, Any]:  # fmt: skip
    faults = [] if kept else issuing.faults_of(actor(), _sheet(benefit, paper))
    here = within(actor(), benefit.village_code)  # else it moved away since: what is known here is what was known then
    return {
        "key": paper.key, "paper": paper, "benefit": benefit, "kept": kept, "aside": aside, "here": here,
        "name": addressee(benefit) if here else _known_as(benefit),
        "place": places.where(benefit.village_code if here else paper.event.village_code),
        "state": "done" if kept else "aside" if aside else "todo",
        "why": " ".join(str(sentence(one)) for one in faults),
        "number": str(issuing.number_of(kept) or "") if kept else "",
    }  # fmt: skip


def _known_as(benefit: Benefit) -> str:
    """To whom a letter of a case goes that lies elsewhere by now, by the name that was known here."""
    if benefit.unit is Unit.SINGLE and benefit.member:
        return benefit.member.name
    return household_moves.head_as_left(db.session, benefit.household, actor().division_code)


def _sheet(benefit: Benefit, paper: Print) -> Sheet:
    """Enough of a sheet to tell whether the reader may issue it, without reading the whole file."""
    return Sheet(
        paper.key, paper.kind.code, paper.kind.family, name_of(paper, benefit.scheme),
        _office_of(benefit, paper), benefit.township_code, benefit.village_code, paper.kind.numbered,
    )  # fmt: skip


def _office_of(benefit: Benefit, paper: Print) -> str:
    return office_code(benefit, decider_of(benefit, paper)) if paper.kind.numbered else benefit.township_code


def _office(file: Any, paper: Print) -> tuple[str, int]:
    """Papers of one office follow one another, so that two people issuing at once wait instead of meeting head on."""
    return _office_of(file.benefit, paper), paper.event.id


def in_order(keys: Collection[str]) -> list[tuple[CaseFile, Print]]:
    """The files and papers that these keys name, those of one office after one another; 404 as for one."""
    return sorted((named(key) for key in keys), key=lambda pair: _office(*pair))


def named(key: str) -> tuple[CaseFile, Print]:
    """The file and the paper that a ticked box names; answers 404 for what is not there or lies elsewhere."""
    code, _, number = key.partition(":")
    kind, event_id = KINDS.get(code), parse_id(number)
    if kind is None or event_id is None:
        abort(404)
    query = scoped(select(Event.benefit_id).where(Event.id == event_id), Event, actor())
    benefit_id = db.session.scalar(query) or abort(404)
    file = open_file(db.session, actor(), str(benefit_id), figures(), today())
    return file, choose(file.events, kind, event_id) or abort(404)


def _places() -> list[tuple[str, str]]:
    mine = actor().division_code
    return [(c, places.where(c)) for c in places.names() if len(c) in (9, 12) and c.startswith(mine)]


def again(message: Any) -> ResponseReturnValue:
    """Nothing was done, and why; back to the list."""
    with afresh():
        return render_template("panel/refused.html", message=message, back=url_for("papers.many")), 422
