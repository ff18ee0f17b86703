"""Every row that lies where a family lives, and moving all of them at once; history stays where it happened."""

from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from models import (
    Attachment,
    Base,
    Benefit,
    Household,
    HouseholdReport,
    HouseholdTask,
    MatchLine,
    Member,
    TekunPerson,
    Visit,
    Watch,
)
from models.base import Scoped
from models.guards import UNCHANGEABLE
from policy.division_codes import township_of
from policy.vocabulary import OPEN, Happening, Need, ReportState

STAYS = (Need.ACCEPT, Need.AWAIT)
"""Tasks of two townships about one family: each keeps its own."""


def open_cases(session: Session, household_id: int) -> list[Benefit]:
    """The household's cases that have not ended, in the order in which they began."""
    query = select(Benefit).where(Benefit.household_id == household_id, Benefit.stage.in_(OPEN))
    return list(session.scalars(query.order_by(Benefit.id)))


def rows_of(session: Session, household: Household) -> list[Any]:
    """The family and every row of it (and of its cases) that carries its division codes and may change."""
    cases = select(Benefit.id).where(Benefit.household_id == household.id)
    rows: list[Any] = [household]
    for model in _scoped():
        columns = inspect(model).columns
        if "household_id" in columns:
            of: Any = columns["household_id"] == household.id
        else:
            of = columns["benefit_id"].in_(cases)
        rows += session.scalars(select(model).where(of))
    return [row for row in rows if not (isinstance(row, HouseholdTask) and row.need in STAYS)]


def relocate(session: Session, household: Household, village_code: str, address: str) -> None:
    """Let the family live elsewhere in the county: all its rows carry the new codes; open reports go to whom it is now.

    The caller has checked that the village exists, and said who acts.
    """
    session.flush()
    moved = village_code != household.village_code
    household.address = address
    for row in rows_of(session, household) if moved else ():
        _lay(row, village_code)
        if isinstance(row, HouseholdReport) and row.state is ReportState.OPEN and row.kind is not Happening.HANDOVER:
            row.to_code = township_of(village_code)
    session.flush()


def relocate_case(session: Session, benefit: Benefit, stay: Member) -> None:
    """Let the case of one person lie with the family of this stay, with what still has to be done and its documents.

    Visits made, tasks done and answers given stay with the family where they happened; the case names them.
    """
    session.flush()
    for row in [benefit, *_of_case(session, benefit)]:
        _lay(row, stay.village_code)
        if type(row) in GOES_ALONG:
            row.household_id = stay.household_id
        if isinstance(row, (MatchLine, TekunPerson)):
            row.member_id = stay.id
    benefit.household, benefit.member = stay.household, stay
    session.flush()


def _lay(row: Any, village_code: str) -> None:
    town = township_of(village_code)
    if isinstance(row, Benefit) and row.township_code != town:
        row.came_from = row.township_code
    row.village_code, row.township_code = village_code, town


GOES_ALONG: dict[type[Any], ColumnElement[bool]] = {
    Attachment: Attachment.visit_id.is_(None),
    HouseholdTask: HouseholdTask.done_on.is_(None),
    MatchLine: MatchLine.settled_at.is_(None),
    Visit: Visit.done_on.is_(None),
    Watch: Watch.settled_on.is_(None),
}
"""What belongs to a family and to a case: which of it goes along with the case of one person."""


def _of_case(session: Session, benefit: Benefit) -> list[Any]:
    rows: list[Any] = []
    for model in _scoped():
        columns = inspect(model).columns
        if "benefit_id" in columns:
            only = [GOES_ALONG[model]] if "household_id" in columns else []
            rows += session.scalars(select(model).where(columns["benefit_id"] == benefit.id, *only))
    return rows


def _scoped() -> list[type[Any]]:
    """The tables whose rows hang on a household or a case and lie in a village."""
    found = []
    for mapper in Base.registry.mappers:
        model, columns = mapper.class_, mapper.columns
        linked = "household_id" in columns or "benefit_id" in columns
        if issubclass(model, Scoped) and linked and columns["village_code"].table.name not in UNCHANGEABLE:
            found.append(model)
    return sorted(found, key=lambda model: str(model.__tablename__))
