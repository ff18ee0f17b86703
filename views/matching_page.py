"""What the pages of a match show: sums, hits in tabs, what the list says where that may be shown, rows left out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models import Lead, MatchLine, MatchRun, Member
from policy.masking import mask_account
from views import matching_words as words
from views import places
from views.context import actor
from views.db import db
from views.formats import NOTHING
from views.panel.scoped import get_or_404
from views.permissions import allowed
from workflows.actor import scoped
from workflows.audit_rows import masked
from workflows.exchange.columns import header_key
from workflows.matching import settling
from workflows.matching.kinds import KINDS
from workflows.matching.lists import CERTIFICATES

SIZE = 50


class Hit(NamedTuple):
    """A line as the page shows it: of whom, how surely, what the list says or why that is not shown."""

    line: MatchLine
    name: str
    url: str
    where: str
    case_no: str
    case_url: str
    told: Sequence[tuple[str, str]]
    authorised: bool


@dataclass(frozen=True)
class Shown:
    """One page of one tab."""

    tab: str
    page: int
    last: int
    count: int
    hits: Sequence[Hit]
    leads: Sequence[Lead]


def run_of(id: str) -> MatchRun:
    """A match that concerns the reader's division; answers 404 for every other."""
    within = settling.visible_runs(actor()).with_only_columns(MatchRun.id).order_by(None)
    run: MatchRun = get_or_404(MatchRun, id, lambda query: query.where(MatchRun.id.in_(within)))
    return run


def counts(run: MatchRun) -> dict[str, int]:
    """How many lines and leads lie under the reader, and how many rows were not looked up."""
    settled = MatchLine.outcome.is_not(None)
    query = select(settled, func.count()).where(MatchLine.match_run_id == run.id).group_by(settled)
    found = {bool(done): int(n) for done, n in db.session.execute(scoped(query, MatchLine, actor()))}
    leads = scoped(select(func.count()).where(Lead.match_run_id == run.id), Lead, actor())
    refused = run.counts.get("refused", 0) if own(run) else 0
    return {"open": found.get(False, 0), "settled": found.get(True, 0), "leads": int(db.session.scalar(leads) or 0),
            "refused": refused}  # fmt: skip


def own(run: MatchRun) -> bool:
    """Whether the run was made for exactly the reader's division: only then are its sums shown whole."""
    return actor().division_code == run.division_code


def tiles(run: MatchRun, found: Mapping[str, int]) -> list[dict[str, Any]]:
    """The sums; whole ones only for the office that made the run."""

    def here(tab: str) -> str:
        return url_for("matching.page", id=run.id, tab=tab)

    shown = [
        {"label": gettext("Hits to settle"), "count": f"{found['open']:,}", "url": here("open"),
         "tone": "due" if found["open"] else ""},
        {"label": gettext("Settled"), "count": f"{found['settled']:,}", "url": here("settled")},
    ]  # fmt: skip
    if KINDS[run.kind].suggests_need:
        shown.append({"label": gettext("Leads"), "count": f"{found['leads']:,}", "url": here("leads")})
    if own(run):
        shown.insert(0, {"label": gettext("Rows read"), "count": f"{run.rows:,}", "url": here("open")})
        shown.append({"label": gettext("Rows not looked up"), "count": f"{found['refused']:,}", "url": here("refused")})
    return shown


def tabs(run: MatchRun, found: Mapping[str, int], current: str) -> list[dict[str, Any]]:
    """The tabs that hold anything, and the hits to settle."""
    return [
        {"label": label, "count": f"{found[tab]:,}", "current": tab == current, "tone": "",
         "url": url_for("matching.page", id=run.id, tab=tab)}
        for tab, label in words.TABS.items() if found[tab] or tab == "open"
    ]  # fmt: skip


def chosen(asked: str, found: Mapping[str, int]) -> str:
    """The tab asked for, else the first that holds anything."""
    if asked in words.TABS and (found[asked] or asked == "open"):
        return asked
    return next((tab for tab in words.TABS if found[tab]), "open")


