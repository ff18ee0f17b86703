"""The changed families of a batch as a sheet; whoever takes it along says what for, and that is on record."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Flask, Response, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from models import Benefit, Household, Recalculation, RecalculationRow
from models.base import reading
from policy.money import yuan
from views import places
from views.context import actor, now, read_through, today
from views.db import db
from views.export_jobs import XLSX
from views.export_wish import LONGEST_PURPOSE
from views.reasons import sentence
from views.recalculation import batch_or_404, page_with
from views.recalculation_page import OUTCOMES, ROW_STATES
from workflows import audit
from workflows.actor import scoped
from workflows.exchange import files
from workflows.exchange.existing import chunks
from workflows.reason import Reason

bp = Blueprint("recalculation_export", __name__, url_prefix="/recalculation")


@bp.post("/<id>/families")
def download(id: str) -> ResponseReturnValue:
    """Record the export, then send every family of the batch that lies under the reader."""
    batch, form = batch_or_404(id), request.form
    purpose, csv = form.get("purpose", "").strip()[:LONGEST_PURPOSE], form.get("kind") == "csv"
    if len(purpose) < 2:
        return page_with(batch, [sentence(Reason("purpose_missing"))]), 422
    told = {"recalculation": batch.id, "rows": batch.rows, "kind": "csv" if csv else "xlsx"}
    audit.record(db.session, actor(), now(), "export", reason=purpose, table="recalculation", after=told)
    db.session.commit()
    name = f"{gettext('Adjustment to new figures')}{today():%Y%m%d}.{'csv' if csv else 'xlsx'}"
    if csv:
        disposition = f"attachment; filename=\"export.csv\"; filename*=UTF-8''{quote(name)}"
        stream = read_through(files.csv_stream(list(lines(batch))))
        return Response(stream, mimetype="text/csv", headers={"Content-Disposition": disposition})
    with reading():
        made = files.xlsx_file(lines(batch))
        db.session.rollback()
    return send_file(made, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def lines(batch: Recalculation) -> Iterator[Sequence[str]]:
    """Headers, then a line for each family, township after township."""
    yield [
        gettext("Township"), gettext("Village or community"), gettext("Head"), gettext("Case number"),
        gettext("Persons"), gettext("Income a month"), gettext("Now"), gettext("Afterwards"), gettext("Difference"),
        gettext("What changes"), gettext("State"),
    ]  # fmt: skip
    rows = RecalculationRow
    query = scoped(select(rows.id).where(rows.recalculation_id == batch.id), rows, actor()).order_by(rows.id)
    for part in chunks(list(db.session.scalars(query))):
        found = select(rows, Benefit.case_no, Household.head_name).join(Benefit, Benefit.id == rows.benefit_id)
        found = found.join(Household, Household.id == Benefit.household_id).where(rows.id.in_(part)).order_by(rows.id)
        for row, case_no, head in db.session.execute(found):
            yield _line(row, case_no, head)
        db.session.expunge_all()


def _line(row: Any, case_no: str, head: str) -> list[str]:
    income = "" if row.income_month_fen is None else yuan(row.income_month_fen)
    return [
        places.name(row.township_code), places.name(row.village_code), head, case_no, str(row.persons), income,
        yuan(row.before_fen), yuan(row.after_fen), yuan(row.after_fen - row.before_fen), str(OUTCOMES[row.outcome]),
        str(ROW_STATES[row.state]),
    ]  # fmt: skip


def register(app: Flask) -> None:
    """Add the export."""
    app.register_blueprint(bp)
