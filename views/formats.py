"""How values look on screen: money, days, time left, sizes. Filters and globals of every template."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from babel.dates import format_date, format_skeleton
from flask import Flask, current_app, request, url_for
from flask_babel import get_locale, gettext, ngettext
from markupsafe import Markup

from policy import calendar, money
from policy.capitals import capitals
from policy.stage_words import stage_of
from views.i18n import translated

STATIC = Path(__file__).parent / "static"
NOTHING = "—"
SOON = 3  # days from which a deadline takes the warning colour


class Left(NamedTuple):
    """Time left until a due date: ``text`` in words, ``full`` with date, unit and clause, ``tone`` for CSS."""

    text: str
    full: str
    tone: str


def yuan(fen: int | None) -> str:
    """Return an amount of 分 as 元 with two decimals and thousands separators, a dash for none."""
    return NOTHING if fen is None else money.yuan(fen, grouped=True)


def day(value: date | None) -> str:
    """Return a date as 2021-08-03, a dash for none."""
    return value.strftime("%Y-%m-%d") if value else NOTHING


def moment(value: datetime | None) -> str:
    """Return a time as 2021-08-03 16:20, a dash for none."""
    return value.strftime("%Y-%m-%d %H:%M") if value else NOTHING


def law(text: Any) -> Any:
    """Words of a document, which stay in its language: marked as Chinese on a page that speaks another."""
    if not text or str(get_locale()) == "zh_Hans_CN":
        return text
    return Markup('<span lang="zh-CN">{}</span>').format(text)


def long_day(value: date) -> str:
    """Return a date with its weekday in the language of the page."""
    return format_date(value, "full", locale=get_locale())


def full_day(value: date | None) -> str:
    """Return a date as letters write it: 2021年8月3日; a dash for none."""
    return format_date(value, "long", locale=get_locale()) if value else NOTHING


def short_day(value: date) -> str:
    """Return month and day in the language of the page."""
    return format_skeleton("MMMd", value, locale=get_locale())


def near_day(value: date, today: date) -> str:
    """Return month and day in the language of the page, with the year where it is another than today's."""
    return short_day(value) if value.year == today.year else full_day(value)


def label(word: Any) -> str:
    """Return the translated label of a vocabulary word, a dash for none."""
    return translated(word.label) if word else NOTHING


def options(words: Iterable[Any]) -> list[tuple[str, str]]:
    """(code, label) of vocabulary words, as a list to choose from has them."""
    return [(word.value, label(word)) for word in words]


def file_size(count: int) -> str:
    """Return bytes as KB or MB."""
    return f"{count / 1_048_576:.1f} MB" if count >= 1_048_576 else f"{max(1, round(count / 1024))} KB"


def _unit(count: int, kind: str) -> str:
    if kind == "working":
        return ngettext("%(num)s working day", "%(num)s working days", count)
    return ngettext("%(num)s day", "%(num)s days", count)


def time_left(due: date, today: date, kind: str = "working", cite: str = "") -> Left:
    """Put the time until ``due`` into words; ``kind`` is working or calendar and decides the unit of the count."""
    return _left(str(get_locale()), due, today, kind, cite)


@lru_cache(maxsize=2_000)
def _left(language: str, due: date, today: date, kind: str, cite: str) -> Left:
    """``time_left`` in the language of the page: lists and desks show the same few dozen days again and again."""
    working = kind == "working"
    count = calendar.working_days_until(today, due) if working else (due - today).days
    unit = _unit(abs(count), kind)
    if due < today:
        text, tone = gettext("%(unit)s overdue", unit=unit) if count else gettext("Overdue"), "over"
    elif due == today:
        text, tone = gettext("Due today"), "due"
    else:
        text = gettext("%(unit)s left", unit=unit) if count else gettext("Due %(date)s", date=near_day(due, today))
        tone = "due" if count <= SOON else ""
    note = gettext("holidays not counted") if working else gettext("holidays counted")
    full = gettext("by %(date)s (%(unit)s, %(note)s)", date=near_day(due, today), unit=unit, note=note)
    return Left(text, f"{full} {cite}".strip(), tone)


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """Return the address of a static file, another one for another content, so that browsers may keep it."""
    return url_for("static", filename=name, v=_digest(name))


def begin() -> Markup:
    """What the head of every page begins with: the same for all, written once."""
    kept: dict[str, Markup] = current_app.extensions.setdefault("doudi_begin", {})
    if request.script_root not in kept:
        frame: Any = current_app.jinja_env.get_template("panel/kit/frame.html").module
        kept[request.script_root] = frame.begin()
    return kept[request.script_root]


def init_formats(app: Flask) -> None:
    """Give every template these functions as filters, and ``asset`` and ``time_left`` as they are."""
    for function in (yuan, capitals, day, moment, long_day, full_day, short_day, label, stage_of, file_size, law):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals.update(asset=asset, time_left=time_left, written_begin=begin)
