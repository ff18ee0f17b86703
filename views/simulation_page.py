"""What the pages of a simulation show: the form's rows, and scenarios side by side in the whole, by place, by class."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from models import Recalculation
from policy.book import Book
from policy.division_codes import county_of
from policy.figure_keys import KNOWN_KEYS
from policy.figures import MissingFigure
from views import charts, places
from views.context import actor, figures, today
from views.figure_words import key_label, value_text
from views.formats import NOTHING, yuan
from views.recalculation_page import plan_of, signed
from workflows import simulation
from workflows.tallies import CLASSES

ROWS = 4
AREAS = ("dibao.", "single.", "expenditure.", "deduct.", "impute.", "exempt.", "support.", "property.", "grace.",
         "age.", "work.", "tekun.", "living_subsidy.", "care_subsidy.", "orphan.", "unsupported_child.")  # fmt: skip
"""Figures that the amount of a paid family rests on."""
CLASS_WORDS: dict[str, Any] = {
    "elderly": _l("Elderly"), "minor": _l("Minors"), "severe_disability": _l("Severely disabled"),
    "major_illness": _l("Major illness"),
}  # fmt: skip
SUM_WORDS: dict[str, Any] = {
    "families": _l("Families"), "people": _l("People"), "up": _l("Higher"), "down": _l("Lower"),
    "same": _l("Unchanged"), "over": _l("Over the line"), "eased": _l("of them in a grace period"),
    "back": _l("Not over the line any more"), "in": _l("Would be let in"), "incomplete": _l("Facts are missing"),
    "grace": _l("In grace period"), "special": _l("Decision on the single case"),
    "before_fen": _l("A month by today's rules (yuan)"), "month_fen": _l("A month (yuan)"),
    "difference_fen": _l("Difference a month (yuan)"), "year_fen": _l("Difference a year (yuan)"),
}  # fmt: skip


def words() -> dict[str, str]:
    """Headers and classes in the reader's language."""
    told = {
        "scenario": gettext("Scenario"), "kind": gettext("Sorted by"), "name": gettext("Place or class"),
        "all": gettext("Total"), "township": gettext("Township"), "class": gettext("Class"),
    }  # fmt: skip
    return told | {name: str(word) for name, word in (SUM_WORDS | CLASS_WORDS).items()}


def choices() -> list[tuple[str, str]]:
    """The figures a scenario may change, each with its name and the value in force."""
    place = county_of(actor().division_code)
    book = Book.open(figures(), place, today())
    return [(key, _named(book, key)) for key in KNOWN_KEYS if key.startswith(AREAS)]


def _named(book: Book, key: str) -> str:
    try:
        found = book.find(key)
    except MissingFigure:
        found = None
    name = key_label(key)
    return gettext("%(name)s (now %(value)s)", name=name, value=value_text(found)) if found else name


def rows(form: Mapping[str, Any]) -> list[list[tuple[str, str]]]:
    """The rows of each scenario as typed so far, and empty ones; one more where it is asked for."""
    found = []
    for n in range(simulation.MOST_SCENARIOS):
        keys, values = (form.getlist(f"{name}-{n}") if form else [] for name in ("key", "value"))  # type: ignore[attr-defined]
        typed = [pair for pair in zip(keys, values, strict=False) if any(pair)]
        wanted = max(len(keys), ROWS) + (form.get("add_row") == str(n))
        found.append(typed + [("", "")] * (wanted - len(typed)))
    return found


def compared(batch: Recalculation) -> list[tuple[str, list[str]]]:
    """(what, one cell for today and one for each scenario) of the whole."""
    totals = [plan_of(batch, n)["total"] for n in range(len(batch.scenarios))]
    base = totals[0]
    lines = [(str(SUM_WORDS["families"]), [_n(base["families"]), *(_n(t["families"]) for t in totals)]),
             (str(SUM_WORDS["people"]), [_n(base["people"]), *(_n(t["people"]) for t in totals)])]  # fmt: skip
    moved = ("up", "down", "same", "over", "eased", "back", "in", "grace", "special", "incomplete")
    lines += [(str(SUM_WORDS[name]), [NOTHING, *(_n(t[name]) for t in totals)]) for name in moved]
    sums = [simulation.money(total) for total in totals]
    lines.append((str(SUM_WORDS["month_fen"]), [yuan(base["before_fen"]), *(yuan(s["month_fen"]) for s in sums)]))
    differences = ("difference_fen", "year_fen")
    return lines + [(str(SUM_WORDS[name]), [NOTHING, *(signed(s[name]) for s in sums)]) for name in differences]


def _n(number: int) -> str:
    return f"{number:,}"


def heads(batch: Recalculation) -> list[str]:
    """Today, and the scenarios by name."""
    return [gettext("Today's figures"), *(str(one["name"]) for one in batch.scenarios)]


def groups(batch: Recalculation, kind: str) -> list[tuple[str, str, list[Mapping[str, int]]]]:
    """(code, name, sums of each scenario) of the townships or the classes."""
    plans = [plan_of(batch, n)[kind] for n in range(len(batch.scenarios))]
    codes: Sequence[str] = sorted(set().union(*plans)) if kind == "townships" else CLASSES
    nothing = {**dict.fromkeys(plan_of(batch)["total"], 0)}
    name = places.name if kind == "townships" else lambda code: str(CLASS_WORDS[code])
    return [(code, name(code), [plan.get(code, nothing) for plan in plans]) for code in codes]


def chart(batch: Recalculation, kind: str) -> charts.Chart:
    """Money a month today and under each scenario."""
    rows = []
    for code, name, tallies in groups(batch, kind):
        values = [tallies[0]["before_fen"], *(simulation.money(tally)["month_fen"] for tally in tallies)]
        url = url_for("simulation.page", id=batch.id, township=code, _anchor="families") if kind == "townships" else ""
        rows.append((name, url, values, [yuan(value) for value in values]))
    return charts.bars(rows, heads(batch))


def side_of(batch: Recalculation, scenario: int) -> str:
    """The first side to which, or from which, a family changes; over the line where none does."""
    total = plan_of(batch, scenario)["total"]
    return next((name for name in simulation.SIDES if total.get(name)), simulation.SIDES[0])


def sides(batch: Recalculation, shown: Any) -> list[dict[str, Any]]:
    """The lists of families that change sides, scenario by scenario."""
    return [
        {"label": f"{one['name']} · {SUM_WORDS[name]}", "count": _n(plan_of(batch, n)["total"].get(name, 0)),
         "current": (n, name) == (shown.scenario, shown.tab), "tone": "",
         "url": url_for("simulation.page", id=batch.id, scenario=n, tab=name, _anchor="families")}
        for n, one in enumerate(batch.scenarios) for name in simulation.SIDES
    ]  # fmt: skip


money = simulation.money
