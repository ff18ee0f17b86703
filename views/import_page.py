"""What the page of an import shows: how its rows stand, fifty at a time, and why rows were refused, by cause."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, or_, select, true

from models import ImportBatch, ImportRow
from policy.vocabulary import Role
from views import import_doubles, import_stale, import_words, places
from views.context import instance
from views.db import db
from views.formats import yuan
from views.import_lines import Line, line_of, named, where_of
from views.progress import Progress, progress_with
from workflows.exchange import choosing, doubles, kept, kept_file, rechecks, staged, working
from workflows.exchange.layouts import LAYOUTS

SIZE = 50
TABS: dict[str, Any] = {
    "new": _l("New"), "changed": _l("Rows that change"), "unchanged": _l("Unchanged"), "refused": _l("Refused"),
    "stale": _l("Changed meanwhile"), "warned": _l("Look at"), "double": _l("Possible duplicates"),
    "missing": _l("Missing in the file"), "candidate": _l("Candidates"), "skipped": _l("Skipped"),
}  # fmt: skip
USUAL = ("new", "changed", "unchanged", "refused")
TO_SEE = ("stale", *(name for name in TABS if name not in ("stale", "unchanged", "skipped")), "unchanged", "skipped")
"""Tabs in the order in which somebody has to see them: what was left first, what needs nobody last."""
LAYOUT_NAMES: dict[str, Any] = {"": "—"} | {layout.code: _l(layout.label_en) for layout in LAYOUTS}
STATES: dict[str, Any] = {
    "received": _l("To be recognised"), "checking": _l("Being checked"), "staged": _l("Preview"),
    "applying": _l("Being imported"), "applied": _l("Imported"), "undoing": _l("Being undone"), "undone": _l("Undone"),
    "dropped": _l("Laid aside"), "left": _l("Undone in part"),
}  # fmt: skip
STEPS: dict[str, Any] = {
    "hand_in": _l("Hand in"), "recognise": _l("Recognise"), "preview": _l("Check and preview"),
    "import": _l("Import"), "done": _l("Import done"),
}  # fmt: skip


@dataclass
class Group:
    """Rows with the same thing wrong; ``count`` is how many there are on all pages."""

    title: Any = ""
    remedy: Any = ""
    count: int = 0
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """One tab's page."""

    tab: str
    page: int
    last: int
    count: int
    groups: Sequence[Group]
    kind: str = ""


def counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows stand how; a row with something to look at also stands in its own tab."""
    rows = select(ImportRow.outcome, func.count()).where(ImportRow.batch_id == batch.id).group_by(ImportRow.outcome)
    found = {outcome: int(n) for outcome, n in db.session.execute(rows)}
    more = {
        "warned": batch.counts.get("warned", 0) if batch.state != "dropped" else 0,
        "double": _count(and_(ImportRow.batch_id == batch.id, of_tab("double"))),
    }
    return {name: found.get(name, 0) for name in TABS} | more


def to_take(batch: ImportBatch) -> int:
    """How many rows would be written as they are chosen now."""
    taken, numbers = _count(_taken(batch)), batch.counts
    if taken < numbers.get("new", 0) + numbers.get("changed", 0):  # who would join a skipped head is skipped too
        taken -= _count(staged.without_heads(_taken(batch) & (ImportRow.outcome == "new")))
    return taken - choosing.idle(db.session, batch)


def doubles_to_take(batch: ImportBatch) -> int:
    """How many of them may be somebody who stands here, or in another row."""
    return _count(_taken(batch) & of_tab("double"))


def _taken(batch: ImportBatch) -> ColumnElement[bool]:
    good = ImportRow.outcome.in_(("new", "changed"))
    return and_(ImportRow.batch_id == batch.id, good, ImportRow.choice != choosing.SKIP)


def _count(where: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(ImportRow.id)).where(where)) or 0


def to_recheck(batch: ImportBatch) -> int:
    """How many families' cases would fall due for a recheck with the import as it is chosen now."""
    if batch.state != "staged" or not batch.counts.get("warned"):
        return 0
    return len(set(staged.called(db.session, batch.id, sorted(rechecks.CALLS), choosing.SKIP)))


def keeps(batch: ImportBatch) -> bool:
    """Whether a list of which no row is written is of use: lines to be worked through, or cases that fall due."""
    numbers = counts(batch)
    return bool(numbers["candidate"] or numbers["missing"] or to_recheck(batch))


def tabs(batch: ImportBatch, numbers: Mapping[str, int], current: str) -> list[dict[str, Any]]:
    """The counted tabs; the four of a preview are always there."""
    return [
        {"label": text, "count": f"{numbers[name]:,}", "current": name == current,
         "tone": "due" if _bad(name, numbers) else "", "url": url_for("importing.page", id=batch.id, tab=name)}
        for name, text in TABS.items() if numbers[name] or name in USUAL
    ]  # fmt: skip


def _bad(name: str, numbers: Mapping[str, int]) -> bool:
    return name in ("refused", "stale", "double", "missing", "candidate") and bool(numbers[name])


def chosen(asked: str, numbers: Mapping[str, int]) -> str:
    """The tab that was asked for, else the one that somebody has to see first."""
    if asked in TABS and (numbers[asked] or asked in USUAL):
        return asked
    return next((name for name in TO_SEE if numbers[name]), "new")


