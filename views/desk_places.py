"""The desk's numbers place by place: townships for the county, villages for a township; each opens its list."""

from datetime import date
from typing import Any

from flask import url_for

from policy.vocabulary import IN_FORCE, UNDECIDED, Scheme
from views import places
from views.db import db
from workflows import desk
from workflows.actor import Actor
from workflows.desk import Count

KINDS = {
    "undecided": tuple(f"stage:{scheme}:{stage}" for scheme in Scheme for stage in UNDECIDED),
    "late": ("waiting:",),
    "review": ("review",),
    "visit": ("visit",),
    "in_force": tuple(f"stage:{scheme}:{stage}" for scheme in Scheme for stage in IN_FORCE),
}
VILLAGE_DIGITS = 12


def by_place(actor: Actor, today: date) -> list[dict[str, Any]]:
    """A row for each place directly under the reader, in one statement; none for who sits in a village."""
    if len(actor.division_code) >= VILLAGE_DIGITS:
        return []
    county = len(actor.division_code) < VILLAGE_DIGITS - 3
    found = places.townships(actor) if county else places.villages(actor)
    counts = desk.soon_by_place(db.session, [code for code, _ in found], KINDS, today)
    return [_row(name, "township" if county else "village", code, counts[code]) for code, name in found]


def _row(name: str, filter: str, code: str, counts: dict[str, Count]) -> dict[str, Any]:
    where = {filter: code}
    undecided, late, in_force = counts["undecided"].total, counts["late"].overdue, counts["in_force"]
    return {
        "name": name,
        "cells": [
            (undecided, url_for("benefit.index_view", **where, stage="undecided"), ""),
            (late, url_for("benefit.index_view", **where, due="overdue"), "over" if late else ""),
            (_soon(counts["review"]), url_for("benefit.index_view", **where, review="soon"), ""),
            (_soon(counts["visit"]), url_for("visit.index_view", **where, due="soon"), ""),
            (in_force.total, url_for("benefit.index_view", **where, stage="in_force"), ""),
        ],
        "persons": in_force.persons,
        "amount_fen": in_force.amount_fen,
    }


def _soon(count: Count) -> int:
    return count.overdue + count.today + count.week
