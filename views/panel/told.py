"""Rows of a page read by columns: what its cells need, and nothing else."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import Household
from models.sealing import unseal


class Told:
    """A row as plain columns, by their names; loading whole objects makes a page three times as slow."""

    def __init__(self, names: Sequence[str], values: Sequence[Any]) -> None:
        self.__dict__.update(zip(names, values, strict=True))

    def __getattr__(self, name: str) -> Any:
        """Nothing else is there."""
        raise AttributeError(name)


class Person(Told):
    """Somebody of a family; what is read of them includes ``row_key`` and ``id_no_sealed``."""

    @property
    def id_no(self) -> str | None:
        """The ID number in full, opened when it is asked for; pages show its end."""
        return unseal("member.id_no", self.row_key, self.id_no_sealed) if self.id_no_sealed else None


class Head(NamedTuple):
    """Who heads the family of a line."""

    head_name: str


class OfFamilies:
    """The lines of a list whose rows belong to a family: columns ``names`` of a table, and who heads the family."""

    def __init__(self, model: type[Any], names: Sequence[str], line: type[Told] = Told) -> None:
        self.table, self.names, self.line = model.__table__, names, line
        self.query = cache(self._query)

    def load(self, session: Session, ids: Sequence[int]) -> list[Any]:
        """The lines of these rows, in this order, by one statement."""
        found = {row.id: row for row in (self._line(*one) for one in session.execute(self.query(), {"ids": list(ids)}))}
        return [found[id] for id in ids if id in found]

    def _line(self, head_name: str, *values: Any) -> Any:
        line: Any = self.line(self.names, values)
        line.household = Head(head_name)
        return line

    def _query(self) -> Any:
        own, home = self.table.c, Household.__table__
        rows = select(home.c.head_name, *(own[name] for name in self.names)).join_from(self.table, home)
        return rows.where(own.id.in_(bindparam("ids", expanding=True)))
