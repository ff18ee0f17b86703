"""What lies under the reader's division is all there is: one narrowing for lists, counts, single rows and lookups."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from flask import abort
from sqlalchemy import bindparam, func, select
from werkzeug.routing import IntegerConverter, Map

from models import Benefit, Visit
from models.base import Scoped as ScopedRow
from views.context import actor
from views.db import db
from workflows.actor import Actor, scoped

LARGEST_ID = 2**31 - 1


def parse_id(text: str) -> int | None:
    """A row number as it stands in an address; None for anything else, also for numbers no row can have."""
    if not re.fullmatch(r"[1-9][0-9]{0,9}", text, re.ASCII):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


class RowNumber(IntegerConverter):
    """``<int:…>`` in an address: a number a row can have, in plain digits; every other address is not found."""

    regex = "[1-9][0-9]{0,9}"

    def __init__(self, map: Map, **options: Any) -> None:
        super().__init__(map, **{"max": LARGEST_ID, **options})


def get_or_404(model: type[Any], id: str, narrow: Any = None) -> Any:
    """The row of this number under the reader's division; answers 404 for every other."""
    number = parse_id(id)
    if number is None:
        abort(404)
    query = select(model).where(model.id == number)
    row = db.session.scalars(narrow(query) if narrow else scoped(query, model, actor())).first()
    return row if row is not None else abort(404)


def get_through_case(model: type[Any], id: str) -> Any:
    """The row of this number under the reader's division, or of a case that lies there now; answers 404 else.

    What was done or issued before the case of a person went to another family stays where it happened.
    """
    number = parse_id(id)
    if number is None:
        abort(404)
    row = db.session.scalars(scoped(select(model).where(model.id == number), model, actor())).first()
    if row is None:
        visit = select(Visit.benefit_id).where(Visit.id == model.visit_id).scalar_subquery() if _photo(model) else None
        of = model.benefit_id if visit is None else func.coalesce(model.benefit_id, visit)
        query = select(model).join(Benefit, Benefit.id == of).where(model.id == number)
        row = db.session.scalars(scoped(query, Benefit, actor())).first()
    return row if row is not None else abort(404)


def _photo(model: type[Any]) -> bool:
    return "visit_id" in model.__table__.columns


class Scoped:
    """``scope`` narrows a query, by the actor alone; a table without division codes of its own overrides it."""

    model: type[Any]
    one_with: ClassVar[Callable[[], Sequence[Any]]] = tuple
    """What is read with a single row, in the same statement: short lists that its page and its form both show."""

    def scope(self, query: Any) -> Any:
        """Narrow a query over ``self.model`` to the reader's division."""
        if not issubclass(self.model, ScopedRow):
            raise TypeError(f"{type(self).__name__} must say how {self.model.__name__} is scoped")
        return scoped(query, self.model, actor())

    def get_query(self) -> Any:
        """Flask-Admin's query, narrowed."""
        return self.scope(super().get_query())  # type: ignore[misc]

    def get_count_query(self) -> Any:
        """Flask-Admin's count, narrowed."""
        return self.scope(super().get_count_query())  # type: ignore[misc]

    def get_one(self, id: Any) -> Any:
        """The row of this number under the reader's division, or None."""
        number = parse_id(str(id))
        if number is None:
            return None
        return db.session.scalars(_one(self, actor()), {"number": number}).unique().first()

    def get_or_404(self, id: str) -> Any:
        """As ``get_one``, but answers 404 for a row that is not there or lies elsewhere: the two look the same."""
        row = self.get_one(id)
        return row if row is not None else abort(404)


@lru_cache(maxsize=512)
def _one(view: Scoped, reader: Actor) -> Any:
    """The statement of ``get_one``, put together once for a reader: their division stands in it."""
    query = view.scope(select(view.model).where(view.model.id == bindparam("number")))
    return query.options(*type(view).one_with())
