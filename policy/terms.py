"""How long 低保边缘 and 刚性支出困难家庭 are recognised, when they may renew, and which schemes exist here."""

from datetime import date, timedelta

from policy.calendar import add_months
from policy.figure_keys import KNOWN_KEYS
from policy.figures import Figures
from policy.vocabulary import CLASSES, Scheme

LONGEST_RIGID = 12
"""Months; 《刚性支出困难家庭认定办法》: a recognition holds no longer, whatever a place enters."""
_FIRST = {Scheme.EDGE: "edge.income_multiple", Scheme.RIGID: "rigid.spending_percent"}
"""The figure without which a class does not exist."""


def exists_here(figures: Figures, scheme: Scheme, place: str, on: date) -> bool:
    """Whether a scheme exists at a place on a day: somebody may confirm it, and its line is known."""
    keys = [f"delegate.{scheme.value}", *([_FIRST[scheme]] if scheme in _FIRST else [])]
    return all(key not in KNOWN_KEYS or figures.find(key, place=place, on=on) is not None for key in keys)


def term_months(figures: Figures, scheme: Scheme, place: str, on: date) -> int | None:
    """The longest term in months of a class here; None for other schemes, or where no term is set."""
    if scheme not in CLASSES:
        return None
    figure = figures.find(f"{scheme.value}.valid_months", place=place, on=on)
    if figure is None:
        return None
    return min(figure.whole, LONGEST_RIGID) if scheme is Scheme.RIGID else figure.whole


def valid_until(on: date, months: int) -> date:
    """The last day of a term of so many months that begins today."""
    return add_months(on, months) - timedelta(days=1)


def renew_from(figures: Figures, place: str, on: date, until: date) -> date:
    """The day from which a renewal is taken: so many days before the last, or that day where no figure says."""
    figure = figures.find("renew.days", place=place, on=on)
    return until - timedelta(days=figure.whole if figure else 0)
