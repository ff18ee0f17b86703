"""Who may confirm, and by when: delegation and clocks by place, scheme, amount and date."""

from datetime import date

from policy.calendar import add_working_days
from policy.figure_keys import KNOWN_KEYS
from policy.figures import Figures
from policy.vocabulary import Area, Authority, ReviewClass, Scheme


def who_confirms(figures: Figures, scheme: Scheme, place: str, on: date, amount_fen: int | None = None) -> Authority:
    """Township or county, by what the county delegated; temporary aid above the township's limit (分) is the county's.

    Above the county's own ceiling its government decides (一事一议). 珙县试点工作方案 三(二); 民发〔2021〕57号 第二条.
    """
    if scheme is Scheme.TEMPORARY:
        ceiling = temporary_ceiling(figures, place, on)
        if ceiling is not None and (amount_fen or 0) > ceiling:
            return Authority.COUNTY_GOVERNMENT
    level = Authority(figures.get(f"delegate.{scheme}", place=place, on=on).word)
    limit = township_limit(figures, place, on) if scheme is Scheme.TEMPORARY else None
    return confirming(level, scheme is Scheme.TEMPORARY, limit, amount_fen)


def confirming(level: Authority, limited: bool, limit_fen: int | None, amount_fen: int | None) -> Authority:
    """Who confirms where ``level`` may: a ``limited`` scheme is the township's only within its limit (分)."""
    if level is Authority.TOWNSHIP and limited and (limit_fen is None or (amount_fen or 0) > limit_fen):
        return Authority.COUNTY
    return level


def township_limit(figures: Figures, place: str, on: date) -> int | None:
    """Most temporary aid (分) that a township confirms itself; None where the county set no limit."""
    figure = figures.find("temporary.township_limit", place=place, on=on)
    return None if figure is None else figure.whole


def temporary_ceiling(figures: Figures, place: str, on: date) -> int | None:
    """Most temporary aid (分) that the county's office confirms by itself; None where no ceiling is set."""
    figure = figures.find("temporary.ceiling", place=place, on=on)
    return None if figure is None else figure.whole


def grace_months(figures: Figures, place: str, on: date) -> tuple[int, int] | None:
    """Shortest and longest grace period in months; None where the place has no rule (珙县试点工作方案 二(一)1)."""
    least = figures.find("grace.months_min", place=place, on=on)
    most = figures.find("grace.months_max", place=place, on=on)
    return (least.whole if least else 1, most.whole) if most else None


def exit_months(figures: Figures, place: str, on: date) -> tuple[int, int] | None:
    """Least and most months of aid for who leaves by own wish; None where none is given (墩政〔2020〕48号 二(二))."""
    least = figures.find("exit.money_months_min", place=place, on=on)
    most = figures.find("exit.money_months_max", place=place, on=on)
    return (least.whole if least else 1, most.whole) if most else None


OWN_TERM = frozenset({"rigid"})
"""Schemes whose own rule says within how many working days they are decided."""


def decide_by(
    figures: Figures, place: str, accepted_on: date, authority: Authority, special: bool, scheme: str = ""
) -> date:
    """Last day for the whole case, counted in working days from acceptance (民发〔2021〕57号 第二十二条)."""
    return working_days_after(figures, term_key(authority, special, scheme), place, accepted_on)


def term_key(authority: Authority, special: bool, scheme: str = "") -> str:
    """The figure that holds the working days a case of a scheme may take; by authority where it has none of its own."""
    if scheme in OWN_TERM:
        return f"decide.{scheme}.special" if special else f"decide.{scheme}"
    if special:
        return "decide.special"
    return "decide.delegated" if authority is Authority.TOWNSHIP else "decide.working_days"


def review_months(figures: Figures, review_class: ReviewClass, area: Area, place: str, on: date) -> int:
    """Months until the next review: by class, town or country if they differ (before 2020-08-25: 民发〔2012〕220号).

    A class that the rules of the day do not know any more is looked at as one of changing income.
    """
    for key in (f"review.months.{review_class.value}.{area.value}", f"review.months.{review_class.value}"):
        if key in KNOWN_KEYS and (figure := figures.find(key, place=place, on=on)):
            return figure.whole
    return figures.get("review.months.changing", place=place, on=on).whole


def working_days_after(figures: Figures, key: str, place: str, start: date) -> date:
    """The last day of a term given in working days by the figure ``key``."""
    return add_working_days(start, figures.get(key, place=place, on=start).whole)
