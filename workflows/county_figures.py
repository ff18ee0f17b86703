"""The county's own figures: entered from its documents, ended by a later one, withdrawn, compared with the document.

A calculation that was made keeps the figures it used, so nothing here changes what was decided before.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import CountyFigure, Division, FigureCheck
from policy.figure_keys import KNOWN_KEYS, Status
from policy.figures import BadFigure, Figure, Figures, prefixes, read_figure
from policy.vocabulary import Role
from workflows import audit
from workflows.actor import Actor, within
from workflows.office import need
from workflows.reason import Reason, Refused, unchanged

KEEPERS = (Role.SUPERVISOR,)
FRESH_DAYS = 365
"""A figure not compared with its document for longer is stale."""
LIMITS = {"document": 120, "clause": 80, "note": 400, "value": 400}
_DAY = timedelta(days=1)

Mark = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a supervisor enters: the value as people write it, from which day, by which document and clause."""

    key: str
    place: str
    value: str
    valid_from: date | None
    document: str
    clause: str
    valid_to: date | None = None
    status: str = Status.OFFICIAL.value
    note: str = ""


def mark(session: Session) -> Mark:
    """A sign that differs whenever an own figure was added, ended or withdrawn; one small statement."""
    row = CountyFigure
    asked = select(func.count(row.id), func.sum(row.row_version), func.max(row.id), func.max(row.added_at))
    return tuple(session.execute(asked).one())


def read(session: Session) -> Figures:
    """The shipped figures and the county's own rows in force; raises BadFigure for a row this program cannot read."""
    rows = [as_row(row) for row in session.scalars(_standing())]
    return Figures.shipped().with_rows(rows) if rows else Figures.shipped()


def as_row(row: CountyFigure) -> dict[str, object]:
    """An own figure as a row that ``policy.figures`` reads."""
    unit = row.measure.written
    return {
        "key": row.key, "place": row.place_code, "unit": unit, "value": row.value, "from": row.valid_from,
        "to": row.valid_to, "cite": row.cite, "status": row.status.value, "note": row.note,
    }  # fmt: skip


def proposed(session: Session, actor: Actor, entry: Entry) -> tuple[Figure, Figures]:
    """The figure an entry would be, and the figures with it; refused with every reason, nothing is written."""
    need(actor, *KEEPERS)
    figure, faults = _figure(session, actor, entry)
    if figure is None or faults:
        raise Refused(faults)
    return figure, _with(session, figure)