def shown(run: MatchRun, tab: str, page: int, count: int) -> Shown:
    """A page of a tab, narrowed to the reader's people."""
    last = max(1, -(-count // SIZE))
    page = min(max(page, 1), last)
    start = (page - 1) * SIZE
    if tab == "leads":
        return Shown(tab, page, last, count, (), db.session.scalars(leads_of(run).limit(SIZE).offset(start)).all())
    if tab == "refused":
        return Shown(tab, page, last, count, (), ())
    with_all = (joinedload(MatchLine.member), joinedload(MatchLine.benefit), joinedload(MatchLine.lead))
    rows = db.session.scalars(hits_of(run, tab).options(*with_all).limit(SIZE).offset(start)).all()
    return Shown(tab, page, last, count, [hit(row) for row in rows], ())


def hits_of(run: MatchRun, tab: str) -> Any:
    """The query for the hits of a run under the reader, settled or to settle, those due first."""
    done = MatchLine.outcome.is_not(None) if tab == "settled" else MatchLine.outcome.is_(None)
    return settling.lines_of(actor(), run).where(done).order_by(MatchLine.due_on, MatchLine.id)


def leads_of(run: MatchRun) -> Any:
    """The query for the leads of a run under the reader."""
    return scoped(select(Lead).where(Lead.match_run_id == run.id), Lead, actor()).order_by(Lead.id)


def hit(line: MatchLine) -> Hit:
    """A line as it may be shown to the reader."""
    may_see = settling.authorised(line)
    person = line.member or line.lead
    assert person is not None
    url = url_for("member.page", id=line.member_id) if line.member_id and allowed("member.page") else ""
    case = line.benefit
    return Hit(
        line, person.name, url, places.where(line.village_code), case.case_no if case else "",
        url_for("case.page", id=case.id) if case else "", told(line.payload) if may_see else (), may_see,
    )  # fmt: skip


def told(payload: str | None) -> list[tuple[str, str]]:
    """What a list says, header by header; numbers of people masked."""
    values: dict[str, str] = json.loads(payload) if payload else {}
    return [(header, _hidden(header, text)) for header, text in values.items()]


def in_line(found: Sequence[tuple[str, str]]) -> str:
    """What a list says, in one line."""
    return " · ".join(f"{header} {text}" for header, text in found) or NOTHING


def _hidden(header: str, text: str) -> str:
    return mask_account(text) if header_key(header) in CERTIFICATES else masked(text)


def death_url(line: MatchLine, run: MatchRun) -> str:
    """The form that records the death of a hit on a death list, filled in; empty where the reader may not record it."""
    if line.member is None or not perhaps_dead(line, run) or not allowed("household_events.event"):
        return ""
    asked: dict[str, Any] = {"member": line.member_id, "on": _day_of_death(line) or None}
    return url_for("household_events.event", id=line.member.household_id, kind="death", **asked)


def perhaps_dead(line: MatchLine, run: MatchRun) -> bool:
    """Whether somebody who still lives with the family stands on a death list, and nobody has settled it."""
    return KINDS[run.kind].death and not line.outcome and line.member is not None and line.member.present


def _day_of_death(line: MatchLine) -> str:
    from workflows.exchange import values

    told_ = json.loads(line.payload or "{}")
    text = next((text for header, text in told_.items() if "死亡" in header), "")
    try:
        day = values.day(text, line.due_on) if text else None
    except values.BadCell:
        return ""
    return day.isoformat() if day else ""


def facts(run: MatchRun, who: str) -> list[tuple[str, str]]:
    """Which list, from whom, when."""
    from views.formats import day, moment

    shown_facts = [
        (gettext("Kind of list"), words.kind_name(run.kind)), (gettext("File"), run.file_name),
        (gettext("Character set"), run.charset.upper().removesuffix("-SIG") or "—"),
        (gettext("Place"), places.name(run.division_code)),
        (gettext("Matched"), f"{moment(run.created_at)} {who}"), (gettext("To be settled by"), day(run.due_on)),
    ]  # fmt: skip
    if run.closed_at:
        shown_facts.append((gettext("Closed"), moment(run.closed_at)))
    return shown_facts


def refused_rows(run: MatchRun) -> list[tuple[int, str]]:
    """(row, why) of the rows that name nobody who could be looked up; for the office that made the run."""
    rows = run.counts.get("refused_rows", []) if own(run) else []
    return [(number, words.row_fault(code)) for number, code in rows]


MOST_OF_CASE = 20


def of_case(benefit_id: int) -> list[dict[str, Any]]:
    """The hits of a case's people that wait to be settled, those due first: of whom, on which list, and where."""
    query = select(MatchLine.id, MatchLine.due_on, MatchRun.kind, Member.name).join(MatchLine.run).join(
        MatchLine.member
    ).where(MatchLine.benefit_id == benefit_id, MatchLine.outcome.is_(None))  # fmt: skip
    found = db.session.execute(query.order_by(MatchLine.due_on, MatchLine.id).limit(MOST_OF_CASE))
    return [
        {"name": name, "kind": words.kind_name(kind), "due_on": due, "url": url_for("matching.line", id=line)}
        for line, due, kind, name in found
    ]
