"""The bundle of a household, for another county: what for is asked and recorded; it holds every number in full."""

from collections.abc import Sequence

from flask import Blueprint, Flask, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from models import Attachment, County, Household
from models.base import reading
from views import bundle_words, labels, places
from views.context import actor, instance, now, today
from views.db import db
from views.panel.scoped import get_or_404
from views.reasons import sentence
from workflows import audit
from workflows.exchange import bundle
from workflows.reason import Reason

bp = Blueprint("bundle", __name__, url_prefix="/household")
LONGEST_PURPOSE = 200
LEAST_PURPOSE = 2


@bp.get("/<id>/bundle/")
def page(id: str) -> ResponseReturnValue:
    """Ask to whom the file of a family goes, and what for."""
    return _page(get_or_404(Household, id))


@bp.post("/<id>/bundle/")
def download(id: str) -> ResponseReturnValue:
    """Record it, then send everything of the family as one zip."""
    home, purpose = get_or_404(Household, id), request.form.get("purpose", "").strip()[:LONGEST_PURPOSE]
    if len(purpose) < LEAST_PURPOSE:
        return _page(home, [sentence(Reason("purpose_missing"))]), 422
    tables = bundle.collect(db.session(), home)
    rows = {table: len(found) for table, found in tables.items() if found}
    told = {"shape": "bundle", "rows": sum(rows.values()), "masked": False}
    audit.record(db.session(), actor(), now(), "export", home, reason=purpose, after=told)
    db.session.commit()
    with reading():
        files = select(Attachment.id, Attachment.stored).where(Attachment.household_id == home.id)
        stored = dict(db.session.execute(files).all())
        made = bundle.bundle(
            tables,
            bundle.roster(db.session(), home, today()),
            _about(purpose),
            instance().uploads,
            stored,
            labels.table,
            bundle_words.column,
            bundle_words.in_words,
        )
        name = gettext("Household file of %(name)s", name=home.head_name)
        db.session.rollback()
    return send_file(
        made, mimetype="application/zip", as_attachment=True, download_name=f"{name}_{now():%Y%m%d}.zip", max_age=0
    )


def _about(purpose: str) -> dict[str, str]:
    county = db.session.scalars(select(County)).one()
    return {
        "county": county.code, "county_name": county.name, "made_at": now().isoformat(), "made_by": actor().name,
        "purpose": purpose,
    }  # fmt: skip


def _page(home: Household, errors: Sequence[str] = ()) -> str:
    return render_template(
        "panel/bundle.html", home=home, errors=errors, where=places.home(home.village_code, home.address),
        longest=LONGEST_PURPOSE, back=url_for("household.page", id=home.id), typed=request.form,
    )  # fmt: skip


def register(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(bp)