def add(session: Session, actor: Actor, entry: Entry, now: datetime) -> CountyFigure:
    """Enter a figure; the own one it follows ends the day before. Refused with every reason; the caller commits."""
    figure, _ = proposed(session, actor, entry)
    audit.attribute(session, actor, now, entry.note.strip())
    before = _followed(session, figure)
    if before is not None:
        before.valid_to = figure.valid_from - _DAY
        session.flush()
    row = CountyFigure(
        key=figure.key, place_code=figure.place, measure=figure.unit, value=figure.text, valid_from=figure.valid_from,
        valid_to=figure.valid_to, document=entry.document.strip(), clause=entry.clause.strip(), status=figure.status,
        note=figure.note, ends_id=before.id if before else None, added_by_id=actor.id, added_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def withdraw(session: Session, actor: Actor, row: CountyFigure, reason: str, version: int, now: datetime) -> None:
    """Take a wrongly entered figure out of use from now on, with a reason; the one before holds again."""
    need(actor, *KEEPERS)
    unchanged(row, version)
    faults = [] if within(actor, row.place_code) else [Reason("not_in_your_division")]
    faults += [Reason("figure_withdrawn_before")] if row.withdrawn_at else []
    faults += [] if reason.strip() else [Reason("reason_missing")]
    if faults:
        raise Refused(faults)
    audit.attribute(session, actor, now, reason.strip())
    row.withdrawn_at, row.withdrawn_why = now, reason.strip()[:200]
    before = _ended_by(session, row)
    if before is not None:
        after = _next(session, before, row)
        before.valid_to = after.valid_from - _DAY if after else None
        if after is not None:
            after.ends_id = before.id
    session.flush()


def confirm(session: Session, actor: Actor, figure: Figure, now: datetime) -> FigureCheck:
    """Record that a figure in force was compared with its document today and still holds; the caller commits."""
    need(actor, *KEEPERS)
    if figure.status is Status.PLACEHOLDER:
        raise Refused([Reason("figure_is_placeholder")])
    audit.attribute(session, actor, now)
    row = FigureCheck(
        key=figure.key, place_code=figure.place, valid_from=figure.valid_from, checked_on=now.date(), user_id=actor.id
    )
    session.add(row)
    session.flush()
    return row


def checks(session: Session) -> dict[tuple[str, str, date], date]:
    """When each figure was last compared: by key, place and first day. An own figure counts from its entry."""
    c, f = FigureCheck, CountyFigure
    entered = select(f.key, f.place_code, f.valid_from, f.added_at).where(f.withdrawn_at.is_(None))
    compared = select(c.key, c.place_code, c.valid_from, func.max(c.checked_on))
    found = {(key, place, first): at.date() for key, place, first, at in session.execute(entered)}
    for key, place, first, on in session.execute(compared.group_by(c.key, c.place_code, c.valid_from)):
        found[key, place, first] = max(on, found.get((key, place, first), on))
    return found


def history(session: Session, key: str, place: str) -> list[CountyFigure]:
    """Own rows of a key, withdrawn ones too, of a place, of those it lies in and of those in it; newest first."""
    code = CountyFigure.place_code
    near = code.startswith(place) | code.in_([above for above in prefixes(place) if above])
    asked = select(CountyFigure).where(CountyFigure.key == key, near)
    return list(session.scalars(asked.order_by(CountyFigure.valid_from.desc(), CountyFigure.id.desc())))


def _standing() -> Select[Any]:
    return select(CountyFigure).where(CountyFigure.withdrawn_at.is_(None)).order_by(CountyFigure.id)


def _figure(session: Session, actor: Actor, entry: Entry) -> tuple[Figure | None, list[Reason]]:
    faults = _faults(session, actor, entry)
    known = KNOWN_KEYS.get(entry.key)
    unit = "" if known is None else known.unit.written
    cite = f"{entry.document.strip()} {entry.clause.strip()}".strip()
    row = {
        "key": entry.key, "place": entry.place, "unit": unit, "value": entry.value.strip(), "from": entry.valid_from,
        "to": entry.valid_to, "cite": cite, "status": entry.status, "note": entry.note,
    }  # fmt: skip
    try:
        return read_figure(row), faults
    except BadFigure as error:
        wrong = Reason(f"figure_{error.code}", **error.args_by_name)
        return None, [*faults, *([] if error.code == "cite" and faults else [wrong])]


def _faults(session: Session, actor: Actor, entry: Entry) -> list[Reason]:
    faults = []
    if not entry.place or session.get(Division, entry.place) is None:
        faults.append(Reason("figure_division", place=entry.place))
    elif not within(actor, entry.place):
        faults.append(Reason("not_in_your_division"))
    faults += [] if entry.document.strip() else [Reason("figure_document_missing")]
    faults += [] if entry.clause.strip() else [Reason("figure_clause_missing")]
    faults += [
        Reason("figure_too_long", field=name, most=most)
        for name, most in LIMITS.items() if len(getattr(entry, name).strip()) > most
    ]  # fmt: skip
    return faults


def _with(session: Session, figure: Figure) -> Figures:
    """The figures as they would be; refused where the dates of own rows would overlap."""
    followed = _followed(session, figure)
    rows = []
    for row in session.scalars(_standing()):
        told = as_row(row)
        if row is followed:
            told["to"] = figure.valid_from - _DAY
        rows.append(told)
    try:
        return Figures.shipped().with_rows([*rows, _told(figure)])
    except BadFigure as error:
        raise Refused([Reason(f"figure_{error.code}", **error.args_by_name)]) from error


def _told(figure: Figure) -> dict[str, object]:
    unit = figure.unit.written
    return {
        "key": figure.key, "place": figure.place, "unit": unit, "value": figure.text, "from": figure.valid_from,
        "to": figure.valid_to, "cite": figure.cite, "status": figure.status.value, "note": figure.note,
    }  # fmt: skip


def _same(key: str, place: str) -> Select[Any]:
    return _standing().where(CountyFigure.key == key, CountyFigure.place_code == place)


def _followed(session: Session, figure: Figure) -> CountyFigure | None:
    """The own row still open, begun before, that the new one ends."""
    asked = _same(figure.key, figure.place).where(CountyFigure.valid_from < figure.valid_from)
    last: CountyFigure | None = session.scalars(asked.order_by(None).order_by(CountyFigure.valid_from.desc())).first()
    return last if last is not None and last.valid_to is None else None


def _next(session: Session, before: CountyFigure, without: CountyFigure) -> CountyFigure | None:
    """The own row that begins next after one, as if another were not there."""
    later = _same(before.key, before.place_code).where(
        CountyFigure.valid_from > before.valid_from, CountyFigure.id != without.id
    )
    return session.scalars(later.order_by(None).order_by(CountyFigure.valid_from).limit(1)).first()


def _ended_by(session: Session, row: CountyFigure) -> CountyFigure | None:
    """The own row that this one ended when it was entered, if it still stands as it was ended."""
    before = session.get(CountyFigure, row.ends_id) if row.ends_id else None
    ended = before is not None and not before.withdrawn_at and before.valid_to == row.valid_from - _DAY
    return before if ended else None
