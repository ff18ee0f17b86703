"""抽查: how many 特困 cases of each township and month the county drew for its own visit, and how many it saw."""

from flask import Blueprint, Flask, render_template, url_for

from policy.calendar import add_months
from views import places
from views.context import actor, figures, today
from views.db import db
from workflows import county_checks

bp = Blueprint("county_checks", __name__, url_prefix="/county-checks")
MONTHS_BACK = 12


@bp.get("/")
def index() -> str:
    """The shares of the last twelve months under the reader, beside the least that the rules ask for."""
    since = add_months(today().replace(day=1), -MONTHS_BACK)
    least = figures().get("tekun.county_check_percent", place=actor().division_code, on=today())
    rows = [
        (share, share.percent >= least.multiple, url_for("benefit.index_view", township=share.township_code,
                                                         scheme="tekun", mark="drawn"))
        for share in county_checks.shares(db.session, actor(), since)
    ]  # fmt: skip
    return render_template("panel/county_checks.html", rows=rows, least=least, where=places.name)


def register(app: Flask) -> None:
    """Add the page of the county's draws."""
    app.register_blueprint(bp)
