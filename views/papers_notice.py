"""The public notices to print: which villages have cases of which scheme on notice, and the notice of each."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from models import Benefit
from policy.division_codes import is_village
from policy.vocabulary import Scheme, Stage
from views import papers_lists, papers_rolls, places
from views.context import actor
from views.db import db
from workflows.actor import scoped


def add_routes(bp: Blueprint) -> None:
    """The address of the notices."""
    bp.add_url_rule("/papers/notice/", "notice", notice)


def notice() -> ResponseReturnValue:
    """Which villages have cases of which scheme on notice; with a place, its notice."""
    if request.args.get("village"):
        return papers_lists.page("notice")
    wide = not is_village(actor().division_code)
    return render_template("papers/places.html", rows=_on_notice(), places=places, wide=wide)


def _on_notice() -> list[tuple[str, Scheme, int]]:
    """Each village and scheme with cases on notice, and how many."""
    query = scoped(select(Benefit.village_code, Benefit.scheme, func.count(Benefit.id)), Benefit, actor())
    query = query.where(Benefit.stage == Stage.NOTICE, Benefit.scheme.in_(papers_rolls.NOTIFIED))
    query = query.group_by(Benefit.village_code, Benefit.scheme).order_by(Benefit.village_code, Benefit.scheme)
    return [(code, scheme, count) for code, scheme, count in db.session.execute(query)]
