"""What the desk warns of: debts, figures that are only placeholders, a calendar not yet announced."""

from datetime import date, timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from policy.calendar import announced
from policy.division_codes import county_of
from policy.figure_keys import Status
from policy.figures import Figure, Figures
from policy.vocabulary import Role
from views.case_words import listed
from views.context import figures
from views.figure_words import key_label, topic_of
from views.rendering import Once, macros
from workflows.actor import Actor
from workflows.desk import Count
from workflows.visit_settling import SETTLERS

LONGEST_TERM = timedelta(days=100)  # 45 working days with the longest holidays in between
NAMED = 3


def warnings(counts: dict[str, Count], actor: Actor, today: date) -> list[dict[str, str]]:
    """Each warning with what to do about it, and where."""
    return [
        *_changed(counts, actor), *_debts(counts), *_grace(counts), *_terms(counts), *_agreements(counts),
        *_placeholders(actor, today), *_calendar(today),
    ]  # fmt: skip


def written_warnings(counts: dict[str, Count], actor: Actor, today: date, once: Once) -> Markup:
    """The warnings as the desk shows them; nothing where there is none."""
    county = county_of(actor.division_code)
    _, figure_keys = _standing_in(figures(), county, today)
    told = tuple(counts.get(kind) for kind in ("paper", "grace", "term", "agreement", "changed_visit"))

    def write() -> Any:
        return macros("panel/desk_rows.html").to_mind(warnings(counts, actor, today))

    return once(write, "warnings", told, actor.role, county, figure_keys, today)


def _changed(counts: dict[str, Count], actor: Actor) -> list[dict[str, str]]:
    """Visits that found something changed, which nobody looked into: the township's work."""
    found = counts["changed_visit"].total if "changed_visit" in counts and actor.role in SETTLERS else 0
    if not found:
        return []
    text = ngettext(
        "%(num)s visit found something changed; begin what it calls for, or note that nothing is needed",
        "%(num)s visits found something changed; begin what they call for, or note that nothing is needed", found,
    )  # fmt: skip
    return [{"text": text, "url": url_for("visit.index_view", state="open"), "link": gettext("See them")}]


def _debts(counts: dict[str, Count]) -> list[dict[str, str]]:
    late = counts["paper"].overdue
    if not late:
        return []
    text = ngettext(
        "%(num)s paper is overdue after aid was paid first",
        "%(num)s papers are overdue after aid was paid first", late,
    )  # fmt: skip
    return [{"text": text, "url": url_for("owed_paper.index_view", due="overdue"), "link": gettext("See them")}]


def _grace(counts: dict[str, Count]) -> list[dict[str, str]]:
    soon = counts["grace"].overdue + counts["grace"].today + counts["grace"].week
    if not soon:
        return []
    text = ngettext(
        "%(num)s grace period ends within 7 days", "%(num)s grace periods end within 7 days", soon,
    )  # fmt: skip
    return [{"text": text, "url": url_for("benefit.index_view", grace="soon"), "link": gettext("See them")}]


def _agreements(counts: dict[str, Count]) -> list[dict[str, str]]:
    lacking = counts["agreement"].total if "agreement" in counts else 0
    if not lacking:
        return []
    text = ngettext(
        "%(num)s case of support at home lacks a guardianship agreement",
        "%(num)s cases of support at home lack a guardianship agreement", lacking,
    )  # fmt: skip
    return [{"text": text, "url": url_for("benefit.index_view", mark="agreement_missing"), "link": gettext("See them")}]


def _terms(counts: dict[str, Count]) -> list[dict[str, str]]:
    """Recognitions whose renewal is taken now, or within a week: the families are to be told before they end."""
    count = counts["term"]
    soon = count.overdue + count.today + count.week
    if not soon:
        return []
    text = ngettext(
        "%(num)s recognition comes to its end; tell the family to apply for renewal",
        "%(num)s recognitions come to their end; tell the families to apply for renewal", soon,
    )  # fmt: skip
    return [{"text": text, "url": url_for("benefit.index_view", renewal="soon"), "link": gettext("See them")}]


def _placeholders(actor: Actor, today: date) -> list[dict[str, str]]:
    """Villages are not told: they enter no figure, and decide nothing by one."""
    if actor.role is Role.VILLAGE_WORKER:
        return []
    county = county_of(actor.division_code)
    found, _ = _standing_in(figures(), county, today)
    if not found:
        return []
    names = listed(key_label(figure.key) for figure in found[:NAMED])
    text = gettext(
        "%(n)s figures in force are only placeholders, among them: %(names)s. Have the county's own document entered.",
        n=len(found), names=names,
    )  # fmt: skip
    where = url_for("figures.index", place=county, show="placeholder")
    return [{"text": text, "url": where, "link": gettext("See them")}]


def _standing_in(known: Figures, county: str, on: date) -> tuple[list[Figure], tuple[str, ...]]:
    """The placeholders in force, topic by topic, and their keys; looked for once a day while no figure is entered."""
    kept = current_app.extensions.get("doudi_placeholders")
    if kept is None or kept[0] is not known or kept[1:3] != (county, on):
        found = _placeholding(known, county, on)
        told = found, tuple(figure.key for figure in found)
        kept = current_app.extensions["doudi_placeholders"] = known, county, on, told
    standing: tuple[list[Figure], tuple[str, ...]] = kept[3]
    return standing


def _placeholding(known: Figures, county: str, on: date) -> list[Figure]:
    found = [
        figure for figure in known
        if figure.status is Status.PLACEHOLDER and figure.holds_on(on) and county.startswith(figure.place)
        and known.get(figure.key, place=county, on=on) == figure
    ]  # fmt: skip
    return sorted(found, key=lambda figure: topic_of(figure.key))


def _calendar(today: date) -> list[dict[str, str]]:
    years = [year for year in dict.fromkeys((today.year, (today + LONGEST_TERM).year)) if not announced(year)]
    if not years:
        return []
    told = gettext(
        "The holidays of %(years)s are not announced; terms there leave out weekends and the holidays fixed by law.",
        years=listed(years),
    )
    return [{"text": told}]