def shown(batch: ImportBatch, tab: str, page: int, kind: str = "") -> Shown:
    """A page of a tab, narrowed to one kind of row when it is given."""
    if tab in ("refused", "warned"):
        return _by_cause(batch, tab, page)
    where = [ImportRow.batch_id == batch.id, of_tab(tab), of_kind(kind)]
    count = db.session.scalar(select(func.count(ImportRow.id)).where(*where)) or 0
    last = max(1, -(-count // SIZE))
    page = min(page, last)
    query = select(ImportRow).where(*where).order_by(*_order(tab))
    rows = db.session.scalars(query.limit(SIZE).offset((page - 1) * SIZE)).all()
    lines = [line_of(row, batch, tab) for row in rows]
    if tab == "double":
        import_doubles.fill(lines, rows)
    elif tab == "stale":
        import_stale.fill(lines, rows)
    return Shown(tab, page, last, count, [Group(lines=lines)], kind)


def of_tab(tab: str) -> ColumnElement[bool]:
    """The rows of a list."""
    if tab == "double":
        return or_(*(ImportRow.marks.contains(f" {code} ") for code in doubles.CODES))
    return ImportRow.outcome == tab


def of_kind(kind: str) -> ColumnElement[bool]:
    """The rows that are about one thing: a field that changes, or what is to be looked at."""
    return ImportRow.marks.contains(f" {kind} ", autoescape=True) if kind else true()


def _order(tab: str) -> tuple[Any, ...]:
    """Possible doubles stand together by name, everything else as in the file."""
    return (ImportRow.label, ImportRow.row_no) if tab == "double" else (func.abs(ImportRow.row_no),)


def kinds(batch: ImportBatch, tab: str) -> list[tuple[str, str]]:
    """What the rows of a list may be narrowed to."""
    if tab not in ("new", "changed", "double"):
        return []
    found: Counter[str] = Counter()
    for (marks,) in db.session.execute(select(ImportRow.marks).where(ImportRow.batch_id == batch.id, of_tab(tab))):
        found.update(marks.split())
    return [(mark, f"{_mark(mark)} ({n:,})") for mark, n in found.most_common() if tab == "changed" or n]


def _mark(mark: str) -> str:
    cause = import_words.CAUSES.get(mark)
    return str(cause.what) if cause else named(mark)


def _by_cause(batch: ImportBatch, tab: str, page: int) -> Shown:
    """What is wrong, the commonest cause first, each with its rows."""
    of_row = (ImportRow.table_name, ImportRow.row_id, ImportRow.outcome, ImportRow.undone_at)
    columns = (ImportRow.row_no, ImportRow.label, ImportRow.village_code, ImportRow.problems, *of_row)
    query = select(*columns).where(ImportRow.batch_id == batch.id)
    if tab == "refused":
        query = query.where(ImportRow.outcome == "refused")
    told = [
        (problem, row)
        for row in db.session.execute(query.order_by(ImportRow.row_no))
        for problem in row.problems if problem["warning"] == (tab == "warned")
    ]  # fmt: skip
    often = Counter(problem["code"] for problem, _ in told)
    told.sort(key=lambda one: (-often[one[0]["code"]], one[0]["code"]))
    last = max(1, -(-len(told) // SIZE))
    page = min(page, last)
    groups: dict[str, Group] = {}
    for problem, row in told[(page - 1) * SIZE : page * SIZE]:
        code = problem["code"]
        cause = import_words.CAUSES[code]
        group = groups.setdefault(code, Group(cause.what, cause.remedy, often[code]))
        where = places.where(row.village_code) if row.village_code else ""
        said = import_words.detail(problem), problem["value"], problem["column"]
        group.lines.append(Line(row.row_no, row.label, where, *said, url=where_of(row)))
    return Shown(tab, page, last, len(told), list(groups.values()))


def progress(batch: ImportBatch) -> Progress | None:
    """The work that runs on an import; nothing when none does."""
    if batch.state not in working.AT_WORK:
        return None
    beside = instance().imports, batch.stored
    return progress_with(batch.job_id, kept_file.progress(*beside), kept_file.heard(*beside))


def may_create_villages(role: Role | None, batch: ImportBatch) -> bool:
    """Whether the villages that a preview does not know may be made by this person."""
    return bool(batch.counts.get("unknown_villages")) and role in kept.MAY_CREATE_VILLAGES and batch.state == "staged"


def facts(batch: ImportBatch, who: str) -> list[tuple[str, Any]]:
    """What the batch is, in a few words."""
    found = batch.counts
    new = found.get("people", 0)
    came = found["applied"].get("new", 0) if "applied" in found else new
    lines = [
        (gettext("File"), batch.file_name),
        (gettext("Roster"), LAYOUT_NAMES[batch.layout]),
        (gettext("Rows"), f"{batch.rows:,}"),
        (gettext("Handed in"), f"{batch.created_at:%Y-%m-%d %H:%M} {who}"),
    ]
    if came == new:  # else they say what the file would have brought
        lines += [
            (gettext("New families"), f"{found.get('families', 0):,}"),
            (gettext("New people"), f"{new:,}"),
            (gettext("Cases taken over"), f"{found.get('cases', 0):,}"),
            (gettext("Their monthly total"), gettext("%(amount)s yuan", amount=yuan(found.get("monthly_fen", 0)))),
        ]
    if left := found.get("left_out"):
        lines.append((gettext("Totals and notes left out"), f"{left:,}"))
    if batch.applied_at:
        lines.append((gettext("Imported on"), f"{batch.applied_at:%Y-%m-%d %H:%M}"))
        if called := found.get("called"):
            lines.append((gettext("Cases due for a recheck by it"), f"{len(called):,}"))
    if batch.undone_at:
        lines.append((gettext("Undone on"), f"{batch.undone_at:%Y-%m-%d %H:%M}"))
    return lines
