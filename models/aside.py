"""A condition that is looked at row by row, and not a way by which a database finds them."""

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Aside(FunctionElement[bool]):
    """A condition for which SQLite takes no index: without statistics it prefers a stage's to a household's own."""

    type = Boolean()
    inherit_cache = True


@compiles(Aside)
def _plain(element: Aside, compiler: Any, **how: Any) -> str:
    [condition] = element.clauses
    return f"({compiler.process(condition, **how)})"


@compiles(Aside, "sqlite")
def _no_index(element: Aside, compiler: Any, **how: Any) -> str:
    return "+" + _plain(element, compiler, **how)
