"""What is to be exported, in which file, and why; a list with its filters is one such wish."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import Date, DateTime, Integer, func, select

from policy.vocabulary import Role
from views import list_export
from views.base import PanelView
from views.case_words import headed
from views.context import today
from views.db import db
from views.panel.asked import Asked
from workflows.exchange import export, files
from workflows.reason import Reason

LAYOUTS = {"household": export.HOUSEHOLDS, "member": export.MEMBERS}
FULL = frozenset({Role.COUNTY_REVIEWER, Role.SUPERVISOR})
KINDS = {
    "xlsx": _l(".xlsx (numbers of people and accounts as text, amounts and days as such)"),
    "csv": _l("CSV (UTF-8 with byte order mark)"), "gb18030": _l("CSV (GB18030, for older programs)"),
}  # fmt: skip
IN_A_ZIP = {
    "csv": _l("A zip with a CSV for each sheet (UTF-8 with byte order mark)"),
    "gb18030": _l("A zip with a CSV for each sheet (GB18030, for older programs)"),
}
"""What CSV is called where there are several sheets."""
CHARSETS = {"csv": "utf-8", "gb18030": "gb18030"}
LONGEST_PURPOSE = 200
IDS_AT_ONCE = 1_000


Table = tuple[str, Iterator[Sequence[str]], files.Look]
"""What a table is called among others, its headers and rows, how it looks as a sheet."""


@dataclass(frozen=True)
class Wish(ABC):
    """A file that somebody asks for: its kind, whether numbers are in full, and what for."""

    kind: str
    full: bool
    purpose: str

    @property
    @abstractmethod
    def title(self) -> Any:
        """What the page and the file are called."""

    @property
    @abstractmethod
    def table(self) -> str:
        """The table whose rows it lists, as the history names it."""

    @property
    def ids(self) -> Any:
        """The query for the rows' numbers, in order; several lists in one file have none of their own."""
        raise LookupError(self)

    @property
    def may_see_full(self) -> bool:
        """Whether the reader may have it with full numbers."""
        return current_user.role in FULL

    @property
    def address(self) -> str:
        """The page on which it is asked for, with its filters."""
        return ""

    @property
    def look(self) -> files.Look:
        """How the workbook looks."""
        return files.Look()

    def asked(self) -> dict[str, str]:
        """What a job has to know beside the address to make it."""
        return {}

    def told(self) -> dict[str, Any]:
        """What the history keeps of it."""
        return {"kind": self.kind, "masked": not self.full}

    def lines(self) -> Iterator[Sequence[str]]:
        """Headers, then the rows."""
        yield from ()

    def tables(self) -> Iterator[Table]:
        """The tables of the file, one for each sheet."""
        yield "", self.lines(), self.look

    def count(self, most: int | None = None) -> int:
        """How many numbers it has; counted no further than ``most``."""
        counted = self.ids.order_by(None).limit(most).subquery()
        return int(db.session.scalar(select(func.count()).select_from(counted)) or 0)

    def faults(self) -> list[Reason]:
        """Why it is refused."""
        faults = [] if len(self.purpose) > 1 else [Reason("purpose_missing")]
        return faults + ([Reason("full_not_allowed")] if self.full and not self.may_see_full else [])

    def numbers(self) -> Any:
        """The rows' numbers, some at a time."""
        return db.session.connection().execute(self.ids, execution_options={"yield_per": IDS_AT_ONCE}).scalars()

    def exporter(self) -> export.Export:
        """What reads the rows of a roster."""
        return export.Export(db.session(), self.full, today())

    def file_name(self) -> str:
        """What the file is called."""
        return f"{self.title}_{today():%Y%m%d}.{self.ending}"

    @property
    def ending(self) -> str:
        """What its name ends in."""
        return "csv" if self.kind in CHARSETS else "xlsx"


@dataclass(frozen=True)
class ListWish(Wish):
    """A list with its filters, as it is shown or in the layout of its roster."""

    view: PanelView
    want: Asked
    shape: str

    @property
    def title(self) -> Any:
        return self.view.title

    @property
    def table(self) -> str:
        return str(self.view.table.__tablename__)

    @property
    def ids(self) -> Any:
        query = self.view.scope(select(self.view.model.id).where(*self.view.clauses(self.want)))
        if self.shape == "roster":  # a roster is of those whose allowance is in force, whoever else the list shows
            query = query.where(*export.ROSTERS[LAYOUTS[self.view.endpoint].code].chosen(export.Period()))
        return query.order_by(*self.view.order(self.want.sort))

    @property
    def may_see_full(self) -> bool:
        return self.view.endpoint in LAYOUTS and super().may_see_full

    @property
    def arguments(self) -> dict[str, Any]:
        """Filters and order, as an address has them."""
        return self.want.arguments(self.view.usual_sort(self.want.filters))

    @property
    def address(self) -> str:
        return url_for("exporting.page", table=self.view.endpoint, **self.arguments)

    @property
    def back(self) -> str:
        """The list, with its filters."""
        return url_for(f"{self.view.endpoint}.index_view", **self.arguments)

    def asked(self) -> dict[str, str]:
        return {"table": self.view.endpoint, "shape": self.shape}

    def told(self) -> dict[str, Any]:
        own = {"list": self.view.endpoint, "filters": dict(self.want.filters), "sort": self.want.sort}
        return own | {"shape": self.shape} | super().told()

    def filters(self) -> list[str]:
        """The filters in use, in words."""
        used = self.want.filters
        return [headed(one.label, one.shown(used[one.name], used)) for one in self.view.filters if one.name in used]

    def lines(self) -> Iterator[Sequence[str]]:
        if self.shape == "roster":
            layout = LAYOUTS[self.view.endpoint]
            yield export.headers(layout)
            yield from self.exporter().rows(layout, self.numbers())
            return
        yield [str(label) for _, label in self.view._list_columns]
        yield from list_export.lines(self.view, db.session.connection(), self.numbers())

    @property
    def look(self) -> files.Look:
        if self.shape == "roster":
            return self.exporter().look(LAYOUTS[self.view.endpoint])
        columns = self.view.table.__table__.columns
        kinds = [_kind(name, columns.get(name), self.view.num_columns) for name, _ in self.view._list_columns]
        return files.Look(kinds, tab=str(self.title))


def _kind(name: str, column: Any, numbers: Collection[str]) -> str:
    """Whether a column of a list holds amounts, counts or days; what is shown otherwise stays text all the same."""
    if name.endswith("_fen") or (name in numbers and name.startswith("monthly")):
        return "money"
    if column is None:
        return "count" if name in numbers else "text"
    types = {DateTime: "moment", Date: "date", Integer: "count"}
    return next((kind for type_, kind in types.items() if isinstance(column.type, type_)), "text")
