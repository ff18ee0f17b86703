"""The desk's numbers place by place: townships for the county, villages for a township; each opens its list."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from policy.vocabulary import IN_FORCE, UNDECIDED
from views import places
from views.rendering import Once, macros
from workflows.actor import Actor
from workflows.desk import Count

KINDS = ("review", "visit", "stage:", "waiting:")
HEADS = (_l("Undecided"), _l("Steps overdue"), _l("Rechecks due"), _l("Visits due"), _l("In force"))
VILLAGE_DIGITS = 12


def below(actor: Actor) -> dict[str, str]:
    """The places directly under the reader, names by code; none for who sits in a village."""
    if len(actor.division_code) >= VILLAGE_DIGITS:
        return {}
    county = len(actor.division_code) < VILLAGE_DIGITS - 3
    return dict(places.townships(actor) if county else places.villages(actor))


def by_place(found: dict[str, str], counts: dict[str, dict[str, Count]], once: Once) -> Markup:
    """A row for each of these places."""
    rows = tuple((name, code, *counts[code].items()) for code, name in found.items())
    return once(lambda: _table(rows, once), "places", rows) if rows else Markup()


def _table(rows: tuple[Any, ...], once: Once) -> Markup:
    lines, heads = macros("panel/desk_rows.html"), [str(head) for head in HEADS]
    written = (once(lambda row=row: lines.place(_row(*row[:2], dict(row[2:])), heads), "place", *row) for row in rows)
    table: Markup = lines.by_place(Markup().join(written), heads)
    return table


def _row(name: str, code: str, counts: dict[str, Count]) -> dict[str, Any]:
    where = {"village" if len(code) == VILLAGE_DIGITS else "township": code}
    undecided, in_force = sum(one.total for one in in_stages(counts, UNDECIDED)), in_stages(counts, IN_FORCE)
    late = sum(count.overdue for kind, count in counts.items() if kind.startswith("waiting:"))
    return {
        "name": name,
        "cells": [
            (undecided, url_for("benefit.index_view", **where, stage="undecided"), ""),
            (late, url_for("benefit.index_view", **where, due="overdue"), "over" if late else ""),
            (_soon(counts, "review"), url_for("benefit.index_view", **where, review="soon"), ""),
            (_soon(counts, "visit"), url_for("visit.index_view", **where, due="soon"), ""),
            (sum(one.total for one in in_force), url_for("benefit.index_view", **where, stage="in_force"), ""),
        ],
        "persons": sum(one.persons for one in in_force),
        "amount_fen": sum(one.amount_fen for one in in_force),
    }


def in_stages(counts: dict[str, Count], stages: Any) -> list[Count]:
    """The counts of every scheme's cases in these stages."""
    return [count for kind, count in counts.items() if kind.startswith("stage:") and kind.split(":")[-1] in stages]


def _soon(counts: dict[str, Count], kind: str) -> int:
    count = counts.get(kind, Count())
    return count.overdue + count.today + count.week
