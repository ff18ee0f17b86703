"""The numbers of the desk, counted in one statement, each with the list that holds as many."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup, escape
from sqlalchemy import Connection

from policy.vocabulary import IN_FORCE, UNDECIDED, Role
from views import desk_places, leads, papers_many
from views.desk_places import in_stages
from views.formats import yuan
from views.rendering import Once, macros
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


def counted(reader: Connection, actor: Actor, today: date, codes: Iterable[str]) -> desk.Told:
    """Everything the desk counts under the reader, and of the places ``codes`` in it, in one statement."""
    asked = desk.Asked(KINDS, SOON, desk_places.KINDS, tuple(codes), marked=True)
    return desk.with_places(reader, actor, asked, today)


def tiles(counts: dict[str, Count], role: Role, letters: int, once: Once) -> Markup:
    """The tiles of a role, each written once for what it tells."""
    written = [
        once(partial(_written, tell, told, once), "tile", role, tell.__qualname__, tell.__module__, told)
        for tell, told in _told(counts, role, letters)
    ]
    return Markup("".join(written))  # noqa: S704 (each is markup)


def _written(tell: Any, told: tuple[Any, ...], once: Once) -> Markup:
    """These tiles as markup; each is rendered once, with gaps for its number and the words beside it."""
    write = macros("panel/kit/parts.html").tile
    return Markup("".join([_filled(write, shown, once) for shown in tell(*told)]))  # noqa: S704 (each is markup)


def _filled(write: Any, shown: dict[str, Any], once: Once) -> Markup:
    kept = [shown.get(name, "") for name in ("label", "url", "tone", "unit")]
    words = {name: escape(shown[name]) for name in ("count", "note") if shown.get(name)}
    return once(lambda **gaps: write({**shown, **gaps}), "tile of a kind", *kept, *words, **words)


def _told(counts: dict[str, Count], role: Role, letters: int) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """The tiles as values: what waits for the role (or is late with anybody), then what falls due and what is paid."""
    if role in QUEUED:
        yield _waiting, (counts.get(f"waiting:{role}", Count()),)
        yield _notices, (counts["notice"],)
    else:
        late = sum(count.overdue for kind, count in counts.items() if kind.startswith("waiting:"))
        yield _late, (sum(count.total for count in in_stages(counts, UNDECIDED)), late)
    yield _reviews, (counts["review"],)
    yield _visits, (counts["visit"],)
    yield _papers, (counts["paper"],)
    yield _family_tasks, (counts["family_task"],)
    yield _watched, (counts["watch"],)
    found = in_stages(counts, IN_FORCE)
    cases, persons = sum(count.total for count in found), sum(count.persons for count in found)
    yield _in_force, (cases, persons, sum(count.amount_fen for count in found))
    yield leads.tile, (counts["lead"],)
    yield papers_many.tile, (letters,)


def _tile(label: str, count: int, url: str, note: str = "", tone: str = "", unit: str = "") -> dict[str, Any]:
    return {"label": label, "count": f"{count:,}", "url": url, "note": note, "tone": tone, "unit": unit}


def _waiting(mine: Count) -> list[dict[str, Any]]:
    note, tone = _lateness(mine)
    return [_tile(gettext("Waiting for me"), mine.total, url_for("desk.queue"), note, tone)]


def _notices(count: Count) -> list[dict[str, Any]]:
    """Notices of which the last day is near or over; what is over is not late, it can be closed."""
    label, url = gettext("Notices ending"), url_for("benefit.index_view", notice="soon")
    if count.overdue:
        soon = count.overdue + count.today + count.week
        return [_tile(label, soon, url, gettext("%(n)s over, to be closed", n=count.overdue), "due")]
    return [_due(label, count, url, gettext("of %(n)s on notice", n=count.total) if count.total else "")]


def _reviews(count: Count) -> list[dict[str, Any]]:
    return [_due(gettext("Rechecks due"), count, url_for("benefit.index_view", review="soon"))]


def _visits(count: Count) -> list[dict[str, Any]]:
    return [_due(gettext("Visits due"), count, url_for("visit.index_view", due="soon"))]


def _late(undecided: int, late: int) -> list[dict[str, Any]]:
    """For who has no queue of their own: how many cases are undecided, how many of all steps are late."""
    return [
        _tile(gettext("Undecided"), undecided, url_for("benefit.index_view", stage="undecided")),
        _tile(
            gettext("Steps overdue"), late, url_for("benefit.index_view", due="overdue"), tone="over" if late else ""
        ),
    ]


def _due(label: str, count: Count, url: str, note: str = "") -> dict[str, Any]:
    late, tone = _lateness(count)
    return _tile(label, count.overdue + count.today + count.week, url, late or note or gettext("within 7 days"), tone)


def _papers(count: Count) -> list[dict[str, Any]]:
    note, tone = _lateness(count)
    return [_tile(gettext("Papers owed"), count.total, url_for("owed_paper.index_view"), note, tone)]


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


def _in_force(cases: int, persons: int, amount_fen: int) -> list[dict[str, Any]]:
    note = gettext("%(persons)s persons · %(amount)s yuan a month", persons=f"{persons:,}", amount=yuan(amount_fen))
    return [_tile(gettext("In force"), cases, url_for("benefit.index_view", stage="in_force"), note)]


def _lateness(count: Count) -> tuple[str, str]:
    if count.overdue:
        return gettext("%(n)s overdue", n=count.overdue), "over"
    return (gettext("%(n)s due today", n=count.today), "due") if count.today else ("", "")
