"""What the pages of a recalculation show: sums, chart, townships, and the changed families with their lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select

from models import Benefit, Event, Finding, Household, Recalculation, RecalculationRow
from views import charts, places
from views.context import actor
from views.db import db
from views.formats import label, yuan
from views.progress import Progress, progress_with
from workflows.actor import scoped
from workflows.assessing import families
from workflows.reckoning_slice import Assessor
from workflows.tallies import Plan

Sums = Mapping[str, int]
SIZE = 20
LAST_PAGE = 100_000
STATES: dict[str, Any] = {
    "counting": _l("Being calculated"), "staged": _l("Preview"), "applying": _l("Being carried out"),
    "applied": _l("Carried out"), "undoing": _l("Being undone"), "undone": _l("Undone"), "dropped": _l("Laid aside"),
}  # fmt: skip
TONES = {"staged": "now", "applied": "ok", "undone": "", "dropped": ""}
OUTCOMES: dict[str, Any] = {
    "up": _l("Higher"), "down": _l("Lower"), "same": _l("Unchanged"), "over": _l("Newly over the line"),
    "back": _l("Not over the line any more"), "in": _l("Would be let in"), "grace": _l("In grace period"),
    "special": _l("Decision on the single case"), "incomplete": _l("Facts are missing"),
}  # fmt: skip
ROW_STATES: dict[str, Any] = {
    "staged": _l("not carried out"), "applied": _l("carried out"), "stale": _l("changed meanwhile, left as it is"),
    "refused": _l("not lawful now, left as it is"), "undone": _l("undone"), "touched": _l("changed since, not undone"),
}  # fmt: skip
LEFT = ("stale", "refused", "touched")
TABS = ("up", "down", "over", "back", "in", "special", "incomplete", "grace")
REMARKS: dict[str, Any] = {
    "over": _l(
        "Nobody is cut by a sum: with the adjustment these families keep their amount and fall due for a recheck today."
    ),
    "incomplete": _l(
        "They came from a roster without income, or facts are missing. Their amount stays; fill in the family's facts."
    ),
    "grace": _l("During a grace period the amount stays as it was."),
    "special": _l("Their amount rests on a decision on the single case and stays."),
}


class Line(NamedTuple):
    """A family of the list with what led to its amount; ``result`` as a finding's JSON, or nothing."""

    row: Any
    head: str
    case_no: str
    household_id: int
    where: str
    result: Mapping[str, Any] | None
    names: Mapping[str, Any]
    state: str


@dataclass(frozen=True)
class Shown:
    """One page of one tab."""

    tab: str
    town: str
    scenario: int
    page: int
    last: int
    count: int
    lines: Sequence[Line]


def plan_of(batch: Recalculation, scenario: int = 0) -> Mapping[str, Any]:
    """The sums of a scenario, empty while they are not counted."""
    plans: list[Mapping[str, Any]] = batch.counts.get("plans") or []
    return plans[scenario] if scenario < len(plans) else {"total": {}, "townships": {}, "classes": {}}


def signed(fen: int) -> str:
    """A difference in 元 with its sign."""
    return f"+{yuan(fen)}" if fen > 0 else f"−{yuan(-fen)}" if fen < 0 else yuan(0)


def tiles(batch: Recalculation) -> list[dict[str, Any]]:
    """How many families in all, and of each outcome, each with its list."""
    total: Sums = plan_of(batch)["total"]
    shown = [("families", gettext("Families"), "")]
    shown += [(name, str(OUTCOMES[name]), name) for name in ("up", "down", "same", "over", "incomplete")]
    return [
        {"label": label, "count": f"{total.get(name, 0):,}", "url": _url(batch, name) if name in TABS else "#townships",
         "note": gettext("%(people)s people", people=f"{total.get('people', 0):,}") if name == "families" else "",
         "tone": "due" if name in ("over", "incomplete") and total.get(name) else ""}
        for name, label, _ in shown
    ]  # fmt: skip


def money(batch: Recalculation) -> list[tuple[str, str]]:
    """What is paid a month before and after."""
    total: Sums = plan_of(batch)["total"]
    before, after, over = (total.get(name, 0) for name in ("before_fen", "after_fen", "over_fen"))
    return [
        (gettext("Paid a month now"), _yuan(before)),
        (gettext("Paid a month afterwards"), _yuan(after)),
        (gettext("Difference a month"), gettext("%(amount)s yuan", amount=signed(after - before))),
        (gettext("Of it, paid to families over the line"), _yuan(over)),
        (gettext("Holds from"), f"{batch.on:%Y-%m}"),
        (gettext("Scheme"), label(batch.scheme)),
        (gettext("Place"), places.name(batch.division_code)),
    ]


def _yuan(fen: int) -> str:
    return gettext("%(amount)s yuan", amount=yuan(fen))


def townships(batch: Recalculation) -> list[tuple[str, str, Sums]]:
    """(code, name, sums) of each township."""
    return [(code, places.name(code), tally) for code, tally in sorted(plan_of(batch)["townships"].items())]


