"""What a flush changed in a row: old and new values, the old ones loaded before they are overwritten."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from sqlalchemy import inspect

from models import Base


def remember(model: type[Base], names: Iterable[str]) -> None:
    """Load the old value of these columns before a new one is set, also on a row that has expired."""
    mapper = inspect(model)
    for name in names:
        column: Any = mapper.get_property(name)
        column.active_history = True  # taken over by the first question, which sets up all columns
        if mapper.configured:
            getattr(model, name).impl.active_history = True


def changes(row: Base, names: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """Old and new value of each named column that changed since the row was read or last flushed."""
    state, found = inspect(row), {}
    untouched = state.unmodified
    for name in names:
        if name in untouched:
            continue
        history = state.attrs[name].history
        if history.has_changes():
            found[name] = (history.deleted[0] if history.deleted else None, history.added[0] if history.added else None)
    return found


def before(row: Base, names: Iterable[str]) -> SimpleNamespace:
    """The named columns as they stood before the flush."""
    names = tuple(names)
    values = {name: getattr(row, name) for name in names}
    return SimpleNamespace(**values | {name: old for name, (old, _) in changes(row, names).items()})
