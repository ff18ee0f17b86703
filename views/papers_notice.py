"""The public notice of a village or township: every case on notice there, and what the public may know of it."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from models import Benefit, Event
from policy import letters
from policy.vocabulary import Action, Scheme, Stage
from views import places
from views.context import actor, now, today
from views.db import db
from views.i18n import CHINESE
from views.panel.masked import WHY
from views.papers_finding import per_capita
from views.papers_text import days_of, row_of, where
from workflows.actor import scoped


def notice() -> ResponseReturnValue:
    """The public notice of a village or township: every case on notice there; without a place, which there are."""
    place = request.args.get("village", "")
    if not place:
        return render_template("papers/places.html", rows=_places_on_notice(), places=places)
    if len(place) not in (9, 12) or place not in places.names() or not place.startswith(actor().division_code):
        abort(404)
    printed = {"case_no": "", "by": actor().name, "at": now()}
    bar = bar_of(url_for("papers.notice"), [])
    with force_locale(CHINESE):
        return render_template(
            "papers/notice.html", bar=bar, printed=printed, groups=_on_notice(place), on=today(), number=None, nth="",
            scheme=letters.FORMAL_NAME[Scheme.DIBAO], name=letters.title_of("notice", Scheme.DIBAO), **where(place),
        )  # fmt: skip


def bar_of(back: str, links: list[tuple[str, str]], ask: str = "") -> Markup:
    """What stands above a paper on the screen, in the language of the reader."""
    return Markup(render_template("papers/bar.html", back_url=back, links=links, ask=ask, why=WHY))


def _on_notice(place: str) -> list[tuple[Any, ...]]:
    """(first day, last day, rows) of the cases on notice in a place, earliest first."""
    column = Benefit.village_code if len(place) == 12 else Benefit.township_code
    query = scoped(select(Benefit, Event).join(Event, Event.benefit_id == Benefit.id), Benefit, actor())
    query = query.where(column == place, Benefit.stage == Stage.NOTICE, Event.action == Action.POST_NOTICE)
    people = joinedload(Benefit.household), joinedload(Benefit.member)
    found = db.session.execute(query.options(*people).order_by(Benefit.village_code, Benefit.id, Event.id)).all()
    latest = {benefit.id: (benefit, event) for benefit, event in found}
    groups: dict[Any, list[Any]] = {}
    incomes = per_capita(event for _, event in latest.values())
    for benefit, event in latest.values():
        groups.setdefault(days_of(event), []).append(row_of(benefit, event, incomes))
    return [(*days, rows) for days, rows in sorted(groups.items(), key=lambda item: item[0])]


def _places_on_notice() -> list[tuple[str, int]]:
    query = scoped(select(Benefit.village_code, func.count(Benefit.id)), Benefit, actor())
    query = query.where(Benefit.stage == Stage.NOTICE).group_by(Benefit.village_code).order_by(Benefit.village_code)
    return [(code, count) for code, count in db.session.execute(query)]
