"""The menu: groups of pages in the order of the office's day; a person sees what the table of permissions allows.

To add a page: one ``Item(label, endpoint)`` in MENU; ``count`` is a kind of ``workflows.desk_counted``, or nothing.
An item that is not open to the reader is not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from policy.vocabulary import Role
from views.context import actor, place_mark, reader, today
from views.db import db
from views.permissions import allowed
from views.rendering import NONE
from workflows import desk
from workflows.actor import Actor

MOST_KEPT = 500
"""Counts kept for menus, of places and roles."""


@dataclass(frozen=True)
class Item:
    """A page in the menu; ``soon``: its list, and the number beside it, is what falls due within seven days."""

    label: Any
    endpoint: str
    count: str = ""
    dated: bool = False
    soon: bool = False
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def counted(self) -> str:
        """What it counts, as a name."""
        return self.count.partition(":")[0]

    def kind_for(self, role: Role | None) -> str:
        """What the desk counts for it, for somebody of this role."""
        return self.count.replace("{role}", str(role)) if self.count else ""


MENU: tuple[tuple[Any, tuple[Item, ...]], ...] = (
    (
        _l("Today"),
        (
            Item(_l("Desk"), "desk.index", "waiting:{role}", dated=True),
            Item(_l("New application"), "application.index"),
            Item(_l("My round"), "rounds.index"),
        ),
    ),
    (
        _l("Records"),
        (
            Item(_l("Households"), "household.index_view", "household"),
            Item(_l("Members"), "member.index_view", "member"),
            Item(_l("Benefits"), "benefit.index_view"),
            Item(_l("Visits"), "visit.index_view", "visit", dated=True, soon=True, arguments={"due": "soon"}),
            Item(_l("Leads"), "leads.index", "lead"),
            Item(_l("Entitled without aid"), "entitlement.index"),
            Item(_l("Changes in families"), "household_tasks.index", "family_task", dated=True),
            Item(_l("Watch list"), "watch.index_view", "watch", dated=True, soon=True, arguments={"due": "soon"}),
            Item(_l("Papers to issue"), "papers.many"),
            Item(_l("Public notices to print"), "papers.notice"),
            Item(_l("Notices and lists"), "papers.lists"),
            Item(_l("Register of issued papers"), "issued_paper.index_view"),
        ),
    ),
    (
        _l("Policy"),
        (
            Item(_l("Trial calculation"), "trial.index"),
            Item(_l("Adjustment to new figures"), "recalculation.index"),
            Item(_l("Policy simulation"), "simulation.index"),
            Item(_l("Policy figures"), "figures.index"),
            Item(_l("Five places compared"), "comparison.index"),
        ),
    ),
    (
        _l("Office"),
        (
            Item(_l("Import"), "importing.index"),
            Item(_l("Rosters to export"), "exporting.index"),
            Item(_l("Match lists"), "matching.index"),
            Item(_l("Near relatives"), "near_relative.index"),
            Item(_l("County checks"), "county_checks.index"),
            Item(_l("Numbers of papers"), "papers.offices"),
            Item(_l("Wording of letters"), "papers.templates"),
            Item(_l("Users"), "users.index"),
            Item(_l("Divisions"), "division.index_view"),
            Item(_l("Audit"), "audit.index_view"),
        ),
    ),
    (_l("Help"), (Item(_l("Stages and steps"), "help.machine"),)),
)


PART_OF = {
    "import_reading": "importing",
    "import_undo": "importing",
    "import_again": "importing",
    "matching_work": "matching",
    "papers.together": "papers.many",
    "papers.aside": "papers.many",
    "papers.list_page": "papers.lists",
}
"""Pages, and families of pages, that belong to an item of the menu under another name."""
NUMBERED = tuple(item for _, items in MENU for item in items if item.count)
FRAME = {
    "account_url": "account.index", "logout_url": "login.logout", "search_url": "search.index",
    "palette_url": "palette.entries", "all_url": "search.page",
}  # fmt: skip
COUNTED = ("household", "member", "visit", "family_task", "watch", desk.LEAD)
"""What the desk counts for every menu; for who has a queue, what waits there as well."""


def menu(badges: Mapping[str, str] = NONE) -> list[dict[str, Any]]:
    """The groups and items for the layout, with the number beside each by what it counts."""
    user = reader()
    if not user or not user.is_authenticated:
        return []
    here = _here()
    return [
        {
            "label": label,
            "items": [
                {**said, "current": here == page, "badge": badges.get(item.counted)} for item, page, said in items
            ],
        }
        for label, items in _standing()
    ]


def key() -> tuple[Any, ...]:
    """What the menu of this page depends on, apart from its numbers: the reader's role, and the page."""
    return reader().role, _here()