def chart(batch: Recalculation) -> charts.Chart:
    """Paid a month before and after, township by township; a bar leads to the families that change there."""
    rows = [
        (name, _url(batch, _fullest(tally), town=code), (tally["before_fen"], tally["after_fen"]),
         (yuan(tally["before_fen"]), yuan(tally["after_fen"])))
        for code, name, tally in townships(batch)
    ]  # fmt: skip
    return charts.bars(rows, (gettext("now"), gettext("afterwards")))


def _fullest(tally: Sums) -> str:
    return max(TABS, key=lambda name: tally.get(name, 0))


def _url(batch: Recalculation, tab: str, **more: Any) -> str:
    return url_for("recalculation.page", id=batch.id, tab=tab, **more, _anchor="families")


def tabs(batch: Recalculation, shown: Shown) -> list[dict[str, Any]]:
    """The counted lists of a batch."""
    total: Sums = plan_of(batch)["total"]
    left = sum(batch.counts.get("states", {}).get(state, 0) for state in LEFT)
    found = [(name, OUTCOMES[name], total.get(name, 0)) for name in TABS]
    found += [("left", _l("Left as they are"), left)]
    return [
        {"label": str(label), "count": f"{n:,}", "current": name == shown.tab, "url": _url(batch, name),
         "tone": "due" if name in ("over", "incomplete", "left") else ""}
        for name, label, n in found if n or name == shown.tab
    ]  # fmt: skip


def shown(batch: Recalculation, tab: str, town: str, page: int, scenario: int = 0, size: int = SIZE) -> Shown:
    """A page of the families of a tab, in one township when it is given, each with its lines."""
    known = set(plan_of(batch, scenario)["townships"])
    town = town if town in known else ""
    if tab not in (*TABS, "left"):
        tab = _fullest(plan_of(batch, scenario)["total"])
    where = [RecalculationRow.recalculation_id == batch.id, RecalculationRow.scenario == scenario, _of(tab)]
    where += [RecalculationRow.township_code == town] if town else []
    count = db.session.scalar(scoped(select(func.count(RecalculationRow.id)).where(*where), RecalculationRow, actor()))
    last = max(1, -(-(count or 0) // size))
    page = min(max(page, 1), last, LAST_PAGE)
    query = scoped(select(RecalculationRow).where(*where), RecalculationRow, actor()).order_by(RecalculationRow.id)
    rows = db.session.scalars(query.limit(size).offset((page - 1) * size)).all()
    return Shown(tab, town, scenario, page, last, count or 0, _lines(batch, rows))


def _of(tab: str) -> ColumnElement[bool]:
    return RecalculationRow.state.in_(LEFT) if tab == "left" else RecalculationRow.outcome == tab


def _lines(batch: Recalculation, rows: Sequence[RecalculationRow]) -> list[Line]:
    query = select(Benefit.id, Benefit.case_no, Benefit.household_id, Household.head_name).join(Household)
    found = {row.id: row for row in db.session.execute(query.where(Benefit.id.in_([r.benefit_id for r in rows])))}
    told = _stored(rows) | _fresh(batch, [row for row in rows if row.event_id is None])
    lines = []
    for row in rows:
        case, (result, names) = found[row.benefit_id], told.get(row.id, (None, {}))
        state = "" if batch.state in ("staged", "applying") and row.state == "staged" else str(ROW_STATES[row.state])
        lines.append(Line(row, case.head_name, case.case_no, case.household_id, places.where(row.village_code), result,
                          names, state))  # fmt: skip
    return lines


def _stored(rows: Sequence[RecalculationRow]) -> dict[int, tuple[Any, Any]]:
    """Findings that were stored when the batch was carried out."""
    events = {row.event_id: row.id for row in rows if row.event_id is not None}
    query = select(Event.id, Finding.result, Finding.names).join(Finding, Finding.id == Event.finding_id)
    found = db.session.execute(query.where(Event.id.in_(events))) if events else ()
    return {events[event]: (result, names or {}) for event, result, names in found}


def _fresh(batch: Recalculation, rows: Sequence[RecalculationRow]) -> dict[int, tuple[Any, Any]]:
    """The lines of what is not carried out, calculated as the preview did."""
    from views.context import figures

    if not rows or batch.state not in ("staged", "applying", "applied"):
        return {}
    trial = batch.scenarios[rows[0].scenario]["figures"] if batch.scenarios else {}
    assessor = Assessor(batch.on, [Plan(figures(), trial)], None)
    of = {row.benefit_id: row.id for row in rows}
    return {
        of[case.id]: (assessor.assess(family, 0).as_json(), case.names)
        for case, family in families(db.session, list(of), batch.on)
    }


def progress(batch: Recalculation) -> Progress | None:
    """The work that runs on a batch; nothing when none does."""
    return progress_with(batch.job_id) if batch.state in ("counting", "applying", "undoing") else None
