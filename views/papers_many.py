"""Many papers at once: what is still to be handed over, ticked, issued together and printed as one page."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup
from sqlalchemy import Connection, Subquery, bindparam, exists, func, select, union_all
from sqlalchemy.orm import joinedload, undefer

from models import Benefit, Event, IssuedPaper, SetAsidePaper
from policy.division_codes import is_township, is_village, township_of
from policy.vocabulary import Action, Role, Unit
from views import papers_kept, places
from views.context import actor, now, today
from views.db import afresh, db
from views.i18n import CHINESE
from views.panel.scoped import parse_id
from views.papers_bar import Bar
from views.papers_kinds import KINDS, OF_ACTION, OF_WHOLE_CASE, Kind, Print, available_papers
from views.papers_made import render_of, sheet_of
from views.papers_named import bare_sheet, in_order
from views.papers_text import addressee
from views.reasons import sentence
from workflows import household_moves, issuing, keys, setting_aside
from workflows.actor import Actor, scoped, within
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
    total = int(db.session.scalar(select(func.count()).select_from(query)) or 0)
    last = max(1, -(-total // MOST_AT_ONCE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    found = _found(query, want, page)
    names = [paper.key for _, paper in found]
    # What another office issued or set aside since, with the case, is no concern of this one.
    kept = issuing.latest_of(db.session, names, actor() if want.state == "done" else None)
    aside = setting_aside.among(db.session, names)
    rows = [_row(benefit, paper, kept.get(paper.key), aside.get(paper.key)) for benefit, paper in found]
    rows = [row for row in rows if row["state"] == want.state]
    return render_template(
        "papers/many.html", rows=rows, want=want, places=_places(), most=MOST_AT_ONCE,
        days=want.back.days, key=keys.new_key(),
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
    where = Actor(None, "", role, code)
    query = _of_events(LETTERS, where, bindparam("since"), ~_issued("letter"), ~_aside(), _lies(where))
    return select(func.count()).select_from(select(query.c.id).limit(MOST_COUNTED + 1).subquery())


def tile(count: int) -> list[dict[str, Any]]:
    """The tile of the township's desk that tells of letters to issue; none where none waits."""
    told = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)  # a desk waits for no count of thousands
    url = url_for("papers.many")
    return [{"label": gettext("Papers to issue"), "count": told, "url": url, "tone": ""}] if count else []


def _choice() -> Choice:
    place, state = request.args.get("place", ""), request.args.get("state", "todo")
    known = place in places.names() and place.startswith(actor().division_code) and len(place) in (9, 12)
    return Choice(place if known else "", KINDS.get(request.args.get("kind", "")), state if state in STATES else "todo")


def _query(want: Choice) -> Subquery:
    """Events of a year that state a letter, or a paper of one kind: owed, or set aside, or issued lately.

    Who has the case now has the paper to issue; what was issued stays with the office that did.
    """
    actions, since = want.kind.actions if want.kind else LETTERS, today() - OWED
    who = replace(actor(), division_code=want.place or actor().division_code)
    family, kind = ("", want.kind.code) if want.kind else ("letter", "")
    if want.state == "done":
        lately = scoped(_papers(family, kind), IssuedPaper, who).where(IssuedPaper.on >= today() - RECENT)
        return _of_events(actions, who, since, lately.exists())
    aside = _aside(kind)
    which = (aside,) if want.state == "aside" else (~_issued(family, kind), ~aside)
    return _of_events(actions, who, since, *which, _lies(who))


def _of_events(actions: Collection[Action], who: Actor, since: Any, *which: Any) -> Subquery:
    """Id and moment of steps taken in a township, and of those of cases that came from another one.

    A case that was taken over or imported states no letter that this office would owe.
    """
    steps = select(Event.id, Event.at).where(Event.at >= since, Event.action.in_(actions))
    if not (is_township(who.division_code) or is_village(who.division_code)):
        return steps.where(*which).subquery()
    town = township_of(who.division_code)
    came = Event.benefit_id.in_(select(Benefit.id).where(Benefit.township_code == town, Benefit.came_from.is_not(None)))
    here, elsewhere = steps.where(Event.township_code == town, *which), steps.where(Event.township_code != town, *which)
    return union_all(here, elsewhere.where(came)).subquery()


def _lies(who: Actor) -> Any:
    """Of an event in a query: its case lies under this reader now."""
    return scoped(select(Benefit.id).where(Benefit.id == Event.benefit_id), Benefit, who).exists()


def _issued(family: str, kind: str = "") -> Any:
    """Of an event in a query: a paper of this kind was issued on it, or any of the family."""
    return _papers(family, kind).exists()


def _papers(family: str, kind: str) -> Any:
    same = IssuedPaper.kind == kind if kind else IssuedPaper.family == family
    return select(IssuedPaper.id).where(
        IssuedPaper.benefit_id == Event.benefit_id, IssuedPaper.event_id == Event.id, same
    )


def _aside(kind: str = "") -> Any:
    """Of an event in a query: a paper of this kind, or any, was set aside."""
    return exists().where(SetAsidePaper.event_id == Event.id, *([SetAsidePaper.kind == kind] if kind else []))


def _found(query: Subquery, want: Choice, page: int) -> list[tuple[Benefit, Print]]:
    """The papers that a page of these events states, latest first."""
    ids = select(query.c.id).order_by(query.c.at.desc(), query.c.id.desc())
    ids = ids.limit(MOST_AT_ONCE).offset((page - 1) * MOST_AT_ONCE)
    home = joinedload(Event.benefit)
    page_of = select(Event).where(Event.id.in_(db.session.scalars(ids).all()))
    page_of = page_of.options(home.joinedload(Benefit.household), home.joinedload(Benefit.member))
    events = db.session.scalars(page_of.order_by(Event.at.desc(), Event.id.desc())).all()
    kinds = (want.kind,) if want.kind else tuple(kind for kind in KINDS.values() if kind.served)
    found = [(e.benefit, Print(kind, e, 1, False)) for e in events for kind in kinds if kind.states(e)]
    if want.kind is None or want.kind.code not in OF_WHOLE_CASE:
        return found
    stated = _of_cases({benefit.id for benefit, _ in found})
    return [(benefit, paper) for benefit, paper in found if paper.key in stated]


def _of_cases(ids: Collection[int]) -> set[str]:
    """The keys of every paper that these cases allow to print."""
    cases: dict[int, list[Event]] = defaultdict(list)
    for event in db.session.scalars(select(Event).where(Event.benefit_id.in_(ids)).order_by(Event.id)):
        cases[event.benefit_id].append(event)
    return {paper.key for events in cases.values() for paper in available_papers(events)}


def _row(
    benefit: Benefit, paper: Print, kept: IssuedPaper | None, aside: SetAsidePaper | None
) -> dict[str, Any]:  # fmt: skip
    faults = [] if kept else issuing.faults_of(actor(), bare_sheet(benefit, paper))
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


def _places() -> list[tuple[str, str]]:
    mine = actor().division_code
    return [(c, places.where(c)) for c in places.names() if len(c) in (9, 12) and c.startswith(mine)]


def again(message: Any) -> ResponseReturnValue:
    """Nothing was done, and why; back to the list."""
    with afresh():
        return render_template("panel/refused.html", message=message, back=url_for("papers.many")), 422
