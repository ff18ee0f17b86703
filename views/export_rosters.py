"""Rosters to be exported, of a place and a month: one alone, or several as one book."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy import func, select

from models import Benefit
from policy.division_codes import is_township, is_village
from views import places
from views.context import actor, today
from views.db import db
from views.export_wish import CHARSETS, Table, Wish
from views.export_words import NAMES, PAID_AS_IT_STANDS
from workflows.actor import scoped
from workflows.exchange import export, files
from workflows.exchange.export import Book, Period, Roster

MONTHS = 24
"""Months to choose from, back from this one."""


@dataclass(frozen=True)
class OfPlace(Wish):
    """What is of a place under the reader, and of a month where it is of one."""

    place: str
    month: str

    @property
    @abstractmethod
    def code(self) -> str:
        """What the address calls it."""

    @property
    @abstractmethod
    def monthly(self) -> bool:
        """Whether it is of one month."""

    @property
    def title(self) -> Any:
        return NAMES[self.code]

    @property
    def period(self) -> Period:
        """The month asked for, or all time."""
        return Period.month(date.fromisoformat(f"{self.month}-01")) if self.month else Period()

    @property
    def where(self) -> str:
        """The place in words; nothing for all that the reader sees."""
        return places.where(self.place) if is_village(self.place) else places.name(self.place)

    @property
    def arguments(self) -> dict[str, Any]:
        """Place and month, as an address has them."""
        return {name: value for name, value in (("place", self.place), ("month", self.month)) if value}

    @property
    def address(self) -> str:
        return self.address_of(self.code)

    def address_of(self, code: str) -> str:
        """The page of another roster, of the same place and month."""
        month: dict[str, Any] = {"month": self.month} if self.monthly else {}
        return url_for("exporting.roster", code=code, **self.arguments | month)

    def asked(self) -> dict[str, str]:
        return {"roster": self.code}

    def told(self) -> dict[str, Any]:
        return {"list": self.table, "roster": str(self.title), "filters": self.arguments} | super().told()

    def file_name(self) -> str:
        parts = [str(self.title), self.where, self.month]
        own = "_".join(part for part in parts if part)
        return f"{own}_{today():%Y%m%d}.{self.ending}"


@dataclass(frozen=True)
class RosterWish(OfPlace):
    """A whole roster in its layout; ``tab`` is what its sheet is called."""

    roster: Roster
    tab: str = ""

    @property
    def code(self) -> str:
        return self.roster.code

    @property
    def monthly(self) -> bool:
        return self.roster.monthly

    @property
    def table(self) -> str:
        return str(self.roster.of.__tablename__)

    @property
    def earlier(self) -> bool:
        """Whether it lists cases of a month that is over: each in the place, with address and account, of today.

        What the former township would read anew of a family that moved away is no longer its own to read.
        """
        return self.roster.of is Benefit and "" < self.month < f"{today():%Y-%m}"

    @property
    def ids(self) -> Any:
        query = scoped(self.roster.ids(self.period), self.roster.of, actor())
        if not self.place:
            return query
        of = self.roster.of
        return query.where((of.township_code if is_township(self.place) else of.village_code) == self.place)

    def count(self, most: int | None = None) -> int:
        if self.roster.per is None:
            return super().count(most)
        each = self.ids.order_by(None).with_only_columns(self.roster.per.label("rows")).limit(most).subquery()
        return int(db.session.scalar(select(func.sum(each.c.rows))) or 0)

    def lines(self) -> Iterator[Sequence[str]]:
        yield export.headers(self.roster.layout)
        yield from self.exporter().rows(self.roster.layout, self.numbers(), self.period if self.month else None)

    @property
    def look(self) -> files.Look:
        period = self.period if self.month else None
        return self.exporter().look(self.roster.layout, period, self.where, self.tab)


@dataclass(frozen=True)
class BookWish(OfPlace):
    """Rosters that go out together: a sheet for each, or as CSV a zip with a file for each."""

    book: Book

    @property
    def code(self) -> str:
        return self.book.code

    @property
    def monthly(self) -> bool:
        return any(part.monthly for part in self.parts)

    @property
    def table(self) -> str:
        return self.parts[0].table

    @property
    def parts(self) -> list[RosterWish]:
        """Its rosters."""
        own = (self.kind, self.full, self.purpose, self.place, self.month)
        return [RosterWish(*own, roster, tab) for tab, roster in self.book.parts.items()]

    def tables(self) -> Iterator[Table]:
        for part in self.parts:
            yield part.tab, part.lines(), part.look

    def count(self, most: int | None = None) -> int:
        return sum(part.count(most) for part in self.parts)

    @property
    def ending(self) -> str:
        return "zip" if self.kind in CHARSETS else super().ending


def roster_wish(code: str, kind: str = "xlsx", full: bool = False, purpose: str = "") -> RosterWish | BookWish | None:
    """The roster or book of this code with place and month of the address; nothing for a code that none has."""
    asked = request.args.get("place", "")
    own = (kind, full, purpose, asked if asked in dict(places.within(actor())) else "")
    if book := export.BOOKS.get(code):
        return BookWish(*own, _month(next(iter(book.parts.values())), request.args), book)
    roster = export.ROSTERS.get(code)
    return RosterWish(*own, _month(roster, request.args), roster) if roster else None


def _month(roster: Roster, given: Mapping[str, str]) -> str:
    """The month asked for; unless the address says otherwise this one, or none for who is paid; none for others."""
    usual = "" if roster.code in PAID_AS_IT_STANDS else f"{today():%Y-%m}"
    told = given.get("month", usual) if roster.monthly else ""
    try:
        month = date.fromisoformat(f"{told}-01") if told else None
    except ValueError:
        month = today()
    if month is None:
        return "" if not roster.monthly or roster.of.__tablename__ == "benefit" else f"{today():%Y-%m}"
    return f"{month:%Y-%m}"


def months(chosen: str) -> list[tuple[str, str]]:
    """The months to choose from, latest first, with the one that is chosen."""
    now = today().year * 12 + today().month - 1
    found = [f"{at // 12}-{at % 12 + 1:02d}" for at in range(now, now - MONTHS, -1)]
    return [(one, one) for one in (found if chosen in found or not chosen else [*found, chosen])]
