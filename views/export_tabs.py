"""Leads, and what a match found, as files: the tab that the page shows, with its columns, order and words."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from flask import abort, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models import Lead, MatchLine, MatchRun
from views import leads, list_export, matching_page, places
from views import matching_words as words
from views.case_words import headed
from views.db import db
from views.export_wish import Wish
from views.formats import NOTHING, day, moment
from views.permissions import allowed
from workflows.exchange import files
from workflows.matching import settling

MAY = {"lead": "leads.index", "match_line": "matching.page"}
"""Who may see the page may have its tabs as files."""
KINDS_OF = {"row_no": "count", "due_on": "date"}


@dataclass(frozen=True)
class Columns:
    """The table of a tab as a file reads it: headers by column, and what the page shows of those that hold other."""

    endpoint: str
    model: type[Any]
    headers: Mapping[str, Any]
    cells: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    @property
    def _list_columns(self) -> Sequence[tuple[str, Any]]:
        return list(self.headers.items())

    def show(self, row: Any, name: str) -> Any:
        """What the page shows of a column of a row."""
        return self.cells[name](row) if name in self.cells else getattr(row, name)


def _told(line: Any) -> str:
    """What the list says of a hit, once that may be shown."""
    if not settling.authorised(line):
        return gettext("not authorised")
    return matching_page.in_line(matching_page.told(line.payload))


OF_LEADS: Mapping[str, Callable[[Any], Any]] = {
    "id_no": leads.number_of, "place": leads.place_of, "why": lambda lead: words.kind_name(lead.why),
    "detail": leads.detail_of, "due_on": lambda lead: day(lead.due_on),
    "settled": lambda lead: f"{moment(lead.settled_at)} {lead.settled_by_name}",
    "state": lambda lead: words.LEAD_STATES[lead.state],
}  # fmt: skip
OF_HITS: Mapping[str, Callable[[Any], Any]] = {
    "name": lambda line: line.member.name or line.lead.name, "place": lambda line: places.where(line.village_code),
    "case_no": lambda line: line.benefit.case_no if line.benefit else NOTHING,
    "standing": lambda line: words.STANDINGS[line.standing], "how": lambda line: words.HOW[line.how], "payload": _told,
    "due_on": lambda line: day(line.due_on), "outcome": lambda line: f"{words.OUTCOMES[line.outcome]} {line.reason}",
}  # fmt: skip
BY = {"due_on": _l("To be settled by")}
LEAD = {
    "name": _l("Name"), "id_no": _l("ID number"), "place": _l("Address"), "why": _l("Where it came from"),
    "detail": _l("What is told"),
}  # fmt: skip
HIT = {
    "row_no": _l("Row"), "name": _l("Name"), "place": _l("Village or community"), "case_no": _l("Case number"),
    "standing": _l("Standing"), "how": _l("How"), "payload": _l("What the list says"),
}  # fmt: skip
OPEN_LEADS = Columns("lead", Lead, LEAD | BY, OF_LEADS)
SETTLED_LEADS = Columns("lead", Lead, {**LEAD, "reason": _l("Reason"), "settled": _l("Settled")}, OF_LEADS)
OF_RUN: Mapping[str, Columns] = {
    "open": Columns("match_line", MatchLine, HIT | BY, OF_HITS),
    "settled": Columns("match_line", MatchLine, {**HIT, "outcome": _l("What became of it")}, OF_HITS),
    "leads": Columns(
        "lead", Lead, {"row_no": _l("Row"), "name": _l("Name"), "state": _l("State"), "reason": _l("Reason")}, OF_LEADS
    ),
    "refused": Columns("match_run", MatchRun, {"row_no": _l("Row"), "why": _l("Why")}),
}


@dataclass(frozen=True)
class TabWish(Wish):
    """A tab of a page, as it is shown: never with numbers in full."""

    tab: str
    page: ClassVar[str]
    shape: ClassVar[str] = "list"

    @property
    @abstractmethod
    def columns(self) -> Columns:
        """The table of the tab."""

    @property
    @abstractmethod
    def arguments(self) -> dict[str, Any]:
        """Which tab of what, as an address has it."""

    @property
    @abstractmethod
    def back(self) -> str:
        """The page that shows it."""

    @abstractmethod
    def filters(self) -> list[str]:
        """Which tab of what, in words."""

    @property
    def table(self) -> str:
        return str(self.columns.model.__tablename__)

    @property
    def may_see_full(self) -> bool:
        return False

    @property
    def address(self) -> str:
        return url_for("exporting.page", table=self.page, **self.arguments)

    def asked(self) -> dict[str, str]:
        return {"table": self.page, "shape": self.shape}

    def told(self) -> dict[str, Any]:
        return {"list": self.page, "filters": self.arguments, "shape": self.shape} | super().told()

    def lines(self) -> Iterator[Sequence[str]]:
        yield self._headers()
        yield from list_export.lines(self.columns, db.session.connection(), self.numbers())

    def _headers(self) -> list[str]:
        return [str(label) for label in self.columns.headers.values()]

    @property
    def look(self) -> files.Look:
        return files.Look([KINDS_OF.get(name, "text") for name in self.columns.headers], tab=str(self.title))


@dataclass(frozen=True)
class LeadsWish(TabWish):
    """The leads in one state under the reader."""

    page: ClassVar[str] = "lead"

    @property
    def title(self) -> Any:
        return gettext("Leads")

    @property
    def columns(self) -> Columns:
        return OPEN_LEADS if self.tab == "open" else SETTLED_LEADS

    @property
    def ids(self) -> Any:
        return leads.in_state(self.tab).with_only_columns(Lead.id)

    @property
    def arguments(self) -> dict[str, Any]:
        return {"state": self.tab}

    @property
    def back(self) -> str:
        return url_for("leads.index", **self.arguments)

    def filters(self) -> list[str]:
        return [headed(gettext("State"), words.LEAD_STATES[self.tab])]


@dataclass(frozen=True)
class MatchWish(TabWish):
    """What a match found under the reader: hits to settle or settled, leads, or the rows that were not looked up."""

    run: MatchRun
    page: ClassVar[str] = "match_line"

    @property
    def title(self) -> Any:
        return f"{words.kind_name(self.run.kind)} {words.TABS[self.tab]}"

    @property
    def columns(self) -> Columns:
        return OF_RUN[self.tab]

    @property
    def ids(self) -> Any:
        if self.tab == "leads":
            return matching_page.leads_of(self.run).with_only_columns(Lead.id)
        return matching_page.hits_of(self.run, self.tab).with_only_columns(MatchLine.id)

    @property
    def arguments(self) -> dict[str, Any]:
        return {"run": self.run.id, "tab": self.tab}

    @property
    def back(self) -> str:
        return url_for("matching.page", id=self.run.id, tab=self.tab)

    def filters(self) -> list[str]:
        return [headed(gettext("File"), self.run.file_name), headed(gettext("State"), words.TABS[self.tab])]

    def count(self, most: int | None = None) -> int:
        return len(matching_page.refused_rows(self.run)) if self.tab == "refused" else super().count(most)

    def lines(self) -> Iterator[Sequence[str]]:
        if self.tab != "refused":
            yield from super().lines()
            return
        yield self._headers()
        yield from ([str(number), why] for number, why in matching_page.refused_rows(self.run))


def tab_wish(table: str, kind: str, purpose: str) -> TabWish:
    """The tab that the address names; answers 403 or 404 where the reader may not see its page."""
    if not allowed(MAY[table]):
        abort(403)
    if table == LeadsWish.page:
        return LeadsWish(kind, False, purpose, leads.state_asked())
    tab = request.args.get("tab", "")
    run = matching_page.run_of(request.args.get("run", ""))
    return MatchWish(kind, False, purpose, tab if tab in words.TABS else "open", run)
