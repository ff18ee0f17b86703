"""The desk's numbers place by place: townships for the county, villages for a township; each opens its list."""

from datetime import date
from typing import Any

from flask import url_for

from policy.vocabulary import IN_FORCE, UNDECIDED
from views import places
from views.db import db
from views.desk_tiles import in_stages
from workflows import desk
from workflows.actor import Actor
from workflows.desk import Count

KINDS = ("review", "visit", "stage:", "waiting:")
VILLAGE_DIGITS = 12


def by_place(actor: Actor, today: date) -> list[dict[str, Any]]:
    """A row for each place directly under the reader, in one statement; none for who sits in a village."""
    if len(actor.division_code) >= VILLAGE_DIGITS:
        return []
    county = len(actor.division_code) < VILLAGE_DIGITS - 3
    found = places.townships(actor) if county else places.villages(actor)
    counts = desk.counts_by_place(db.session, [code for code, _ in found], KINDS, today)
    return [_row(name, "township" if county else "village", code, counts[code]) for code, name in found]


def _row(name: str, filter: str, code: str, counts: dict[str, Count]) -> dict[str, Any]:
    where = {filter: code}
    undecided, in_force = in_stages(counts, UNDECIDED), in_stages(counts, IN_FORCE)
    late = sum(count.overdue for kind, count in counts.items() if kind.startswith("waiting:"))
    return {
        "name": name,
        "cells": [
            (_total(undecided), url_for("benefit.index_view", **where, stage="undecided"), ""),
            (late, url_for("benefit.index_view", **where, due="overdue"), "over" if late else ""),
            (_soon(counts.get("review")), url_for("benefit.index_view", **where, review="soon"), ""),
            (_soon(counts.get("visit")), url_for("visit.index_view", **where, due="soon"), ""),
            (_total(in_force), url_for("benefit.index_view", **where, stage="in_force"), ""),
        ],
        "persons": sum(count.persons for count in in_force),
        "amount_fen": sum(count.amount_fen for count in in_force),
    }


def _total(counts: list[Count]) -> int:
    return sum(count.total for count in counts)


def _soon(count: Count | None) -> int:
    return count.overdue + count.today + count.week if count else 0
