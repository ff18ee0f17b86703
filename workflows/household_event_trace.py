"""What an event wrote in the rows of its families: values before and after, so that it can be taken back."""

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from models import Household, Member
from models.base import Coded

Rows = dict[str, dict[str, Any]]
MODELS: dict[str, type[Household] | type[Member]] = {"household": Household, "member": Member}
_LEFT_OUT = ("id", "row_key", "row_version", "township_code", "village_code", "batch_id", "created_at")


class Trace(NamedTuple):
    """The plain columns of some families and their members, by ``table:id``; sealed numbers are not among them."""

    rows: Rows

    def until(self, later: "Trace") -> dict[str, Any]:
        """What changed from here to a later trace: ``changed`` columns as [before, after], and rows that are new."""
        changed = {
            key: {name: [old[name], now[name]] for name in old if old[name] != now[name]}
            for key, now in later.rows.items() if (old := self.rows.get(key)) is not None
        }  # fmt: skip
        made = sorted(set(later.rows) - set(self.rows))
        return {"changed": {key: found for key, found in changed.items() if found}, "made": made}


def trace(session: Session, households: Iterable[Household]) -> Trace:
    """The families and all their members as they stand now."""
    session.flush()
    ids = [household.id for household in households]
    rows: Rows = {}
    for household in session.scalars(select(Household).where(Household.id.in_(ids))):
        rows[f"household:{household.id}"] = _plain(household)
    for member in session.scalars(select(Member).where(Member.household_id.in_(ids))):
        rows[f"member:{member.id}"] = _plain(member)
    return Trace(rows)


def row_of(session: Session, key: str) -> Household | Member | None:
    """The row that a trace calls ``table:id``."""
    table, _, number = key.partition(":")
    found = session.get(MODELS[table], int(number))
    return found if isinstance(found, (Household, Member)) else None


def stands(row: Household | Member, changed: dict[str, list[Any]]) -> bool:
    """Whether the row still holds what the event wrote."""
    return all(_value(getattr(row, name)) == after for name, (_, after) in changed.items())


def put_back(row: Household | Member, changed: dict[str, list[Any]], *, only: Iterable[str] | None = None) -> None:
    """Give the row the values of before; ``only`` these columns."""
    for name, (old, _) in changed.items():
        if only is None or name in only:
            setattr(row, name, _read(row, name, old))


def _plain(row: Household | Member) -> dict[str, Any]:
    return {name: _value(getattr(row, name)) for name in _columns(type(row))}


def _columns(model: type[Any]) -> list[str]:
    names = [attribute.key for attribute in inspect(model).column_attrs]
    return [n for n in names if n not in _LEFT_OUT and not n.endswith(("_sealed", "_hash", "_last4"))]


def _value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _read(row: Household | Member, name: str, value: Any) -> Any:
    kind = type(row).__table__.c[name].type
    if value is None:
        return None
    if isinstance(kind, Coded):
        return kind.words(value)
    return date.fromisoformat(value) if kind.python_type is date else value