def badges() -> dict[str, Markup]:
    """The number beside each item that has one: how many the list behind it holds."""
    known, role = counts(), reader().role
    return {item.counted: _badge(item, known.get(item.kind_for(role))) for item in NUMBERED}


def _kinds() -> tuple[str, ...]:
    """Which counts of the desk the menu of the reader's role shows."""
    role = reader().role
    return (*COUNTED, f"waiting:{role}") if role else COUNTED


def _whose() -> tuple[Any, ...]:
    """What the words and addresses of the frame depend on."""
    return reader().role, str(get_locale()), request.script_root


def _here() -> str:
    """The item of the menu that the page belongs to: the page itself, or the only one of its family."""
    endpoint = PART_OF.get(request.endpoint or "", request.endpoint or "")
    family = endpoint.split(".")[0]
    return endpoint if family == "papers" else PART_OF.get(family, family)


def _standing() -> list[tuple[str, list[tuple[Item, str, dict[str, str]]]]]:
    """The menu's groups and items without marks and numbers: put together once for each role and language."""
    kept = current_app.extensions.setdefault("doudi_menu", {})
    key = _whose()
    if key not in kept:
        groups = [(str(label), [_said(i) for i in items if allowed(i.endpoint)]) for label, items in MENU]
        kept[key] = [(label, items) for label, items in groups if items]
    found: list[tuple[str, list[tuple[Item, str, dict[str, str]]]]] = kept[key]
    return found


def _said(item: Item) -> tuple[Item, str, dict[str, str]]:
    family = item.endpoint.split(".")[0]
    return item, item.endpoint if family == "papers" else family, {
        "label": str(item.label), "url": url_for(item.endpoint, **item.arguments)
    }  # fmt: skip


def first_address() -> str | None:
    """The first page of the reader's menu."""
    for _, items in MENU:
        for item in items:
            if allowed(item.endpoint):
                return url_for(item.endpoint)
    return None


def frame_addresses() -> dict[str, str]:
    """Addresses in the top bar, as far as they are open to the reader; the same on every page of a role."""
    kept: dict[Any, dict[str, str]] = current_app.extensions.setdefault("doudi_frame", {})
    key = _whose()
    if key not in kept:
        kept[key] = {name: url_for(endpoint) for name, endpoint in FRAME.items() if allowed(endpoint)}
    return kept[key]


def _badge(item: Item, found: desk.Count | None) -> Markup:
    """Nothing where there is nothing."""
    if found is None or not (number := found.overdue + found.today + found.week if item.soon else found.total):
        return Markup()
    tone = "" if not item.dated else "over" if found.overdue else "due" if found.today else ""
    return Markup(f'<span class="n {tone}">{number:,}</span>')  # noqa: S704 (a number, and a word of ours)


def counts() -> dict[str, desk.Count]:
    """The desk's counts that the menu shows, read once a request and anew when the reader's place changed."""
    if "menu_counts" not in g:
        who = actor()
        g.menu_counts = _counted(who) if who.sees_cases else {}
    found: dict[str, desk.Count] = g.menu_counts
    return found


def _counted(who: Actor) -> dict[str, desk.Count]:
    kept = current_app.extensions.setdefault("doudi_menu_counts", {})
    mark, key = place_mark(), (who.role, who.division_code, today())
    found = kept.get(key)
    if mark is None or found is None or found[0] != mark:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = kept[key] = mark, desk.counts(db.session.connection(), who, _kinds(), today())
    told: dict[str, desk.Count] = found[1]
    return told
