"""What of an applied batch can be taken back now, and which rows stay because somebody touched them since.

A row stands by itself. Only where taking one back without the others would leave half a family or a case without its
people (a family the batch founded, a case it took over, a change of who heads it) do its rows stay or go together.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from models import Benefit, Household, ImportBatch, ImportRow, Member
from policy.vocabulary import Relation, Stage
from workflows.exchange import kept, undo_touched
from workflows.exchange.existing import chunks
from workflows.exchange.undo_rows import Left, Staged

BROUGHT = ("new", "changed")
IN_DETAILS = frozenset({"causes", "houses", "house_area", "financial_fen", "other_assets", "income_year_fen"})
"""What a row says that is kept in lines beside the family or the person."""
PAIR = 2
"""A later import that was undone has counted a row's version up twice: once there, once back."""


@dataclass
class Plan:
    """``free`` rows would be taken back, ``left`` ones stay; ``founded`` are the families that go with the free."""

    free: list[Staged] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    founded: set[int] = field(default_factory=set)

    @property
    def staying(self) -> set[int]:
        """Families of which some row stays."""
        return {one.row.home for one in self.left}


def plan(session: Session, batch: ImportBatch, *, lock: bool = False) -> Plan:
    """Look at every row of the batch as it stands now; ``lock``: nobody may touch them before the caller commits."""
    rows = _rows(session, batch)
    homes = sorted({row.home for row in rows})
    if lock:
        _lock(session, homes)
        rows = _rows(session, batch)
    founded, taken = _founded(session, batch), _taken_over(session, batch)
    touched = undo_touched.homes(session, batch, homes)
    edited = {row.home for row in rows if not row.stands}
    own = {row.id: _why(row, touched.get(row.home, ""), founded | taken, row.home in edited) for row in rows}
    bound = founded | taken | {row.home for row in rows if "relation" in row.marks}
    torn = {row.home for row in rows if own[row.id]} & bound
    made = Plan(founded=founded - torn)
    for row in rows:
        if why := own[row.id] or ("family" if row.home in torn else ""):
            made.left.append(Left(row, why))
        else:
            made.free.append(row)
    return made


def touched_count(session: Session, batch: ImportBatch) -> int:
    """How many rows of the batch were themselves written since; quick, for the page of the batch."""
    total = 0
    for model in (Household, Member):
        mine = _of_table(model, batch).where(~_stands(model)).order_by(None).subquery()
        total += session.scalar(select(func.count()).select_from(mine)) or 0
    return total


def _why(row: Staged, touched: str, whole: set[int], beside: bool) -> str:
    """Whether what happened to the family concerns this row: all of a family that came whole, else what it wrote."""
    if not row.stands:
        return "edited"
    if row.home in whole:
        return "family" if touched == "edited" and beside else touched
    concerned = row.marks & IN_DETAILS if touched == "details" else row.outcome == "new"
    return touched if concerned and touched != "edited" else ""


def _undone_since(model: Any) -> Any:
    """How often a later import changed the row and was undone."""
    later, batch = aliased(ImportRow), aliased(ImportBatch)
    query = select(func.count()).select_from(later).join(batch, batch.id == later.batch_id).where(
        later.table_name == model.__tablename__, later.row_id == model.id, later.outcome == "changed",
        later.undone_at.is_not(None), later.batch_id > ImportRow.batch_id,
    )  # fmt: skip
    return query.correlate(model, ImportRow).scalar_subquery()


def _stands(model: Any) -> ColumnElement[bool]:
    version: ColumnElement[int] = model.row_version
    return or_(version == ImportRow.row_version, version == ImportRow.row_version + PAIR * _undone_since(model))


def _of_table(model: Any, batch: ImportBatch) -> Any:
    home = model.id if model is Household else model.household_id
    columns = (ImportRow.id, ImportRow.row_no, ImportRow.outcome, ImportRow.row_id, ImportRow.label, ImportRow.marks)
    query = select(*columns, home.label("home"), _stands(model).label("stands"))
    return query.join(model, model.id == ImportRow.row_id).where(
        ImportRow.batch_id == batch.id, ImportRow.table_name == model.__tablename__,
        ImportRow.outcome.in_(BROUGHT), ImportRow.undone_at.is_(None),
    )  # fmt: skip


def _rows(session: Session, batch: ImportBatch) -> list[Staged]:
    found = _cases_alone(session, batch)
    for model in (Household, Member):
        for row in session.execute(_of_table(model, batch)):
            marks = frozenset(row.marks.split())
            found.append(Staged(row.id, row.row_no, str(model.__tablename__), row.outcome, row.row_id, row.label,
                                marks, row.home, bool(row.stands)))  # fmt: skip
    return sorted(found, key=lambda row: row.number)


def _cases_alone(session: Session, batch: ImportBatch) -> list[Staged]:
    """Rows that brought a case and nothing else: which family's, their content says."""
    query = select(ImportRow).where(
        ImportRow.batch_id == batch.id, ImportRow.outcome.in_(BROUGHT), ImportRow.undone_at.is_(None),
        ImportRow.row_id.is_(None),
    )  # fmt: skip
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    contents = {row.id: kept.opened(row.content) for row in rows}
    heads = _heads(session, batch) if any("head_of" in content for content in contents.values()) else {}
    return [
        Staged(row.id, row.row_no, row.table_name, row.outcome, None, row.label, frozenset(),
               content.get("household_id") or heads.get(content.get("head_of", ""), 0), True)
        for row in rows if "case" in (content := contents[row.id])
    ]  # fmt: skip


def _heads(session: Session, batch: ImportBatch) -> dict[str, int]:
    query = select(Member).where(Member.batch_id == batch.id, Member.relation == Relation.HEAD)
    return {member.id_no: member.household_id for member in session.scalars(query)}


def _founded(session: Session, batch: ImportBatch) -> set[int]:
    query = select(Household.id).where(Household.batch_id == batch.id, Household.dissolved_on.is_(None))
    return set(session.scalars(query))


def _taken_over(session: Session, batch: ImportBatch) -> set[int]:
    query = select(Benefit.household_id).where(Benefit.batch_id == batch.id, Benefit.stage != Stage.WITHDRAWN)
    return set(session.scalars(query))


def _lock(session: Session, homes: list[int]) -> None:
    """Whoever is at work on one of the families now is waited for, and whoever comes later finds it changed.

    What only points to them (visits, events, reports) may come meanwhile.
    """
    for model, link in ((Household, Household.id), (Member, Member.household_id), (Benefit, Benefit.household_id)):
        for part in chunks(homes):
            query = select(model.id).where(link.in_(part)).order_by(model.id)
            session.execute(query.with_for_update(key_share=True))
