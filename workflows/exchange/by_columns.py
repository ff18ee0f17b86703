"""Many staged rows at once: a column is one text, split when it is there."""

from collections.abc import Sequence
from typing import Any
from typing import cast as typed

from sqlalchemy import ColumnElement, Connection, Table, Text, cast, func, select
from sqlalchemy.orm import Session

from models import ImportRow

COLUMN = typed(Table, ImportRow.__table__).c
MANY = 10_000
BLANK = ("row_id", "village_code", "head_hash", "lot", "place")
"""Columns that may hold nothing, and are read by ``texts``."""


def columns(session: Session, names: Sequence[str], by: str, where: ColumnElement[bool], size: int = MANY) -> Any:
    """The question for columns of the first of some rows, in order and each as one text ("" for what is empty).

    Rows given one by one would wait for the interpreter's lock each.
    """
    lite = session.connection().dialect.name == "sqlite"
    plain = [COLUMN[name] if lite else cast(COLUMN[name], Text) for name in names]
    told = [func.coalesce(column, "") if name in BLANK else column for name, column in zip(names, plain, strict=True)]
    query = select(*(column.label(name) for name, column in zip(names, told, strict=True)))
    some = query.where(where).order_by(COLUMN[by]).limit(size).subquery()
    return select(*(func.aggregate_strings(some.c[name], ",") for name in names))


def texts(connection: Connection, query: Any, **values: int) -> list[list[str]]:
    """The columns cell by cell; none where there are no rows. Raises ValueError where one has a cell too few."""
    found = connection.execute(query, values).one()
    cells = [(column or "").split(",") for column in found] if found[0] else []
    if any(len(column) != len(cells[0]) for column in cells):
        raise ValueError("a staged row lacks what no row may lack")
    return cells
