"""The public notices there are to print: which villages have cases on notice, and the notice of each."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from models import Benefit
from policy.vocabulary import Stage
from views import papers_lists, places
from views.context import actor
from views.db import db
from workflows.actor import scoped


def add_routes(bp: Blueprint) -> None:
    """The address of the notices."""
    bp.add_url_rule("/papers/notice/", "notice", notice)


def notice() -> ResponseReturnValue:
    """Which villages have cases on notice; with a place, its notice."""
    if request.args.get("village"):
        return papers_lists.page("notice")
    return render_template("papers/places.html", rows=_places_on_notice(), places=places)


def _places_on_notice() -> list[tuple[str, int]]:
    query = scoped(select(Benefit.village_code, func.count(Benefit.id)), Benefit, actor())
    query = query.where(Benefit.stage == Stage.NOTICE).group_by(Benefit.village_code).order_by(Benefit.village_code)
    return [(code, count) for code, count in db.session.execute(query)]
