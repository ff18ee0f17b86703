"""发文登记簿: what was issued, by number, office, day and addressee; each opens as it was printed."""

from functools import partial
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from models import IssuedPaper
from policy.division_codes import is_county, is_township
from views import places
from views.base import PanelView
from views.column_words import COLUMNS
from views.context import actor, today
from views.panel import cells
from views.panel.filters import DayFilter, Filter, SetFilter, TownshipFilter, VillageFilter
from views.panel.seeking import Page
from views.papers_kinds import KINDS
from views.papers_lists import ROLLS
from workflows.actor import scoped
from workflows.issuing import number_of

P = IssuedPaper
TITLES = {**{kind.code: kind.title for kind in KINDS.values()}, **{roll.code: roll.title for roll in ROLLS.values()}}
"""Every kind of paper by its code, as it is called on the screen."""
STANDING = {
    "valid": (_l("Not replaced"), lambda: P.id.not_in(_replaced())),
    "replaced": (_l("Replaced by a later one"), lambda: P.id.in_(_replaced())),
    "letters": (_l("With a number"), lambda: P.serial.is_not(None)),
    "forms": (_l("Without a number"), lambda: P.serial.is_(None)),
}


def _of_kind(code: str) -> Any:
    return P.kind == code


def _replaced() -> Any:
    return select(P.replaces_id).where(P.replaces_id.is_not(None))


class YearFilter(Filter):
    """The year of a number."""

    def choices(self, values: Any) -> list[tuple[str, str]]:
        return [(str(year), str(year)) for year in range(today().year, today().year - 6, -1)]


class OfficeFilter(Filter):
    """Whose register: the county's or a township's."""

    def choices(self, values: Any) -> list[tuple[str, str]]:
        mine = actor().division_code
        offices = [(c, n) for c, n in places.names().items() if is_county(c) or is_township(c)]
        found = [(c, n) for c, n in offices if c.startswith(mine) or mine.startswith(c)]
        return found if len(found) > 1 else []


class AddresseeFilter(Filter):
    """Whom it was for, or whose case: the beginning of a name or a case number."""

    kind = "text"

    def clean(self, text: str, values: Any) -> str:
        return "".join(text.split())[:40].replace("%", "").replace("_", "")

    def shown(self, value: str, values: Any) -> str:
        return value


class IssuedView(PanelView):
    """发文登记簿: every letter that was issued, by number, office, kind, day and addressee."""

    table = IssuedPaper
    title = _l("Register of issued papers")
    column_list = ("number", "on", "title", "addressee", "case_no", "office", "actor_name", "replaces")
    column_labels: ClassVar[dict[str, Any]] = {
        **COLUMNS, "number": _l("Number of the paper"), "on": _l("Issued on"), "title": _l("Printed paper"),
        "addressee": _l("Addressee"), "office": _l("Issuing office"), "actor_name": _l("Issued by"),
        "replaces": _l("In place of"),
    }  # fmt: skip
    filters = (
        OfficeFilter("office", _l("Issuing office"), lambda code: P.office_code == code),
        YearFilter("year", _l("Year"), lambda year: P.year == int(year)),
        SetFilter("kind", _l("Printed paper"), {c: (t, partial(_of_kind, c)) for c, t in TITLES.items()}).looking(),
        SetFilter("standing", _l("Standing"), STANDING).looking(),
        TownshipFilter("township", _l("Township"), lambda code: P.township_code == code),
        VillageFilter("village", _l("Village or community"), lambda code: P.village_code == code),
        AddresseeFilter("who", _l("Addressee"), lambda text: or_(P.addressee.startswith(text), P.case_no == text)),
        DayFilter("from", _l("From"), lambda day: P.on >= day),
        DayFilter("until", _l("Until"), lambda day: P.on <= day),
    )
    cells: ClassVar[dict[str, Any]] = {
        "number": lambda p: str(number_of(p) or ""),
        "office": lambda p: places.name(p.office_code),
        "replaces": lambda p: cells.link(url_for("papers.issued", id=p.replaces_id), p.why) if p.replaces_id else None,
    }

    def scope(self, query: Any) -> Any:
        return scoped(query, IssuedPaper, actor())

    def get_empty_list_message(self) -> str:
        """What would fill the register."""
        return gettext("No paper was issued yet. What is issued from a case or from “Papers to issue” stands here.")

    def row_url(self, row: Any) -> str:
        return url_for("papers.issued", id=row.id)

    def total(self, page: Page) -> str:
        if page.capped:
            return gettext("More than %(count)s papers", count=page.beyond)
        return ngettext("%(count)s paper", "%(count)s papers", page.count, count=f"{page.count:,}")
