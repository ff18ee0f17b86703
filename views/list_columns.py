"""Columns of a table for a file: read raw, decrypted a whole column at a time, and each value put into words once."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection, inspect, select
from sqlalchemy.orm import aliased

from models.sealing import Sealed, unseal_all
from views.formats import NOTHING
from workflows.exchange.export_shared import given, raw

Column = Sequence[Any]
MOST_KEPT = 50_000
"""Texts kept for one column before all are dropped."""


def text(value: Any) -> str:
    """The plain text of what a page shows; empty for its dash."""
    told = value.striptags() if isinstance(value, Markup) else str(value)
    return "" if value is None or told == NOTHING else told


class Statement:
    """A query for columns of a table and of tables it refers to, by path; sealed numbers have no entry in ``types``."""

    def __init__(self, model: type[Any], paths: Sequence[str]) -> None:
        self.entities: dict[str, Any] = {"": model}
        self.joins: list[Any] = []
        self.sealed: dict[str, str] = {}
        self.types: dict[str, Any] = {}
        columns = [column for path in paths for column in self._columns(path)]
        query = select(model.id, *map(raw, columns)).where(given(model.id))
        for link in self.joins:
            query = query.outerjoin(link)
        self.paths, self.query = paths, query

    def columns(self, connection: Connection, ids: Sequence[int]) -> tuple[Column, dict[str, Column]]:
        """The numbers of the rows that are there, and the columns by path, in the same order."""
        rows = connection.execute(self.query, {"ids": str(list(ids))}).all()
        numbers, *found = zip(*rows, strict=True) if rows else [()] * (1 + len(self.paths) + len(self.sealed))
        rest = iter(found)
        return numbers, {
            path: unseal_all(self.sealed[path], next(rest), next(rest)) if path in self.sealed else next(rest)
            for path in self.paths
        }

    def _columns(self, path: str) -> list[Any]:
        through, _, name = path.rpartition(".")
        entity = self._entity(through)
        table, attribute = inspect(entity).mapper.class_, inspect(entity).mapper.class_.__dict__.get(name)
        if isinstance(attribute, Sealed):
            self.sealed[path] = f"{table.__tablename__}.{name}"
            return [entity.row_key, getattr(entity, f"{name}_sealed")]
        column = getattr(entity, name)
        self.types[path] = column.type
        return [column]

    def _entity(self, path: str) -> Any:
        if path not in self.entities:
            before, _, name = path.rpartition(".")
            link = getattr(self._entity(before), name)
            self.entities[path] = aliased(link.property.mapper.class_)
            self.joins.append(link.of_type(self.entities[path]))
        return self.entities[path]


class Kept(dict[tuple[Any, ...], str]):
    """The text of a cell by the values it is made of; each is made once."""

    def __init__(
        self,
        words: Callable[[Any], Any],
        make: Callable[[], SimpleNamespace],
        readers: Sequence[tuple[Sequence[str], Callable[[Any], Any] | None]],
    ) -> None:
        self.words, self.make, self.readers = words, make, readers

    def __missing__(self, values: tuple[Any, ...]) -> str:
        if len(self) >= MOST_KEPT:
            self.clear()
        told = self[values] = self.put(values)
        return told

    def put(self, values: tuple[Any, ...]) -> str:
        """The text for these values."""
        row = self.make()
        for ((*through, name), read), value in zip(self.readers, values, strict=True):
            at = row
            for step in through:
                at = at.__dict__.setdefault(step, SimpleNamespace())
            setattr(at, name, value if read is None else read(value))
        return text(self.words(row))


def processor(kind: Any, dialect: Any) -> Callable[[Any], Any] | None:
    """SQLAlchemy's conversion from what the database gives to a value of the type; None where there is none."""
    return kind.dialect_impl(dialect).result_processor(dialect, None) if kind is not None else None
