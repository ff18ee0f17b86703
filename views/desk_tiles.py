"""The numbers of the desk, counted in one statement, each with the list that holds as many."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import Connection

from policy.vocabulary import IN_FORCE, UNDECIDED, Role
from views import desk_places
from views.desk_places import in_stages
from views.formats import yuan
from workflows import desk
from workflows.actor import Actor
from workflows.desk import Count

KINDS = (
    "household", "member", "notice", "paper", "family_task", "agreement", "changed_visit", desk.LEAD, "stage:",
    "waiting:",
)  # fmt: skip
SOON = ("review", "grace", "visit", "watch", "term")
"""Of these the desk tells what falls due within the week."""
QUEUED = frozenset(
    {Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER}
)  # the roles a step ever waits for


def counted(
    reader: Connection, actor: Actor, today: date, codes: Iterable[str]
) -> tuple[dict[str, Count], dict[str, dict[str, Count]]]:
    """Everything the desk counts under the reader, and of the places ``codes`` in it, in one statement."""
    asked = desk.Asked(KINDS, SOON, desk_places.KINDS, tuple(codes))
    return desk.with_places(reader, actor, asked, today)


def tiles(counts: dict[str, Count], role: Role) -> list[dict[str, Any]]:
    """The tiles of a role: what waits for it, or what is late with anybody, then what falls due and what is paid."""
    notices = _due(
        gettext("Notices ending"), counts["notice"], url_for("benefit.index_view", notice="soon"), _of_notices(counts)
    )
    mine = counts.get(f"waiting:{role}", Count())
    return [
        *([*_waiting(mine), notices] if role in QUEUED else _late(counts)),
        _due(gettext("Rechecks due"), counts["review"], url_for("benefit.index_view", review="soon")),
        _due(gettext("Visits due"), counts["visit"], url_for("visit.index_view", due="soon")),
        _papers(counts["paper"]),
        *_family_tasks(counts["family_task"]),
        *_watched(counts["watch"]),
        _in_force(counts),
    ]


def _tile(label: str, count: int, url: str, note: str = "", tone: str = "", unit: str = "") -> dict[str, Any]:
    return {"label": label, "count": f"{count:,}", "url": url, "note": note, "tone": tone, "unit": unit}


def _waiting(mine: Count) -> list[dict[str, Any]]:
    note, tone = _lateness(mine)
    return [_tile(gettext("Waiting for me"), mine.total, url_for("desk.queue"), note, tone)]


def _late(counts: dict[str, Count]) -> list[dict[str, Any]]:
    """For who has no queue of their own: how many cases are undecided, how many of all steps are late."""
    undecided = sum(count.total for count in in_stages(counts, UNDECIDED))
    late = sum(count.overdue for kind, count in counts.items() if kind.startswith("waiting:"))
    return [
        _tile(gettext("Undecided"), undecided, url_for("benefit.index_view", stage="undecided")),
        _tile(
            gettext("Steps overdue"), late, url_for("benefit.index_view", due="overdue"), tone="over" if late else ""
        ),
    ]


def _due(label: str, count: Count, url: str, note: str = "") -> dict[str, Any]:
    late, tone = _lateness(count)
    return _tile(label, count.overdue + count.today + count.week, url, late or note or gettext("within 7 days"), tone)


def _of_notices(counts: dict[str, Count]) -> str:
    return gettext("of %(n)s on notice", n=counts["notice"].total) if counts["notice"].total else ""


def _papers(count: Count) -> dict[str, Any]:
    note, tone = _lateness(count)
    return _tile(gettext("Papers owed"), count.total, url_for("owed_paper.index_view"), note, tone)


def _watched(count: Count) -> list[dict[str, Any]]:
    """Families of the watch list to be looked at again; no tile where none waits."""
    soon = count.overdue + count.today + count.week
    if not soon:
        return []
    return [_due(gettext("Watch list: to be looked at"), count, url_for("watch.index_view", due="soon"))]


def _family_tasks(count: Count) -> list[dict[str, Any]]:
    """What waits because families changed; no tile where nothing does."""
    note, tone = _lateness(count)
    shown = _tile(gettext("Changes in families"), count.total, url_for("household_tasks.index"), note, tone)
    return [shown] if count.total else []


def _in_force(counts: dict[str, Count]) -> dict[str, Any]:
    found = in_stages(counts, IN_FORCE)
    persons, amount = sum(count.persons for count in found), sum(count.amount_fen for count in found)
    note = gettext("%(persons)s persons · %(amount)s yuan a month", persons=f"{persons:,}", amount=yuan(amount))
    return _tile(
        gettext("In force"), sum(c.total for c in found), url_for("benefit.index_view", stage="in_force"), note
    )


def _lateness(count: Count) -> tuple[str, str]:
    if count.overdue:
        return gettext("%(n)s overdue", n=count.overdue), "over"
    return (gettext("%(n)s due today", n=count.today), "due") if count.today else ("", "")
