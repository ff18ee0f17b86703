"""What happened since an import to the families it wrote, and who did it: the reasons why a row of it stays."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from models import AuditEntry, Benefit, Event, Household, ImportBatch, ImportRow, Member, User, Visit
from policy.vocabulary import Action, LeaveReason, Stage
from workflows.exchange.existing import chunks
from workflows.exchange.undo_rows import Left

LINES = ("asset", "household_cause", "income_line")
"""What an import writes beside a family or a person."""
BESIDE = (*LINES, "spending_line", "obligor", "attachment", "household_tag")
WRITES = ("insert", "update", "delete")


class Touch(NamedTuple):
    """Who touched a row, when and how: ``what`` is a step's action, the columns edited, a name, or an import's file."""

    who: str
    at: datetime | None
    how: str
    what: tuple[str, ...] = ()
    table: str = ""


def homes(session: Session, batch: ImportBatch, ids: Sequence[int]) -> dict[int, str]:
    """What happened to these families since: step, visit, joined, edited or details; those untouched are left out."""
    found: dict[int, str] = {}
    for part in chunks(ids):
        for why, query in _queries(batch, part):
            for (home,) in session.execute(query.distinct()):
                found.setdefault(home, why)
    return found


def _queries(batch: ImportBatch, ids: Sequence[int]) -> Iterator[tuple[str, Select[Any]]]:
    ours = Household.id.in_(ids)
    founded = ours & (Household.batch_id == batch.id)
    yield "step", select(Household.id).join(Benefit, Benefit.household_id == Household.id).join(
        Event, Event.benefit_id == Benefit.id
    ).where(ours, _step(batch))  # fmt: skip
    yield "visit", select(Household.id).join(Visit, Visit.household_id == Household.id).where(
        founded, Visit.done_on.is_not(None)
    )  # fmt: skip
    yield "joined", select(Household.id).join(Member, Member.household_id == Household.id).where(
        founded, _joined(batch)
    )  # fmt: skip
    yield "edited", select(Household.id).where(founded, Household.row_version != _brought(Household, batch))
    yield "edited", select(Household.id).join(Member, Member.household_id == Household.id).where(
        founded, Member.batch_id == batch.id, Member.row_version != _brought(Member, batch)
    )  # fmt: skip
    lines = AuditEntry.table_name.in_(LINES)
    beside = AuditEntry.table_name.in_(BESIDE) & (Household.batch_id == batch.id)
    yield "details", select(Household.id).join(AuditEntry, AuditEntry.household_id == Household.id).where(
        ours, lines | beside, _written(batch)
    )  # fmt: skip


def _step(batch: ImportBatch) -> ColumnElement[bool]:
    """A step of a case the batch brought or in a family it founded, or any later one.

    Not of a take-over undone, nor what a take-over called up: that stands and falls with it.
    """
    undone = Event.action.in_((Action.TAKE_OVER, Action.TAKE_BACK)) & (Benefit.stage == Stage.WITHDRAWN)
    taken_back = Event.batch_id.is_not(None) & (undone | (Event.action == Action.PLAN_REVIEW))
    mine = (Household.batch_id == batch.id) | (Benefit.batch_id == batch.id) | (Event.at > batch.applied_at)
    return Event.batch_id.is_distinct_from(batch.id) & mine & ~taken_back


def _joined(batch: ImportBatch) -> ColumnElement[bool]:
    return Member.batch_id.is_distinct_from(batch.id) & Member.leave_reason.is_distinct_from(LeaveReason.CORRECTION)


def _written(batch: ImportBatch) -> ColumnElement[bool]:
    later = AuditEntry.action.in_(WRITES) & (AuditEntry.at > batch.applied_at)
    return later & AuditEntry.batch_id.is_distinct_from(batch.id)


def _brought(model: Any, batch: ImportBatch) -> Any:
    """The version of a row that the batch inserted and nobody touched: later imports that were undone count twice."""
    later = aliased(ImportRow)
    undone = select(func.count()).select_from(later).where(
        later.table_name == model.__tablename__, later.row_id == model.id, later.outcome == "changed",
        later.undone_at.is_not(None), later.batch_id != batch.id,
    )  # fmt: skip
    return 1 + 2 * undone.correlate(model).scalar_subquery()


# --- who it was -------------------------------------------------------------------------------------------------------


def told(session: Session, batch: ImportBatch, left: Left) -> Touch | None:
    """Who touched a row that stays, when and how; None where another row of its family was touched, or nobody knows."""
    if left.why == "edited":
        return _edit(session, batch, left) or _import(session, left)
    finders = {"step": _last_step, "visit": _last_visit, "joined": _newcomer, "details": _line}
    finder = finders.get(left.why)
    return finder(session, batch, left.row.home) if finder else None


def _edit(session: Session, batch: ImportBatch, left: Left) -> Touch | None:
    query = select(AuditEntry).where(AuditEntry.household_id == left.row.home, _written(batch))
    if left.row.row_id is not None and not left.row.stands:
        query = query.where(AuditEntry.table_name == left.row.table, AuditEntry.row_id == str(left.row.row_id))
    return _of_entry(session.scalars(query.order_by(AuditEntry.id.desc()).limit(1)).first())


def _line(session: Session, batch: ImportBatch, home: int) -> Touch | None:
    query = select(AuditEntry).where(
        AuditEntry.household_id == home, AuditEntry.table_name.in_(BESIDE), _written(batch)
    )
    return _of_entry(session.scalars(query.order_by(AuditEntry.id.desc()).limit(1)).first())


def _of_entry(entry: AuditEntry | None) -> Touch | None:
    if entry is None:
        return None
    columns = tuple(entry.after or entry.before or ()) if entry.action == "update" else ()
    return Touch(entry.actor_name, entry.at, entry.action, columns, entry.table_name)


def _import(session: Session, left: Left) -> Touch | None:
    """Another import that wrote the row and is in force."""
    query = select(ImportBatch, User.name).join(ImportRow, ImportRow.batch_id == ImportBatch.id).outerjoin(
        User, User.id == ImportBatch.user_id
    ).where(
        ImportRow.table_name == left.row.table, ImportRow.row_id == left.row.row_id, ImportRow.id != left.row.id,
        ImportRow.outcome.in_(("new", "changed")), ImportRow.undone_at.is_(None), ImportBatch.applied_at.is_not(None),
    )  # fmt: skip
    found = session.execute(query.order_by(ImportBatch.applied_at.desc()).limit(1)).first()
    return Touch(found[1] or "", found[0].applied_at, "import", (found[0].file_name,)) if found else None


def _last_step(session: Session, batch: ImportBatch, home: int) -> Touch | None:
    query = select(Event).join(Benefit, Benefit.id == Event.benefit_id).join(
        Household, Household.id == Benefit.household_id
    ).where(Benefit.household_id == home, _step(batch))  # fmt: skip
    event = session.scalars(query.order_by(Event.id.desc()).limit(1)).first()
    return Touch(event.actor_name, event.at, "step", (event.action,)) if event else None


def _last_visit(session: Session, batch: ImportBatch, home: int) -> Touch | None:
    query = select(AuditEntry).where(AuditEntry.household_id == home, AuditEntry.table_name == "visit")
    entry = session.scalars(query.order_by(AuditEntry.id.desc()).limit(1)).first()
    return Touch(entry.actor_name, entry.at, "visit") if entry else Touch("", None, "visit")


def _newcomer(session: Session, batch: ImportBatch, home: int) -> Touch | None:
    found = session.execute(
        select(Member.id, Member.name, Member.batch_id).where(Member.household_id == home, _joined(batch)).limit(1)
    ).first()
    if found is None:
        return None
    by_hand = select(AuditEntry).where(
        AuditEntry.table_name == "member", AuditEntry.row_id == str(found.id), AuditEntry.action == "insert"
    )
    if entry := session.scalars(by_hand.limit(1)).first():
        return Touch(entry.actor_name, entry.at, "joined", (found.name,))
    other = session.get(ImportBatch, found.batch_id) if found.batch_id else None
    who = session.scalar(select(User.name).where(User.id == other.user_id)) if other else ""
    return Touch(who or "", other.applied_at if other else None, "joined", (found.name,))
