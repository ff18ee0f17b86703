"""The desk's numbers place by place: townships for the county, villages for a township; each opens its list."""

from datetime import date
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext
from markupsafe import Markup

from policy.division_codes import in_township, is_village
from policy.vocabulary import IN_FORCE, UNDECIDED
from views import places
from views.formats import yuan
from views.rendering import Once
from workflows.actor import Actor
from workflows.desk import Count

KINDS = ("review", "visit", "stage:", "waiting:")
MOST_KEPT = 2_000


def below(actor: Actor) -> dict[str, str]:
    """The places directly under the reader, names by code; none for who sits in a village."""
    if is_village(actor.division_code):
        return {}
    known, kept = places.names(), current_app.extensions.setdefault("doudi_below", {})
    found: tuple[Any, dict[str, str]] | None = kept.get(actor.division_code)
    if found is None or found[0] is not known:
        villages = in_township(actor.division_code)
        found = kept[actor.division_code] = known, dict(places.villages(actor) if villages else places.townships(actor))
    return found[1]


class Rows:
    """The rows of these places (names by code); a row is kept until the mark of its place changes."""

    def __init__(self, found: dict[str, str], marks: dict[str, str], on: date, once: Once) -> None:
        kept = current_app.extensions.setdefault("doudi_place_rows", {})
        if len(kept) >= MOST_KEPT:
            kept.clear()
        self.found, self.once, self.kept = found, once, kept
        self.keys = {code: (code, name, on, *once.where) for code, name in found.items()}
        self.marks = marks
        self.stale = [code for code, key in self.keys.items() if not self._holds(code, key)]
        """Codes of places whose row is not kept: these are counted anew."""

    def _holds(self, code: str, key: Any) -> bool:
        return code in self.marks and key in self.kept and self.kept[key][0] == self.marks[code]

    def written(self, counts: dict[str, dict[str, Count]], lines: Any) -> Markup:
        """The table, where there is any row; ``counts`` of those that are stale, ``lines``: the macros of rows."""
        if not self.found:
            return Markup()
        for code in self.stale:
            sums = _sums(counts[code])
            self.kept[self.keys[code]] = self.marks.get(code), self._line(code, _written(sums), lines), sums
        rows = [self.kept[key] for key in self.keys.values()]
        written = [line for _, line, _ in rows] + ([_total([sums for *_, sums in rows], lines)] if rows[1:] else [])
        return self.once(lines.by_place, "places", rows="".join(written))

    def _line(self, code: str, numbers: dict[str, str], lines: Any) -> Markup:
        """A row: rendered once for each set of numbers that are 0 (and so lead nowhere), with gaps for the numbers."""
        name, nothing = self.found[code], frozenset(kind for kind in CELLS if numbers[kind] == "0")

        def write(**gaps: Markup) -> Any:
            where: dict[str, Any] = {"village" if is_village(code) else "township": code}
            cells = [
                (gaps[kind], "" if kind in nothing else url_for(endpoint, **where, **asked), tone)
                for kind, (endpoint, tone, asked) in CELLS.items()
            ]
            return lines.place({"name": name, "cells": cells, **gaps})

        return self.once(write, "place", code, name, nothing, **numbers)


CELLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "undecided": ("benefit.index_view", "", {"stage": "undecided"}),
    "late": ("benefit.index_view", "over", {"due": "overdue"}),
    "review": ("benefit.index_view", "", {"review": "soon"}),
    "visit": ("visit.index_view", "", {"due": "soon"}),
    "in_force": ("benefit.index_view", "", {"stage": "in_force"}),
}
"""The numbers of a place that lead to a list: where it is, their colour, and what is asked there."""


def _total(rows: list[dict[str, int]], lines: Any) -> str:
    """The last row: what the places have together, which opens no list."""
    numbers = _written({kind: sum(row[kind] for row in rows) for kind in rows[0]})
    cells = [(numbers[kind], "", "") for kind in CELLS]
    return str(lines.place({"name": gettext("Total"), "cells": cells, **numbers}))


def _sums(counts: dict[str, Count]) -> dict[str, int]:
    """What a row tells: the numbers of ``CELLS``, and who is paid how much."""
    in_force = in_stages(counts, IN_FORCE)
    return {
        "undecided": sum(one.total for one in in_stages(counts, UNDECIDED)),
        "late": sum(count.overdue for kind, count in counts.items() if kind.startswith("waiting:")),
        "review": _soon(counts, "review"),
        "visit": _soon(counts, "visit"),
        "in_force": sum(one.total for one in in_force),
        "persons": sum(one.persons for one in in_force), "amount": sum(one.amount_fen for one in in_force),
    }  # fmt: skip


def _written(sums: dict[str, int]) -> dict[str, str]:
    """The same as text, the amount (分) in 元."""
    return {kind: yuan(n) if kind == "amount" else f"{n:,}" for kind, n in sums.items()}


def in_stages(counts: dict[str, Count], stages: Any) -> list[Count]:
    """The counts of every scheme's cases in these stages."""
    return [count for kind, count in counts.items() if kind.startswith("stage:") and kind.split(":")[-1] in stages]


def _soon(counts: dict[str, Count], kind: str) -> int:
    count = counts.get(kind, Count())
    return count.overdue + count.today + count.week
